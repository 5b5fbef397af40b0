#include "solver/schedule.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Work below this share of a demand is a rounding error of the LP and is spread over the rest. */
#define DUST 1e-9

static int by_place(const void *x, const void *y)
{
    const struct amount *a = x, *b = y;
    if (a->demand != b->demand) return a->demand < b->demand ? -1 : 1;
    if (a->from_us != b->from_us) return a->from_us < b->from_us ? -1 : 1;
    return a->option < b->option ? -1 : a->option > b->option;
}

static bool monthly_budgets(const struct formulation *f)
{
    for (size_t i = 0; i < f->n_budgets; i++)
        if (f->budgets[i].month >= 0) return true;
    return false;
}

/* First period of t's month. */
static size_t month_first(const struct grid *g, size_t t)
{
    while (t > 0 && g->month[t - 1] == g->month[t]) t--;
    return t;
}

static size_t month_last(const struct grid *g, size_t t)
{
    while (t + 1 < g->n && g->month[t + 1] == g->month[t]) t++;
    return t;
}

/* The hours in which period t's work may be done as well without another price, late cost or month. */
static struct amount slot_of(const struct formulation *f, struct column c, bool months,
                             enum merging merging)
{
    const struct model *m = f->model;
    const struct grid *g = &m->grid;
    const struct demand *d = &m->demands->items[c.a];
    struct amount a = {.demand = c.a,
                       .option = c.b,
                       .from_us = g->from_us[c.t],
                       .to_us = g->from_us[work_after(f, c.a, c.t)]};
    if (merging == MERGE_NOTHING) return a;
    const bool late = is_late(m, d, c.t);
    a.from_us = months ? g->from_us[month_first(g, c.t)] : 0;
    if (late && a.from_us < d->due_us) a.from_us = d->due_us;
    if (!late) a.to_us = months ? g->from_us[month_last(g, c.t) + 1] : m->horizon_us;
    if (!late && a.to_us > d->due_us) a.to_us = d->due_us;
    return a;
}

/* Equal neighbours become one; late work of one option ends where the latest of it ends. */
static void join(struct amounts *out)
{
    if (out->n) qsort(out->items, out->n, sizeof *out->items, by_place);
    size_t kept = 0;
    for (size_t i = 0; i < out->n; i++) {
        struct amount *a = &out->items[i], *last = kept ? &out->items[kept - 1] : NULL;
        if (last && last->demand == a->demand && last->option == a->option &&
            last->from_us == a->from_us) {
            last->paid_h += a->paid_h;
            if (a->to_us > last->to_us) last->to_us = a->to_us;
        } else {
            out->items[kept++] = *a;
        }
    }
    out->n = kept;
}

static const struct option *option_of(const struct model *m, const struct amount *a)
{
    return &m->groups[m->group_of[a->demand]].options[a->option];
}

/* Drops dust and scales what is left to the demand's work: [first, last) are the amounts of one demand. */
static void scale(struct amounts *out, const struct model *m, size_t first, size_t last)
{
    const double work = m->demands->items[out->items[first].demand].work;
    double done = 0;
    for (size_t i = first; i < last; i++) {
        struct amount *a = &out->items[i];
        if (a->paid_h * option_of(m, a)->work_per_h < DUST * work) a->paid_h = 0;
        done += a->paid_h * option_of(m, a)->work_per_h;
    }
    for (size_t i = first; done > 0 && i < last; i++) out->items[i].paid_h *= work / done;
}

static double work_of(const struct model *m, const struct amount *a)
{
    return a->paid_h * option_of(m, a)->work_per_h;
}

/* Money that leaving option a for option b costs more, less the starts that are saved. */
static double loss_of_leaving(const struct model *m, const struct amount *a, const struct amount *b)
{
    const struct option *x = option_of(m, a), *y = option_of(m, b);
    const struct demand *d = &m->demands->items[a->demand];
    const double open =
        (double)demand_open_us(d, a->from_us, a->to_us, d->late_priced, m->horizon_us) /
        (double)US_PER_H;
    const double machines = d->shape->workers ? (double)x->fit.machines
                            : open > 0        ? ceil(a->paid_h / open)
                                              : 1;
    const double more =
        work_of(m, a) * (y->cost_per_h / y->work_per_h - x->cost_per_h / x->work_per_h);
    return more - machines * x->rs_h * x->cost_per_h;
}

static bool may_take(const struct model *m, const struct amount *a, const struct amount *b)
{
    const struct demand *d = &m->demands->items[a->demand];
    if (a == b || b->paid_h <= 0 || a->from_us != b->from_us ||
        option_of(m, b)->spot > option_of(m, a)->spot)
        return false;
    return d->shape->spot_max_frac >= 1 || !option_of(m, b)->spot || option_of(m, a)->spot;
}

/* Leaves options whose saving is smaller than the starts they need. */
static void save_starts(struct amounts *out, const struct model *m, size_t first, size_t last)
{
    for (size_t i = first; i < last; i++) {
        struct amount *a = &out->items[i];
        if (a->paid_h <= 0) continue;
        struct amount *best = NULL;
        double loss = 0;
        for (size_t j = first; j < last; j++) {
            struct amount *b = &out->items[j];
            if (!may_take(m, a, b) || loss_of_leaving(m, a, b) >= loss) continue;
            best = b;
            loss = loss_of_leaving(m, a, b);
        }
        if (!best) continue;
        best->paid_h += work_of(m, a) / option_of(m, best)->work_per_h;
        a->paid_h = 0;
    }
}

void amounts_make(struct amounts *out, const struct formulation *f, const double *x,
                  enum merging merging)
{
    const struct model *m = f->model;
    const bool months = monthly_budgets(f);
    *out = (struct amounts){0};
    struct column c;
    double paid_h;
    for (size_t at = 0; work_next(&c, &paid_h, f, x, &at);) {
        struct amount a = slot_of(f, c, months, merging);
        a.paid_h = paid_h;
        *ARENA_PUSH(m->arena, out->items, out->n) = a;
    }
    join(out);
    for (size_t first = 0, last; first < out->n; first = last) {
        for (last = first; last < out->n && out->items[last].demand == out->items[first].demand;)
            last++;
        scale(out, m, first, last);
        if (merging == MERGE_STARTS) save_starts(out, m, first, last);
    }
}
