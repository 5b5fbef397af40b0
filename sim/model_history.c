/* Block bootstrap of an imported series (history.csv of a book, catalog.spot_history): every day of a world is a day of the past
 * that begins at the same hour of the week, drawn anew, or at the same hour of the day where the series is too short for that. Prices
 * are taken relative to the mean of the series, so that the mean stays the planned price: how high spot is says the price book,
 * how it moves says the history. */
#include "common/text.h"
#include "pricing/history.h"
#include "sim/world.h"
#include <math.h>
#include <string.h>

enum { BLOCK_H = 24, WEEK_H = 168, DAY_H = 24 };

/* One series hour by hour. */
struct past {
    size_t n;
    double *factor;  /* [n] of the mean; NAN: not known */
    int64_t first_h; /* hour of factor[0], since 1970 in local time */
    int64_t start_h; /* hour at which the horizon starts */
    size_t *
        begins; /* hours of the past at which a whole known day begins, by hour of the week or of the day */
    size_t first[WEEK_H + 1]; /* begins[first[k]] .. begins[first[k + 1]]: those of hour k */
    size_t period;            /* WEEK_H or DAY_H */
};

static void hours_fill(struct past *p, const struct history *h, size_t first, size_t end,
                       int64_t offset_us, struct arena *a)
{
    const struct history_hours hours = history_hours(h, first, end, offset_us, a);
    p->first_h = hours.first_h;
    p->n = hours.n;
    p->factor = hours.price;
    double sum = 0, known = 0;
    for (size_t i = 0; i < p->n; i++) {
        if (isnan(p->factor[i])) continue;
        sum += p->factor[i];
        known++;
    }
    for (size_t i = 0; i < p->n; i++) p->factor[i] *= known / sum;
}

static bool day_is_known(const struct past *p, size_t begin)
{
    for (size_t i = begin; i < begin + BLOCK_H; i++)
        if (isnan(p->factor[i])) return false;
    return true;
}

static size_t hour_of_period(const struct past *p, int64_t hour)
{
    const int64_t period = (int64_t)p->period;
    return (size_t)((hour % period + period) % period);
}

/* Days by the hour at which they begin. False where some hour that is needed has none. */
static bool begins_fill(struct past *p, size_t period, struct arena *a)
{
    p->period = period;
    size_t counts[WEEK_H + 1] = {0};
    for (size_t i = 0; i + BLOCK_H <= p->n; i++)
        if (day_is_known(p, i)) counts[hour_of_period(p, p->first_h + (int64_t)i)]++;
    p->first[0] = 0;
    for (size_t k = 0; k < period; k++) p->first[k + 1] = p->first[k] + counts[k];
    p->begins = ARENA_NEW(a, size_t, p->first[period] + 1);
    memset(counts, 0, sizeof counts);
    for (size_t i = 0; i + BLOCK_H <= p->n; i++) {
        const size_t k = hour_of_period(p, p->first_h + (int64_t)i);
        if (day_is_known(p, i)) p->begins[p->first[k] + counts[k]++] = i;
    }
    for (int64_t h = 0; h < (int64_t)period; h += BLOCK_H) {
        const size_t k = hour_of_period(p, p->start_h + h);
        if (p->first[k + 1] == p->first[k]) return false;
    }
    return true;
}

static enum err missing(const struct world_model *m, const struct spot_pool *pool, bool is_short,
                        struct diag *d)
{
    const struct place at = scenario_place(m->plan->scenario, "simulate.spot_price");
    const enum err code =
        is_short ? diag_error(d, ERR_SPOT_HISTORY, at,
                              _("the spot history of %s holds no whole day that begins at the "
                                "hour of the horizon's start"),
                              pool->name)
                 : diag_error(d, ERR_SPOT_HISTORY, at,
                              _("catalog.spot_history has no series for %s, which the plan uses"),
                              pool->name);
    diag_fix(d, "%s",
             _("import it (`gpumix catalog import` writes history.csv), or write "
               "spot_price: model or spot_price: fixed"));
    return code;
}

/* The longest series of the pool in any of the files. */
static enum err series_find(struct past *p, const struct world_model *m,
                            const struct spot_pool *pool, struct arena *a, struct diag *d)
{
    const struct scenario *s = m->plan->scenario;
    size_t most = 0;
    for (size_t i = 0; i < s->spot_history.n; i++) {
        struct history h = {0};
        TRY(history_read(&h, s->spot_history.items[i], a, d));
        for (size_t first = 0, end = 0; history_next(&h, &first, &end);) {
            if (end - first <= most ||
                !history_covers(&h, first, pool->type_name, pool->region, pool->zone))
                continue;
            most = end - first;
            hours_fill(p, &h, first, end, s->utc_offset_us, a);
        }
    }
    return OK;
}

static enum err prepare(const void **prices, const struct world_model *m,
                        const struct spot_pool *pool, struct arena *a, struct diag *d)
{
    if (!pool->used) return OK;
    struct past *p = ARENA_NEW(a, struct past, 1);
    TRY(series_find(p, m, pool, a, d));
    if (!p->factor) return missing(m, pool, false, d);
    p->start_h = moment_hour(m->plan->scenario->start);
    if (!begins_fill(p, WEEK_H, a) && !begins_fill(p, DAY_H, a)) return missing(m, pool, true, d);
    *prices = p;
    return OK;
}

static void extend(struct price_path *path, size_t hours)
{
    const struct past *p = path->prices;
    for (size_t h = path->n; h < hours; h++) {
        if (!p) {
            path->factor[h] = 1;
            continue;
        }
        if (h % BLOCK_H == 0) {
            const size_t k = hour_of_period(p, p->start_h + (int64_t)h);
            const size_t n = p->first[k + 1] - p->first[k];
            const size_t pick = (size_t)(random_uniform(&path->noise) * (double)n);
            path->level = (double)p->begins[p->first[k] + (pick < n ? pick : n - 1)];
        }
        path->factor[h] = p->factor[(size_t)path->level + h % BLOCK_H];
    }
}

const struct price_model price_history = {
    .name = "history",
    .label = N_("days of the imported history, hour of the week kept"),
    .prepare = prepare,
    .extend = extend,
};
