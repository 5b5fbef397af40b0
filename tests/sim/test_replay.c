/* The tick rules on traces small enough for paper, hindsight against every plan, and what any policy must keep. */
#include "sim/replay.h"

#include <gsl/gsl_rng.h>
#include <gsl/gsl_test.h>
#include <math.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
static const double hour_s = 3600;

/* 4 h of work, 8 h, half an hour per start, hours as ticks: on-demand 3, spot 1 per hour. */
static const struct policy_terms TERMS = {3600, 4 * 3600., 8 * 3600., 1800, 3, 1, false};

static struct trace trace_of(const char *text, const double *prices, struct arena *a)
{
    struct trace t;
    const size_t n = strlen(text);
    long *nodes = ARENA_NEW(a, long, n);
    for (size_t i = 0; i < n; i++) nodes[i] = text[i] - '0';
    trace_make(&t, n, nodes, prices, hour_s, a);
    return t;
}

static void test_by_hand(struct arena *a)
{
    static const struct {
        const char *trace, *policy;
        double cost, finish_h;
        long spot, on_demand, starts, reclaims;
    } cases[] = {
        {"11100111", "on_demand", 15, 5, 0, 5, 1, 0},
        /* 3 h of spot do 2.5 h; gone; at 5 h the rest and one more start leave no room to begin spot */
        {"11100111", "greedy_safety", 9, 7, 3, 2, 2, 1},
        /* ahead of the pace while spot is gone; begins spot at 5 h, must buy at 6 h */
        {"11100111", "uniform_progress", 10, 8, 4, 2, 3, 1},
        /* behind the pace from the first hour: on-demand at 1 h (0 of 0.5), kept until spot at 3 h */
        {"00011111", "uniform_progress", 3 + 3 + 1 + 1 + 1, 6, 3, 2, 2, 0},
        {"00000000", "greedy_safety", 15, 8, 0, 5, 1, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct trace t = trace_of(cases[i].trace, NULL, a);
        const struct trace_window w = {.id = "w", .ticks = t.n};
        const struct replay_outcome o =
            replay_run(policy_find(cases[i].policy), NULL, NULL, &TERMS, &t, &w);
        gsl_test_abs(o.cost, cases[i].cost, 1e-12, "%s %s: cost", cases[i].policy, cases[i].trace);
        gsl_test_abs(o.finish_h, cases[i].finish_h, 1e-12, "%s %s: finish", cases[i].policy,
                     cases[i].trace);
        gsl_test(o.spot_ticks != cases[i].spot || o.on_demand_ticks != cases[i].on_demand,
                 "%s %s: ticks %ld %ld", cases[i].policy, cases[i].trace, o.spot_ticks,
                 o.on_demand_ticks);
        gsl_test(o.starts != cases[i].starts || o.reclaims != cases[i].reclaims,
                 "%s %s: starts %ld, reclaims %ld", cases[i].policy, cases[i].trace, o.starts,
                 o.reclaims);
        gsl_test(o.missed, "%s %s: in time", cases[i].policy, cases[i].trace);
    }
}

static void test_prices_and_fleet(struct arena *a)
{
    static const double prices[] = {0.5, 0.75, 1, 0.5, 0.75, 1, 0.5, 0.75};
    const struct trace t = trace_of("11100111", prices, a);
    const struct trace_window w = {.id = "w", .ticks = t.n};
    const struct replay_outcome o = replay_run(&policy_greedy_safety, NULL, NULL, &TERMS, &t, &w);
    gsl_test_abs(o.cost, 0.5 + 0.75 + 1 + 2 * 3, 1e-12, "prices per tick");
    /* 5 spot hours less 2 starts are 4 h: 0, 1, 2 and the two cheapest of 5, 6, 7 in a row: 6 and 7 */
    gsl_test_abs(hindsight_cost(&TERMS, &t, &w, a), 0.5 + 0.75 + 1 + 0.5 + 0.75, 1e-12,
                 "hindsight with prices");
    const struct trace nodes = trace_of("465028", NULL, a);
    const struct trace_window all = {.id = "all", .ticks = 6};
    const struct fleet_outcome f = replay_fleet(5, &TERMS, &nodes, &all);
    gsl_test_abs(f.cost, 21 * 1 + 9 * 3, 1e-12, "fleet: 4, 5, 5, 0, 2, 5 of 5 nodes on spot");
    gsl_test_abs(f.spot_frac, 0.7, 1e-12, "fleet: share of spot");
    gsl_test_int((int)f.reclaims, 5, "fleet: reclaims");
}

/* Least cost over every plan of `n` ticks: 3 to the n of them. */
static double least_of_all(const struct policy_terms *t, const struct trace *trace, size_t n)
{
    double best = NAN;
    size_t plans = 1;
    for (size_t k = 0; k < n; k++) plans *= 3;
    for (size_t plan = 0; plan < plans; plan++) {
        size_t rest = plan, held = 0, starts = 0;
        int last = MACHINE_NONE;
        double per_h = 0;
        bool allowed = true;
        for (size_t k = 0; k < n; k++, rest /= 3) {
            const int pick = (int)(rest % 3);
            if (pick == MACHINE_SPOT && trace->nodes[k] == 0) allowed = false;
            starts += pick != MACHINE_NONE && pick != last;
            held += pick != MACHINE_NONE;
            if (pick == MACHINE_SPOT)
                per_h += trace->price_per_h ? trace->price_per_h[k] : t->spot_price_per_h;
            if (pick == MACHINE_ON_DEMAND) per_h += t->on_demand_price_per_h;
            last = pick;
        }
        const double credit_s = (double)held * t->step_s - (double)starts * t->restart_s;
        const double cost = per_h * t->step_s / hour_s;
        if (allowed && credit_s >= t->work_s - 1e-6 && !(cost >= best)) best = cost;
    }
    return best;
}

static void test_hindsight(struct arena *a)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, 41);
    for (int trial = 0; trial < 300; trial++) {
        char text[16] = "";
        double prices[16];
        const size_t n = 3 + gsl_rng_uniform_int(rng, 6);
        for (size_t k = 0; k < n; k++) {
            text[k] = gsl_rng_uniform(rng) < 0.6 ? '1' : '0';
            prices[k] = 0.2 + gsl_rng_uniform(rng) * 4;
        }
        const struct trace t = trace_of(text, trial % 2 ? prices : NULL, a);
        const struct policy_terms terms = {hour_s,
                                           hour_s * (0.3 + gsl_rng_uniform(rng) * (double)n * 0.8),
                                           hour_s * (double)n,
                                           hour_s * gsl_rng_uniform(rng) * 1.7,
                                           1 + gsl_rng_uniform(rng) * 3,
                                           0.9731,
                                           false};
        const struct trace_window w = {.id = "w", .ticks = n};
        gsl_test_abs(hindsight_cost(&terms, &t, &w, a), least_of_all(&terms, &t, n), 1e-9,
                     "trial %d: %s", trial, text);
    }
    gsl_rng_free(rng);
}

/* Traces of spells; every policy makes the deadline, none beats hindsight, threads change nothing. */
static void test_laws(struct arena *a)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, 43);
    for (int trial = 0; trial < 12; trial++) {
        struct trace t;
        enum { N = 400 };
        long *nodes = ARENA_NEW(a, long, N);
        const double flip = 0.02 + 0.5 * gsl_rng_uniform(rng);
        for (size_t k = 1; k < N; k++)
            nodes[k] = gsl_rng_uniform(rng) < flip ? 1 - nodes[k - 1] : nodes[k - 1];
        const double step_s = trial % 3 == 0 ? 34 : trial % 3 == 1 ? 195 : 600;
        trace_make(&t, N, nodes, NULL, step_s, a);
        const double restart_s = step_s * 4 * gsl_rng_uniform(rng),
                     work_s = step_s * (20 + 60 * gsl_rng_uniform(rng));
        const double deadline_s =
            step_s * ceil((work_s + restart_s) / step_s + gsl_rng_uniform(rng) * 90);
        struct trace_window windows[3] = {
            {.id = "a", .start = 0}, {.id = "b", .start = 101}, {.id = "c", .start = 200}};
        for (size_t w = 0; w < 3; w++) windows[w].ticks = 200;
        const struct policy *const all[] = {&policy_on_demand, &policy_uniform_progress,
                                            &policy_hedge, NULL};
        struct replay_request q = {
            {step_s, work_s, deadline_s, restart_s, 3.06, 0.3 + 2 * gsl_rng_uniform(rng), false},
            &t,
            3,
            windows,
            4,
            all,
            1};
        const struct replay_outcome *one = replay_all(&q, a);
        q.threads = 3;
        const struct replay_outcome *three = replay_all(&q, a);
        for (size_t i = 0; i < 12; i++) {
            gsl_test(one[i].cost != three[i].cost, "trial %d: threads", trial);
            gsl_test(i % 4 != 1 && one[i].missed, "trial %d: policy %zu in time", trial, i % 4);
            gsl_test(one[i].cost < one[i - i % 4 + 3].cost - 1e-9,
                     "trial %d: policy %zu: %g is not below hindsight %g", trial, i % 4,
                     one[i].cost, one[i - i % 4 + 3].cost);
        }
    }
    gsl_rng_free(rng);
}

int main(void)
{
    struct arena *a = arena_new();
    test_by_hand(a);
    test_prices_and_fleet(a);
    test_hindsight(a);
    test_laws(a);
    arena_free(a);
    return gsl_test_summary();
}
