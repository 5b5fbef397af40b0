/* What a load curve comes to over a period: highest rate and mean. */
#include "scenarios/service.h"
#include <math.h>

/* Index of the first piece that ends after t. */
static size_t piece_after(const struct load_curve *c, int64_t t_us)
{
    size_t low = 0, high = c->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (c->pieces[middle].to_us > t_us)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static double rate_at(const struct load_piece *p, int64_t us)
{
    if (us == p->from_us) return p->rate_from;
    if (us == p->to_us) return p->rate_to;
    return p->rate_from + (p->rate_to - p->rate_from) * (double)(us - p->from_us) /
                              (double)(p->to_us - p->from_us);
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static double hours(int64_t us)
{
    return (double)us / (double)US_PER_H;
}

double service_sizing_load(const struct service *s, int64_t from_us, int64_t to_us)
{
    double most = 0;
    const struct load_curve *c = &s->curve;
    for (size_t i = piece_after(c, from_us); i < c->n && c->pieces[i].from_us < to_us; i++) {
        const struct load_piece *p = &c->pieces[i];
        most = fmax(most, rate_at(p, later(p->from_us, from_us)));
        most = fmax(most, rate_at(p, earlier(p->to_us, to_us)));
    }
    const double grown_h = hours(s->growth_per_month >= 0 ? to_us : from_us);
    return most * s->scale * s->burst * (1 + s->headroom_frac) *
           pow(1 + s->growth_per_month, grown_h / HOURS_PER_MONTH);
}

/* (x e^x - (e^x - 1)) / x^2, the mean of 2 u e^(x u) over [0, 1]. */
static double ramp_weight(double x)
{
    if (fabs(x) < 0.01) return 0.5 + x * (1.0 / 3 + x * (1.0 / 8 + x * (1.0 / 30 + x / 144)));
    return (x * exp(x) - expm1(x)) / (x * x);
}

static double level_weight(double x)
{
    return fabs(x) < 1e-12 ? 1 : expm1(x) / x;
}

/* integral of rate(t) e^(k t) over the part of a piece in [from, to), t in hours from the start */
static double grown_integral(const struct load_piece *p, int64_t from, int64_t to, double k)
{
    const double length = hours(to - from), first = rate_at(p, from), last = rate_at(p, to);
    const double x = k * length;
    return exp(k * hours(from)) * length *
           (first * level_weight(x) + (last - first) * ramp_weight(x));
}

double service_mean_load(const struct service *s, int64_t from_us, int64_t to_us)
{
    if (from_us >= to_us) return 0;
    const struct load_curve *c = &s->curve;
    const double k = log1p(s->growth_per_month) / HOURS_PER_MONTH;
    double sum = 0;
    for (size_t i = piece_after(c, from_us); i < c->n && c->pieces[i].from_us < to_us; i++) {
        const struct load_piece *p = &c->pieces[i];
        sum += grown_integral(p, later(p->from_us, from_us), earlier(p->to_us, to_us), k);
    }
    return sum * s->scale / hours(to_us - from_us);
}

double service_units(const struct service *s, double load_h)
{
    return s->rule == RULE_BLOCKING && s->time_h > 0 ? load_h / s->time_h : load_h;
}
