#!/usr/bin/env python3
"""Examples in the pages run as written and print what the pages show (pages.py). Pages that add code are built by
test_recipes.py.

    tests/docs/test_examples.py [--accept]     --accept rewrites outputs that differ: read the diff
"""
import glob
import os
import sys

import pages

program = os.environ.get("GPUMIX", "build/release/gpumix")
accept = "--accept" in sys.argv
faults, n = [], 0
for page in sorted(glob.glob("docs/**/*.md", recursive=True)) + glob.glob("README*.md"):
    text = pages.read(page)
    if pages.is_recipe(text) or "```console" not in text:
        continue
    n += 1
    faults += pages.check(page, program, accept)
print("\n".join(faults) if faults else f"{n} pages")
sys.exit(1 if faults or n == 0 else 0)
