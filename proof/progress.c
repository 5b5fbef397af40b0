/* S(x), the probability that a gang lives longer than x hours, is exp(-early x) up to the protected time P and falls with
 * `late` after it. With A(x) the integral of S from x on, in hours per life of the gang:
 *     useful = tau sum_j S(restart + j (tau + write))    or A(restart + lost)      paid = A(0) + gone (n-1)/n
 *     u = useful / paid,   w = (A(0) + gone) / paid
 * The best interval is found by golden sections, one for each number of checkpoints written within
 * the protected time. */
#include "proof/progress.h"

#include <math.h>
#include <stddef.h>

/* Fewer reclaims than one in 1e100 hours are none. */
#define NO_RATE 1e-100
#define GOLDEN  0.6180339887498949
enum { MOST_KINKS = 4096, SECTIONS = 120 };

struct lives {
    double early, late, until; /* rates before and after `until` hours */
};

static struct lives lives_of(const struct proof_progress *p)
{
    const double all = (double)p->machines * p->lambda;
    if (p->protected_h <= 0) return (struct lives){all, all, 0};
    return (struct lives){(double)(p->machines - 1) * p->lambda, all, p->protected_h};
}

/* -log S(x). */
static double hazard(const struct lives *l, double x)
{
    const double young = x < l->until ? x : l->until;
    return l->early * young + (x > young ? l->late * (x - young) : 0);
}

static double alive(const struct lives *l, double x)
{
    return exp(-hazard(l, x));
}

/* Hours lived between x and y, per life; y may be INFINITY. */
static double between(const struct lives *l, double x, double y)
{
    double sum = 0;
    if (x < l->until) {
        const double young = fmin(y, l->until) - x;
        sum = alive(l, x) * (l->early > 0 ? -expm1(-l->early * young) / l->early : young);
        x = l->until;
    }
    return y > x ? sum - alive(l, x) * expm1(-l->late * (y - x)) / l->late : sum;
}

/* A(x): hours lived after x, per life. */
static double beyond(const struct lives *l, double x)
{
    return between(l, x, INFINITY);
}

/* sum over j >= 1 of S(from + j step): those within the protected time one by one, or as a series where they are many. */
static double count_reached(const struct lives *l, double from, double step)
{
    double sum = 0, at = from + step;
    if (at <= l->until) {
        const double n = floor((l->until - at) / step) + 1, fall = l->early * step;
        sum = fall > 0 ? alive(l, at) * expm1(-fall * n) / expm1(-fall) : n;
        at += n * step;
    }
    return sum - alive(l, at) / expm1(-l->late * step);
}

static double useful_every(const struct proof_progress *p, const struct lives *l, double tau)
{
    return tau > 0 ? tau * count_reached(l, p->restart_h, tau + p->write_h)
                   : beyond(l, p->restart_h);
}

/* Largest useful hours per life for intervals between exp(low) and exp(high), one maximum inside. */
static double section(const struct proof_progress *p, const struct lives *l, double low,
                      double high)
{
    double a = high - GOLDEN * (high - low), b = low + GOLDEN * (high - low);
    double at_a = useful_every(p, l, exp(a)), at_b = useful_every(p, l, exp(b));
    for (int i = 0; i < SECTIONS && high - low > 1e-9; i++) {
        if (at_a >= at_b) {
            high = b;
            b = a;
            at_b = at_a;
            a = high - GOLDEN * (high - low);
            at_a = useful_every(p, l, exp(a));
        } else {
            low = a;
            a = b;
            at_a = at_b;
            b = low + GOLDEN * (high - low);
            at_b = useful_every(p, l, exp(b));
        }
    }
    return exp((low + high) / 2);
}

/* Interval between checkpoints that loses least. Without protection it lies between z/(1+z) and sqrt(2 z) life times, z the
 * life times that one checkpoint takes. */
static double best_every(const struct proof_progress *p, const struct lives *l)
{
    if (p->write_h <= 0) return 0;
    const double z = l->late * p->write_h;
    if (p->protected_h <= 0) {
        const double low = log(z / (1 + z) / l->late) - 1e-3;
        return section(p, l, low, log(sqrt(2 * z) / l->late) + 1e-3);
    }
    /* Just before each kink, where one checkpoint more is still written within the protected time, and between them. */
    const double least = sqrt(2 * z) / l->late / 16, most = p->protected_h + 2 / l->late;
    const double room = p->protected_h - p->restart_h;
    double best = most, useful = useful_every(p, l, most), upper = most;
    for (double k = 1; upper > least && k < MOST_KINKS; k++) {
        const double lower = fmax(least, room > 0 ? room / k - p->write_h : least);
        const double inside =
            lower < upper ? section(p, l, log(lower) + 1e-15, log(fmin(upper, most))) : lower;
        const double tried[] = {inside, lower};
        for (size_t i = 0; i < 2; i++) {
            if (tried[i] > most || useful_every(p, l, tried[i]) <= useful) continue;
            useful = useful_every(p, l, tried[i]);
            best = tried[i];
        }
        upper = lower;
    }
    return best;
}

/* The interval used: a job of known work writes in equal parts, as many as lose least. */
static double interval(const struct proof_progress *p, const struct lives *l)
{
    if (!isnan(p->every_h)) return p->every_h;
    const double best = best_every(p, l), parts = p->work_h / best;
    if (!isfinite(parts) || parts > 1e9) return best;
    const double few = fmax(1, floor(parts)), many = parts > few ? few + 1 : few;
    return useful_every(p, l, p->work_h / many) > useful_every(p, l, p->work_h / few)
               ? p->work_h / many
               : p->work_h / few;
}

/* Everything is lost with each hit until the gang lives through restart and work; all terms times the chance of that. */
static struct proof_useful begin_anew(const struct proof_progress *p, const struct lives *l)
{
    const double whole = p->restart_h + p->work_h, success = alive(l, whole);
    const double fails = -expm1(-hazard(l, p->work_h));
    const double hours = success * between(l, 0, p->work_h) + fails * between(l, 0, whole);
    const double paid = hours + fails * p->gone_h * (double)(p->machines - 1) / (double)p->machines;
    return (struct proof_useful){success * p->work_h / paid, (hours + fails * p->gone_h) / paid};
}

struct proof_useful proof_useful(const struct proof_progress *p)
{
    const bool writes = p->loss == LOSS_CHECKPOINTS;
    if (p->lambda < NO_RATE) {
        const bool slowed = writes && p->every_h > 0;
        return (struct proof_useful){slowed ? p->every_h / (p->every_h + p->write_h) : 1, 1};
    }
    const struct lives l = lives_of(p);
    if (p->loss == LOSS_ALL) return begin_anew(p, &l);
    const double useful =
        writes ? useful_every(p, &l, interval(p, &l)) : beyond(&l, p->restart_h + p->lost_h);
    const double lived = beyond(&l, 0);
    const double paid = lived + p->gone_h * (double)(p->machines - 1) / (double)p->machines;
    return (struct proof_useful){useful / paid, (lived + p->gone_h) / paid};
}

double proof_serving(double lambda, double protected_h, double restart_h)
{
    if (lambda < NO_RATE) return 1;
    const struct lives l = protected_h > 0 ? (struct lives){0, lambda, protected_h}
                                           : (struct lives){lambda, lambda, 0};
    return beyond(&l, restart_h) / beyond(&l, 0);
}
