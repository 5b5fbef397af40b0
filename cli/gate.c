#include "cli/gate.h"
#include "common/text.h"
#include <string.h>

/* Figures that only simulation knows. */
static const char *const simulated[] = {"expected", "p10",  "p50",         "p90",
                                        "p95",      "late", "over_budget", NULL};

static bool word_is_in(const char *const *words, const char *word)
{
    for (; *words; words++)
        if (strcmp(*words, word) == 0) return true;
    return false;
}

static enum err figure_unknown(const char *name, struct diag *d)
{
    const enum err code =
        diag_error(d, ERR_GATE, (struct place){0}, _("\"%s\" is no figure of a plan"), name);
    size_t n = 0;
    while (summary_figures[n]) n++;
    const char *near = nearest_name(name, summary_figures, n);
    if (near)
        diag_fix(d, _("did you mean %s?"), near);
    else if (word_is_in(simulated, name))
        diag_fix(d, "%s", _("it needs simulation; here cost and bound can be tested"));
    else
        diag_fix(d, "%s", _("use one of: cost, bound, gap, machine_hours, estimated_share"));
    return code;
}

static enum err form_wrong(const char *text, struct diag *d)
{
    const enum err code = diag_error(d, ERR_GATE, (struct place){0},
                                     _("\"%s\" is not a figure, a comparison and a number"), text);
    diag_fix(d, "%s",
             _("write for example \"cost > 900000\" or \"gap >= 1%\"; comparisons are > >= < <="));
    return code;
}

static const char *spaces_skip(const char *s)
{
    return s + strspn(s, " ");
}

enum err gate_parse(struct gate *g, const char *text, bool luck, struct arena *a, struct diag *d)
{
    const char *s = spaces_skip(text);
    const size_t name = strcspn(s, " ><=");
    *g = (struct gate){.text = text, .figure = arena_strndup(a, s, name)};
    s = spaces_skip(s + name);
    if (name == 0 || (*s != '>' && *s != '<')) return form_wrong(text, d);
    const bool above = *s++ == '>', equal = *s == '=';
    g->comparison = above ? equal ? AT_LEAST : ABOVE : equal ? AT_MOST : BELOW;
    s = spaces_skip(s + equal);
    size_t length = strlen(s);
    while (length > 0 && s[length - 1] == ' ') length--;
    if (!quantity_parse(&g->limit, arena_strndup(a, s, length), NUMBER_FRAC))
        return form_wrong(text, d);
    if (word_is_in(summary_figures, g->figure)) return OK;
    if (luck && word_is_in(simulated, g->figure)) return OK;
    return figure_unknown(g->figure, d);
}

bool gate_needs_luck(const struct gate *g)
{
    return word_is_in(simulated, g->figure);
}

static bool luck_figure(double *value, const struct simulation *l, const char *name)
{
    const double values[] = {l->cost.mean,
                             l->cost.p10,
                             l->cost.p50,
                             l->cost.p90,
                             l->cost.p95,
                             l->missed.estimate,
                             l->has_budget ? l->over_budget.estimate : 0};
    for (size_t i = 0; simulated[i]; i++) {
        if (strcmp(name, simulated[i]) != 0) continue;
        *value = values[i];
        return true;
    }
    return false;
}

bool gate_fails(double *value, const struct gate *g, const struct summary *s,
                const struct simulation *luck)
{
    if (!summary_figure(value, s, g->figure) && !(luck && luck_figure(value, luck, g->figure)))
        return false;
    switch (g->comparison) {
    case ABOVE:
        return *value > g->limit;
    case AT_LEAST:
        return *value >= g->limit;
    case BELOW:
        return *value < g->limit;
    case AT_MOST:
        break;
    }
    return *value <= g->limit;
}
