/* Offers not used: a thousandth below the price at which one would enter the optimum falls and the offer is used, a thousandth
 * above it neither. The same of its speed, the other way round. */
#include "tests/laws/law.h"

#include "solver/entry.h"

static unsigned n_entries, n_never, n_speeds;

static struct solved solve_ranges(const struct problem *p)
{
    struct solved s = {.arena = arena_new()};
    const struct text folder = folder_make();
    const struct text path = problem_write(p, &(const struct style){0}, folder.at);
    moment_t today = 0;
    s.diag.arena = s.arena;
    s.scenario = ARENA_NEW(s.arena, struct scenario, 1);
    struct plan_settings settings = PLAN_SETTINGS;
    settings.entries = true;
    moment_parse(&today, "2026-11-22");
    s.code =
        scenario_load(s.scenario, path.at, &(const struct scenario_options){0}, s.arena, &s.diag);
    if (s.code == OK)
        s.code = price_book_load(&s.book, &s.scenario->catalog, today, -1, s.arena, &s.diag);
    if (s.code == OK) s.code = plan_solve(&s.plan, s.scenario, s.book, &settings, s.arena, &s.diag);
    folder_remove(folder.at); /* trials read nothing again: there are no lists */
    return s;
}

static enum verdict judge_speed(const struct problem *p, const struct plan *plan,
                                const struct candidate *c, double never)
{
    const double times = c->enters_speed / c->fit.speed;
    if (isnan(times)) return HOLDS;
    n_speeds++;
    const struct priced_optimum in =
        entry_try_faster(plan, &PLAN_SETTINGS, c->offer, 1.002 * times);
    const struct priced_optimum out =
        entry_try_faster(plan, &PLAN_SETTINGS, c->offer, 0.998 * times);
    if (times > 1 && in.hours > 0 && in.cost < never && out.cost >= never * (1 - 1e-8))
        return HOLDS;
    return broken(p, "offer %zu, %g times as fast: %.12g, %.12g, %.12g", c->offer, times, in.cost,
                  out.cost, never);
}

static enum verdict judge_entry(const struct problem *p, const struct plan *plan,
                                const struct candidate *c)
{
    const double price = c->enters_below, now = plan->offers[c->offer].price;
    const struct priced_optimum never = entry_try(plan, &PLAN_SETTINGS, c->offer, 1e4 * now);
    if (!(price > 1e-6 * now)) {
        const struct priced_optimum free = entry_try(plan, &PLAN_SETTINGS, c->offer, 1e-6 * now);
        n_never++;
        if (free.cost >= never.cost * (1 - 1e-6)) return HOLDS;
        return broken(p, "offer %zu saves at next to nothing: %.10g, %.10g", c->offer, free.cost,
                      never.cost);
    }
    const struct priced_optimum above = entry_try(plan, &PLAN_SETTINGS, c->offer, 1.001 * price);
    const struct priced_optimum below = entry_try(plan, &PLAN_SETTINGS, c->offer, 0.999 * price);
    n_entries++;
    if (above.cost < never.cost * (1 - 1e-8))
        return broken(p, "offer %zu is used above %g: %.10g, %.10g", c->offer, price, above.cost,
                      never.cost);
    if (!(below.hours > 0) || below.cost >= never.cost)
        return broken(p, "offer %zu is not used below %g: %.12g, %.12g", c->offer, price,
                      below.cost, never.cost);
    return judge_speed(p, plan, c, never.cost);
}

static enum verdict entries(const struct problem *given)
{
    struct problem p = *given;
    p.relaxed = true;
    p.n_steps = 0;
    struct solved s = solve_ranges(&p);
    enum verdict v = NO_MATTER;
    for (size_t i = 0; has_plan(&s) && i < s.plan.n_candidates && v != BROKEN; i++) {
        bool told = isnan(s.plan.candidates[i].enters_below);
        for (size_t k = 0; k < i; k++)
            told = told || s.plan.candidates[k].offer == s.plan.candidates[i].offer;
        if (!told) v = judge_entry(&p, &s.plan, &s.plan.candidates[i]);
    }
    solved_free(&s);
    return v;
}

int main(void)
{
    static const struct law law = {"entry prices", entries,
                                   F_ALL & ~(unsigned)(F_RELAXED | F_JOBS | F_STEPS), 100};
    law_run(&law);
    if (getenv("LAW_TALLY"))
        fprintf(stderr, "%u prices, %u none, %u speeds\n", n_entries, n_never, n_speeds);
    gsl_test(!getenv("LAW_SEED") && n_entries < 50, "%u entry prices", n_entries);
    gsl_test(!getenv("LAW_SEED") && n_speeds < 25, "%u speeds", n_speeds);
    return gsl_test_summary();
}
