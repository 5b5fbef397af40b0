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

const char *without_terms(const char *text, struct arena *a)
{
    const char *out = "";
    while (*text) {
        const size_t bytes = strcspn(text, "\n") + 1;
        const char *line = arena_strndup(a, text, text[bytes - 1] ? bytes : bytes - 1);
        out = arena_printf(a, "%s%s", out, line_without(line, a));
        text += strlen(line);
    }
    return out;
}
