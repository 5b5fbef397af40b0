#!/usr/bin/env python3
"""Every page for users exists in English and in Chinese, and the two say the same: as many headings of each level, rows of tables and
entries of lists, the same files and commands, and links to the same places. Decisions (docs/adr) are written once."""
import glob
import os
import re
import sys

import pages

CHINESE = ".zh-CN.md"
faults = []


def twin(page):
    return page[:-len(".md")] + CHINESE


def shape(page):
    """What both pages of a pair must have alike, by name."""
    text = pages.read(page)
    blocks = list(pages.blocks(text))
    prose = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    own = os.path.basename(page).replace(CHINESE, ".md")
    links = [re.sub(r"(\.zh-CN)?\.(md|svg)(#.*)?$", r".\2", target) for target in re.findall(r"\]\(([^)\s]+)\)", prose)]
    return {
        "headings": re.findall(r"^(#+) ", prose, re.M),
        "rows of tables": len(re.findall(r"^\|.*\|$", prose, re.M)),
        "entries of lists": len(re.findall(r"^ *(?:[-*]|\d+\.) ", prose, re.M)),
        "blocks": [(match.group(1), match.group(2), match.group(3), match.group(5) if match.group(1) else "") for match in blocks],
        "commands": [command.split(" | grep")[0] for match in blocks if match.group(3) == "console" for command, _ in pages.commands(match.group(5))],
        "links": sorted(link for link in links if not link.startswith("#") and link != own),
    }


def compare(english):
    one, other = shape(english), shape(twin(english))
    for what, wanted in one.items():
        if other[what] != wanted:
            only = [x for x in wanted if x not in other[what]] if isinstance(wanted, list) else wanted
            more = [x for x in other[what] if x not in wanted] if isinstance(wanted, list) else other[what]
            faults.append(f"{twin(english)}: {what} differ from {english}: {only} | {more}")


def same_language_links(page):
    """A Chinese page leads on to Chinese pages."""
    for target in re.findall(r"\]\(([^)\s#]+\.md)", pages.read(page)):
        path = os.path.normpath(os.path.join(os.path.dirname(page), target))
        if not target.endswith(CHINESE) and os.path.exists(twin(path)) and twin(path) != os.path.normpath(page):
            faults.append(f"{page}: leads to {target}, which exists in Chinese")


english_pages = ["README.md"] + sorted(
    page for page in glob.glob("docs/**/*.md", recursive=True) if not page.endswith(CHINESE) and not page.startswith("docs/adr/"))
for english in english_pages:
    if not os.path.exists(twin(english)):
        faults.append(f"{english} has no twin {twin(english)}")
        continue
    compare(english)
    same_language_links(twin(english))
print("\n".join(faults) if faults else f"{len(english_pages)} pairs")
sys.exit(1 if faults or not english_pages else 0)
