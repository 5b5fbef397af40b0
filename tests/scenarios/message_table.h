#ifndef TESTS_SCENARIOS_MESSAGE_TABLE_H
#define TESTS_SCENARIOS_MESSAGE_TABLE_H

/* Every message about keys, values, names and paths, with place, reason and remedy. The file is called plan.yaml. */
/* clang-format off */
static const struct message {
    const char *name, *text;
    const char *findings;
} messages[] = {
    {"unknown",
     "version: 1\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    gpu_huors: 100\n",
     "E3020 5:5 unknown key 'gpu_huors' in workloads.a -> did you mean 'gpu_hours'?\n"},
    {"wide_last",
     "version: 1\n"
     "workloads:\n"
     "  a:\n"
     "    kind： training\n",
     "E3002 4:9 not valid YAML (full-width colon '：' found; the key and its value run together) -> write 'kind: training' with an ASCII ': '\n"},
    {"wide_flow",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "workloads:\n"
     "  a: {kind：training, work: {gpu_hours: 1}}\n",
     "E3002 4:11 not valid YAML (full-width colon '：' found; the key and its value run together) -> write 'kind: training' with an ASCII ': '\n"},
    {"version2",
     "version: 2\n"
     "foo: bar\n",
     "E3003 1:10 format version 2: the file was made for a newer gpumix -> update gpumix; this one reads version 1\n"},
    {"noversion",
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n",
     "E3003 0:0 the key 'version' is missing -> start the file with 'version: 1'\n"},
    {"versionx",
     "version: one\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n",
     "E3003 1:10 this is no format version -> write 'version: 1'\n"},
    {"novalue",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "name:\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n",
     "E3022 3:1 name has no value -> give it a value, or remove the key\n"},
    {"null",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "name: null\n"
     "workloads:\n"
     "  a: ~\n",
     "E3022 3:1 name has no value -> give it a value, or remove the key\n"
     "E3022 5:6 workloads.a must hold keys and values -> write {key: value}, or one 'key: value' a line, indented below it\n"},
    {"forms",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "name: [a]\n"
     "budget: 5\n"
     "workloads:\n"
     "  a: {kind: etl, purchase: spot, work: {gpu_hours: [1]}, resources: {gpu: A10-24GB}, storage: {use: x}}\n",
     "E3022 3:7 name must be a single value -> write one value without brackets\n"
     "E3022 4:9 budget must hold keys and values -> write {key: value}, or one 'key: value' a line, indented below it\n"
     "E3022 6:28 workloads.a.purchase must be a list -> write [spot]\n"
     "E3022 6:52 workloads.a.work.gpu_hours must be a single value -> write one value without brackets\n"
     "E3022 6:75 workloads.a.resources.gpu must be a list -> write [A10-24GB]\n"
     "E3022 6:95 workloads.a.storage must be a list -> write [a, b], or one '- a' a line, indented below it\n"},
    {"classes",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 3d}\n"
     "storage: {d: {classes: [oss-standard, cpfs-200, oss-standard]}}\n"
     "workloads:\n"
     "  a: {kind: etl, work: {vcpu_hours: 1}}\n",
     "E3010 3:49 storage.d.classes holds 'oss-standard' twice -> delete one of the two\n"},
    {"uses",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 3d}\n"
     "storage: {d: {class: oss-standard}}\n"
     "workloads:\n"
     "  a:\n"
     "    kind: etl\n"
     "    work: {vcpu_hours: 1}\n"
     "    storage: [{use: d, size: 1GB, reads: 5}, {use: d, size: 1GB, read: 2x}, [d]]\n",
     "E3030 8:42 workloads.a.storage.0.reads cannot be '5' -> write a factor, for example 1.3x\n"
     "E3020 8:66 unknown key 'read' in workloads.a.storage.1 -> did you mean 'reads'?\n"
     "E3022 8:77 workloads.a.storage.2 must hold keys and values -> write {key: value}, or one 'key: value' a line, indented below it\n"},
    {"budgets",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 3d}\n"
     "budget: {limit: ¥50/h, by: {team: ¥7/d}}\n"
     "workloads:\n"
     "  a: {kind: etl, owner: team, work: {vcpu_hours: 1}}\n",
     "E3030 3:17 budget.limit cannot be '¥50/h' -> write an amount, for example ¥80000/month, or ¥80000 for the whole plan\n"
     "E3030 3:35 budget.by.team cannot be '¥7/d' -> write an amount, for example ¥80000/month, or ¥80000 for the whole plan\n"},
    {"columns",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 3d}\n"
     "workloads:\n"
     "  a: {kind: etl, work: {from_csv: jobs.csv, columns: {vcpu_huors: h}}}\n",
     "E3030 4:55 'vcpu_huors' cannot be a name in workloads.a.work.columns (names stand in paths, in files and in other programs) -> "
     "write a key of a job, such as id, gpu_hours, deadline or late_cost\n"},
    {"triple",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "workloads:\n"
     "  a: {kind: etl, work: {gpu_hours: {low: 7, base: 5, high: 4}}}\n"
     "  b: {kind: etl, work: {gpu_hours: {low: 7}}}\n",
     "E3050 4:42 workloads.a.work.gpu_hours.low is 7, above base 5 -> write low <= base <= high; base is set at plan.yaml:4\n"
     "E3050 4:60 workloads.a.work.gpu_hours.high is 4, below base 5 -> write low <= base <= high; base is set at plan.yaml:4\n"
     "E3021 5:25 the key 'base' is missing in workloads.b.work.gpu_hours -> add 'base: ...'\n"},
    {"both",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "workloads:\n"
     "  a: {kind: etl, work: {gpu_hours: 5}, resources: {workers: 2, max_workers: 4}, storage: [{use: corpsu, size: 1TB}, {use: zzz, size: 1TB}]}\n"
     "storage: {corpus: {class: any, classes: [oss-ia, oss-hdfs]}}\n",
     "E3050 5:32 storage.corpus has both class and classes -> keep one of the two; class is set at plan.yaml:5\n"
     "E3050 4:64 workloads.a has both workers and max_workers (workers is a gang that runs together, max_workers caps work that can be divided) -> keep one of the two; workers is set at plan.yaml:4\n"
     "E3040 4:97 there is no dataset 'corpsu' -> did you mean 'corpus'?\n"
     "E3040 4:123 there is no dataset 'zzz' -> define it: storage: {zzz: {class: oss-standard}}\n"},
    {"nokind",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "workloads:\n"
     "  a: {work: {gpu_hours: 5}}\n",
     "E3021 4:3 workloads.a has no kind (the kind says what the work is and which defaults hold) -> add for example 'kind: training'\n"},
    {"budget",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "workloads:\n"
     "  a: {kind: etl, work: {gpu_hours: 5}, owner: nlp}\n"
     "budget: {limit: ¥5, by: {nlpp: ¥5, zzzz: ¥6/month}}\n"
     "quota_by: {nlq: {A10-24GB: 4}}\n",
     "warning E3060 5:26 budget.by names 'nlpp', the owner of no workload -> did you mean 'nlp'?\n"
     "warning E3060 5:36 budget.by names 'zzzz', the owner of no workload -> write 'owner: zzzz' in a workload, or remove the limit\n"
     "warning E3060 6:12 quota_by names 'nlq', the owner of no workload -> did you mean 'nlp'?\n"},
    {"usd",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "workloads:\n"
     "  a: {kind: etl, work: {gpu_hours: 5}, late_cost: $5/h}\n",
     "E3051 4:51 an amount in USD in a scenario in CNY needs an exchange rate -> add for example 'fx: {USD: 7.2}' with the CNY a dollar costs\n"},
    {"fx",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "fx: {USD: 0.139, EUR: 8}\n"
     "workloads:\n"
     "  a: {kind: etl, work: {gpu_hours: 5}, late_cost: $5/h}\n",
     "warning E3051 3:18 fx.EUR is not used (amounts are in CNY or in USD) -> remove it\n"
     "warning E3051 3:11 fx.USD is 0.139 CNY per dollar (it has been between 6 and 9 for decades; the other way round it would be 7.194) -> write what one dollar costs in CNY\n"},
    {"tz",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "timezone: Europe/Berlin\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n",
     "E3052 3:11 the time zone 'Europe/Berlin' has summer time (its days have 23, 24 or 25 hours, and hours and months are counted in a zone with a fixed offset from UTC) -> write a zone with a fixed offset, for example Asia/Shanghai or UTC\n"},
    {"tz2",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "timezone: Asia/Shangai\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n",
     "E3052 3:11 the time zone 'Asia/Shangai' is not known -> write a zone with a fixed offset, for example Asia/Shanghai or UTC\n"},
    {"nohorizon",
     "version: 1\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n",
     "E3053 0:0 horizon.start is missing -> write for example horizon: {start: 2026-12-01, length: 30d}\n"
     "E3053 0:0 horizon.length is missing -> write for example horizon: {start: 2026-12-01, length: 30d}\n"},
    {"hzero",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 0d}\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n",
     "E3053 2:38 horizon.length is zero -> write a length such as 30d\n"},
    {"hstep",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30min}\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n",
     "E3053 2:38 horizon.step is longer than horizon.length -> write a shorter step, for example 1h\n"},
    {"hstep0",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d, step: 0h}\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n",
     "E3053 2:49 horizon.step is zero -> write a length such as 1h\n"},
    {"hlong",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 300month}\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n",
     "E3053 2:38 horizon.length is more than 20 years -> write a length such as 30d or 12month\n"},
    {"noworkloads",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "workloads: {}\n",
     "E3022 3:1 workloads is empty -> write at least one entry\n"},
    {"nowl",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n",
     "E3021 0:0 the key 'workloads' is missing -> add 'workloads: ...'\n"},
    {"templ",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "templates:\n"
     "  x: {extends: y}\n"
     "  y: {extends: x}\n"
     "  z: {extends: zz}\n"
     "workloads:\n"
     "  a: {extends: smal, kind: etl}\n"
     "  b: {extends: x, kind: etl}\n"
     "  c: {extends: z, kind: etl}\n",
     "E3042 5:3 the template 'y' extends itself -> take one `extends` out of the chain\n"
     "E3042 4:3 the template 'x' extends itself -> take one `extends` out of the chain\n"
     "E3040 6:16 there is no template 'zz' -> did you mean 'z'?\n"
     "E3040 8:16 there is no template 'smal' -> the templates are: x, y, z\n"},
    {"paths",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n"
     "variants:\n"
     "  z: {set: {workloads.a.window.dedline: 5d, workloads.b.kind: etl, defaults.purchase: [spotty], include: [a], workloads.*.purchase: [spot], templates.*.kind: etl, workloads.a.kind.foo: 1, workloads.a.storage.0.size: 1TB, fx.USD: x, workloads.a.work.gpu_hours.high: 700, workloads.a.resorces.gpu: [x]}, remove: [workloads.a.kind, workloads.c]}\n",
     "E3041 8:330 nothing matches the path 'workloads.c' -> behind 'workloads.' may stand: a\n"
     "E3041 8:13 nothing matches the path 'workloads.a.window.dedline' -> did you mean 'workloads.a.window.deadline'?\n"
     "E3041 8:45 nothing matches the path 'workloads.b.kind' -> behind 'workloads.' may stand: a\n"
     "E3032 8:88 defaults.purchase cannot be 'spotty' -> did you mean 'spot'?\n"
     "E3041 8:97 'include' cannot be changed by a setting (it is read before settings are applied) -> change it in the file\n"
     "E3041 8:141 nothing matches the path 'templates.*.kind' -> '*' stands for every entry of a map, and there is none\n"
     "E3041 8:164 nothing matches the path 'workloads.a.kind.foo' ('kind' is a single value at plan.yaml:5 and has no keys) -> shorten the path to that value\n"
     "E3041 8:189 nothing matches the path 'workloads.a.storage.0.size' -> the path can go no further than 'workloads.a.storage'\n"
     "E3030 8:230 fx.USD cannot be 'x' -> write what one unit of the currency costs in CNY, for example 7.2\n"
     "E3041 8:271 nothing matches the path 'workloads.a.resorces.gpu' -> did you mean 'workloads.a.resources.gpu'?\n"},
    {"names",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "workloads:\n"
     "  预训练: {kind: etl}\n"
     "  \"a b\": {kind: etl}\n"
     "quota: {\"A10 24\": 5, A10-24GB: -1}\n"
     "catalog: {overrides: {foo: ¥5/h, ecs.g7.large/spot: ¥5}, regions: [CN]}\n",
     "E3030 4:3 '预训练' cannot be a name in workloads (names stand in paths, in files and in other programs) -> write a name of ASCII letters, digits and . _ : / -; other writing belongs into label\n"
     "E3030 5:3 'a b' cannot be a name in workloads (names stand in paths, in files and in other programs) -> write a name of ASCII letters, digits and . _ : / -; other writing belongs into label\n"
     "E3030 6:9 'A10 24' cannot be a name in quota (names stand in paths, in files and in other programs) -> write a GPU model or an instance type, with @region or @zone behind it if wanted\n"
     "E3031 6:32 quota.A10-24GB is -1, less than 0 -> write a value from 0 to 10000000\n"
     "E3030 7:23 'foo' cannot be a name in catalog.overrides (names stand in paths, in files and in other programs) -> write TYPE/market or TYPE/market@region, for example ecs.gn7i-c16g1.4xlarge/on_demand\n"
     "E3030 7:53 catalog.overrides.ecs.g7.large/spot cannot be '¥5' -> write an amount with its unit of time, for example ¥9.8/h\n"
     "E3030 7:68 catalog.regions cannot be 'CN' -> write a region such as cn-shenzhen or a zone such as cn-shenzhen-d\n"},
    {"misplaced",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "workloads:\n"
     "  a: {kind: etl, gpu_hours: 5, gpu: [x], zzzz: 1}\n"
     "window: {}\n",
     "E3020 4:18 unknown key 'gpu_hours' in workloads.a -> write it under 'work'\n"
     "E3020 4:32 unknown key 'gpu' in workloads.a -> write it under 'resources'\n"
     "E3020 4:42 unknown key 'zzzz' in workloads.a -> keys here are: extends, kind, label, label_zh, owner, tags, priority, work, speed, resources, window, late_cost, unserved_cost, load, latency, service, request_mix, autoscale, purchase, spot_max_share, spot, interruption, storage, licence\n"
     "E3020 5:1 unknown key 'window' -> write it under 'defaults'\n"},
    {"commit",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n"
     "commitments:\n"
     "  - {subscription: ecs.g7.large}\n"
     "  - {savings_plan: ¥50/month, discount: 20%}\n"
     "  - {count: 5}\n"
     "  - 5\n",
     "E3021 8:5 the key 'count' is missing in commitments.0 -> add 'count: ...'\n"
     "E3030 9:20 commitments.1.savings_plan cannot be '¥50/month' -> write an amount per hour, for example ¥50/h\n"
     "E3021 10:5 the key 'subscription' is missing in commitments.2 -> add 'subscription: ...'\n"
     "E3022 11:5 commitments.3 must hold keys and values -> write {key: value}, or one 'key: value' a line, indented below it\n"},
    {"values",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "currency: EUR\n"
     "workloads:\n"
     "  a:\n"
     "    kind: trainign\n"
     "    work: {gpu_hours: 12h, tokens: 1e6x, utilization: 120%}\n"
     "    window: {deadline: 12, hours: \"22-07\", start: 2026-13-01, confidence: 100%}\n"
     "    late_cost: ¥5000\n"
     "    unserved_cost: 5/d\n"
     "    purchase: [spott, spot, spot]\n"
     "    spot_max_share: 30\n"
     "    resources: {gpus_per_worker: 0, workers: 1.5, gpu_memory: 80, gpu_share: 0, vcpu: 99999, instance_types: [a/b], encoder_share: 0}\n"
     "    interruption: {tolerant: yes, checkpoint_every: never}\n"
     "    spot: {max_price: ¥5/d, hazard_per_h: 5%}\n"
     "    licence: {price: ¥5}\n"
     "    load: {peak_at: 25:00, points: {\"7:00\": 5/s}, growth: 5%, burst: 0.5}\n"
     "    storage: [{use: a, size: 5, reads: 2, throughput: 5GB, keep: 5}, {size: 1TB}]\n"
     "    work_: 1\n",
     "E3032 3:11 currency cannot be 'EUR' -> write one of: CNY, USD\n"
     "E3032 6:11 workloads.a.kind cannot be 'trainign' -> did you mean 'training'?\n"
     "E3030 7:23 workloads.a.work.gpu_hours cannot be '12h' -> write a plain number, for example 12.5\n"
     "E3030 7:36 workloads.a.work.tokens cannot be '1e6x' -> write a count, for example 250, 30k, 7B or 1.5T\n"
     "E3031 7:55 workloads.a.work.utilization is 120%, more than 100% -> write a value above 0%, at most 100%\n"
     "E3030 8:24 workloads.a.window.deadline cannot be '12' -> write a length of time such as 12d, or a moment such as 2026-12-08 18:00\n"
     "E3030 8:35 workloads.a.window.hours cannot be '22-07' -> write hours of the day, for example 22:00-07:00\n"
     "E3030 8:51 workloads.a.window.start cannot be '2026-13-01' -> write a date, or date and time, for example 2026-12-08 18:00\n"
     "E3031 8:75 workloads.a.window.confidence is 100%, more than 99.999% -> write a value above 0%, at most 99.999%\n"
     "E3030 9:16 workloads.a.late_cost cannot be '¥5000' -> write an amount per hour or day, for example ¥5000/d\n"
     "E3030 10:20 workloads.a.unserved_cost cannot be '5/d' -> write an amount per request or session, for example ¥0.05\n"
     "E3032 11:16 workloads.a.purchase cannot be 'spott' -> did you mean 'spot'?\n"
     "E3010 11:29 workloads.a.purchase holds 'spot' twice -> delete one of the two\n"
     "E3030 12:21 workloads.a.spot_max_share cannot be '30' -> write a percentage with its sign, for example 30%\n"
     "E3031 13:34 workloads.a.resources.gpus_per_worker is 0, less than 1 -> write a value from 1 to 64\n"
     "E3030 13:46 workloads.a.resources.workers cannot be '1.5' -> write a whole number, for example 8\n"
     "E3030 13:63 workloads.a.resources.gpu_memory cannot be '80' -> write a size with its unit, for example 80GB\n"
     "E3031 13:78 workloads.a.resources.gpu_share is 0, but must be above 0 -> write a value above 0, at most 1\n"
     "E3031 13:87 workloads.a.resources.vcpu is 99999, more than 4096 -> write a value from 1 to 4096\n"
     "E3030 13:111 workloads.a.resources.instance_types cannot be 'a/b' -> write an instance type such as ecs.gn7i-c16g1.4xlarge\n"
     "E3031 13:132 workloads.a.resources.encoder_share is 0, but must be above 0 -> write a larger value\n"
     "E3032 14:30 workloads.a.interruption.tolerant cannot be 'yes' -> write one of: true, false\n"
     "E3030 14:53 workloads.a.interruption.checkpoint_every cannot be 'never' -> write a length of time such as 20min, or auto\n"
     "E3030 15:23 workloads.a.spot.max_price cannot be '¥5/d' -> write an amount per machine-hour, for example ¥9.8/h\n"
     "E3030 15:43 workloads.a.spot.hazard_per_h cannot be '5%' -> write a plain number, for example 12.5\n"
     "E3030 16:22 workloads.a.licence.price cannot be '¥5' -> write an amount per h, d, month or year, for example ¥140/month\n"
     "E3030 17:21 workloads.a.load.peak_at cannot be '25:00' -> write a time of the day, for example 21:30\n"
     "E3030 17:37 '7:00' cannot be a name in workloads.a.load.points (names stand in paths, in files and in other programs) -> write a time of the day, for example 21:30\n"
     "E3030 17:59 workloads.a.load.growth cannot be '5%' -> write a growth per month, for example 5%/month\n"
     "E3031 17:70 workloads.a.load.burst is 0.5, less than 1 -> write a larger value\n"
     "E3030 18:30 workloads.a.storage.0.size cannot be '5' -> write a size with its unit, for example 80GB\n"
     "E3030 18:40 workloads.a.storage.0.reads cannot be '2' -> write a factor, for example 1.3x\n"
     "E3030 18:55 workloads.a.storage.0.throughput cannot be '5GB' -> write a throughput with its unit, for example 750MB/s\n"
     "E3030 18:66 workloads.a.storage.0.keep cannot be '5' -> write a length of time with its unit, for example 90min\n"
     "E3021 18:70 the key 'use' is missing in workloads.a.storage.1 -> add 'use: ...'\n"
     "E3020 19:5 unknown key 'work_' in workloads.a -> did you mean 'work'?\n"},
    {"values2",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n"
     "storage: {d: {price: ¥5, region: CN, split: 1}}\n"
     "budget: {warn_at: 5, confidence: 100%}\n"
     "simulate: {runs: 0, seed: x, spot_price: histry, spot_price_factor: -1}\n"
     "horizon_: {}\n"
     "catalog: {discount: 120%, builtin: maybe, instances: x.csv, max_age: 14}\n"
     "integrality: machine\n"
     "fx: {USD: 0}\n"
     "stock: {from_csv: [x]}\n"
     "commitments: [{savings_plan: ¥5/h, discount: 120%}]\n"
     "variants: {a: {sett: {}}, b: {set: [x]}}\n",
     "E3030 7:22 storage.d.price cannot be '¥5' -> write an amount per GB-month, for example ¥0.28/GB-month\n"
     "E3030 7:34 storage.d.region cannot be 'CN' -> write a region such as cn-shenzhen or a zone such as cn-shenzhen-d\n"
     "E3032 7:45 storage.d.split cannot be '1' -> write one of: true, false\n"
     "E3030 8:19 budget.warn_at cannot be '5' -> write a percentage with its sign, for example 30%\n"
     "E3031 8:34 budget.confidence is 100%, more than 99.999% -> write a value above 0%, at most 99.999%\n"
     "E3031 9:18 simulate.runs is 0, less than 1 -> write a value from 1 to 10000000\n"
     "E3030 9:27 simulate.seed cannot be 'x' -> write a whole number, for example 8\n"
     "E3032 9:42 simulate.spot_price cannot be 'histry' -> did you mean 'history'?\n"
     "E3030 9:69 simulate.spot_price_factor cannot be '-1' -> write a plain number or a percentage, for example 0.3 or 30%\n"
     "E3020 10:1 unknown key 'horizon_' -> did you mean 'horizon'?\n"
     "E3031 11:21 catalog.discount is 120%, more than 100% -> write a value from 0% to 100%\n"
     "E3032 11:36 catalog.builtin cannot be 'maybe' -> write one of: true, false\n"
     "E3022 11:54 catalog.instances must be a list -> write [x.csv]\n"
     "E3030 11:70 catalog.max_age cannot be '14' -> write a length of time with its unit, for example 90min\n"
     "E3032 12:14 integrality cannot be 'machine' -> did you mean 'machines'?\n"
     "E3030 13:11 fx.USD cannot be '0' -> write what one unit of the currency costs in CNY, for example 7.2\n"
     "E3022 14:19 stock.from_csv must be a single value -> write one value without brackets\n"
     "E3031 15:46 commitments.0.discount is 120%, more than 100% -> write a value from 0% to 100%\n"
     "E3020 16:16 unknown key 'sett' in variants.a -> did you mean 'set'?\n"
     "E3022 16:36 variants.b.set must hold keys and values -> write {key: value}, or one 'key: value' a line, indented below it\n"},
    {"digits",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "workloads: {a: {kind: etl}}\n"
     "catalog: {discount: 1.12345678901234567890%}\n",
     "E3030 4:21 catalog.discount cannot be '1.12345678901234567890%' -> write a percentage with fewer digits\n"},
    {"comma",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "workloads: {a: {kind: etl}}\n"
     "budget: {limit: ¥9,000}\n",
     "E3020 4:20 unknown key '000' in budget -> put a value that holds a comma in quotes, or write it without the comma\n"},
    {"deadline0",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "workloads: {a: {kind: etl, work: {vcpu_hours: 1}, window: {deadline: 0h}, interruption: {checkpoint_every: 0s}}}\n",
     "E3031 3:70 workloads.a.window.deadline is 0h, but must be above 0h -> write a larger value\n"
     "E3031 3:108 workloads.a.interruption.checkpoint_every is 0s, but must be above 0h -> write a larger value\n"},
    {"empties",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "workloads: {a: {kind: etl, purchase: []}}\n"
     "storage: {d: {classes: []}}\n",
     "E3022 3:28 workloads.a.purchase is empty -> write at least one entry\n"
     "E3022 4:15 storage.d.classes is empty -> write at least one entry\n"},
    {"variants",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n"
     "variants:\n"
     "  base: {}\n"
     "  x: {from: y}\n"
     "  y: {from: x}\n"
     "  z: {from: xx}\n"
     "compare: {baseline: xy, order: [base, q]}\n"
     "sweep: {workloads.a.window.deadline: [5d, 6], wrk: [1]}\n",
     "E3050 8:3 a variant cannot have the name 'base' (it is the name of the file without any variant) -> choose another name\n"
     "E3042 9:3 the variant 'x' starts from itself -> take one `from` out of the chain\n"
     "E3042 10:3 the variant 'y' starts from itself -> take one `from` out of the chain\n"
     "E3040 11:13 there is no variant 'xx' -> did you mean 'x'?\n"
     "E3040 12:21 there is no variant 'xy' -> did you mean 'x'?\n"
     "E3040 12:39 there is no variant 'q' -> the variants are: base, x, y, z\n"
     "E3030 13:43 workloads.a.window.deadline cannot be '6' -> write a length of time such as 12d, or a moment such as 2026-12-08 18:00\n"
     "E3041 13:47 nothing matches the path 'wrk' -> the path may start with: name, description, currency, fx, timezone, horizon, catalog, quota, quota_by, stock, commitments, integrality, templates, defaults, workloads, storage, budget, simulate, compare, sweep\n"},
    {"novariants",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n"
     "compare: {baseline: x}\n",
     "E3040 7:21 there is no variant 'x' -> the file has no variants; add it under 'variants:'\n"},
    {"notemplates",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "workloads: {a: {extends: x, kind: etl}}\n",
     "E3040 3:26 there is no template 'x' -> define it under 'templates:'\n"},
    {"usd_scenario",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "currency: USD\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n"
     "budget: {limit: ¥500}\n",
     "E3051 8:17 an amount in CNY in a scenario in USD needs an exchange rate -> add for example 'fx: {USD: 7.2}' with the CNY a dollar costs\n"},
};
/* clang-format on */

#endif
