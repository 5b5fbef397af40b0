#!/usr/bin/env python3
"""The speed from which explain says an offer would enter: written into the scenario, a little more lets it in and a little less does not."""
import json
import os
import random
import subprocess
import tempfile

program = os.environ.get("GPUMIX", "build/release/gpumix")
environment = dict(os.environ, LANG="C.UTF-8", SOURCE_DATE_EPOCH="1795305600")
environment.pop("GPUMIX_LANG", None)
TYPES = """instance_type,family,gpu_model,gpus,gpu_mem_gb,nvlink,vcpu,ram_gb,net_gbps,features,source,confidence
t.small,t,A10-24GB,1,24,no,8,32,16,,test,quoted
t.large,t,L20-48GB,1,48,no,8,32,16,,test,quoted
"""
PRICES = """instance_type,region,zone,market,price,currency,unit,date,source,confidence,hazard_per_h
t.small,cn-hand,,on_demand,%.4f,CNY,h,2026-11-01,test,quoted,
t.large,cn-hand,,on_demand,%.4f,CNY,h,2026-11-01,test,quoted,
"""
SCENARIO = """version: 1
name: entry
horizon: {start: 2026-12-01, length: 3d, step: 1h}
catalog: {builtin: false, instances: [types.csv], prices: [prices.csv]}
workloads:
  job:
    kind: inference_batch
    work: {gpu_hours: %.3f, measured_on: A10-24GB}
    speed: {A10-24GB: 1.0, L20-48GB: %.4f}
    resources: {gpu: [A10-24GB, L20-48GB], gpus_per_worker: 1, gpu_memory: 20GB, max_workers: 12}
    window: {deadline: 60h}
    purchase: [on_demand]
%s"""
LICENCE = """    licence: {name: renderer, per: node, price: ¥1.5/h}
"""
failures = 0


def check(good, what):
    global failures
    if not good:
        failures += 1
        print("FAIL:", what)


def run(*arguments):
    done = subprocess.run([program, *arguments, "--format", "json"], env=environment, capture_output=True, text=True)
    check(done.returncode == 0, " ".join(arguments) + ": " + done.stderr)
    return json.loads(done.stdout)


def uses(path, speed):
    document = run("plan", path, "--quiet", "--runs", "0", "--set", "workloads.job.speed.L20-48GB=%.9f" % speed)
    return any(s["instance_type"] == "t.large" for s in document["timeline"])


with tempfile.TemporaryDirectory() as folder:
    path = folder + "/entry.yaml"
    luck = random.Random(5)
    for case in range(8):
        small, speed = luck.uniform(8, 12), luck.uniform(0.8, 2.5)
        large = small * speed * luck.uniform(1.2, 4)
        licence = case % 2 == 1
        with open(folder + "/types.csv", "w") as f:
            f.write(TYPES)
        with open(folder + "/prices.csv", "w") as f:
            f.write(PRICES % (small, large))
        with open(path, "w") as f:
            f.write(SCENARIO % (luck.uniform(100, 300), speed, LICENCE if licence else ""))
        rows = [r for r in run("explain", path, "--quiet") if r["instance_type"] == "t.large"]
        what = "case %d: %s" % (case, rows)
        check(len(rows) == 1 and rows[0]["state"] == "next" and rows[0]["enters_speed"], what)
        if failures:
            continue
        hour = 1.5 if licence else 0
        told = rows[0]["enters_speed"]
        check(abs(told - (large + hour) / (small + hour)) < 2e-3 * told, what)
        check(uses(path, told * 1.01), what + ": a little faster")
        check(not uses(path, told * 0.99), what + ": a little slower")
raise SystemExit(failures > 0)
