#include "pricing/price_fit.h"
#include "pricing/history.h"
#include <math.h>
#include <stdlib.h>

enum { LEAST_STEPS = 20 };
/* Jumps are few: on average at most so many in the time in which one fades. */
static const double most_jumps_alive = 2;
/* What comes back faster than a third of the usual step is noise to these samples. */
static const double most_revert_per_step = 3;
static const double most_jump = 0.95;      /* mean, of a log price: more has no finite mean price */
static const double at_on_demand = 0.9995; /* of it: prices are rounded */

const char *price_form_name(enum price_form f)
{
    static const char *const names[N_PRICE_FORMS] = {"mean_reverting", "mean_reverting_jumps"};
    return names[f];
}

const char *price_parameter_name(size_t i)
{
    static const char *const names[] = {"log_mean", "log_sd", "revert_per_h", "jump_per_h",
                                        "jump_mean"};
    return names[i];
}

struct price_series price_series_make(const struct history *h, size_t first, size_t end,
                                      struct arena *a)
{
    const size_t n = end - first;
    struct price_series s = {.n = n,
                             .at_h = ARENA_NEW(a, double, n + 1),
                             .log_spot = ARENA_NEW(a, double, n + 1),
                             .no_stock = ARENA_NEW(a, bool, n + 1),
                             .log_cap = INFINITY,
                             .from = h->samples[first].time};
    for (size_t i = 0; i < n; i++) {
        const struct import_sample *x = &h->samples[first + i];
        const double spot = ratio_value(x->spot), listed = ratio_value(x->on_demand);
        s.at_h[i] = (double)(x->time - s.from) / (double)US_PER_H;
        s.log_spot[i] = log(spot);
        s.no_stock[i] = listed > 0 && spot >= at_on_demand * listed;
        if (listed > 0) s.log_cap = log(listed);
    }
    return s;
}

/* --- the market's price --- */

/* Steps from one market price to the next. */
struct steps {
    size_t n;
    double *from, *to, *hours;
    size_t moved;
    double mean_h; /* of hours */
};

static struct steps steps_make(const struct price_series *s, size_t n, struct arena *a)
{
    struct steps steps = {.from = ARENA_NEW(a, double, n + 1),
                          .to = ARENA_NEW(a, double, n + 1),
                          .hours = ARENA_NEW(a, double, n + 1)};
    size_t last = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        if (s->no_stock[i]) continue;
        if (last != SIZE_MAX) {
            steps.from[steps.n] = s->log_spot[last];
            steps.to[steps.n] = s->log_spot[i];
            steps.moved += s->log_spot[i] != s->log_spot[last];
            steps.hours[steps.n] = s->at_h[i] - s->at_h[last];
            steps.mean_h += (steps.hours[steps.n] - steps.mean_h) / (double)(steps.n + 1);
            steps.n++;
        }
        last = i;
    }
    return steps;
}

static struct price_motion motion_of(const double *p, enum price_form form)
{
    struct price_motion m = {.log_mean = p[0], .log_sd = p[1], .revert_per_h = p[2]};
    if (form == PRICE_MEAN_REVERTING) return m;
    m.jump_per_h = p[3];
    m.jump_mean = p[4];
    return m;
}

struct price_motion price_fit_motion(const struct price_fit *f)
{
    return motion_of(f->parameter, f->form);
}

/* Steps for the likelihood; those that are alike are one with a weight. */
struct sample {
    const struct steps *steps;
    const double *weight; /* [n] */
    enum price_form form;
};

struct move {
    double from, to, hours;
};

static int by_move(const void *a, const void *b)
{
    const struct move *x = a, *y = b;
    if (x->from != y->from) return x->from < y->from ? -1 : 1;
    if (x->to != y->to) return x->to < y->to ? -1 : 1;
    return (x->hours > y->hours) - (x->hours < y->hours);
}

/* Vendors tell a price every hour that stands still for days: most steps of such series are alike. */
static struct steps steps_alike(double **weight, const struct steps *s, struct arena *a)
{
    struct move *moves = ARENA_NEW(a, struct move, s->n + 1);
    struct steps alike = {.from = ARENA_NEW(a, double, s->n + 1),
                          .to = ARENA_NEW(a, double, s->n + 1),
                          .hours = ARENA_NEW(a, double, s->n + 1),
                          .mean_h = s->mean_h};
    *weight = ARENA_NEW(a, double, s->n + 1);
    for (size_t i = 0; i < s->n; i++) moves[i] = (struct move){s->from[i], s->to[i], s->hours[i]};
    qsort(moves, s->n, sizeof *moves, by_move);
    for (size_t i = 0; i < s->n; i++) {
        const bool again = i > 0 && by_move(&moves[i - 1], &moves[i]) == 0;
        const size_t k = again ? alike.n - 1 : alike.n++;
        alike.from[k] = moves[i].from;
        alike.to[k] = moves[i].to;
        alike.hours[k] = moves[i].hours;
        (*weight)[k] += 1;
    }
    return alike;
}

static double log_likelihood(const double *p, const void *context)
{
    const struct sample *s = context;
    const struct price_motion m = motion_of(p, s->form);
    double sum = 0;
    for (size_t i = 0; i < s->steps->n; i++)
        sum += s->weight[i] *
               price_step_density(&m, s->steps->from[i], s->steps->hours[i], s->steps->to[i]);
    return sum;
}

static double share_of(double x)
{
    return 1 / (1 + exp(-x));
}

static void parameters(double *p, const double *x, const struct sample *s)
{
    p[0] = x[0];
    p[1] = exp(x[1]);
    p[2] = most_revert_per_step / s->steps->mean_h * share_of(x[2]);
    if (s->form == PRICE_MEAN_REVERTING) return;
    p[3] = most_jumps_alive * share_of(x[3]) * p[2];
    p[4] = most_jump * share_of(x[4]);
}

static double free_log_likelihood(const double *x, const void *context)
{
    const struct sample *s = context;
    double p[MAX_PARAMETERS] = {0};
    parameters(p, x, s);
    return log_likelihood(p, context);
}

/* Mean and standard deviation of the prices, and a reversion within the times that the data show. */
static void start(double *x, const struct steps *steps)
{
    double mean = 0, squares = 0;
    for (size_t i = 0; i < steps->n; i++) {
        const double step = steps->to[i] - mean;
        mean += step / (double)(i + 1);
        squares += step * (steps->to[i] - mean);
    }
    const double sd = sqrt(squares / (double)steps->n);
    x[0] = mean;
    x[1] = log(fmax(sd, 1e-4));
    x[2] = log(20 / ((double)steps->n * most_revert_per_step));
    x[3] = -3;
    x[4] = log(fmax(fmin(2 * sd, 0.5), 0.01) / most_jump);
}

/* From slow and from fast reversion: the likelihood may have a hill for each. With jumps from where it ends without. */
static bool climb(double *x, const struct steps *steps, const struct sample *sample,
                  struct arena *a)
{
    const double faster[] = {0, 3};
    const struct sample plain = {sample->steps, sample->weight, PRICE_MEAN_REVERTING};
    const struct likelihood l = {free_log_likelihood, &plain, 3, true};
    double best = -INFINITY;
    bool done = false;
    for (size_t k = 0; k < sizeof faster / sizeof *faster; k++) {
        double try[MAX_PARAMETERS];
        start(try, steps);
        try[2] += faster[k];
        const bool settled = likelihood_maximize(try, &l, a);
        const double value = l.value(try, l.context);
        if (!(value > best)) continue;
        best = value;
        done = settled;
        for (size_t i = 0; i < MAX_PARAMETERS; i++) x[i] = try[i];
    }
    if (sample->form == PRICE_MEAN_REVERTING) return done;
    const struct likelihood all = {free_log_likelihood, sample, 5, true};
    return likelihood_maximize(x, &all, a);
}

static void goodness_fill(struct price_fit *f, const struct steps *steps, struct arena *a)
{
    const struct price_motion m = price_fit_motion(f);
    double *u = ARENA_NEW(a, double, steps->n + 1);
    for (size_t i = 0; i < steps->n; i++)
        u[i] = price_step(&m, steps->from[i], steps->hours[i], steps->to[i]).cumulative;
    f->distance = uniform_distance(u, steps->n);
    f->probability = distance_probability(f->distance, steps->n);
}

struct price_fit price_fit(enum price_form form, const struct price_series *s, size_t n,
                           struct arena *a)
{
    struct price_fit f = {.form = form, .n_parameters = form == PRICE_WITH_JUMPS ? 5 : 3};
    for (size_t i = 0; i < MAX_PARAMETERS; i++) f.parameter[i] = f.error[i] = (double)NAN;
    f.log_likelihood = f.aic = f.distance = f.probability = (double)NAN;
    const struct steps steps = steps_make(s, n, a);
    f.n_steps = steps.n;
    if (steps.n < LEAST_STEPS || steps.moved == 0) return f;
    double *weight;
    const struct steps alike = steps_alike(&weight, &steps, a);
    const struct sample sample = {&alike, weight, form};
    const struct likelihood given = {log_likelihood, &sample, f.n_parameters, true};
    double x[MAX_PARAMETERS];
    f.converged = climb(x, &steps, &sample, a);
    parameters(f.parameter, x, &sample);
    f.log_likelihood = log_likelihood(f.parameter, &sample);
    f.aic = 2 * (double)f.n_parameters - 2 * f.log_likelihood;
    f.converged = f.converged && isfinite(f.log_likelihood);
    f.converged = likelihood_errors(f.error, f.parameter, &given) && f.converged;
    if (f.converged) goodness_fill(&f, &steps, a);
    return f;
}

/* --- stock --- */

double stock_share(const struct stock_fit *f)
{
    const double sum = f->in_per_h + f->out_per_h;
    return sum > 0 ? f->in_per_h / sum : 0;
}

double stock_probability(const struct stock_fit *f, bool now, double dt_h)
{
    const double share = stock_share(f);
    return share + (now - share) * exp(-(f->in_per_h + f->out_per_h) * dt_h);
}

struct states {
    const struct price_series *series;
    size_t n;
};

static double stock_log_likelihood(const double *p, const void *context)
{
    const struct states *s = context;
    const struct stock_fit f = {.in_per_h = p[0], .out_per_h = p[1]};
    double sum = 0;
    for (size_t i = 1; i < s->n; i++) {
        const double hours = s->series->at_h[i] - s->series->at_h[i - 1];
        const double gone = stock_probability(&f, s->series->no_stock[i - 1], hours);
        sum += log(s->series->no_stock[i] ? gone : 1 - gone);
    }
    return sum;
}

static double free_stock_log_likelihood(const double *x, const void *context)
{
    const double p[] = {exp(x[0]), exp(x[1])};
    return stock_log_likelihood(p, context);
}

struct stock_fit stock_fit(const struct price_series *s, size_t n, struct arena *a)
{
    struct stock_fit f = {.converged = true, .in_error = (double)NAN, .out_error = (double)NAN};
    double in = 0, out = 0, hours[2] = {0};
    for (size_t i = 0; i < n; i++) f.n += s->no_stock[i];
    if (f.n == 0) return f;
    for (size_t i = 1; i < n; i++) {
        hours[s->no_stock[i - 1]] += s->at_h[i] - s->at_h[i - 1];
        in += s->no_stock[i] && !s->no_stock[i - 1];
        out += !s->no_stock[i] && s->no_stock[i - 1];
    }
    f.converged = in > 0 && out > 0;
    if (!f.converged) return f;
    const struct states states = {s, n};
    const struct likelihood free = {free_stock_log_likelihood, &states, 2, false},
                            given = {stock_log_likelihood, &states, 2, false};
    double x[MAX_PARAMETERS] = {log(in / hours[0]), log(out / hours[1])};
    f.converged = likelihood_maximize(x, &free, a);
    const double p[] = {exp(x[0]), exp(x[1])};
    double error[2];
    f.converged = likelihood_errors(error, p, &given) && f.converged;
    f.in_per_h = p[0];
    f.out_per_h = p[1];
    f.in_error = error[0];
    f.out_error = error[1];
    f.log_likelihood = stock_log_likelihood(p, &states);
    return f;
}
