/* Useful share of hours that can be reclaimed, against the closed forms S1, S2, S5, S6, S7 of the theory, numerical
 * integration, limits, and simulation of gangs machine by machine. */
#include "solver/interruption.h"

#include <gsl/gsl_integration.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sf_lambert.h>
#include <gsl/gsl_test.h>
#include <math.h>
#include <stdio.h>

#define CLOSE       1e-9
#define MOST_SIGMAS 4.5

static struct useful useful(const struct interruption *in, bool is_usable, const char *name)
{
    struct useful out;
    const bool answer = interruption_useful(&out, in);
    gsl_test(answer != is_usable, "%s: worth while or not (u = %g)", name, out.u);
    const double sum = out.u + out.lost_share + out.restart_share + out.checkpoint_share;
    gsl_test_abs(sum, 1, 1e-12, "%s: shares add up", name);
    gsl_test(
        !(out.lost_share >= 0 && out.restart_share >= 0 && out.checkpoint_share >= 0 && out.u >= 0),
        "%s: no share below 0", name);
    return out;
}

/* --- closed forms without protected time --- */

static const double RATES[] = {0.003, 0.31, 2.385};

/* S1: K e^{lR} (1/l + D) (e^{l(tau+C)} - 1) for K segments; S7: p e^{lR} (e^{l(tau+C)} - 1) / (l tau). */
static void test_checkpoints(void)
{
    for (size_t i = 0; i < 3; i++) {
        const double l = RATES[i], tau = 0.417 / (1 + l), ck = 0.013, rs = 0.077, dn = 0.29,
                     price = 11.2;
        const struct interruption in = {
            PROGRESS_CHECKPOINTS, l, 0, 1, ck, rs, dn, tau, 0, INFINITY};
        const struct useful u = useful(&in, true, "S1");
        const double growth = exp(l * rs) * expm1(l * (tau + ck));
        gsl_test_rel(u.w / u.u * tau, growth * (1 / l + dn), CLOSE,
                     "S1: clock hours per segment, rate %g", l);
        gsl_test_rel(price / u.u, price * growth / (l * tau), CLOSE,
                     "S7: cost per useful hour, rate %g", l);
        gsl_test_rel(u.interruptions_per_paid_h, l, CLOSE,
                     "S7: interruptions per paid hour, rate %g", l);
        gsl_test_rel(u.restart_share, -expm1(-l * rs), CLOSE, "S7: restart share, rate %g", l);
        gsl_test_rel(u.checkpoint_share, u.u * ck / tau, CLOSE, "S7: checkpoint share, rate %g", l);
    }
}

/* S2: (e^{lW} - 1) / l from scratch, restarts free; with restarts every attempt but the first lives rs + W. */
static void test_restart(void)
{
    for (size_t i = 0; i < 3; i++) {
        const double l = RATES[i], work = 1.13 / (1 + l);
        const struct interruption in = {PROGRESS_RESTART, l, 0, 1, 0, 0, 0, NAN, 0, work};
        const struct useful u = useful(&in, true, "S2");
        gsl_test_rel(work / u.u, expm1(l * work) / l, CLOSE, "S2: paid hours, rate %g", l);
        gsl_test_rel(u.interruptions_per_paid_h * work / u.u, expm1(l * work), CLOSE,
                     "S4: failures, rate %g", l);
    }
}

/* S5: n machines without waiting are one machine reclaimed n times as often. */
static void test_gang(void)
{
    const double l = 0.071, tau = 0.37, ck = 0.021, rs = 0.11;
    for (long n = 1; n <= 16; n *= 2) {
        const struct interruption gang = {
            PROGRESS_CHECKPOINTS, l, 0, n, ck, rs, 0, tau, 0, INFINITY};
        const struct interruption one = {
            PROGRESS_CHECKPOINTS, (double)n * l, 0, 1, ck, rs, 0, tau, 0, INFINITY};
        const struct useful a = useful(&gang, true, "S5 gang"), b = useful(&one, true, "S5 one");
        gsl_test_rel(a.u, b.u, CLOSE, "S5: useful share of %ld machines", n);
        gsl_test_rel(a.w, 1, CLOSE, "S5: clock of %ld machines", n);
        gsl_test_rel(a.interruptions_per_paid_h, l, CLOSE,
                     "S5: hits per machine-hour, %ld machines", n);
        const struct interruption waiting = {
            PROGRESS_CHECKPOINTS, l, 0, n, ck, rs, 0.43, tau, 0, INFINITY};
        const struct useful w = useful(&waiting, true, "gang that waits");
        const double life = 1 / ((double)n * l), others = 0.43 * (double)(n - 1) / (double)n;
        gsl_test_rel(w.u, a.u * life / (life + others), CLOSE,
                     "paid waiting of the others, %ld machines", n);
        gsl_test_rel(w.w, (life + 0.43) / (life + others), CLOSE,
                     "clock while one is missing, %ld machines", n);
    }
}

static void test_fixed_loss(void)
{
    const double l = 0.31, rs = 0.19, lost = 0.55;
    const enum progress_kind kinds[] = {PROGRESS_FIXED_LOSS, PROGRESS_HALF_ITEM};
    for (size_t i = 0; i < 2; i++) {
        const struct interruption in = {kinds[i], l, 0, 1, 0, rs, 0, NAN, lost, INFINITY};
        const struct useful u = useful(&in, true, "fixed loss");
        gsl_test_rel(u.u, exp(-l * (rs + lost)), CLOSE, "fixed loss: e^{-l (rs + lost)}");
        gsl_test_rel(u.lost_share, exp(-l * rs) * -expm1(-l * lost), CLOSE,
                     "fixed loss: lost share");
    }
}

/* --- the best interval --- */

/* S6: 20 h, l = .3, C = .1: 26.6 segments, 27 are better than 26. */
static void test_segments(void)
{
    const struct interruption in = {PROGRESS_CHECKPOINTS, 0.3, 0, 1, 0.1, 0.05, 0, NAN, 0, 20};
    const double lambert = 1 + gsl_sf_lambert_W0(-exp(-0.3 * 0.1 - 1));
    gsl_test_rel(best_checkpoint_interval(&in), lambert / 0.3, CLOSE, "S6: Lambert");
    gsl_test_abs(20 / best_checkpoint_interval(&in), 26.6, 0.05, "S6: 26.6 segments");
    const struct useful u = useful(&in, true, "S6");
    gsl_test_int((int)u.segments, 27, "S6: 27 segments");
    gsl_test_rel(u.tau_h, 20.0 / 27, CLOSE, "S6: interval");
    for (int k = 26; k <= 28; k++) {
        struct interruption fixed = in;
        fixed.tau_h = 20.0 / k;
        const struct useful other = useful(&fixed, true, "S6 fixed");
        gsl_test(other.u > u.u, "S6: 27 segments beat %d", k);
        gsl_test_int((int)other.segments, 0, "S6: a given interval stays");
    }
    struct interruption small = in;
    small.work_h = 0.2;
    gsl_test_int((int)useful(&small, true, "S6 small").segments, 1, "S6: at least one segment");
    small.work_h = INFINITY;
    gsl_test_rel(useful(&small, true, "S6 unknown").tau_h, lambert / 0.3, CLOSE,
                 "S6: unknown work, no segments");
}

/* -log(1 - y) - y = z, from rare and cheap to frequent and dear. */
static void test_interval_equation(void)
{
    for (int power = -14; power <= 1; power++) {
        const double rate = 0.0237, ck = pow(10, power) / rate;
        const struct interruption in = {
            PROGRESS_CHECKPOINTS, rate, 0, 1, ck, 0, 0, NAN, 0, INFINITY};
        const double y = rate * best_checkpoint_interval(&in), z = rate * ck;
        if (power < -4)
            gsl_test_rel(y, sqrt(2 * z) - 2 * z / 3 + pow(2 * z, 1.5) / 36, 1e-8,
                         "series at z = %g", z);
        else
            gsl_test_rel(-log1p(-y) - y, z, 1e-8, "equation at z = %g", z);
    }
}

/* No interval on a fine grid beats the one found, with protected time and without. */
static void test_interval_search(void)
{
    const struct {
        double lambda, protected_h, ck, rs;
        long n;
    } cases[] = {
        {0.3, 0, 0.1, 0.05, 1},  {0.3, 1, 0.1, 0.05, 1}, {1.7, 1, 0.03, 0.2, 1},
        {0.05, 1, 0.2, 0.3, 1},  {0.2, 1, 0.05, 0.1, 8}, {0.002, 1, 0.02, 0.1, 16},
        {2.1, 1, 0.25, 0.02, 1}, {0.9, 1, 0.01, 0.9, 2}, {0.3, 1, 1.1, 0.05, 1},
        {200, 1, 0.05, 0.1, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct interruption in = {PROGRESS_CHECKPOINTS,
                                  cases[i].lambda,
                                  cases[i].protected_h,
                                  cases[i].n,
                                  cases[i].ck,
                                  cases[i].rs,
                                  0.1,
                                  NAN,
                                  0,
                                  INFINITY};
        struct useful best, other;
        (void)interruption_useful(&best, &in);
        double most = 0, at = 0;
        for (int k = 0; k < 15000; k++) {
            in.tau_h = 1e-3 * pow(1.0007, k);
            (void)interruption_useful(&other, &in);
            if (other.u <= most) continue;
            most = other.u;
            at = in.tau_h;
        }
        gsl_test(best.u < most * (1 - 1e-12), "interval search %zu: %.12g at %g, grid %.12g at %g",
                 i, best.u, best.tau_h, most, at);
        gsl_test_rel(best.u, most, 1e-3, "interval search %zu: the grid comes near", i);
    }
}

/* --- protected time, numerically --- */

static double survival_by_hand(double x, const struct interruption *in)
{
    const double all = (double)in->n * in->lambda, early = fmin(x, in->protected_h);
    return exp(-(all - in->lambda) * early - all * (x - early));
}

static double integrand(double x, void *context)
{
    return survival_by_hand(x, context);
}

static double integrate(struct interruption *in, double from, double to)
{
    gsl_integration_workspace *space = gsl_integration_workspace_alloc(1000);
    gsl_function f = {integrand, in};
    double total = 0, part = 0, error = 0;
    const double split = fmin(fmax(in->protected_h, from), to);
    if (from < split)
        gsl_integration_qag(&f, from, split, 0, 1e-12, 1000, GSL_INTEG_GAUSS61, space, &total,
                            &error);
    if (isinf(to))
        gsl_integration_qagiu(&f, split, 0, 1e-12, 1000, space, &part, &error);
    else if (split < to)
        gsl_integration_qag(&f, split, to, 0, 1e-12, 1000, GSL_INTEG_GAUSS61, space, &part, &error);
    gsl_integration_workspace_free(space);
    return total + part;
}

static struct interruption protected_case(double lambda, long n)
{
    return (struct interruption){
        PROGRESS_CHECKPOINTS, lambda, 1, n, 0.017, 0.083, 0.21, 0.193, 0.37, 1.71};
}

static void test_protected(void)
{
    const long gangs[] = {1, 2, 7};
    for (size_t i = 0; i < 9; i++) {
        struct interruption in = protected_case(RATES[i % 3] / 3, gangs[i / 3]);
        const double m = integrate(&in, 0, INFINITY),
                     waiting = in.dn_h * (double)(in.n - 1) / (double)in.n;
        gsl_test_rel(gang_survival_integral(&in, 0, INFINITY), m, CLOSE, "M of case %zu", i);
        gsl_test_rel(gang_survival_integral(&in, 0.4, 2.3), integrate(&in, 0.4, 2.3), CLOSE,
                     "part of M, case %zu", i);
        gsl_test_rel(gang_survival(&in, 1.9), survival_by_hand(1.9, &in), CLOSE, "S, case %zu", i);
        double sum = 0;
        for (long j = 1; j < 2000000; j++) {
            const double term = survival_by_hand(in.rs_h + (double)j * (in.tau_h + in.ck_h), &in);
            if (term < 1e-18) break;
            sum += term;
        }
        struct useful u = {0};
        (void)interruption_useful(&u, &in);
        gsl_test_rel(u.u, in.tau_h * sum / (m + waiting), CLOSE, "checkpoints, case %zu", i);
        gsl_test_rel(u.w, (m + in.dn_h) / (m + waiting), CLOSE, "clock, case %zu", i);
        in.kind = PROGRESS_FIXED_LOSS;
        (void)interruption_useful(&u, &in);
        gsl_test_rel(u.u, integrate(&in, in.rs_h + in.lost_h, INFINITY) / (m + waiting), CLOSE,
                     "loss, case %zu", i);
        in.kind = PROGRESS_RESTART;
        (void)interruption_useful(&u, &in);
        const double fails =
            (1 - survival_by_hand(in.work_h, &in)) / survival_by_hand(in.rs_h + in.work_h, &in);
        const double paid =
            integrate(&in, 0, in.work_h) + fails * integrate(&in, 0, in.rs_h + in.work_h);
        gsl_test_rel(u.u, in.work_h / (paid + fails * waiting), CLOSE, "restart, case %zu", i);
        gsl_test_rel(u.w, (paid + fails * in.dn_h) / (paid + fails * waiting), CLOSE,
                     "restart clock, case %zu", i);
    }
}

static void test_service(void)
{
    gsl_test_rel(service_useful(0.31, 0, 0.2), exp(-0.31 * 0.2), CLOSE, "service: e^{-l rs}");
    struct interruption in = protected_case(0.31, 1);
    const double expected = integrate(&in, 0.2, INFINITY) / integrate(&in, 0, INFINITY);
    gsl_test_rel(service_useful(0.31, 1, 0.2), expected, CLOSE, "service with a protected hour");
    gsl_test_abs(service_useful(0, 1, 0.2), 1, 0, "service that is never reclaimed");
}

/* --- limits --- */

static void test_no_reclaims(void)
{
    struct interruption in = {PROGRESS_CHECKPOINTS, 0, 0, 4, 0.02, 0.5, 0.3, 0.7, 0.2, 10};
    const struct useful given = useful(&in, true, "no reclaims");
    gsl_test_rel(given.u, 0.7 / 0.72, CLOSE, "no reclaims: tau / (tau + ck)");
    gsl_test_abs(given.w, 1, 0, "no reclaims: clock");
    gsl_test_abs(given.interruptions_per_paid_h, 0, 0, "no reclaims: none");
    in.tau_h = NAN;
    const struct useful best = useful(&in, true, "no reclaims, auto");
    gsl_test(best.u != 1 || !isinf(best.tau_h) || best.segments != 0,
             "no reclaims, auto: nothing is written");
    const enum progress_kind kinds[] = {PROGRESS_FIXED_LOSS, PROGRESS_RESTART, PROGRESS_HALF_ITEM};
    for (size_t i = 0; i < 3; i++) {
        in.kind = kinds[i];
        gsl_test_abs(useful(&in, true, "no reclaims").u, 1, 0, "no reclaims: nothing lost, kind %d",
                     kinds[i]);
    }
}

/* u and w move little when lambda goes to 0, ck to 0, P to 0, and across the end of the protected time. */
static void test_continuity(void)
{
    for (int protected_h = 0; protected_h <= 1; protected_h++) {
        for (int i = 0; i < 4; i++) {
            const enum progress_kind kind = (enum progress_kind)i;
            struct interruption in = {kind, 0, protected_h, 3, 0.02, 0.5, 0.3, 0.7, 0.2, 10};
            const double limit = useful(&in, true, "lambda 0").u;
            const double tiny[] = {1e-9, 1e-13, 1e-30, 1e-99, 1e-101, 5e-324};
            for (size_t k = 0; k < 6; k++) {
                in.lambda = tiny[k];
                gsl_test_rel(useful(&in, true, "lambda small").u, limit, 2e-7,
                             "lambda %g, kind %d, P %d", tiny[k], i, protected_h);
            }
        }
        struct interruption in = {
            PROGRESS_CHECKPOINTS, 0.4, protected_h, 2, 0, 0.1, 0.2, NAN, 0, INFINITY};
        const struct useful free = useful(&in, true, "ck 0");
        gsl_test_abs(free.tau_h, 0, 0, "ck 0: all the time");
        gsl_test_abs(free.checkpoint_share + free.lost_share, 0, 1e-12, "ck 0: nothing lost");
        in.ck_h = 1e-13;
        gsl_test_rel(useful(&in, true, "ck small").u, free.u, 1e-5, "ck 1e-13, P %d", protected_h);
    }
    struct interruption before = protected_case(0.8, 1), after = before;
    before.rs_h = 1 - before.tau_h - before.ck_h - 1e-12;
    after.rs_h = before.rs_h + 2e-12;
    gsl_test_rel(useful(&before, true, "kink").u, useful(&after, true, "kink").u, 1e-10,
                 "across the protected time");
    struct interruption none = protected_case(0.8, 3), brief = none;
    none.protected_h = 0;
    brief.protected_h = 1e-12;
    gsl_test_rel(useful(&brief, true, "P small").u, useful(&none, true, "P 0").u, 1e-10, "P -> 0");
}

static void test_hopeless(void)
{
    const struct {
        const char *name;
        struct interruption in;
        bool is_usable;
    } cases[] = {
        {"u 0.0501", {PROGRESS_FIXED_LOSS, 1, 0, 1, 0, 0, 0, NAN, 2.9937, INFINITY}, true},
        {"u 0.0499", {PROGRESS_FIXED_LOSS, 1, 0, 1, 0, 0, 0, NAN, 2.9977, INFINITY}, false},
        {"restart longer than life",
         {PROGRESS_CHECKPOINTS, 5, 0, 8, 0.1, 3, 0, NAN, 0, INFINITY},
         false},
        {"restart of a long job", {PROGRESS_RESTART, 1, 0, 8, 0, 0.5, 0.5, NAN, 0, 4000}, false},
        {"restart of endless work",
         {PROGRESS_RESTART, 0.1, 1, 2, 0, 0.5, 0.5, NAN, 0, INFINITY},
         false},
        {"interval far beyond life",
         {PROGRESS_CHECKPOINTS, 0.5, 0, 2, 0, 0, 0, 1e6, 0, INFINITY},
         false},
        {"checkpoints longer than work",
         {PROGRESS_CHECKPOINTS, 0, 0, 1, 2, 0, 0, 0.1, 0, INFINITY},
         false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct useful u = useful(&cases[i].in, cases[i].is_usable, cases[i].name);
        gsl_test(!isfinite(u.u) || !isfinite(u.w) || u.w < 1, "%s: finite all the same",
                 cases[i].name);
    }
}

/* --- simulation --- */

struct tally {
    double useful, paid, clock, hits;
};

/* The gang's next interruption: every machine has a reclaim hour of its own, protected for P hours from its start. */
static double next_reclaim(gsl_rng *rng, const struct interruption *in)
{
    return in->protected_h + gsl_ran_exponential(rng, 1 / in->lambda);
}

/* One life of a gang in which every machine keeps its age: the one that was taken is replaced by a fresh one. Returns its
 * length; `left[i]` are the hours each machine has still to live. */
static double live(double *left, long n, gsl_rng *rng, const struct interruption *in)
{
    long first = 0;
    for (long i = 1; i < n; i++)
        if (left[i] < left[first]) first = i;
    const double life = left[first];
    for (long i = 0; i < n; i++) left[i] -= life;
    left[first] = next_reclaim(rng, in);
    return life;
}

static double useful_of_life(const struct interruption *in, double life)
{
    if (in->kind == PROGRESS_CHECKPOINTS)
        return in->tau_h * floor(fmax(0, life - in->rs_h) / (in->tau_h + in->ck_h));
    return fmax(0, life - in->rs_h - in->lost_h);
}

struct simulated {
    double u, z_u, z_w; /* standard errors between formula and simulation */
};

static struct simulated simulate(const struct interruption *in, const struct useful *formula,
                                 int lives, unsigned long seed)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, seed);
    double left[16], sum_u = 0, sum_uu = 0, sum_w = 0, sum_ww = 0, useful_h = 0, paid_h = 0;
    for (long i = 0; i < in->n; i++) left[i] = next_reclaim(rng, in);
    for (int k = 0; k < lives; k++) {
        const double life = live(left, in->n, rng, in);
        const double paid = life + in->dn_h * (double)(in->n - 1) / (double)in->n;
        const double made = useful_of_life(in, life);
        const double off_u = made - formula->u * paid, off_w = life + in->dn_h - formula->w * paid;
        useful_h += made;
        paid_h += paid;
        sum_u += off_u;
        sum_uu += off_u * off_u;
        sum_w += off_w;
        sum_ww += off_w * off_w;
    }
    gsl_rng_free(rng);
    const double se_w = sqrt(sum_ww);
    return (struct simulated){useful_h / paid_h, sum_u / sqrt(sum_uu),
                              se_w > 1e-6 * paid_h / lives ? sum_w / se_w : 0};
}

static void test_simulated(void)
{
    const struct interruption cases[] = {
        {PROGRESS_CHECKPOINTS, 0.4, 0, 1, 0.03, 0.1, 0.25, 0.35, 0, INFINITY},
        {PROGRESS_CHECKPOINTS, 0.4, 1, 1, 0.03, 0.1, 0.25, 0.35, 0, INFINITY},
        {PROGRESS_CHECKPOINTS, 0.1, 0, 8, 0.03, 0.1, 0.25, 0.35, 0, INFINITY},
        {PROGRESS_FIXED_LOSS, 0.3, 1, 1, 0, 0.2, 0.4, NAN, 0.5, INFINITY},
        {PROGRESS_HALF_ITEM, 0.2, 0, 3, 0, 0.2, 0.4, NAN, 0.5, INFINITY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct useful u = useful(&cases[i], true, "simulated");
        const struct simulated s = simulate(&cases[i], &u, 400000, 1000 + i);
        gsl_test(!(fabs(s.z_u) < MOST_SIGMAS), "simulation %zu: u, z = %g", i, s.z_u);
        gsl_test(!(fabs(s.z_w) < MOST_SIGMAS), "simulation %zu: w, z = %g", i, s.z_w);
        struct useful wrong = u;
        wrong.u *= 1.01;
        gsl_test(fabs(simulate(&cases[i], &wrong, 400000, 1000 + i).z_u) < MOST_SIGMAS,
                 "simulation %zu would notice 1%%", i);
    }
}

/* With protected hours and several machines the formula counts one fresh machine: on the safe side, by few percent. */
static void test_simulated_gang(void)
{
    for (int hits = 1; hits <= 2; hits++) {
        const struct interruption in = {
            PROGRESS_CHECKPOINTS, hits / 4.0, 1, 4, 0.03, 0.1, 0.25, 0.2, 0, INFINITY};
        const struct useful u = useful(&in, true, "gang with protected hours");
        const struct simulated s = simulate(&in, &u, 400000, 5);
        gsl_test(!(u.u < s.u && u.u > 0.9 * s.u),
                 "%d reclaims an hour: u %.4f below the simulated %.4f by %.1f%%", hits, u.u, s.u,
                 100 * (1 - u.u / s.u));
    }
}

/* Restart from nothing, attempt by attempt. */
static void test_simulated_restart(void)
{
    const struct interruption in = {PROGRESS_RESTART, 0.15, 0, 4, 0, 0.2, 0.3, NAN, 0, 1.3};
    const struct useful u = useful(&in, true, "restart");
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, 31);
    double sum = 0, squares = 0, hits = 0, paid_total = 0;
    for (int job = 0; job < 200000; job++) {
        double paid = 0, need = in.work_h;
        for (;;) {
            const double life = gsl_ran_exponential(rng, 1 / (4 * in.lambda));
            if (life >= need) break;
            paid += life + in.dn_h * 3 / 4;
            hits++;
            need = in.rs_h + in.work_h;
        }
        paid += need;
        paid_total += paid;
        sum += in.work_h - u.u * paid;
        squares += pow(in.work_h - u.u * paid, 2);
    }
    gsl_rng_free(rng);
    gsl_test(!(fabs(sum / sqrt(squares)) < MOST_SIGMAS), "restart: z = %g", sum / sqrt(squares));
    gsl_test_rel(u.interruptions_per_paid_h, hits / (paid_total * 4), 0.01,
                 "restart: interruptions per machine-hour");
}

int main(void)
{
    test_checkpoints();
    test_restart();
    test_gang();
    test_fixed_loss();
    test_segments();
    test_interval_equation();
    test_interval_search();
    test_protected();
    test_service();
    test_no_reclaims();
    test_continuity();
    test_hopeless();
    test_simulated();
    test_simulated_gang();
    test_simulated_restart();
    return gsl_test_summary();
}
