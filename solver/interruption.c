/* Useful hours of a machine that can be reclaimed (docs/model.md 3.1). With S(x) the probability that a gang lives longer
 * than x hours after a restart, M its integral, and per life of the gang
 *
 *     G    = tau sum_{j>=1} S(rs + j (tau + ck))    checkpoints         G = integral of S from rs + lost    fixed loss
 *     paid = M + dn (n-1)/n       u = G / paid       w = (M + dn) / paid
 *
 *     S(x) = exp(-(Lambda - lambda) min(x, P) - Lambda max(x - P, 0)),   Lambda = n lambda
 *
 * S is two exponentials joined at P, so every integral and every sum over checkpoints has a closed form. */
#include "solver/interruption.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

/* Below this share of useful time work would in effect never finish. */
#define LEAST_USEFUL 0.05
/* Fewer reclaims than one in 1e100 hours are none; 1 / lambda stays far from overflow. */
#define LEAST_RATE 1e-100

/* More segments than a long holds exactly make no difference to an interval. */
#define MOST_SEGMENTS 1e9

struct hazard {
    double early, late; /* per hour before and after the protected time */
    double protected_h;
};

static struct hazard gang_hazard(const struct interruption *in)
{
    const double all = (double)in->n * in->lambda;
    const bool is_protected = in->protected_h > 0;
    return (struct hazard){
        .early = is_protected ? (double)(in->n - 1) * in->lambda : all,
        .late = all,
        .protected_h = is_protected ? in->protected_h : 0,
    };
}

static bool is_interrupted(const struct interruption *in)
{
    return in->lambda >= LEAST_RATE;
}

/* -log S(x). */
static double hazard_until(const struct hazard *h, double x)
{
    const double early = fmin(x, h->protected_h);
    const double late = x - early;
    return h->early * early + (late > 0 ? h->late * late : 0);
}

static double survival(const struct hazard *h, double x)
{
    return exp(-hazard_until(h, x));
}

/* Integral of exp(-rate x) over `length` hours; length may be INFINITY when rate > 0. */
static double decay_integral(double rate, double length)
{
    return rate > 0 ? -expm1(-rate * length) / rate : length;
}

static double survival_integral(const struct hazard *h, double from, double to)
{
    double total = 0;
    const double split = fmin(to, h->protected_h);
    if (from < split) total += survival(h, from) * decay_integral(h->early, split - from);
    const double begin = fmax(from, h->protected_h);
    if (begin < to) total += survival(h, begin) * decay_integral(h->late, to - begin);
    return total;
}

double gang_survival(const struct interruption *in, double x)
{
    assert(x >= 0);
    const struct hazard h = gang_hazard(in);
    return survival(&h, x);
}

double gang_survival_integral(const struct interruption *in, double from, double to)
{
    assert(from >= 0 && to >= from);
    const struct hazard h = gang_hazard(in);
    return survival_integral(&h, from, to);
}

double service_useful(double lambda, double protected_h, double rs_h)
{
    assert(isfinite(lambda) && lambda >= 0 && isfinite(rs_h) && rs_h >= 0);
    if (lambda < LEAST_RATE) return 1;
    const struct interruption in = {.lambda = lambda, .protected_h = protected_h, .n = 1};
    const struct hazard h = gang_hazard(&in);
    return survival_integral(&h, rs_h, INFINITY) / survival_integral(&h, 0, INFINITY);
}

/* sum_{j=1..infinity} S(rs + j step): one geometric series up to P and one beyond. */
static double checkpoint_sum(const struct hazard *h, double rs, double step)
{
    double total = 0, first = rs + step;
    if (first <= h->protected_h) {
        const double n = floor((h->protected_h - first) / step) + 1;
        const double ratio = h->early * step;
        total += survival(h, first) * (ratio > 0 ? expm1(-ratio * n) / expm1(-ratio) : n);
        first += n * step;
    }
    return total + survival(h, first) / -expm1(-h->late * step);
}

/* G for checkpoints each tau of useful time; tau = 0 is the limit of writes that cost nothing. */
static double checkpoint_useful(const struct interruption *in, const struct hazard *h, double tau)
{
    if (tau == 0) return survival_integral(h, in->rs_h, INFINITY);
    return tau * checkpoint_sum(h, in->rs_h, tau + in->ck_h);
}

/* Shares of the paid hours from hours per life of the gang (or per run of RESTART). */
struct life {
    double paid;    /* machine-hours paid per machine */
    double waiting; /* of the others while one has no replacement, paid */
    double clock;
    double hits; /* interruptions */
    double useful, restart, checkpoint;
};

static void share_out(struct useful *out, const struct life *life, long n)
{
    out->u = life->useful / life->paid;
    out->w = life->clock / life->paid;
    out->interruptions_per_paid_h = life->hits / (life->paid * (double)n);
    out->restart_share = (life->restart + life->waiting) / life->paid;
    out->checkpoint_share = life->checkpoint / life->paid;
    out->lost_share = fmax(0, 1 - out->u - out->restart_share - out->checkpoint_share);
}

/* One life: M hours, one interruption, then dn hours in which the other n - 1 wait. */
static struct life gang_life(const struct interruption *in, const struct hazard *h)
{
    const double lived = survival_integral(h, 0, INFINITY);
    const double waiting = in->dn_h * (double)(in->n - 1) / (double)in->n;
    return (struct life){
        .paid = lived + waiting,
        .waiting = waiting,
        .clock = lived + in->dn_h,
        .hits = 1,
        .restart = survival_integral(h, 0, in->rs_h),
    };
}

static void use_checkpoints(struct useful *out, const struct interruption *in,
                            const struct hazard *h)
{
    struct life life = gang_life(in, h);
    life.useful = checkpoint_useful(in, h, out->tau_h);
    life.checkpoint = out->tau_h > 0 ? life.useful * (in->ck_h / out->tau_h) : 0;
    share_out(out, &life, in->n);
}

static void use_fixed_loss(struct useful *out, const struct interruption *in,
                           const struct hazard *h)
{
    struct life life = gang_life(in, h);
    life.useful = survival_integral(h, in->rs_h + in->lost_h, INFINITY);
    share_out(out, &life, in->n);
}

/* paid = int_0^W S + (1 - S(W)) int_0^{rs+W} S / S(rs+W), failures = (1 - S(W)) / S(rs+W): everything times S(rs+W), which may
 * be 0 in a double. */
static void use_restart(struct useful *out, const struct interruption *in, const struct hazard *h)
{
    const double again = in->rs_h + in->work_h;
    const double success = survival(h, again);
    const double failures = -expm1(-hazard_until(h, in->work_h));
    const double hours =
        success * survival_integral(h, 0, in->work_h) + failures * survival_integral(h, 0, again);
    const double waiting = failures * in->dn_h * (double)(in->n - 1) / (double)in->n;
    const struct life life = {
        .paid = hours + waiting,
        .waiting = waiting,
        .clock = hours + failures * in->dn_h,
        .hits = failures,
        .useful = success > 0 ? success * in->work_h : 0,
        .restart = failures * survival_integral(h, 0, in->rs_h),
    };
    share_out(out, &life, in->n);
}

/* A job of known work in equal segments: the better of rounding work / tau down and up. */
static void choose_segments(struct useful *out, const struct interruption *in,
                            const struct hazard *h)
{
    const double segments = in->work_h / out->tau_h;
    if (!isfinite(segments) || segments > MOST_SEGMENTS) return;
    const double low = fmax(1, floor(segments)), high = low + (segments > low ? 1 : 0);
    const double low_useful = checkpoint_useful(in, h, in->work_h / low);
    const double high_useful = checkpoint_useful(in, h, in->work_h / high);
    const double best = high_useful > low_useful ? high : low;
    out->segments = (long)best;
    out->tau_h = in->work_h / best;
}

/* Nothing is lost, nothing restarts; only a given interval of checkpoints costs time. */
static void use_undisturbed(struct useful *out, const struct interruption *in)
{
    const bool writes = in->kind == PROGRESS_CHECKPOINTS && isfinite(out->tau_h) && out->tau_h > 0;
    out->u = writes ? out->tau_h / (out->tau_h + in->ck_h) : 1;
    out->w = 1;
    out->checkpoint_share = 1 - out->u;
}

static void assert_sound(const struct interruption *in)
{
    assert(isfinite(in->lambda) && in->lambda >= 0 && in->n >= 1);
    assert(isfinite(in->protected_h) && in->protected_h >= 0);
    assert(isfinite(in->ck_h) && in->ck_h >= 0 && isfinite(in->rs_h) && in->rs_h >= 0);
    assert(isfinite(in->dn_h) && in->dn_h >= 0 && isfinite(in->lost_h) && in->lost_h >= 0);
    assert(isnan(in->tau_h) || (isfinite(in->tau_h) && in->tau_h > 0));
    assert(in->work_h > 0 || in->kind == PROGRESS_FIXED_LOSS || in->kind == PROGRESS_HALF_ITEM);
    (void)in;
}

bool interruption_useful(struct useful *out, const struct interruption *in)
{
    assert_sound(in);
    *out = (struct useful){.tau_h = INFINITY};
    const bool is_checkpointed = in->kind == PROGRESS_CHECKPOINTS;
    const bool is_auto = isnan(in->tau_h);
    if (is_checkpointed) out->tau_h = is_auto ? best_checkpoint_interval(in) : in->tau_h;
    if (!is_interrupted(in)) {
        use_undisturbed(out, in);
        return out->u >= LEAST_USEFUL;
    }
    const struct hazard h = gang_hazard(in);
    if (is_checkpointed) {
        if (is_auto && isfinite(in->work_h)) choose_segments(out, in, &h);
        use_checkpoints(out, in, &h);
    } else if (in->kind == PROGRESS_RESTART) {
        use_restart(out, in, &h);
    } else {
        use_fixed_loss(out, in, &h);
    }
    return out->u >= LEAST_USEFUL;
}
