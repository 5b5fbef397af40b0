/* Jobs and offers put together have the optimum of the plain formulation, and the price search's bracket contains it: random
 * jobs with windows, spot shares, gangs, parallel limits, quotas, stock over time, licences, subscriptions and savings plans.
 * A plan begun where the program of a plan beside it ended costs the same as one from the start. GPUMIX_PROBLEMS=100000 looks at
 * that many. */
#include "tests/laws/steps.h"

enum {
    N_PROBLEMS = 2000,
    FEATURES = F_GANG | F_SPOT | F_BUY | F_COMMITTED | F_SAVINGS | F_HOURS | F_DAYS | F_REPEAT |
               F_LIMITS | F_STEPS | F_SHARE | F_LICENCE | F_CPU | F_ZONES | F_JOBS | F_DISCOUNT |
               F_CAPPED
};

/* Of the optimum: all three prove theirs to 1e-9 of the money moved. */
static const double AGREEMENT = 1e-8;
/* Of two ways to one optimum. */
static const double SAME = 1e-9;

struct counts {
    size_t seen, by_columns, by_prices, infeasible, no_plan, wide, warm;
    long warm_pivots, cold_pivots;
};

/* The optimum, or the bracket of the price search. */
struct answer {
    enum err code;
    enum plan_status status;
    double lower, upper;
};

static struct answer solve_by(const struct solved *s, enum plan_method method)
{
    struct answer b = {.code = ERR_INTERNAL};
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct plan plan;
    struct plan_settings settings = PLAN_SETTINGS;
    settings.method = method;
    settings.depth = PLAN_RELAXED;
    settings.gap = 0.02;
    b.code = plan_solve(&plan, s->scenario, s->book, &settings, a, &d);
    b.status = plan.status;
    b.lower = plan.bound;
    b.upper = plan.relaxed_cost;
    if (getenv("WHY") && d.first) fprintf(stderr, "%s\n", d.first->what);
    arena_free(a);
    return b;
}

static bool is_plan(enum plan_status status)
{
    return status == PLAN_OPTIMAL || status == PLAN_FEASIBLE;
}

static void compare(struct counts *n, const struct solved *s, unsigned seed)
{
    const struct answer plain = solve_by(s, PLAN_BY_SIMPLEX);
    if (plain.code != OK || !(is_plan(plain.status) || plain.status == PLAN_INFEASIBLE)) return;
    const struct answer columns = solve_by(s, PLAN_BY_COLUMNS);
    if (columns.code == ERR_OPTION_VALUE) return; /* not for this problem */
    n->seen++;
    n->infeasible += plain.status == PLAN_INFEASIBLE;
    const double allowed = AGREEMENT * (1 + fabs(plain.upper));
    if (is_plan(plain.status) != is_plan(columns.status) ||
        (is_plan(plain.status) && fabs(columns.upper - plain.upper) > allowed))
        gsl_test(1, "problem %u: plain %.12g (status %d), by columns %.12g (status %d, code %d)",
                 seed, plain.upper, (int)plain.status, columns.upper, (int)columns.status,
                 (int)columns.code);
    n->by_columns++;
    const struct answer prices = solve_by(s, PLAN_BY_PRICES);
    if (prices.code == ERR_OPTION_VALUE) return;
    n->by_prices++;
    const bool found = is_plan(prices.status);
    if (is_plan(plain.status) && prices.lower > plain.upper + allowed)
        gsl_test(1, "problem %u: lower bound %.12g above the optimum %.12g", seed, prices.lower,
                 plain.upper);
    if (found && (!is_plan(plain.status) || prices.upper < plain.upper - allowed))
        gsl_test(1, "problem %u: a plan of %.12g below the optimum %.12g", seed, prices.upper,
                 plain.upper);
    n->no_plan += is_plan(plain.status) && !found;
    n->wide += found && prices.upper - prices.lower > 0.05 * prices.upper;
}

/* Other prices, a little more work, other limits. */
static void change(struct problem *p)
{
    for (int i = 0; i < p->n_prices; i++)
        p->prices[i].amount.digits += p->prices[i].amount.digits * (i % 11 - 5) / 100;
    for (int i = 0; i < p->n_workloads; i++)
        for (int j = 0; j < p->workloads[i].n_jobs; j++) {
            struct decimal *work = &p->workloads[i].jobs[j].work;
            work->digits += work->digits * 3 / 100;
        }
    for (int i = 0; i < p->n_limits; i++) p->limits[i].count += i % 2;
}

static enum err trial(struct plan *out, const struct solved *s, const struct warm *warm,
                      struct arena *a)
{
    struct diag d = {.arena = a};
    struct plan_settings settings = PLAN_SETTINGS;
    settings.method = PLAN_BY_COLUMNS;
    settings.depth = PLAN_TRIAL;
    settings.warm = warm;
    return plan_solve(out, s->scenario, s->book, &settings, a, &d);
}

static void compare_warm(struct counts *n, const struct solved *s, struct problem p, unsigned seed)
{
    struct solved other;
    struct arena *a = arena_new();
    struct plan base, cold, warm;
    struct text folder;
    change(&p);
    if (problem_load(&other, &p, &folder) && trial(&base, s, NULL, a) == OK && base.warm &&
        trial(&cold, &other, NULL, a) == OK && trial(&warm, &other, base.warm, a) == OK) {
        if (is_plan(cold.status) != is_plan(warm.status) ||
            (is_plan(cold.status) &&
             fabs(cold.relaxed_cost - warm.relaxed_cost) > SAME * (1 + fabs(cold.relaxed_cost))))
            gsl_test(1, "problem %u changed: %.12g, from the basis of before %.12g", seed,
                     cold.relaxed_cost, warm.relaxed_cost);
        n->warm++;
        n->cold_pivots += cold.iterations;
        n->warm_pivots += warm.iterations;
    }
    folder_remove(folder.at);
    arena_free(other.arena);
    arena_free(a);
}

static void look_at(struct counts *n, unsigned seed)
{
    struct problem p = generate(seed, seed % 2 ? FEATURES : FEATURES & ~(F_GANG | F_CAPPED));
    struct solved s;
    struct text folder;
    settle_windows(&p);
    if (problem_load(&s, &p, &folder)) {
        compare(n, &s, seed);
        if (seed % 4 < 2) compare_warm(n, &s, p, seed);
    }
    folder_remove(folder.at);
    arena_free(s.arena);
}

int main(void)
{
    const char *wanted = getenv("GPUMIX_PROBLEMS");
    const unsigned problems = wanted ? (unsigned)strtoul(wanted, NULL, 10) : N_PROBLEMS;
    struct counts n = {0};
    for (unsigned seed = 1; seed <= problems; seed++) look_at(&n, seed);
    printf("%zu compared, %zu by prices, %zu infeasible, %zu without a plan, %zu wide\n", n.seen,
           n.by_prices, n.infeasible, n.no_plan, n.wide);
    printf("%zu begun with another basis: %ld pivots instead of %ld\n", n.warm, n.warm_pivots,
           n.cold_pivots);
    gsl_test(n.warm < problems / 5, "%zu begun with another basis", n.warm);
    gsl_test(2 * n.warm_pivots > n.cold_pivots, "%ld pivots instead of %ld", n.warm_pivots,
             n.cold_pivots);
    gsl_test(n.seen < problems / 3, "%zu problems solved plain and by columns", n.seen);
    gsl_test(n.by_prices < problems / 20, "%zu of them by prices", n.by_prices);
    gsl_test(n.no_plan + n.wide > n.by_prices / 20,
             "%zu price searches without a plan, %zu wider than 5 %%", n.no_plan, n.wide);
    return gsl_test_summary();
}
