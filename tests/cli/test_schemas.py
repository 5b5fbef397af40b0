#!/usr/bin/env python3
"""What commands print with --json, in golden cases and in some more, is what `gpumix schema` says; every key of the schemas is met."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is missing")
    sys.exit(77)

GPUMIX = os.environ["GPUMIX"]
ENVIRONMENT = {**os.environ, "LANG": "C.UTF-8", "SOURCE_DATE_EPOCH": "1795305600"}
DATA = "tests/golden/data"
SMALL, UNCERTAIN = f"{DATA}/small.yaml", f"{DATA}/uncertain.yaml"
TRACE = ["--trace", f"{DATA}/replay/trace.csv", "--windows", f"{DATA}/replay/windows.csv", "--meaning", "available", "--step", "1h", "--work", "4h",
         "--deadline", "8h", "--restart", "30min", "--on-demand-price", "3", "--spot-price", "1"]
MORE = [["compare", SMALL, "--runs", "60", "--break-even", "none"], ["compare", SMALL, "--purchase", "--planned", "--break-even", "deadline"],
        ["compare", SMALL, "--planned", "--table", "changes"],
        ["sweep", SMALL, "--over", "workloads.tune.window.deadline=14h,18h,20h", "--frontier", "p90,late", "--runs", "50"],
        ["sweep", SMALL, "--over", "workloads.tune.purchase=[spot],[on_demand]", "--over", "workloads.tune.window.deadline=1h,20h", "--planned"],
        ["sweep", UNCERTAIN, "--sensitivity"], ["sweep", UNCERTAIN, "--sensitivity", "--runs", "40"],
        ["budget", SMALL, "--buys", "200"], ["budget", SMALL, "--buys", "50..450/200"], ["budget", f"{DATA}/budget.yaml", "--runs", "50"],
        ["replay", *TRACE], ["replay", *TRACE, "--table", "ticks"],
        ["replay", "--trace", f"{DATA}/replay/nodes.csv", "--meaning", "available", "--step", "1h", "--nodes", "5", "--on-demand-price", "3",
         "--spot-price", "1"],
        ["simulate", SMALL, "--runs", "40"], ["simulate", "tests/sim/data/service/service.yaml", "--runs", "20"],
        ["simulate", SMALL, "--runs", "20", "--variant", "all"]]
# Nothing in these examples is told of them.
NEVER = {("budget", "budgets", "load_share")}
SCHEMA_OF = {"plan": "result", "simulate": "result", "compare": "compare", "sweep": "sweep", "budget": "budget", "replay": "replay"}


def run(*arguments):
    return subprocess.run([GPUMIX, *arguments], env=ENVIRONMENT, capture_output=True, text=True, check=False)


schemas = {name: json.loads(run("schema", name).stdout) for name in set(SCHEMA_OF.values())}
validators = {name: jsonschema.Draft202012Validator(schema) for name, schema in schemas.items()}
faults, met, documents = [], set(), 0


def look(command, document, what):
    """Holds a document against the schema of its command, and notes the keys that have a value."""
    global documents
    documents += 1
    name = SCHEMA_OF[command]
    error = jsonschema.exceptions.best_match(validators[name].iter_errors(document))
    if error:
        faults.append(f"{what}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
    if name == "result":
        return
    if isinstance(document, list):
        tables = schemas[name]["$defs"]
        keys = set(document[0]) if document else set()
        document = {table: document for table in tables if set(tables[table]["required"]) <= keys}
    for table, rows in document.items():
        met.update((name, table, key) for row in rows for key, value in row.items() if value is not None)


for case in sorted(pathlib.Path("tests/golden").iterdir()):
    arguments = case / "args"
    words = arguments.read_text() if arguments.exists() else ""
    command = words.split()[0] if words and "|" not in words else ""
    printed = (case / "expected").read_text().split("--- stderr")[0] if command in SCHEMA_OF else ""
    if printed[:1] not in ("{", "["):
        continue
    try:
        look(command, json.loads(printed), str(case))
    except json.JSONDecodeError:
        continue  # several documents, or a table
with tempfile.TemporaryDirectory() as folder:
    for name, factor in (("a", "1.1"), ("b", "1.3")):
        run("simulate", SMALL, "--runs", "40", "--set", f"simulate.spot_price_factor={factor}", "--save", f"{folder}/{name}.json")
    for arguments in [*MORE, ["compare", f"{folder}/a.json", f"{folder}/b.json"]]:
        done = run(*arguments, "--json", "-q")
        if done.returncode in (0, 1, 4) and done.stdout:
            look(arguments[0], json.loads(done.stdout), " ".join(arguments))
        else:
            faults.append(f"{' '.join(arguments)}: status {done.returncode}: {done.stderr}")
for name, schema in schemas.items():
    if name == "result":
        continue
    for table, row in schema["$defs"].items():
        for key in row["properties"]:
            if (name, table, key) not in met and (name, table, key) not in NEVER:
                faults.append(f"no {name} tells {table}.{key}")
print("\n".join(faults) if faults else f"{documents} documents, {len(schemas)} schemas")
sys.exit(1 if faults or documents < 25 else 0)
