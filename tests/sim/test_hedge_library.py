#!/usr/bin/env python3
"""What docs/policies.md says of hedge: in simulate it decides like greedy_safety, so on the scenarios of the library that have deadlines it costs
the same in every world and is late in the same ones; and in a replay it is never late where on-demand from the first tick is not."""
import json
import os
import random
import subprocess
import sys
import tempfile

PROGRAM = os.environ["GPUMIX"]
WITH_DEADLINES = ["01-train-llm-spot", "02-finetune-lora", "04-inference-batch", "06-render-farm", "12-cae-cluster"]
faults = []


def run(*arguments):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(arguments)}: {done.stderr}")
    return json.loads(done.stdout)


def simulated(name, policy):
    return run("simulate", f"scenarios/library/{name}.yaml", "--runs", "200", "--policy", policy, "--json")["simulation"]


def library():
    met = 0
    for name in WITH_DEADLINES:
        hedge, greedy = (simulated(name, policy) for policy in ("hedge", "greedy_safety"))
        on_demand = simulated(name, "on_demand")
        met += on_demand["cost"] != greedy["cost"]
        for key in ("cost", "late", "finish"):
            if key in greedy and hedge[key] != greedy[key]:
                faults.append(f"{name}: {key} by hedge {hedge[key]}, by greedy_safety {greedy[key]}")
    if met < 2:
        faults.append(f"policies make a difference in {met} scenarios only")


def trace(luck, ticks):
    """Spells with and without spot, of a mean length drawn for each."""
    taken, ends = [], (luck.uniform(2, 40), luck.uniform(2, 40))
    now = 0
    for _ in range(ticks):
        taken.append(now)
        now = now if luck.random() > 1 / ends[now] else 1 - now
    return "taken\n" + "".join(f"{x}\n" for x in taken)


def replays():
    """On-demand from the first tick is in time when work and one start fit into the deadline, with a tick for what is billed whole."""
    luck, dearer, total = random.Random(2385), 0.0, 0.0
    for case in range(25):
        work, restart = luck.randint(6, 30), luck.choice([1, 5, 10, 25])
        deadline = work + luck.choice([1, 2, 5, 12, 30])
        with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
            file.write(trace(luck, deadline * 6 + 1))
            file.flush()
            rows = run("replay", "--trace", file.name, "--meaning", "taken", "--step", "10min", "--work", f"{work}h", "--deadline", f"{deadline}h",
                       "--restart", f"{restart}min", "--on-demand-price", "3", "--spot-price", "1", "--json")["summary"]
        by = {row["policy"]: row for row in rows}
        if by["on_demand"]["missed"] == 0 and by["hedge"]["missed"] != 0:
            faults.append(f"case {case}: work {work} h, deadline {deadline} h, restart {restart} min: hedge is late")
        if by["hedge"]["cost_mean"] < by["hindsight"]["cost_mean"] - 1e-9:
            faults.append(f"case {case}: hedge costs less than hindsight")
        dearer += by["hedge"]["cost_mean"]
        total += by["greedy_safety"]["cost_mean"]
    if dearer > 1.02 * total:
        faults.append(f"hedge costs {dearer:.2f} on random traces, greedy_safety {total:.2f}")
    print(f"random traces: hedge {dearer:.2f}, greedy_safety {total:.2f}")


library()
replays()
print("\n".join(faults))
sys.exit(bool(faults))
