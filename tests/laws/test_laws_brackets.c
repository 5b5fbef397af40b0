/* Laws of whole plans, by brackets: the optimum lies between the bound that a certificate proves and what the plan costs, so a law is
 * broken only when brackets say that it cannot hold, and no tolerance is chosen. MR9, MR11, MR12, MR32, MR33 and MR38. Every second
 * problem asks for no whole machines: there both ends are close. */
#include "tests/laws/change.h"
#include "tests/proof/certified.h"

/* The bill is rounded line by line, rows are kept to 1e-9, and both solvers to as much. */
static double rounding(const struct solved *s)
{
    return 1e-6 * (double)(s->plan.n_ledger + 1) + 1e-8 * fabs((double)s->plan.cost / 1e6);
}

/* Where no timeline was found the upper end is open; where a proof of the certificate fails everything is. */
static struct bracket certified_bracket(struct solved *s)
{
    struct certified c;
    if (s->code != OK) return (struct bracket){-INFINITY, INFINITY};
    if (s->plan.status == PLAN_INFEASIBLE) return (struct bracket){INFINITY, INFINITY};
    if (!has_plan(s)) return (struct bracket){fmax(0, s->plan.bound), INFINITY};
    if (certify(&c, s) != OK) return (struct bracket){-INFINITY, INFINITY};
    return (struct bracket){s->plan.bound, (double)s->plan.cost / 1e6 + rounding(s)};
}

static struct source_of_luck luck_of(const struct problem *p)
{
    return (struct source_of_luck){.state = p->seed * UINT64_C(86028121) + 3, .features = F_ALL};
}

static struct problem every_second_relaxed(const struct problem *p)
{
    struct problem q = *p;
    q.relaxed = p->seed % 2;
    return q;
}

static struct problem times_prices(const struct problem *p, struct problem *middle,
                                   struct source_of_luck *l)
{
    struct problem q = *p;
    *middle = *p;
    for (int i = 0; i < p->n_prices; i++) {
        struct decimal *b = &q.prices[i].amount, *m = &middle->prices[i].amount;
        b->digits = b->digits * luck_between(l, 50, 200) / 100;
        *m = (struct decimal){5 * (m->digits + b->digits), m->places + 1};
    }
    return q;
}

/* --- MR9: tighter limits: the optimum does not fall --- */

static bool tighten(struct problem *p, struct source_of_luck *l)
{
    bool any = false;
    for (int i = 0; i < p->n_limits; i++) {
        any = any || p->limits[i].count > 0;
        p->limits[i].count = p->limits[i].count * luck_between(l, 0, 9) / 10;
    }
    for (int i = 0; i < p->n_steps; i++) {
        any = any || p->steps[i].available > 0;
        p->steps[i].available = p->steps[i].available * luck_between(l, 0, 9) / 10;
    }
    for (int i = 0; i < p->n_workloads; i++) {
        struct workload_problem *w = &p->workloads[i];
        any = any || w->spot_percent > 0;
        w->spot_percent = w->spot_percent * luck_between(l, 0, 9) / 10;
        for (int j = 0; j < w->n_jobs && !w->daily; j++)
            if (w->jobs[j].due_min > 240) w->jobs[j].due_min -= luck_between(l, 0, 120);
    }
    return any;
}

static enum verdict tighter(const struct problem *given)
{
    struct source_of_luck l = luck_of(given);
    const struct problem p = every_second_relaxed(given);
    struct problem q = p;
    if (!tighten(&q, &l)) return NO_MATTER;
    struct pair x = solve_both(&p, &q);
    enum verdict v = is_asked_wrongly(x.b.code) ? NO_MATTER : pair_state(&p, &x);
    const struct bracket a = certified_bracket(&x.a), b = certified_bracket(&x.b);
    if (v == HOLDS && a.low > b.high)
        v = broken(&p, "not below %.9g, and tightened at most %.9g", a.low, b.high);
    return pair_done(&x, v);
}

/* --- MR11: concave in the prices --- */

static enum verdict concave(const struct problem *given)
{
    struct source_of_luck l = luck_of(given);
    const struct problem p = every_second_relaxed(given);
    struct problem middle;
    const struct problem q = times_prices(&p, &middle, &l);
    struct pair x = solve_both(&p, &q);
    struct solved between = solve_plainly(&middle);
    enum verdict v = pair_state(&p, &x);
    const double ends = certified_bracket(&x.a).low + certified_bracket(&x.b).low,
                 twice = 2 * certified_bracket(&between).high;
    if (v == HOLDS && twice < ends)
        v = broken(&p, "in the middle at most %.9g twice, at the ends not below %.9g", twice, ends);
    solved_free(&between);
    return pair_done(&x, v);
}

/* --- MR12: convex in the amounts of work --- */

static void work_between(struct decimal *b, struct decimal *middle, struct source_of_luck *l)
{
    const struct decimal a = *b;
    b->digits = a.digits * luck_between(l, 20, 180) / 100 + 1;
    *middle = (struct decimal){5 * (a.digits + b->digits), a.places + 1};
}

/* Of the linear program: whole machines are not convex, but their cost is at least as high. */
static enum verdict convex(const struct problem *given)
{
    struct source_of_luck l = luck_of(given);
    struct problem p = every_second_relaxed(given);
    for (int i = 0; i < p.n_workloads; i++)
        if (p.workloads[i].form == WORK_ITEMS) p.workloads[i].form = WORK_GPU_HOURS;
    struct problem q = p, middle = p;
    for (int i = 0; i < p.n_workloads; i++) {
        work_between(&q.workloads[i].work, &middle.workloads[i].work, &l);
        for (int k = 0; k < p.workloads[i].n_jobs; k++)
            work_between(&q.workloads[i].jobs[k].work, &middle.workloads[i].jobs[k].work, &l);
    }
    struct pair x = solve_both(&p, &q);
    struct solved between = solve_plainly(&middle);
    enum verdict v = pair_state(&p, &x);
    const double ends = certified_bracket(&x.a).high + certified_bracket(&x.b).high,
                 twice = 2 * certified_bracket(&between).low;
    if (v == HOLDS && twice > ends)
        v = broken(&p, "in the middle not below %.9g twice, at the ends at most %.9g", twice, ends);
    solved_free(&between);
    return pair_done(&x, v);
}

/* --- MR32: JSON for YAML --- */

static enum verdict json_for_yaml(const struct problem *given)
{
    const struct problem p = every_second_relaxed(given);
    struct pair x = {solve_plainly(&p), solve(&p, &(const struct style){.json = true})};
    enum verdict v = pair_state(&p, &x);
    if (v == HOLDS && !same_words(&x.a, &x.b, true)) v = broken(&p, "another plan");
    const struct bracket a = certified_bracket(&x.a), b = certified_bracket(&x.b);
    if (v == HOLDS && (a.low != b.low || a.high != b.high))
        v = broken(&p, "%.9g to %.9g, and %.9g to %.9g", a.low, a.high, b.low, b.high);
    return pair_done(&x, v);
}

/* --- MR33: the price of a limit --- */

static unsigned n_prices;

/* Up to three units more, of money up to 500. */
static enum verdict judge_price(const struct problem *p, struct solved *s, const struct shadow *x)
{
    struct problem q = *p;
    const bool money = strncmp(x->what, "budget.", 7) == 0;
    const double per = money ? 100 : 1; /* steps in a unit */
    const int64_t steps = (int64_t)floor(fmin(x->up_to * per, money ? 50000 : 3) + 1e-9);
    if (steps < 1 || !(change_limit(&q, x->what, steps) || change_money(&q, x->what, steps)))
        return HOLDS;
    struct solved more = solve_plainly(&q);
    const struct bracket a = certified_bracket(s), b = certified_bracket(&more);
    const double saved = x->saves * (double)steps / per;
    const bool meets = b.low <= a.high - saved && a.low - saved <= b.high;
    const bool known = isfinite(a.high) && isfinite(b.high);
    solved_free(&more);
    n_prices += known && x->saves > 0;
    return !known || meets
               ? HOLDS
               : broken(p, "%s: %g more save %.9g, but %.9g to %.9g becomes %.9g to %.9g", x->what,
                        (double)steps / per, saved, a.low, a.high, b.low, b.high);
}

static struct solved solve_ranged(const struct problem *p, double gap)
{
    struct solved s = {.arena = arena_new()};
    const struct text folder = folder_make();
    const struct text path = problem_write(p, &(const struct style){0}, folder.at);
    struct plan_settings settings = PLAN_SETTINGS;
    settings.ranges = gap <= 0;
    if (gap > 0) settings.gap = gap;
    s.diag.arena = s.arena;
    s.code = solve_as(&s, path.at, &(const struct scenario_options){0}, &settings);
    folder_remove(folder.at);
    return s;
}

static enum verdict price_of_limit(const struct problem *given)
{
    struct problem p = *given;
    p.relaxed = true;
    for (int i = 0; i < p.n_limits; i++) p.limits[i].count = (p.limits[i].count + 4) / 5;
    struct solved s = solve_ranged(&p, 0);
    enum verdict v = has_plan(&s) && s.plan.n_shadows > 0 ? HOLDS : NO_MATTER;
    for (size_t i = 0; i < s.plan.n_shadows && v == HOLDS; i++)
        if (s.plan.shadows[i].saves >= 0 && s.plan.shadows[i].up_to > 0)
            v = judge_price(&p, &s, &s.plan.shadows[i]);
    solved_free(&s);
    return v;
}

/* --- MR38: a smaller gap --- */

static enum verdict smaller_gap(const struct problem *p)
{
    static const double gaps[] = {0.2, 0.02, 1e-4};
    struct bracket before = {-INFINITY, INFINITY};
    enum verdict v = HOLDS;
    for (size_t i = 0; i < sizeof gaps / sizeof *gaps && v == HOLDS; i++) {
        struct solved s = solve_ranged(p, gaps[i]);
        const struct bracket b = certified_bracket(&s);
        if (!has_plan(&s))
            v = NO_MATTER;
        else if (b.low < before.low - rounding(&s) || b.high > before.high)
            v = broken(p, "gap %g: %.9g to %.9g becomes %.9g to %.9g", gaps[i], before.low,
                       before.high, b.low, b.high);
        before = b;
        solved_free(&s);
    }
    return v;
}

/* The same of scenarios of the library. */
static void library_gaps(void)
{
    static const char *const names[] = {
        "01-train-llm-spot", "02-finetune-lora", "04-inference-batch", "05-dev-workstations",
        "08-cad-seats",      "09-etl-cpu",       "12-cae-cluster"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        static const double gaps[] = {0.2, 0.005, 1e-4};
        double cost = INFINITY;
        for (size_t k = 0; k < sizeof gaps / sizeof *gaps; k++) {
            struct solved s = {.arena = arena_new()};
            struct plan_settings settings = PLAN_SETTINGS;
            settings.gap = gaps[k];
            s.diag.arena = s.arena;
            s.code = solve_as(&s, text_of("scenarios/library/%s.yaml", names[i]).at,
                              &(const struct scenario_options){0}, &settings);
            const struct bracket b = certified_bracket(&s);
            gsl_test(!has_plan(&s) || b.high > cost || b.low > cost,
                     "MR38: %s, gap %g: %.9g to %.9g, %.9g before", names[i], gaps[k], b.low,
                     b.high, cost);
            cost = b.high;
            solved_free(&s);
        }
    }
}

int main(void)
{
    static const unsigned no_limit_on_money = F_ALL & ~(unsigned)F_BUDGET;
    static const struct law laws[] = {
        {"MR9 tighter limits", tighter, F_ALL, 80},
        {"MR11 concave", concave, no_limit_on_money & ~(unsigned)(F_COMMITTED | F_TIGHT), 60},
        {"MR12 convex", convex, F_ALL & ~(unsigned)(F_CHECKPOINTS | F_READS | F_LATE | F_TIGHT),
         60},
        {"MR32 JSON for YAML", json_for_yaml, F_ALL, 60},
        {"MR33 price of a limit", price_of_limit, F_ALL & ~(unsigned)F_RELAXED, 100},
        {"MR38 smaller gap", smaller_gap, F_ALL, 60},
    };
    for (size_t i = 0; i < sizeof laws / sizeof *laws; i++) law_run(&laws[i]);
    library_gaps();
    gsl_test(!getenv("LAW_SEED") && n_prices < 15, "%u prices of limits within their range",
             n_prices);
    return gsl_test_summary();
}
