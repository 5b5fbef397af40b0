#!/usr/bin/env python3
"""What bash, zsh and fish complete, asked of the shells themselves."""
import os
import shutil
import subprocess
import sys
import tempfile

program = os.path.abspath(os.environ.get("GPUMIX", "build/release/gpumix"))
missing = [shell for shell in ("bash", "zsh", "fish") if not shutil.which(shell)]
if missing:
    print("these shells are not here:", ", ".join(missing))
    sys.exit(77)


def run(*command, **more):
    return subprocess.run(command, capture_output=True, text=True, check=True, **more).stdout


def script(shell, language="en"):
    return run(program, "--lang", language, "completion", shell)


def bash_asks(line):
    words = line.split(" ")
    quoted = " ".join(f"'{word}'" for word in words)
    return run("bash", "-c", script("bash") + f"COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _gpumix; "
               "printf '%s\\n' \"${COMPREPLY[@]}\"").split()


def fish_asks(line, language="en"):
    return [row.split("\t") for row in run("fish", "--no-config", "-c", script("fish", language) + f"complete -C '{line}'").splitlines()]


failures = []


def same(what, found, wanted):
    if found != wanted:
        failures.append(f"{what}: {found}, not {wanted}")


same("bash command", bash_asks("gpumix va"), ["validate"])
same("bash option", bash_asks("gpumix plan --vari"), ["--variant"])
same("bash choice", bash_asks("gpumix plan --format m"), ["md"])
same("bash choice of a letterless option", bash_asks("gpumix demo --kind fine"), ["finetune"])
same("bash argument", bash_asks("gpumix schema res"), ["result"])
same("bash file after an option with a value", bash_asks("gpumix plan --out --f"), [])
same("bash topic", bash_asks("gpumix help exit"), ["exit-codes"])
same("fish command", fish_asks("gpumix vali"), [["validate", "check scenario files, every variant, without planning"]])
same("fish command in Chinese", fish_asks("gpumix vali", "zh"), [["validate", "检查场景文件及其全部方案,不做规划"]])
same("fish choice", [row[0] for row in fish_asks("gpumix plan --format m")], ["md"])
same("fish argument", [row[0] for row in fish_asks("gpumix schema resu")], ["result"])
for language in ("en", "zh"):
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "_gpumix"), "w", encoding="utf-8") as file:
            file.write(script("zsh", language))
        # The completion system itself loads and compiles the function; its specs are read by _arguments.
        told = run("zsh", "-f", "-c", f"fpath=({folder} $fpath); autoload -Uz compinit; compinit -D -u -d {folder}/dump; "
                   "autoload +X -Uz _gpumix; whence -w _gpumix; print -r -- ${_comps[gpumix]}")
        same(f"zsh function ({language})", told.split("\n")[:2], ["_gpumix: function", "_gpumix"])

print("\n".join(failures) or "bash, zsh and fish complete")
sys.exit(1 if failures else 0)
