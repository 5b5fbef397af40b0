"""Strings that try to become markup, script, style or commands; and saved runs with one of them in every text."""
import copy
import itertools

HEARTS = [
    "<script>injected=1</script>", "<img src=x onerror=injected=1>", "<svg onload=injected=1>", "<iframe src=javascript:injected=1>",
    "<a href=javascript:injected=1>x</a>", "<math><mtext><img src onerror=injected=1>", "<style>*{display:none}</style>",
    "<link rel=stylesheet href=//example.invalid>", "<meta http-equiv=refresh content=0>", "<base href=//example.invalid>",
    "<form action=//example.invalid><button>", "<body onload=injected=1>", "<details open ontoggle=injected=1>",
    "<input autofocus onfocus=injected=1>", "<template><script>injected=1</script>", "<noscript><p title='</noscript><img src onerror=injected=1>'>",
    "javascript:injected=1", "${injected=1}", "{{constructor.constructor('injected=1')()}}", "`;injected=1//", "\\u003cscript>injected=1",
    "&lt;script&gt;injected=1", "&#60;img src onerror=injected=1&#62;", "'; injected=1; //", "\"; injected=1; //", "$(touch /tmp/x)",
    "`touch /tmp/x`", "; rm -rf /", "<!--<script>", "<![CDATA[<img src onerror=injected=1>]]>", "{a|injected}", "{b}", "%s%n%d%%", "__proto__",
]
OPENINGS = ["", "\">", "'>", "</script>", "--></style>", "</title>", "</textarea></td></tr></table>", "]]>", "</ScRiPt >", "\u2028", "\u2029",
            "\x1b[31m", "\r\n\r\n", "\u202e", "\ufeff"]


def payloads():
    """More than 500, all different, with a number each so that none hides another."""
    return [f"{opening}{heart}#{i}" for i, (opening, heart) in enumerate(itertools.product(OPENINGS, HEARTS))]


# Words that decide how a document is read.
KEPT = {"status", "currency", "part", "state", "from", "to", "utc_offset_hours", "kind", "json"}


def with_texts(value, text, key=None):
    """A copy with `text` in place of every string."""
    if isinstance(value, dict):
        return {k: with_texts(v, text, k) for k, v in value.items()}
    if isinstance(value, list):
        return [with_texts(v, text, key) for v in value]
    return text if isinstance(value, str) and key not in KEPT else value


def poisoned(run, strings):
    """The run with its lists made as long as there are strings, each entry with one of them in all its texts; texts that stand once
    get them all. Amounts of added entries are 0, so that sums stay what they are."""
    out = copy.deepcopy(run)
    everything = " ".join(strings)
    out["inputs"] = with_texts(out["inputs"], everything)
    out["inputs"]["variant"] = "base"
    for name in ("spot_price", "lives", "policy"):
        if "simulation" in out:
            out["simulation"][name] = everything
    lists = [(out, name) for name in list(out) if isinstance(out[name], list)] + [(out["inputs"], "files")]
    if "simulation" in out:
        lists.append((out["simulation"], "workloads"))
    for owner, name in lists:
        entries = owner[name]
        if not entries:
            continue
        longer = [with_texts(entry, strings[i % len(strings)]) for i, entry in enumerate(entries)]
        for i in range(len(entries), len(strings)):
            longer.append(without_amounts(with_texts(entries[i % len(entries)], strings[i])))
        owner[name] = longer
    jobs = [entry for entry in out.get("ledger", []) if entry["job"]][:20]
    for entry in jobs:  # of one workload, so that there is a chart of jobs
        entry["workload"] = strings[0]
    out["spot_weeks"] = [{"instance_type": text, "region": text, "zone": text, "hours": 1, "by_hour": [1 + k % 7 / 10 for k in range(168)]}
                         for text in strings[1:4]]
    return out


def without_amounts(entry):
    if not isinstance(entry, dict):
        return entry
    return {key: 0 if key in ("cost", "amount", "planned") and isinstance(value, (int, float)) else value
            for key, value in entry.items()}
