#!/usr/bin/env python3
"""The backtests of docs/spot-models.md are what tools/backtest-spot.sh prints today. Skipped, saying so, where the public data are absent."""
import os
import subprocess
import sys

DATA = "../shared/data"
PROGRAM = os.environ.get("GPUMIX", "build/release/gpumix")

if not os.path.isdir(f"{DATA}/spot_price"):
    print("the public spot data are not there")
    sys.exit(77)

printed = subprocess.run(["tools/backtest-spot.sh", PROGRAM, DATA], capture_output=True, text=True, check=True).stdout
page = open("docs/spot-models.md", encoding="utf-8").read()
rows, backtest = 0, False
for line in printed.replace("\\_", "_").split("\n"):
    if line.startswith("### "):
        backtest = line.startswith("### Backtest")
    cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
    if not backtest or len(cells) != 11 or cells[0] == "model of" or cells[0].startswith("---"):
        continue
    rows += 1
    of = cells[0].split()
    wanted = " | ".join((of if len(of) == 2 else []) + cells[1:9] + [cells[10]]) + " |"
    if wanted not in page:
        print(f"docs/spot-models.md has no row of {cells[0]}: {wanted}")
        sys.exit(1)
print(f"{rows} rows")
sys.exit(0 if rows >= 40 else 1)
