#include "pricing/lifetimes.h"
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_multimin.h>
#include <math.h>
#include <stdlib.h>

static const double least_life_h = 1.0 / 3600;

const char *life_form_name(enum life_form f)
{
    static const char *const names[N_LIFE_FORMS] = {"exponential", "weibull", "bathtub"};
    return names[f];
}

const char *life_parameter_name(enum life_form f, size_t i)
{
    static const char *const names[N_LIFE_FORMS][MAX_LIFE_PARAMETERS] = {
        {"rate_per_h"}, {"k", "eta_h"}, {"k1", "eta1_h", "k2", "eta2_h"}};
    return names[f][i];
}

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

static const size_t parameters_of[N_LIFE_FORMS] = {1, 2, 4};

static double weibull_cumulative(double k, double eta, double h)
{
    return h > 0 ? pow(h / eta, k) : 0;
}

static double weibull_hazard(double k, double eta, double h)
{
    return k / eta * pow(h / eta, k - 1);
}

static double cumulative(enum life_form form, const double *p, double h)
{
    if (form == LIFE_EXPONENTIAL) return p[0] * h;
    const double first = weibull_cumulative(p[0], p[1], h);
    return form == LIFE_WEIBULL ? first : first + weibull_cumulative(p[2], p[3], h);
}

static double hazard(enum life_form form, const double *p, double h)
{
    if (form == LIFE_EXPONENTIAL) return p[0];
    const double first = weibull_hazard(p[0], p[1], h);
    return form == LIFE_WEIBULL ? first : first + weibull_hazard(p[2], p[3], h);
}

struct sample {
    enum life_form form;
    const struct life *lives;
    size_t n;
};

static double life_log_likelihood(const struct sample *s, const double *p, const struct life *l)
{
    const double low = fmax(l->low_h, least_life_h), high = fmax(l->high_h, least_life_h);
    const double before = cumulative(s->form, p, low);
    if (!l->ended) return -before;
    if (high <= low) return log(hazard(s->form, p, low)) - before;
    return log(-expm1(before - cumulative(s->form, p, high))) - before;
}

static double log_likelihood(const struct sample *s, const double *p)
{
    double sum = 0;
    for (size_t i = 0; i < s->n; i++) sum += life_log_likelihood(s, p, &s->lives[i]);
    return sum;
}

/* Free numbers into parameters: logarithms; the shapes of a bathtub stay on their sides of 1. */
static void parameters(double *p, enum life_form form, const double *x)
{
    for (size_t i = 0; i < parameters_of[form]; i++) p[i] = exp(x[i]);
    if (form != LIFE_BATHTUB) return;
    p[0] = 1 / (1 + exp(-x[0]));
    p[2] = 1 + exp(x[2]);
}

static double objective(const gsl_vector *x, void *context)
{
    const struct sample *s = context;
    double p[MAX_LIFE_PARAMETERS] = {0};
    parameters(p, s->form, x->data);
    const double value = -log_likelihood(s, p);
    return isfinite(value) ? value : (double)GSL_POSINF;
}

static void release_minimizer(void *m)
{
    gsl_multimin_fminimizer_free(m);
}

static void release_vector(void *v)
{
    gsl_vector_free(v);
}

static gsl_vector *vector_new(struct arena *a, size_t n)
{
    gsl_vector *v = gsl_vector_calloc(n);
    arena_defer(a, release_vector, v);
    return v;
}

/* Nelder and Mead, started again from where it ended until that helps no more. */
static bool minimize(double *x, const struct sample *s, size_t n, struct arena *a)
{
    enum { STEPS = 4000, STARTS = 6 };
    const double tolerance = 1e-9, first_step = 0.5, settled_gain = 1e-7; /* of a log likelihood */
    gsl_multimin_fminimizer *m =
        gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, n);
    arena_defer(a, release_minimizer, m);
    gsl_vector *start = vector_new(a, n), *step = vector_new(a, n);
    struct sample sample = *s;
    gsl_multimin_function problem;
    problem.f = objective;
    problem.n = n;
    problem.params = &sample;
    bool done = false;
    double before = GSL_POSINF;
    for (size_t i = 0; i < n; i++) gsl_vector_set(start, i, x[i]);
    for (int again = 0; again < STARTS; again++) {
        gsl_vector_set_all(step, first_step);
        gsl_multimin_fminimizer_set(m, &problem, start, step);
        done = false;
        for (int i = 0; i < STEPS && !done; i++) {
            if (gsl_multimin_fminimizer_iterate(m) != GSL_SUCCESS) break;
            done = gsl_multimin_fminimizer_size(m) < tolerance;
        }
        gsl_vector_memcpy(start, m->x);
        const bool settled = before - m->fval < settled_gain;
        before = m->fval;
        done = done || settled;
        if (settled) break;
    }
    for (size_t i = 0; i < n; i++) x[i] = gsl_vector_get(start, i);
    return done && isfinite(before);
}

/* Inverse of the observed information, by central differences in the parameters themselves. */
static void errors_fill(struct life_fit *f, const struct sample *s)
{
    const size_t n = f->n_parameters;
    double information[MAX_LIFE_PARAMETERS * MAX_LIFE_PARAMETERS],
        inverse[MAX_LIFE_PARAMETERS * MAX_LIFE_PARAMETERS];
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            const double hi = 1e-4 * f->parameter[i], hj = 1e-4 * f->parameter[j];
            double sum = 0;
            for (int k = 0; k < 4; k++) {
                double p[MAX_LIFE_PARAMETERS] = {0};
                for (size_t l = 0; l < n; l++) p[l] = f->parameter[l];
                const int si = k & 1 ? 1 : -1, sj = k & 2 ? 1 : -1;
                p[i] += si * hi;
                p[j] += sj * hj;
                sum -= si * sj * log_likelihood(s, p);
            }
            information[i * n + j] = sum / (4 * hi * hj);
        }
    gsl_matrix_view m = gsl_matrix_view_array(information, n, n),
                    inv = gsl_matrix_view_array(inverse, n, n);
    gsl_error_handler_t *handler = gsl_set_error_handler_off();
    bool ok = gsl_linalg_cholesky_decomp1(&m.matrix) == GSL_SUCCESS;
    ok = ok && gsl_linalg_cholesky_invert(&m.matrix) == GSL_SUCCESS;
    gsl_set_error_handler(handler);
    gsl_matrix_memcpy(&inv.matrix, &m.matrix);
    for (size_t i = 0; i < n; i++) f->error[i] = ok ? sqrt(inverse[i * n + i]) : (double)NAN;
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
    struct life_fit f = {.form = form, .n_parameters = parameters_of[form]};
    const double rate = rate_of(lives, n);
    for (size_t i = 0; i < MAX_LIFE_PARAMETERS; i++) f.parameter[i] = f.error[i] = (double)NAN;
    if (!(rate > 0)) return f;
    const struct sample s = {form, lives, n};
    double x[MAX_LIFE_PARAMETERS] = {log(rate)};
    if (form == LIFE_WEIBULL) {
        x[0] = 0;
        x[1] = -log(rate);
    }
    if (form == LIFE_BATHTUB) {
        x[1] = log(2 / rate);
        x[2] = log(4.0);
        x[3] = log(2 / rate);
    }
    f.converged = minimize(x, &s, f.n_parameters, a);
    parameters(f.parameter, form, x);
    f.log_likelihood = log_likelihood(&s, f.parameter);
    f.converged = f.converged && isfinite(f.log_likelihood);
    f.aic = 2 * (double)f.n_parameters - 2 * f.log_likelihood;
    errors_fill(&f, &s);
    /* A likelihood without curvature has run to the edge: the lives do not tell these parameters. */
    for (size_t i = 0; i < f.n_parameters; i++) f.converged = f.converged && isfinite(f.error[i]);
    return f;
}

double life_fit_survival(const struct life_fit *f, double h)
{
    return exp(-cumulative(f->form, f->parameter, h));
}

size_t life_fit_best(const struct life_fit *fits, size_t n)
{
    size_t best = 0;
    for (size_t i = 1; i < n; i++)
        if (fits[i].converged && (!fits[best].converged || fits[i].aic < fits[best].aic)) best = i;
    return best;
}

double life_fit_distance(const struct life_fit *f, const struct survival *s)
{
    double worst = 0, before = 1;
    for (size_t i = 0; i < s->n; i++) {
        const double model = life_fit_survival(f, s->at_h[i]);
        worst = fmax(worst, fmax(fabs(model - before), fabs(model - s->alive[i])));
        before = s->alive[i];
    }
    return worst;
}
