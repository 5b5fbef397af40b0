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


def word_of(value):
    """What may be written: the name of a definition, words to choose from, or a JSON type."""
    if "$ref" in value:
        return value["$ref"].split("/")[-1].replace("_", " ")
    if "enum" in value:
        return ", ".join(str(word) for word in value["enum"])
    if "const" in value:
        return str(value["const"])
    for key in ("oneOf", "anyOf"):
        if key in value:
            return " or ".join(dict.fromkeys(word_of(form) for form in value[key]))
    if value.get("type") == "array":
        return "list of: " + word_of(value.get("items", {}))
    if value.get("type") == "object":
        return "map"
    kind = value.get("type", "text")
    return " or ".join(kind) if isinstance(kind, list) else kind


def keys_below(path, value, definitions, rows):
    name = value.get("$ref", "").split("/")[-1]
    if name in ("workload", "uncertain", "uncertain_amount", "settings", "limits"):
        value = definitions[name] if name == "workload" else {**value, "stop": True}
    forms = [form for key in ("oneOf", "anyOf") for form in value.get(key, []) if "properties" in form]
    for holder in [value, *forms, *([value["items"]] if isinstance(value.get("items"), dict) else [])]:
        place = path + "[]" if holder is value.get("items") else path
        if holder is value.get("items") and not ("properties" in holder or "oneOf" in holder):
            continue
        for inner in [holder] + [form for form in holder.get("oneOf", []) if holder is not value]:
            for key, below in inner.get("properties", {}).items():
                full = f"{place}.{key}" if place else key
                rows.append((full, below, key in inner.get("required", [])))
                keys_below(full, below, definitions, rows)
    more = value.get("additionalProperties")
    if isinstance(more, dict):
        full = f"{path}.NAME" if path else "NAME"
        rows.append((full, more, False))
        keys_below(full, more, definitions, rows)


def scenario_keys(program):
    schema = json.loads(say(program, "schema"))
    rows, seen = [], set()
    keys_below("", schema, schema["definitions"], rows)
    page = "# Keys of a scenario file\n\n" + NOTE + """
`NAME` stands for a name of your choice, `[]` for each entry of a list. A key may be left out unless it is said
to be needed. How values are written is said in [units](units.md); `gpumix schema` prints the JSON Schema that this page is made
from, for editors that complete and check while you type. The keys of a workload also stand under `templates.NAME` and `defaults`.

"""
    table_rows = []
    for path, value, needed in rows:
        if path in seen or path.startswith(("templates.NAME.", "defaults.")):
            continue
        seen.add(path)
        default = json.dumps(value["default"], ensure_ascii=False).strip('"') if "default" in value else ""
        if needed:
            default = "needed"
        table_rows.append([f"`{path}`", word_of(value), default, value.get("description", "")])
    return page + table(["key", "written as", "default", "meaning"], table_rows)


PAGES = {"scenario.md": scenario_keys, "commands.md": commands, "error-codes.md": error_codes, "exit-codes.md": exit_codes, "units.md": units,
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
