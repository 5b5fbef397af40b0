#include "pricing/shocks.h"
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>

const char *shock_form_name(enum shock_form f)
{
    static const char *const names[N_SHOCK_FORMS] = {"independent", "shocks"};
    return names[f];
}

const char *shock_parameter_name(size_t i)
{
    static const char *const names[] = {"own_per_h", "event_per_h", "hit"};
    return names[i];
}

/* Events in a step beyond which the rest is nothing. */
static int most_events(double mean)
{
    return (int)ceil(mean + 8 * sqrt(mean) + 8);
}

static double gone_probability(const double *p, int m, double w_h)
{
    return -expm1(m * log1p(-p[2]) - p[0] * w_h);
}

static double binomial_probability(long k, long n, double q)
{
    if (q <= 0) return k == 0;
    if (q >= 1) return k == n;
    const double ways = gsl_sf_lnchoose((unsigned)n, (unsigned)k);
    return exp(ways + (double)k * log(q) + (double)(n - k) * log1p(-q));
}

/* P(K = k), or P(K <= k). */
static double probability(const double *p, long there, double w_h, long k, bool at_most)
{
    const double mean = p[1] * w_h;
    double weight = exp(-mean), sum = 0;
    const int last = mean > 0 ? most_events(mean) : 0;
    for (int m = 0; m <= last; m++) {
        const double q = gone_probability(p, m, w_h);
        sum += weight * (at_most ? gsl_cdf_binomial_P((unsigned)k, q, (unsigned)there)
                                 : binomial_probability(k, there, q));
        weight *= mean / (m + 1);
    }
    return sum;
}

struct sample {
    const struct watch *watch;
    size_t n;
    enum shock_form form;
    size_t *alike; /* [n] how many steps are as this one; 0: told by an earlier one */
};

/* Steps with the same counts, most of them without a loss, are worked out once. */
static void alike_fill(struct sample *s, struct arena *a)
{
    const struct watch *w = s->watch;
    long most = 0;
    for (size_t i = 0; i < s->n; i++) most = w->there[i] > most ? w->there[i] : most;
    const size_t width = (size_t)most + 1;
    size_t *seen = ARENA_NEW(a, size_t, width * width);
    s->alike = ARENA_NEW(a, size_t, s->n + 1);
    for (size_t i = 0; i < s->n; i++) {
        if (w->there[i] == 0) continue;
        size_t *first = &seen[(size_t)w->there[i] * width + (size_t)w->gone[i]];
        if (*first == 0) *first = i + 1;
        s->alike[*first - 1]++;
    }
}

static double log_likelihood(const double *p, const void *context)
{
    const struct sample *s = context;
    const struct watch *w = s->watch;
    const double all[] = {p[0], s->form == SHOCK_COMMON ? p[1] : 0,
                          s->form == SHOCK_COMMON ? p[2] : 0};
    if (all[2] >= 1) return -INFINITY;
    double sum = 0;
    for (size_t i = 0; i < s->n; i++)
        if (s->alike[i])
            sum += (double)s->alike[i] *
                   log(probability(all, w->there[i], w->step_h, w->gone[i], false));
    return sum;
}

static void parameters(double *p, const double *x, enum shock_form form)
{
    p[0] = exp(x[0]);
    if (form == SHOCK_NONE) return;
    p[1] = exp(x[1]);
    p[2] = 1 / (1 + exp(-x[2]));
}

static double free_log_likelihood(const double *x, const void *context)
{
    double p[MAX_PARAMETERS] = {0};
    parameters(p, x, ((const struct sample *)context)->form);
    return log_likelihood(p, context);
}

/* Largest distance between the mean of the steps' distributions and the shares that came. */
static double distance(const struct shock_fit *f, const struct sample *s)
{
    enum { MOST = 200 };
    const struct watch *w = s->watch;
    double worst = 0, steps = 0;
    for (size_t i = 0; i < s->n; i++) steps += (double)s->alike[i];
    for (long k = 0; k < MOST; k++) {
        double model = 0, came = 0;
        for (size_t i = 0; i < s->n; i++) {
            if (!s->alike[i]) continue;
            const double n = (double)s->alike[i];
            model += n * (k >= w->there[i] ? 1 : shock_cumulative(f, w->there[i], w->step_h, k));
            came += w->gone[i] <= k ? n : 0;
        }
        worst = fmax(worst, fabs(model - came) / steps);
        if (came == steps) break;
    }
    return worst;
}

struct shock_fit shock_fit(enum shock_form form, const struct watch *w, size_t n, struct arena *a)
{
    struct shock_fit f = {.form = form, .n_parameters = form == SHOCK_COMMON ? 3 : 1};
    double gone = 0, hours = 0, most = 1;
    for (size_t i = 0; i < MAX_PARAMETERS; i++) f.parameter[i] = f.error[i] = (double)NAN;
    for (size_t i = 0; i < n; i++) {
        gone += (double)w->gone[i];
        hours += (double)w->there[i] * w->step_h;
        most = fmax(most, (double)w->there[i]);
    }
    if (gone <= 0) return f;
    struct sample s = {.watch = w, .n = n, .form = form};
    alike_fill(&s, a);
    const struct likelihood free = {free_log_likelihood, &s, f.n_parameters, false},
                            given = {log_likelihood, &s, f.n_parameters, false};
    const double rate = gone / hours, hit = 3 / (most + 3);
    double x[MAX_PARAMETERS] = {log(rate / 2), log(rate / 2 / hit), log(hit / (1 - hit))};
    if (form == SHOCK_NONE) x[0] = log(rate);
    f.converged = likelihood_maximize(x, &free, a);
    parameters(f.parameter, x, form);
    f.log_likelihood = log_likelihood(f.parameter, &s);
    f.aic = 2 * (double)f.n_parameters - 2 * f.log_likelihood;
    f.converged = f.converged && isfinite(f.log_likelihood);
    f.converged = likelihood_errors(f.error, f.parameter, &given) && f.converged;
    if (f.converged) f.distance = distance(&f, &s);
    return f;
}

double shock_cumulative(const struct shock_fit *f, long there, double w_h, long k)
{
    const bool common = f->form == SHOCK_COMMON;
    const double all[] = {f->parameter[0], common ? f->parameter[1] : 0,
                          common ? f->parameter[2] : 0};
    return k >= there ? 1 : fmin(1, probability(all, there, w_h, k, true));
}
