#!/usr/bin/env python3
"""The command that is named where nothing fits ends with a plan. Needs $GPUMIX; reads the expectations of tests/invalid and tests/golden."""
import glob
import os
import shlex
import subprocess
import sys

PROGRAM = os.path.abspath(os.environ["GPUMIX"])
ENVIRONMENT = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "SOURCE_DATE_EPOCH": "1795305600"}
commands = set()
for path in glob.glob("tests/invalid/*/expected") + glob.glob("tests/golden/*/expected"):
    for line in open(path, encoding="utf-8"):
        if line.startswith(("Try:  gpumix plan ", "试试:  gpumix plan ")) and "$tmp" not in line:
            commands.add(line.split("  ", 1)[1])
failures = 0
for command in sorted(commands):
    words = shlex.split(command)
    if not os.path.exists(words[2]):
        continue  # a file that its case made
    done = subprocess.run([PROGRAM, *words[1:], "-q"], capture_output=True, text=True, env=ENVIRONMENT, timeout=300)
    if done.returncode != 0:
        failures += 1
        print(f"FAIL: {command.strip()}: status {done.returncode}\n{done.stdout}{done.stderr}")
print(len(commands), "commands")
sys.exit(1 if failures or len(commands) < 10 else 0)
