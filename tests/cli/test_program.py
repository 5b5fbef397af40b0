#!/usr/bin/env python3
"""The program from outside: results follow their schema and add up, outputs are the same bytes whatever the
surroundings, files are whole or absent, signals end it in order. Needs $GPUMIX; python3-jsonschema where it is there."""
import csv
import ctypes
import io
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
from decimal import Decimal

PROGRAM = os.path.abspath(os.environ["GPUMIX"])
ROOT = pathlib.Path.cwd()
SMALL = "tests/golden/data/small.yaml"
BASE = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "SOURCE_DATE_EPOCH": "1795305600"}
failures = []


def run(*args, env=None, cwd=None, **more):
    return subprocess.run([PROGRAM, *args], capture_output=True, text=True, env={**BASE, **(env or {})}, cwd=cwd,
                          timeout=300, **more)


def check(good, what):
    if not good:
        failures.append(what)
        print("FAIL:", what)


def money(value):
    """JSON numbers keep their decimals as they were printed."""
    return Decimal(value)


def check_result(result, name):
    cost = money(result["summary"]["cost"])
    check(sum(money(line["amount"]) for line in result["ledger"]) == cost, f"{name}: the ledger adds up to the cost")
    check(sum(money(line["cost"]) for line in result["plan"]) == cost, f"{name}: the plan adds up to the cost")
    bound, gap = Decimal(result["summary"]["bound"]), Decimal(result["summary"]["gap"])
    check(bound <= cost * (1 + Decimal("1e-9")), f"{name}: the bound is below the cost")
    check(abs(gap - (cost - bound) / cost) < Decimal("1e-9"), f"{name}: the gap is (cost - bound) / cost")
    hours = sum(Decimal(s["machine_hours"]) + Decimal(s["start_hours"]) for s in result["timeline"])
    check(abs(hours - Decimal(result["summary"]["machine_hours"])) < Decimal("1e-6"), f"{name}: machine-hours add up")
    return cost


def test_results():
    schema = json.loads(run("schema", "result").stdout)
    try:
        import jsonschema
    except ImportError:
        jsonschema = None
        print("without python3-jsonschema results are not checked against their schema")
    for path in [SMALL, *sorted(str(p) for p in pathlib.Path("scenarios/library").glob("*.yaml"))]:
        # The company month takes half a minute for each variant: its base only.
        which = ["--variant", "base"] if "company-month" in path else ["--variant", "all"]
        done = run("plan", path, *which, "--json")
        check(done.returncode in (0, 4), f"{path}: status {done.returncode}\n{done.stderr}")
        if not done.stdout:
            continue
        if jsonschema:
            jsonschema.Draft202012Validator(schema).validate(json.loads(done.stdout))
        rows = list(csv.DictReader(io.StringIO(run("plan", path, *which, "--format", "csv").stdout)))
        told = json.loads(done.stdout, parse_float=str, parse_int=str)
        for result in told.get("variants", [told]):
            variant = result["inputs"]["variant"]
            if "cost" not in result["summary"]:
                check(result["conflicts"], f"{path} {variant}: no plan, so it says what clashes")
                continue
            cost = check_result(result, f"{path} {variant}")
            mine = [row for row in rows if row["variant"] == variant]
            check(sum(Decimal(row["cost"]) for row in mine) == cost, f"{path} {variant}: CSV adds up to the cost")
            for row in mine:
                parts = sum(Decimal(v) for k, v in row.items() if k.startswith("cost_"))
                check(parts == Decimal(row["cost"]), f"{path} {variant}: the parts of a row add up")


def test_same_bytes():
    wanted = run("plan", SMALL, "--json").stdout
    for env in ({"LANG": "zh_CN.UTF-8", "LC_ALL": "zh_CN.UTF-8", "GPUMIX_LANG": "en"}, {"TZ": "Asia/Tokyo"},
                {"LC_ALL": "de_DE.UTF-8"}, {"TERM": "xterm", "NO_COLOR": "1"}, {"LANG": ""}):
        check(run("plan", SMALL, "--json", env=env).stdout == wanted, f"the same bytes with {env}")
    with tempfile.TemporaryDirectory() as folder:
        saved = os.path.join(folder, "run.json")
        run("plan", SMALL, "--save", saved, "--out", os.path.join(folder, "table"))
        check(open(saved).read() == wanted, "--save and --json write the same")
    elsewhere = run("plan", "small.yaml", "--json", cwd="tests/golden/data").stdout
    elsewhere = re.sub(r'"(path|file)": "(\w+\.(?:yaml|csv))"', r'"\1": "tests/golden/data/\2"', elsewhere)
    check(elsewhere == wanted, "the same from another folder")


def test_files_whole_or_absent():
    with tempfile.TemporaryDirectory() as folder:
        target = os.path.join(folder, "t.json")
        pathlib.Path(target).write_text("precious")
        done = run("plan", "tests/golden/data/wrong.yaml", "--format", "csv", "--out", target)
        check(done.returncode == 3, "wrong input is rejected")
        check(pathlib.Path(target).read_text() == "precious", "a failed run leaves the old file")
        check(os.listdir(folder) == ["t.json"], "no temporary files stay")


def test_version():
    done = run("--version")
    lines = done.stdout.splitlines()
    check(re.fullmatch(r"gpumix \d+\.\d+\.\d+ \(\S+\)", lines[0]) is not None, f"version line: {lines[:1]}")
    check("GLPK 5" in lines[1] and "GSL 2" in lines[1] and "jansson 2" in lines[1], "libraries")
    check("GPL-3.0-or-later" in lines[2], "licence")
    check(run("plan", "--version").stdout == done.stdout, "also behind a command")
    utf8proc = ctypes.CDLL("libutf8proc.so.2")  # its package file names another version than the library itself
    utf8proc.utf8proc_version.restype = ctypes.c_char_p
    running = utf8proc.utf8proc_version().decode()
    check(lines[1].endswith(f", utf8proc {running}"), f"utf8proc {running} runs, told is {lines[1]}")


def test_error_pages():
    codes = re.findall(r"^ *(E\d{4}) ", run("help", "errors").stdout, re.MULTILINE)
    check(codes == sorted(codes) and len(codes) > 20, f"every code once, in order: {codes}")
    for code in codes:
        done = run("help", code)
        check(done.returncode == 0 and done.stdout.startswith(code + ": ") and "Why it matters: " in done.stdout,
              f"page of {code}")


def test_help_is_complete():
    commands = re.findall(r"^  (\w+) +\S", run("--help").stdout.split("Commands:")[1].split("Everywhere:")[0], re.MULTILINE)
    check(set(commands) >= {"demo", "validate", "plan", "catalog", "schema", "help"}, f"commands: {commands}")
    for command in commands:
        done = run(command, "--help")
        check(done.stdout == run("help", command).stdout, f"{command} --help and help {command} agree")
        check(done.stdout.index("Examples:") < done.stdout.index("Usage:"), f"{command}: examples come first")


def test_day():
    done = run("help", "units", env={"SOURCE_DATE_EPOCH": "soon"})
    check(done.returncode == 2 and done.stderr ==
          'gpumix: error[E1004]: SOURCE_DATE_EPOCH is "soon", not a number of seconds since 1970\n'
          "  why: another value than the one you meant could be used\n"
          "  fix: unset it, or give for example 1795305600   (see `gpumix help E1004`)\n", done.stderr)


def test_languages():
    english, chinese = run("demo", env={"LANG": "en_US.UTF-8"}), run("--lang", "zh", "demo")
    check(english.returncode == chinese.returncode == 0, "both languages run")
    check("全部按量付费" in chinese.stdout, "labels of variants are Chinese")
    check("完工" in chinese.stdout and "状态" in chinese.stdout, "headings are Chinese without any Chinese locale")
    check(run("--lang=zh", "pln").stderr == 'gpumix: 错误[E1002]: 未知命令"pln"\n  原因: 命令从不缩写,也从不猜测\n'
          "  改法: 是不是想写 plan?   (见 `gpumix help E1002`)\n", "messages are Chinese")
    check(run("demo", env={"LC_ALL": "zh_CN.UTF-8"}).stdout == chinese.stdout, "the environment says Chinese")
    check(run("demo", env={"LC_ALL": "zh_CN.UTF-8", "GPUMIX_LANG": "en"}).stdout == english.stdout, "our variable goes first")
    check(not any(ord(c) > 126 for c in english.stdout), "English output is ASCII")


def test_signals():
    for number in (signal.SIGINT, signal.SIGTERM):
        reader, writer = os.pipe()
        child = subprocess.Popen([PROGRAM, "validate", "-"], stdin=reader, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                 env=BASE, text=True)
        os.close(reader)
        time.sleep(0.3)
        child.send_signal(number)
        time.sleep(0.1)
        os.close(writer)
        _, err = child.communicate(timeout=60)
        check(child.returncode == 128 + number, f"status after {number.name}: {child.returncode}")
        check("gpumix: stopped by a signal; no unfinished output was left behind\n" in err, f"message: {err}")


def test_limits_at_any_moment():
    """Wherever solving is stopped there is a plan, or the word that there is none: never a crash."""
    for ms in (1, 10, 25, 40, 60, 80, 120, 200, 400):
        done = run("plan", "scenarios/library/06-render-farm.yaml", "--time-limit", f"{ms}ms", "--json")
        check(done.returncode in (0, 5), f"status with {ms} ms: {done.returncode}")
        if done.returncode == 5:
            check(json.loads(done.stdout)["summary"]["status"] in ("none", "feasible"), f"words with {ms} ms")


def stderr_of_slow_plan(*options):
    """What a terminal shows on standard error while a plan waits 1.3 s for its scenario."""
    terminal, inner = os.openpty()
    child = subprocess.Popen([PROGRAM, "plan", "-", *options], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                             stderr=inner, env=BASE, cwd="tests/golden/data")
    os.close(inner)
    time.sleep(1.3)
    child.stdin.write(pathlib.Path("tests/golden/data/small.yaml").read_bytes())
    child.stdin.close()
    shown = b""
    while True:
        try:
            piece = os.read(terminal, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    check(child.wait(timeout=60) == 0, "a plan from standard input")
    return shown.decode()


def test_proof_of_standard_input():
    """A plan of standard input is proven like any other; to verify it again its scenario has to be given."""
    scenario = "scenarios/library/09-etl-cpu.yaml"
    with tempfile.TemporaryDirectory() as folder:
        saved = os.path.join(folder, "run.json")
        made = run("plan", "-", "--quiet", "--save", saved, input=pathlib.Path(scenario).read_text(encoding="utf-8"))
        check(made.returncode == 0, f"a plan from standard input is proven: {made.stderr}")
        alone = run("verify", saved, stdin=subprocess.DEVNULL)
        check(alone.returncode == 6 and "the plan was made from standard input, which cannot be read again" in alone.stderr
              and "give the scenario: gpumix verify RUN.json FILE" in alone.stderr, f"verify without its scenario: {alone.stderr}")
        given = run("verify", saved, scenario, "--quiet")
        check(given.returncode == 0, f"verify with its scenario: {given.stderr}")
        other = run("verify", saved, "scenarios/library/04-inference-batch.yaml", "--quiet")
        check(other.returncode == 6, "verify with another scenario")


def test_machines_stand_where_data_lie():
    """A service whose machines are too many for one search holds them all in the region of its dataset."""
    with tempfile.TemporaryDirectory() as folder:
        saved = os.path.join(folder, "run.json")
        run("plan", "scenarios/library/03-inference-online.yaml", "--variant", "load-x2", "--runs", "0", "--quiet", "--save", saved)
        result = json.loads(pathlib.Path(saved).read_text(encoding="utf-8"))
        places = {stretch["region"] for stretch in result["timeline"]}
        check(places == {row["region"] for row in result["datasets"]}, f"machines in {places}")
        verified = run("verify", saved, "--quiet")
        check(verified.returncode == 0, f"load-x2 is proven: {verified.stderr}")


def test_progress():
    shown = stderr_of_slow_plan()
    check(shown.startswith("\rplanning base ... 0.5 s\rplanning base ... 1.0 s"), f"progress on a terminal: {shown!r}")
    check(re.search(r"\r +\r", shown) is not None, f"progress is wiped: {shown!r}")
    check(stderr_of_slow_plan("--quiet") == "", "no progress with --quiet")


def test_demo_leaves_nothing():
    with tempfile.TemporaryDirectory() as folder:
        check(run("demo", env={"TMPDIR": folder}).returncode == 0, "demo in another TMPDIR")
        check(os.listdir(folder) == [], "the demo cleans up")
    done = run("demo", env={"TMPDIR": "/nonexistent"})
    check(done.returncode == 7 and re.fullmatch(
        r'gpumix: error\[E7001\]: "/nonexistent/gpumix-\w+" cannot be written: No such file or directory\n'
        r"  why: a result that is not whole on disk is as good as lost\n"
        r"  fix: set TMPDIR to a folder in which files may be written   \(see `gpumix help E7001`\)\n", done.stderr),
        done.stderr)


def test_demo_kinds():
    for kind in ("training", "finetune", "inference_batch", "render_offline", "etl"):
        check(run("demo", "--kind", kind).returncode == 0, f"demo of {kind}")
        text = run("demo", "--kind", kind, "--print").stdout
        check(f"kind: {kind}" in text and "version: 1" in text, f"scenario of {kind}")


for name, test in list(globals().items()):
    if name.startswith("test_"):
        test()
print(f"{len(failures)} failures")
sys.exit(bool(failures))
