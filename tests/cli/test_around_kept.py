#!/usr/bin/env python3
"""Plans solved when a run is saved (plan --save --what-if) are what its report shows, without solving anything again."""
import json
import os
import re
import shutil
import subprocess
import tempfile

import jsonschema

program = os.environ.get("GPUMIX", "build/release/gpumix")
environment = dict(os.environ, LANG="C.UTF-8", SOURCE_DATE_EPOCH="1795305600")
environment.pop("GPUMIX_LANG", None)
failures = 0


def check(good, what):
    global failures
    if not good:
        failures += 1
        print("FAIL:", what)


def run(*arguments):
    done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True)
    check(done.returncode == 0, f"{arguments}: {done.stderr}")


def text_of(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def points_of(page):
    """Costs of the sliders' tables, the English block."""
    block = re.search(r'class="panel what-if".*?<script type="application/json"[^>]*>(.*?)</script>', page, re.S)
    return [[point["cost"] for point in table["points"]] for table in json.loads(block.group(1))["tables"]] if block else []


with tempfile.TemporaryDirectory() as folder:
    plain, kept, changed = (f"{folder}/{name}.json" for name in ("plain", "kept", "changed"))
    scenario, pages = f"{folder}/train.yaml", {}
    shutil.copy("scenarios/library/01-train-llm-spot.yaml", scenario)
    run("plan", scenario, "--quiet", "--save", plain, "--runs", "200")
    run("plan", scenario, "--quiet", "--save", kept, "--runs", "200", "--what-if", "14")
    check("around" not in json.loads(text_of(plain)), "a run saved without --what-if holds no plans around it")
    schema = subprocess.run([program, "schema", "result"], env=environment, capture_output=True, text=True, check=True).stdout
    jsonschema.validate(json.loads(text_of(kept)), json.loads(schema))
    around = json.loads(text_of(kept))["around"]
    check(around["plans"] == 14 and len(around["points"]) > 14, "sliders, deadlines and uncertain numbers are kept")
    check(any(point.get("worlds") for point in around["points"]), "plans at other deadlines are simulated")
    check(any(point["status"] == "infeasible" and point["message"] for point in around["points"])
          or all("cost" in point for point in around["points"]), "a point has a cost, or says why not")

    # The same page, whether its plans were solved then or are solved now.
    run("report", plain, "--format", "html", "--what-if", "14", "--out", f"{folder}/now.html")
    run("report", kept, "--format", "html", "--out", f"{folder}/then.html")
    now, then = text_of(f"{folder}/now.html"), text_of(f"{folder}/then.html")
    check(points_of(then) and points_of(now) == points_of(then), "the sliders have the same costs")
    visible = [re.sub(r'<script type="application/json" id="data">.*?</script>', "", page, flags=re.S) for page in (now, then)]
    check(visible[0] == visible[1], "the pages are the same but for the data behind them")

    # What is shown is what was kept: nothing is solved again.
    document = json.loads(text_of(kept))
    for point in document["around"]["points"]:
        if "cost" in point:
            point["cost"] += 1000
    with open(changed, "w", encoding="utf-8") as f:
        json.dump(document, f)
    run("report", changed, "--format", "html", "--out", f"{folder}/changed.html")
    own, moved = document["summary"]["cost"], 0
    for old, new in zip(points_of(then), points_of(text_of(f"{folder}/changed.html"))):
        for a, b in zip(old, new):
            moved += a is not None and abs(b - a - 1000) < 1e-6
            check(a == b if a is None else abs(b - a - 1000) < 1e-6 or a == b == own, f"costs are taken from the run: {a} {b}")
    check(moved >= 8, "nearly every point of the sliders is one that was kept")

print(f"{failures} failures" if failures else "the report shows what was solved when the run was saved")
raise SystemExit(1 if failures else 0)
