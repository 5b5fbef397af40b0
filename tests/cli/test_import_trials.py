#!/usr/bin/env python3
"""Imports under hostile conditions: a full disk, a limit on the size of files, a signal, others that import at once, a book
that cannot be written, links. Nothing of the book is ever lost and nothing is left behind. Needs $GPUMIX."""
import json
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import time

PROGRAM = os.path.abspath(os.environ["GPUMIX"])
BASE = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "SOURCE_DATE_EPOCH": "1795305600"}
TYPE = "ecs.gn7i-c8g1.2xlarge"
failures = []


def check(good, what):
    if not good:
        failures.append(what)
        print("FAIL:", what)


def answer(zone, hours):
    samples = [{"InstanceType": TYPE, "ZoneId": zone, "NetworkType": "vpc", "SpotPrice": 3.2 + h % 7 / 100, "OriginPrice": 9.53,
                "Timestamp": f"2026-10-{1 + h // 24 % 30:02d}T{h % 24:02d}:{h // 720:02d}:00Z"} for h in range(hours)]
    return json.dumps({"Currency": "CNY", "SpotPrices": {"SpotPriceType": samples}})


def files_of(folder):
    return {p.name: p.read_bytes() for p in pathlib.Path(folder).iterdir()} if os.path.isdir(folder) else {}


def run(folder, *args, **more):
    return subprocess.run([PROGRAM, "catalog", "import", *args], capture_output=True, text=True, env=BASE, cwd=folder,
                          timeout=300, **more)


def fresh(folder):
    """A book with one zone in it, and the answer for another."""
    for zone, hours in (("cn-shanghai-b", 48), ("cn-shanghai-e", 20000)):
        pathlib.Path(folder, zone + ".json").write_text(answer(zone, hours))
    check(run(folder, "cn-shanghai-b.json").returncode == 0, "a book to begin with")
    return files_of(os.path.join(folder, "book"))


def unchanged(folder, before, what):
    check(files_of(os.path.join(folder, "book")) == before, f"{what}: the book is as before, nothing is left behind")


def test_size_limit(folder):
    """The limit on the size of files stands for a full disk; without room there may be a tmpfs of 256 KiB, too."""
    before = fresh(folder)
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200000, 200000))
    done = run(folder, "cn-shanghai-e.json", preexec_fn=limit)
    check(done.returncode == 7, f"status when a file may not grow: {done.returncode}")
    check('error[E7001]: "book/history.csv" cannot be written: File too large\n' in done.stderr, f"message: {done.stderr}")
    unchanged(folder, before, "a file that may not grow")
    done = run(folder, "cn-shanghai-e.json", "--book", "new", preexec_fn=limit)
    check(done.returncode == 7 and not os.path.exists(os.path.join(folder, "new")), "no book is made")
    check(run(folder, "cn-shanghai-e.json").returncode == 0, "with room it works")


def test_full_disk(folder):
    disk = os.path.join(folder, "book")
    os.mkdir(disk)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "none", disk], capture_output=True).returncode != 0:
        print("a full disk is not tried: no right to mount one")
        return
    try:
        before = fresh(folder)
        done = run(folder, "cn-shanghai-e.json")
        check(done.returncode == 7 and "No space left on device" in done.stderr, f"full disk: {done.returncode} {done.stderr}")
        unchanged(folder, before, "a full disk")
    finally:
        subprocess.run(["umount", disk], check=True)


def test_signals(folder):
    before = fresh(folder)
    text = pathlib.Path(folder, "cn-shanghai-e.json").read_text()
    for number in (signal.SIGINT, signal.SIGTERM):
        child = subprocess.Popen([PROGRAM, "catalog", "import", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, env=BASE, cwd=folder, text=True)
        child.stdin.write(text[:len(text) // 2])
        child.stdin.flush()
        time.sleep(0.3)
        child.send_signal(number)
        time.sleep(0.1)
        _, err = child.communicate(text[len(text) // 2:], timeout=60)
        check(child.returncode == 128 + number, f"status after {number.name}: {child.returncode}")
        check(err == "gpumix: stopped by a signal; no unfinished output was left behind\n", f"message: {err}")
        unchanged(folder, before, number.name)


def test_at_once(folder):
    """Several imports into one book, there or not: what each brought is there in the end."""
    zones = [f"cn-shanghai-{letter}" for letter in "abcdefg"]
    for zone in zones:
        pathlib.Path(folder, zone + ".json").write_text(answer(zone, 2000))
    for book, there in (("old", True), ("new", False)):
        if there:
            check(run(folder, zones[0] + ".json", "--book", book).returncode == 0, "the first import")
        children = {zone: subprocess.Popen([PROGRAM, "catalog", "import", zone + ".json", "--book", book], env=BASE, cwd=folder,
                                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for zone in zones}
        for zone, child in children.items():
            _, err = child.communicate(timeout=120)
            if child.returncode != 0 and not there:  # the book appeared since it was read
                check('error[E7001]: another import has made "new" meanwhile\n' in err, f"{zone}: {err}")
                check("fix: run this import again: it will add to what is there" in err, f"{zone}: {err}")
                check(run(folder, zone + ".json", "--book", book).returncode == 0, f"{zone}: again")
            else:
                check(child.returncode == 0, f"{zone} at once with others: {err}")
        history = pathlib.Path(folder, book, "history.csv").read_text()
        for zone in zones:
            check(history.count(f",{zone},") == 2000, f"{book}: {history.count(f',{zone},')} samples of {zone}")
        check(sorted(os.listdir(os.path.join(folder, book))) == ["history.csv", "prices.csv"], f"{book}: files")


def test_no_right(folder):
    before = fresh(folder)
    os.chmod(os.path.join(folder, "book"), 0o555)
    if os.access(os.path.join(folder, "book"), os.W_OK):
        print("a book that cannot be written is not tried: this user may write everywhere")
    else:
        done = run(folder, "cn-shanghai-e.json")
        check(done.returncode == 7 and 'error[E7001]: "book/' in done.stderr, f"no right: {done.stderr}")
        unchanged(folder, before, "no right to write")
    os.chmod(os.path.join(folder, "book"), 0o755)


def test_links(folder):
    fresh(folder)
    os.symlink("book", os.path.join(folder, "link"))
    check(run(folder, "cn-shanghai-e.json", "--book", "link").returncode == 0, "through a link")
    check(os.path.islink(os.path.join(folder, "link")), "the link stays one")
    book = files_of(os.path.join(folder, "book"))
    check(book["history.csv"].count(b"\n") == 20050, "the book behind it has both zones")
    os.rename(os.path.join(folder, "book", "history.csv"), os.path.join(folder, "far.csv"))
    os.symlink("../far.csv", os.path.join(folder, "book", "history.csv"))
    pathlib.Path(folder, "more.json").write_text(answer("cn-shanghai-g", 10))
    check(run(folder, "more.json").returncode == 0, "a table that is a link")
    check(pathlib.Path(folder, "far.csv").read_bytes().count(b"\n") == 20060, "is written where it lies")
    check(os.path.islink(os.path.join(folder, "book", "history.csv")), "and stays a link")
    os.symlink("nowhere", os.path.join(folder, "dangling"))
    done = run(folder, "more.json", "--book", "dangling")
    check(done.returncode == 7 and not os.path.exists(os.path.join(folder, "nowhere")), f"a link to nowhere: {done.stderr}")
    done = run(folder, "more.json", "--book", "more.json")
    check(done.returncode == 3 and "Not a directory" in done.stderr, f"a file for a folder: {done.stderr}")


for test in (test_size_limit, test_full_disk, test_signals, test_at_once, test_no_right, test_links):
    with tempfile.TemporaryDirectory() as folder:
        test(folder)
print(f"{len(failures)} failures")
sys.exit(1 if failures else 0)
