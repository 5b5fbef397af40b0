#!/usr/bin/env python3
"""Reports read back by other means: workbooks as zip and XML, metrics by the rules of their text format, forecast rows against the
plan, CSV cell by cell; then all of them once more with hostile texts in every field. Needs $GPUMIX."""
import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
import zipfile
from decimal import Decimal
from random import Random

PROGRAM = os.path.abspath(os.environ["GPUMIX"])
BUDGET, SMALL, ETL = "tests/golden/data/budget.yaml", "tests/golden/data/small.yaml", "scenarios/library/09-etl-cpu.yaml"
BASE = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "SOURCE_DATE_EPOCH": "1795305600"}
NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
      "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships"}
failures = []
folder = tempfile.mkdtemp()


def run(*args, status=0):
    done = subprocess.run([PROGRAM, *args], capture_output=True, env=BASE, timeout=300)
    check(done.returncode == status, f"{args} ends with {done.returncode}: {done.stderr.decode()[-300:]}")
    return done.stdout


def check(good, what):
    if not good:
        failures.append(what)
        print("FAIL:", what)


def saved(scenario, *more, status=0):
    path = os.path.join(folder, "run.json")
    run("plan", scenario, "-q", "--save", path, "--out", os.path.join(folder, "table"), *more, status=status)
    return path, json.load(open(path, encoding="utf-8"), parse_float=Decimal)


# ---- xlsx ----

class Workbook:
    """Cells as {(row, column): value}: text as str, numbers as float."""

    def __init__(self, data):
        z = zipfile.ZipFile(io.BytesIO(data))
        check(z.testzip() is None, "the workbook is a whole zip file")
        self.parts = {name: z.read(name).decode("utf-8") for name in z.namelist()}
        for name, text in self.parts.items():
            xml.fromstring(text)
        texts = xml.fromstring(self.parts["xl/sharedStrings.xml"])
        self.texts = ["".join(t.text or "" for t in si.iter(f"{{{NS['m']}}}t")) for si in texts.findall("m:si", NS)]
        book = xml.fromstring(self.parts["xl/workbook.xml"])
        self.names = [s.get("name") for s in book.find("m:sheets", NS)]
        styles = xml.fromstring(self.parts["xl/styles.xml"])
        formats = {f.get("numFmtId"): f.get("formatCode") for f in styles.iter(f"{{{NS['m']}}}numFmt")}
        self.formats = [formats.get(x.get("numFmtId"), x.get("numFmtId")) for x in styles.find("m:cellXfs", NS)]

    def sheet(self, name):
        text = self.parts[f"xl/worksheets/sheet{self.names.index(name) + 1}.xml"]
        check("<f>" not in text and "<f " not in text, f"sheet {name} holds no formula")
        root = xml.fromstring(text)
        rows = []
        for row in root.find("m:sheetData", NS):
            cells = {}
            for c in row:
                value = c.find("m:v", NS)
                if value is None:
                    continue
                letters = re.match(r"[A-Z]+", c.get("r")).group()
                column = 0
                for letter in letters:
                    column = column * 26 + ord(letter) - 64
                cells[column - 1] = (self.texts[int(value.text)] if c.get("t") == "s" else float(value.text),
                                     self.formats[int(c.get("s", 0))])
            rows.append(cells)
        return root, rows


def test_xlsx():
    path, result = saved(BUDGET, "--runs", "30")
    for language, names in (("en", ("Variants", "What to buy", "Ledger", "Jobs")), ("zh", ("方案", "购买清单", "明细账", "任务"))):
        book = Workbook(run("report", path, "--format", "xlsx", "--lang", language))
        check(book.names[:2] == list(names[:2]), f"{language}: sheets begin with {book.names[:2]}")
        root, rows = book.sheet(names[2])
        pane = root.find("m:sheetViews/m:sheetView/m:pane", NS)
        check(pane is not None and pane.get("ySplit") == "1" and pane.get("state") == "frozen", "headings are frozen")
        check(root.find("m:autoFilter", NS) is not None, "the ledger has a filter")
        check(all(float(c.get("width")) >= 8 for c in root.find("m:cols", NS)), "columns are wide enough")
        heading = [rows[0][i][0] for i in range(len(rows[0]))]
        amount = heading.index("amount" if language == "en" else "金额")
        values = [row[amount] for row in rows[1:]]
        check(len(values) == len(result["ledger"]), "the ledger has every row")
        check(all(f == "#,##0.00" for _, f in values), f"amounts look like money: {set(f for _, f in values)}")
        check([Decimal(repr(v)) for v, _ in values] == [x["amount"] for x in result["ledger"]], "amounts are those of the ledger")
        _, jobs = book.sheet(names[3])
        done = [jobs[0][i][0] for i in range(len(jobs[0]))].index("done" if language == "en" else "完工")
        serial, look = jobs[1][done]
        check(look == "yyyy-mm-dd hh:mm" and 46386 < serial < 46400, f"moments are dates: {serial} {look}")
    check(run("report", path, "--format", "xlsx") == run("report", path, "--format", "xlsx"), "the same workbook twice")


# ---- prom ----

LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"')


def unescaped(text):
    return re.sub(r"\\(.)", lambda m: "\n" if m.group(1) == "n" else m.group(1), text)


def prom_parse(text):
    """Samples as [(name, {label: value}, number)]; checks what promtool checks."""
    check(text.endswith("\n"), "metrics end with a line end")
    typed, seen, samples, current = set(), set(), [], None
    for line in text.split("\n")[:-1]:
        match = re.fullmatch(r"# (HELP|TYPE) ([a-z_]+) (.+)", line)
        if match:
            kind, name, rest = match.groups()
            if kind == "HELP":
                check(name not in typed, f"{name} comes in one block")
                current = name
            else:
                check(current == name and rest == "gauge", f"TYPE follows HELP of {name}")
                typed.add(name)
            continue
        match = re.fullmatch(r"([a-z_]+)\{(.*)\} (\S+)", line)
        check(match is not None, f"not a sample: {line!r}")
        if not match:
            continue
        name, labels, value = match.groups()
        check(name == current and name in typed, f"{name} stands below its TYPE")
        parts = LABEL.findall(labels)
        check(",".join(f'{k}="{v}"' for k, v in parts) == labels, f"labels of {line!r}")
        check(len({k for k, _ in parts}) == len(parts), f"each label once: {line!r}")
        key = (name, tuple(sorted(parts)))
        check(key not in seen, f"each series once: {line!r}")
        seen.add(key)
        samples.append((name, {k: unescaped(v) for k, v in parts}, float(value)))
    return samples


def test_prom():
    path, result = saved(BUDGET, "--runs", "30")
    samples = prom_parse(run("report", path, "--format", "prom").decode())
    value = {name: v for name, labels, v in samples if set(labels) <= {"scenario", "variant", "currency"}}
    cost = float(result["summary"]["cost"])
    check(value["gpumix_plan_cost"] == cost, "the cost")
    seconds = float(result["summary"]["machine_hours"]) * 3600
    check(abs(value["gpumix_plan_machine_seconds"] - seconds) < 1e-6, "hours in seconds")
    check(value["gpumix_plan_start_timestamp_seconds"] == 1798560000, "2026-12-30 in Shanghai")
    for name in ("gpumix_workload_cost", "gpumix_owner_cost"):
        total = sum(Decimal(repr(v)) for n, _, v in samples if n == name)
        check(total == result["summary"]["cost"], f"{name} adds up: {total}")
    for name, _, _ in samples:
        check(re.fullmatch(r"gpumix_[a-z]+(_[a-z]+)*", name) is not None, f"name {name}")
        check(not re.search(r"_(hours|percent|gib)\b", name), f"{name}: units are base units")


# ---- focus ----

FOCUS_12 = """AvailabilityZone BilledCost BillingAccountId BillingAccountName BillingAccountType BillingCurrency BillingPeriodEnd
BillingPeriodStart CapacityReservationId CapacityReservationStatus ChargeCategory ChargeClass ChargeDescription ChargeFrequency
ChargePeriodEnd ChargePeriodStart CommitmentDiscountCategory CommitmentDiscountId CommitmentDiscountName
CommitmentDiscountQuantity CommitmentDiscountStatus CommitmentDiscountType CommitmentDiscountUnit ConsumedQuantity ConsumedUnit
ContractedCost ContractedUnitPrice EffectiveCost InvoiceId InvoiceIssuerName ListCost ListUnitPrice PricingCategory
PricingCurrency PricingCurrencyContractedUnitPrice PricingCurrencyEffectiveCost PricingCurrencyListUnitPrice PricingQuantity
PricingUnit ProviderName PublisherName RegionId RegionName ResourceId ResourceName ResourceType ServiceCategory ServiceName
ServiceSubcategory SkuId SkuMeter SkuPriceDetails SkuPriceId SubAccountId SubAccountName SubAccountType Tags""".split()
NEVER_NULL = """BilledCost BillingAccountId BillingCurrency BillingPeriodEnd BillingPeriodStart ChargeCategory ChargeDescription
ChargeFrequency ChargePeriodEnd ChargePeriodStart ContractedCost EffectiveCost InvoiceIssuerName ListCost ProviderName PublisherName
ServiceCategory ServiceName ServiceSubcategory x_IsForecast x_Scenario x_Variant x_Part""".split()
CATEGORIES = {"ChargeCategory": {"Usage", "Purchase", "Tax", "Credit", "Adjustment"},
              "PricingCategory": {"Standard", "Dynamic", "Committed", "Other"},
              "ChargeFrequency": {"One-Time", "Recurring", "Usage-Based"},
              "ServiceCategory": {"Compute", "Storage", "Networking", "Other"}}


def focus_rows(path):
    return list(csv.DictReader(io.StringIO(run("report", path, "--format", "focus").decode())))


def test_focus():
    check(len(FOCUS_12) == 57 and FOCUS_12 == sorted(FOCUS_12), "57 columns in the order of the specification")
    for scenario, more in ((BUDGET, ["--runs", "30"]), (SMALL, []), (ETL, ["--runs", "20"]),
                           ("scenarios/library/06-render-farm.yaml", []), ("scenarios/library/03-inference-online.yaml", [])):
        path, result = saved(scenario, *more)
        rows = focus_rows(path)
        check(list(rows[0])[:57] == FOCUS_12, f"{scenario}: the columns of FOCUS 1.2 in order")
        check(all(name.startswith("x_") for name in list(rows[0])[57:]), "own columns begin with x_")
        cost = result["summary"]["cost"]
        for column in ("BilledCost", "EffectiveCost", "ContractedCost", "PricingCurrencyEffectiveCost"):
            check(sum(Decimal(r[column]) for r in rows) == cost, f"{scenario}: {column} adds up to the cost")
        for r in rows:
            check(all(r[name] for name in NEVER_NULL), f"{scenario}: never null: {[n for n in NEVER_NULL if not r[n]]}")
            check(r["x_IsForecast"] == "true", "marked as forecast")
            for column, words in CATEGORIES.items():
                check(not r[column] or r[column] in words, f"{column} {r[column]}")
            for edge in ("BillingPeriod", "ChargePeriod"):
                start, end = r[edge + "Start"], r[edge + "End"]
                check(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:00Z", start) and start < end, f"{scenario}: {edge} {start} {end}")
            check(isinstance(json.loads(r["Tags"]), dict), "tags are an object")
            if r["ChargeCategory"] == "Usage":
                product = Decimal(r["ListUnitPrice"]) * Decimal(r["PricingQuantity"])
                check(abs(product - Decimal(r["ListCost"])) <= Decimal("2e-6") + abs(product) * Decimal("1e-12"),
                      f"{scenario}: price x quantity of {r['ChargeDescription']}")
        back = json.loads(run("budget", scenario, "-q", "--json", "--actual", focus_file(path)), parse_float=Decimal)
        total = [r for r in back["actual"] if not r["owner"] or r["owner"] == "Total"]
        months = {}
        for r in back["actual"]:
            months.setdefault(r["month"], []).append(Decimal(r["actual"]))
        spent = sum(max(x) for x in months.values())  # the total of each month is its largest
        check(spent == cost, f"{scenario}: read back {spent}, planned {cost}, {len(total)} rows without owner")


def focus_file(path):
    name = os.path.join(folder, "forecast.focus")
    run("report", path, "--format", "focus", "--out", name)
    return name


# ---- csv ----

SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def unguarded(cell):
    """The documented way back."""
    rest = cell.lstrip("'")
    return cell[1:] if cell.startswith("'") and rest.startswith(SIGNS) else cell


def csv_rows(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))


NUMBERS = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")


def check_inert(rows, what):
    for row in rows:
        for cell in row:
            check(not cell.startswith(SIGNS) or NUMBERS.fullmatch(cell), f"{what}: {cell!r} would be run")


def test_csv():
    path, result = saved(SMALL, "--variant", "all", status=4)
    plain = run("report", path, "--format", "csv", "--table", "ledger")
    excel = run("report", path, "--format", "csv", "--table", "ledger", "--excel")
    check(excel.startswith(b"\xef\xbb\xbf") and excel.count(b"\r\n") == plain.count(b"\n"), "--excel: mark and line ends")
    check(excel[3:].replace(b"\r\n", b"\n") == plain, "--excel changes nothing else")
    for variant in result["variants"]:
        if "ledger" not in variant:
            continue
        name = variant["inputs"]["variant"]
        total = sum(Decimal(r[-2]) for r in csv_rows(plain)[1:] if r[1] == name)
        check(total == variant["summary"]["cost"], f"{name}: the ledger adds up: {total}")


# ---- hostile texts ----

PAYLOADS = ["=cmd|' /C calc'!A1", "+1+1", "-2+3", "@SUM(1)", "\t=1", "'=1", "''@x", "\uff1d1", '"quoted", comma', "line\nbreak",
            "cr\rlf\r\n", "| pipe | `tick` ~~x~~", "<script>alert(1)</script>", "[link](http://x)", "@everyone #1", "{{ x }} ${x} %{y}",
            "back\\slash \\n", "中文，名字", "\u202eevil", "_x0041_", "\u0001\u001b[31m", "a" * 300, "#comment", "*bold* _it_",
            "\ufffe", "x\u2028y", "# HELP gpumix_plan_cost", "'; touch PWNED; '", "$(touch PWNED)"]
KEPT = {"status", "currency", "part", "market", "month", "unit", "version", "date", "from", "to", "start", "finish", "deadline", "rule",
        "load_unit", "state", "code", "name", "sha256", "kind", "layer", "variant", "policy", "spot_price", "lives", "zone", "region"}


def poisoned(value, payload, key=""):
    if isinstance(value, dict):
        return {k: poisoned(v, payload, k) for k, v in value.items()}
    if isinstance(value, list):
        return [poisoned(v, payload, key) for v in value]
    if not isinstance(value, str) or key in KEPT:
        return value
    return re.sub(r"(?<![\w.])(tune|retune|shots|sketch|nlp|film|two-teams)(?![\w])", lambda m: payload + m.group(), value)


def texts_of(value, found):
    if isinstance(value, dict):
        for v in value.values():
            texts_of(v, found)
    elif isinstance(value, list):
        for v in value:
            texts_of(v, found)
    elif isinstance(value, str):
        found.add(value)
    return found


def visible(text):
    """No control character and no mark that turns the direction of reading is left."""
    return not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


def test_hostile():
    path, result = saved(BUDGET, "--runs", "20")
    plain = json.load(open(path, encoding="utf-8"))
    for payload in PAYLOADS:
        document = poisoned(plain, payload)
        texts = texts_of(document, {""})
        hostile = os.path.join(folder, "hostile.json")
        with open(hostile, "w", encoding="utf-8") as out:
            json.dump(document, out, ensure_ascii=False)
        what = f"payload {payload[:30]!r}"
        for table in ("plan", "ledger", "jobs", "inputs", "simulation"):
            rows = csv_rows(run("report", hostile, "--format", "csv", "--table", table))
            check_inert(rows, what)
            check(len({len(r) for r in rows}) == 1, f"{what}: {table} keeps its columns")
            for row in rows[1:]:
                owner_like = unguarded(row[0])
                check(owner_like in texts, f"{what}: {row[0]!r} reads back")
        rows = focus_rows(hostile)
        check_inert([list(r.values()) for r in rows], what)
        check({unguarded(r["x_Workload"]) for r in rows} <= texts, f"{what}: workloads read back")
        owners = {json.loads(r["Tags"]).get("owner", "") for r in rows}
        check(owners <= texts, f"{what}: owners in tags read back: {owners}")
        samples = prom_parse(run("report", hostile, "--format", "prom").decode())
        check({labels.get("workload", "") for _, labels, _ in samples} <= texts, f"{what}: labels read back")
        book = Workbook(run("report", hostile, "--format", "xlsx"))
        for name in book.names:
            book.sheet(name)
        md = run("report", hostile, "--format", "md").decode()
        check(visible(md), f"{what}: markdown shows what it holds")
        check(not re.search(r"<(?!/?details>|/?summary>|details><summary>)", md), f"{what}: no markup of data in markdown")
        for block in re.findall(r"(?:^\|.*\n)+", md, re.M):
            widths = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
            check(len(widths) == 1, f"{what}: a table of markdown keeps its columns")


# ---- saved runs ----

def test_saved():
    """A saved run is told as its scenario is, in every form that tells no more of the latter."""
    path, _ = saved(BUDGET, "--runs", "20")
    planned = Workbook(run("report", BUDGET, "-q", "--runs", "20", "--format", "xlsx"))
    kept = Workbook(run("report", path, "--format", "xlsx"))
    check(kept.names == planned.names, "xlsx: a saved run has the sheets of its scenario")
    for name in kept.names:  # how far a price holds is looked for only where the plan is made
        check(name == "Limits" or kept.sheet(name)[1] == planned.sheet(name)[1], f"xlsx: {name} of a saved run reads as its scenario does")
    for form in ("csv", "prom", "focus"):
        check(run("report", path, "--format", form) == run("report", BUDGET, "-q", "--runs", "20", "--format", form),
              f"{form}: a saved run reads as its scenario does")
    written = os.path.join(folder, "scenario.json")
    with open(written, "w", encoding="utf-8") as out:
        out.write(json.dumps({"version": 1, "name": "none", "workloads": {}}))
    done = subprocess.run([PROGRAM, "report", written, "-q"], capture_output=True, env=BASE, timeout=300)
    check(b"E3211" not in done.stderr, "a scenario may be written as JSON")


def holes(value, random):
    """The document with one value, somewhere, taken away or made something else."""
    spots = []

    def walk(at):
        for key in (at if isinstance(at, dict) else range(len(at))):
            spots.append((at, key))
            if isinstance(at[key], (dict, list)):
                walk(at[key])

    walk(value)
    at, key = random.choice(spots)
    new = random.choice([None, True, -1, 1e300, "x", "", [], {}, [[]], "delete", 10**30])
    if new == "delete":
        del at[key]
    else:
        at[key] = new


def test_damaged():
    """Whatever is wrong with a saved run, it is told or refused."""
    path, _ = saved(BUDGET, "--runs", "5")
    text = open(path, encoding="utf-8").read()
    small = json.loads(text)
    small["candidates"], small["inputs"]["values"] = small["candidates"][:3], small["inputs"]["values"][:5]
    text = json.dumps(small)
    random = Random(20261122)
    damaged = os.path.join(folder, "damaged.json")
    refused = 0
    for i in range(150):
        if i % 10 == 9:
            broken = text[:random.randrange(len(text))]
        else:
            document = json.loads(text)
            holes(document, random)
            broken = json.dumps(document)
        with open(damaged, "w", encoding="utf-8") as out:
            out.write(broken)
        form = ("md", "csv", "prom", "focus", "html")[i % 5]
        words = ["report", damaged, "--format", form] if i % 3 else ["export", damaged, "--format", ("ess", "k8s", "terraform")[i % 9 // 3]]
        done = subprocess.run([PROGRAM, *words], capture_output=True, env=BASE, timeout=300)
        check(done.returncode in (0, 3), f"{words} of damage {i} ends with {done.returncode}: {done.stderr[-200:]}")
        refused += done.returncode == 3
    check(30 < refused < 150, f"{refused} of 150 are refused")


# ---- where it goes ----

def test_terminal():
    """A workbook is not poured into a terminal."""
    leader, follower = pty.openpty()
    done = subprocess.run([PROGRAM, "report", SMALL, "-q", "--planned", "--format", "xlsx"], stdout=follower, stderr=subprocess.PIPE,
                          env=BASE, timeout=300)
    os.close(follower)
    os.close(leader)
    said = done.stderr.decode().splitlines()
    check(done.returncode == 2, f"a workbook to a terminal ends with {done.returncode}")
    check(said[0] == "gpumix: error[E1004]: xlsx is not for a terminal", f"it is told: {said[0]}")
    check(said[2] == "  fix: write it into a file with --out FILE   (see `gpumix help E1004`)", f"and what to do: {said[2]}")


for test in (test_terminal, test_saved, test_damaged, test_xlsx, test_prom, test_focus, test_csv, test_hostile):
    test()
print(f"{len(failures)} failures")
sys.exit(1 if failures else 0)
