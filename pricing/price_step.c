/* The density is a sum over the number j of gamma stages: weights w_j = P(N = j), and g_j the density of N(0, s^2) + Gamma(j,
 * theta), theta = rho jump_mean. From the derivatives of both, with b = y - s^2/theta and c = s^2/theta,
 *     j theta g_{j+1} = b g_j + c g_{j-1},         P(. <= y) of stage j = that of j - 1, minus theta g_j.
 * For b > 0 all terms are positive upwards; for b <= 0 g is the minimal solution, and the recursion is run downwards as ratios
 * r_j = g_{j+1} / g_j (Miller): r_{j-1} = c / (j theta r_j - b). */
#include "pricing/price_step.h"
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_erf.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { MAX_STAGES = 3000 };
/* Prices are told in about four digits: what moves by less is held for no move. */
static const double rounding_sd = 1e-4;
/* Jumps of which exp(-4) is left are forgotten: the older ones would need ever more stages. */
static const double most_decay = 4;
static const double negligible = 1e-14; /* share of the sum at which it is cut */

struct terms {
    double y, s, theta, rho, nu; /* y: from the mean without jumps */
    double b, c;
};

static double log_normal_density(double y, double s)
{
    return -y * y / (2 * s * s) - log(sqrt(2 * M_PI) * s);
}

/* log g_1: exponential plus normal. */
static double log_first_stage(const struct terms *t)
{
    const double z = t->y / t->s - t->s / t->theta;
    const double log_phi = gsl_sf_log_erfc(-z / M_SQRT2) - M_LN2;
    return t->s * t->s / (2 * t->theta * t->theta) - t->y / t->theta - log(t->theta) + log_phi;
}

/* Sums over stages: of w_j g_j, and of w_j (g_1 + .. + g_j), both divided by exp(log_unit). */
struct sums {
    double density, stages, log_unit;
};

/* Keeps what grows by the stage inside the range of a double. */
static void sums_shrink(struct sums *u, double *here, double *before, double *all)
{
    const double most = 1e200;
    if (*here < most && *all < most && u->stages < most) return;
    *here /= most;
    *before /= most;
    *all /= most;
    u->density /= most;
    u->stages /= most;
    u->log_unit += log(most);
}

static double next_weight(double w, const struct terms *t, int j)
{
    return w * (t->nu + j) / (j + 1) * (1 - t->rho);
}

static void sums_upwards(struct sums *u, const struct terms *t)
{
    u->log_unit = log_first_stage(t);
    double before = exp(log_normal_density(t->y, t->s) - u->log_unit), here = 1, all = 1;
    double w = exp(t->nu * log(t->rho));
    u->density = w * before;
    double last = INFINITY, weights = w;
    for (int j = 1; j < MAX_STAGES; j++) {
        w = next_weight(w, t, j - 1);
        weights += w;
        u->density += w * here;
        u->stages += w * all;
        const double term = w * here + (1 - weights) * all * t->theta;
        if (j > 1 && term <= last && w * here < negligible * u->density && 1 - weights < negligible)
            break;
        last = term;
        const double next = (t->b * here + t->c * before) / (j * t->theta);
        before = here;
        here = next;
        all += here;
        sums_shrink(u, &here, &before, &all);
    }
}

static int stages_needed(const struct terms *t)
{
    const double mean = t->nu * (1 - t->rho) / t->rho, sd = sqrt(mean / t->rho);
    return (int)fmin(mean + 12 * sd + 40, MAX_STAGES - 2);
}

static void sums_downwards(struct sums *u, const struct terms *t)
{
    double ratio[MAX_STAGES];
    const int n = stages_needed(t);
    memset(ratio, 0, (size_t)(n + 1) * sizeof *ratio);
    const double end = 2 * (n + 1) * t->theta;
    double r = (t->b + sqrt(t->b * t->b + 2 * end * t->c)) / end;
    for (int j = n + 1; j >= 1; j--) {
        r = t->c / (j * t->theta * r - t->b);
        ratio[j - 1] = r;
    }
    u->log_unit = log_normal_density(t->y, t->s);
    double here = 1, here_before = 0, all = 0, w = exp(t->nu * log(t->rho));
    u->density = w;
    for (int j = 1; j <= n; j++) {
        w = next_weight(w, t, j - 1);
        here *= ratio[j - 1];
        all += here;
        u->density += w * here;
        u->stages += w * all;
        sums_shrink(u, &here, &here_before, &all);
    }
}

static struct price_step step_without_jumps(double y, double s)
{
    return (struct price_step){log_normal_density(y, s), gsl_cdf_ugaussian_P(y / s)};
}

/* What the next log price is measured by: normal with s around y = 0, and jumps on top. */
static bool terms_of(struct terms *t, const struct price_motion *m, double log_price, double dt_h,
                     double log_next)
{
    const double keep = exp(-m->revert_per_h * dt_h);
    const double spread = m->log_sd * m->log_sd * -expm1(-2 * m->revert_per_h * dt_h);
    t->s = sqrt(spread + rounding_sd * rounding_sd);
    t->y = log_next - m->log_mean - keep * (log_price - m->log_mean);
    if (m->jump_per_h <= 0 || m->jump_mean <= 0) return false;
    t->rho = exp(-fmin(m->revert_per_h * dt_h, most_decay));
    t->theta = t->rho * m->jump_mean;
    t->nu = m->jump_per_h / m->revert_per_h;
    t->c = t->s * t->s / t->theta;
    t->b = t->y - t->c;
    return true;
}

static struct sums sums_of(const struct terms *t)
{
    struct sums u = {0};
    if (t->b > 0)
        sums_upwards(&u, t);
    else
        sums_downwards(&u, t);
    return u;
}

double price_step_density(const struct price_motion *m, double log_price, double dt_h,
                          double log_next)
{
    struct terms t;
    if (!terms_of(&t, m, log_price, dt_h, log_next)) return log_normal_density(t.y, t.s);
    const struct sums u = sums_of(&t);
    return u.log_unit + log(u.density);
}

struct price_step price_step(const struct price_motion *m, double log_price, double dt_h,
                             double log_next)
{
    struct terms t;
    if (!terms_of(&t, m, log_price, dt_h, log_next)) return step_without_jumps(t.y, t.s);
    const struct sums u = sums_of(&t);
    const double passed = t.theta * u.stages * exp(u.log_unit);
    return (struct price_step){u.log_unit + log(u.density),
                               fmin(fmax(gsl_cdf_ugaussian_P(t.y / t.s) - passed, 0), 1)};
}

void price_step_range(double *low, double *high, const struct price_motion *m, double log_price,
                      double dt_h)
{
    const double keep = exp(-m->revert_per_h * dt_h), sds = 7, gone = 25;
    const double s = hypot(m->log_sd * sqrt(-expm1(-2 * m->revert_per_h * dt_h)), rounding_sd);
    const double mean = m->log_mean + keep * (log_price - m->log_mean);
    const double jumps = m->jump_per_h * fmin(dt_h, most_decay / m->revert_per_h);
    *low = mean - sds * s;
    *high = mean + sds * s + m->jump_mean * (gone + 3 * jumps);
}
