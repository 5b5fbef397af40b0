#!/usr/bin/env python3
"""Ready-made scenarios carry comments in the language of the reader: every comment of the library has its translation, and nothing
but comments differs between the copies that `init` writes."""
import gettext
import glob
import os
import re
import subprocess
import tempfile

import yaml

program = os.path.abspath(os.environ.get("GPUMIX", "build/release/gpumix"))
environment = dict(os.environ, LANG="C.UTF-8")
for name in ("GPUMIX_LANG", "LC_ALL", "LC_MESSAGES"):
    environment.pop(name, None)
failures = 0
COMMENT = re.compile(r"^(|.*?\s)#\s*(.*?)\s*$")


def check(good, what):
    global failures
    if not good:
        failures += 1
        print("FAIL:", what)


def is_chinese(text):
    return re.search("[\u4e00-\u9fff]", text) is not None


def split(line):
    """What stands before a comment, and the comment. The library has no # in its values; parsing below would notice one."""
    found = COMMENT.match(line)
    return (found[1].rstrip(), found[2]) if found else (line.rstrip(), "")


def init(folder, kind, language):
    done = subprocess.run([program, "init", folder, "--kind", kind, "--lang", language], env=environment, capture_output=True, text=True)
    check(done.returncode == 0, f"init {kind}: {done.stderr}")
    with open(os.path.join(folder, "scenario.yaml"), encoding="utf-8") as f:
        return f.read()


with open(os.path.join(os.path.dirname(program), "locale/zh_CN/LC_MESSAGES/gpumix.mo"), "rb") as f:
    chinese = gettext.GNUTranslations(f)
n_comments = 0
for path in sorted(glob.glob("scenarios/library/*.yaml")):
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        comment = split(line)[1]
        n_comments += bool(comment)
        check(not comment or is_chinese(chinese.gettext(comment)), f"{path}:{number}: po/zh_CN.po has no entry for: {comment}")
check(n_comments > 40, "the library has comments")

kinds = subprocess.run([program, "schema"], env=environment, capture_output=True, text=True).stdout
kinds = [kind for kind in re.findall(r'"([a-z_]+)"', re.search(r'"kind": \{[^}]*"enum": \[([^\]]*)\]', kinds)[1])]
check(len(kinds) >= 9, f"kinds: {kinds}")
with tempfile.TemporaryDirectory() as folder:
    for kind in kinds:
        english, translated = (init(f"{folder}/{language}-{kind}", kind, language) for language in ("en", "zh"))
        check(yaml.load(english, yaml.BaseLoader) == yaml.load(translated, yaml.BaseLoader), f"{kind}: the same scenario in both")
        # A remark that the program adds may take another number of lines.
        values = [[split(line)[0] for line in text.splitlines() if split(line)[0]] for text in (english, translated)]
        check(values[0] == values[1], f"{kind}: the same keys in the same lines")
        comments = [split(line)[1] for line in translated.splitlines()]
        check(any(comments) and all(is_chinese(comment) or "max_term" in comment or "purchase" in comment for comment in comments if comment),
              f"{kind}: comments are Chinese: {comments}")

print(f"{failures} failures" if failures else f"{n_comments} comments, {len(kinds)} kinds")
raise SystemExit(1 if failures else 0)
