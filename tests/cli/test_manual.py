#!/usr/bin/env python3
"""Man pages: scdoc takes each in both languages, and they tell what the program takes."""
import os
import re
import shutil
import subprocess
import sys

program = os.environ.get("GPUMIX", "build/release/gpumix")
if not shutil.which("scdoc"):
    print("scdoc is not here")
    sys.exit(77)


def run(*command, text=None):
    return subprocess.run(command, capture_output=True, text=True, check=True, input=text).stdout


def page(language, *command):
    """The page as a reader sees it, without the marks of troff."""
    source = run(program, "--lang", language, "help", *command, "--scdoc")
    return re.sub(r"\\f[BIR]|\\&", "", run("scdoc", text=source)).replace("\\-", "-")


failures = []
names = re.findall(r"^  ([a-z]+)  ", run(program, "help").split("\n\n")[3], re.M)
for name in names:
    options = set(re.findall(r"--[a-z][a-z-]*", "\n".join(
        line.strip().split("  ")[0] for line in run(program, "help", name).splitlines() if re.match(r" +(-|--)", line))))
    for language in ("en", "zh"):
        lost = sorted(option for option in options if option not in page(language, name))
        if lost:
            failures.append(f"{name} ({language}) lacks {', '.join(lost)}")
whole, chinese = (page(language).replace('"', "") for language in ("en", "zh"))
told = ["the cheapest way to run GPU work on Alibaba Cloud, proven" in whole, "gpumix COMMAND [options] [files]" in whole,
        "0: success. Any other is explained by `gpumix help exit-codes`; every error code by `gpumix help CODE`." in whole,
        "language of messages, before LC_ALL, LC_MESSAGES and LANG: en or zh" in whole,
        "the day to which ages of prices are counted, in seconds since 1970" in whole, "COMMANDS" in whole]
if not all(told):
    failures.append(f"the page of the program lacks a text: {told}")
for text in ("名称", "概要", "gpumix 命令 [选项] [文件]", "命令", "退出码", "环境变量", "另见"):
    if text not in chinese:
        failures.append(f"the Chinese page of the program lacks {text}")
print("\n".join(failures) or f"{len(names)} commands, two languages")
sys.exit(1 if failures or len(names) < 10 else 0)
