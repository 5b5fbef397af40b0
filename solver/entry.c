#include "solver/entry.h"
#include <math.h>
#include <string.h>

enum {
    MOST_PER_SHAPE = 5,
    MOST_OFFERS = 30,
    MOST_STEPS = 16,
    MOST_COLUMNS = 60000 /* of a program that is solved a hundred times */
};
/* Optima are the same up to this share. */
#define SAME 2e-9
/* A price at which nothing is bought, times the offer's own. */
#define NEVER 1e4
/* How much faster is still worth telling, and how near to that speed both sides of it are tried. */
#define MOST_TIMES 100.0
#define NEAR       1e-3

static struct priced_optimum rule_try(const struct plan *plan, const struct plan_settings *settings,
                                      const struct offer_rule *rule)
{
    struct arena *scratch = arena_new();
    struct diag quiet = {.arena = scratch};
    struct plan_settings own = *settings;
    own.depth = PLAN_RELAXED;
    own.rule = rule;
    own.curve = NULL;
    struct plan tried;
    own.warm = plan->warm;
    const enum err e = plan_solve(&tried, plan->scenario, plan->book, &own, scratch, &quiet);
    const bool solved = e == OK && tried.status == PLAN_OPTIMAL;
    const struct priced_optimum o = {solved ? tried.relaxed_cost : (double)NAN, tried.priced_h};
    arena_free(scratch);
    return o;
}

struct priced_optimum entry_try(const struct plan *plan, const struct plan_settings *settings,
                                size_t offer, double price)
{
    return rule_try(plan, settings, &(struct offer_rule){.priced = offer, .price = price});
}

struct priced_optimum entry_try_faster(const struct plan *plan,
                                       const struct plan_settings *settings, size_t offer,
                                       double times)
{
    const struct offer_rule rule = {
        .priced = offer, .price = plan->offers[offer].price, .quicker = times};
    return rule_try(plan, settings, &rule);
}

/* Never above the entry price: each step goes to where a tangent of the concave optimum meets its level. */
static double entry_price(const struct plan *plan, const struct plan_settings *settings,
                          size_t offer, struct priced_optimum without)
{
    double price = 0;
    for (int i = 0; i < MOST_STEPS; i++) {
        const struct priced_optimum at = entry_try(plan, settings, offer, price);
        const double gain = without.cost - at.cost;
        if (isnan(gain)) return (double)NAN;
        if (gain <= SAME * fabs(without.cost)) return price;
        if (!(at.hours > 0)) return (double)NAN;
        price += gain / at.hours;
    }
    return (double)NAN;
}

/* How many times as fast it would have to be; NAN: not known. Its hours take limits and clock as well, and faster machines may wait
 * for data or lose more: the formula is a guess until both sides of it are solved. */
static double entry_times(const struct plan *plan, const struct plan_settings *settings,
                          const struct candidate *c, double price, struct priced_optimum without)
{
    const double now = plan->offers[c->offer].price;
    if (c->shape == SIZE_MAX || !(price > 0) || !(price < now)) return (double)NAN;
    const double others = now * (c->licence_part + c->disk_part) / (c->price_part + c->rework_part);
    const double times = (now + others) / (price + others);
    if (!(times <= MOST_TIMES)) return (double)NAN;
    const double same = SAME * fabs(without.cost);
    const struct priced_optimum in = entry_try_faster(plan, settings, c->offer, times * (1 + NEAR));
    if (!(in.hours > 0) || !(without.cost - in.cost > same)) return (double)NAN;
    const struct priced_optimum out =
        entry_try_faster(plan, settings, c->offer, times * (1 - NEAR));
    return fabs(without.cost - out.cost) <= same ? times : (double)NAN;
}

static bool same_way(const struct offer *a, const struct offer *b)
{
    return a->type == b->type && a->market == b->market &&
           (a->protected_h > 0) == (b->protected_h > 0);
}

/* Offers that no workload uses. */
static bool is_asked(const struct plan *p, const struct candidate *c)
{
    if (!c->usable || p->offers[c->offer].market->prepaid) return false;
    for (size_t i = 0; i < p->n_candidates; i++)
        if (p->candidates[i].offer == c->offer && p->candidates[i].chosen) return false;
    return true;
}

/* The cheapest candidate of the shape that is in no list yet; NULL: none. */
static struct candidate *next_of(const struct plan *p, const struct candidate *like,
                                 struct candidate *const *taken, size_t n)
{
    struct candidate *best = NULL;
    for (size_t i = 0; i < p->n_candidates; i++) {
        struct candidate *c = &p->candidates[i];
        if (c->workload != like->workload || c->shape != like->shape || !is_asked(p, c)) continue;
        bool known = false;
        for (size_t k = 0; k < n; k++)
            known = known || same_way(&p->offers[taken[k]->offer], &p->offers[c->offer]);
        if (!known && (!best || c->cost_per_useful < best->cost_per_useful)) best = c;
    }
    return best;
}

/* The same offer is a candidate of several shapes and placements. */
static void spread(const struct plan *p, size_t offer, double price, double times)
{
    for (size_t i = 0; i < p->n_candidates; i++) {
        struct candidate *c = &p->candidates[i];
        if (c->offer != offer || !is_asked(p, c)) continue;
        c->enters_below = price;
        if (c->shape != SIZE_MAX) c->enters_speed = c->fit.speed * times;
    }
}

static void tell_offer(const struct plan *p, const struct plan_settings *settings,
                       const struct candidate *c)
{
    const double never = NEVER * (1 + p->offers[c->offer].price);
    const struct priced_optimum without = entry_try(p, settings, c->offer, never);
    const double price = entry_price(p, settings, c->offer, without);
    spread(p, c->offer, price, entry_times(p, settings, c, price, without));
}

static void tell_shape(const struct plan *p, const struct plan_settings *settings,
                       const struct candidate *like, size_t *n_offers)
{
    struct candidate *taken[MOST_PER_SHAPE];
    for (size_t n = 0; n < MOST_PER_SHAPE && *n_offers < MOST_OFFERS; n++) {
        taken[n] = next_of(p, like, taken, n);
        if (!taken[n]) return;
        if (!isnan(taken[n]->enters_below)) continue;
        ++*n_offers;
        tell_offer(p, settings, taken[n]);
    }
}

enum err entries_tell(struct plan *plan, const struct plan_settings *settings, struct arena *a)
{
    size_t n_offers = 0;
    bool *done = ARENA_NEW(a, bool, plan->n_candidates + 1);
    if (plan->columns > MOST_COLUMNS) return OK;
    for (size_t i = 0; i < plan->n_candidates; i++) {
        const struct candidate *c = &plan->candidates[i];
        if (done[i]) continue;
        for (size_t k = i; k < plan->n_candidates; k++)
            done[k] = done[k] || (plan->candidates[k].workload == c->workload &&
                                  plan->candidates[k].shape == c->shape);
        tell_shape(plan, settings, c, &n_offers);
    }
    return OK;
}
