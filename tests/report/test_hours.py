#!/usr/bin/env python3
"""Facts by the hour in result files: answer times and blocked starts against textbook formulas, machines needed against the hours of the
perfect autoscaler, and no answer time above the limit that the plan was made for. Needs $GPUMIX."""
import json
import math
import os
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(os.environ["GPUMIX"])
BASE = {**os.environ, "LANG": "C.UTF-8", "SOURCE_DATE_EPOCH": "1795305600"}
failures = []

QUEUE = """version: 1
name: queue
horizon: {start: 2026-12-07, length: 2d, step: 1h}
workloads:
  ask:
    kind: inference_online
    load: {shape: constant, base: 8640/h}
    service: {time: 1.2s, cv: 1, batch: 1, concurrency: 1}
    latency: {p95: 6s, p99: 9s}
    resources: {gpu: [A10-24GB], gpus_per_worker: 1}
    autoscale: {min: 1, max: 60}
    purchase: [on_demand]
"""


def check(good, *what):
    if not good:
        failures.append(what)
        print("FAIL:", *what)


def planned(*arguments):
    done = subprocess.run([PROGRAM, "plan", *arguments, "-q", "--json", "--runs", "0"], capture_output=True, text=True, env=BASE)
    check(done.returncode == 0, arguments, "ends with", done.returncode, done.stderr)
    return json.loads(done.stdout)


def erlang_b(places, load):
    blocked = 1.0
    for n in range(1, places + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked


def late(servers, rate, mu, t):
    """P(wait + service > t) of M/M/c."""
    a = rate / mu
    b = erlang_b(servers, a)
    waits = b / (1 - a / servers * (1 - b))
    theta = servers * mu - rate
    both = (theta * math.exp(-mu * t) - mu * math.exp(-theta * t)) / (theta - mu)
    return (1 - waits) * math.exp(-mu * t) + waits * both, waits * rate / theta


def time_kept(servers, rate, mu, share):
    low, high = 0.0, 1e4
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if late(servers, rate, mu, middle)[0] > share else (low, middle)
    return high


def test_queue(folder):
    path = os.path.join(folder, "queue.yaml")
    open(path, "w", encoding="utf-8").write(QUEUE)
    run = planned(path)
    service = run["services"][0]
    times = service["answer_time"]
    hours = [k for k, value in enumerate(times["mean"]) if value is not None]
    check(hours == list(range(48)), "Monday and Tuesday are planned, hours", hours)
    check(times["late_share"] == 0.01 and times["limit"] == 9, "the strictest limit is the one of p99:", times["late_share"], times["limit"])
    machines = {stretch["machines"] for stretch in run["timeline"]}
    check(len(machines) == 1 and len({stretch["instance_type"] for stretch in run["timeline"]}) == 1, "one pool of one size", machines)
    gpus = run["instance_types"][0]["gpus"]
    servers = int(machines.pop() * gpus)
    mean, waiting = time_kept(servers, 2.4, 1 / 1.2, 0.01), late(servers, 2.4, 1 / 1.2, 0)[1]
    check(abs(times["mean"][0] - mean) < 1e-3, "M/M/c answers within", mean, "not", times["mean"][0], "servers", servers)
    check(abs(times["waiting"][0] - waiting) < 1e-3, "M/M/c has waiting", waiting, "not", times["waiting"][0])


def test_blocked():
    run = planned("tests/golden/data/sessions-left-out.yaml", "--set", "workloads.games.unserved_cost=¥10")
    blocked = run["services"][0]["blocked"]
    places = [n for n in range(1, 60) if abs(erlang_b(n, 5) - blocked["mean"][24]) < 1e-8]
    machines = {stretch["machines"] for stretch in run["timeline"]}
    check(len(places) == 1 and len(machines) == 1 and places[0] % machines.pop() == 0, "Erlang B of whole machines:", blocked["mean"][24])
    check(blocked["limit"] == 0.01, "limit", blocked["limit"])


def test_needed(run, name):
    for service in run["services"]:
        needed = service["needed"]
        hours = sum((piece["to_h"] - piece["from_h"]) * piece["machines"] for piece in needed)
        check(abs(hours - service["perfect_autoscaler_hours"]) < 1e-6 * max(1, hours), name, service["workload"], "needs", hours)
        check(all(a["to_h"] == b["from_h"] for a, b in zip(needed, needed[1:])), name, "has gaps")


def test_limits(run, name):
    """Whole machines carry what the plan is made for within the limit."""
    for service in run["services"]:
        facts = service.get("answer_time", service.get("blocked"))
        worst = max(value for value in facts["sized"] if value is not None)
        check(worst <= facts["limit"] * (1 + 1e-6), name, service["workload"], "takes", worst, "of", facts["limit"])
        pairs = [(a, b) for a, b in zip(facts["mean"], facts["sized"]) if a is not None]
        check(pairs and all(a <= b * (1 + 1e-9) + 1e-9 for a, b in pairs), name, "answers later at less load")


with tempfile.TemporaryDirectory() as scratch:
    test_queue(scratch)
test_blocked()
for scenario in ("03-inference-online", "08-cad-seats"):
    result = planned(f"scenarios/library/{scenario}.yaml")
    test_needed(result, scenario)
    test_limits(result, scenario)
print(f"{len(failures)} failures")
sys.exit(1 if failures else 0)
