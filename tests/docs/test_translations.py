#!/usr/bin/env python3
"""Every message of the program has its Chinese translation."""
import glob
import os
import subprocess
import sys
import tempfile

MODULES = ("common", "pricing", "scenarios", "proof", "solver", "sim", "report", "cli")
sources = sorted(path for module in MODULES for path in glob.glob(f"{module}/*.[ch]"))
with tempfile.TemporaryDirectory() as folder:
    template, merged = os.path.join(folder, "all.pot"), os.path.join(folder, "merged.po")
    subprocess.run(["xgettext", "-k_", "-kN_", "-kngettext:1,2", "--from-code=UTF-8", "-o", template, *sources],
                   check=True, stderr=subprocess.DEVNULL)
    subprocess.run(["msgmerge", "-q", "--no-fuzzy-matching", "-o", merged, "po/zh_CN.po", template], check=True)
    subprocess.run(["msgfmt", "-c", "-o", os.devnull, merged], check=True)
    missing = subprocess.run(["msgattrib", "--untranslated", "--no-obsolete", "--no-wrap", merged], check=True, text=True,
                             capture_output=True).stdout
faults = [line for line in missing.splitlines() if line.startswith(("#:", "msgid "))][1 if missing else 0:]
print("\n".join(faults) if faults else f"{len(sources)} files")
print("po/zh_CN.po lacks the messages above" if faults else "", end="")
sys.exit(1 if faults or not sources else 0)
