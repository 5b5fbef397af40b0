/* r(n) and its prefix maximum per machine (docs/model.md 3.2). Each entry starts its search where the three before it point. */
#include "solver/rate_table.h"

#include "solver/queueing.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>

/* r(n) expected from the entries before it, and how far off that may be; value 0: no idea. */
static struct expected expect_next(const struct rate_table *t)
{
    if (t->n < 3) return (struct expected){0, 0};
    const double *r = t->rate + t->n;
    const double straight = 2 * r[-1] - r[-2];
    const double value = 3 * (r[-1] - r[-2]) + r[-3];
    return (struct expected){value, fabs(value - straight) / 8};
}

static void push_rate(struct rate_table *t, double rate, struct arena *a)
{
    const double before = t->n ? t->rate[t->n - 1] : 0, best = t->n ? t->best[t->n - 1] : 0;
    const double kept = fmax(rate, before); /* rounding must not make it fall */
    size_t n = t->n;
    *ARENA_PUSH(a, t->rate, n) = kept;
    const double each = isinf(kept) ? 0 : kept / (double)n;
    *ARENA_PUSH(a, t->best, t->n) = fmax(best, each);
}

/* Nothing more to add: enough is carried, no more machines are allowed, or none of them carries anything. */
static bool is_complete(const struct rate_table *t, struct rate_need need, bool carries)
{
    assert(isfinite(need.load) && need.machines >= 1);
    if (t->n == 0) return false;
    return !carries || t->rate[t->n - 1] >= need.load || t->n >= (size_t)need.machines;
}

void rate_table_wait(struct rate_table *t, const struct wait_rule *rule, struct rate_need need,
                     struct arena *a)
{
    assert(rule->slots >= 0 && rule->batch > 0);
    bool carries = rule->slots > 0;
    for (size_t i = 0; i < rule->n_limits; i++) {
        const double bare = service_tail(rule->time_h, rule->cv2, rule->limit_h[i]);
        carries = carries && bare < rule->late_frac[i];
    }
    while (!is_complete(t, need, carries)) {
        const double servers = (double)(t->n + 1) * (double)rule->slots;
        const struct queue q = {servers, rule->time_h, rule->cv2};
        struct expected near = expect_next(t);
        near.value /= rule->batch;
        near.spread /= rule->batch;
        const double rate =
            carries ? queue_max_rate_near(&q, rule->limit_h, rule->late_frac, rule->n_limits, near)
                    : 0;
        push_rate(t, rate * rule->batch, a);
    }
}

static double places_load(double places, double blocked_frac, const struct rate_table *t)
{
    return erlang_b_load_near(places, blocked_frac, expect_next(t));
}

void rate_table_blocking(struct rate_table *t, const struct block_rule *rule, struct rate_need need,
                         struct arena *a)
{
    assert(rule->places >= 0 && rule->seats >= 0);
    const bool carries = rule->places > 0 && (rule->blocked_frac > 0 || rule->seats > 0);
    while (!is_complete(t, need, carries)) {
        const double places = (double)(t->n + 1) * (double)rule->places;
        const bool is_whole = carries && rule->seats > 0 && places >= (double)rule->seats;
        push_rate(t, is_whole ? HUGE_VAL : places_load(places, rule->blocked_frac, t), a);
    }
}

void rate_table_linear(struct rate_table *t, double rate_per_machine, struct rate_need need,
                       struct arena *a)
{
    assert(isfinite(rate_per_machine));
    const bool carries = rate_per_machine > 0;
    while (!is_complete(t, need, carries))
        push_rate(t, carries ? (double)(t->n + 1) * rate_per_machine : 0, a);
}

/* Index of the first entry that carries the load; n: none. */
static size_t find_entry(const struct rate_table *t, double load)
{
    size_t low = 0, high = t->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (t->rate[middle] >= load)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

long rate_table_machines(const struct rate_table *t, double load)
{
    if (!(load > 0)) return 0;
    const size_t entry = find_entry(t, load);
    return entry < t->n ? (long)entry + 1 : -1;
}

double rate_table_cap(const struct rate_table *t, double load)
{
    if (t->n == 0) return 0;
    const size_t entry = find_entry(t, load);
    if (entry == t->n) return t->best[t->n - 1];
    if (isinf(t->rate[entry])) return fmax(t->best[entry], load / (double)(entry + 1));
    return t->best[entry];
}
