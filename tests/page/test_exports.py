#!/usr/bin/env python3
"""Exports read by the tools that they are for: Terraform by HashiCorp's own parser of the language, manifests by the schemas of
Kubernetes; plain and with hostile names. tests/report/test_export_forms.py looks at what they say. Needs $GPUMIX; skipped, saying so,
without node, npm or python3-yaml."""
import json
import os
import subprocess
import sys
import tempfile

from packages import HERE, modules, skip

try:
    import yaml
except ImportError:
    skip("python3-yaml is not installed")

GPUMIX = os.path.abspath(os.environ["GPUMIX"])
ENVIRONMENT = {**os.environ, "SOURCE_DATE_EPOCH": "1795305600", "LANG": "C.UTF-8"}
SCENARIOS = ["tests/golden/data/small.yaml", "scenarios/library/01-train-llm-spot.yaml", "scenarios/library/03-inference-online.yaml",
             "scenarios/library/06-render-farm.yaml", "scenarios/library/09-etl-cpu.yaml"]
PAYLOADS = ['"; x = "', "${file(\"/etc/passwd\")}", "%{ if true }", "$${a", "line\nbreak: x", "\r\n---\nkind: Secret", "\\", "&a *a !!x",
            "\u2028\u0085", "中文", "a" * 200, "}\n", "EOF", "\x7f", "-"]
faults = []


def fault(*what):
    faults.append(" ".join(str(one) for one in what))


def run(*arguments):
    made = subprocess.run([GPUMIX, *arguments], env=ENVIRONMENT, capture_output=True, text=True)
    if made.returncode:
        fault("gpumix", *arguments, "ended with", made.returncode, made.stderr)
    return made.stdout


def named(value, payload):
    """Names of workloads, owners and jobs with `payload` in front."""
    if isinstance(value, list):
        return [named(one, payload) for one in value]
    if not isinstance(value, dict):
        return value
    return {key: payload + one if key in ("workload", "owner", "job", "scenario") and isinstance(one, str) else named(one, payload)
            for key, one in value.items()}


def jobs_of(folder, path, name):
    target = os.path.join(folder, "out")
    found = []
    for form, files in (("terraform", ("main.tf", "terraform.tfvars.example")), ("k8s", ("node_pools.tf",))):
        run("export", path, "-q", "--format", form, "--out", target)
        found += [{"name": f"{name} {file}", "terraform": open(os.path.join(target, file), encoding="utf-8").read()} for file in files]
    manifests = open(os.path.join(target, "manifests.yaml"), encoding="utf-8").read()
    return found + [{"name": f"{name} manifests", "objects": [one for one in yaml.safe_load_all(manifests) if one]}]


def check(jobs, packages):
    made = subprocess.run(["node", os.path.join(HERE, "check_exports.js")], input=json.dumps(jobs), capture_output=True, text=True,
                          env={**ENVIRONMENT, "PAGE_MODULES": packages})
    if made.returncode:
        fault("node gave up:", made.stderr[-2000:])
        return []
    return json.loads(made.stdout)


def check_itself(packages):
    """It refuses what is wrong."""
    wrong = [{"name": "a", "terraform": 'a = "x'}, {"name": "b", "terraform": 'resource "a" {\n'}, {"name": "c", "terraform": "a = 1 b = 2\n"},
             {"name": "d", "objects": [{"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "x"}, "spec": {"parallelism": "two"}}]},
             {"name": "e", "objects": [{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "x"}, "spec": {"replicas": 1}}]},
             {"name": "f", "objects": [{"apiVersion": "batch/v9", "kind": "Job"}]}]
    for job, result in zip(wrong, check(wrong, packages)):
        if "fault" not in result:
            fault("accepted:", job)


def main():
    packages = modules()
    check_itself(packages)
    with tempfile.TemporaryDirectory() as folder:
        jobs = []
        for scenario in SCENARIOS:
            path = os.path.join(folder, "run.json")
            run("plan", scenario, "-q", "--save", path)
            jobs += jobs_of(folder, path, scenario)
            plain = json.load(open(path, encoding="utf-8"))
            for payload in PAYLOADS if scenario in SCENARIOS[:3:2] else []:
                json.dump(named(plain, payload), open(path, "w", encoding="utf-8"))
                jobs += jobs_of(folder, path, f"{scenario} with {payload[:20]!r}")
        for job, result in zip(jobs, check(jobs, packages)):
            if "fault" in result or not (result.get("resources") or result.get("objects") or "example" in job["name"]):
                fault(job["name"], result)
    print(f"{len(jobs)} documents")
    print("\n".join(faults))
    sys.exit(1 if faults else 0)


main()
