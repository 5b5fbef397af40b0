#!/usr/bin/env python3
"""init, recommend and explain from outside: what they write is valid and can be planned, nothing is overwritten, the
questions are asked on a terminal and nowhere else. Needs $GPUMIX."""
import json
import os
import pathlib
import pty
import re
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(os.environ["GPUMIX"])
BASE = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "SOURCE_DATE_EPOCH": "1795305600", "TERM": "dumb"}
SERVICES = {"inference_online", "render_realtime", "cad", "dev"}
failures = []


def run(*args, cwd=None, stdin=subprocess.DEVNULL):
    return subprocess.run([PROGRAM, *args], capture_output=True, text=True, env=BASE, cwd=cwd, timeout=120, stdin=stdin)


def check(good, what):
    if not good:
        failures.append(what)
        print("FAIL:", what)


def check_scenario(path, name, service=False):
    """Valid, without terms that nobody asked for, and a plan comes of it. Returns the markets it buys machines on."""
    markets = re.findall(r"^    purchase: \[(.*?)\]", pathlib.Path(path).read_text(), re.M)
    check(markets and not any("subscription" in m for m in markets), f"{name}: purchase of {markets}")
    done = run("validate", path, "--quiet")
    said = done.stdout + done.stderr
    if service and "E3130" in said:
        print(f"{name}: services are not planned yet, so it is checked against the field tables only")
        codes = set(re.findall(r"error\[(E\d+)\]", said))
        check(codes == {"E3130"}, f"{name}: no other error\n{said}")
        return
    check(done.returncode == 0, f"{name}: valid\n{said}")
    done = run("plan", path, "--json", "--quiet")
    check(done.returncode == 0, f"{name}: planned\n{done.stderr}")
    if done.returncode == 0:
        summary = json.loads(done.stdout)["summary"]
        check(summary["status"] in ("optimal", "within_gap") and summary["cost"] > 0, f"{name}: {summary}")
        return {row["market"].replace("_unprotected", "") for row in json.loads(done.stdout)["plan"] if row["market"]}
    return set()


def check_same_markets(bought, advice, name):
    """The line that says what to buy names the markets of the plan, and no others but what is left for when it is late."""
    said = {market for market in ("spot", "subscription", "autoscaled") if advice.startswith(market)} or {"on_demand"}
    check(bought and said <= bought, f"{name}: the plan buys {bought}, recommended is \"{advice}\"")
    check("subscription" not in bought and "subscription" not in advice, f"{name}: a term that nobody allowed")


def test_init(folder):
    listed = json.loads(run("init", "--list", "--json").stdout)
    check(len(listed) == 9, "nine kinds are listed")
    ready = [row["kind"] for row in listed if row["scenario"]]
    check({"training", "finetune", "inference_batch", "render_offline", "etl"} <= set(ready), f"batch kinds: {ready}")
    for kind in ready:
        done = run("init", "--kind", kind, cwd=folder)
        check(done.returncode == 0, f"init {kind}\n{done.stderr}")
        path = folder / kind / "scenario.yaml"
        before = path.read_bytes()
        check_scenario(str(path), f"init {kind}", kind in SERVICES)
        again = run("init", "--kind", kind, cwd=folder)
        check(again.returncode == 2 and "E1020" in again.stderr, f"init {kind} a second time")
        check(path.read_bytes() == before, f"init {kind} left the file alone")


LISTS = {
    "frames": ("render_offline", "Shot,Frames,Sec Per Frame,due,prio\na,100,61.5,2026-12-04 18:00,1\nb,30,7,2026-12-05,2\n"),
    "hours": ("inference_batch", "job,gpu_hours\nx,13.5\ny,2\n"),
    "gangs": ("training", "id,gpu_hours,workers\nx,13.5,2\ny,2,1\n"),
    "cpu": ("etl", "task,vcpu-hours,start,deadline\nx,130,2026-03-01,2026-03-05\ny,20,2026-03-02 06:00,2026-03-06\n"),
    "images": ("inference_batch", "id,images\nx,130\ny,20\n"),
    "chinese": ("render_offline", "shot,frames,sec_per_frame,备注\n镜头一,130,9,好\n镜头二,20,8,\n"),
}


def test_init_from(folder):
    for name, (kind, text) in LISTS.items():
        source = folder / f"{name}.csv"
        source.write_text(text)
        target = folder / f"from-{name}"
        done = run("init", str(target), "--from", str(source))
        check(done.returncode == 0, f"init --from {name}\n{done.stderr}")
        check((target / "data" / source.name).read_text() == text, f"{name}: the list is copied byte for byte")
        check(f"kind: {kind}\n" in (target / "scenario.yaml").read_text(), f"{name}: kind {kind}")
        check_scenario(str(target / "scenario.yaml"), f"init --from {name}")


ANSWERS = [
    "--kind training --interruptible --parameters 7B",
    "--kind training --not-interruptible --gpu-memory 80GB",
    "--tensor --large --batch --interruptible --gpu-memory 24GB",
    "--tensor --small --batch --not-interruptible --gpu-memory 8GB",
    "--kind finetune --interruptible --gpu-memory 16GB",
    "--kind inference_batch --interruptible --parameters 70B",
    "--graphics encode --interruptible --gpu-memory 4GB",
    "--graphics offline --not-interruptible --gpu-memory 12GB",
    "--graphics offline --interruptible --gpu-memory 40GB",
    "--no-tensor --interruptible",
    "--no-tensor --not-interruptible",
    "--tensor --large --online --gpu-memory 20GB",
    "--graphics realtime --gpu-memory 6GB",
    "--graphics cad --gpu-memory 12GB",
    "--kind dev --gpu-memory 8GB",
]


def test_break_even(folder):
    """Where the reasons say that a subscription does not pay, the plan that may buy one does not; where they say that it can
    pay, the plan buys it for what is always there."""
    for flags, pays in (("--graphics cad --gpu-memory 12GB", False), ("--tensor --large --online --gpu-memory 20GB", True)):
        path = folder / f"allowed-{pays}.yaml"
        done = run("recommend", *flags.split(), "--write", str(path), "--json", "--quiet")
        reason = next(row["text"] for row in json.loads(done.stdout) if row["name"] == "break-even")
        check(("no subscription" in reason) != pays, f"{flags}: {reason}")
        path.write_text(re.sub(r"^    purchase: \[autoscaled, on_demand\]", "    purchase: [autoscaled, on_demand, subscription]",
                               path.read_text(), flags=re.M))
        plan = json.loads(run("plan", str(path), "--json", "--quiet").stdout)
        bought = sum(c["count"] for c in plan["commitments"])
        check((bought > 0) == pays, f"{flags}: {bought} subscribed, \"{reason}\"")
        for c in plan["commitments"]:
            check(c["count"] > 0 or c["one_more_used"] <= c["break_even"], f"{flags}: {c}")


ABROAD = ["ap-southeast-1", "eu-central-1", "us-east-1", "cn-hongkong", "ap-northeast-1", "us-west-1"]


def test_abroad(folder):
    """Regions whose storage the book has no price for: the file says whose price it takes, and a plan comes of it."""
    for region in ABROAD:
        path = folder / f"abroad-{region}.yaml"
        done = run("recommend", "--kind", "training", "--interruptible", "--gpu-memory", "14GB", "--region", region,
                   "--write", str(path), "--json", "--quiet")
        check(done.returncode == 0, f"recommend in {region}\n{done.stderr}")
        names = [row["name"] for row in json.loads(done.stdout) if row["item"] == "pitfall"]
        marked = path.read_text().count("EDIT: no price is known there")
        check(("storage-price" in names) == (marked > 0), f"{region}: {names}, {marked} prices of the mainland")
        check_scenario(str(path), f"recommend in {region}")


def test_recommend(folder):
    for number, flags in enumerate(ANSWERS):
        path = folder / f"answer-{number}.yaml"
        done = run("recommend", *flags.split(), "--write", str(path), "--json", "--quiet")
        check(done.returncode == 0, f"recommend {flags}\n{done.stderr}")
        rows = json.loads(done.stdout)
        advice = {row["name"]: row["text"] for row in rows if row["item"] == "advice"}
        costs = [row["per_work"] for row in rows if row["item"] == "candidate"]
        check(costs and costs == sorted(costs), f"{flags}: cheapest first")
        bought = check_scenario(str(path), f"recommend {flags}", advice["kind"] in SERVICES)
        check_same_markets(bought, advice["market"], f"recommend {flags}")
        again = run("recommend", *advice["same_as"].split()[2:], "--json", "--quiet")
        check(again.stdout == done.stdout, f"{flags}: the flags it names give the same answer")
        twice = run("recommend", *flags.split(), "--write", str(path))
        check(twice.returncode == 2 and "E1020" in twice.stderr, f"{flags}: nothing is overwritten")


REGIONS = [["cn-shanghai"], ["cn-shenzhen-d"], ["cn-beijing", "cn-hangzhou-h"]]


def test_regions(folder):
    """What is written keeps to the places that were asked for."""
    for number, places in enumerate(REGIONS):
        flags = ["--kind", "inference_online", "--gpu-memory", "12GB"]
        flags += [word for place in places for word in ("--region", place)]
        path = folder / f"region-{number}.yaml"
        done = run("recommend", *flags, "--write", str(path), "--json", "--quiet")
        check(done.returncode == 0, f"recommend {flags}\n{done.stderr}")
        advice = {row["name"]: row["text"] for row in json.loads(done.stdout) if row["item"] == "advice"}
        again = run("recommend", *advice["same_as"].split()[2:], "--json", "--quiet")
        check(advice["same_as"].split()[2:] == flags and again.stdout == done.stdout, f"same as: {advice['same_as']}")
        check(f"\ncatalog: {{regions: [{', '.join(places)}]}} " in path.read_text(), f"regions {places}")
        check_scenario(str(path), f"recommend in {places}", True)
        plan = run("plan", str(path), "--quiet").stdout
        used = set(re.findall(r"\bcn-[a-z0-9-]+", plan))
        check(used and all(any(u.startswith(p) or p.startswith(u) for p in places) for u in used), f"{places}: {used}")


def remarks(*flags):
    rows = json.loads(run("recommend", *flags, "--json", "--quiet").stdout)
    return {row["name"]: row for row in rows if row["item"] in ("pitfall", "reason")}


def test_pitfalls():
    check("104 GB" in remarks("--kind", "training", "--interruptible", "--parameters", "7B")["a10-cannot-train"]["text"],
          "7B needs 104 GB")
    check("a10-cannot-train" not in remarks("--kind", "training", "--interruptible", "--parameters", "1B"), "1B fits")
    t4 = remarks("--kind", "inference_batch", "--not-interruptible", "--gpu-memory", "12GB")["t4-dearer"]["text"]
    prices = json.loads(run("catalog", "gpus", "--class", "infer_small", "--json").stdout)
    figures = {row["gpu"]: row["on_demand_per_gpu_h"] / row["speed"] for row in prices if row["speed"]}
    check(f"{figures['A10-24GB']:.2f}" in t4, f"the A10 of the book is named: {t4}")
    check("t4-dearer" not in remarks("--kind", "inference_batch", "--not-interruptible", "--gpu-memory", "20GB"),
          "a T4 that does not fit is no pitfall")
    check("oss-under-farm" in remarks("--graphics", "offline", "--interruptible", "--gpu-memory", "24GB"), "OSS")
    check("compute-cards" in remarks("--graphics", "encode", "--interruptible", "--gpu-memory", "4GB"), "NVENC")
    check("cpu-real-time" in remarks("--tensor", "--large", "--online", "--gpu-memory", "20GB"), "CPU in real time")


def talk(answers, *args):
    """Runs the program on a terminal of its own and types the answers."""
    child, terminal = pty.fork()
    if child == 0:
        os.execve(PROGRAM, [PROGRAM, *args], BASE)
    os.write(terminal, answers.encode())
    said = b""
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:
            break
        if not part:
            break
        said += part
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said.decode()


def test_questions():
    status, said = talk("y\nnone\ny\nn\ny\n80\n", "recommend", "--quiet")
    check(status == 0 and "A100-80GB" in said, f"answers are taken\n{said}")
    check("gpumix recommend --tensor --large --batch --interruptible --gpu-memory 80GB" in said, f"same as\n{said}")
    status, said = talk("maybe\nn\ny\n", "recommend", "--quiet")
    check(status == 0 and "Please answer y or n" in said and "CPU" in said, f"asked again\n{said}")
    status, said = talk("y\n\x04", "recommend", "--quiet")
    check(status == 2 and "E1022" in said, f"end of input\n{said}")
    status, said = talk("", "recommend", "--no-input")
    check(status == 2 and "E1022" in said and "[y/n]" not in said, f"--no-input asks nothing\n{said}")


def test_explain():
    rows = json.loads(run("explain", "scenarios/library/06-render-farm.yaml", "--json", "--quiet").stdout)
    names = ("price", "waiting", "rework", "checkpoint", "licence", "disk")
    for row in rows:
        if row["state"] not in ("chosen", "next"):
            continue
        total = sum(row[f"{name}_part"] for name in names)
        check(abs(total - row["cost_per_work"]) < 1e-9 * total, f"parts add up: {row}")
    check(rows[0]["state"] == "chosen", "the chosen one stands first")
    later = [row["cost_per_work"] for row in rows if row["state"] == "next"]
    check(later == sorted(later), "the rest by cost")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        test_init(folder)
        test_init_from(folder)
        test_recommend(folder)
        test_break_even(folder)
        test_abroad(folder)
        test_regions(folder)
    test_pitfalls()
    test_questions()
    test_explain()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
