#include "cli/starter.h"
#include "common/text.h"
#include <string.h>

static const char list_start[] = "    purchase: [", list_end[] = ", subscription]";

static const char *terms_remark(const char *markets, struct arena *a)
{
    return arena_printf(a,
                        _("    # No subscription: it could be a term of a year, of which the plan "
                          "counts the horizon only; the rest is\n"
                          "    # owed all the same (warning E4101). To allow it: "
                          "purchase: [%s, subscription];\n"
                          "    # catalog.max_term: 1month keeps it to months.\n"),
                        markets);
}

const char *purchase_lines(const char *markets, struct arena *a)
{
    return arena_printf(a, "%s%s]\n%s", list_start, markets, terms_remark(markets, a));
}

/* A line up to its end, and the comment behind it where it is that of a workload. */
static const char *line_without(const char *line, struct arena *a)
{
    const char *cut = strstr(line, list_end);
    if (!cut) return line;
    const char *kept = arena_strndup(a, line, (size_t)(cut - line));
    const char *changed = arena_printf(a, "%s]%s", kept, cut + strlen(list_end));
    const size_t start = strlen(list_start);
    if (strncmp(line, list_start, start) != 0) return changed;
    return arena_printf(a, "%s%s", changed, terms_remark(kept + start, a));
}

/* The comment of a line: from a # that begins a word and is not quoted; NULL: it has none. */
static const char *comment_of(const char *line)
{
    char quote = '\0', before = ' ';
    for (const char *c = line; *c; before = *c++) {
        if (quote) {
            if (*c == quote) quote = '\0';
        } else if (strchr("\"'", *c) && strchr(" [{,", before)) {
            quote = *c;
        } else if (*c == '#' && before == ' ') {
            return c;
        }
    }
    return NULL;
}

static const char *line_translated(const char *line, struct arena *a)
{
    const char *comment = comment_of(line);
    if (!comment) return line;
    comment += strspn(comment, "# ");
    const char *text = arena_strndup(a, comment, strcspn(comment, "\r\n"));
    return *text ? arena_printf(a, "%.*s%s%s", (int)(comment - line), line, _(text),
                                comment + strlen(text))
                 : line;
}

/* Every line as `change` makes it. */
static const char *lines_changed(const char *text,
                                 const char *(*change)(const char *line, struct arena *a),
                                 struct arena *a)
{
    const char *out = "";
    while (*text) {
        const size_t bytes = strcspn(text, "\n") + 1;
        const char *line = arena_strndup(a, text, text[bytes - 1] ? bytes : bytes - 1);
        out = arena_printf(a, "%s%s", out, change(line, a));
        text += strlen(line);
    }
    return out;
}

const char *without_terms(const char *text, struct arena *a)
{
    return lines_changed(text, line_without, a);
}

const char *comments_translated(const char *text, struct arena *a)
{
    return lines_changed(text, line_translated, a);
}
