#!/usr/bin/env python3
"""What `export` writes is valid in its own language and says what the plan says: Terraform by a strict parser of our own (and by
terraform fmt where that is installed), manifests by a YAML parser, requests by their names and limits, the script by a shell;
with hostile names everywhere it stays what it was. Needs $GPUMIX; python3-yaml."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal

try:
    import yaml
except ImportError:
    print("python3-yaml is not installed")
    sys.exit(77)

PROGRAM = os.path.abspath(os.environ["GPUMIX"])
BASE = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "SOURCE_DATE_EPOCH": "1795305600"}
SCENARIOS = ["tests/golden/data/small.yaml", "scenarios/library/03-inference-online.yaml", "scenarios/library/06-render-farm.yaml",
             "scenarios/library/01-train-llm-spot.yaml", "scenarios/library/09-etl-cpu.yaml"]
folder = tempfile.mkdtemp()
failures = []


def check(good, what):
    if not good:
        failures.append(what)
        print("FAIL:", what)


def run(*args, status=0):
    done = subprocess.run([PROGRAM, *args], capture_output=True, env=BASE, timeout=300)
    check(done.returncode == status, f"{args} ends with {done.returncode}: {done.stderr.decode()[-300:]}")
    return done.stdout.decode()


# ---- HCL: the part of the language that is written ----

TOKEN = re.compile(r"""(?P<blank>[ \t]+)|(?P<comment>\#[^\n]*)|(?P<line>\n)|(?P<number>-?\d+(?:\.\d+)?(?:e[-+]?\d+)?)
    |(?P<name>[A-Za-z_][A-Za-z0-9_-]*)|(?P<text>"(?:[^"\\\x00-\x1f]|\\["\\nrt]|\\u[0-9a-f]{4})*")
    |(?P<sign>>=|[{}\[\]()=,.])""", re.X)


class Hcl:
    """Blocks as (type, labels, {attribute: value}, [blocks]); a reference is ("ref", text), a call ("call", name, values)."""

    def __init__(self, text):
        self.tokens, at = [], 0
        while at < len(text):
            match = TOKEN.match(text, at)
            if not match:
                raise ValueError(f"not HCL: {text[at:at + 60]!r}")
            kind, at = match.lastgroup, match.end()
            if kind == "text" and re.search(r"[$%]\{", match.group()):
                raise ValueError(f"a template begins in {match.group()!r}")
            if kind not in ("blank", "comment"):
                self.tokens.append((kind, match.group()))
        self.tokens.append(("end", ""))
        self.at = 0

    def peek(self):
        return self.tokens[self.at]

    def take(self, kind=None, text=None):
        token = self.tokens[self.at]
        if (kind and token[0] != kind) or (text and token[1] != text):
            raise ValueError(f"{token} where {kind or ''} {text or ''} belongs, behind {self.tokens[max(0, self.at - 6):self.at]}")
        self.at += 1
        return token[1]

    def lines(self):
        while self.peek()[0] == "line":
            self.at += 1

    def body(self, end):
        attributes, blocks = {}, []
        self.lines()
        while self.peek() != end:
            name = self.take("name")
            if self.peek() == ("sign", "="):
                self.take()
                if name in attributes:
                    raise ValueError(f"{name} comes twice")
                attributes[name] = self.value()
            else:
                labels = []
                while self.peek()[0] in ("text", "name"):
                    labels.append(json.loads(self.take()) if self.peek()[0] == "text" else self.take())
                self.take("sign", "{")
                inner = self.body(("sign", "}"))
                self.take("sign", "}")
                blocks.append((name, labels, *inner))
            if self.peek() != end:
                self.take("line")
            self.lines()
        return attributes, blocks

    def value(self):
        kind, text = self.peek()
        if kind == "text":
            return json.loads(self.take())
        if kind == "number":
            return Decimal(self.take())
        if (kind, text) == ("sign", "["):
            return self.items("]")
        if (kind, text) == ("sign", "{"):
            return self.entries()
        name = self.take("name")
        if name in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[name]
        if self.peek() == ("sign", "("):
            return ("call", name, self.items(")"))
        while self.peek() in (("sign", "."), ("sign", "[")):
            if self.take() == ".":
                name += "." + self.take("name")
            else:
                name += f"[{json.dumps(self.value(), default=str)}]"
                self.take("sign", "]")
        return ("ref", name)

    def items(self, end):
        self.take()
        found = []
        self.lines()
        while self.peek() != ("sign", end):
            found.append(self.value())
            self.lines()
            if self.peek() != ("sign", end):
                self.take("sign", ",")
                self.lines()
        self.take()
        return found

    def entries(self):
        self.take("sign", "{")
        found = {}
        self.lines()
        while self.peek() != ("sign", "}"):
            key = json.loads(self.take()) if self.peek()[0] == "text" else self.take("name")
            self.take("sign", "=")
            found[key] = self.value()
            if self.peek() != ("sign", "}"):
                self.take("line")
            self.lines()
        self.take()
        return found


def hcl(text, what):
    try:
        parser = Hcl(text)
        result = parser.body(("end", ""))
    except ValueError as error:
        check(False, f"{what}: {error}")
        return {}, []
    return result


def test_parser():
    """It refuses what it must."""
    for text in ('a = "x', 'a = "${b}"', "a = 1 b = 2\n", "a {\n", 'a = "\x01"\n', "a = [1 2]\n", "a = 1\na = 2\n", "= 1\n", 'a = "\\q"\n'):
        try:
            Hcl(text).body(("end", ""))
            check(False, f"the parser takes {text!r}")
        except ValueError:
            pass
    good, blocks = Hcl('a = "\\u0024{b}" # c\nr "x" "y" {\n  l = [1, "2"]\n  p = q.r\n}\n').body(("end", ""))
    check(good == {"a": "${b}"} and blocks == [("r", ["x", "y"], {"l": [1, "2"], "p": ("ref", "q.r")}, [])], "the parser reads")


# Arguments of the provider's resources that may be written: a misspelt one is refused by terraform and should be found here.
ARGUMENTS = {
    "alicloud_ess_scaling_group": """provider scaling_group_name min_size max_size default_cooldown vswitch_ids multi_az_policy
        allocation_strategy spot_allocation_strategy on_demand_base_capacity on_demand_percentage_above_base_capacity
        spot_instance_pools spot_instance_remedy compensate_with_on_demand removal_policies tags""",
    "alicloud_ess_scaling_configuration": """provider scaling_group_id scaling_configuration_name image_id security_group_id
        instance_types system_disk_category system_disk_size key_name spot_strategy active enable force_delete tags""",
    "alicloud_ess_scheduled_task": "provider scheduled_task_name scaling_group_id launch_time desired_capacity task_enabled",
    "alicloud_instance": """provider count instance_name instance_type instance_charge_type period_unit period renewal_status
        vswitch_id security_groups image_id key_name system_disk_category system_disk_size availability_zone tags""",
    "alicloud_cs_kubernetes_node_pool": """node_pool_name cluster_id vswitch_ids instance_types instance_charge_type spot_strategy
        system_disk_category system_disk_size""",
}


def check_resources(blocks, what):
    declared = {f"{labels[0]}.{labels[1]}" for kind, labels, _, _ in blocks if kind == "resource"}
    variables = {labels[0] for kind, labels, _, _ in blocks if kind == "variable"}
    aliases = {attributes["alias"] for kind, _, attributes, _ in blocks if kind == "provider"}
    names = [tuple(labels) for kind, labels, _, _ in blocks if kind == "resource"]
    check(len(set(names)) == len(names), f"{what}: every resource has a name of its own")
    for kind, labels, attributes, _ in blocks:
        if kind != "resource":
            continue
        known = ARGUMENTS[labels[0]].split()
        check(set(attributes) <= set(known), f"{what}: {labels[0]} knows no {set(attributes) - set(known)}")
        check(re.fullmatch(r"[a-z][a-z0-9_]*", labels[1]) is not None, f"{what}: name {labels[1]}")
        for value in attributes.values():
            for ref in value if isinstance(value, list) else [value]:
                if not (isinstance(ref, tuple) and ref[0] == "ref"):
                    continue
                head = re.split(r"[.\[]", ref[1])
                good = (head[0] == "var" and head[1] in variables or head[0] == "alicloud" and head[1] in aliases or
                        ".".join(head[:2]) in declared)
                check(good, f"{what}: {ref[1]} is declared nowhere")


def fmt(text, what):
    if not shutil.which("terraform"):
        return
    settings = os.path.join(folder, "terraform.rc")
    open(settings, "w", encoding="utf-8").close()
    env = {**BASE, "TF_CLI_CONFIG_FILE": settings, "CHECKPOINT_DISABLE": "1", "HOME": folder}
    done = subprocess.run(["terraform", "fmt", "-check", "-no-color", "-"], input=text, text=True, capture_output=True, env=env,
                          cwd=folder)
    check(done.returncode == 0, f"{what}: terraform fmt says {done.returncode}: {done.stderr[-300:]}")


# ---- files ----

def export(source, form):
    target = os.path.join(folder, form)
    shutil.rmtree(target, ignore_errors=True)
    said = run("export", source, "-q", "--format", form, "--out", target)
    check(said == "", "--quiet says nothing")
    files = {name: open(os.path.join(target, name), encoding="utf-8").read() for name in sorted(os.listdir(target))}
    for name, text in files.items():
        check("Generated by gpumix" in text[:400], f"{name} says whose it is")
    return target, files


def saved(scenario):
    path = os.path.join(folder, "run.json")
    run("plan", scenario, "-q", "--save", path, "--out", os.path.join(folder, "table"))
    return path, json.load(open(path, encoding="utf-8"))


def peaks(result):
    """Most machines at one time by workload and region, counted another way: at every begin."""
    found = {}
    for s in result["timeline"]:
        at = s["from_h"] + 1e-6
        held = sum(o["machines"] for o in result["timeline"] if (o["workload"], o["region"]) == (s["workload"], s["region"]) and
                   o["from_h"] <= at < o["to_h"])
        key = (s["workload"], s["region"])
        found[key] = max(found.get(key, 0), held)
    return found


def check_terraform(path, result, what):
    _, files = export(path, "terraform")
    check(set(files) == {"main.tf", "terraform.tfvars.example"}, f"{what}: files {set(files)}")
    check(run("export", path, "-q", "--format", "terraform") == files["main.tf"], f"{what}: standard output gets the main file")
    _, blocks = hcl(files["main.tf"], what)
    values, _ = hcl(files["terraform.tfvars.example"], what)
    check_resources(blocks, what)
    fmt(files["main.tf"], what)
    groups = [a for kind, labels, a, _ in blocks if kind == "resource" and labels[0] == "alicloud_ess_scaling_group"]
    got = {(g["tags"]["workload"], g["provider"][1]): int(g["max_size"]) for g in groups}
    want = {(w, "alicloud." + re.sub(r"[^a-z0-9_]", "_", r)): n for (w, r), n in peaks(result).items()}
    check(got == want, f"{what}: most machines {got}, counted {want}")
    regions = {s["region"] for s in result["timeline"]} | {c["region"] for c in result["commitments"]
                                                         if c["count"] and not c["existing"] and c["region"]}
    check(set(values["network"]) == regions, f"{what}: networks of {set(values['network'])}, the plan is in {regions}")
    bought = sum(int(a["count"]) for kind, labels, a, _ in blocks if kind == "resource" and labels[0] == "alicloud_instance")
    check(bought == sum(s["count"] for s in result["subscriptions"] if not s["existing"]), f"{what}: {bought} subscriptions")
    for g in groups:
        check(0 <= g["min_size"] <= g["max_size"] and 0 <= g["on_demand_base_capacity"] <= 1000 and
              0 <= g["on_demand_percentage_above_base_capacity"] <= 100 and 0 <= g["default_cooldown"] <= 86400 and
              1 <= g.get("spot_instance_pools", 1) <= 10, f"{what}: limits of the service: {g}")
    for kind, labels, a, _ in blocks:
        if kind == "resource" and labels[0].endswith("_configuration"):
            check(1 <= len(a["instance_types"]) <= 10, f"{what}: {len(a['instance_types'])} instance types")
        if kind == "resource" and labels[0].endswith("_task"):
            check(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\dZ", a["launch_time"]) and a["task_enabled"] is False, f"{what}: tasks wait")


def check_ess(path, result, what):
    target, files = export(path, "ess")
    document = json.loads(files["scaling.json"])
    want = peaks(result)
    check(len(document["groups"]) == len(want), f"{what}: a group per workload and region")
    for g in document["groups"]:
        tags = {t["Key"]: t["Value"] for t in g["CreateScalingGroup"]["Tags"]}
        region = g["CreateScalingGroup"]["RegionId"]
        check(g["CreateScalingGroup"]["MaxSize"] == want[tags["workload"], region], f"{what}: most machines of {tags['workload']}")
        check(re.fullmatch(r"[A-Za-z][A-Za-z0-9_.-]{1,63}", g["CreateScalingGroup"]["ScalingGroupName"]) is not None, f"{what}: name")
        if "_timeline" in g:
            check(g["_timeline"][-1]["Machines"] == 0, f"{what}: the group ends empty")
            check(max(s["Machines"] for s in g["_timeline"]) == g["CreateScalingGroup"]["MaxSize"], f"{what}: its steps")
    check(os.access(os.path.join(target, "create.sh"), os.X_OK), f"{what}: the script can be run")
    check_script(target, document, what)


def check_script(target, document, what):
    """Run as it is, it prints the requests of the JSON file and touches nothing: no program but the shell's own is there."""
    empty = os.path.join(folder, "empty")
    os.makedirs(empty, exist_ok=True)
    regions = {g["CreateScalingGroup"]["RegionId"] for g in document["groups"]} | {r["RegionId"] for r in document["RunInstances"]}
    env = {"PATH": empty}
    for region in regions:
        name = re.sub(r"[^A-Z0-9]", "_", region.upper())
        env |= {f"VSWITCH_IDS_{name}": "vsw-1 vsw-2", f"SECURITY_GROUP_{name}": "sg-1", f"IMAGE_{name}": "m-1"}
    script = os.path.join(target, "create.sh")
    done = subprocess.run(["/bin/sh", script], capture_output=True, text=True, env=env, cwd=empty)
    check(done.returncode == 0, f"{what}: the script ends with {done.returncode}: {done.stderr[-300:]}")
    check(os.listdir(empty) == [], f"{what}: the script leaves {os.listdir(empty)}")
    said = [line for line in done.stderr.splitlines() if line.startswith("aliyun ess CreateScalingGroup ")]
    check(len(said) == len(document["groups"]), f"{what}: {len(said)} requests are shown")
    for line, g in zip(said, document["groups"]):
        for key in ("MinSize", "MaxSize", "OnDemandBaseCapacity", "OnDemandPercentageAboveBaseCapacity"):
            check(f" --{key} {g['CreateScalingGroup'][key]} " in line, f"{what}: {key} in {line}")
        check("--VSwitchIds.1 vsw-1 --VSwitchIds.2 vsw-2" in line, f"{what}: networks in {line}")
    if regions:
        done = subprocess.run(["/bin/sh", script], capture_output=True, text=True, env={"PATH": empty}, cwd=empty)
        check(done.returncode != 0, f"{what}: without its variables the script does nothing")


def check_k8s(path, result, what):
    _, files = export(path, "k8s")
    documents = [d for d in yaml.safe_load_all(files["manifests.yaml"]) if d]
    _, blocks = hcl(files["node_pools.tf"], what)
    check_resources(blocks, what)
    fmt(files["node_pools.tf"], what)
    labels = {b[2]["value"] for kind, _, _, inner in blocks if kind == "resource" for b in inner if b[0] == "labels"}
    names = set()
    for d in documents:
        check(d["apiVersion"] in ("apps/v1", "batch/v1", "autoscaling/v2"), f"{what}: {d['apiVersion']}")
        name = d["metadata"]["name"]
        check(re.fullmatch(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?", name) is not None, f"{what}: name {name}")
        check((d["kind"], name) not in names, f"{what}: {name} comes once")
        names.add((d["kind"], name))
        if d["kind"] == "HorizontalPodAutoscaler":
            check(1 <= d["spec"]["minReplicas"] <= d["spec"]["maxReplicas"], f"{what}: replicas")
            check(("Deployment", d["spec"]["scaleTargetRef"]["name"]) in names, f"{what}: what it scales")
            continue
        pod = d["spec"]["template"]["spec"]
        check(set(pod["nodeSelector"].values()) <= labels, f"{what}: a pool carries {pod['nodeSelector']}")
        check(pod["tolerations"][0]["value"] in labels, f"{what}: tolerated")
        limits = pod["containers"][0]["resources"]["limits"]
        check(all(isinstance(v, int) and v > 0 for v in limits.values()), f"{what}: limits {limits}")
        if d["kind"] == "Job":
            check(d["spec"]["suspend"] is True and pod["restartPolicy"] == "OnFailure", f"{what}: jobs wait")
    pools = sum(1 for kind, *_ in blocks if kind == "resource")
    check(pools == len({(s["workload"], s["instance_type"], s["market"], s["region"], s["zone"]) for s in result["timeline"]}),
          f"{what}: {pools} node pools")
    return documents


def test_scenarios():
    for scenario in SCENARIOS:
        path, result = saved(scenario)
        check_terraform(path, result, scenario)
        check_ess(path, result, scenario)
        check_k8s(path, result, scenario)
    direct = run("export", SCENARIOS[0], "-q", "--format", "k8s")
    path, _ = saved(SCENARIOS[0])
    check(direct == run("export", path, "-q", "--format", "k8s"), "a saved run exports as its scenario does")


# ---- hostile names ----

PAYLOADS = ['"; touch PWNED; "', "'; touch PWNED; '", "$(touch PWNED)", "`touch PWNED`", "${file(\"/etc/passwd\")}", "%{ if true }",
            "line\nbreak: x", "\r\n---\nkind: Secret", "\t- a", "# c", "\\", "\\u0041", "{{ .Values }}", "&a *a !!python/object:x",
            "\u2028\u0085\ufeff", "\u202eevil", "\x7f\x1b[2J", "中文", "a" * 200, "-", "..", "}", "EOF", "|", "%s%n"]


def poisoned(value, payload, names):
    if isinstance(value, dict):
        return {k: poisoned(v, payload, names) for k, v in value.items()}
    if isinstance(value, list):
        return [poisoned(v, payload, names) for v in value]
    if not isinstance(value, str):
        return value
    for name in names:
        if value == name or value.startswith((name + "/", name + "#")):
            return payload + value
        value = re.sub(rf"^workloads\.{name}\.", lambda m: f"workloads.{payload}{name}.", value)
    return value


def test_hostile():
    for scenario, names in ((SCENARIOS[0], ("tune", "shots", "nlp", "film", "small", "textures", "ecs.a10x1", "cn-shenzhen")),
                            (SCENARIOS[1], ("chat", "chat-api", "weights"))):
        _, plain = saved(scenario)
        for payload in PAYLOADS:
            hostile = os.path.join(folder, "hostile.json")
            result = poisoned(plain, payload, names)
            with open(hostile, "w", encoding="utf-8") as out:
                json.dump(result, out)
            what = f"{os.path.basename(scenario)} with {payload[:24]!r}"
            check_terraform_hostile(hostile, result, what)
            target, files = export(hostile, "ess")
            document = json.loads(files["scaling.json"])
            tags = {t["Value"] for g in document["groups"] for t in g["CreateScalingGroup"]["Tags"]}
            check({s["workload"] for s in result["timeline"]} <= tags, f"{what}: tags of the requests read back")
            if all(re.fullmatch(r"[a-z0-9-]+", g["CreateScalingGroup"]["RegionId"]) for g in document["groups"]):
                check_script(target, document, what)
            documents = check_k8s(hostile, result, what)
            check({d["metadata"]["annotations"]["gpumix/workload-name"] for d in documents} ==
                  {s["workload"] for s in result["timeline"]}, f"{what}: annotations read back")


def check_terraform_hostile(path, result, what):
    _, files = export(path, "terraform")
    _, blocks = hcl(files["main.tf"], what)
    check_resources(blocks, what)
    tags = {a["tags"]["workload"] for kind, labels, a, _ in blocks if kind == "resource" and labels[0].endswith("_group")}
    check(tags == {s["workload"] for s in result["timeline"]}, f"{what}: tags read back: {tags}")


# ---- what is not overwritten ----

def test_folder():
    target = os.path.join(folder, "mine")
    os.makedirs(target)
    with open(os.path.join(target, "terraform.tfvars.example"), "w", encoding="utf-8") as out:
        out.write("my own\n")
    run("export", SCENARIOS[0], "-q", "--format", "terraform", "--out", target, status=7)
    check(os.listdir(target) == ["terraform.tfvars.example"], "nothing is written beside a file that is not ours")
    check(open(os.path.join(target, "terraform.tfvars.example"), encoding="utf-8").read() == "my own\n", "which stays as it is")
    os.remove(os.path.join(target, "terraform.tfvars.example"))
    run("export", SCENARIOS[0], "-q", "--format", "terraform", "--out", target)
    run("export", SCENARIOS[0], "-q", "--format", "terraform", "--out", target)  # our own files are written again


# ---- what is said ----

def test_words():
    main = run("export", SCENARIOS[1], "-q")
    check("By region: where the machines stand, who may reach them, what they start from." in main, "networks are explained")
    check("The base counts machines outside spot that are always held, subscriptions among them: attach those by hand." in main,
          "the base is explained")
    check("The plan counts on spot machines without the protected first hour: set SpotDuration to 0 on this configuration." in main,
          "protection is explained")
    check("Paid in advance and not given back: 2 x ecs.gn8is.2xlarge for 12 months." in main, "subscriptions are marked")
    _, files = export(SCENARIOS[1], "terraform")
    check("Copy to terraform.tfvars and fill in." in files["terraform.tfvars.example"], "the example says what it is for")
    _, files = export(SCENARIOS[1], "ess")
    script = files["create.sh"]
    check("Prints the commands. APPLY=yes sends them: machines are then started and paid for." in script, "the script warns")
    check("Needs the vendor's command line, jq, and by region what is asked for below." in script, "the script says what it needs")
    _, files = export(SCENARIOS[1], "k8s")
    manifests, pools = files["manifests.yaml"], files["node_pools.tf"]
    check("a spot machine is taken about five minutes after its notice" in manifests, "grace is explained")
    check("put your own image here" in manifests, "images are to be filled in")
    check("the fewest of the plan; the autoscaler below takes over" in manifests, "replicas are explained")
    check("of one worker, from your own metrics; the plan counted on this load" in manifests, "the metric is explained")
    check("By region: the cluster whose node pools these are, and where they stand." in pools, "clusters are explained")
    check("Paid in advance: attach the machines that are subscribed to." in pools, "subscribed pools are explained")
    check("The plan counts on spot machines without the protected first hour." in pools, "unprotected pools are marked")
    check("false starts it" in run("export", SCENARIOS[0], "-q", "--format", "k8s"), "jobs say how to start them")
    check("a gang: all workers run together or none" in run("export", SCENARIOS[0], "-q", "--format", "k8s"), "gangs are marked")
    check("true switches the clock on" in run("export", SCENARIOS[0], "-q"), "tasks say how to switch them on")
    often, _ = saved(SCENARIOS[4])
    result = json.load(open(often, encoding="utf-8"))
    one = result["timeline"][0]
    result["timeline"] = [{**one, "from": f"2026-12-{d:02d} 08:00", "to": f"2026-12-{d:02d} 09:00", "from_h": 24.0 * d,
                           "to_h": 24.0 * d + 1} for d in range(1, 22)]
    with open(often, "w", encoding="utf-8") as out:
        json.dump(result, out)
    check("# The plan changes the number of machines 42 times, from 2026-12-01 08:00 on: let a queue drive the group." in
          run("export", often, "-q"), "many changes are left to a queue")
    result["timeline"] = [{**one, "instance_type": f"ecs.t{i}.large"} for i in range(12)]
    with open(often, "w", encoding="utf-8") as out:
        json.dump(result, out)
    check("The plan names more instance types than one configuration takes; the dearest are left out." in run("export", often, "-q"),
          "types beyond the limit are left out, and it is said")
    plan = run("export", SCENARIOS[1], "-q", "--set", "workloads.*.purchase=[on_demand, savings_plan]", "--set",
               "catalog.regions=[cn-shanghai]")
    check("Not in this file: a savings plan of CNY 76.00 per hour, to be bought by hand." in plan, "savings plans are left to people")


for test in (test_parser, test_scenarios, test_words, test_hostile, test_folder):
    test()
shutil.rmtree(folder)
print(f"{len(failures)} failures")
sys.exit(1 if failures else 0)
