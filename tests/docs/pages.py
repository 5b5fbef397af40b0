"""Examples in pages: what a page holds, and running it. Used by test_examples.py and test_recipes.py.

In a page, a comment before a block says what the block is:
    <!-- file: NAME -->                       a file of the page's own folder
    <!-- source: FOLDER/NAME.c -->            a new source file
    <!-- registry: FILE below TEXT -->        a line to put below the line that holds TEXT
A block ```console holds commands ("$ gpumix ...") and what they print: standard output alone, or standard error before it;
"..." stands for any text in a line and, alone on a line, for any lines. ```console exit=N says how the last command ends, else 0. A command without
output says nothing about it. In pages NAME.zh-CN.md the program speaks Chinese. Blocks without a gpumix command are left alone. Blocks run in order, in one folder per page.
"""
import os
import re
import subprocess
import tempfile

BLOCK = re.compile(r"(?:<!-- (file|source|registry): (.+?) -->\n)?^```(\w*)([^\n]*)\n(.*?)^```$", re.M | re.S)


def read(page):
    return open(page, encoding="utf-8").read()


def blocks(text):
    for match in BLOCK.finditer(text):
        yield match


def is_recipe(text):
    return any(match.group(1) == "registry" for match in blocks(text))


def commands(body):
    """Pairs of command and the lines it prints; long commands go on after a backslash."""
    found = []
    for line in body.splitlines():
        if found and found[-1][0].endswith("\\"):
            found[-1][0] = found[-1][0][:-1] + line.strip()
        elif line.startswith("$ "):
            found.append([line[2:], []])
        else:
            found[-1][1].append(line)
    return found


def fits(wanted, got):
    """Lines of the page against lines printed."""
    if not wanted:
        return not got
    if wanted[0] == "...":
        return any(fits(wanted[1:], got[i:]) for i in range(len(got) + 1))
    if not got:
        return False
    pattern = ".*".join(re.escape(part) for part in wanted[0].split("..."))
    return re.fullmatch(pattern, got[0]) is not None and fits(wanted[1:], got[1:])


def environment(program, folder, page):
    bin_folder = os.path.join(folder, "bin")
    os.makedirs(bin_folder, exist_ok=True)
    link = os.path.join(bin_folder, "gpumix")
    if not os.path.exists(link):
        os.symlink(os.path.abspath(program), link)
    return {"PATH": bin_folder + ":" + os.environ.get("PATH", ""), "HOME": folder, "LANG": "C.UTF-8", "TERM": "dumb",
            "COLUMNS": "120", "SOURCE_DATE_EPOCH": "1795305600",  # 2026-11-22: ages of prices
            "GPUMIX_LANG": "zh" if page.endswith(".zh-CN.md") else "en"}


def run(command, folder, env):
    """Status, lines on standard output, lines on standard error."""
    done = subprocess.run(["bash", "-c", "set -o pipefail; " + command], cwd=folder, env=env, text=True,
                          capture_output=True, stdin=subprocess.DEVNULL, check=False)
    return (done.returncode, *(text.rstrip("\n").split("\n") if text else [] for text in (done.stdout, done.stderr)))


def check(page, program, accept=False):
    """Runs the examples of a page; returns the faults found. With accept the page is rewritten where outputs differ."""
    text, faults, changes = read(page), [], []
    with tempfile.TemporaryDirectory() as top:
        folder = os.path.join(top, "work")
        os.makedirs(folder)
        env = environment(program, top, page)
        for match in blocks(text):
            role, name, language, info, body = match.groups()
            line = text.count("\n", 0, match.start(5)) + 1
            if role == "file":
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write(body)
            if language != "console":
                continue
            if not re.search(r"^\$ gpumix ", body, re.M):
                continue
            status = int((re.search(r"exit=(\d+)", info) or [0, "0"])[1])
            new, all_commands = [], commands(body)
            for number, (command, wanted) in enumerate(all_commands):
                code, got, words = run(command, folder, env)
                expected = status if number == len(all_commands) - 1 else 0
                if code != expected:
                    faults.append(f"{page}:{line}: `{command}` ends with {code}, not {expected}\n  " + "\n  ".join(words + got))
                same = not wanted or fits(wanted, got) or fits(wanted, words + got)
                got = got or words
                if not same and not accept:
                    faults.append(f"{page}:{line}: `{command}` prints\n  " + "\n  ".join(got))
                new += ["$ " + command] + (wanted if same else got)
            changes.append((match.span(5), "\n".join(new) + "\n", body))
    if accept:
        for (start, end), new, old in reversed(changes):
            if "\\\n" not in old:
                text = text[:start] + new + text[end:]
        with open(page, "w", encoding="utf-8") as file:
            file.write(text)
    return faults
