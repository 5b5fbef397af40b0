#!/usr/bin/env python3
"""Writes the generated pages of docs/reference from what the program itself says.

    tools/docs.py PROGRAM           writes the pages
    tools/docs.py --check PROGRAM   changes nothing, fails when a page is out of date
"""
import json
import os
import re
import subprocess
import sys

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "docs", "reference")
NOTE = "<!-- Written by tools/docs.py (make docs): change the program, not this page. -->\n"


def say(program, *arguments):
    environment = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "SOURCE_DATE_EPOCH": "1795305600"}
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=True,
                          env=environment).stdout


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row in rows:
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |")
    return "\n".join(lines) + "\n"


def columns(text):
    """Lines of two columns, two blanks or more apart; and what follows them."""
    rows, rest = [], []
    for line in text.splitlines():
        match = re.fullmatch(r"  +(\S+)  +(.*)", line)
        if match:
            rows.append(match.groups())
        else:
            rest.append(line)
    return rows, rest


def error_codes(program):
    page = "# Error codes\n\n" + NOTE + """
Every finding carries a code. `gpumix help CODE` says the same as this page. The exit status is that of the first error; a code that
is only ever given with a warning leaves it alone.

"""
    for code, title in columns(say(program, "help", "errors"))[0]:
        text = say(program, "help", code)
        why = re.search(r"Why it matters: (.*)", text).group(1)
        status = re.search(r"Exit status: (\d+)", text).group(1)
        page += f"## {code}\n\n{title[0].upper()}{title[1:]}. It matters because {why} Exit status {status}.\n\n"
    return page.rstrip("\n") + "\n"


def exit_codes(program):
    rows, rest = columns(say(program, "help", "exit-codes"))
    return ("# Exit statuses\n\n" + NOTE + "\n" + table(["status", "meaning"], rows) + "\n" +
            "\n".join(rest) + "\n")


def units(program):
    text = say(program, "help", "units").splitlines()
    rows, rest = columns("\n".join(text[1:]))
    return ("# Units\n\n" + NOTE + "\n" + text[0] + "\n\n" + table(["value", "written as"], rows) + "\n" +
            "\n".join(rest) + "\n")


def commands(program):
    page = "# Commands\n\n" + NOTE + "\n```text\n" + say(program, "help") + "```\n"
    for name in re.findall(r"^  (\w+)  ", say(program, "help").split("Commands:")[1].split("Everywhere:")[0], re.M):
        page += f"\n## gpumix {name}\n\n```text\n{say(program, 'help', name)}```\n"
    return page


def type_of(value):
    if "$ref" in value:
        return "[" + value["$ref"].split("/")[-1] + "](#" + value["$ref"].split("/")[-1] + ")"
    if value.get("type") == "array":
        return "list of " + type_of(value["items"])
    kind = value.get("type", "")
    return " or ".join(kind) if isinstance(kind, list) else kind


def result_keys(program):
    schema = json.loads(say(program, "schema", "result"))
    page = "# Keys of a JSON result\n\n" + NOTE + """
`gpumix plan --json` and `--save` write one such object; with several variants the objects are the list `variants`.
`gpumix schema result` prints the JSON Schema that this page is made from. A key in *italics* is left out where there is no plan.

"""
    for name, definition in schema["$defs"].items():
        required = set(definition.get("required", []))
        rows = [[f"`{key}`" if key in required else f"*`{key}`*", type_of(value), value.get("description", "")]
                for key, value in definition["properties"].items()]
        page += f"## {name}\n\n" + table(["key", "type", "meaning"], rows) + "\n"
    return page.rstrip("\n") + "\n"


PAGES = {"commands.md": commands, "error-codes.md": error_codes, "exit-codes.md": exit_codes, "units.md": units,
         "result.md": result_keys}


def main():
    check = "--check" in sys.argv
    program = os.path.abspath(sys.argv[-1])
    stale = 0
    os.makedirs(FOLDER, exist_ok=True)
    for name, make in PAGES.items():
        path = os.path.join(FOLDER, name)
        wanted = make(program)
        there = open(path, encoding="utf-8").read() if os.path.exists(path) else ""
        if wanted == there:
            continue
        if check:
            stale += 1
            print(f"docs/reference/{name} is out of date: run make docs")
        else:
            with open(path, "w", encoding="utf-8") as file:
                file.write(wanted)
    return 1 if stale else 0


sys.exit(main())
