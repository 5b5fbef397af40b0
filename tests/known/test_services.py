#!/usr/bin/env python3
"""Services with a known optimum, planned through scenario files and catalogues of their own: a published mix of two GPU types,
mixes for a measured stream of requests, and the level of a reserved fleet for a measured load. Needs $GPUMIX. The last two are
computed elsewhere from public data; without them only the first is tested."""
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(os.environ["GPUMIX"])
HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parents[1] / ".." / "shared" / "data"
ENVIRONMENT = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "dumb"}
SKIPPED = 77
failures = []

SCENARIO = """version: 1
name: known
currency: CNY
horizon: {{start: 2026-12-01, length: {length}, step: {step}}}
catalog:
  builtin: false
  regions: [cn-shenzhen]
  instances: [instances.csv]
  prices: [prices.csv]
workloads:
  served:
    kind: inference_online
    load: {load}
    service: {{profile: profile.csv}}
    {mix}
    resources: {{gpu: [{gpus}], gpus_per_worker: 1}}
    autoscale: {{cold_start: 0s, cooldown: 0s}}
    purchase: [{purchase}]
"""
TYPES = "instance_type,family,gpu_model,gpus,gpu_mem_gb,nvlink,vcpu,ram_gb,net_gbps,features,source,confidence\n"
PRICES = "instance_type,region,zone,market,price,currency,unit,date,source,confidence,checked\n"


def check(good, what):
    if not good:
        failures.append(what)
        print("FAIL:", what)


def near(value, expected, share, what):
    check(abs(value - expected) <= share * max(1, abs(expected)), f"{what}: {value!r}, not {expected!r}")


def plan(path):
    done = subprocess.run([PROGRAM, "plan", str(path), "--json", "--quiet"], capture_output=True, text=True,
                          env=ENVIRONMENT, timeout=120)
    if done.returncode != 0:
        raise SystemExit(f"{path}: exit {done.returncode}\n{done.stderr}")
    result = json.loads(done.stdout)
    check(result["summary"]["status"] in ("optimal", "within_gap"), f"{path}: {result['summary']}")
    return result


def machines(result):
    """Machine-hours by instance type and market."""
    hours = {}
    for row in result["plan"]:
        if row["part"] == "compute" and row["unit"] == "machine-h":
            key = (row["instance_type"], row["market"])
            hours[key] = hours.get(key, 0) + row["quantity"]
    return hours


def rows(*path):
    with open(DATA.joinpath(*path), encoding="utf-8") as source:
        return list(csv.DictReader(source))


def write_rows(path, header, table):
    path.write_text("\n".join([header, *(",".join(map(str, row)) for row in table)]) + "\n")


def type_rows(gpus):
    return TYPES + "".join(f"ecs.{n},{n},{gpu},1,{memory},no,8,64,16,,test,quoted\n" for n, gpu, memory in gpus)


def price_row(name, market, price, unit):
    return f"ecs.{name},cn-shenzhen,,{market},{price},CNY,{unit},2026-11-20,test,quoted,made up\n"


# --- two types of GPU, four classes of requests ---


def two_by_two():
    result = plan(HERE / "data" / "two-by-two" / "scenario.yaml")
    hours = 24
    near(result["summary"]["cost"] / hours, 4.68, 1e-9, "2 x 2: cost an hour")
    near(result["summary"]["bound"], hours * 4.12875, 1e-6, "2 x 2: bound an hour")
    check(machines(result) == {("ecs.small", "on_demand"): hours, ("ecs.large", "on_demand"): hours},
          f"2 x 2: one machine of each, not {machines(result)}")


# --- requests of a measured stream in the buckets of a measured profile ---

GPUS = {"a100": ("a100", "A100-80GB", 80), "a40": ("a40", "A10-24GB", 24)}  # any two names of the book


def bucket_shares(profile):
    """A request goes to the first bucket whose upper bounds hold it, larger ones to the last of their axis."""
    bounds = [sorted({int(row[key]) for row in profile}) for key in ("input_tokens", "output_tokens")]
    count = {}
    requests = rows("workload", "azure_llm_2023_conv.csv")
    for request in requests:
        sizes = int(request["context_tokens"]), int(request["generated_tokens"])
        bucket = tuple(next((b for b in axis if size <= b), axis[-1]) for size, axis in zip(sizes, bounds))
        count[bucket] = count.get(bucket, 0) + 1
    return {bucket: n / len(requests) for bucket, n in count.items()}


def write_mix(folder, row, shares, profile):
    prices = dict(pair.split(":") for pair in row["gpu_types"].split())
    used = [GPUS[name] for name in prices]
    (folder / "instances.csv").write_text(type_rows(used))
    (folder / "prices.csv").write_text(PRICES + "".join(price_row(n, "on_demand", p, "h") for n, p in prices.items()))
    write_rows(folder / "mix.csv", "class,share", ((f"b{i}-{o}", repr(s)) for (i, o), s in shares.items()))
    write_rows(folder / "profile.csv", "gpu,class,max_rate_per_s",
               ((GPUS[r["gpu"]][1], f"b{r['input_tokens']}-{r['output_tokens']}", r["max_requests_per_s"])
                for r in profile if r["gpu"] in prices))
    path = folder / "scenario.yaml"
    path.write_text(SCENARIO.format(length="1h", step="1h", load=f"{{shape: constant, base: {row['rate_per_s']}/s}}",
                                    mix="request_mix: {from_csv: mix.csv}", purchase="on_demand",
                                    gpus=", ".join(gpu for _, gpu, _ in used)))
    return path


def gpu_mix(folder):
    profile = rows("profile", "aibrix_llama2-7b_max_rps.csv")
    shares = bucket_shares(profile)
    table = rows("expected", "gpu_mix.csv")
    for row in table:
        summary = plan(write_mix(folder, row, shares, profile))["summary"]
        name = f"mix {row['case']}"
        relaxed, whole = float(row["lp_relaxation_cost"]), float(row["ilp_cost"])
        near(summary["bound"], relaxed, 1e-6, f"{name}: bound")
        check(relaxed - 1e-6 <= summary["cost"] <= whole + 1e-6,
              f"{name}: {summary['cost']} lies between {relaxed} and {whole}")
    check(len(table) == 12, f"{len(table)} mixes")


# --- a reserved level under a measured load ---


def write_reserved(folder, row):
    """One minute per row of the load. Without start costs the order of the minutes does not matter, so they are sorted: the
    load duration curve has as many periods as it has values."""
    loads = sorted(int(r["active"]) for r in rows("workload", "philly_active_nodes_part1.csv"))
    steps = [(f"{minute}min", load) for minute, load in enumerate(loads) if minute == 0 or load != loads[minute - 1]]
    near(len(loads) / 60, float(row["hours"]), 1e-6, "hours of the load")
    write_rows(folder / "load.csv", "time,rate_per_s", steps)
    write_rows(folder / "profile.csv", "gpu,max_rate_per_s", [("A10-24GB", 1)])
    (folder / "instances.csv").write_text(type_rows([("node", "A10-24GB", 24)]))
    ratio = float(row["reserved_price_ratio"])
    (folder / "prices.csv").write_text(PRICES + price_row("node", "on_demand", 1, "h") +
                                       price_row("node", "subscription", f"{720 * ratio:g}", "month"))
    path = folder / "scenario.yaml"
    path.write_text(SCENARIO.format(length=f"{len(loads)}min", step="1min", load="{shape: csv, csv: load.csv}", mix="",
                                    gpus="A10-24GB", purchase="autoscaled, subscription"))
    return path


def reserved(folder):
    table = rows("expected", "reserved_vs_on_demand.csv")
    for row in table:
        result = plan(write_reserved(folder, row))
        name = f"reserved at {row['reserved_price_ratio']}"
        rounding = 0.5e-6 * (len(result["ledger"]) + 1)  # of each line, and of the row
        check(abs(result["summary"]["cost"] - float(row["optimal_cost"])) <= rounding + 1e-9,
              f"{name}: cost {result['summary']['cost']}, not {row['optimal_cost']}")
        near(result["summary"]["bound"], float(row["optimal_cost"]), 1e-9, f"{name}: bound")
        check(len(result["ledger"]) < 10, f"{name}: {len(result['ledger'])} lines of the ledger")
        level = sum(bought["count"] for bought in result["subscriptions"])
        check(level == int(row["optimal_reserved_units"]), f"{name}: level {level}, not {row['optimal_reserved_units']}")
    check(len(table) == 4, f"{len(table)} ratios")


two_by_two()
known = DATA.is_dir()
if known:
    with tempfile.TemporaryDirectory() as work:
        gpu_mix(pathlib.Path(work))
        reserved(pathlib.Path(work))
if failures:
    sys.exit(1)
if not known:
    print("the 2 x 2 mix is right; the public data sets are not here (../shared/data)")
    sys.exit(SKIPPED)
