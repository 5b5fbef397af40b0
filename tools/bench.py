#!/usr/bin/env python3
"""Plans ready-made scenarios, every variant, and reports time and memory of each.

    tools/bench.py PROGRAM SCENARIO...

Each variant is planned in a process of its own, three times; the fastest time and the largest memory
count. Then worlds per second of simulation and jobs per second of replays, on one thread and on all. Ends with status 1 when a plan takes longer
than 0.5 s or more than 100 MB, or worlds take longer than in SIMULATED or replays than in REPLAYED.
"""
import os
import random
import re
import subprocess
import sys
import tempfile
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


# Scenario, worlds, seconds they may take on two processors.
SIMULATED = [("01-train-llm-spot.yaml", 10000, 2.0), ("06-render-farm.yaml", 10000, 10.0),
             ("10-company-month.yaml", 2000, 20.0)]


def worlds_per_second(program, path, worlds, threads):
    """Of simulation alone, without planning; the faster of two runs."""
    best = 0.0
    for _ in range(2):
        done = subprocess.run([program, "simulate", path, "--runs", str(worlds), "--threads", str(threads),
                               "--verbose", "--format", "csv"], capture_output=True, text=True, check=False)
        found = re.search(r"(\d+) worlds in ([\d.]+) s", done.stderr)
        if found:
            best = max(best, int(found.group(1)) / max(float(found.group(2)), 0.01))
    return best


def bench_worlds(program, paths):
    """Prints a line per scenario; how many were too slow."""
    slow, many = 0, os.cpu_count() or 1
    print(f"\n{'worlds':<34}{'worlds/s':>10}{'one thread':>12}{'speed-up':>10}  {many} processors")
    for name, worlds, limit in SIMULATED:
        for path in [p for p in paths if os.path.basename(p) == name]:
            one = worlds_per_second(program, path, worlds // 4, 1)
            all_of_them = worlds_per_second(program, path, worlds, many)
            over = worlds > limit * all_of_them
            slow += over
            print(f"{name:<34}{all_of_them:>10,.0f}{one:>12,.0f}{all_of_them / max(one, 1):>10.2f}"
                  f"  {worlds} in {worlds / max(all_of_them, 1):.2f} s" + ("  over the limit" if over else ""))
    return slow


REPLAY_TERMS = ["--meaning", "available", "--step", "600s", "--work", "48h", "--deadline", "70h", "--restart", "0.2h",
                "--on-demand-price", "3.06", "--spot-price", "0.9731"]
# Policies, windows, least jobs per second on all processors.
REPLAYED = [("on_demand,greedy_safety,uniform_progress", 20000, 30000), ("hedge", 2000, 300), ("hindsight", 500, 0)]


# Jobs a second of the public Python simulator of these policies, measured on one core.
PYTHON = (28, 57)


def replay_files(folder, windows):
    """A trace of spells of random lengths, and windows all over it."""
    rng, ticks, available = random.Random(7), [], 1
    while len(ticks) < 20000:
        ticks += [available] * max(1, int(rng.paretovariate(0.9)))
        available = 1 - available
    trace, places = os.path.join(folder, "trace.csv"), os.path.join(folder, "windows.csv")
    with open(trace, "w", encoding="utf-8") as out:
        out.write("available\n" + "".join(f"{tick}\n" for tick in ticks))
    with open(places, "w", encoding="utf-8") as out:
        out.write("window_id,start_tick,ticks\n")
        out.write("".join(f"{i},{rng.randrange(len(ticks) - 420)},420\n" for i in range(windows)))
    return ["--trace", trace, "--windows", places]


def bench_replay(program):
    """Jobs (a window under a policy) per second of the whole command, with reading and writing; how many were too slow."""
    slow, many = 0, os.cpu_count() or 1
    print(f"\n{'replay':<42}{'jobs/s':>10}{'one thread':>12}{'speed-up':>10}  {many} processors")
    with tempfile.TemporaryDirectory() as folder:
        for policies, windows, least in REPLAYED:
            command = [program, "replay", *replay_files(folder, windows), *REPLAY_TERMS, "--policies", policies]
            jobs = windows * len(policies.split(","))
            one, all_of_them = (jobs / min(measure(command + ["--threads", str(threads)])[0] for _ in range(2))
                                for threads in (1, many))
            slow += all_of_them < least
            print(f"{policies:<42}{all_of_them:>10,.0f}{one:>12,.0f}{all_of_them / one:>10.2f}"
                  + ("  below the limit" if all_of_them < least else ""))
    print(f"{'the public Python simulator, one core':<42}{f'{PYTHON[0]} - {PYTHON[1]}':>10}")
    return slow


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
    slow += bench_worlds(program, paths)
    slow += bench_replay(program)
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
