#!/usr/bin/env python3
"""Laws of compare, sweep and budget: what changed adds up, break-even points are where the answer flips, a budget buys what fits."""
import json
import os
import subprocess
import sys
import tempfile

program = os.environ.get("GPUMIX", "build/release/gpumix")
environment = dict(os.environ, LANG="C.UTF-8", SOURCE_DATE_EPOCH="1795305600")
environment.pop("GPUMIX_LANG", None)
SMALL = "tests/golden/data/small.yaml"
TEAMS = "tests/golden/data/budget.yaml"
failures = 0


def check(good, what):
    global failures
    if not good:
        failures += 1
        print("FAIL:", what)


def say(*arguments):
    done = subprocess.run([program, *arguments, "--json", "-q"], env=environment, capture_output=True, text=True)
    check(done.returncode in (0, 1), f"{arguments}: status {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)


def micro(amount):
    return round(amount * 1e6)


def sets(settings):
    return [word for setting in settings for word in ("--set", setting)]


# What changed adds up to the difference, to the micro-unit, in every variant and for every way to buy.
for arguments in ([SMALL], [SMALL, "--purchase", "--break-even", "none"], [TEAMS, "--purchase", "--break-even", "none"],
                  ["scenarios/library/01-train-llm-spot.yaml"], ["scenarios/library/02-finetune-lora.yaml", "--purchase"]):
    answer = say("compare", *arguments, "--planned")
    planned = [variant for variant in answer["variants"] if variant["cost"] is not None]
    base = next(variant for variant in planned if variant["change"] is None)
    check(len(planned) > 1, f"{arguments}: something to compare")
    for variant in planned:
        changed = sum(micro(line["amount"]) for line in answer["changes"] if line["variant"] == variant["variant"])
        check(changed == micro(variant["cost"]) - micro(base["cost"]), f"{arguments}: lines of {variant['variant']}")

# The same scenario twice: nothing differs in any world (common random numbers); worlds do not depend on threads.
same = say("compare", SMALL, "--variants", "base,more-cards", "--set", "quota.A10-24GB=6", "--runs", "200")
check(same["variants"][1]["difference"] == 0 and same["variants"][1]["difference_high"] == 0, "one scenario, no difference")
threads = [say("compare", SMALL, "--purchase", "--break-even", "none", "--runs", "300", "--threads", n) for n in "13"]
check(threads[0] == threads[1], "threads")
for variant in threads[0]["variants"][1:]:
    means = variant["expected"] - threads[0]["variants"][0]["expected"]
    check(abs(variant["difference"] - means) < 1e-5, "the mean of differences is the difference of means")
    check(variant["difference_low"] <= variant["difference"] <= variant["difference_high"], "inside its interval")

# Two saved runs of the same worlds say what comparing them at once says, difference and interval.
with tempfile.TemporaryDirectory() as folder:
    files = [os.path.join(folder, name) for name in ("base.json", "other.json")]
    for file, variant in zip(files, ("base", "no-spot")):
        subprocess.run([program, "simulate", SMALL, "--variant", variant, "--runs", "300", "-q", "--save", file], env=environment,
                       capture_output=True, check=True)
    saved = say("compare", *files)["variants"][1]
    once = say("compare", SMALL, "--variants", "base,no-spot", "--runs", "300", "--break-even", "none")["variants"][1]
    for key in ("difference", "difference_low", "difference_high", "cheaper", "expected", "change"):
        check(saved[key] is not None and saved[key] == once[key], f"saved runs, {key}: {saved[key]} and {once[key]}")

# Break-even points: 0.5 % to either side the answer is another one.
answer = say("compare", SMALL, "--purchase", "--planned", *[w for k in ("spot-price", "reclaims", "deadline") for w in ("--break-even", k)])
ways = {"on-demand": ["workloads.tune.purchase=[on_demand]"], "best mix": [], "spot only": ["workloads.tune.purchase=[spot]"]}
settings = {"spot_price_factor": "simulate.spot_price_factor={:.9f}", "reclaims_per_day": "simulate.interruptions_per_day={:.9f}",
            "deadline_hours": "workloads.tune.window.deadline={:.0f}s"}


def plan_bound(way, setting):
    done = subprocess.run([program, "plan", SMALL, *sets(ways[way] + ["integrality=none", setting]), "--json", "-q"],
                          env=environment, capture_output=True, text=True)
    return json.loads(done.stdout)["summary"].get("bound", float("inf"))


check(len(answer["break_even"]) == 6, f"three points for two ways: {answer['break_even']}")
for point in answer["break_even"]:
    pays = []
    for factor in (0.995, 1.005):
        value = point["value"] * factor * (3600 if point["kind"] == "deadline_hours" else 1)
        setting = settings[point["kind"]].format(value)
        pays.append(plan_bound(point["variant"], setting) < plan_bound("on-demand", setting) * (1 - 1e-6))
    check(pays == ([False, True] if point["kind"] == "deadline_hours" else [True, False]), f"{point}: pays {pays}")

# Owners and months add up to the plan; so does every key of tags; quantiles are in order.
cost = say("plan", TEAMS)["summary"]["cost"]
for by in ("owner", "month", "tag"):
    rows = say("budget", TEAMS, "--by", by, "--runs", "300")
    total = rows[-1]["planned"] if isinstance(rows, list) else rows["budget"][-1]["planned"]
    rows = (rows if isinstance(rows, list) else rows["budget"])[:-1]
    keys = {row["name"].split("=")[0] for row in rows} if by == "tag" else {None}
    for key in keys:
        parts = [row for row in rows if key is None or row["name"].split("=")[0] == key]
        check(sum(micro(row["planned"]) for row in parts) == micro(cost), f"by {by} {key}: planned")
    check(micro(total) == micro(cost), f"by {by}: total")
    check(all(row["p50"] <= row["p90"] for row in rows), f"by {by}: quantiles")

# A budget buys what fits, in order of priority; a larger one buys at least as much.
answers = say("budget", TEAMS, "--buys", "25..500/25")["budgets"]
for before, after in zip([None] + answers, answers):
    check(after["cost"] <= after["budget"], f"{after}: within the budget")
    if before:
        check(after["gpu_h"] >= before["gpu_h"] and (before["priority"] or 99) >= (after["priority"] or 0), f"{before} {after}")
check(answers[-1]["gpu_work_share"] == 1 and micro(answers[-1]["cost"]) == micro(cost), "everything")
bought = say("budget", TEAMS, "--buys", "200")["workloads"]
check(sum(micro(row["cost"]) for row in bought) <= 200e6, "workloads within the budget")
check({row["workload"]: row["share"] == 1 for row in bought}["tune"], "the first in order is bought in full")

# A sweep over one value is the plan; sensitivity moves one number at a time.
point = say("sweep", SMALL, "--over", "workloads.tune.window.deadline=20h", "--planned")["points"][0]
check(point["cost"] == say("plan", SMALL, "--set", "workloads.tune.window.deadline=20h")["summary"]["cost"], "a point is a plan")
for row in say("sweep", "tests/golden/data/uncertain.yaml", "--sensitivity")["sensitivity"]:
    for end in ("low", "high"):
        alone = say("plan", "tests/golden/data/uncertain.yaml", "--set", f"{row['path']}={row[end]}")["summary"]["cost"]
        check(row["cost_" + end] == alone, f"{row['path']} at {end}")

sys.exit(1 if failures else 0)
