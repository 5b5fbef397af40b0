/* Mean-reverting log price with jumps (Ornstein-Uhlenbeck, exact discretisation of step dt = 1 h):
 *     X(t + dt) = X(t) exp(-k dt) + sqrt(v (1 - exp(-2 k dt))) N(0, 1) + jumps in between, each decaying alike
 *     factor    = min(c exp(X), most)
 * v is the stationary variance; jumps come at rate n, upwards, exponential with mean e. Without the cap
 *     E exp(X) = exp(v / 2) (1 - e)^(-n / k)
 * and c makes the mean factor 1; with it, c solves E min(c Y, most) = 1 for Y lognormal with the variance of X. */
#include "common/text.h"
#include "sim/world.h"
#include <gsl/gsl_cdf.h>
#include <math.h>

/* From two months of hourly prices of 29 GPU types and zones of another vendor (us-east-1, 2019-20, training_on_a_dime): log
 * prices that move have a standard deviation of 0.01 to 0.06 and a correlation of 0.8 to 0.95 over a day; two steps above 5%
 * in 43,000 hours. */
#define LOG_SD       0.05
#define REVERT_PER_H 0.006
#define JUMP_PER_H   5e-5
#define JUMP_MEAN    0.05
/* Jumps older than this have decayed to exp(-20). */
#define MEMORY_H   (20 / REVERT_PER_H)
#define MOST_SCALE 1e3
enum { BISECTIONS = 60 };

/* E min(c Y, most), Y = exp(N(-s^2/2, s^2)). */
static double capped_mean(double c, double most, double s)
{
    const double d = (log(most / c) + s * s / 2) / s;
    return c * gsl_cdf_ugaussian_P(d - s) + most * gsl_cdf_ugaussian_Q(d);
}

static double scale_of(double most)
{
    const double s = sqrt(LOG_SD * LOG_SD + JUMP_PER_H * JUMP_MEAN * JUMP_MEAN / REVERT_PER_H);
    if (isinf(most) || capped_mean(1, most, s) > 1 - 1e-9) return 1;
    double low = 1, high = MOST_SCALE;
    for (int i = 0; i < BISECTIONS; i++) {
        const double middle = sqrt(low * high);
        if (capped_mean(middle, most, s) < 1)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* log c, with the mean of exp(X) taken off. */
static enum err prepare(const void **prices, const struct world_model *m,
                        const struct spot_pool *pool, struct arena *a, struct diag *d)
{
    (void)m;
    (void)d;
    double *log_scale = ARENA_NEW(a, double, 1);
    *log_scale = log(scale_of(fmax(pool->most_factor, 1))) - LOG_SD * LOG_SD / 2 +
                 JUMP_PER_H / REVERT_PER_H * log1p(-JUMP_MEAN);
    *prices = log_scale;
    return OK;
}

/* Jumps up to hour h, decayed to it. */
static double jumps_until(struct price_path *p, double h)
{
    double sum = 0;
    while (p->next_jump_h < h) {
        const double size = exponential_at(random_uniform(&p->jumps), JUMP_MEAN);
        sum += size * exp(-REVERT_PER_H * (h - p->next_jump_h));
        p->next_jump_h += exponential_at(random_uniform(&p->jumps), 1 / JUMP_PER_H);
    }
    return sum;
}

static void extend(struct price_path *p, size_t hours)
{
    const double log_scale = *(const double *)p->prices;
    const double keep = exp(-REVERT_PER_H), step = LOG_SD * sqrt(1 - keep * keep);
    if (p->n == 0) {
        p->next_jump_h = exponential_at(random_uniform(&p->jumps), 1 / JUMP_PER_H) - MEMORY_H;
        p->level = normal_at(random_uniform(&p->noise), 0, LOG_SD) + jumps_until(p, 0);
    }
    for (size_t h = p->n; h < hours; h++) {
        p->factor[h] = fmin(exp(log_scale + p->level), fmax(p->most_factor, 1));
        p->level = p->level * keep + normal_at(random_uniform(&p->noise), 0, step) +
                   jumps_until(p, (double)h + 1);
    }
}

const struct price_model price_mean_reverting = {
    .name = "model",
    .label = N_("mean-reverting with jumps, as planned on average"),
    .prepare = prepare,
    .extend = extend,
};
