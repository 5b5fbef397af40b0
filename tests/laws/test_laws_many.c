/* Prices of limits of plans by columns: like those of the plain formulation, as far as both are known. */
#include "tests/laws/steps.h"

enum {
    N_PROBLEMS = 400,
    FEATURES = F_GANG | F_SPOT | F_BUY | F_COMMITTED | F_SAVINGS | F_HOURS | F_DAYS | F_REPEAT |
               F_LIMITS | F_STEPS | F_SHARE | F_LICENCE | F_CPU | F_ZONES | F_JOBS | F_DISCOUNT |
               F_CAPPED
};
/* Of the optimum: what two ways to a price may differ by. */
static const double near_frac = 1e-6;

struct counts {
    size_t problems, limits, priced, shares, deadlines, then;
};

static bool plan_ranged(struct plan *out, const struct solved *s, enum plan_method method,
                        struct arena *a)
{
    struct diag d = {.arena = a};
    struct plan_settings settings = PLAN_SETTINGS;
    settings.method = method;
    settings.ranges = true;
    return plan_solve(out, s->scenario, s->book, &settings, a, &d) == OK &&
           (out->status == PLAN_OPTIMAL || out->status == PLAN_FEASIBLE);
}

static const struct shadow *find(const struct plan *p, const char *what)
{
    for (size_t i = 0; i < p->n_shadows; i++)
        if (strcmp(p->shadows[i].what, what) == 0) return &p->shadows[i];
    return NULL;
}

/* What x units more save, as far as that is told; NAN beyond. */
static double saved(const struct shadow *s, double x)
{
    if (x <= s->up_to * (1 + 1e-6)) return s->saves * x;
    return s->saves * s->up_to + s->then_saves * (x - s->up_to);
}

static void count(struct counts *n, const struct shadow *x)
{
    n->limits++;
    n->priced += x->saves > 0 && x->up_to > 0;
    n->shares += x->saves > 0 && strstr(x->what, "spot_max_share");
    n->deadlines += x->saves > 0 && strstr(x->what, "deadline");
    n->then += x->then_saves >= 0;
}

static bool differ(double a, double b, double near)
{
    return !isnan(a) && !isnan(b) && !(isinf(a) && isinf(b)) && !(fabs(a - b) <= near);
}

/* Many: by columns. Of workers a step is a whole one, so the plain price must hold for that. */
static void compare(struct counts *n, const struct shadow *many, const struct shadow *plain,
                    double near, unsigned seed)
{
    const bool whole = strstr(many->what, "max_workers");
    if (isnan(many->saves) || isnan(plain->saves) || (whole && !(plain->up_to >= 1))) return;
    count(n, many);
    const double far = fmin(many->up_to, 1e6), most = whole ? 1 : far;
    gsl_test(isnan(many->up_to) && many->saves > 0, "problem %u: %s has a range", seed, many->what);
    if (differ(saved(many, most), saved(plain, most), near))
        gsl_test(1, "problem %u: %g more of %s save %.10g, plain %.10g", seed, most, many->what,
                 saved(many, most), saved(plain, most));
    const bool same_end = fabs(many->up_to - plain->up_to) <= 1e-6 * many->up_to;
    if (same_end && differ(many->then_saves, plain->then_saves, near))
        gsl_test(1, "problem %u: then %s saves %.10g, plain %.10g", seed, many->what,
                 many->then_saves, plain->then_saves);
    const double less = fmin(many->down_to, plain->down_to);
    if (!whole && (isinf(many->costs) != isinf(plain->costs) ||
                   differ(many->costs * less, plain->costs * less, near)))
        gsl_test(1, "problem %u: one less of %s costs %.10g, plain %.10g", seed, many->what,
                 many->costs, plain->costs);
}

static void look_at(struct counts *n, unsigned seed)
{
    struct problem p = generate(seed, seed % 2 ? FEATURES : FEATURES & ~(F_GANG | F_CAPPED));
    struct solved s;
    struct plan many, plain;
    struct text folder;
    settle_windows(&p);
    p.relaxed = true; /* nothing is fixed that both may choose otherwise */
    for (int i = 0; i < p.n_limits; i++) p.limits[i].count = (p.limits[i].count + 4) / 5;
    struct arena *a = arena_new();
    if (problem_load(&s, &p, &folder) && plan_ranged(&many, &s, PLAN_BY_COLUMNS, a) &&
        plan_ranged(&plain, &s, PLAN_BY_SIMPLEX, a)) {
        n->problems++;
        const double near = near_frac * fmax(1, fabs(plain.lp_optimum));
        for (size_t i = 0; i < many.n_shadows; i++) {
            const struct shadow *other = find(&plain, many.shadows[i].what);
            gsl_test(!other, "problem %u: %s has a plain price", seed, many.shadows[i].what);
            if (other) compare(n, &many.shadows[i], other, near, seed);
        }
    }
    arena_free(a);
    folder_remove(folder.at);
    arena_free(s.arena);
}

int main(void)
{
    const char *one = getenv("LAW_SEED");
    struct counts n = {0};
    if (one) {
        look_at(&n, (unsigned)atoi(one));
        return gsl_test_summary();
    }
    for (unsigned seed = 1; seed <= N_PROBLEMS; seed++) look_at(&n, seed);
    printf("%zu problems, %zu limits, %zu priced, %zu of them shares, %zu deadlines; "
           "%zu second prices\n",
           n.problems, n.limits, n.priced, n.shares, n.deadlines, n.then);
    gsl_test(n.problems < 200 || n.priced < 100 || n.shares < 40 || n.deadlines < 30,
             "%zu problems, %zu limits", n.problems, n.limits);
    return gsl_test_summary();
}
