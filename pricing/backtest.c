#include "pricing/backtest.h"
#include "pricing/history.h"
#include <math.h>
#include <string.h>

enum { N_LEVELS = 7, WEEK_H = 168, LEAST_TRAIN = 10, LEAST_TEST = 10 };
static const double levels[N_LEVELS] = {0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975};
static const double train_frac = 0.6;
static const double better = 1 - 1e-6; /* less of a loss is none */

static const char *const forecaster_names[N_FORECASTERS] = {"model", "last_value", "mean",
                                                            "hour_of_week"};

const char *forecaster_name(enum forecaster f)
{
    return forecaster_names[f];
}

enum forecaster forecaster_find(const char *name)
{
    enum forecaster f = 0;
    while (f < N_FORECASTERS && strcmp(forecaster_names[f], name) != 0) f++;
    return f;
}

/* --- scores --- */

struct scores {
    size_t n;
    double weight, inside[N_COVERAGES], loss[N_FORECASTERS];
    bool model; /* there is one */
};

/* What the forecasters say of one outcome. */
struct forecast {
    double quantile[N_LEVELS];
    double point[N_FORECASTERS]; /* of the baselines */
};

static double pinball(double level, double said, double came)
{
    return (came - said) * (level - (came < said));
}

static void scores_add(struct scores *s, const struct forecast *f, double came, double weight)
{
    s->n++;
    s->weight += weight;
    for (int k = 0; k < N_COVERAGES; k++) {
        const double low = f->quantile[2 - k], high = f->quantile[4 + k];
        if (came >= low && came <= high) s->inside[k] += weight;
    }
    for (int q = 0; q < N_LEVELS; q++) {
        s->loss[BY_MODEL] += weight * pinball(levels[q], f->quantile[q], came) / N_LEVELS;
        for (enum forecaster b = BY_LAST_VALUE; b < N_FORECASTERS; b++)
            s->loss[b] += weight * pinball(levels[q], f->point[b], came) / N_LEVELS;
    }
}

static struct backtest scores_result(const struct scores *s, double unit)
{
    struct backtest b = {.n = s->n >= LEAST_TEST && s->weight > 0 ? s->n : 0,
                         .best = BY_LAST_VALUE};
    for (int k = 0; k < N_COVERAGES; k++)
        b.coverage[k] = s->model && b.n ? s->inside[k] / s->weight : (double)NAN;
    for (enum forecaster f = 0; f < N_FORECASTERS; f++)
        b.loss[f] = b.n ? s->loss[f] / s->weight / unit : (double)NAN;
    if (!s->model) b.loss[BY_MODEL] = (double)NAN;
    for (enum forecaster f = BY_MEAN; f < N_FORECASTERS; f++)
        if (b.loss[f] < b.loss[b.best] * better) b.best = f;
    if (b.loss[BY_MODEL] < b.loss[b.best] * better) b.best = BY_MODEL;
    if (b.n == 0) b.best = BY_MODEL;
    return b;
}

/* --- prices --- */

struct price_fit price_fit_best(const struct price_series *s, size_t n, struct arena *a)
{
    struct price_fit best = price_fit(PRICE_MEAN_REVERTING, s, n, a);
    const struct price_fit jumps = price_fit(PRICE_WITH_JUMPS, s, n, a);
    if (jumps.converged && (!best.converged || jumps.aic < best.aic)) best = jumps;
    return best;
}

static size_t week_hour_at(const struct price_series *s, double at_h)
{
    const moment_t m = s->from + llround(at_h * (double)US_PER_H);
    return (size_t)moment_week_hour(m) - 1;
}

double price_means(double *hour_of_week, const struct price_series *s, size_t n, double gap_h)
{
    double sum = 0, hours = 0, sums[WEEK_H] = {0}, known[WEEK_H] = {0};
    for (size_t i = 0; i + 1 < n; i++) {
        const double end = s->at_h[i + 1], price = exp(s->log_spot[i]);
        if (end - s->at_h[i] > gap_h) continue;
        sum += price * (end - s->at_h[i]);
        hours += end - s->at_h[i];
        double at = s->at_h[i];
        while (at < end) {
            const double next = fmin(floor(at) + 1, end);
            const size_t k = week_hour_at(s, at);
            sums[k] += price * (next - at);
            known[k] += next - at;
            at = next;
        }
    }
    const double mean = hours > 0 ? sum / hours : n > 0 ? exp(s->log_spot[n - 1]) : (double)NAN;
    for (size_t k = 0; k < WEEK_H; k++)
        hour_of_week[k] = known[k] > 0 ? sums[k] / known[k] / mean : 1;
    return mean;
}

/* The index of the sample in force at a time; SIZE_MAX: unknown then. */
static size_t in_force(const struct price_series *s, double at_h, double gap_h)
{
    size_t low = 0, high = s->n;
    while (low < high) {
        const size_t mid = (low + high) / 2;
        if (s->at_h[mid] <= at_h)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == 0) return SIZE_MAX;
    if (s->at_h[low - 1] == at_h) return low - 1;
    if (low == s->n || s->at_h[low] - s->at_h[low - 1] > gap_h) return SIZE_MAX;
    return low - 1;
}

/* What a fitted model knows at a time: the last market price and its age, and whether there is stock. */
struct outlook {
    struct price_motion motion;
    const struct stock_fit *stock;
    double log_price, age_h, log_cap;
    bool no_stock;
};

static double price_cumulative(const struct outlook *o, double ahead_h, double log_price)
{
    const double gone = stock_probability(o->stock, o->no_stock, ahead_h);
    if (log_price >= o->log_cap) return 1;
    return (1 - gone) *
           price_step(&o->motion, o->log_price, o->age_h + ahead_h, log_price).cumulative;
}

static double price_quantile(const struct outlook *o, double ahead_h, double level)
{
    enum { BISECTIONS = 45 };
    double low, high;
    price_step_range(&low, &high, &o->motion, o->log_price, o->age_h + ahead_h);
    high = fmin(high, o->log_cap);
    low = fmin(low, high);
    if (price_cumulative(o, ahead_h, high - 1e-12) < level) return exp(high);
    for (int i = 0; i < BISECTIONS; i++) {
        const double mid = (low + high) / 2;
        if (price_cumulative(o, ahead_h, mid) < level)
            low = mid;
        else
            high = mid;
    }
    return exp((low + high) / 2);
}

struct price_test {
    const struct price_series *series;
    const struct price_fit *fit;
    const struct stock_fit *stock;
    double gap_h, mean, hour_of_week[WEEK_H];
};

/* False: there was no market price yet. */
static bool outlook_at(struct outlook *o, const struct price_test *t, size_t now, double at_h)
{
    const struct price_series *s = t->series;
    size_t market = now + 1;
    while (market > 0 && s->no_stock[market - 1]) market--;
    if (market == 0) return false;
    *o = (struct outlook){.motion = price_fit_motion(t->fit),
                          .stock = t->stock,
                          .log_price = s->log_spot[market - 1],
                          .age_h = market - 1 == now ? 0 : at_h - s->at_h[market - 1],
                          .log_cap = s->log_cap,
                          .no_stock = s->no_stock[now]};
    return true;
}

static void price_score(struct scores *scores, const struct price_test *t, double at_h,
                        double ahead_h)
{
    const struct price_series *s = t->series;
    const size_t now = in_force(s, at_h, t->gap_h), then = in_force(s, at_h + ahead_h, t->gap_h);
    struct outlook o;
    if (now == SIZE_MAX || then == SIZE_MAX) return;
    if (scores->model && !outlook_at(&o, t, now, at_h)) return;
    struct forecast f = {{0}, {0}};
    for (int q = 0; q < N_LEVELS && scores->model; q++)
        f.quantile[q] = price_quantile(&o, ahead_h, levels[q]);
    f.point[BY_LAST_VALUE] = exp(s->log_spot[now]);
    f.point[BY_MEAN] = t->mean;
    f.point[BY_HOUR_OF_WEEK] = t->mean * t->hour_of_week[week_hour_at(s, at_h + ahead_h)];
    scores_add(scores, &f, exp(s->log_spot[then]), 1);
}

struct backtest backtest_price(const struct price_series *s, double gap_h, struct arena *a)
{
    const double ahead_h[] = {1, 6, 24, 72}, every_h = 6;
    struct scores scores = {0};
    if (s->n < LEAST_TRAIN) return scores_result(&scores, 1);
    const double end_h = s->at_h[s->n - 1], from_h = floor(train_frac * end_h);
    size_t train = 0;
    while (train < s->n && s->at_h[train] <= from_h) train++;
    const struct price_fit fit = price_fit_best(s, train, a);
    const struct stock_fit stock = stock_fit(s, train, a);
    struct price_test t = {.series = s, .fit = &fit, .stock = &stock, .gap_h = gap_h};
    t.mean = price_means(t.hour_of_week, s, train, gap_h);
    scores.model = fit.converged && stock.converged;
    const size_t asked = (size_t)((end_h - from_h) / every_h) + 1;
    for (size_t i = 0; i < asked; i++)
        for (size_t k = 0; k < sizeof ahead_h / sizeof *ahead_h; k++)
            price_score(&scores, &t, from_h + (double)i * every_h, ahead_h[k]);
    return scores_result(&scores, t.mean);
}

/* --- lives and spells --- */

struct life_fit life_fit_chosen(const struct life_group *g, size_t n, struct arena *a)
{
    const enum life_form *forms = g->spells ? forms_of_spells : forms_of_lives;
    const size_t n_forms = g->spells ? N_FORMS_OF_SPELLS : N_FORMS_OF_LIVES;
    struct life_fit best = life_fit(forms[0], g->lives, n, a);
    for (size_t k = 1; k < n_forms; k++) {
        const struct life_fit fit = life_fit(forms[k], g->lives, n, a);
        if (fit.converged && (!best.converged || fit.aic < best.aic)) best = fit;
    }
    return best;
}

static double middle(const struct life *l)
{
    return l->ended ? (l->low_h + l->high_h) / 2 : l->low_h;
}

double lives_mean(const struct life_group *g, size_t n)
{
    double hours = 0, ended = 0;
    for (size_t i = 0; i < n; i++) {
        hours += middle(&g->lives[i]);
        ended += g->lives[i].ended;
    }
    return ended > 0 ? hours / ended : (double)NAN;
}

static void hour_means(double *means, const struct life_group *g, size_t n, double mean)
{
    double hours[WEEK_H] = {0}, ended[WEEK_H] = {0};
    for (size_t i = 0; i < n; i++) {
        const int k = g->lives[i].week_hour - 1;
        if (k < 0) continue;
        hours[k] += middle(&g->lives[i]);
        ended[k] += g->lives[i].ended;
    }
    for (size_t k = 0; k < WEEK_H; k++) means[k] = ended[k] > 0 ? hours[k] / ended[k] : mean;
}

/* The curve of being cut short: who ended and who was cut short change places. */
static struct survival cut_short_curve(const struct life *lives, size_t n, struct arena *a)
{
    struct life *turned = ARENA_NEW(a, struct life, n + 1);
    for (size_t i = 0; i < n; i++) {
        const double at = middle(&lives[i]);
        turned[i] = (struct life){.low_h = at, .high_h = at, .ended = !lives[i].ended};
    }
    return survival_estimate(turned, n, a);
}

struct backtest backtest_lives(const struct life_group *g, struct arena *a)
{
    const size_t train = (size_t)(train_frac * (double)g->n);
    const double mean = lives_mean(g, train);
    struct scores scores = {0};
    if (train < LEAST_TRAIN || isnan(mean)) return scores_result(&scores, 1);
    const struct life_fit fit = life_fit_chosen(g, train, a);
    const struct survival cut = cut_short_curve(g->lives + train, g->n - train, a);
    double by_hour[WEEK_H], last = mean;
    struct forecast f = {{0}, {0}};
    hour_means(by_hour, g, train, mean);
    scores.model = fit.converged;
    for (int q = 0; q < N_LEVELS && scores.model; q++)
        f.quantile[q] = life_quantile(fit.form, fit.parameter, levels[q]);
    for (size_t i = 0; i < g->n; i++) {
        const struct life *l = &g->lives[i];
        if (!l->ended) continue;
        f.point[BY_LAST_VALUE] = last;
        f.point[BY_MEAN] = mean;
        f.point[BY_HOUR_OF_WEEK] = l->week_hour ? by_hour[l->week_hour - 1] : mean;
        last = middle(l);
        const double there = survival_at(&cut, nextafter(last, 0));
        if (i >= train && there > 0) scores_add(&scores, &f, last, 1 / there);
    }
    return scores_result(&scores, mean);
}

/* --- shocks --- */

struct shock_fit shock_fit_best(const struct watch *w, size_t n, struct arena *a)
{
    struct shock_fit best = shock_fit(SHOCK_NONE, w, n, a);
    const struct shock_fit common = shock_fit(SHOCK_COMMON, w, n, a);
    if (common.converged && (!best.converged || common.aic < best.aic)) best = common;
    return best;
}

static double shock_quantile(const struct shock_fit *f, long there, double ahead_h, double level)
{
    long k = 0;
    while (k < there && shock_cumulative(f, there, ahead_h, k) < level) k++;
    return (double)k;
}

/* Machines gone in the window of `steps` from `at`. */
static double gone_in(const struct watch *w, size_t at, size_t steps)
{
    double sum = 0;
    for (size_t i = at; i < at + steps; i++) sum += (double)w->gone[i];
    return sum;
}

/* An hour, or a sixtieth of a shorter watch. */
static size_t shock_window(const struct watch *w)
{
    enum { LEAST_WINDOWS = 60 };
    const double hour = round(1 / w->step_h), part = (double)w->n / LEAST_WINDOWS;
    return (size_t)fmax(1, floor(fmin(hour, part)));
}

static size_t window_hour(const struct watch *w, size_t k, size_t window)
{
    const double hours = (double)(k * window) * w->step_h;
    return ((size_t)(w->first_hour < 0 ? 0 : w->first_hour) + (size_t)hours) % WEEK_H;
}

struct backtest backtest_shocks(const struct watch *w, struct arena *a)
{
    const size_t window = shock_window(w), windows = w->n / window;
    const size_t train = (size_t)(train_frac * (double)windows);
    struct scores scores = {0};
    if (train < 2) return scores_result(&scores, 1);
    const struct shock_fit fit = shock_fit_best(w, train * window, a);
    double mean = 0, by_hour[WEEK_H] = {0}, known[WEEK_H] = {0};
    for (size_t k = 0; k < train; k++) {
        const size_t hour = window_hour(w, k, window);
        const double gone = gone_in(w, k * window, window);
        mean += gone / (double)train;
        by_hour[hour] += gone;
        known[hour]++;
    }
    scores.model = fit.converged;
    for (size_t k = train; k < windows; k++) {
        const size_t hour = window_hour(w, k, window);
        struct forecast f = {{0}, {0}};
        for (int q = 0; q < N_LEVELS && scores.model; q++)
            f.quantile[q] =
                shock_quantile(&fit, w->there[k * window], (double)window * w->step_h, levels[q]);
        f.point[BY_LAST_VALUE] = gone_in(w, (k - 1) * window, window);
        f.point[BY_MEAN] = mean;
        f.point[BY_HOUR_OF_WEEK] = known[hour] > 0 ? by_hour[hour] / known[hour] : mean;
        scores_add(&scores, &f, gone_in(w, k * window, window), 1);
    }
    return scores_result(&scores, mean);
}
