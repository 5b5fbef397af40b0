/* Serving: what the kinds share when they turn workloads into rate demands (model.md 3.2). Private to scenarios. */
#ifndef SCENARIOS_SERVING_H
#define SCENARIOS_SERVING_H

#include "scenarios/lower.h"
#include "scenarios/service.h"

/* Context of one run. */
struct serving {
    const struct scenario *scenario;
    const struct price_book *book;
    struct arena *arena;
    struct diag *diag;
    struct service *services; /* room for one per workload */
    struct shape *shapes;     /* likewise, one per service */
    size_t n;
};

/* One workload being lowered; `service` is filled step by step. */
struct serve_task {
    struct serving *serving;
    const struct workload *workload;
    struct service *service;
    struct shape *shape;
};

/* The whole translation for each way to serve; the kinds call one of them. */
enum err serve_requests(const struct workload *w, struct serving *s);
enum err serve_sessions(const struct workload *w, struct serving *s);
enum err serve_seats(const struct workload *w, struct serving *s);

/* Load curve in requests or starts per hour, in the open hours (load_curve.c, load_csv.c). */
MUST_USE enum err load_curve_make(struct serve_task *t);
/* The same number in every open hour. */
void load_curve_flat(struct serve_task *t, double rate);
void load_curve_multiply(struct load_curve *c, double factor);

/* Building a curve: pieces are added in order of time; what lies outside the horizon or the window is cut off. */
struct curve_builder {
    struct load_curve *curve;
    const struct window *window;
    struct arena *arena;
    int64_t horizon_us;
    size_t span;   /* first of the window that may still hold something */
    int64_t at_us; /* end of the last piece */
};
struct curve_builder curve_builder_of(struct serve_task *t);
void curve_add(struct curve_builder *b, int64_t from_us, int64_t to_us, double rate_from,
               double rate_to);
void curve_end(struct curve_builder *b); /* closed up to the horizon's end */
MUST_USE enum err load_csv_read(struct serve_task *t, struct curve_builder *b);

/* Latency limits in the order p50, p95, p99 (service_latency.c). */
void latency_limits_make(struct serve_task *t);

/* Warns about keys that this way to serve has no use for (checks.c of services: service_keys.c). */
void service_keys_warn(const struct serve_task *t);

/* Measured rates and request classes (service_profile.c). */
MUST_USE enum err profile_make(struct serve_task *t);

#endif
