#!/usr/bin/env python3
"""Writes the generated pages of docs/reference, in English and Chinese, from what the program itself says.

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

# What pages say beside the words of the program: English and Chinese.
TEXTS = {
    "error codes": ("Error codes", "错误代码"),
    "of codes": ("""Every finding carries a code. `gpumix help CODE` says the same as this page. The exit status is that of the first error; a code that
is only ever given with a warning leaves it alone.""",
                 """每条提示都带有代码。`gpumix help 代码` 给出与本页相同的说明。退出码由第一个错误决定;只作为警告出现的代码不影响退出码。"""),
    "code": ("{title}. It matters because {why} Exit status {status}.", "{title}。为什么重要:{why}退出码 {status}。"),
    "exit statuses": ("Exit statuses", "退出码"),
    "status": ("status", "退出码"),
    "meaning": ("meaning", "含义"),
    "units": ("Units", "单位"),
    "value": ("value", "值"),
    "written as": ("written as", "写法"),
    "commands": ("Commands", "命令"),
    "list of": ("list of ", "列表:"),
    "list of:": ("list of: ", "列表:"),
    "or": (" or ", " 或 "),
    "result keys": ("Keys of a JSON result", "JSON 结果的键"),
    "of results": ("""`gpumix plan --json` and `--save` write one such object; with several variants the objects are the list `variants`.
`gpumix schema result` prints the JSON Schema that this page is made from. A key in *italics* is left out where there is no plan.""",
                   """`gpumix plan --json` 与 `--save` 写出一个这样的对象;有多个方案时,这些对象组成列表 `variants`。
`gpumix schema result` 打印生成本页所用的 JSON Schema。*斜体*的键在没有方案结果时省略。"""),
    "key": ("key", "键"),
    "type": ("type", "类型"),
    "scenario keys": ("Keys of a scenario file", "场景文件的键"),
    "of scenarios": ("""`NAME` stands for a name of your choice, `[]` for each entry of a list. A key may be left out unless it is said
to be needed. How values are written is said in [units](units.md); `gpumix schema` prints the JSON Schema that this page is made
from, for editors that complete and check while you type. The keys of a workload also stand under `templates.NAME` and `defaults`.""",
                     """`NAME` 代表自定的名称,`[]` 代表列表的每一项。除注明“必填”的键外,都可以省略。
值的写法见[单位](units.zh-CN.md);`gpumix schema` 打印生成本页所用的 JSON Schema,供编辑器在输入时补全和检查。
工作负载的键也可写在 `templates.NAME` 和 `defaults` 之下。"""),
    "default": ("default", "默认值"),
    "needed": ("needed", "必填"),
}


class Speaker:
    """The program in one language."""

    def __init__(self, path, language):
        self.path, self.language = path, language

    def text(self, key):
        return TEXTS[key][self.language == "zh"]


def say(program, *arguments):
    environment = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "SOURCE_DATE_EPOCH": "1795305600",
                   "GPUMIX_LANG": program.language}
    return subprocess.run([program.path, *arguments], capture_output=True, text=True, check=True,
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
    page = f"# {program.text('error codes')}\n\n{NOTE}\n{program.text('of codes')}\n\n"
    for code, title in columns(say(program, "help", "errors"))[0]:
        lines = say(program, "help", code).splitlines()
        why = re.split(": ?|:", lines[2], maxsplit=1)[1]
        status = re.search(r"(\d+)", lines[3]).group(1)
        page += f"## {code}\n\n" + program.text("code").format(title=title[0].upper() + title[1:], why=why,
                                                                status=status) + "\n\n"
    return page.rstrip("\n") + "\n"


def exit_codes(program):
    rows, rest = columns(say(program, "help", "exit-codes"))
    return (f"# {program.text('exit statuses')}\n\n{NOTE}\n" +
            table([program.text("status"), program.text("meaning")], rows) + "\n" + "\n".join(rest) + "\n")


def units(program):
    text = say(program, "help", "units").splitlines()
    rows, rest = columns("\n".join(text[1:]))
    return (f"# {program.text('units')}\n\n{NOTE}\n{text[0]}\n\n" +
            table([program.text("value"), program.text("written as")], rows) + "\n" + "\n".join(rest) + "\n")


def commands(program):
    whole = say(program, "help")
    page = f"# {program.text('commands')}\n\n{NOTE}\n```text\n{whole}```\n"
    for name in re.findall(r"^  ([a-z]+)  ", whole.split("\n\n")[3], re.M):
        page += f"\n## gpumix {name}\n\n```text\n{say(program, 'help', name)}```\n"
    return page


def type_of(program, value):
    if "$ref" in value:
        return "[" + value["$ref"].split("/")[-1] + "](#" + value["$ref"].split("/")[-1] + ")"
    if value.get("type") == "array":
        return program.text("list of") + type_of(program, value["items"])
    kind = value.get("type", "")
    return program.text("or").join(kind) if isinstance(kind, list) else kind


def result_keys(program):
    schema = json.loads(say(program, "schema", "result"))
    page = f"# {program.text('result keys')}\n\n{NOTE}\n{program.text('of results')}\n\n"
    for name, definition in schema["$defs"].items():
        required = set(definition.get("required", []))
        rows = [[f"`{key}`" if key in required else f"*`{key}`*", type_of(program, value), value.get("description", "")]
                for key, value in definition["properties"].items()]
        page += f"## {name}\n\n" + table([program.text(word) for word in ("key", "type", "meaning")], rows) + "\n"
    return page.rstrip("\n") + "\n"


def word_of(program, value):
    """What may be written: the name of a definition, words to choose from, or a JSON type."""
    if "$ref" in value:
        return value["$ref"].split("/")[-1].replace("_", " ")
    if "enum" in value:
        return ", ".join(str(word) for word in value["enum"])
    if "const" in value:
        return str(value["const"])
    for key in ("oneOf", "anyOf"):
        if key in value:
            return program.text("or").join(dict.fromkeys(word_of(program, form) for form in value[key]))
    if value.get("type") == "array":
        return program.text("list of:") + word_of(program, value.get("items", {}))
    if value.get("type") == "object":
        return "map"
    kind = value.get("type", "text")
    return program.text("or").join(kind) if isinstance(kind, list) else kind


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
    page = f"# {program.text('scenario keys')}\n\n{NOTE}\n{program.text('of scenarios')}\n\n"
    table_rows = []
    for path, value, needed in rows:
        if path in seen or path.startswith(("templates.NAME.", "defaults.")):
            continue
        seen.add(path)
        default = json.dumps(value["default"], ensure_ascii=False).strip('"') if "default" in value else ""
        if needed:
            default = program.text("needed")
        table_rows.append([f"`{path}`", word_of(program, value), default, value.get("description", "")])
    return page + table([program.text(word) for word in ("key", "written as", "default", "meaning")], table_rows)


PAGES = {"scenario": scenario_keys, "commands": commands, "error-codes": error_codes, "exit-codes": exit_codes,
         "units": units, "result": result_keys}
# The schemas as files, for editors and for programs that read results.
SCHEMAS = {"scenario.schema.json": ["schema"], **{f"{name}.schema.json": ["schema", name] for name in ("result", "compare", "sweep", "budget", "replay")}}
ENDINGS = {"en": ".md", "zh": ".zh-CN.md"}


def page_update(path, wanted, check):
    """Whether the page was out of date."""
    there = ""
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            there = file.read()
    if wanted == there:
        return False
    if check:
        print(f"docs/reference/{os.path.basename(path)} is out of date: run make docs")
    else:
        with open(path, "w", encoding="utf-8") as file:
            file.write(wanted)
    return True


def main():
    check = "--check" in sys.argv
    program = os.path.abspath(sys.argv[-1])
    os.makedirs(FOLDER, exist_ok=True)
    stale = [name for name, make in PAGES.items() for language, ending in ENDINGS.items()
             if page_update(os.path.join(FOLDER, name + ending), make(Speaker(program, language)), check)]
    speaker = Speaker(program, "en")
    stale += [name for name, words in SCHEMAS.items()
              if page_update(os.path.join(FOLDER, name), say(speaker, *words), check)]
    return 1 if check and stale else 0


sys.exit(main())
