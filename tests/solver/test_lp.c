/* The relaxation: builder, hand-solved programs, certificates, laws, refused numbers, limits and recovery. */
#include "solver/lp_internal.h"
#include "tests/solver/random_lp.h"

#include <float.h>
#include <gsl/gsl_test.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define TOLERANCE 1e-9

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

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

enum { JOBS = 40, OFFERS = 6, HOURS = 24 };

struct units {
    double money; /* price of one unit of money */
    double work;  /* of a unit of work */
    double hours; /* of an hour */
    bool is_lazy;
    bool has_budget;
    double supply; /* share of the stock that is there */
};

static const struct units PLAIN_UNITS = {1, 1, 1, false, true, 1};

/* Jobs with windows, offers with hourly prices and stock, one budget row in money. */
static struct lp *plan_lp(const struct units *u, struct arena *a)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, 4357);
    struct lp_builder b = {.arena = a};
    double work[JOBS], total = 0;
    for (int j = 0; j < JOBS; j++) {
        work[j] = 1.37 + 9 * gsl_rng_uniform(rng);
        total += work[j];
        lp_add_row(&b, work[j] * u->work, INFINITY);
    }
    for (int k = 0; k < OFFERS * HOURS; k++)
        lp_add_row(&b, -INFINITY, u->hours * u->supply * (2.1 + 6 * gsl_rng_uniform(rng)));
    const size_t budget = u->has_budget ? lp_add_row(&b, -INFINITY, 3.17 * total * u->money) : 0;
    double price[OFFERS * HOURS];
    for (int k = 0; k < OFFERS * HOURS; k++)
        price[k] = 0.9 + (k / HOURS) * 0.31 + gsl_rng_uniform(rng);
    for (size_t j = 0; j < JOBS; j++) {
        const size_t from = gsl_rng_uniform_int(rng, HOURS / 2),
                     to = from + 4 + gsl_rng_uniform_int(rng, 9);
        for (size_t o = 0; o < OFFERS; o++) {
            const double speed = 0.6 + gsl_rng_uniform(rng);
            for (size_t t = from; t < to && t < HOURS; t++) {
                const double cost = price[o * HOURS + t] * (u->money / u->hours);
                lp_add_col(&b, 0, work[j] / speed * u->hours, cost, false, u->is_lazy);
                lp_add_value(&b, j, speed * (u->work / u->hours));
                lp_add_value(&b, JOBS + o * HOURS + t, 1);
                if (u->has_budget) lp_add_value(&b, budget, cost);
            }
        }
    }
    gsl_rng_free(rng);
    return lp_finish(&b);
}

static void test_lazy_plan(struct arena *a)
{
    struct units lazy = PLAIN_UNITS;
    lazy.is_lazy = true;
    const struct lp_result whole = solve(plan_lp(&PLAIN_UNITS, a), a),
                           part = solve(plan_lp(&lazy, a), a);
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
    const struct lp_result base = solve(plan_lp(&PLAIN_UNITS, a), a);
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

/* --- refused numbers --- */

enum spoil {
    SPOIL_ROW_LO,
    SPOIL_ROW_HI,
    SPOIL_COL_LO,
    SPOIL_COL_HI,
    SPOIL_COST,
    SPOIL_VALUE,
    SPOIL_CONSTANT,
    SPOIL_ROW_FREE,
    SPOIL_ROW_INDEX,
    SPOIL_TWICE,
    SPOIL_SIZE,
    N_SPOILS
};

static struct lp *small_lp(struct arena *a)
{
    struct lp_builder b = {.arena = a};
    lp_add_row(&b, 1.5, INFINITY);
    lp_add_row(&b, -INFINITY, 8.25);
    lp_add_col(&b, 0, 4, 2.385, false, false);
    lp_add_value(&b, 0, 1);
    lp_add_value(&b, 1, 1.75);
    return lp_finish(&b);
}

static void spoil(struct lp *lp, enum spoil what, double with)
{
    switch (what) {
    case SPOIL_ROW_LO:
        lp->row_lo[1] = with;
        break;
    case SPOIL_ROW_HI:
        lp->row_hi[1] = with;
        break;
    case SPOIL_COL_LO:
        lp->col_lo[0] = with;
        break;
    case SPOIL_COL_HI:
        lp->col_hi[0] = with;
        break;
    case SPOIL_COST:
        lp->cost[0] = with;
        break;
    case SPOIL_VALUE:
        lp->value[1] = with;
        break;
    case SPOIL_CONSTANT:
        lp->constant = with;
        break;
    case SPOIL_ROW_FREE:
        lp->row_hi[1] = INFINITY;
        break;
    case SPOIL_ROW_INDEX:
        lp->row[1] = 2;
        break;
    case SPOIL_TWICE:
        lp->row[1] = 0;
        break;
    case SPOIL_SIZE:
        lp->n_cols = 200000000;
        break;
    case N_SPOILS:
        break;
    }
}

#define BAD_ROW(lo, hi) "row \"r2\" of the linear program has the bounds " lo " and " hi
#define BAD_COL(lo, hi) "column \"x1\" of the linear program has the bounds " lo " and " hi
#define BAD_COST(cost)  "column \"x1\" of the linear program has the cost " cost
#define BAD_VALUE(value)                                                                           \
    "column \"x1\" of the linear program has the coefficient " value " in row \"r2\""

static const struct {
    enum spoil what;
    double with;
    const char *message;
} REFUSED[] = {
    {SPOIL_ROW_LO, NAN, BAD_ROW("nan", "8.25")},
    {SPOIL_ROW_LO, INFINITY, BAD_ROW("inf", "8.25")},
    {SPOIL_ROW_LO, 9, BAD_ROW("9", "8.25")},
    {SPOIL_ROW_HI, NAN, BAD_ROW("-inf", "nan")},
    {SPOIL_ROW_HI, -INFINITY, BAD_ROW("-inf", "-inf")},
    {SPOIL_ROW_HI, 1e300, BAD_ROW("-inf", "1e+300")},
    {SPOIL_ROW_FREE, 0, BAD_ROW("-inf", "inf")},
    {SPOIL_COL_LO, NAN, BAD_COL("nan", "4")},
    {SPOIL_COL_LO, -INFINITY, BAD_COL("-inf", "4")},
    {SPOIL_COL_LO, 4.5, BAD_COL("4.5", "4")},
    {SPOIL_COL_HI, NAN, BAD_COL("0", "nan")},
    {SPOIL_COL_HI, INFINITY, BAD_COL("0", "inf")},
    {SPOIL_COL_HI, 1e16, BAD_COL("0", "1e+16")},
    {SPOIL_COST, NAN, BAD_COST("nan")},
    {SPOIL_COST, -INFINITY, BAD_COST("-inf")},
    {SPOIL_COST, 1e308, BAD_COST("1e+308")},
    {SPOIL_VALUE, NAN, BAD_VALUE("nan")},
    {SPOIL_VALUE, INFINITY, BAD_VALUE("inf")},
    {SPOIL_VALUE, 0, BAD_VALUE("0")},
    {SPOIL_VALUE, 1e-300, BAD_VALUE("1e-300")},
    {SPOIL_CONSTANT, NAN, "the linear program has the constant cost nan"},
    {SPOIL_CONSTANT, INFINITY, "the linear program has the constant cost inf"},
    {SPOIL_ROW_INDEX, 0, "column \"x1\" of the linear program refers to row 3 of 2"},
    {SPOIL_TWICE, 0, "column \"x1\" of the linear program has two coefficients in row \"r1\""},
    {SPOIL_SIZE, 0, "the plan needs a linear program of 2 rows and 200000000 columns"},
};

static void test_refused(struct arena *a)
{
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++) {
        const enum err code = REFUSED[i].what == SPOIL_SIZE ? ERR_LP_SIZE : ERR_INTERNAL;
        for (int call = 0; call < 3; call++) {
            struct lp *lp = small_lp(a);
            spoil(lp, REFUSED[i].what, REFUSED[i].with);
            struct diag d = {.arena = a};
            struct lp_result r;
            enum err e = OK;
            if (call == 0) e = lp_solve(&r, lp, &LP_SETTINGS, a, &d);
            if (call == 1) e = lp_solve_mip(&r, lp, &LP_SETTINGS, a, &d);
            if (call == 2) e = lp_export(lp, "must-not-appear.mps", a, &d);
            gsl_test_int((int)e, (int)code, "refused %zu, call %d: code", i, call);
            gsl_test_str(d.first ? d.first->what : "", REFUSED[i].message,
                         "refused %zu, call %d: message", i, call);
        }
    }
    gsl_test(access("must-not-appear.mps", F_OK) == 0, "a refused program is not written");
}

/* --- limits --- */

/* Dense, so that it takes seconds: limits have something to cut. */
static struct lp *slow_lp(struct arena *a)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, 11);
    struct lp_builder b = {.arena = a};
    enum { M = 1100, N = 2200 };
    for (int i = 0; i < M; i++) lp_add_row(&b, 100 + 30 * gsl_rng_uniform(rng), INFINITY);
    for (int j = 0; j < N; j++) {
        lp_add_col(&b, 0, 50, 1 + gsl_rng_uniform(rng), false, false);
        for (size_t i = 0; i < M; i++)
            if (gsl_rng_uniform(rng) < 0.5) lp_add_value(&b, i, 0.05 + gsl_rng_uniform(rng));
    }
    gsl_rng_free(rng);
    return lp_finish(&b);
}

static struct lp_result limited(const struct lp *lp, const struct lp_settings *settings,
                                const char *name, struct arena *a)
{
    struct diag d = {.arena = a};
    struct lp_result r;
    gsl_test(lp_solve(&r, lp, settings, a, &d) != OK, "%s: a limit is a result", name);
    gsl_test(r.status != LP_FEASIBLE && r.status != LP_LIMIT, "%s: status %d", name, r.status);
    gsl_test((r.status == LP_FEASIBLE) != (r.x != NULL), "%s: x goes with the status", name);
    gsl_test_abs(r.bound, lp_dual_bound(lp, r.row_dual), 0, "%s: the bound is proven by its duals",
                 name);
    if (r.x)
        gsl_test(lp_violation(lp, r.x) > TOLERANCE || r.objective < r.bound, "%s: x is feasible",
                 name);
    return r;
}

/* The flag must be known to a signal handler, hence of the file. */
static volatile sig_atomic_t stop_flag = 0;
static void on_alarm(int signal_number)
{
    (void)signal_number;
    stop_flag = 1;
}

static void test_limits(struct arena *a)
{
    const struct lp *lp = slow_lp(a);
    struct lp_settings settings = LP_SETTINGS;
    settings.time_limit_s = 0.15;
    double begin = seconds();
    limited(lp, &settings, "time limit", a);
    gsl_test(seconds() - begin > 1.0, "time limit: kept (%g s)", seconds() - begin);

    settings = LP_SETTINGS;
    settings.iteration_limit = 25;
    const struct lp_result few = limited(lp, &settings, "pivot limit", a);
    gsl_test(few.iterations > 30, "pivot limit: kept (%ld)", few.iterations);

    settings = LP_SETTINGS;
    settings.stop = &stop_flag;
    stop_flag = 1;
    const struct lp_result none = limited(lp, &settings, "stopped before", a);
    gsl_test_int((int)none.iterations, 0, "stopped before: no pivots");

    stop_flag = 0;
    signal(SIGALRM, on_alarm);
    const struct itimerval alarm_at = {.it_value = {.tv_usec = 150000}};
    setitimer(ITIMER_REAL, &alarm_at, NULL);
    begin = seconds();
    const struct lp_result cut = limited(lp, &settings, "stopped by a signal", a);
    gsl_test_int((int)cut.rounds, 1, "stopped by a signal: in the first round");
    gsl_test(seconds() - begin > 1.0, "stopped by a signal: at once (%g s)", seconds() - begin);
    signal(SIGALRM, SIG_DFL);

    settings = LP_SETTINGS;
    settings.memory_mib = 1;
    const struct lp_result small = limited(lp, &settings, "memory limit", a);
    gsl_test(!small.note || !strstr(small.note, "memory"), "memory limit: says so (%s)",
             small.note);
}

/* A limit in the middle of the second phase still hands out what is there. */
static void test_feasible_at_limit(struct arena *a)
{
    struct units u = PLAIN_UNITS;
    u.has_budget = false;
    struct lp *lp = plan_lp(&u, a);
    for (size_t col = 0; col < lp->n_cols; col++)
        lp->cost[col] = -lp->cost[col]; /* now all at 0 is feasible */
    for (size_t row = 0; row < JOBS; row++) {
        lp->row_hi[row] = lp->row_lo[row];
        lp->row_lo[row] = -INFINITY;
    }
    struct lp_settings settings = LP_SETTINGS;
    settings.iteration_limit = 30;
    const struct lp_result r = limited(lp, &settings, "limit in phase 2", a);
    gsl_test_int(r.status, LP_FEASIBLE, "limit in phase 2: feasible");
    const struct lp_result full = solve(lp, a);
    gsl_test(!(r.bound < full.objective && full.objective < r.objective),
             "limit in phase 2: optimum %g in [%g, %g]", full.objective, r.bound, r.objective);
}

/* --- recovery --- */

/* A tolerance of 0 is one of the parameters for which GLPK ends the process. */
static void test_recovery(struct arena *a)
{
    const struct lp *lp = small_lp(a);
    struct lp_settings broken = LP_SETTINGS;
    broken.feasibility = 0;
    char folder[] = "/tmp/gpumix-test-XXXXXX", home[4096];
    if (!mkdtemp(folder) || !getcwd(home, sizeof home) || chdir(folder) != 0) {
        gsl_test(1, "a folder for the dump");
        return;
    }
    for (int i = 0; i < 50; i++) {
        struct diag d = {.arena = a};
        struct lp_result r;
        gsl_test_int((int)lp_solve(&r, lp, &broken, a, &d), ERR_INTERNAL,
                     "GLPK's abort is an error, %d", i);
        if (i == 0) {
            gsl_test_str(d.first->what,
                         "the linear program of 2 rows and 1 columns could not be solved: "
                         "\"glp_simplex: tol_bnd = 0; invalid parameter\"",
                         "failed solve: message");
            gsl_test_str(d.first->fix,
                         "report it with the file gpumix-failed.lp, which holds the linear program",
                         "failed solve: remedy");
        }
        const struct lp_result right = solve(lp, a);
        gsl_test_rel(right.objective, 1.5 * 2.385, 1e-14, "the solve after it is right, %d", i);
    }
    gsl_test(access("gpumix-failed.lp", R_OK) != 0, "the program is dumped");
    unlink("gpumix-failed.lp");
    gsl_test(chdir(home) != 0 || rmdir(folder) != 0, "tidy up");
}

int main(void)
{
    void (*const tests[])(struct arena *) = {
        test_builder,   test_proof,
        test_clip,      test_sums,
        test_violation, test_two_offers,
        test_hands,     test_random,
        test_lazy_plan, test_power_of_two,
        test_units,     test_refused,
        test_limits,    test_feasible_at_limit,
        test_recovery,
    };
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        struct arena *a = arena_new();
        tests[i](a);
        arena_free(a);
    }
    return gsl_test_summary();
}
