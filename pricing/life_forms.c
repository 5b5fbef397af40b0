/* The distributions of lives and spells: their formulas stand in lifetimes.h. */
#include "pricing/lifetimes.h"
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_erf.h>
#include <math.h>
#include <string.h>

static const struct form {
    const char *name;
    size_t n;
    const char *parameters[MAX_LIFE_PARAMETERS];
} forms[N_LIFE_FORMS] = {
    [LIFE_EXPONENTIAL] = {"exponential", 1, {"rate_per_h"}},
    [LIFE_WEIBULL] = {"weibull", 2, {"k", "eta_h"}},
    [LIFE_BATHTUB] = {"bathtub", 4, {"k1", "eta1_h", "k2", "eta2_h"}},
    [LIFE_LOGNORMAL] = {"lognormal", 2, {"median_h", "log_sd"}},
    [LIFE_MIXTURE] = {"mixture", 3, {"share", "mean1_h", "mean2_h"}},
    [LIFE_FIXED] = {"fixed", 1, {"length_h"}},
};

const enum life_form forms_of_lives[] = {LIFE_EXPONENTIAL, LIFE_WEIBULL, LIFE_BATHTUB};
const enum life_form forms_of_spells[] = {LIFE_EXPONENTIAL, LIFE_WEIBULL, LIFE_LOGNORMAL,
                                          LIFE_MIXTURE};

const char *life_form_name(enum life_form f)
{
    return forms[f].name;
}

enum life_form life_form_find(const char *name)
{
    enum life_form f = 0;
    while (f < N_LIFE_FORMS && strcmp(forms[f].name, name) != 0) f++;
    return f;
}

const char *life_parameter_name(enum life_form f, size_t i)
{
    return forms[f].parameters[i];
}

size_t life_parameter_count(enum life_form f)
{
    return forms[f].n;
}

/* --- formulas --- */

static double weibull_cumulative(double k, double eta, double h)
{
    return h > 0 ? pow(h / eta, k) : 0;
}

static double weibull_hazard(double k, double eta, double h)
{
    return k / eta * pow(h / eta, k - 1);
}

static double lognormal_z(const double *p, double h)
{
    return log(h / p[0]) / p[1];
}

/* log of the normal tail Q(z). */
static double log_tail(double z)
{
    return gsl_sf_log_erfc(z / M_SQRT2) - M_LN2;
}

static double mixture_cumulative(const double *p, double h)
{
    /* the longer part goes in front, so that nothing underflows */
    const double gap = h / p[1] - h / p[2];
    return h / p[2] - log1p(p[0] * expm1(-gap));
}

double life_cumulative(enum life_form f, const double *p, double h)
{
    if (h <= 0) return 0;
    switch (f) {
    case LIFE_EXPONENTIAL:
        return p[0] * h;
    case LIFE_WEIBULL:
        return weibull_cumulative(p[0], p[1], h);
    case LIFE_BATHTUB:
        return weibull_cumulative(p[0], p[1], h) + weibull_cumulative(p[2], p[3], h);
    case LIFE_LOGNORMAL:
        return -log_tail(lognormal_z(p, h));
    case LIFE_MIXTURE:
        return mixture_cumulative(p, h);
    case LIFE_FIXED:
        return h < p[0] ? 0 : (double)INFINITY;
    case N_LIFE_FORMS:
        break;
    }
    return (double)NAN;
}

static double lognormal_hazard(const double *p, double h)
{
    const double z = lognormal_z(p, h), log_density = -z * z / 2 - log(sqrt(2 * M_PI) * p[1] * h);
    return exp(log_density - log_tail(z));
}

static double mixture_hazard(const double *p, double h)
{
    const double decayed = exp(-(h / p[1] - h / p[2]));
    const double density = p[0] / p[1] * decayed + (1 - p[0]) / p[2];
    return density / (p[0] * decayed + 1 - p[0]);
}

double life_hazard(enum life_form f, const double *p, double h)
{
    switch (f) {
    case LIFE_EXPONENTIAL:
        return p[0];
    case LIFE_WEIBULL:
        return weibull_hazard(p[0], p[1], h);
    case LIFE_BATHTUB:
        return weibull_hazard(p[0], p[1], h) + weibull_hazard(p[2], p[3], h);
    case LIFE_LOGNORMAL:
        return lognormal_hazard(p, h);
    case LIFE_MIXTURE:
        return mixture_hazard(p, h);
    case LIFE_FIXED:
    case N_LIFE_FORMS:
        break;
    }
    return (double)NAN;
}

double life_quantile(enum life_form f, const double *p, double u)
{
    enum { BISECTIONS = 80 };
    const double wanted = -log1p(-u);
    if (f == LIFE_EXPONENTIAL) return wanted / p[0];
    if (f == LIFE_WEIBULL) return p[1] * pow(wanted, 1 / p[0]);
    if (f == LIFE_LOGNORMAL) return p[0] * exp(p[1] * gsl_cdf_ugaussian_Pinv(u));
    if (f == LIFE_FIXED) return p[0];
    double low = log(1e-9), high = log(1e9); /* hours */
    for (int i = 0; i < BISECTIONS; i++) {
        const double mid = (low + high) / 2;
        if (life_cumulative(f, p, exp(mid)) < wanted)
            low = mid;
        else
            high = mid;
    }
    return exp((low + high) / 2);
}

/* Simpson's rule on S; a bathtub's second hazard ends everything in time. */
static double bathtub_mean(const double *p)
{
    enum { PARTS = 4000 };
    const double certain = 1 - 1e-12;
    const double end = life_quantile(LIFE_BATHTUB, p, certain), step = end / PARTS;
    double sum = 1;
    for (int i = 1; i < PARTS; i++)
        sum += (i % 2 ? 4 : 2) * exp(-life_cumulative(LIFE_BATHTUB, p, i * step));
    return sum * step / 3;
}

double life_mean(enum life_form f, const double *p)
{
    switch (f) {
    case LIFE_EXPONENTIAL:
        return 1 / p[0];
    case LIFE_WEIBULL:
        return p[1] * tgamma(1 + 1 / p[0]);
    case LIFE_BATHTUB:
        return bathtub_mean(p);
    case LIFE_LOGNORMAL:
        return p[0] * exp(p[1] * p[1] / 2);
    case LIFE_MIXTURE:
        return p[0] * p[1] + (1 - p[0]) * p[2];
    case LIFE_FIXED:
        return p[0];
    case N_LIFE_FORMS:
        break;
    }
    return (double)NAN;
}

/* --- free numbers --- */

static double share_of(double x)
{
    return 1 / (1 + exp(-x));
}

/* Logarithms; the shapes of a bathtub stay on their sides of 1, a share in (0, 1), the second mean above the first. */
void life_parameters(double *p, enum life_form f, const double *x)
{
    for (size_t i = 0; i < forms[f].n; i++) p[i] = exp(x[i]);
    if (f == LIFE_BATHTUB) {
        p[0] = share_of(x[0]);
        p[2] = 1 + exp(x[2]);
    }
    if (f == LIFE_MIXTURE) {
        p[0] = share_of(x[0]);
        p[2] = p[1] * (1 + exp(x[2]));
    }
}

void life_start(double *x, enum life_form f, double rate_per_h)
{
    const double scale = -log(rate_per_h);
    const double starts[N_LIFE_FORMS][MAX_LIFE_PARAMETERS] = {
        [LIFE_EXPONENTIAL] = {-scale},
        [LIFE_WEIBULL] = {0, scale},
        [LIFE_BATHTUB] = {0, scale + M_LN2, log(4.0), scale + M_LN2},
        [LIFE_LOGNORMAL] = {scale - M_LN2, 0},
        [LIFE_MIXTURE] = {0, scale - log(3.0), log(8.0)},
        [LIFE_FIXED] = {scale},
    };
    memcpy(x, starts[f], sizeof starts[f]);
}
