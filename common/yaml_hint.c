#include "common/yaml_hint.h"
#include <stdint.h>
#include <string.h>

#define FULL_WIDTH_COLON "\xef\xbc\x9a"
enum { SHOWN_BYTES = 80 };

/* A line of the source without indent and end; `indent` counts the blanks before it. */
struct line {
    size_t number; /* from 0 */
    const char *text;
    size_t indent, bytes;
};

static bool line_get(struct line *l, const struct source *s, size_t number)
{
    const char *from = s->text, *end = s->text + s->bytes;
    for (size_t i = 0; i < number; i++) {
        from = memchr(from, '\n', (size_t)(end - from));
        if (!from) return false;
        from++;
    }
    const char *to = memchr(from, '\n', (size_t)(end - from));
    if (!to) to = end;
    while (to > from && (to[-1] == '\r' || to[-1] == ' ' || to[-1] == '\t')) to--;
    size_t indent = 0;
    while (from + indent < to && from[indent] == ' ') indent++;
    *l = (struct line){number, from + indent, indent, (size_t)(to - from) - indent};
    return true;
}

/* Code points of the first `bytes` bytes. */
static size_t columns(const char *text, size_t bytes)
{
    size_t n = 0;
    for (size_t i = 0; i < bytes; i++) n += ((unsigned char)text[i] & 0xc0) != 0x80;
    return n;
}

/* The place of bytes [from, to) of the line's text. */
static struct place line_place(const struct source *s, const struct line *l, size_t from, size_t to)
{
    return (struct place){s, l->number + 1, l->indent + columns(l->text, from) + 1,
                          l->indent + columns(l->text, to) + 1};
}

static void invalid(struct diag *d, struct place at)
{
    diag_error(d, ERR_YAML, at, _("not valid YAML"));
}

/* How much of a text of `bytes` is quoted in a message: whole characters. */
static int shown_bytes(const char *text, size_t bytes)
{
    if (bytes <= SHOWN_BYTES) return (int)bytes;
    bytes = SHOWN_BYTES;
    while (bytes > 0 && ((unsigned char)text[bytes] & 0xc0) == 0x80) bytes--;
    return (int)bytes;
}

/* "key： value" with the remedy "key: value". */
static void explain_colon(const char *text, size_t bytes, size_t colon, struct place at,
                          struct diag *d)
{
    const char *after = text + colon + strlen(FULL_WIDTH_COLON);
    const char *end = text + bytes;
    while (after < end && *after == ' ') after++;
    const int shown = shown_bytes(after, (size_t)(end - after));
    invalid(d, at);
    diag_why(d, _("full-width colon '%s' found; the key and its value run together"),
             FULL_WIDTH_COLON);
    diag_fix(d, _("write '%.*s: %.*s' with an ASCII ': '"), (int)colon, text, shown, after);
}

/* Byte of a full-width colon that stands where a key ends: nothing but a word before it. */
static size_t colon_find(const char *text, size_t bytes)
{
    for (size_t i = 0; i + 2 < bytes; i++) {
        if (!memcmp(text + i, FULL_WIDTH_COLON, 3)) return i;
        if (strchr(":#\"'", text[i])) break;
    }
    return SIZE_MAX;
}

bool yaml_explain_colon(const char *text, struct place at, struct diag *d)
{
    const size_t bytes = strcspn(text, "\n"), colon = colon_find(text, bytes);
    if (colon == SIZE_MAX) return false;
    if (at.column > 0) {
        at.column += columns(text, colon);
        at.end_column = at.column + 1;
    }
    explain_colon(text, bytes, colon, at, d);
    return true;
}

static bool explain_tab(const struct source *s, const struct line *l, struct diag *d)
{
    if (l->bytes == 0 || *l->text != '\t') return false;
    invalid(d, line_place(s, l, 0, 1));
    diag_why(d, _("this line is indented with a tab; YAML counts spaces"));
    diag_fix(d, _("indent with spaces"));
    return true;
}

/* Start of the key in "- key: value". */
static size_t key_start(const struct line *l)
{
    size_t at = 0;
    while (at + 1 < l->bytes && l->text[at] == '-' && l->text[at + 1] == ' ') {
        at += 2;
        while (at < l->bytes && l->text[at] == ' ') at++;
    }
    return at;
}

static bool explain_wide_colon(const struct source *s, const struct line *l, struct diag *d)
{
    const size_t start = key_start(l);
    const size_t colon = colon_find(l->text + start, l->bytes - start);
    if (colon == SIZE_MAX) return false;
    explain_colon(l->text + start, l->bytes - start, colon,
                  line_place(s, l, start + colon, start + colon + 3), d);
    return true;
}

static bool is_word(const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        if (strchr(" :#\"'[]{},&*!|>%@`", text[i])) return false;
    return bytes > 0;
}

/* "key value" or "key:value" where "key: value" was meant. */
static bool explain_missing_colon(const struct source *s, const struct line *l, struct diag *d)
{
    const size_t start = key_start(l);
    const char *text = l->text + start;
    const size_t bytes = l->bytes - start;
    const char *end = memchr(text, ':', bytes), *blank = memchr(text, ' ', bytes);
    if (end && blank && blank < end) return false;
    if (!end) end = blank;
    if (!end || !is_word(text, (size_t)(end - text))) return false;
    const int key = (int)(end - text);
    const bool colon = *end == ':';
    if (colon && (end + 1 == text + bytes || end[1] == ' ')) return false;
    const char *value = end + 1;
    while (value < text + bytes && *value == ' ') value++;
    const int shown = shown_bytes(value, (size_t)(text + bytes - value));
    invalid(d, line_place(s, l, start, start + (size_t)key + colon));
    if (colon)
        diag_why(d, _("there is no space after ':', so this is one long word and no key"));
    else
        diag_why(d, _("a ':' seems to be missing after '%.*s'"), key, text);
    diag_fix(d, _("write '%.*s: %.*s'"), key, text, shown, value);
    return true;
}

typedef bool explain_fn(const struct source *s, const struct line *l, struct diag *d);

/* The line at fault and, as libyaml is one late, the last written line above it. */
static bool explain_lines(const struct source *s, const struct yaml_trouble *t, struct diag *d)
{
    static explain_fn *const fns[] = {explain_tab, explain_wide_colon, explain_missing_colon};
    const bool colon = strstr(t->problem, "expected ':'") || strstr(t->problem, "mapping values");
    const size_t n_fns = sizeof fns / sizeof *fns - !colon;
    size_t lines = 0;
    for (size_t i = t->line + 1; i-- > 0 && lines < 2;) {
        struct line l;
        if (!line_get(&l, s, i) || l.bytes == 0 || *l.text == '#') continue;
        lines++;
        for (size_t f = 0; f < n_fns; f++)
            if (fns[f](s, &l, d)) return true;
    }
    return false;
}

static struct place mark_place(const struct source *s, size_t line, size_t column)
{
    return (struct place){s, line + 1, column + 1, column + 2};
}

static bool context_is(const struct yaml_trouble *t, const char *what)
{
    return t->context && strstr(t->context, what);
}

/* Does the bracket at the context close before the text ends? Quotes and comments do not count. */
static bool bracket_closes(const struct source *s, size_t number, size_t column)
{
    struct line l;
    if (!line_get(&l, s, number)) return false;
    const char *at = l.text - l.indent;
    for (size_t i = 0; i < column && *at; i++) do
            at++;
        while (((unsigned char)*at & 0xc0) == 0x80);
    int depth = 0;
    char quote = 0;
    for (char before = ' '; *at; before = *at++) {
        if (quote) {
            if (*at == quote) quote = 0;
        } else if ((*at == '"' || *at == '\'') && strchr(" ,[{:\n", before)) {
            quote = *at;
        } else if (*at == '#' && (before == ' ' || before == '\n')) {
            at += strcspn(at, "\n");
            if (!*at) break;
        } else if (*at == '[' || *at == '{') {
            depth++;
        } else if ((*at == ']' || *at == '}') && --depth == 0) {
            return true;
        }
    }
    return false;
}

static bool explain_unclosed(const struct source *s, const struct yaml_trouble *t, struct diag *d)
{
    const struct place at = mark_place(s, t->context_line, t->context_column);
    if (context_is(t, "quoted") && strstr(t->problem, "escape")) {
        invalid(d, mark_place(s, t->line, t->column));
        diag_why(d, _("text in double quotes holds an escape here that YAML does not know"));
        diag_fix(d, _("write \\\\ for a backslash, or use single quotes"));
        return true;
    }
    if (context_is(t, "quoted")) {
        invalid(d, at);
        diag_why(d, _("the quote that opens here is never closed"));
        diag_fix(d, _("close the quote at the end of the value"));
        return true;
    }
    if (context_is(t, "flow node")) {
        struct line l;
        invalid(d, mark_place(s, t->line, t->column));
        if (!line_get(&l, s, t->line) || (l.bytes == 0 && !line_get(&l, s, t->line + 1))) {
            diag_why(d, _("the text ends inside a bracket"));
            diag_fix(d, _("close it with ']' or '}'"));
            return true;
        }
        diag_why(d, _("a value or a closing bracket is missing before this"));
        diag_fix(d, _("write the value, or close the inner bracket first"));
        return true;
    }
    if (!context_is(t, "flow")) return false;
    if (bracket_closes(s, t->context_line, t->context_column)) {
        invalid(d, mark_place(s, t->line, t->column));
        diag_why(
            d,
            _("a ',' is missing before this, or the bracket closes in another place than meant"));
        diag_fix(d, _("separate the entries with ', '"));
        return true;
    }
    invalid(d, at);
    diag_why(d, _("the bracket that opens here is never closed"));
    diag_fix(d, _("close it with ']' or '}'"));
    return true;
}

/* A value that starts with a character YAML keeps for itself. */
static bool explain_start(const struct source *s, const struct yaml_trouble *t, struct diag *d)
{
    struct line l;
    const bool alias = context_is(t, "alias") || context_is(t, "anchor") || context_is(t, "tag");
    const size_t line = alias ? t->context_line : t->line;
    const size_t column = alias ? t->context_column : t->column;
    if (!alias && !strstr(t->problem, "cannot start any token")) return false;
    if (!line_get(&l, s, line)) return false;
    const char *at = l.text - l.indent;
    for (size_t i = 0; i < column && *at; i++) do
            at++;
        while (((unsigned char)*at & 0xc0) == 0x80);
    if (*at == '\t') return false;
    const size_t rest = (size_t)(l.text + l.bytes - at);
    size_t value = 0;
    while (value < rest && !strchr(",]}", at[value])) value++;
    invalid(d, mark_place(s, line, column));
    diag_why(d, _("a value without quotes cannot start with '%c'"), *at);
    diag_fix(d, _("put it in quotes: \"%.*s\""), shown_bytes(at, value), at);
    return true;
}

static void explain_nesting(const struct source *s, const struct yaml_trouble *t, struct diag *d)
{
    struct line l;
    invalid(d, mark_place(s, t->line, t->column));
    if (strstr(t->problem, "mapping values are not allowed") && line_get(&l, s, t->line)) {
        const char *first = memchr(l.text, ':', l.bytes);
        if (first && l.indent + columns(l.text, (size_t)(first - l.text)) < t->column) {
            diag_why(d, _("a value without quotes cannot hold ': '"));
            diag_fix(d, _("put the whole value in quotes"));
            return;
        }
        diag_why(d,
                 _("this line is indented deeper than the line above, which has a value already"));
        diag_fix(d,
                 _("give both lines the same indent, or take the value away from the line above"));
        return;
    }
    const bool block = context_is(t, "block mapping") || context_is(t, "block collection");
    if (block && line_get(&l, s, t->line) && t->column > l.indent) {
        diag_why(d, _("the value has ended before this"));
        diag_fix(d, _("take away what stands behind it, or put the whole value in quotes"));
        return;
    }
    if (block)
        diag_why(d, _("the indent of this line fits no line above"));
    else
        diag_why(d, _("the YAML reader says: %s"), t->problem);
    diag_fix(d, block ? _("check the indent of this line and of the line above")
                      : _("check this line and the line above"));
}

enum err yaml_explain(const struct source *s, const struct yaml_trouble *t, struct diag *d)
{
    if (explain_start(s, t, d)) return ERR_YAML;
    if (context_is(t, "quoted") && explain_unclosed(s, t, d)) return ERR_YAML;
    if (explain_lines(s, t, d)) return ERR_YAML;
    if (explain_unclosed(s, t, d)) return ERR_YAML;
    explain_nesting(s, t, d);
    return ERR_YAML;
}
