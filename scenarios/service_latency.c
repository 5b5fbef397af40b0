/* Limits of latency: pX asks P(wait + service > limit) <= 1 - X/100; `met` replaces X/100 for the highest X given. Here only
 * the part without waiting is held against them, which no number of machines can help. */
#include "scenarios/serving.h"
#include <gsl/gsl_cdf.h>

enum { N_PERCENTILES = 3 };

void latency_limits_make(struct serve_task *t)
{
    const struct workload *w = t->workload;
    struct service *s = t->service;
    const struct percentile {
        const char *path;
        double late_frac, limit_h;
    } percentiles[N_PERCENTILES] = {{"latency.p50", 0.5, w->p50_h},
                                    {"latency.p95", 0.05, w->p95_h},
                                    {"latency.p99", 0.01, w->p99_h}};
    s->limits = ARENA_NEW(t->serving->arena, struct latency_limit, N_PERCENTILES);
    for (size_t i = 0; i < N_PERCENTILES; i++) {
        const struct percentile *p = &percentiles[i];
        if (p->limit_h <= 0) continue;
        s->limits[s->n_limits++] =
            (struct latency_limit){p->limit_h, p->late_frac, workload_place(w, p->path)};
    }
    if (s->n_limits > 0 && w->met_frac > 0) s->limits[s->n_limits - 1].late_frac = 1 - w->met_frac;
}

/* P(service > t), gamma with this mean and squared coefficient of variation. */
static double tail(double mean_h, double cv2, double t_h)
{
    if (cv2 <= 0) return mean_h > t_h ? 1 : 0;
    return gsl_cdf_gamma_Q(t_h, 1 / cv2, mean_h * cv2);
}

static bool frame_fits(const struct service *s, double speed, const char **reason)
{
    const double frame_ms = s->frame_h / speed * 3.6e6;
    for (size_t i = 0; i < s->n_limits; i++) {
        const double limit_ms = s->limits[i].limit_h * 3.6e6;
        if (frame_ms <= limit_ms * (1 + 1e-12)) continue;
        *reason = arena_printf(s->arena, _("a frame takes %.4g ms, the limit is %.4g ms"), frame_ms,
                               limit_ms);
        return false;
    }
    return true;
}

static bool request_fits(const struct service *s, double speed, const char **reason)
{
    const double mean_h = s->time_h / speed;
    for (size_t i = 0; i < s->n_limits; i++) {
        const struct latency_limit *l = &s->limits[i];
        /* To the bit at the limit for a constant time; without rounding of time / speed against it. */
        const double late = tail(mean_h, s->cv2, l->limit_h * (1 + 1e-12));
        if (late < l->late_frac) continue;
        *reason =
            arena_printf(s->arena,
                         _("%.3g%% of the requests take longer than %.4g ms even without waiting, "
                           "%.3g%% may"),
                         100 * late, l->limit_h * 3.6e6, 100 * l->late_frac);
        return false;
    }
    return true;
}

bool service_fits_latency(const struct service *s, double speed, const char **reason)
{
    switch (s->rule) {
    case RULE_WAIT:
        return request_fits(s, speed, reason);
    case RULE_BLOCKING:
        return s->frame_h <= 0 || frame_fits(s, speed, reason);
    case RULE_PROFILE:
    default:
        return true;
    }
}
