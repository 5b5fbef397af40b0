#!/usr/bin/env python3
"""Plans ready-made scenarios, every variant, and reports time and memory of each.

    tools/bench.py PROGRAM SCENARIO...

Each variant is planned in a process of its own, three times; the fastest time and the largest memory
count. Ends with status 1 when one takes longer than 0.5 s or more than 100 MB.
"""
import os
import subprocess
import sys
import time

LIMIT_S, LIMIT_MB, RUNS = 0.5, 100.0, 3


def measure(command):
    """Seconds, peak resident megabytes and exit status of one run."""
    start = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    return time.monotonic() - start, usage.ru_maxrss / 1024.0, os.waitstatus_to_exitcode(status)


def variants(program, path):
    done = subprocess.run([program, "plan", path, "--list-variants"], capture_output=True, text=True, check=True)
    return done.stdout.split()


def main():
    program, paths = sys.argv[1], sys.argv[2:]
    slow = 0
    print(f"{'scenario':<34}{'variant':<22}{'seconds':>9}{'MB':>8}  status")
    for path in paths:
        for variant in variants(program, path):
            runs = [measure([program, "plan", path, "--variant", variant, "--json"]) for _ in range(RUNS)]
            seconds, megabytes, status = min(r[0] for r in runs), max(r[1] for r in runs), runs[0][2]
            over = seconds > LIMIT_S or megabytes > LIMIT_MB
            slow += over
            print(f"{os.path.basename(path):<34}{variant:<22}{seconds:>9.3f}{megabytes:>8.1f}  {status}"
                  + ("  over the limit" if over else ""))
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
