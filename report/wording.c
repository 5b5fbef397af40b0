#include "report/wording.h"
#include "common/quantity.h"
#include "common/text.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rounds half to even, as every amount is. */
static micro_t units_of(micro_t amount, micro_t unit)
{
    const micro_t whole = amount / unit, rest = amount % unit, twice = 2 * llabs(rest);
    if (twice < unit || (twice == unit && whole % 2 == 0)) return whole;
    return whole + (amount < 0 ? -1 : 1);
}

micro_t amount_shown(micro_t amount, micro_t unit, micro_t *sum)
{
    const micro_t before = units_of(*sum, unit);
    *sum += amount;
    return (units_of(*sum, unit) - before) * unit;
}

int amount_decimals(micro_t total)
{
    return llabs(total) < INT64_C(1000000000) ? 2 : 0;
}

micro_t amount_unit(int decimals)
{
    return decimals == 2 ? 10000 : 1000000;
}

const char *amount_text(struct arena *a, micro_t amount, int decimals)
{
    char buffer[64];
    return arena_strdup(a, money_print(buffer, sizeof buffer, amount, decimals, true));
}

const char *price_text(struct arena *a, struct ratio price)
{
    char buffer[64];
    return arena_strdup(a, price_print(buffer, sizeof buffer, price));
}

const char *number_text(struct arena *a, double value, int decimals)
{
    if (!isfinite(value) || fabs(value) > 9e11) return arena_printf(a, "%g", value);
    return amount_text(a, (micro_t)llround(value * 1e6), decimals);
}

const char *percent_text(struct arena *a, double frac, int decimals)
{
    return arena_printf(a, "%.*f%%", decimals, frac * 100);
}

/* Two digits that mean something, as many decimals as they need. */
static const char *chance_digits(double frac, struct arena *a)
{
    const double percent = frac * 100, rest = percent > 50 ? 100 - percent : percent;
    int decimals = 1;
    while (decimals < 6 && rest < pow(10, 1 - decimals) * 0.9999999) decimals++;
    return percent_text(a, frac, decimals);
}

const char *chance_text(double estimate, double low, double high, struct arena *a)
{
    if (!isfinite(estimate)) return "-";
    if (estimate <= 0) return arena_printf(a, _("below %s"), chance_digits(high, a));
    if (estimate >= 1) return arena_printf(a, _("above %s"), chance_digits(low, a));
    return chance_digits(estimate, a);
}

const char *currency_name(enum currency c)
{
    return c == CURRENCY_USD ? "USD" : "CNY";
}

const char *offer_market_label(const struct offer *o)
{
    if (o->market->id == MARKET_SUBSCRIPTION)
        return o->term_h > HOURS_PER_MONTH ? _("subscription by the year")
                                           : _("subscription by the month");
    if (!o->market->interruptible) return _(o->market->label);
    return o->protected_h > 0 ? _("spot, first hour protected") : _("spot, unprotected");
}

const char *offer_market_word(const struct offer *o)
{
    if (!o->market->interruptible || o->protected_h > 0) return o->market->name;
    return "spot_unprotected";
}

const char *offer_place(const struct offer *o)
{
    return o->zone && *o->zone ? o->zone : o->region;
}

static const char *dataset_text(const struct plan *p, const struct summary_line *l, struct arena *a)
{
    const char *name = p->scenario->datasets[l->dataset].name;
    const char *label = ledger_part_label(l->part);
    for (size_t i = 0; i < p->n_datasets; i++) {
        const struct dataset_choice *c = &p->datasets[i];
        if (c->dataset != l->dataset || (l->note && strcmp(l->note, c->class_->name) != 0))
            continue;
        return arena_printf(a, _("%s: %s, %s GiB on %s, %s"), name, label,
                            number_text(a, c->size_gib * c->share + c->extra_gib, 0),
                            c->class_->name, c->region);
    }
    return arena_printf(a, "%s: %s", name, label);
}

const char *line_text(const struct summary *s, const struct summary_line *l, struct arena *a)
{
    const struct plan *p = s->plan;
    const char *label = ledger_part_label(l->part);
    if (l->dataset != NO_INDEX) return dataset_text(p, l, a);
    if (l->offer == NO_INDEX) return l->note ? arena_printf(a, "%s: %s", label, l->note) : label;
    const struct offer *o = &p->offers[l->offer];
    const char *type = book_type(p->book, o->type)->name;
    if (l->part == PART_COMPUTE)
        return arena_printf(a, "%ld x %s  %s, %s", l->machines, type, offer_market_label(o),
                            offer_place(o));
    if (l->note) return arena_printf(a, "%s: %s (%s)", label, l->note, type);
    return arena_printf(a, "%s: %s  %s, %s", label, type, offer_market_label(o), offer_place(o));
}

const char *labelled_text(const char *name, const char *label, const char *label_zh,
                          struct arena *a)
{
    const char *own = text_is_chinese() && label_zh && *label_zh ? label_zh : label;
    return own && *own && strcmp(own, name) != 0 ? arena_printf(a, _("%s (%s)"), own, name) : name;
}

const char *workload_title(const struct workload *w, struct arena *a)
{
    return labelled_text(w->name, w->label, w->label_zh, a);
}

const char *group_text(const struct summary *s, const struct summary_group *g, struct arena *a)
{
    switch (g->kind) {
    case GROUP_WORKLOAD:
        return workload_title(&s->plan->scenario->workloads[g->workload], a);
    case GROUP_STORAGE:
        return _("storage");
    case GROUP_COMMITMENTS:
        return _("commitments");
    case GROUP_OTHER:
        break;
    }
    return _("other");
}

const char *unit_label(const char *unit)
{
    return unit && *unit ? _(unit) : "";
}

const char *moment_text(struct arena *a, const struct scenario *s, int64_t us)
{
    char buffer[32];
    return arena_strdup(a, moment_print(buffer, sizeof buffer, s->start + us));
}

const char *duration_text(struct arena *a, int64_t us)
{
    const long minutes = (long)((us + 30000000) / 60000000);
    const long d = minutes / 1440, h = minutes / 60 % 24, min = minutes % 60;
    if (d > 0) return arena_printf(a, _("%ldd %ldh"), d, h);
    if (h > 0) return arena_printf(a, _("%ldh %ldmin"), h, min);
    return arena_printf(a, _("%ldmin"), min);
}

const char *place_label(struct arena *a, struct place at)
{
    if (!at.source) return "";
    return at.line ? arena_printf(a, "%s:%zu", at.source->path, at.line) : at.source->path;
}

const char *safe_text(struct arena *a, const char *text)
{
    const size_t size = 10 * strlen(text) + 1; /* "\\u{10ffff}" is the longest replacement */
    return text_safe(arena_alloc(a, size, 1), size, text);
}

const char *result_title(const struct result *r, struct arena *a)
{
    if (!r->plan) return r->variant;
    if (!r->plan->scenario->variant) return r->plan->scenario->name;
    return arena_printf(a, "%s / %s", r->plan->scenario->name, r->variant);
}

const char *status_label(enum plan_status status)
{
    switch (status) {
    case PLAN_OPTIMAL:
        return _("optimal");
    case PLAN_WITHIN_GAP:
        return _("within the gap");
    case PLAN_FEASIBLE:
        return _("incomplete: a limit was reached");
    case PLAN_INFEASIBLE:
        return _("no plan meets every limit");
    case PLAN_NONE:
        break;
    }
    return _("none found: a limit was reached");
}

const char *finish_text(const struct summary *s, size_t workload, struct arena *a)
{
    const struct summary_finish *f = &s->finishes[workload];
    const struct scenario *sc = s->plan->scenario;
    if (f->n_jobs == 0) return NULL;
    if (f->n_late > 0)
        return arena_printf(a, _("%zu of %zu jobs late, by at most %s; the last is done %s"),
                            f->n_late, f->n_jobs, duration_text(a, f->late_us),
                            moment_text(a, sc, f->finish_us));
    if (f->n_jobs > 1)
        return arena_printf(a, _("%zu jobs, all in time; the last is done %s"), f->n_jobs,
                            moment_text(a, sc, f->finish_us));
    return arena_printf(a, _("done %s, deadline %s"), moment_text(a, sc, f->finish_us),
                        moment_text(a, sc, f->due_us));
}

struct sheet_cell percent_cell(struct arena *a, double frac)
{
    if (isnan(frac)) return sheet_text(NULL);
    return sheet_both(percent_text(a, frac, 1), arena_printf(a, "%.15g", frac));
}
