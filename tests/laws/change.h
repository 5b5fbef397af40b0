/* Changes one limit of a problem, named as the program names it. */
#ifndef TESTS_LAWS_CHANGE_H
#define TESTS_LAWS_CHANGE_H

#include "tests/laws/law.h"

static inline bool is_key(const char *what, struct text key)
{
    return strcmp(what, key.at) == 0;
}

/* Adds n units to the limit, money in hundredths; false: it is not one of the problem, or cannot be changed so. */
static inline bool change_limit(struct problem *p, const char *what, int64_t n)
{
    for (int i = 0; i < p->n_limits; i++) {
        if (!is_key(what, limit_key(p, &p->limits[i]))) continue;
        p->limits[i].count += (int)n;
        return p->limits[i].count >= 0;
    }
    for (int i = 0; i < p->n_workloads; i++) {
        struct workload_problem *w = &p->workloads[i];
        if (is_key(what, text_of("workloads.%s.spot_max_share", w->name))) {
            w->spot_percent += (int)n;
            return w->spot_percent >= 0 && w->spot_percent <= 100;
        }
        if (is_key(what, text_of("workloads.%s.resources.max_workers", w->name))) {
            w->max_workers += (int)n;
            return w->max_workers > 0;
        }
    }
    bool any = false;
    for (int i = 0; i < p->n_steps; i++) {
        struct step_problem *s = &p->steps[i];
        if (!is_key(what, text_of("stock.%s@%s", p->types[s->type].name, p->regions[s->region])))
            continue;
        s->available += (int)n;
        any = s->available >= 0;
        if (!any) return false;
    }
    return any;
}

static inline bool change_money(struct problem *p, const char *what, int64_t n)
{
    struct decimal *d = NULL;
    if (strcmp(what, "budget.limit") == 0) d = &p->budget;
    for (int i = 0; i < p->n_owners; i++)
        if (is_key(what, text_of("budget.by.%s", p->owners[i]))) d = &p->owner_budget[i];
    if (!d || d->places != 2) return false;
    d->digits += n;
    return d->digits > 0;
}

#endif
