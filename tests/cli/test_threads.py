#!/usr/bin/env python3
"""What works in parallel prints the same bytes for 1, 2, 3 and 7 threads; with RACES=1 a build with ThreadSanitizer finds no race in it."""
import os
import subprocess
import sys

GPUMIX = os.environ["GPUMIX"]
RACES = os.environ.get("RACES") == "1"
SMALL, MIXED = "tests/golden/data/small.yaml", "tests/sim/data/jobs/mixed.yaml"
REPLAY = ["replay", "--trace", "tests/golden/data/replay/trace.csv", "--windows", "tests/golden/data/replay/windows.csv", "--meaning", "available",
          "--step", "1h", "--work", "4h", "--deadline", "8h", "--restart", "30min", "--on-demand-price", "3", "--spot-price", "1"]
PURCHASE = ["compare", SMALL, "--purchase", "-q"]
DEADLINES = ["sweep", SMALL, "--over", "workloads.tune.window.deadline=14h,18h,20h,24h,30h"]
# Commands that take --threads; the others use every processor, as many as the machine lets them (taskset makes it one).
THREADED = [["simulate", MIXED, "--runs", "300", "--format", "json"],
            ["simulate", MIXED, "--runs", "64", "--policy", "uniform_progress", "--format", "json"],
            ["simulate", "tests/sim/data/service/service.yaml", "--runs", "70", "--format", "json"],
            [*PURCHASE, "--runs", "120", "--break-even", "none", "--format", "json"],
            [*REPLAY, "--format", "json"]]
ALL_CORES = [[*DEADLINES, "--frontier", "p90,late", "--runs", "100", "--format", "json"],
             ["sweep", "tests/golden/data/uncertain.yaml", "--sensitivity", "--format", "json"],
             [*PURCHASE, "--planned", "--break-even", "spot-price", "--format", "json"],
             ["budget", SMALL, "--runs", "100", "--format", "json"]]
ENVIRONMENT = {**os.environ, "SOURCE_DATE_EPOCH": "1795305600", "TSAN_OPTIONS": "exitcode=66"}


def printed(command):
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, check=False)
    if b"ThreadSanitizer" in done.stderr:
        sys.exit(f"{' '.join(command)}:\n{done.stderr.decode()}")
    if not done.stdout or done.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)}: status {done.returncode}\n{done.stderr.decode()}")
    return done.stdout


faults = []
for arguments in THREADED:
    seen = {threads: printed([GPUMIX, *arguments, "--threads", threads]) for threads in ("1", "2", "3", "7")}
    faults += [f"{' '.join(arguments)}: {threads} threads print something else than 1"
               for threads, text in seen.items() if text != seen["1"]]
for arguments in ALL_CORES:
    alone = printed(["taskset", "-c", "0", GPUMIX, *arguments])
    if printed([GPUMIX, *arguments]) != alone:
        faults.append(f"{' '.join(arguments)}: one processor prints something else than all")
print("\n".join(faults) if faults else f"{len(THREADED) + len(ALL_CORES)} commands{', no race' if RACES else ''}")
sys.exit(1 if faults else 0)
