"""What the sources say to people, and the texts that tests demand. Used by test_messages.py.

A message is a literal inside _(), N_() or ngettext(), wherever it stands: in a call, in a table, behind a return. An expected text
is a line of a golden or invalid case, of a page that a test compares, of a literal in a unit test, or of a text that a script looks
for. A message is tested when some expected text holds the whole of it, with its placeholders filled in, between two places where a
text may begin and end.
"""
import ast
import bisect
import glob
import re

MODULES = "common pricing scenarios proof solver sim report cli".split()
TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|[A-Za-z_]\w*|\d[\w.]*|\s+|\\\n|.', re.S)
ESCAPE = re.compile(r'\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|(.))', re.S)
PLACEHOLDER = re.compile(r"%(%)|%[-+#0']*(?:\*|\d+)?(?:\.(?:\*|\d+))?(?:hh|h|ll|l|z|j|t)?([diuxXcgfes])")
FINDS = {"diag_error": 3, "diag_warning": 3, "diag_why": 1, "diag_fix": 1, "import_refuse": 2}  # which argument is the format
SPEAKING = {"_", "N_"}

# What a placeholder may have been filled with. Text stays on its line, on its side of "what (why) -> fix", and is no placeholder itself.
FILLED = {"d": r"-?\d+", "u": r"\d+", "x": r"[0-9a-f]+", "X": r"[0-9A-F]+", "c": r"[^\n]",
          "g": r"(?:-?[\d.]+(?:e[-+]?\d+)?|-?inf|-?nan)", "f": r"(?:-?[\d.]+|-?inf|-?nan)",
          "s": r"(?:(?! -> |%[a-z*]|%\.[\d*]|%\d*l?[dugsz])[^\n])*?"}
FILLED.update(i=FILLED["d"], e=FILLED["g"])

# Where a text may begin and end: at the ends of a line, of a cell (two spaces, a comma, a quote, a bar), and of a part of a finding.
# What is put together from several messages begins and ends at a comma, ends at a plus as well, and a name of up to four words stands anywhere between
# words; a finding does neither.
BEGIN = r'(?:^|(?<=^- )|(?<=  )|(?<=[,"|])|(?<=\| )|(?<=: )|(?<=; )|(?<= \()|(?<= -> )|(?<=write )|(?<=reaches )|(?<=even at )|(?<=\. ))'
END = r'(?=$| \[F\d+\]$|  | \(|\) ->|\) \|| ->|[",|]|\.? \||; )'
EDGES = {"finding": (BEGIN, END), "part": (BEGIN[:-1] + r"|(?<=, ))", END[:-1] + r"|[,.] | \+ )"), "name": (r"(?<!\w)", r"(?!\w)")}


def unescaped(text):
    """The characters of a C literal."""
    named = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}

    def character(match):
        hexadecimal, octal, other = match.groups()
        if hexadecimal:
            return chr(int(hexadecimal, 16))
        return chr(int(octal, 8)) if octal else named.get(other, other)

    plain = ESCAPE.sub(character, text)
    if re.search(r"\\(?:x[89a-fA-F]|[23]\d\d)", text):  # bytes of UTF-8
        plain = "".join(plain).encode("latin-1", "replace" if max(plain) > "\xff" else "strict").decode("utf-8", "replace")
    return plain


class Literal:
    """Neighbouring quotes as one text: where it stands, in which calls and tables, as which of their arguments."""

    def __init__(self, path, line, text, calls, key):
        self.path, self.line, self.text, self.calls, self.key = path, line, text, calls, key

    def inside(self, test):
        return any(test(name) for name, _ in self.calls)


def tokens(text):
    """Tokens with their lines, without comments and blanks."""
    line, found = 1, []
    for match in TOKEN.finditer(text):
        token = match.group(0)
        if not token.isspace() and token[:2] not in ("//", "/*", "\\\n"):
            found.append((token, line))
        line += token.count("\n")
    return found


def table_name(all_tokens, at):
    """Of the brace at `at`: the array it fills, or the brace itself."""
    back = [token for token, _ in all_tokens[max(0, at - 8):at]]
    if back[-1:] == ["="]:
        while back and (not re.match(r"[A-Za-z_]", back[-1]) or (len(back) > 1 and back[-2] == "[")):
            back.pop()
        if back:
            return back[-1]
    return "{"


def literals(path):
    """Every literal of a C file; includes are none. What a macro puts between or behind quotes of a test is some text."""
    return literals_of(open(path, encoding="utf-8").read(), path)


def literals_of(text, path):
    is_test = path.startswith("tests/")
    text = re.sub(r"^#\s*include.*", "", text, flags=re.M)
    found, calls, gathered, key, last_line = [], [], None, "", 0
    all_tokens = tokens(text)
    for at, (token, line) in enumerate(all_tokens):
        if token[0] == '"' or (gathered and re.fullmatch(r"PRI[a-zA-Z0-9]+", token)):
            part, last_line = token[1:-1] if token[0] == '"' else "d", line
            if gathered:
                gathered.text += part
            else:
                gathered = Literal(path, line, part, [(name, count) for name, count in calls], key)
                found.append(gathered)
            continue
        if gathered and is_test and re.match(r"[A-Za-z_]", token):
            parts = all_tokens[at + 1][0][0] == '"' or line == last_line
            gathered.text += "7" if parts else ""
            gathered = gathered if parts else None
            continue
        gathered = None
        if token == "(":
            calls.append([all_tokens[at - 1][0] if at else "", 0])
        elif token in "[{":
            calls.append([table_name(all_tokens, at) if token == "{" else token, 0])
        elif token in ")]}" and calls:
            calls.pop()
        elif token == "," and calls:
            calls[-1][1] += 1
            key = "" if calls[-1][0] not in SPEAKING else key
        elif token == "=":
            key = all_tokens[at - 1][0] if at > 1 and all_tokens[at - 2][0] == "." else ""
    for literal in found:
        literal.text = unescaped(literal.text)
    return found


def source_literals():
    for module in MODULES:
        for path in sorted(glob.glob(f"{module}/*.[ch]")):
            yield from literals(path)


def innermost(literal):
    return literal.calls[-1] if literal.calls else ("", 0)


def is_message(literal):
    name, argument = innermost(literal)
    speaks = name in SPEAKING or (name == "ngettext" and argument < 2)
    return speaks and not is_help(literal)


# Help is no message: options, keys of scenarios, topics, schemas. The pages of docs/reference hold most of it.
HELP_KEYS = {"help", "arguments"}
HELP_TABLES = re.compile(r"\w+_options|topics|dimensions|schema_put|define_text")


def is_help(literal):
    return literal.key in HELP_KEYS or literal.inside(HELP_TABLES.fullmatch)


def is_format(call):
    name, argument = call
    return FINDS.get(name) == argument


def sort_of(literal):
    if len(literal.calls) > 1 and is_format(literal.calls[-2]):
        return "finding"
    return "name" if len(literal.text.split()) < 5 else "part"


def is_untranslated(literal):
    """Words given to a finding as its format that are no message."""
    return is_format(innermost(literal)) and re.search(r"[A-Za-z]{2}", re.sub(PLACEHOLDER, "", literal.text))


def pattern(line, sort):
    """A line of a message as an expression, and its longest part that stands as it is."""
    expression, fixed, at = "", [], 0
    for match in PLACEHOLDER.finditer(line):
        fixed.append(line[at:match.start()])
        expression += re.escape(fixed[-1]) + ("%" if match.group(1) else FILLED[match.group(2)])
        at = match.end()
    fixed.append(line[at:])
    expression += re.escape(fixed[-1])
    begin, end = EDGES[sort]
    if line[0] in "(;":
        begin = ""
    return re.compile(begin + "(?:" + expression + ")" + end), max(fixed, key=len)


# The argument of gsl_test* that says what is tested: it is compared with nothing.
SAYS = {"gsl_test": 1, "gsl_test_int": 2, "gsl_test_str": 2, "gsl_test_rel": 3, "gsl_test_abs": 3, "gsl_test_factor": 3}


def is_expected(literal):
    name, argument = innermost(literal)
    return not (name in SAYS and argument >= SAYS[name]) and name not in ("fprintf", "printf", "puts")


def lines_of_tests():
    """All lines that some test compares with what the program says."""
    for path in (glob.glob("tests/golden/*/expected*") + glob.glob("tests/invalid/*/expected*")
                 + glob.glob("tests/wrong_books/*/expected")
                 + glob.glob("tests/proof/data/expected")
                 + glob.glob("docs/reference/*.md")):
        text = open(path, encoding="utf-8").read()
        if path.endswith("error-codes.md"):
            text = re.sub(r"^(.)(.*)\. It matters because (.*)\. Exit status \d+\.$",
                          lambda m: f"{m[1].lower()}{m[2]}\n{m[3]}", text, flags=re.M)
        yield from text.split("\n")
    for path in glob.glob("tests/**/*.[ch]", recursive=True):
        yield from lines_of(literals(path))
    for path in glob.glob("tests/**/*.py", recursive=True):
        yield from compared_lines(open(path, encoding="utf-8").read())


def compared_lines(script):
    """Lines of the texts that a script looks for with `in` or `==`, its values filled in."""
    for node in ast.walk(ast.parse(script)):
        if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], (ast.In, ast.Eq)):
            continue
        for side in (node.left, *node.comparators):
            parts = side.values if isinstance(side, ast.JoinedStr) else [side]
            texts = [part.value if isinstance(part, ast.Constant) else "7" for part in parts]
            if all(isinstance(text, str) for text in texts) and any(isinstance(part, ast.Constant) for part in parts):
                yield from "".join(texts).split("\n")


def lines_of(found):
    for literal in found:
        if not is_expected(literal):
            continue
        text = literal.text
        if innermost(literal)[0] in ("arena_printf", "snprintf"):  # filled in when the test runs
            text = re.sub(PLACEHOLDER, lambda m: m[1] or ("text" if m[2] == "s" else "7"), text)
        yield from text.split("\n")


class Expected:
    """Lines to look messages up in."""

    def __init__(self, lines):
        found = (re.sub(r"\b(E\d{4}) [^ ]*:[^ ]+ ", r"\1: ", line).strip() for line in lines)  # code and place of a finding
        self.lines = sorted({line for line in found if line})
        self.text = "\n".join(self.lines)
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)

    def candidates(self, fixed):
        """The lines that hold `fixed`."""
        at = self.text.find(fixed)
        while at >= 0:
            index = bisect.bisect_right(self.starts, at) - 1
            yield self.lines[index]
            at = self.text.find(fixed, self.starts[index + 1])

    def holds(self, literal):
        """Whether each line of the message is expected somewhere."""
        sort = sort_of(literal)
        for line in literal.text.split("\n"):
            line = line.strip()
            if not re.search(r"[A-Za-z]", re.sub(PLACEHOLDER, "", line)):
                continue
            expression, fixed = pattern(line, sort)
            if not any(expression.search(candidate) for candidate in self.candidates(fixed.strip())):
                return False
        return True
