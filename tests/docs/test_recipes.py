#!/usr/bin/env python3
"""A market, a kind and a command are one file and one registry line each: the lists hold one line per file that exists,
and the pages that say so are followed to the letter in a copy of the tree, which is then built and tried."""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

import pages

LISTS = [("pricing/market_list.h", "pricing/market_*.c", r"^    X\([A-Z_]+, (\w+)\)"),
         ("scenarios/kind_list.h", "scenarios/kind_*.c", r"^    X\((\w+)\)"),
         ("cli/command_list.h", "cli/cmd_*.c", r"^    X\((\w+)\)")]
TREE = ["Makefile", "common", "pricing", "scenarios", "proof", "solver", "sim", "report", "cli", "tools", "po"]


def check_lists():
    for registry, files, line in LISTS:
        listed = re.findall(line, open(registry, encoding="utf-8").read(), re.M)
        prefix = os.path.basename(files).split("*")[0]
        there = [os.path.basename(path)[len(prefix):-2] for path in glob.glob(files)]
        if sorted(listed) != sorted(there) or not there:
            yield f"{registry} lists {sorted(listed)}, the files are {sorted(there)}"


def apply(page, tree):
    """Writes the page's source files and registry lines into the tree."""
    for match in pages.blocks(pages.read(page)):
        role, name, _, _, body = match.groups()
        if role == "source":
            path = os.path.join(tree, name)
            if os.path.exists(path):
                raise SystemExit(f"{page}: {name} exists already")
            with open(path, "w", encoding="utf-8") as file:
                file.write(body)
        if role == "registry":
            file_name, below = name.split(" below ")
            path = os.path.join(tree, file_name)
            lines = open(path, encoding="utf-8").read().split("\n")
            at = [i for i, line in enumerate(lines) if below in line]
            if len(at) != 1 or body.count("\n") != 1:
                raise SystemExit(f"{page}: {file_name} has {len(at)} lines with {below}; one line is put below one line")
            lines.insert(at[0] + 1, body.rstrip("\n"))
            with open(path, "w", encoding="utf-8") as file:
                file.write("\n".join(lines))


def main():
    faults = list(check_lists())
    recipes = [page for page in sorted(glob.glob("docs/*.md")) if pages.is_recipe(pages.read(page)) and not page.endswith(".zh-CN.md")]
    if len(recipes) != len(LISTS):
        faults.append(f"{len(recipes)} pages add a line to a registry, {len(LISTS)} should: {recipes}")
    with tempfile.TemporaryDirectory() as tree:
        for name in TREE:
            if os.path.isdir(name):
                shutil.copytree(name, os.path.join(tree, name))
            elif os.path.exists(name):
                shutil.copy(name, tree)
        for page in recipes:
            apply(page, tree)
        made = subprocess.run(["make", "-j2", "BUILD=debug", "all", "CFLAGS=-Werror -g0"], cwd=tree, text=True,
                              capture_output=True, check=False, env={"PATH": os.environ.get("PATH", ""), "GPUMIX_CHARTS": "no"})
        if made.returncode:
            faults.append("the tree with the recipes does not build:\n" + made.stderr)
        else:
            for page in recipes + [page[:-len("md")] + "zh-CN.md" for page in recipes]:
                faults += pages.check(page, os.path.join(tree, "build/debug/gpumix"))
    print("\n".join(faults) if faults else f"{len(recipes)} recipes")
    return 1 if faults else 0


sys.exit(main())
