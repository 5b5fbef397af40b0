#!/usr/bin/env python3
"""Writes a synthetic month of GPU work as job lists, with price tables of its own, in one of six sizes.

    tests/bench/make_scenario.py SIZE FOLDER [--seed N] [--limits]

SIZE is S, SM, M, L, XL or XXL: 50 jobs in 24 hours up to a million jobs in 720. Forty instance types (ten GPU models
with 1, 2, 4 or 8 GPUs) in three zones and five markets; stock that changes every few hours and is short where it is
cheap; jobs of many shapes; streams of work that is due hour by hour. The same size and seed give the same files.
--limits gives a third of the jobs a parallel limit. Prints the numbers of rows and of shapes.
"""
import argparse
import math
import os
import random

# jobs, hours, workloads (each with several shapes), streams due by the hour
SIZES = {"S": (50, 24, 5, 3), "SM": (150, 72, 8, 6), "M": (500, 168, 15, 12), "L": (5000, 168, 38, 30),
         "XL": (50000, 720, 50, 60), "XXL": (1000000, 720, 50, 100)}
MODELS = ["P4-8GB", "T4-16GB", "A10-24GB", "V100-32GB", "A100-40GB", "L20-48GB", "A800-80GB", "H100-80GB",
          "H20-141GB", "MI308X-192GB"]
PRICES = [3.7, 5.6, 7.1, 21.4, 19.2, 13.0, 25.7, 48.2, 62.3, 49.7]  # CNY per GPU and hour
SPEEDS = [0.16, 0.28, 0.32, 0.42, 0.88, 0.62, 1.0, 2.4, 2.9, 2.6]
GPUS = [1, 2, 4, 8]
ZONES = ["bench-1a", "bench-1b", "bench-1c"]
SHARES = ["30%", "50%", "80%", "100%"]
LENGTHS = [3, 6, 12, 24, 48, 96]
ORIGIN = "2026-12-01"


def moment(hour):
    return f"{ORIGIN[:8]}{1 + hour // 24:02d} {hour % 24:02d}:00" if hour < 31 * 24 else None


def write(folder, name, header, rows):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
        out.write(header + "\n")
        out.writelines(rows)


def make_workloads(rng, n):
    """Per workload: speed of each GPU model that may run it, and the markets it may use."""
    made = []
    for _ in range(n):
        bend, scale = rng.uniform(0.55, 1.1), math.exp(0.3 * rng.gauss(0, 1))
        speeds = {}
        while not 1 <= len(speeds) <= 6:
            speeds = {m: round(scale * SPEEDS[m] ** bend * math.exp(0.18 * rng.gauss(0, 1)), 3)
                      for m in range(10) if rng.random() < 0.42}
        markets = ["on_demand", "savings_plan", "subscription"]
        if rng.random() < 0.6:
            markets.append("autoscaled")
        if rng.random() < 0.7:
            markets.append("spot")
        made.append({"speeds": speeds, "markets": markets, "restart": rng.randint(2, 10),
                     "lost": rng.randint(4, 20), "lengths": [rng.choice(LENGTHS) for _ in range(3)]})
    return made


def job(rng, w, hours):
    """Release, deadline and work of one job; most are released by day."""
    release = rng.randrange(hours - 2)
    while rng.random() > 0.55 + 0.45 * math.sin((release % 24 - 8) * 0.2618):
        release = rng.randrange(hours - 2)
    length = min(rng.choice(w["lengths"]), hours // 2)
    work = min(math.exp(1.1 * rng.gauss(0, 1) + 1.6), 400)
    work *= (0.3 + 0.7 * max(w["speeds"].values())) * min(1, length / 8 + 0.3)
    return release, min(release + length, hours), round(work, 3) + 0.05


def make_jobs(rng, size, workloads, limits):
    """Rows of every workload's list, and the load each GPU model would carry if it were the cheapest everywhere."""
    jobs, hours, n, streams = SIZES[size]
    load = [0.0] * 10
    cheapest = [min(w["speeds"], key=lambda m, w=w: PRICES[m] / w["speeds"][m]) for w in workloads]
    weights = [1 / (1 + i) ** 0.7 for i in range(n)]
    lists, work = [[] for _ in range(n)], 0.0
    picks = rng.choices(range(n), weights, k=jobs)
    for i, k in enumerate(picks):
        w = workloads[k]
        release, due, amount = job(rng, w, hours)
        share = rng.choice(SHARES) if "spot" in w["markets"] else ""
        most = f",{rng.choice([8, 16, 32])}" if limits and i % 3 == 0 else "," if limits else ""
        lists[k].append(f"job-{i:07d},{amount:.3f},{moment(release)},{due - release}h,{share}{most}\n")
        work += amount
        load[cheapest[k]] += amount / w["speeds"][cheapest[k]]
    mean = 0.35 * work / hours / streams
    for v in range(streams):
        k, base, phase = v % n, mean * rng.uniform(0.4, 1.6) + 0.5, rng.uniform(0, 24)
        share = "40%" if "spot" in workloads[k]["markets"] else ""
        for t in range(hours):
            need = base * (1 + 0.6 * math.sin((t - phase) * 0.2618)) * math.exp(0.08 * rng.gauss(0, 1))
            need = round(need + 1.2 * math.sqrt(need), 3)
            lists[k].append(f"stream-{v:03d}-{t:03d},{need},{moment(t)},1h,{share}{',' if limits else ''}\n")
            load[cheapest[k]] += need / workloads[k]["speeds"][cheapest[k]]
    return lists, [x / hours for x in load]


def make_supply(rng, hours, load):
    """Types, prices and stock. One type of each model has no stock limit on demand, so that there is always a plan."""
    instances, prices, stock, everything = [], [], [], sum(load)
    for m, model in enumerate(MODELS):
        offered = {(g, z) for g in range(4) for z in range(3) if rng.random() < 0.45} | {(3, m % 3)}
        base, hazard = 0.75 * load[m] + 0.05 * everything + 2, f"{rng.uniform(0.01, 0.06):.3f}"
        for g, gpus in enumerate(GPUS):
            if not any((g, z) in offered for z in range(3)):
                continue
            name = f"bench.m{m}.{gpus}x"
            memory = int(model.split("-")[1][:-2])
            instances.append(f"{name},bench-m{m},{model},{gpus},{memory},yes,{16 * gpus},{128 * gpus},32,,2026,bench,quoted,\n")
            price = PRICES[m] * gpus * [1.12, 1.06, 1.02, 1.0][g] * rng.uniform(0.98, 1.02)
            month = price * rng.uniform(0.58, 0.66) * 720
            for market, amount, unit in [("on_demand", price, "h"), ("savings_plan", price * rng.uniform(0.68, 0.78), "h"),
                                         ("subscription", month, "month")]:
                prices.append(f"{name},bench-1,,{market},{amount:.4f},CNY,{unit},2026,bench,quoted,,,,\n")
            for z, zone in enumerate(ZONES):
                if (g, z) not in offered:
                    stock.append(f"{moment(0)},{name},{zone},0\n")
                    continue
                if (g, z) == (3, m % 3):
                    continue
                spot = price * min(0.95, max(0.15, rng.uniform(0.28, 0.55)))
                prices.append(f"{name},bench-1,{zone},spot,{spot:.4f},CNY,h,2026,bench,quoted,{hazard},,,\n")
                mean, t = base / len(offered) / gpus, 0
                while t < hours:
                    stock.append(f"{moment(t)},{name},{zone},{round(2.2 * mean * rng.uniform(0.3, 1.5) + 0.3)}\n")
                    t += rng.randint(1, 6)
    return instances, prices, stock


def scenario(size, workloads, limits):
    hours = SIZES[size][1]
    text = [f"# Made by tests/bench/make_scenario.py {size}.", "version: 1", f"name: bench-{size.lower()}", "currency: CNY",
            f"horizon: {{start: {ORIGIN}, length: {hours}h, step: 1h}}",
            "catalog:", "  builtin: false", f"  regions: [{', '.join(ZONES)}]", "  instances: [instances.csv]",
            "  prices: [prices.csv]", "stock: {from_csv: stock.csv}", "integrality: none", "workloads:"]
    for k, w in enumerate(workloads):
        speeds = ", ".join(f"{MODELS[m]}: {s}" for m, s in sorted(w["speeds"].items()))
        text += [f"  w{k:02d}:", "    kind: inference_batch", f"    work: {{from_csv: jobs-{k:02d}.csv, measured_on: A10-24GB}}",
                 f"    speed: {{{speeds}}}",
                 f"    resources: {{gpu: [{', '.join(MODELS[m] for m in sorted(w['speeds']))}], gpus_per_worker: 1}}",
                 f"    purchase: [{', '.join(w['markets'])}]", "    spot: {protection: none}",
                 f"    interruption: {{tolerant: true, lost_per_hit: {w['lost']}min, restart: {w['restart']}min}}"]
    return "\n".join(text) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("size", choices=SIZES)
    parser.add_argument("folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limits", action="store_true")
    args = parser.parse_args()
    rng = random.Random(f"{args.size}-{args.seed}")
    os.makedirs(args.folder, exist_ok=True)
    workloads = make_workloads(rng, SIZES[args.size][2])
    lists, load = make_jobs(rng, args.size, workloads, args.limits)
    instances, prices, stock = make_supply(rng, SIZES[args.size][1], load)
    write(args.folder, "instances.csv",
          "instance_type,family,gpu_model,gpus,gpu_mem_gb,nvlink,vcpu,ram_gb,net_gbps,features,date,source,confidence,note", instances)
    write(args.folder, "prices.csv",
          "instance_type,region,zone,market,price,currency,unit,date,source,confidence,hazard_per_h,offered,checked,note", prices)
    write(args.folder, "stock.csv", "start,name,place,available", stock)
    for k, rows in enumerate(lists):
        write(args.folder, f"jobs-{k:02d}.csv", "id,gpu_hours,start,deadline,spot_max_share" + (",max_workers" if args.limits else ""), rows)
    with open(os.path.join(args.folder, "scenario.yaml"), "w", encoding="utf-8") as out:
        out.write(scenario(args.size, workloads, args.limits))
    print(f"{args.size}: {sum(map(len, lists))} rows, {len(workloads)} workloads, {len(stock)} rows of stock")


if __name__ == "__main__":
    main()
