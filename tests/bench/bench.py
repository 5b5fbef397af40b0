#!/usr/bin/env python3
"""Solves synthetic scenarios of many jobs in up to six sizes and gives the same programs to other solvers.

    tests/bench/bench.py PROGRAM [SIZE...]        default: S SM M L XL XXL library

Prints CPU seconds (user and system, reading included) and peak memory of gpumix by each method, and of CLP and GLPK, where they
are installed, on the exported plain program and on the program of classes and buses; then the ratios. Of S, SM and the scenarios of the library
also what checking takes against the rest of a plan: reading, solving and saving. Every run is stopped after
BENCH_LIMIT_S (120) seconds of CPU, GLPK is not tried on what CLP did not end in time, and what would be larger than 3 million columns is not written.
Needs up to 1 GB of room in the temporary folder.
"""
import glob
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
LIMIT_S = int(os.environ.get("BENCH_LIMIT_S", "120"))
# Size: how gpumix is run (name, options), and whether the plain and the smaller program are given to others.
RUNS = {
    "S": ([("columns", []), ("prices", ["--gap", "0.1%"])], True, True),
    "SM": ([("columns", []), ("prices", ["--gap", "0.1%"])], True, True),
    "M": ([("columns", []), ("prices", ["--gap", "0.5%"])], False, True),
    "L": ([("prices", ["--gap", "0.5%"]), ("prices", ["--gap", "0.1%"])], False, False),
    "XL": ([("prices", ["--gap", "0.5%"])], False, False),
    "XXL": ([("prices", ["--gap", "1%"]), ("prices", ["--gap", "0.4%"]), ("prices", ["--gap", "1%", "--format", "csv"])], False, False),
}

CHECKED, LIBRARY = ("S", "SM"), "library"
# In a process of its own: what this one takes counts as the least memory of those it starts.
UNCHECK = """import json, sys
run = json.load(open(sys.argv[1], encoding="utf-8"))
run["certificate"]["unchecked"] = "to measure what reading takes"
json.dump(run, open(sys.argv[2], "w", encoding="utf-8"))
"""


def limit_cpu():
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_S, LIMIT_S + 5))


def measure(command):
    """CPU seconds, peak megabytes, exit status and the end of the output of one run."""
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, preexec_fn=limit_cpu)
        _, status, usage = os.wait4(child.pid, 0)
        out.seek(-min(out.tell(), 1 << 20), os.SEEK_END)
        text = out.read().decode("utf-8", "replace")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status), text


def say(size, who, what, run, note):
    seconds, megabytes, status, _ = run
    done = f"{seconds:>9.2f} s" if status >= 0 else f"> {seconds:>7.0f} s"
    print(f"{size:<5}{who:<10}{what:<34}{done}{megabytes:>9.0f} MB  {note}", flush=True)


def gpumix(program, size, scenario, method, options):
    run = measure([program, "plan", scenario, "--method", method, *options])
    gap = re.search(r"Gap [\d.]+%", run[3])
    say(size, "gpumix", " ".join(["by", method, *options]), run, run[3][-200:] if run[2] else gap.group(0) if gap else "")
    return run


def objective(text):
    found = re.findall(r"Optimal objective\s+([-\d.e+]+)", text) or re.findall(r"obj =\s+([-\d.e+]+)", text)
    return found[-1] if found else ""


def others(size, what, path):
    """CPU seconds of each other solver, and whether it ended in time."""
    times, ended = {}, {}
    for name, command in [("clp", ["clp", path, "-dualsimplex"]), ("glpk", ["glpsol", "--freemps", path])]:
        if not shutil.which(command[0]):
            print(f"{size:<5}{name:<10}{what:<34}not installed")
            continue
        run = measure(command)
        say(size, name, what, run, objective(run[3]))
        times[name] = run[0]
        ended[name] = run[2] >= 0
        if not ended[name]:
            break
    return times, ended


def checking(program, size, scenario, folder):
    """The check alone is `verify` less `verify` of a run that says it is unchecked: that is refused once the inputs are read."""
    path, without = os.path.join(folder, "run.json"), os.path.join(folder, "unchecked.json")
    made = min(measure([program, "plan", scenario, "--save", path, "--format", "csv", "--out", os.devnull]) for _ in range(3))
    subprocess.run([sys.executable, "-c", UNCHECK, path, without], check=True)
    verified = min(measure([program, "verify", path]) for _ in range(3))
    read = min(measure([program, "verify", without]) for _ in range(3))
    say(size, "gpumix", "plan --save", made, "")
    say(size, "gpumix", "verify", verified, "" if verified[2] == 0 else verified[3][-200:])
    check = max(0.0, verified[0] - read[0])
    print(f"{size:<5}checking {check:.2f} s; checking / solving: {check / max(made[0] - check, 0.01):.2f}", flush=True)


def bench(program, size, folder):
    subprocess.run([sys.executable, os.path.join(HERE, "make_scenario.py"), size, folder], check=True)
    scenario, (runs, plain, smaller) = os.path.join(folder, "scenario.yaml"), RUNS[size]
    own = [gpumix(program, size, scenario, method, options) for method, options in runs]
    if size in CHECKED:
        checking(program, size, scenario, folder)
    for what, wanted, method in [("plain program", plain, "prices"), ("classes and buses", smaller, "columns")]:
        if not wanted:
            continue
        path = os.path.join(folder, "program.mps")
        made = measure([program, "plan", scenario, "--method", method, "--gap", "50%", "--export-lp", path,
                        "--format", "csv", "--out", os.devnull])
        if made[2] != 0 or not os.path.exists(path):
            print(f"{size:<5}{what}: not written")
            continue
        times, ended = others(size, what, path)
        for name, seconds in times.items():
            more = "" if ended[name] else "more than "
            print(f"{size:<5}{name} on the {what} takes {more}{seconds / own[0][0]:.1f} times as long as gpumix by {runs[0][0]}", flush=True)
        os.unlink(path)


def main():
    program, sizes = sys.argv[1], sys.argv[2:] or [*RUNS, LIBRARY]
    for path in sorted(glob.glob("scenarios/library/*.yaml")) if LIBRARY in sizes else []:
        with tempfile.TemporaryDirectory() as folder:
            checking(program, os.path.basename(path)[:2], path, folder)
    sizes = [size for size in sizes if size != LIBRARY]
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            bench(program, size, folder)


if __name__ == "__main__":
    main()
