/* How spot prices went by hour of the week, of what a plan buys: from the histories that the scenario names. */
#include "report/spot_weeks.h"
#include "pricing/history.h"
#include "report/summary.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_KINDS = 3 };

struct kind {
    const struct offer *offer;
    micro_t spent;
};

static bool same_kind(const struct offer *x, const struct offer *y)
{
    return x->type == y->type && strcmp(x->region, y->region) == 0 &&
           strcmp(x->zone ? x->zone : "", y->zone ? y->zone : "") == 0;
}

static int by_spent(const void *left, const void *right)
{
    const struct kind *a = left, *b = right;
    return (a->spent < b->spent) - (a->spent > b->spent);
}

/* Kinds of spot machines that the plan pays, dearest first. */
static struct kind *kinds_of(size_t *n, const struct plan *p, struct arena *a)
{
    struct kind *kinds = ARENA_NEW(a, struct kind, p->n_ledger + 1);
    *n = 0;
    for (size_t i = 0; i < p->n_ledger; i++) {
        if (p->ledger[i].offer == NO_INDEX) continue;
        const struct offer *o = &p->offers[p->ledger[i].offer];
        size_t k = 0;
        if (!o->market->interruptible) continue;
        while (k < *n && !same_kind(kinds[k].offer, o)) k++;
        if (k == *n) kinds[(*n)++] = (struct kind){.offer = o};
        kinds[k].spent += p->ledger[i].amount;
    }
    if (*n > 1) qsort(kinds, *n, sizeof *kinds, by_spent);
    return kinds;
}

struct week {
    double sum[WEEK_HOURS], all;
    long n[WEEK_HOURS], hours;
};

static void week_add(struct week *w, const struct history_hours *h)
{
    for (size_t i = 0; i < h->n; i++) {
        if (isnan(h->price[i])) continue;
        const moment_t at = (h->first_h + (int64_t)i) * US_PER_H;
        const size_t k = (size_t)moment_week_hour(at) - 1;
        w->sum[k] += h->price[i];
        w->n[k]++;
        w->all += h->price[i];
        w->hours++;
    }
}

/* The longest series of the kind in any of the histories, as the simulator chooses it. */
static struct week week_of(const struct kind *k, const struct history *histories, size_t n,
                           const struct plan *p, struct arena *a)
{
    struct week w = {0};
    size_t most = 0;
    const struct offer *o = k->offer;
    const char *type = book_type(p->book, o->type)->name;
    for (size_t i = 0; i < n; i++)
        for (size_t first = 0, end = 0; history_next(&histories[i], &first, &end);) {
            if (end - first <= most ||
                !history_covers(&histories[i], first, type, o->region, o->zone ? o->zone : ""))
                continue;
            most = end - first;
            w = (struct week){0};
            const struct history_hours h =
                history_hours(&histories[i], first, end, p->scenario->utc_offset_us, a);
            week_add(&w, &h);
        }
    return w;
}

struct spot_week *spot_weeks(size_t *n, const struct plan *p, struct arena *a)
{
    const struct text_list *files = &p->scenario->spot_history;
    struct spot_week *out = ARENA_NEW(a, struct spot_week, MOST_KINDS);
    size_t n_kinds = 0, n_histories = 0;
    *n = 0;
    if (files->n == 0) return out;
    struct history *histories = ARENA_NEW(a, struct history, files->n + 1);
    struct diag unread = {.arena = a}; /* whoever simulates with the file is told what is wrong */
    for (size_t i = 0; i < files->n; i++)
        if (history_read(&histories[n_histories], files->items[i], a, &unread) == OK) n_histories++;
    const struct kind *kinds = kinds_of(&n_kinds, p, a);
    for (size_t k = 0; k < n_kinds && *n < MOST_KINDS; k++) {
        const struct week w = week_of(&kinds[k], histories, n_histories, p, a);
        if (!(w.all > 0)) continue;
        struct spot_week *one = &out[(*n)++];
        *one = (struct spot_week){.offer = kinds[k].offer, .hours = w.hours};
        const double mean = w.all / (double)w.hours;
        for (size_t i = 0; i < WEEK_HOURS; i++)
            one->by_hour[i] = w.n[i] ? w.sum[i] / (double)w.n[i] / mean : (double)NAN;
    }
    return out;
}
