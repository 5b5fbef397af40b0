/* Mean-reverting log price with jumps (Ornstein-Uhlenbeck, exact discretisation of step dt = 1 h):
 *     X(t + dt) = X(t) exp(-k dt) + sqrt(v (1 - exp(-2 k dt))) N(0, 1) + jumps in between, each decaying alike
 *     factor    = min(c exp(X), most)
 * v is the stationary variance; jumps come at rate n, upwards, exponential with mean e. Without the cap
 *     E exp(X) = exp(v / 2) (1 - e)^(-n / k)
 * and c makes the mean factor 1; with it, c solves E min(c Y, most) = 1 for Y lognormal with the variance of X.
 * A model of catalog.spot_models that is of the pool takes the place of the numbers below. In its spells without stock the price
 * is the on-demand price; the mean is that of the hours between them, the price while spot is to be had. */
#include "common/text.h"
#include "pricing/history.h"
#include "sim/spot_fit.h"
#include "sim/world.h"
#include <gsl/gsl_cdf.h>
#include <math.h>

/* From two months of hourly prices of 29 GPU types and zones of another vendor (us-east-1, 2019-20, training_on_a_dime): log
 * prices that move have a standard deviation of 0.01 to 0.06 and a correlation of 0.8 to 0.95 over a day; two steps above 5%
 * in 43,000 hours. */
static const struct price_noise measured = {
    .log_sd = 0.05, .revert_per_h = 0.006, .jump_per_h = 5e-5, .jump_mean = 0.05};
/* Jumps of which exp(-20) is left are forgotten. */
#define MEMORY     20
#define MOST_SCALE 1e3
enum { BISECTIONS = 60 };

/* E min(c Y, most), Y = exp(N(-s^2/2, s^2)). */
static double capped_mean(double c, double most, double s)
{
    const double d = (log(most / c) + s * s / 2) / s;
    return c * gsl_cdf_ugaussian_P(d - s) + most * gsl_cdf_ugaussian_Q(d);
}

static double scale_of(const struct price_noise *n, double most)
{
    const double s =
        sqrt(n->log_sd * n->log_sd + n->jump_per_h * n->jump_mean * n->jump_mean / n->revert_per_h);
    if (s <= 0 || isinf(most) || capped_mean(1, most, s) > 1 - 1e-9) return 1;
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

struct prepared {
    struct price_noise noise;
    double log_scale;                  /* log c, with the mean of exp(X) taken off */
    double no_stock_share, keep_state; /* of the hours without stock; correlation of two hours */
    const double *hour_of_week;        /* [168] from Monday midnight UTC; NULL: the same in all */
    int64_t start_h;                   /* hour of the week at which the horizon starts */
};

/* What a saved model says; a baseline that did better does not move. */
static void fitted_take(struct prepared *made, const struct spot_model *f, moment_t start_utc)
{
    const double in = spot_parameter(f, "no_stock_per_h"),
                 out = spot_parameter(f, "stock_back_per_h");
    made->noise = (struct price_noise){.log_sd = spot_parameter(f, "log_sd"),
                                       .revert_per_h = spot_parameter(f, "revert_per_h"),
                                       .jump_per_h = spot_parameter(f, "jump_per_h"),
                                       .jump_mean = spot_parameter(f, "jump_mean")};
    if (made->noise.revert_per_h <= 0) made->noise = (struct price_noise){.revert_per_h = 1};
    made->no_stock_share = in > 0 ? in / (in + out) : 0;
    made->keep_state = exp(-(in + out));
    made->hour_of_week = f->hour_of_week;
    made->start_h = moment_week_hour(start_utc) - 1;
}

static enum err prepare(const void **prices, const struct world_model *m,
                        const struct spot_pool *pool, struct arena *a, struct diag *d)
{
    (void)d;
    struct prepared *made = ARENA_NEW(a, struct prepared, 1);
    const struct scenario *s = m->plan->scenario;
    made->noise = measured;
    if (pool->fit->price) fitted_take(made, pool->fit->price, s->start - s->utc_offset_us);
    if (m->settings.noise) made->noise = *m->settings.noise;
    const struct price_noise n = made->noise;
    made->log_scale = log(scale_of(&n, fmax(pool->most_factor, 1))) - n.log_sd * n.log_sd / 2 +
                      n.jump_per_h / n.revert_per_h * log1p(-n.jump_mean);
    *prices = made;
    return OK;
}

static double next_jump(struct price_path *p, const struct price_noise *n)
{
    if (n->jump_per_h <= 0 || n->jump_mean <= 0) return HUGE_VAL;
    return exponential_at(random_uniform(&p->jumps), 1 / n->jump_per_h);
}

/* Jumps up to hour h, decayed to it. */
static double jumps_until(struct price_path *p, const struct price_noise *n, double h)
{
    double sum = 0;
    while (p->next_jump_h < h) {
        const double size = exponential_at(random_uniform(&p->jumps), n->jump_mean);
        sum += size * exp(-n->revert_per_h * (h - p->next_jump_h));
        p->next_jump_h += next_jump(p, n);
    }
    return sum;
}

/* Whether the next hour is one without stock. */
static void stock_next(struct price_path *p, const struct prepared *made, bool first)
{
    if (made->no_stock_share <= 0) return;
    const double share = made->no_stock_share, keep = first ? 0 : made->keep_state;
    p->no_stock = random_uniform(&p->stock) < share + (p->no_stock - share) * keep;
}

static double factor_of(const struct price_path *p, const struct prepared *made, size_t h)
{
    const double most = fmax(p->most_factor, 1);
    if (p->no_stock && isfinite(most)) return most;
    const double pattern =
        made->hour_of_week ? made->hour_of_week[((size_t)made->start_h + h) % HOURS_OF_WEEK] : 1;
    return fmin(exp(made->log_scale + p->level) * pattern, most);
}

static void extend(struct price_path *p, size_t hours)
{
    const struct prepared *made = p->prices;
    const struct price_noise *n = &made->noise;
    const double keep = exp(-n->revert_per_h), step = n->log_sd * sqrt(1 - keep * keep);
    if (p->n == 0) {
        p->next_jump_h = next_jump(p, n) - MEMORY / n->revert_per_h;
        p->level = normal_at(random_uniform(&p->noise), 0, n->log_sd) + jumps_until(p, n, 0);
    }
    for (size_t h = p->n; h < hours; h++) {
        stock_next(p, made, h == 0);
        p->factor[h] = factor_of(p, made, h);
        p->level = p->level * keep + normal_at(random_uniform(&p->noise), 0, step) +
                   jumps_until(p, n, (double)h + 1);
    }
}

const struct price_model price_mean_reverting = {
    .name = "model",
    .label = N_("mean-reverting with jumps, as planned on average"),
    .prepare = prepare,
    .extend = extend,
};
