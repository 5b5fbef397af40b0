#!/usr/bin/env python3
"""gpumix doctor: what it says of language, characters, terminal, files, day and prices in surroundings made for it. Needs $GPUMIX."""
import fcntl
import json
import os
import pathlib
import pty
import shutil
import struct
import subprocess
import sys
import tempfile
import termios

PROGRAM = os.path.abspath(os.environ["GPUMIX"])
SMALL = "tests/golden/data/small.yaml"
BASE = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "SOURCE_DATE_EPOCH": "1795305600"}
failures = []


def check(good, what):
    if not good:
        failures.append(what)
        print("FAIL:", what)


def run(*args, program=PROGRAM, **env):
    return subprocess.run([program, "doctor", *args], capture_output=True, text=True, env={**BASE, **env}, timeout=60)


def rows(*args, **more):
    done = run(*args, "--json", **more)
    check(done.returncode == 0, f"{args} {more}: status {done.returncode}\n{done.stderr}")
    return {row["setting"]: row for row in json.loads(done.stdout)}


def expect(row, **wanted):
    for key, value in wanted.items():
        check(row[key] == value, f"{row['setting']}: {key} is {row[key]!r}, not {value!r}")


def test_plain():
    got = rows()
    version = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, env=BASE).stdout.splitlines()
    expect(got["program"], value=version[0], state="ok", **{"from": PROGRAM})
    expect(got["libraries"], value=version[1], state="ok")
    expect(got["language"], value="en", state="ok", **{"from": "LANG=C.UTF-8"})
    expect(got["translations"], state="ok", remark=None)
    expect(got["locale"], value="C.UTF-8", state="ok", remark=None)
    expect(got["gb18030"], value="read", state="ok", **{"from": "iconv"})
    expect(got["terminal"], value="none")
    check(got["terminal"]["remark"] == "no colours are used", f"{got['terminal']}")
    expect(got["processors"], value=str(os.cpu_count()), state="ok")
    check(got["processors"]["remark"] == "worlds are simulated on all of them unless --threads says otherwise", f"{got['processors']}")
    check(float(got["memory_gib"]["value"]) > 0.1, "memory is a number of GiB")
    expect(got["temporary_folder"], value="/tmp", state="ok", **{"from": "default"})
    expect(got["today"], value="2026-11-22", **{"from": "SOURCE_DATE_EPOCH"})
    check(got["today"]["remark"] == "ages of prices are counted to this day", f"{got['today']}")
    expect(got["prices"], state="warning", **{"from": "built in"})
    check(got["prices"]["remark"] == "there are warnings about them, below; `gpumix catalog check` tells more", f"{got['prices']}")


def test_table():
    lines = run().stdout.splitlines()
    labels = "; ".join(line[1:20].split("  ")[0] for line in lines[2:])
    check(labels == "program; libraries; language; translations; characters; files in GB18030; terminal; processors; memory; "
                    "temporary files; today; prices", f"labels are {labels}")
    check("files in GB18030" in labels and "translations" in labels and "processors" in labels, "labels are whole")
    for words in (" are read ", " none ", " default ", " built in ", "0 of them yours"):
        check(any(words in line for line in lines), f"the table says {words!r}")
    day = subprocess.run([PROGRAM, "doctor", "-q"], capture_output=True, text=True,
                         env={k: v for k, v in BASE.items() if k != "SOURCE_DATE_EPOCH"}).stdout
    check(any("today" in line and "(UTC+8)" in line and "clock" in line for line in day.splitlines()), "today is the clock's")


def test_language():
    expect(rows("--lang", "zh", LANG="en_GB.UTF-8")["language"], value="zh-CN", **{"from": "--lang=zh"})
    got = rows(GPUMIX_LANG="en", LANG="xx_YY.UTF-8")
    expect(got["language"], value="en", **{"from": "GPUMIX_LANG=en"})
    expect(got["locale"], value="C.UTF-8", state="ok",
           **{"from": "LANG=xx_YY.UTF-8"})
    check(got["locale"]["remark"] == "that locale is missing here; C.UTF-8 does as well", f"{got['locale']}")
    zh = run("-q", GPUMIX_LANG="zh").stdout
    for words in ("设置项", "语言", "GPUMIX_LANG=zh", "能读", "价格的天数算到这一天为止", "警告"):
        check(words in zh, f"the Chinese table says {words}")


def test_translations_missing(folder):
    alone = folder / "bin" / "gpumix"
    alone.parent.mkdir()
    shutil.copy(PROGRAM, alone)
    got = rows("--lang", "zh", program=str(alone))
    expect(got["translations"], state="warning")
    check(got["translations"]["remark"] == "the file is missing: messages are English whatever is asked for; install gpumix again, or run it where it was built", f"{got['translations']}")
    check(run("--strict", program=str(alone)).returncode == 1, "missing translations fail --strict")


def test_characters(folder):
    """A locale of GB18030, made here: the terminal would not understand UTF-8."""
    made = subprocess.run(["localedef", "--no-archive", "-i", "zh_CN", "-f", "GB18030", str(folder / "zh_CN.GB18030")],
                          capture_output=True) if shutil.which("localedef") else None
    if not (folder / "zh_CN.GB18030").is_dir():
        print("without the sources of locales characters of other kinds are not tested", made.stderr if made else "")
        return
    row = rows(LOCPATH=str(folder), LC_ALL="zh_CN.GB18030", GPUMIX_LANG="en")["locale"]
    expect(row, value="zh_CN.GB18030", state="warning")
    check(row["remark"] == "a terminal of GB18030 shows Chinese as garbage: the program writes UTF-8; set LC_ALL=C.UTF-8", f"{row}")


def test_gb18030_missing(folder):
    """A cheaper converter that does not exist stands for one that was not installed."""
    (folder / "gconv-modules").write_text("module GB18030// INTERNAL missing 0\nmodule INTERNAL GB18030// missing 0\n")
    got = rows(GCONV_PATH=str(folder))
    if got["gb18030"]["state"] == "ok":
        print("this C library finds its converters all the same: their absence is not tested")
        return
    expect(got["gb18030"], value="not read", state="warning")
    check(got["gb18030"]["remark"] == "tables saved by a Chinese spreadsheet need it; install the C library's conversion tables, or save them as UTF-8", f"{got['gb18030']}")
    check(" are not read " in run(GCONV_PATH=str(folder)).stdout, "the table says are not read")


def test_terminal():
    main, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 118, 0, 0))
    child = subprocess.Popen([PROGRAM, "doctor", "-q"], stdout=side, env=BASE)
    os.close(side)
    text = b""
    try:
        while piece := os.read(main, 65536):
            text += piece
    except OSError:
        pass # Linux says so where the other end is closed
    os.close(main)
    check(child.wait() == 0 and b"118 columns" in text, f"the terminal has 118 columns: {text!r}")


def test_folders_and_prices():
    got = rows(TMPDIR="/nonexistent")
    expect(got["temporary_folder"], value="/nonexistent", state="warning", **{"from": "TMPDIR"})
    check(got["temporary_folder"]["remark"] == "nothing can be written there: demo, recommend and xlsx reports need it; set TMPDIR", f"{got['temporary_folder']}")
    done = run(SMALL, "--json", "--strict")
    rows_of_prices = json.loads(done.stdout)[-1]
    expect(rows_of_prices, state="ok", **{"from": SMALL})
    check(rows_of_prices["remark"] == "the newest is 2 days old (2026-11-20)", f"{rows_of_prices}")
    check(done.returncode == 0, f"nothing amiss, status {done.returncode}\n{done.stderr}")
    n = rows_of_prices["value"]
    check(f" {n} rows, {n} of them yours " in run(SMALL).stdout, "rows of one's own are counted")
    check(run("/nonexistent.yaml").returncode == 3, "a scenario that is not there is refused")


with tempfile.TemporaryDirectory() as name:
    top = pathlib.Path(name)
    test_plain()
    test_table()
    test_language()
    test_terminal()
    test_folders_and_prices()
    for number, test in enumerate((test_translations_missing, test_characters, test_gb18030_missing)):
        own = top / str(number)
        own.mkdir()
        test(own)
print("doctor:", "failed" if failures else "as it should")
sys.exit(1 if failures else 0)
