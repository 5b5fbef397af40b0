#include "pricing/likelihood.h"
#include <assert.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_multimin.h>
#include <math.h>
#include <stdlib.h>

/* GSL takes no infinity. */
static const double impossible = 1e300;

static double objective(const gsl_vector *x, void *context)
{
    const struct likelihood *l = context;
    const double value = -l->value(x->data, l->context);
    return isfinite(value) ? value : impossible;
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

/* One descent; false: it did not come to rest. */
static bool descend(gsl_multimin_fminimizer *m, double tolerance)
{
    enum { STEPS = 4000 };
    for (int i = 0; i < STEPS; i++) {
        if (gsl_multimin_fminimizer_iterate(m) != GSL_SUCCESS) return false;
        if (gsl_multimin_fminimizer_size(m) < tolerance) return true;
    }
    return false;
}

bool likelihood_maximize(double *x, const struct likelihood *l, struct arena *a)
{
    enum { STARTS = 6 };
    const double first_step = 0.5, settled_gain = l->rough ? 1e-4 : 1e-7; /* of a log likelihood */
    gsl_multimin_fminimizer *m =
        gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, l->n);
    arena_defer(a, release_minimizer, m);
    gsl_vector *start = vector_new(a, l->n), *step = vector_new(a, l->n);
    struct likelihood copy = *l;
    gsl_multimin_function problem;
    problem.f = objective;
    problem.n = l->n;
    problem.params = &copy;
    bool done = false;
    double before = GSL_POSINF;
    for (size_t i = 0; i < l->n; i++) gsl_vector_set(start, i, x[i]);
    for (int again = 0; again < STARTS; again++) {
        gsl_vector_set_all(step, first_step);
        gsl_multimin_fminimizer_set(m, &problem, start, step);
        done = descend(m, l->rough ? 1e-5 : 1e-9);
        gsl_vector_memcpy(start, m->x);
        const bool settled = before - m->fval < settled_gain;
        before = m->fval;
        done = done || settled;
        if (settled) break;
    }
    for (size_t i = 0; i < l->n; i++) x[i] = gsl_vector_get(start, i);
    return done && before < impossible;
}

static double second_derivative(const double *at, size_t i, size_t j, const struct likelihood *l)
{
    const double part = 1e-4;
    const double hi = part * at[i], hj = part * at[j];
    double sum = 0;
    for (int k = 0; k < 4; k++) {
        double p[MAX_PARAMETERS] = {0};
        for (size_t m = 0; m < l->n; m++) p[m] = at[m];
        const int si = k & 1 ? 1 : -1, sj = k & 2 ? 1 : -1;
        p[i] += si * hi;
        p[j] += sj * hj;
        sum += si * sj * l->value(p, l->context);
    }
    return sum / (4 * hi * hj);
}

bool likelihood_errors(double *error, const double *p, const struct likelihood *l)
{
    const size_t n = l->n;
    assert(n <= MAX_PARAMETERS);
    double information[MAX_PARAMETERS * MAX_PARAMETERS];
    bool ok = true;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            information[i * n + j] = information[j * n + i] = -second_derivative(p, i, j, l);
            ok = ok && isfinite(information[i * n + j]);
        }
    gsl_matrix_view m = gsl_matrix_view_array(information, n, n);
    ok = ok && gsl_linalg_cholesky_decomp1(&m.matrix) == GSL_SUCCESS;
    ok = ok && gsl_linalg_cholesky_invert(&m.matrix) == GSL_SUCCESS;
    for (size_t i = 0; i < n; i++) {
        error[i] = ok ? sqrt(information[i * n + i]) : (double)NAN;
        ok = ok && isfinite(error[i]);
    }
    return ok;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double uniform_distance(double *u, size_t n)
{
    double worst = 0;
    if (n > 1) qsort(u, n, sizeof *u, ascending);
    for (size_t i = 0; i < n; i++) {
        const double below = (double)i / (double)n, above = (double)(i + 1) / (double)n;
        worst = fmax(worst, fmax(u[i] - below, above - u[i]));
    }
    return worst;
}

double distance_probability(double distance, size_t n)
{
    enum { TERMS = 100 };
    const double root = sqrt((double)n), x = (root + 0.12 + 0.11 / root) * distance;
    const double certain = 0.3; /* below it the series does not converge, and the sum is 1 - 1e-5 */
    double sum = 0;
    if (n == 0) return (double)NAN;
    if (x < certain) return 1;
    for (int k = 1; k <= TERMS; k++) sum += (k % 2 ? 2 : -2) * exp(-2.0 * k * k * x * x);
    return fmin(fmax(sum, 0), 1);
}
