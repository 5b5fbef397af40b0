/* The relaxation: builder, hand-solved programs, certificates, and laws on random programs. */
#include "solver/lp_internal.h"
#include "tests/solver/random_lp.h"

#include <float.h>
#include <gsl/gsl_test.h>
#include <stdio.h>
#include <string.h>

#define TOLERANCE 1e-9

static struct lp_result solve(const struct lp *lp, struct arena *a)
{
    struct diag d = {.arena = a};
    struct lp_result r;
    const enum err e = lp_solve(&r, lp, &LP_SETTINGS, a, &d);
    gsl_test(e != OK, "lp_solve returns OK (%s)", d.first ? d.first->what : "");
    return r;
}

/* --- builder --- */

static void test_builder(struct arena *a)
{
    struct lp_builder b = {.arena = a};
    for (int i = 0; i < 20; i++) lp_add_row(&b, 0.1 * i, INFINITY);
    lp_add_col(&b, 0, 1, 2.385, false, false);
    lp_add_value(&b, 7, 1.25);
    lp_add_value(&b, 3, 0.5);
    lp_add_value(&b, 7, 0.5);
    lp_add_value(&b, 4, 0.75);
    lp_add_value(&b, 4, -0.75);
    lp_add_col(&b, 0, 1, 1, true, true);
    lp_add_value(&b, 7, -3);
    const struct lp *lp = lp_finish(&b);
    gsl_test_int((int)lp->n_rows, 20, "rows");
    gsl_test_int((int)lp->n_cols, 2, "columns");
    gsl_test_int((int)lp->start[2], 3, "equal rows are summed, zeros dropped");
    gsl_test_abs(lp->value[0], 1.75, 0, "1.25 + 0.5 in row 7");
    gsl_test_int((int)lp->row[0], 7, "row of the sum");
    gsl_test_int((int)lp->start[1], 2, "second column starts behind the first");
    gsl_test_abs(lp->value[2], -3, 0, "a new column does not add to the old one");
    gsl_test(!lp->integer[1] || !lp->lazy[1] || lp->integer[0], "flags");
}

static void test_sums(struct arena *a)
{
    struct lp_builder b = {.arena = a};
    const double costs[] = {1e15, 1, -1e15, 0.125, 3e14, -3e14};
    lp_add_row(&b, 0, INFINITY);
    for (int j = 0; j < 6; j++) {
        lp_add_col(&b, 0, 1, costs[j], false, false);
        lp_add_value(&b, 0, costs[j]);
    }
    const struct lp *lp = lp_finish(&b);
    const double ones[] = {1, 1, 1, 1, 1, 1}, none[] = {0};
    gsl_test_abs(lp_objective(lp, ones), 1.125, 0, "a sum that cancels keeps its small terms");
    gsl_test_abs(lp_violation(lp, ones), 0, 0, "activity 1.125 >= 0");
    const double below[] = {1, 1, 1, 1, 1, 1.0 + 0x1p-40};
    const double rounding = 8 * DBL_EPSILON * (2.6e15 + 1.125);
    gsl_test_rel(lp_violation(lp, below), 3e14 * 0x1p-40 - 1.125 - rounding, 1e-9,
                 "violation of a row that cancels");
    gsl_test_abs(lp_dual_bound(lp, none), -1.3e15, 0,
                 "bound of prices 0 takes the cheaper bound of each column");
}

static void test_violation(struct arena *a)
{
    struct lp_builder b = {.arena = a};
    lp_add_row(&b, 200, INFINITY);
    lp_add_row(&b, -INFINITY, 0.5);
    lp_add_col(&b, -1, 100, 0, false, false);
    lp_add_value(&b, 0, 2);
    lp_add_value(&b, 1, 0.01);
    const struct lp *lp = lp_finish(&b);
    const struct {
        double x, violation;
    } cases[] = {
        {100, 0.5}, /* row 2 is 1 > 0.5 by 0.5, relative to 1 */
        {50, 0.5},  /* row 1 is 100 < 200 by half of it */
        {-3, 2},    /* column by 2, row 1 by 206 of 200 */
        {150, 1},   /* row 2 by 1, column by 0.5 */
        {NAN, INFINITY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const double got = lp_violation(lp, &cases[i].x);
        if (isinf(cases[i].violation))
            gsl_test(!isinf(got), "violation of not-a-number is infinite");
        else
            gsl_test_rel(got, cases[i].violation, 1e-12, "violation at %g", cases[i].x);
    }
}

/* x + y >= 5 with x, y in [1, 2]: 1 on the row proves 5 - 2 - 2 of terms that add up to 9. */
static void test_proof(struct arena *a)
{
    struct lp_builder b = {.arena = a};
    lp_add_row(&b, 5, INFINITY);
    lp_add_row(&b, 1, 9);
    for (int j = 0; j < 2; j++) {
        lp_add_col(&b, 1, 2, 1e9, false, false);
        lp_add_value(&b, 0, 1);
        lp_add_value(&b, 1, 1);
    }
    const struct lp *lp = lp_finish(&b);
    const double right[] = {1, 0}, wrong_sign[] = {-1, 0}, wrong_row[] = {0, 1}, none[] = {0, 0},
                 down[] = {0, -1};
    gsl_test_rel(lp_farkas_value(lp, right), 1.0 / 9, 1e-15, "proof of x + y >= 5");
    gsl_test_abs(lp_farkas_value(lp, wrong_sign), 0, 0,
                 "a sign that the row has no bound for proves nothing");
    gsl_test_rel(lp_farkas_value(lp, wrong_row), -3.0 / 5, 1e-15, "a row that can be met");
    gsl_test_rel(lp_farkas_value(lp, down), -7.0 / 11, 1e-15,
                 "an upper bound that can be met: lower bounds count");
    gsl_test_abs(lp_farkas_value(lp, none), 0, 0, "no prices");
}

/* Values outside their bounds are put on them, also from a scaled program. */
static void test_clip(struct arena *a)
{
    struct lp_builder b = {.arena = a};
    lp_add_row(&b, -INFINITY, 1e6);
    for (int j = 0; j < 3; j++) {
        lp_add_col(&b, -1.25, 4.5, 1, false, false);
        lp_add_value(&b, 0, 300);
    }
    const struct lp *lp = lp_finish(&b);
    struct lp_scaled scaled;
    lp_scale(&scaled, lp, SCALING_GEOMETRIC, false, a);
    const double unit = scaled.col_scale[0];
    const double outside[] = {-1.5 / unit, 4.75 / unit, 2.375 / unit};
    double x[3];
    lp_unscale_x(x, &scaled, outside);
    gsl_test(x[0] != -1.25 || x[1] != 4.5 || x[2] != 2.375, "clipped: %g %g %g", x[0], x[1], x[2]);
    gsl_test(frexp(unit, &(int){0}) != 0.5, "the unit %g is a power of two", unit);
}

/* --- programs solved by hand --- */

/* min 2.385 x + 3.1 y,  x + y >= 7.3,  x <= 4.2: two offers, the cheaper one out of stock. */
static void test_two_offers(struct arena *a)
{
    struct lp_builder b = {.arena = a};
    lp_add_row(&b, 7.3, INFINITY);
    lp_add_col(&b, 0, 4.2, 2.385, false, false);
    lp_add_value(&b, 0, 1);
    lp_add_col(&b, 0, 50, 3.1, false, false);
    lp_add_value(&b, 0, 1);
    struct lp *lp = lp_finish(&b);
    lp->constant = 11.25;
    const struct lp_result r = solve(lp, a);
    gsl_test_int(r.status, LP_OPTIMAL, "two offers: status");
    gsl_test_rel(r.objective, 11.25 + 4.2 * 2.385 + 3.1 * 3.1, 1e-14, "two offers: cost");
    gsl_test_rel(r.bound, r.objective, 1e-14, "two offers: bound");
    gsl_test_abs(r.x[0], 4.2, 1e-14, "two offers: cheap one");
    gsl_test_abs(r.x[1], 3.1, 1e-14, "two offers: dear one");
    gsl_test_abs(r.row_dual[0], 3.1, 1e-14, "two offers: price of one unit more");
    gsl_test_abs(r.reduced_cost[0], 2.385 - 3.1, 1e-14, "two offers: worth of one unit of stock");
    gsl_test_abs(r.reduced_cost[1], 0, 1e-14, "two offers: basic column");
}

struct hand {
    const char *name;
    size_t n_rows, n_cols;
    double row_lo[4], row_hi[4], col_lo[8], col_hi[8], cost[8], entry[4][8];
    double optimum; /* NAN: infeasible */
};

static const struct hand HANDS[] = {
    {"Beale's cycle",
     3,
     7,
     {0, 0, 1},
     {0, 0, 1},
     {0},
     {1e3, 1e3, 1e3, 1e3, 1e3, 1e3, 1e3},
     {0, 0, 0, -0.75, 150, -0.02, 6},
     {{1, 0, 0, 0.25, -60, -0.04, 9}, {0, 1, 0, 0.5, -90, -0.02, 3}, {0, 0, 1, 0, 0, 1, 0}},
     -0.05},
    {"range and sign", 1, 2, {-1.5}, {2.25}, {-4, 0}, {4, 3}, {1, -2}, {{1, 1}}, -4 - 2 * 3 + 0},
    {"fixed column", 1, 2, {3}, {3}, {1.25, 0}, {1.25, 9}, {7, 2}, {{2, 0.5}}, 7 * 1.25 + 2 * 1},
    {"no rows", 0, 3, {0}, {0}, {-1, 2, 0}, {3, 5, 4}, {2, -1, 0}, {{0}}, -2 - 5},
    {"equality out of reach", 1, 2, {9.5}, {9.5}, {0, 0}, {3, 3}, {1, 1}, {{1, 2}}, NAN},
    {"empty row out of reach", 1, 1, {0.5}, {1}, {0}, {1}, {1}, {{0}}, NAN},
    {"no columns", 1, 0, {-1}, {2}, {0}, {0}, {0}, {{0}}, 0},
    {"no columns, out of reach", 1, 0, {1}, {2}, {0}, {0}, {0}, {{0}}, NAN},
};

static struct lp *build_hand(const struct hand *h, struct arena *a)
{
    struct lp_builder b = {.arena = a};
    for (size_t i = 0; i < h->n_rows; i++) lp_add_row(&b, h->row_lo[i], h->row_hi[i]);
    for (size_t j = 0; j < h->n_cols; j++) {
        lp_add_col(&b, h->col_lo[j], h->col_hi[j], h->cost[j], false, false);
        for (size_t i = 0; i < h->n_rows; i++) lp_add_value(&b, i, h->entry[i][j]);
    }
    return lp_finish(&b);
}

static void check_farkas(const struct lp *lp, const struct lp_result *r, const char *name,
                         struct arena *a)
{
    struct lp free = *lp;
    free.constant = 0;
    free.cost = ARENA_NEW(a, double, lp->n_cols + 1);
    const double proof = lp_dual_bound(&free, r->row_dual);
    gsl_test(!(proof > 0) || isinf(proof), "%s: Farkas vector proves it (%g)", name, proof);
    gsl_test(!isinf(r->objective) || !isinf(r->bound) || r->x || r->reduced_cost,
             "%s: no x, infinite cost", name);
}

static void test_hands(struct arena *a)
{
    for (size_t i = 0; i < sizeof HANDS / sizeof *HANDS; i++) {
        const struct lp *lp = build_hand(&HANDS[i], a);
        const struct lp_result r = solve(lp, a);
        if (isnan(HANDS[i].optimum)) {
            gsl_test_int(r.status, LP_INFEASIBLE, "%s: status", HANDS[i].name);
            if (r.status == LP_INFEASIBLE) check_farkas(lp, &r, HANDS[i].name, a);
            continue;
        }
        gsl_test_int(r.status, LP_OPTIMAL, "%s: status", HANDS[i].name);
        gsl_test_abs(r.objective, HANDS[i].optimum, 1e-13, "%s: optimum", HANDS[i].name);
        gsl_test_abs(r.bound, HANDS[i].optimum, 1e-13, "%s: bound", HANDS[i].name);
    }
}

/* --- laws on random programs --- */

static struct random_lp random_shape(gsl_rng *rng, int i)
{
    return (struct random_lp){
        .n_rows = 1 + gsl_rng_uniform_int(rng, 15),
        .n_cols = 1 + gsl_rng_uniform_int(rng, 40),
        .spread = 0.5 + 0.5 * (i % 5),
        .is_infeasible = i % 6 == 5,
        .is_lazy = i % 2 == 1,
    };
}

static void check_random(const struct lp *lp, const struct lp_result *r, int i, struct arena *a)
{
    char name[40];
    snprintf(name, sizeof name, "random %d", i);
    if (r->status == LP_INFEASIBLE) {
        check_farkas(lp, r, name, a);
        return;
    }
    gsl_test_int(r->status, LP_OPTIMAL, "%s: status", name);
    if (!r->x) return;
    gsl_test(lp_violation(lp, r->x) > TOLERANCE, "%s: feasible", name);
    double moved = fabs(lp->constant);
    for (size_t j = 0; j < lp->n_cols; j++) moved += fabs(lp->cost[j] * r->x[j]);
    gsl_test_abs(r->objective, lp_objective(lp, r->x), 0, "%s: objective is that of x", name);
    gsl_test_abs(r->bound, lp_dual_bound(lp, r->row_dual), 0, "%s: bound is that of the duals",
                 name);
    gsl_test(fabs(r->objective - r->bound) > TOLERANCE * moved, "%s: bound meets the cost", name);
    for (size_t j = 0; j < lp->n_cols; j++)
        if (r->x[j] < lp->col_lo[j] || r->x[j] > lp->col_hi[j])
            gsl_test(1, "%s: x %zu inside its bounds", name, j);
}

/* Any prices give a bound; lazy columns change nothing; the status is what the generator meant. */
static void test_random(struct arena *a)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, 20261122);
    for (int i = 0; i < 400; i++) {
        const struct random_lp shape = random_shape(rng, i);
        struct lp *lp = random_lp(&shape, rng, a);
        const struct lp_result r = solve(lp, a);
        check_random(lp, &r, i, a);
        if (!shape.is_infeasible) gsl_test_int(r.status, LP_OPTIMAL, "random %d has a solution", i);
        if (shape.is_infeasible && shape.n_rows > 1)
            gsl_test_int(r.status, LP_INFEASIBLE, "random %d has none", i);
        if (r.status != LP_OPTIMAL) continue;
        double *y = ARENA_NEW(a, double, lp->n_rows);
        for (size_t k = 0; k < lp->n_rows; k++) y[k] = r.row_dual[k] + random_signed(rng, 1);
        gsl_test(lp_dual_bound(lp, y) > r.objective + TOLERANCE * (1 + fabs(r.objective)),
                 "random %d: any prices give a lower bound", i);
        lp->lazy = NULL;
        const struct lp_result whole = solve(lp, a);
        gsl_test_rel(whole.objective, r.objective, 1e-9,
                     "random %d: lazy columns give the optimum of all", i);
    }
    gsl_rng_free(rng);
}

/* --- laws on a plan-like program --- */

static void test_lazy_plan(struct arena *a)
{
    const struct units plain = PLAIN_UNITS;
    struct units lazy = plain;
    lazy.is_lazy = true;
    const struct lp_result whole = solve(plan_lp(&plain, a), a), part = solve(plan_lp(&lazy, a), a);
    gsl_test_int(part.status, LP_OPTIMAL, "lazy plan: status");
    gsl_test_rel(part.objective, whole.objective, 1e-12, "lazy plan: same optimum");
    gsl_test(part.rounds < 2 || whole.rounds != 1, "lazy plan: takes rounds (%ld)", part.rounds);
    gsl_test(part.columns_used >= whole.columns_used, "lazy plan: %zu of %zu columns",
             part.columns_used, whole.columns_used);
    lazy.supply = 0.2;
    const struct lp *short_lp = plan_lp(&lazy, a);
    const struct lp_result none = solve(short_lp, a);
    gsl_test_int(none.status, LP_INFEASIBLE, "lazy plan without stock: status");
    if (none.status == LP_INFEASIBLE) check_farkas(short_lp, &none, "lazy plan without stock", a);
}

/* All prices and budgets times 2^k: every bit of the plan stays. */
static void test_power_of_two(struct arena *a)
{
    struct units u = PLAIN_UNITS;
    for (int lazily = 0; lazily <= 1; lazily++) {
        u.is_lazy = lazily;
        u.money = 1;
        const struct lp *lp = plan_lp(&u, a);
        const struct lp_result base = solve(lp, a);
        for (int k = -8; k <= 8; k++) {
            u.money = ldexp(1, k);
            const struct lp_result r = solve(plan_lp(&u, a), a);
            gsl_test(memcmp(r.x, base.x, lp->n_cols * sizeof *r.x) != 0,
                     "costs x 2^%d: x is bit-identical", k);
            gsl_test(r.objective != ldexp(base.objective, k), "costs x 2^%d: cost is exactly that",
                     k);
            gsl_test(r.bound != ldexp(base.bound, k), "costs x 2^%d: bound too", k);
        }
    }
}

/* Other units, another number, the same plan: seconds, micro-units of money, 1e9 of work. */
static void test_units(struct arena *a)
{
    const struct units plain = PLAIN_UNITS;
    const struct lp_result base = solve(plan_lp(&plain, a), a);
    const struct units others[] = {
        {1, 1, 3600, false, true, 1},
        {1e6, 1, 1, false, true, 1},
        {1, 1e9, 1, false, true, 1},
        {1, 1e-9, 1, false, true, 1},
        {1e-6, 1e6, 1.0 / 720, false, true, 1},
        {1, 1e-9, 1, true, true, 1},
        {1e6, 1e9, 60e6, true, true, 1},
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const struct lp_result r = solve(plan_lp(&others[i], a), a);
        gsl_test_int(r.status, LP_OPTIMAL, "units %zu: status", i);
        gsl_test_rel(r.objective / others[i].money, base.objective, 1e-9, "units %zu: same cost",
                     i);
        gsl_test_rel(r.bound / others[i].money, base.objective, 1e-9, "units %zu: same bound", i);
    }
}

int main(void)
{
    void (*const tests[])(struct arena *) = {
        test_builder,   test_proof,        test_clip,  test_sums,
        test_violation, test_two_offers,   test_hands, test_random,
        test_lazy_plan, test_power_of_two, test_units,

    };
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        struct arena *a = arena_new();
        tests[i](a);
        arena_free(a);
    }
    return gsl_test_summary();
}
