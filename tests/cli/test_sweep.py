#!/usr/bin/env python3
"""A sweep that is killed and started again gives the same bytes as one that never was; so does any number of threads."""
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time

program = os.environ.get("GPUMIX", "build/release/gpumix")
environment = dict(os.environ, LANG="C.UTF-8", SOURCE_DATE_EPOCH="1795305600")
environment.pop("GPUMIX_LANG", None)
N_POINTS = 6 * 7
SWEEP = [program, "sweep", "tests/golden/data/small.yaml",
         "--over", "workloads.tune.work.gpu_hours=20..45/5", "--over", "workloads.tune.window.deadline=6h..30h/4h", "--format", "csv"]
failures = 0


def check(good, what):
    global failures
    if not good:
        failures += 1
        print("FAIL:", what)


def run(*arguments, **settings):
    return subprocess.run(SWEEP + list(arguments), env=environment, capture_output=True, text=True, **settings)


def content(path):
    with open(path, "rb") as file:
        return file.read()


def lines_of(path):
    try:
        return content(path).count(b"\n")
    except FileNotFoundError:
        return 0


def number_in(text, words):
    """The number that begins the line with these words."""
    return next((line.split()[1] for line in text.splitlines() if words in line), "no")


def started(path, *arguments):
    """A sweep that has done some points."""
    process = subprocess.Popen(SWEEP + ["--out", path, "--threads", "1"] + list(arguments), env=environment,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while lines_of(path + ".part") < 5 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    return process


with tempfile.TemporaryDirectory() as folder:
    whole = os.path.join(folder, "whole.csv")
    done = run("--out", whole)
    check(done.returncode == 0 and done.stdout == "", f"a whole sweep: {done}")
    check(content(whole).count(b"\n") == N_POINTS + 1, "a line for every point")
    check(not os.path.exists(whole + ".part"), "the checkpoint goes when the answer is written")
    check(b",infeasible,CNY,," in content(whole) and b"_gap,CNY,6" in content(whole), "points without a plan stop nothing")
    for threads in ("1", "2", "5"):
        check(run("--threads", threads).stdout.encode() == content(whole), f"{threads} threads")

    for number, how in enumerate((signal.SIGKILL, signal.SIGINT, signal.SIGTERM)):
        path = os.path.join(folder, f"killed-{number}.csv")
        process = started(path)
        process.send_signal(how)
        said = process.communicate()[1]
        if process.returncode == 0:
            print(f"note: the sweep was done before {how.name} came")
            continue
        check(not os.path.exists(path), f"{how.name}: no half answer")
        check(os.path.exists(path + ".part"), f"{how.name}: the checkpoint stays")
        if how != signal.SIGKILL:
            check(process.returncode == 128 + how, f"{how.name}: status {process.returncode}")
            n = number_in(said, "points are kept")
            check(f"gpumix: {n} of {N_POINTS} points are kept in {path}.part; the same command goes on from there\n" in said, said)
        again = run("--out", path)
        n = number_in(again.stderr, "points taken")
        check(f"gpumix: {n} of {N_POINTS} points taken from {path}.part\n" in again.stderr, f"{how.name}: {again.stderr}")
        check(content(path) == content(whole), f"{how.name}: the same bytes")

    path = os.path.join(folder, "torn.csv")
    process = started(path)
    process.kill()
    process.communicate()
    if os.path.exists(path + ".part"):
        with open(path + ".part", "ab") as file:
            file.write(b"41\toptimal\t1\t1\t5")
        with open(path + ".part", "rb+") as file:  # a figure that was changed behind its back
            changed = content(path + ".part").replace(b"gap\t1\t1\t", b"gap\t1\t1\t9", 1)
            file.write(changed)
        run("--out", path)
        check(content(path) == content(whole), "torn and changed lines are not used")

    path = os.path.join(folder, "other.csv")
    with open(path + ".part", "w") as file:
        file.write("gpumix-sweep-1 of another sweep\n7\toptimal\n")
    other = run("--out", path)
    check(f"gpumix: {path}.part is of other inputs; the sweep begins anew\n" in other.stderr, other.stderr)
    check(content(path) == content(whole), "a checkpoint of other inputs is not used")

    def small_disk():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))

    path = os.path.join(folder, "full.csv")
    full = subprocess.run(SWEEP + ["--out", path], env=environment, capture_output=True, text=True, preexec_fn=small_disk)
    check(full.returncode == 7, f"a disk that becomes full: {full.returncode}")
    check(f'gpumix: error[E7001]: "{path}.part" cannot be written\n' in full.stderr, full.stderr)
    check(not os.path.exists(path), "a full disk: no half answer")

sys.exit(1 if failures else 0)
