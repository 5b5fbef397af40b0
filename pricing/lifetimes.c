#include "pricing/lifetimes.h"
#include "pricing/likelihood.h"
#include <math.h>
#include <stdlib.h>

static const double least_life_h = 1.0 / 3600;

/* --- Kaplan and Meier --- */

static double middle(const struct life *l)
{
    return l->ended ? (l->low_h + l->high_h) / 2 : l->low_h;
}

static int by_moment(const void *a, const void *b)
{
    const struct life *x = a, *y = b;
    const double p = middle(x), q = middle(y);
    if (p != q) return p < q ? -1 : 1;
    return (int)y->ended - (int)x->ended;
}

struct survival survival_estimate(const struct life *lives, size_t n, struct arena *a)
{
    struct survival s = {.at_h = ARENA_NEW(a, double, n + 1), .alive = ARENA_NEW(a, double, n + 1)};
    struct life *sorted = ARENA_NEW(a, struct life, n + 1);
    for (size_t i = 0; i < n; i++) sorted[i] = lives[i];
    qsort(sorted, n, sizeof *sorted, by_moment);
    double alive = 1;
    for (size_t i = 0; i < n;) {
        const double moment = middle(&sorted[i]);
        size_t end = i, reclaimed = 0;
        while (end < n && middle(&sorted[end]) == moment) reclaimed += sorted[end++].ended;
        if (reclaimed) {
            alive *= 1 - (double)reclaimed / (double)(n - i);
            s.at_h[s.n] = moment;
            s.alive[s.n++] = alive;
        }
        i = end;
    }
    return s;
}

double survival_at(const struct survival *s, double h)
{
    double alive = 1;
    for (size_t i = 0; i < s->n && s->at_h[i] <= h; i++) alive = s->alive[i];
    return alive;
}

double survival_mean(const struct survival *s, double until_h)
{
    double sum = 0, from = 0, alive = 1;
    for (size_t i = 0; i < s->n && s->at_h[i] < until_h; i++) {
        sum += alive * (s->at_h[i] - from);
        from = s->at_h[i];
        alive = s->alive[i];
    }
    return sum + alive * (until_h - from);
}

/* --- maximum likelihood --- */

struct sample {
    enum life_form form;
    const struct life *lives;
    size_t n;
};

static double life_log_likelihood(const struct sample *s, const double *p, const struct life *l)
{
    const double low = fmax(l->low_h, least_life_h), high = fmax(l->high_h, least_life_h);
    const double before = life_cumulative(s->form, p, low);
    if (!l->ended) return -before;
    if (high <= low) return log(life_hazard(s->form, p, low)) - before;
    return log(-expm1(before - life_cumulative(s->form, p, high))) - before;
}

static double log_likelihood(const double *p, const void *context)
{
    const struct sample *s = context;
    double sum = 0;
    for (size_t i = 0; i < s->n; i++) sum += life_log_likelihood(s, p, &s->lives[i]);
    return sum;
}

static double free_log_likelihood(const double *x, const void *context)
{
    double p[MAX_LIFE_PARAMETERS] = {0};
    life_parameters(p, ((const struct sample *)context)->form, x);
    return log_likelihood(p, context);
}

/* The exponential's closed form, reclaims over hours, also starts the others. */
static double rate_of(const struct life *lives, size_t n)
{
    double ended = 0, hours = 0;
    for (size_t i = 0; i < n; i++) {
        ended += lives[i].ended;
        hours += fmax(middle(&lives[i]), least_life_h);
    }
    return hours > 0 ? ended / hours : 0;
}

struct life_fit life_fit(enum life_form form, const struct life *lives, size_t n, struct arena *a)
{
    struct life_fit f = {.form = form, .n_parameters = life_parameter_count(form)};
    const double rate = rate_of(lives, n);
    for (size_t i = 0; i < MAX_LIFE_PARAMETERS; i++) f.parameter[i] = f.error[i] = (double)NAN;
    if (!(rate > 0)) return f;
    const struct sample s = {form, lives, n};
    const struct likelihood free = {free_log_likelihood, &s, f.n_parameters, false},
                            given = {log_likelihood, &s, f.n_parameters, false};
    double x[MAX_LIFE_PARAMETERS];
    life_start(x, form, rate);
    f.converged = likelihood_maximize(x, &free, a);
    life_parameters(f.parameter, form, x);
    f.log_likelihood = log_likelihood(f.parameter, &s);
    f.aic = 2 * (double)f.n_parameters - 2 * f.log_likelihood;
    f.converged = f.converged && isfinite(f.log_likelihood);
    f.converged = likelihood_errors(f.error, f.parameter, &given) && f.converged;
    return f;
}

double life_fit_survival(const struct life_fit *f, double h)
{
    return exp(-life_cumulative(f->form, f->parameter, h));
}

size_t life_fit_best(const struct life_fit *fits, size_t n)
{
    size_t best = 0;
    for (size_t i = 1; i < n; i++)
        if (fits[i].converged && (!fits[best].converged || fits[i].aic < fits[best].aic)) best = i;
    return best;
}

double life_fit_distance(const struct life_fit *f, const struct life *lives, size_t n,
                         struct arena *a)
{
    struct life *ends = ARENA_NEW(a, struct life, n + 1);
    double worst = 0, before = 1;
    bool intervals = false;
    for (size_t i = 0; i < n; i++) {
        ends[i] = lives[i];
        ends[i].low_h = lives[i].ended ? lives[i].high_h : lives[i].low_h;
        intervals = intervals || (lives[i].ended && lives[i].high_h > lives[i].low_h);
    }
    const struct survival s = survival_estimate(ends, n, a);
    for (size_t i = 0; i < s.n; i++) {
        const double model = life_fit_survival(f, s.at_h[i]);
        worst = fmax(worst, fabs(model - s.alive[i]));
        if (!intervals) worst = fmax(worst, fabs(model - before));
        before = s.alive[i];
    }
    return worst;
}

struct life_group lives_after(const struct life_group *g, double protected_h, size_t *broken,
                              struct arena *a)
{
    struct life_group after = {.name = g->name, .spells = g->spells};
    after.lives = ARENA_NEW(a, struct life, g->n + 1);
    *broken = 0;
    for (size_t i = 0; i < g->n; i++) {
        struct life l = g->lives[i];
        *broken += l.ended && l.high_h < protected_h;
        if (l.high_h <= protected_h) continue;
        l.low_h = fmax(l.low_h - protected_h, 0);
        l.high_h -= protected_h;
        after.ended += l.ended;
        after.lives[after.n++] = l;
    }
    return after;
}
