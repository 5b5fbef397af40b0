#!/usr/bin/env python3
"""Pages name only what exists: links lead somewhere, files in back quotes are in the tree, and the pages about CSV
columns list exactly the columns that the code reads."""
import glob
import os
import re
import sys

FOLDERS = "common|pricing|scenarios|proof|solver|sim|report|cli|tests|tools|docs|po"
faults = []


def fault(page, line, text):
    faults.append(f"{page}:{line}: {text}")


def anchors(path):
    found = set()
    for line in open(path, encoding="utf-8"):
        if line.startswith("#"):
            title = re.sub(r"[`*\[\]().,:]", "", line.lstrip("#").strip()).lower()
            found.add(re.sub(r"[^\w\- ]", "", title).replace(" ", "-"))
    return found


def without_code(text):
    """The page with its blocks blanked, so that lines keep their numbers."""
    return re.sub(r"^```.*?^```", lambda m: "\n" * m.group(0).count("\n"), text, flags=re.M | re.S)


def check_links(page, text):
    for match in re.finditer(r"\]\(([^)\s]+)\)", text):
        line = text.count("\n", 0, match.start()) + 1
        target, _, anchor = match.group(1).partition("#")
        if re.match(r"[a-z]+://", match.group(1)):
            continue
        path = os.path.normpath(os.path.join(os.path.dirname(page), target)) if target else page
        if not os.path.exists(path):
            fault(page, line, f"there is no {path}")
        elif anchor and path.endswith(".md") and anchor not in anchors(path):
            fault(page, line, f"{path} has no heading #{anchor}")


def check_files(page, text):
    for match in re.finditer(rf"`((?:{FOLDERS})/[^`\s]*)`", text):
        line = text.count("\n", 0, match.start()) + 1
        name = match.group(1)
        if re.search(r"NAME|LANG|<|\bpo/", name):
            continue
        if not glob.glob(name):
            fault(page, line, f"there is no {name}")


def check_tests(page, text):
    for match in re.finditer(r"`(test_\w+)`", text):
        if not any(f" {match.group(1)}(" in code for code in test_code):
            fault(page, text.count("\n", 0, match.start()) + 1, f"no test is called {match.group(1)}")


def columns_of(source, variable):
    code = open(source, encoding="utf-8").read()
    body = re.search(rf"struct \w+\s+{variable}\[[^\]]*\] = \{{(.*?)\n?\}};", code, re.S).group(1)
    return re.findall(r"\{\"(\w+)\", *(true|false)", body)


def check_columns(page):
    """A table under '## name.csv (source: variable)' has one row per column: | `column` | yes or no | meaning |"""
    text = open(page, encoding="utf-8").read()
    sections = re.findall(r"<!-- columns: (\S+) (\w+) -->\n(.*?)(?=\n## |\Z)", text, re.S)
    if not sections:
        fault(page, 1, "names no tables of columns")
    for source, variable, body in sections:
        written = re.findall(r"^\| `(\w+)` \| (yes|no) \|", body, re.M)
        read = [(name, "yes" if required == "true" else "no") for name, required in columns_of(source, variable)]
        if sorted(written) != sorted(read):
            fault(page, 1, f"{source} reads {sorted(read)}, the page lists {sorted(written)}")
    jobs = re.search(r"<!-- columns: jobs -->\n(.*?)(?=\n## |\Z)", text, re.S).group(1)
    written = re.findall(r"^\| `(\w+)` \|", jobs, re.M)
    code = open("scenarios/lower.c", encoding="utf-8").read()
    read = re.findall(r"\[JOB_\w+\]\s*= \{\"(\w+)\"", code)
    if sorted(written) != sorted(read):
        fault(page, 1, f"job lists have {sorted(read)}, the page lists {sorted(written)}")


def check_sources(page):
    """Every source file is named in the tables of the page, by itself or by a pattern."""
    named = set()
    for name in re.findall(rf"`((?:{FOLDERS})/[^`\s]*)`", open(page, encoding="utf-8").read()):
        named.update(glob.glob(name))
    for path in sorted(glob.glob("*/*.c")):
        if path not in named:
            fault(page, 1, f"{path} is not named")


test_code = [open(path, encoding="utf-8").read() for path in glob.glob("tests/*/*.c")]
for page in sorted(glob.glob("docs/**/*.md", recursive=True)):
    text = without_code(open(page, encoding="utf-8").read())
    check_links(page, text)
    check_files(page, text)
    check_tests(page, text)
check_columns("docs/reference/csv.md")
check_sources("docs/architecture.md")
print("\n".join(faults))
sys.exit(1 if faults else 0)
