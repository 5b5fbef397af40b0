#!/usr/bin/env python3
"""Pages of docs/reference that the program writes are those of this program, and say of every key what it means."""
import os
import re
import subprocess
import sys

program = os.environ.get("GPUMIX", "build/release/gpumix")
faults = []
for page in ("scenario", "result"):
    for language in ("", ".zh-CN"):
        name = f"docs/reference/{page}{language}.md"
        text = open(name, encoding="utf-8").read()
        keys = re.findall(r"^\| (\*?`.*?`\*?) \|.*\| *(.*?) *\|$", text, re.M)
        if len(keys) < 50:
            faults.append(f"{name}: only {len(keys)} keys were found")
        faults += [f"{name}: {key} has no meaning" for key, meaning in keys if not meaning]
print("\n".join(faults))
status = subprocess.run([sys.executable, "tools/docs.py", "--check", program]).returncode
sys.exit(status or bool(faults))
