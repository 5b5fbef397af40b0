#!/usr/bin/env python3
"""Every text the program says is expected word by word by some test, placeholders filled in; every error code is met in a test.
What a new message lacks is printed with its place: give it a case in tests/invalid or tests/golden, or compare it in a unit test."""
import glob
import re
import sys

from messages import Expected, is_message, is_untranslated, lines_of, lines_of_tests, literals_of, source_literals

# Messages that no test can bring about, with the reason. Keep it short: say better what is wrong, or take the message out.
EXCUSED = {
    "a %s ledger does not close in worlds %zu to %zu":
        "guards the arithmetic of a world against ourselves: no plan and no draw is known that opens a ledger, and what it compares "
        "is added up inside one function",
    "the prices of the linear program prove no bound":
        "guards a plan against ourselves: duals of a solved program are finite, and their signs were set",
    "the text could not be built in memory":
        "a stream in memory fails only when memory is out, and then the arena has ended the program before",
    "the parts of the difference to the bill do not add up":
        "guards a sum against ourselves: its last part is what the others leave over",
}

faults = []


def check_messages():
    expected = Expected(lines_of_tests())
    excused = dict(EXCUSED)
    for literal in source_literals():
        where = f"{literal.path}:{literal.line}"
        if is_untranslated(literal):
            faults.append(f"{where}: these words are not wrapped in _(): {literal.text!r}")
        if not is_message(literal):
            continue
        if literal.text in EXCUSED:
            excused.pop(literal.text, None)
            if expected.holds(literal):
                faults.append(f"{where}: this text is tested and needs no excuse: {literal.text!r}")
        elif not expected.holds(literal):
            faults.append(f"{where}: no test expects this text: {literal.text!r}")
    faults.extend(f"no source says this excused text: {text!r}" for text in excused)


def check_codes():
    """Each code of error_list.h stands in a test: as printed, or by its name."""
    listed = re.findall(r"X\((\w+), *\"(E\d{4})\"", open("common/error_list.h", encoding="utf-8").read())
    units = [open(path, encoding="utf-8").read() for path in glob.glob("tests/**/*.[ch]", recursive=True) + glob.glob("tests/wrong_books/*/expected")]
    cases = [open(path, encoding="utf-8").read()
             for path in glob.glob("tests/invalid/*/expected*") + glob.glob("tests/golden/*/expected*")
             + glob.glob("tests/proof/data/expected") + glob.glob("tests/cli/test_*.py")]
    for name, code in listed:
        met = any(re.search(rf"\b{name}\b|\b{code}\b", text) for text in units)
        if not met and not any(f"[{code}]" in text for text in cases):
            faults.append(f"common/error_list.h: no test meets {code} ({name})")


def check_itself():
    """What counts as a test and what does not."""
    def tested(message, test):
        found = literals_of(message, "common/x.c")
        assert len(found) == 1 and is_message(found[0]), message
        return Expected(lines_of(literals_of(test, "tests/common/test_x.c"))).holds(found[0])

    said = 'diag_error(d, ERR_X, at, _("\\"%s\\" has %zu rows"), name, n);'
    for test, good in (('"E1234 3:4 \\"a.csv\\" has 12 rows -> fix it\\n"', True),
                       ('"E1234 3:4 \\"a.csv\\" has 12 " "rows (why) -> fix it\\n"', True),
                       ('arena_printf(a, "x: error[E1234]: \\"%s\\" has 12 rows\\n", path)', True),
                       ('gsl_test(found, "\\"a.csv\\" has 12 rows");', False),       # says what is tested, compares nothing
                       ('"E1234 3:4 \\"a.csv\\" has 12 rows too many\\n"', False),   # another text
                       ('"E1234 3:4 the list \\"a.csv\\" has 12 rows\\n"', False),
                       ('"E1234 3:4 \\"%s\\" has %zu rows\\n"', False),              # not filled in
                       ('/* "a.csv" has 12 rows */ "rows"', False)):
        if tested(said, test) != good:
            faults.append(f"tests/docs/messages.py: {said} and {test}: {'not tested' if good else 'tested'}")
    if not is_untranslated(literals_of('diag_fix(d, "write a number")', "common/x.c")[0]):
        faults.append("tests/docs/messages.py: words without _() are not found")


check_itself()
check_codes()
check_messages()
print("\n".join(faults))
sys.exit(1 if faults else 0)
