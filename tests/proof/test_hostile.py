#!/usr/bin/env python3
"""Certificates that lie are refused with exit status 6 and the right message, and never crash the program.

usage: GPUMIX=path/to/gpumix test_hostile.py; GPUMIX_MUTATIONS=N: random changes, 200 when not given; GPUMIX_ACCEPT=1 writes what
was said to tests/proof/data/expected: read the difference
"""
import copy
import json
import os
import random
import subprocess
import sys
import tempfile

PROGRAM = os.environ.get("GPUMIX", "build/release/gpumix")
FOLDER = "tests/proof/data"
faults = []
said_lines = []


def verify(path, *more):
    run = subprocess.run([PROGRAM, "verify", path, *more], capture_output=True, text=True, timeout=60, check=False,
                         env={**os.environ, "LC_ALL": "C", "LANGUAGE": "en"})
    return run.returncode, run.stdout + run.stderr


def plan(scenario, path, *more):
    subprocess.run([PROGRAM, "plan", scenario, "--runs", "0", "--save", path, "-q", *more], capture_output=True, check=False, timeout=60)
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def first(d, key, value, of="timeline"):
    return next(x for x in d[of] if x[key] == value)


def part(d, name):
    return first(d, "part", name, "ledger")


def idle(d):
    return next(x for x in d["ledger"] if x["part"] == "commitment_used" and x["workload"] is None)


def fleet(d, machines, of=""):
    for x in d["timeline"]:
        if of in x["market"]:
            x.update(machines=machines, starts=min(machines, x["starts"]))
            x["machine_hours"] = machines * (x["to_h"] - x["from_h"])
            x["start_hours"] = x["starts"] * 0.05


def derived(d):
    return d["certificate"]["derived"][0]


def train(d):
    return first(d, "job", "train")


def add(o, key, value):
    o[key] += value


def set_to(o, key, value):
    o[key] = value


def delete(o, key):
    del o[key]


def scale_bound(d, amount):
    bound = float(d["certificate"]["bound"]) + amount
    d["certificate"]["bound"] = f"{bound:.6f}"
    d["summary"]["bound"] = float(f"{bound:.6f}")
    d["summary"]["gap"] = max(0, (d["summary"]["cost"] - d["summary"]["bound"]) / d["summary"]["cost"])


def cheaper(d):
    d["summary"]["cost"] = round(d["summary"]["cost"] - 1e-6, 6)
    d["summary"]["gap"] = (d["summary"]["cost"] - d["summary"]["bound"]) / d["summary"]["cost"]


def first_price(d, kind):
    return d["certificate"]["prices"][kind]


def negative(d, kind):
    name = next(iter(first_price(d, kind)))
    value = first_price(d, kind)[name]
    if isinstance(value, list):
        value[0][1] = -1
    else:
        first_price(d, kind)[name] = -value


def swapped_jobs(d):
    """The stretches of one job stand under the name of another."""
    names = sorted({x["job"] for x in d["timeline"]})
    other = dict(zip(names, names[1:] + names[:1]))
    for x in d["timeline"]:
        x["job"] = other[x["job"]]


def swapped_amounts(d):
    """Two lines of the bill exchange their amounts, so that the total stays."""
    a, b = part(d, "compute"), part(d, "storage")
    a["amount"], b["amount"] = b["amount"], a["amount"]


# what is changed, in which run, and the line that has to be said
WORK, SERVICE, CLASSES, FLEET = "work", "service", "classes", "fleet"
CASES = [
    (WORK, lambda d: scale_bound(d, 1e-6 + 1e-6), "E6013", "the bound is said to be "),
    (SERVICE, lambda d: scale_bound(d, 2e-6), "E6013", ", and its prices prove "),
    (WORK, lambda d: d["certificate"].__setitem__("bound", "1.000000"), "E6013",
     "summary.bound is not the bound of the certificate, 1.000000"),
    (WORK, cheaper, "E6011", "the cost is "),
    (WORK, lambda d: add(d["summary"], "gap", 1e-6), "E6014", "the gap is said to be "),
    (WORK, lambda d: add(part(d, "compute"), "amount", -1e-6), "E6010", " of the bill (compute): "),
    (WORK, lambda d: add(part(d, "compute"), "price", 0.01), "E6010", "nothing in the timeline has to be paid at this price"),
    (WORK, lambda d: d["ledger"].remove(part(d, "start")), "E6010", "the bill has start for "),
    (WORK, lambda d: set_to(part(d, "compute"), "exact", "1/3600000000"), "E6010", ", and price x quantity is "),
    (WORK, lambda d: set_to(part(d, "compute"), "exact", "1e9/0"), "E6001", "of ledger lacks a value, or has one that cannot be"),
    (WORK, lambda d: set_to(part(d, "compute"), "job", "nobody"), "E6003", " of ledger: the inputs have no such job"),
    (WORK, lambda d: set_to(part(d, "compute"), "workload", "nobody"), "E6003", " of ledger: the inputs have no such workload"),
    (WORK, lambda d: set_to(part(d, "compute"), "instance_type", "ecs.none"), "E6003", " of ledger: the inputs have no such offer"),
    (WORK, lambda d: set_to(part(d, "storage"), "dataset", "nobody"), "E6003", "the inputs have no such dataset"),
    (WORK, lambda d: d["timeline"].remove(train(d)), "E6005", 'job "train": 0 of 100 of its work is done'),
    (WORK, lambda d: add(train(d), "work", 1), "E6005", 'job "train": a stretch claims '),
    (WORK, lambda d: set_to(train(d), "market", "spot"), "E6003", "the inputs have no such machine for it"),
    (WORK, lambda d: [x.update(market="spot", commitment=None) for x in d["timeline"] if x["job"] == "sweep"], "E6005",
     " of its work is on spot machines, "),
    (WORK, lambda d: add(train(d), "start_hours", -0.05), "E6010",
     'job "train": the starts of a stretch are not the '),
    (WORK, lambda d: set_to(train(d), "machines", 3), "E6006", "with 3 machines, and it needs 2"),
    (WORK, lambda d: set_to(train(d), "from_h", train(d)["to_h"] - 0.001), "E6006", "its machine-hours do not fit into that time"),
    (WORK, lambda d: set_to(first(d, "job", "sweep"), "to_h", 12.0), "E6006", "it may not run all that time"),
    (WORK, lambda d: set_to(d["timeline"][0], "to_h", 1e300), "E6001", "entry 1 of timeline lacks a value, or has one that cannot be"),
    (WORK, lambda d: set_to(d["timeline"][0], "from_h", "NaN"), "E6001", "entry 1 of timeline lacks a value, or has one that cannot be"),
    (WORK, lambda d: d["timeline"].insert(0, dict(train(d))), "E6006", "it runs twice at a time"),
    (WORK, lambda d: d["timeline"].append(dict(first(d, "job", "sweep"), machines=9)), "E6006",
     "more of it runs at a time than max_workers allows"),
    (WORK, lambda d: d["timeline"].append(dict(first(d, "job", "sweep"), machines=9)), "E6007", " are in use at hour "),
    (WORK, lambda d: set_to(d["timeline"][0], "job", "nobody"), "E6003", "entry 1 of timeline: the inputs have no such job"),
    (WORK, lambda d: set_to(d["datasets"][0], "share", 0.5), "E6008", 'dataset "corpus": '),
    (WORK, lambda d: (set_to(d["datasets"][0], "share", 0.5), set_to(d["datasets"][0], "size_gib", 500.0)), "E6008",
     'dataset "corpus": 0.5 of it lies somewhere, 0.5 at most in one place'),
    (WORK, lambda d: (set_to(d["datasets"][0], "share", 0.5), set_to(d["datasets"][0], "size_gib", 500.0)), "E6008",
     'job "train" works where only 0.5 of dataset "corpus" lies'),
    (WORK, lambda d: set_to(d["datasets"][0], "dataset", "nobody"), "E6003", "entry 1 of datasets: the inputs have no such dataset"),
    (WORK, lambda d: set_to(d["datasets"][0], "class", "oss-none"), "E6003", "the inputs have no such place for the dataset"),
    (WORK, lambda d: set_to(d["datasets"][1], "extra_gib", 0.0), "E6008", ", sold from "),
    (WORK, lambda d: set_to(d["datasets"][1], "extra_gib", 1e9), "E6008", ", sold up to "),
    (WORK, lambda d: set_to(d["datasets"][1], "extra_gib", 2600.0), "E6008", " MB/s at hour 0.000000, and "),
    (WORK, lambda d: negative(d, "work"), "E6004", 'certificate.prices.work: the price of "'),
    (SERVICE, lambda d: negative(d, "serve"), "E6013", "the bound is said to be "),
    (WORK, lambda d: first_price(d, "work").__setitem__("train", "NaN"), "E6004", "is no number, below 0, or not in order of time"),
    (WORK, lambda d: first_price(d, "work").__setitem__("train", 1e30), "E6004", "is no number, below 0, or not in order of time"),
    (WORK, lambda d: first_price(d, "work").__setitem__("nobody", 1.0), "E6003",
     'certificate.prices.work has "nobody", which is no row of this scenario'),
    (WORK, lambda d: d["certificate"]["prices"].__setitem__("wishes", {}), "E6003", 'certificate.prices has "wishes", which is no kind of row'),
    (WORK, lambda d: d["certificate"].pop("prices"), "E6001", "its certificate has no prices"),
    (WORK, lambda d: d["certificate"].__setitem__("form", 2), "E6001", "the form of its certificate is not known to this version"),
    (WORK, lambda d: d["certificate"].__setitem__("bound", "nan"), "E6001", "it has no cost, bound or gap that could be one"),
    (WORK, lambda d: d["certificate"].__setitem__("gamma", {"train": 0.5}), "E6001",
     '"train" has no deadline with confidence that spot could count less for'),
    (WORK, lambda d: d.pop("certificate"), "E6001", "it has no certificate; gpumix plan FILE --save RUN.json writes one"),
    (WORK, lambda d: d.pop("summary"), "E6001", "it has no summary"),
    (WORK, lambda d: d.__setitem__("variants", []), "E6001", "it holds several variants; save one at a time to verify it"),
    (WORK, lambda d: d["inputs"].pop("variant"), "E6001", "its inputs have no variant, no files or no price tables"),
    (WORK, lambda d: d["inputs"]["files"][0].pop("sha256"), "E6001", "a file of its inputs has no path or no checksum"),
    (WORK, lambda d: d["inputs"]["set"].append(7), "E6001", "a changed value of its inputs is no text"),
    (WORK, lambda d: set_to(d["inputs"]["files"][0], "sha256", "0" * 64), "E6002", "..., the plan was made from 000000000000..."),
    (WORK, lambda d: set_to(d["inputs"]["catalogue"], "sha256", "0" * 64), "E6002", "the price tables have the checksum "),
    (WORK, lambda d: d["inputs"]["set"].append("workloads.train.work.gpu_hours=110"), "E6005", "job \"train\": 100 of 110 of its work is done"),
    (WORK, lambda d: (delete(d, "timeline"), set_to(d["summary"], "status", "infeasible")), "E6013",
     "it says that no plan is possible, and its prices do not prove that"),
    (WORK, lambda d: (delete(d, "timeline"), set_to(d["summary"], "status", "none")), "E6001",
     "it has no plan and no proof that there is none: its status is none"),
    (WORK, lambda d: d["ledger"].remove(idle(d)), "E6010", "the unused part of commitments[0].ecs.gn7i-c8g1.2xlarge in month 1 of the plan is "),
    (WORK, lambda d: d["ledger"].append(dict(idle(d), month="2031-01")), "E6010", "it belongs to no commitment of the scenario"),
    (WORK, lambda d: d["commitments"].append(dict(d["commitments"][0], existing=False, count=3)), "E6003", "the inputs have no such commitment"),
    (SERVICE, lambda d: d["timeline"].pop(0), "E6009", 'service "chat" at hour '),
    (SERVICE, lambda d: fleet(d, 1), "E6009", "machines carry "),
    (SERVICE, lambda d: fleet(d, 99), "E6009", "machines, and 1 to 30 are allowed"),
    (SERVICE, lambda d: (fleet(d, 20, "spot"), fleet(d, 1, "autoscaled")), "E6009", "machines outside spot carry "),
    (SERVICE, lambda d: [d["timeline"].remove(x) for x in list(d["timeline"]) if "spot" not in x["market"]], "E6009",
     "machines outside spot, and 1 are asked for"),
    (SERVICE, lambda d: set_to(d["timeline"][0], "workload", "nobody"), "E6003", "entry 1 of timeline: the inputs have no such service"),
    (SERVICE, lambda d: set_to(d["timeline"][0], "starts", -1), "E6001", "entry 1 of timeline lacks a value, or has one that cannot be"),
    (SERVICE, lambda d: set_to(d["timeline"][0], "storage", ["cpfs-200"]), "E6008",
     'service "chat" has machines where dataset "weights" does not lie'),
    (WORK, lambda d: add(part(d, "compute"), "amount", 600000), "E6012", " are booked to the budget of everybody, which allows "),
    (CLASSES, lambda d: d["inputs"]["files"].pop(), "E6002", "the scenario reads "),
    (CLASSES, lambda d: fleet(d, 1), "E6009", "its machines do not carry all request classes"),
    (FLEET, lambda d: fleet(d, 7, "subscription"), "E6009", "7 machines are held of 8 that are subscribed for it alone"),
    (FLEET, lambda d: first(d, "market", "subscription").update(to_h=24.0, machine_hours=192.0), "E6009",
     "0 machines are held whose number stays, and 8 at the beginning"),
    (WORK, lambda d: d["certificate"].update(unchecked="it has more than 20000 jobs"), "E6001",
     "it says itself that nothing of it is proven: it has more than 20000 jobs"),
    (WORK, lambda d: set_to(train(d), "machines", -2), "E6001", "of timeline lacks a value, or has one that cannot be"),
    (SERVICE, lambda d: set_to(d["timeline"][0], "machines", -1), "E6001", "entry 1 of timeline lacks a value, or has one that cannot be"),
    (WORK, lambda d: derived(d).update(useful=derived(d)["useful"] * 1.00000001), "E6005",
     "of certificate.derived: useful is said to be "),
    (WORK, lambda d: set_to(derived(d), "stall", 1e300), "E6005", "of certificate.derived: stall is said to be "),
    (WORK, lambda d: set_to(derived(d), "clock", "NaN"), "E6001", "of certificate.derived lacks a value, or has one that cannot be"),
    (WORK, lambda d: delete(derived(d), "clock"), "E6001", "of certificate.derived lacks a value, or has one that cannot be"),
    (WORK, lambda d: set_to(derived(d), "job", "nobody"), "E6003", "of certificate.derived: the inputs have no such job"),
    (WORK, lambda d: set_to(derived(d), "zone", "nowhere"), "E6003", "of certificate.derived: the inputs have no such machine for it"),
    (SERVICE, lambda d: set_to(derived(d), "workload", "nobody"), "E6003", "of certificate.derived: the inputs have no such service"),
    (SERVICE, lambda d: set_to(d["certificate"], "derived", {}), "E6001", "entry 1 of certificate.derived lacks a value"),
    (WORK, swapped_jobs, "E6003", "entry 1 of timeline: the inputs have no such "),
    (WORK, swapped_amounts, "E6010", ", and price x quantity is "),
]


def note(said, folder):
    """What is said, without the places of this run."""
    for line in said.replace(folder + "/", "").splitlines():
        if "error[" in line or ": accepted. " in line or line.startswith("not proven"):
            said_lines.append(line)


def check_case(number, kind, runs, change, code, words, folder):
    d = copy.deepcopy(runs[kind])
    change(d)
    path = os.path.join(folder, f"case{number}.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(d, file)
    status, said = verify(path)
    note(said, folder)
    if status != 6 or f"error[{code}" not in said or words not in said:
        faults.append(f"case {number} ({code} {words!r}): status {status}: {said[:600]}")


def texts(run, folder):
    """Files that are no documents."""
    whole = json.dumps(run)
    for name, text in (("truncated", whole[: len(whole) // 2]), ("twice", '{"summary": {}, "summary": {}}'), ("deep", "[" * 100000),
                       ("nan", whole.replace('"gap": ', '"gap": NaN, "was": ', 1)), ("huge", whole.replace('"gap": ', '"gap": 1e999, "was": ', 1)),
                       ("empty", ""), ("list", "[1, 2]"), ("digits", '{"a": ' + "9" * 1000000 + "}"), ("zero", whole[:50] + "\0" + whole[50:])):
        path = os.path.join(folder, f"{name}.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        status, said = verify(path)
        if name == "empty":
            note(said, folder)
        if status != 6 or "error[E6001]" not in said:
            faults.append(f"{name}: status {status}: {said[:300]}")
        if name == "empty" and ", line 1, column 0: not valid JSON" not in said:
            faults.append(f"{name}: {said[:300]}")


def check_words():
    path = f"{FOLDER}/expected"
    text = "\n".join(said_lines) + "\n"
    if os.environ.get("GPUMIX_ACCEPT"):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    with open(path, encoding="utf-8") as file:
        for number, (wanted, said) in enumerate(zip(file.read().splitlines(), said_lines), 1):
            if wanted != said:
                faults.append(f"{path}:{number}: {wanted!r}, and it says {said!r}")


def leaves(o, path=()):
    """Places of all numbers and texts that a check reads."""
    items = o.items() if isinstance(o, dict) else enumerate(o) if isinstance(o, list) else ()
    for key, value in items:
        if isinstance(value, (dict, list)):
            yield from leaves(value, path + (key,))
        else:
            yield path + (key,)


def at(d, path):
    for key in path[:-1]:
        d = d[key]
    return d


# Changing these alone makes no claim false: names for people, and figures that no check rests on.
HARMLESS = {"note", "unit", "owner", "estimated", "from", "to", "provided_mbps", "needed_mbps", "quantity", "accepted", "proven", "not_proven"}


def fuzz(run, folder, random_of, number):
    """One random change of something that is claimed: accepted only where the document still says the same."""
    d = copy.deepcopy(run)
    kind = random_of.choice(("timeline", "ledger", "datasets", "certificate"))
    places = [p for p in leaves(d[kind], (kind,)) if p[-1] not in HARMLESS and not HARMLESS & set(p)]
    if not places:
        return
    place = random_of.choice(places)
    holder, key = at(d, place), place[-1]
    old = holder[key]
    new = random_of.choice((None, -1, 0, 1e300, "", "x", [], {}, True, "NaN"))
    if isinstance(old, (int, float)) and random_of.random() < 0.7:
        new = old * random_of.choice((0.5, 0.999999, 1.000001, 2, -1)) + random_of.choice((0, 0, 1e-3, 1))
    if not isinstance(new, bool) and new == old:
        return
    holder[key] = new
    path = os.path.join(folder, f"fuzz{number % 10}.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(d, file)
    status, said = verify(path)
    if status == 0 and kind != "certificate":
        faults.append(f"accepted: {'.'.join(map(str, place))} was {old!r}, is {new!r}")
    elif status not in (0, 6):
        faults.append(f"status {status}: {'.'.join(map(str, place))} was {old!r}, is {new!r}: {said[:300]}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        runs = {kind: plan(f"{FOLDER}/{kind}.yaml", os.path.join(folder, f"{kind}.json")) for kind in (WORK, SERVICE, CLASSES, FLEET)}
        for kind in runs:
            status, said = verify(os.path.join(folder, f"{kind}.json"))
            note(said, folder)
            if status != 0 or ": accepted. Timeline, limits, services, storage, bill and budgets hold; no plan costs less than " not in said:
                faults.append(f"{kind}: {said}")
        plan(f"{FOLDER}/work.yaml", os.path.join(folder, "none.json"), "--set", "workloads.train.window.deadline=1d")
        status, said = verify(os.path.join(folder, "none.json"))
        note(said, folder)
        if status != 0 or ": accepted. No plan keeps every limit: that is proven." not in said:
            faults.append(f"none.json: {said}")
        plan(f"{FOLDER}/service.yaml", os.path.join(folder, "loose.json"), "--set", "integrality=none")
        status, said = verify(os.path.join(folder, "loose.json"))
        note(said, folder)
        if status != 0 or "not proven for this kind of plan: services" not in said:
            faults.append(f"loose.json: {said}")
        for number, (kind, change, code, words) in enumerate(CASES, 1):
            check_case(number, kind, runs, change, code, words, folder)
        texts(runs[WORK], folder)
        check_words()
        random_of = random.Random(7)
        for number in range(int(os.environ.get("GPUMIX_MUTATIONS", "200"))):
            fuzz(runs[(WORK, SERVICE)[number % 2]], folder, random_of, number)
    print("\n".join(faults) if faults else f"{len(CASES)} lies refused")
    sys.exit(1 if faults else 0)


main()
