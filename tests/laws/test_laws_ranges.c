/* Prices of limits: within its range a limit that is changed in the files changes the optimum by its price, beyond it by no more
 * than the price of the second step; what is said to be spare costs nothing, and where less leaves no plan there is none. */
#include "tests/laws/change.h"
#include "tests/laws/judge.h"

/* Of the optimum: what two solves of it may differ by. */
static const double near_frac = 1e-6;

static struct solved solve_to(const struct problem *p, bool ranges, enum plan_depth depth)
{
    struct solved s = {.arena = arena_new()};
    const struct text folder = folder_make();
    const struct text path = problem_write(p, &(const struct style){0}, folder.at);
    moment_t today = 0;
    s.diag.arena = s.arena;
    s.scenario = ARENA_NEW(s.arena, struct scenario, 1);
    struct plan_settings settings = PLAN_SETTINGS;
    settings.ranges = ranges;
    settings.depth = depth;
    moment_parse(&today, "2026-11-22");
    s.code =
        scenario_load(s.scenario, path.at, &(const struct scenario_options){0}, s.arena, &s.diag);
    if (s.code == OK)
        s.code = price_book_load(&s.book, &s.scenario->catalog, today, -1, s.arena, &s.diag);
    if (s.code == OK) s.code = plan_solve(&s.plan, s.scenario, s.book, &settings, s.arena, &s.diag);
    folder_remove(folder.at);
    return s;
}

static struct solved solve_relaxed(const struct problem *p, bool ranges)
{
    return solve_to(p, ranges, ranges ? PLAN_TOLD : PLAN_RELAXED);
}

/* A commitment that exists, and what one more of it costs over the horizon. */
static bool change_commitment(struct problem *p, const struct plan *plan, const char *what,
                              int64_t n, double *price)
{
    const char *bracket = strchr(what, '[');
    if (strncmp(what, "commitments", 11) != 0 || !bracket) return false;
    struct commitment_problem *c = &p->commitments[atoi(bracket + 1)];
    if (c->type < 0 || c->count + n < 1) return false;
    const int end =
        c->until_min >= 0 && c->until_min < p->length_min ? c->until_min : p->length_min;
    for (size_t i = 0; i < plan->n_subscriptions; i++) {
        const struct offer *o = &plan->offers[plan->subscriptions[i].offer];
        if (plan->subscriptions[i].existing &&
            strcmp(book_type(plan->book, o->type)->name, p->types[c->type].name) == 0)
            *price = o->price * end / 60;
    }
    c->count += (int)n;
    return true;
}

/* The optimum after a change of n units, without what the units themselves cost; NAN: not to be told. */
static double optimum_at(const struct problem *p, const struct solved *base, const char *what,
                         int64_t n)
{
    struct problem q = *p;
    double price = 0;
    const bool known = change_limit(&q, what, n) || change_money(&q, what, n) ||
                       change_commitment(&q, &base->plan, what, n, &price);
    if (!known) return (double)NAN;
    struct solved s = solve_relaxed(&q, false);
    double value = (double)NAN;
    if (s.code == OK && s.plan.status == PLAN_INFEASIBLE) value = INFINITY;
    if (s.code == OK && s.plan.status == PLAN_OPTIMAL)
        value = s.plan.relaxed_cost - price * (double)n;
    solved_free(&s);
    return value;
}

static unsigned n_within, n_beyond, n_fewer, n_none;

static bool is_money(const struct shadow *s)
{
    return strncmp(s->what, "budget.", 7) == 0;
}

static enum verdict judge_more(const struct problem *p, const struct solved *s,
                               const struct shadow *x)
{
    const double base = s->plan.relaxed_cost, near = near_frac * fmax(1, fabs(base));
    const double per = is_money(x) ? 100 : 1; /* steps in a unit */
    const double most = fmin(x->up_to * per, is_money(x) ? 50000 : 3);
    const int64_t n = (int64_t)floor(most + 1e-9);
    if (n >= 1) {
        const double got = optimum_at(p, s, x->what, n), saved = x->saves * (double)n / per;
        if (!isnan(got) && fabs(got - (base - saved)) > near)
            return broken(p, "%s: %lld more give %.10g, not %.10g (price %g for %g)", x->what,
                          (long long)n, got, base - saved, x->saves, x->up_to);
        if (!isnan(got) && x->saves > 0) n_within++;
    }
    if (!isfinite(x->up_to) || isnan(x->then_saves)) return HOLDS;
    const double after = floor(x->up_to * per) + 1;
    const double got = optimum_at(p, s, x->what, (int64_t)after);
    const double least = base - x->saves * x->up_to - x->then_saves * (after / per - x->up_to);
    if (!isnan(got) && got < least - near)
        return broken(p, "%s: %g more give %.10g, less than %.10g", x->what, after, got, least);
    if (!isnan(got) && is_money(x) && fabs(got - least) > near &&
        x->then_saves * (after / per - x->up_to) > near)
        return broken(p, "%s: %g more give %.10g, not %.10g", x->what, after, got, least);
    if (!isnan(got) && x->saves > 0) n_beyond++;
    return HOLDS;
}

static enum verdict judge_fewer(const struct problem *p, const struct solved *s,
                                const struct shadow *x)
{
    const double base = s->plan.relaxed_cost, near = near_frac * fmax(1, fabs(base));
    const double per = is_money(x) ? 100 : 1;
    if (isinf(x->costs)) {
        const double got = optimum_at(p, s, x->what, -1);
        if (!isnan(got)) n_none++;
        return isnan(got) || isinf(got)
                   ? HOLDS
                   : broken(p, "%s: one less gives %.10g, not nothing", x->what, got);
    }
    const int64_t n = (int64_t)floor(fmin(x->down_to * per, is_money(x) ? 10000 : 3) + 1e-9);
    if (!(n >= 1)) return HOLDS;
    const double got = optimum_at(p, s, x->what, -n), want = base + x->costs * (double)n / per;
    if (!isnan(got)) n_fewer++;
    if (isnan(got) || fabs(got - want) <= near) return HOLDS;
    return broken(p, "%s: %lld fewer give %.10g, not %.10g", x->what, (long long)n, got, want);
}

static enum verdict ranges(const struct problem *given)
{
    struct problem p = *given;
    p.relaxed = true;
    for (int i = 0; i < p.n_limits; i++) p.limits[i].count = (p.limits[i].count + 4) / 5;
    struct solved s = solve_relaxed(&p, true);
    enum verdict v = has_plan(&s) && s.plan.n_shadows > 0 ? HOLDS : NO_MATTER;
    for (size_t i = 0; i < s.plan.n_shadows && v == HOLDS; i++) {
        const struct shadow *x = &s.plan.shadows[i];
        if (isnan(x->saves)) continue;
        if (!isnan(x->up_to)) v = judge_more(&p, &s, x);
        if (v == HOLDS && !isnan(x->costs)) v = judge_fewer(&p, &s, x);
    }
    solved_free(&s);
    return v;
}

/* What the plan of whole machines is said to leave of a limit it can do without: the judge, who knows no program, is asked. */
static unsigned n_spare;

static enum verdict judge_spare(const struct problem *p, const struct solved *s,
                                const struct shadow *x)
{
    struct problem q = *p;
    struct judge j;
    const double units = x->down_to * (is_money(x) ? 100 : 1);
    const int64_t n = (int64_t)floor(fmin(units, 1e12) + 1e-9);
    if (n < 1 || !(change_limit(&q, x->what, -n) || change_money(&q, x->what, -n))) return HOLDS;
    n_spare++;
    if (plan_is_right(&j, &q, s)) return HOLDS;
    return broken(p, "%s: without %lld units: %s", x->what, (long long)n, j.why);
}

static enum verdict spare(const struct problem *given)
{
    struct problem p = *given;
    struct judge j;
    for (int i = 0; i < p.n_limits; i++) p.limits[i].count = (p.limits[i].count + 3) / 4;
    struct solved s = solve_to(&p, true, PLAN_TOLD);
    const bool right = has_plan(&s) && s.plan.n_shadows > 0 && plan_is_right(&j, &p, &s);
    enum verdict v = right ? HOLDS : NO_MATTER;
    for (size_t i = 0; i < s.plan.n_shadows && v == HOLDS; i++) {
        const struct shadow *x = &s.plan.shadows[i];
        if (!(x->saves > 0) && !(x->costs > 0) && x->down_to > 0) v = judge_spare(&p, &s, x);
    }
    solved_free(&s);
    return v;
}

int main(void)
{
    static const struct law laws[] = {
        {"prices of limits", ranges, F_ALL & ~(unsigned)F_RELAXED, 250},
        {"units to spare", spare, F_ALL & ~(unsigned)F_RELAXED, 150},
    };
    for (size_t i = 0; i < sizeof laws / sizeof *laws; i++) law_run(&laws[i]);
    if (getenv("LAW_TALLY"))
        fprintf(stderr, "%u within, %u beyond, %u fewer, %u none\n", n_within, n_beyond, n_fewer,
                n_none);
    gsl_test(!getenv("LAW_SEED") &&
                 (n_within < 40 || n_beyond < 10 || n_fewer < 200 || n_spare < 100),
             "%u prices within their range, %u beyond it, %u fewer, %u to spare", n_within,
             n_beyond, n_fewer, n_spare);
    return gsl_test_summary();
}
