#!/usr/bin/env python3
"""The workflow of docs/ci works step by step in a repository of its own: it passes a change within the budget, tells what it
changes, and stops one that costs too much or is wrong. The Grafana board asks for series that `report --format prom` writes, by
labels that they have. Needs $GPUMIX, git; python3-yaml."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(os.environ.get("GPUMIX", "build/release/gpumix"))
try:
    import yaml
except ImportError:
    print("python3-yaml is not installed")
    sys.exit(77)

failures = []
folder = tempfile.mkdtemp()
ENV = {"PATH": f"{folder}/bin:{os.environ['PATH']}", "LANG": "C.UTF-8", "SOURCE_DATE_EPOCH": "1795305600", "HOME": folder,
       "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "a",
       "GIT_COMMITTER_EMAIL": "a@example.com", "GIT_CONFIG_NOSYSTEM": "1"}


def check(good, what):
    if not good:
        failures.append(what)
        print("FAIL:", what)


def shell(script, cwd, **env):
    return subprocess.run(["sh", "-e", "-c", script], capture_output=True, text=True, cwd=cwd, env={**ENV, **env}, timeout=300)


# ---- the workflow ----

def workflow():
    document = yaml.safe_load(open("docs/ci/gpumix.yml", encoding="utf-8"))
    check(document[True]["pull_request"]["paths"] == ["scenarios/**"], "it runs where scenarios change")  # YAML reads on as true
    job = document["jobs"]["budget"]
    steps = [(s["name"], s["run"]) for s in job["steps"] if "run" in s]
    named = [n for n, run in steps if "apt-get" in run]
    check(named == ["Get git", "Install gpumix"], f"what is installed: {named}")
    return job["env"], [(n, run) for n, run in steps if n not in named]


def repository(change):
    """A repository whose main branch holds a scenario, and a branch that changes it, checked out."""
    place = tempfile.mkdtemp(dir=folder)
    upstream, work = os.path.join(place, "upstream"), os.path.join(place, "work")
    made = shell(f"git init -q -b main {upstream} && cd {upstream} && gpumix init scenarios --kind etl --quiet > made.txt && "
                 f"mv scenarios/scenario.yaml scenarios/company.yaml && git add scenarios && git commit -q -m first && "
                 f"git clone -q {upstream} {work}", place)
    check(made.returncode == 0, f"the repository: {made.stderr[-300:]}")
    path = os.path.join(work, "scenarios/company.yaml")
    text = open(path, encoding="utf-8").read()
    changed = change(text)
    check(changed != text, "the branch changes something")
    with open(path, "w", encoding="utf-8") as out:
        out.write(changed)
    return work


def steps_run(work, env, steps):
    """Name of the step that failed, or None; and the summary."""
    summary = os.path.join(work, "summary.md")
    open(summary, "w", encoding="utf-8").close()
    for name, script in steps:
        done = shell(script, work, GITHUB_STEP_SUMMARY=summary, GITHUB_BASE_REF="main", **env)
        if done.returncode != 0:
            return name, open(summary, encoding="utf-8").read(), done.stdout + done.stderr
    return None, open(summary, encoding="utf-8").read(), ""


def test_workflow():
    if not shutil.which("git"):
        print("git is not installed: the workflow was not run")
        return
    os.makedirs(f"{folder}/bin")
    os.symlink(PROGRAM, f"{folder}/bin/gpumix")
    env, steps = workflow()

    def more(text):
        return re.sub(r"base: 9000\b", "base: 11000", text, count=1)

    failed, summary, said = steps_run(repository(more), env, steps)
    check(failed is None, f"within the budget: {failed} fails: {said[-400:]}")
    check("### What changes against base.json" in summary, f"the summary tells what changes: {summary[:300]}")
    check("| Difference |" in summary, "and by how much")
    failed, summary, said = steps_run(repository(more), {**env, "MOST": "1"}, steps)
    check(failed == "Keep inside the budget", f"over the budget: {failed}")
    check("gate failed for base: p90 > 1 " in said, f"which is said: {said[-300:]}")
    check("What changes against" in summary, "after the change was told")
    failed, _, said = steps_run(repository(lambda t: t.replace("vcpu_hours", "vcpu_huors", 1)), env, steps)
    check(failed == "Check the scenarios", f"a wrong file: {failed}")
    check(re.match(r"::error title=E3020,file=scenarios/company\.yaml,line=\d+,", said), f"as an annotation: {said[:200]}")


# ---- the board ----

def series():
    """Labels by metric, of plans that have everything."""
    found = {}
    for scenario in ("tests/golden/data/budget.yaml", "scenarios/library/03-inference-online.yaml"):
        done = subprocess.run([PROGRAM, "report", scenario, "-q", "--runs", "5", "--variant", "base", "--format", "prom"],
                              capture_output=True, text=True, env=ENV, check=True)
        for name, labels in re.findall(r"^(\w+)\{(.*)\} ", done.stdout, re.M):
            found.setdefault(name, set()).update(re.findall(r"(\w+)=\"", labels))
    return found


def test_board():
    board = json.load(open("docs/grafana/gpumix.json", encoding="utf-8"))
    there = series()
    names = {v["name"] for v in board["templating"]["list"]}
    asked, taken = set(), set()
    check(len({p["id"] for p in board["panels"]}) == len(board["panels"]), "every panel has a number of its own")
    for panel in board["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        check(not cells & taken and at["x"] + at["w"] <= 24, f"{panel['title']} has a place of its own")
        taken |= cells
        check(panel["targets"] and panel["title"], "a panel shows something and says what")
        for target in panel["targets"]:
            check(panel["datasource"]["uid"] == "${datasource}", f"{panel['title']}: the data source can be chosen")
            check(set(re.findall(r"\$(\w+)", target["expr"])) <= names, f"{target['expr']}: variables")
            for metric, selector in re.findall(r"\b(gpumix_\w+)(?:\{(.*?)\})?", target["expr"]):
                asked.add(metric)
                check(metric in there, f"{panel['title']}: nothing writes {metric}")
                labels = set(re.findall(r"(\w+)=\"", selector)) | set(re.findall(r"\{\{(\w+)\}\}", target.get("legendFormat", "")))
                check(labels <= there.get(metric, set()), f"{metric} has no {labels - there.get(metric, set())}")
            for group in re.findall(r"\bby \((.*?)\)", target["expr"]):
                metric = re.search(r"\bgpumix_\w+", target["expr"]).group()
                check(set(group.split(",")) <= there[metric], f"{metric} is not by {group}")
    check(len(asked) >= 15, f"the board shows {len(asked)} metrics")


test_workflow()
test_board()
shutil.rmtree(folder)
print(f"{len(failures)} failures")
sys.exit(1 if failures else 0)
