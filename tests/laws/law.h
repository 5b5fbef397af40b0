/* Runs a law on many random problems; a failure is made small by leaving parts out before it is shown. */
#ifndef TESTS_LAWS_LAW_H
#define TESTS_LAWS_LAW_H

#include "tests/laws/generate.h"
#include "tests/laws/solve.h"

#include <gsl/gsl_test.h>

/* What a law says about one problem. */
enum verdict {
    HOLDS,
    BROKEN,
    REFUSED,   /* the files were not accepted */
    NO_MATTER, /* the problem has no plan, or nothing the law speaks of */
};

/* The same problem written in two ways, or a problem and its transform. */
struct pair {
    struct solved a, b;
};

static inline struct pair solve_both(const struct problem *a, const struct problem *b)
{
    return (struct pair){solve_plainly(a), solve_plainly(b)};
}

/* What was seen, when one problem is looked at. */
static inline __attribute__((format(printf, 2, 3))) enum verdict broken(const struct problem *p,
                                                                        const char *format, ...)
{
    va_list list;
    if (!getenv("LAW_SEED")) return BROKEN;
    va_start(list, format);
    fprintf(stderr, "problem %u: ", p->seed);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
    return BROKEN;
}

/* REFUSED when one of the two was not read, NO_MATTER when the law speaks of problems with a solution and `a` has
 * none, else HOLDS. */
static inline enum verdict pair_state(const struct problem *p, const struct pair *x)
{
    if (is_asked_wrongly(x->a.code)) return NO_MATTER;
    if (x->a.code != OK || x->b.code != OK) {
        (void)broken(p, "not read: %s; %s", first_error(&x->a), first_error(&x->b));
        return REFUSED;
    }
    return has_bound(&x->a) ? HOLDS : NO_MATTER;
}

static inline enum verdict pair_done(struct pair *x, enum verdict v)
{
    solved_free(&x->a);
    solved_free(&x->b);
    return v;
}

/* The key under which the program speaks of a quota or stock. */
static inline struct text limit_key(const struct problem *p, const struct limit_problem *l)
{
    struct text place = text_of("%s", "");
    if (l->region >= 0)
        place = l->zone >= 0 ? text_of("@%s-%c", p->regions[l->region], 'a' + l->zone)
                             : text_of("@%s", p->regions[l->region]);
    const char *name = l->gpu >= 0 ? p->gpus[l->gpu] : p->types[l->type].name;
    if (l->is_stock) return text_of("stock.%s%s", name, place.at);
    return l->owner >= 0 ? text_of("quota_by.%s.%s%s", p->owners[l->owner], name, place.at)
                         : text_of("quota.%s%s", name, place.at);
}

/* Optimum of b = factor x optimum of a? */
static inline enum verdict pair_equal(const struct problem *p, const struct problem *q,
                                      double factor)
{
    struct pair x = solve_both(p, q);
    enum verdict v = pair_state(p, &x);
    const struct bracket a = bracket_of(&x.a), b = bracket_of(&x.b);
    if (v == HOLDS && !may_be_equal(b, a, factor))
        v = broken(p, "optimum %.12g, times %g is not %.12g", x.a.plan.bound, factor,
                   x.b.plan.bound);
    return pair_done(&x, v);
}

/* Optimum of b <= optimum of a? */
static inline enum verdict pair_at_most(const struct problem *p, const struct problem *q)
{
    struct pair x = solve_both(p, q);
    enum verdict v = pair_state(p, &x);
    if (v == HOLDS && !may_be_at_most(bracket_of(&x.b), bracket_of(&x.a), 1))
        v = broken(p, "optimum %.12g rises to %.12g", x.a.plan.bound, x.b.plan.bound);
    return pair_done(&x, v);
}

struct law {
    const char *name;
    enum verdict (*judge)(const struct problem *p);
    unsigned features;
    unsigned n; /* problems that have to be judged */
};

#define REMOVE(list, n, i)                                                                         \
    (memmove(&(list)[i], &(list)[(i) + 1], (size_t)((n) - (i)-1) * sizeof *(list)), (n)--)

/* Leaves out part number `part` of the problem; false behind the last one. */
static inline bool leave_out(struct problem *p, int part)
{
    if (part < p->n_workloads) {
        if (p->n_workloads > 1) REMOVE(p->workloads, p->n_workloads, part);
        return true;
    }
    part -= p->n_workloads;
    if (part < p->n_prices) return REMOVE(p->prices, p->n_prices, part), true;
    part -= p->n_prices;
    if (part < p->n_limits) return REMOVE(p->limits, p->n_limits, part), true;
    part -= p->n_limits;
    if (part < p->n_steps) return REMOVE(p->steps, p->n_steps, part), true;
    part -= p->n_steps;
    if (part < p->n_commitments) return REMOVE(p->commitments, p->n_commitments, part), true;
    part -= p->n_commitments;
    for (int w = 0; w < p->n_workloads; w++) {
        struct workload_problem *x = &p->workloads[w];
        if (part < x->n_jobs) {
            if (x->n_jobs > 1) REMOVE(x->jobs, x->n_jobs, part);
            return true;
        }
        part -= x->n_jobs;
        if (part < x->n_uses) return REMOVE(x->uses, x->n_uses, part), true;
        part -= x->n_uses;
    }
    return false;
}

/* Simpler values, one at a time; false behind the last one. */
static inline bool simplify(struct problem *p, int part)
{
    if (part == 0) p->budget.digits = 0;
    if (part == 1) p->owner_budget[0].digits = p->owner_budget[1].digits = 0;
    if (part == 2) p->discount_percent = 0;
    if (part == 3) p->step_min = 60;
    if (part < 4) return true;
    part -= 4;
    if (part / 8 >= p->n_workloads) return false;
    struct workload_problem *w = &p->workloads[part / 8];
    switch (part % 8) {
    case 0:
        w->licence_per_h.digits = 0;
        break;
    case 1:
        w->hours_from = w->hours_to = -1;
        break;
    case 2:
        w->days = ANY_DAY;
        break;
    case 3:
        w->late_per_h.digits = 0;
        break;
    case 4:
        w->spot_percent = 100;
        break;
    case 5:
        w->owner = -1;
        break;
    case 6:
        w->daily = false;
        break;
    default:
        w->restart_min = 0;
        break;
    }
    return true;
}

/* How much there is to look at; smaller is simpler. */
static inline int weight_of(const struct problem *p)
{
    int weight = p->n_workloads + p->n_prices + p->n_limits + p->n_steps + p->n_commitments;
    weight += (p->budget.digits > 0) + (p->owner_budget[0].digits > 0) +
              (p->owner_budget[1].digits > 0) + (p->discount_percent > 0) + (p->step_min != 60);
    for (int i = 0; i < p->n_workloads; i++) {
        const struct workload_problem *w = &p->workloads[i];
        weight += w->n_jobs + w->n_uses + (w->licence_per_h.digits > 0) + (w->hours_from >= 0) +
                  (w->days != ANY_DAY) + (w->late_per_h.digits > 0) + (w->spot_percent < 100) +
                  (w->owner >= 0) + w->daily + (w->restart_min > 0);
    }
    return weight;
}

static inline struct problem shrink(const struct problem *p,
                                    enum verdict (*judge)(const struct problem *))
{
    struct problem best = *p;
    for (bool better = true; better;) {
        better = false;
        for (int way = 0; way < 2; way++)
            for (int part = 0;; part++) {
                struct problem next = best;
                if (!(way ? simplify(&next, part) : leave_out(&next, part))) break;
                if (weight_of(&next) >= weight_of(&best) || judge(&next) != BROKEN) continue;
                best = next;
                better = true;
                part--;
            }
    }
    return best;
}

/* LAW_SEED=n judges that problem only; LAW_KEEP=1 leaves the files of a broken one behind and tells where. */
static inline void law_run(const struct law *law)
{
    const char *only = getenv("LAW_SEED"), *keep = getenv("LAW_KEEP");
    unsigned judged = 0, broken = 0, seed = only ? (unsigned)atoi(only) : 1;
    const unsigned last = only ? seed : 3 * law->n;
    for (; seed <= last && judged < law->n && broken < 3; seed++) {
        const struct problem p = generate(seed, law->features);
        const enum verdict v = law->judge(&p);
        judged += v != NO_MATTER;
        if (v != BROKEN && v != REFUSED) continue;
        broken++;
        const struct problem small = v == BROKEN ? shrink(&p, law->judge) : p;
        const struct text folder =
            keep ? folder_make() : text_of("LAW_KEEP=1 LAW_SEED=%u shows it", seed);
        if (keep) problem_write(&small, &(const struct style){0}, folder.at);
        gsl_test(1, "%s: broken by problem %u (%s)", law->name, seed, folder.at);
    }
    gsl_test(broken != 0, "%s holds on %u problems", law->name, judged);
    gsl_test(!only && judged < law->n, "%s: %u of the problems it needs could be judged (%u)",
             law->name, law->n, judged);
}

#endif
