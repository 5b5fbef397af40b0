/* Replay: what a policy would have cost on a window of an availability trace, and what the best
 * possible decisions would have cost. Rules: docs/policies.md. */
#ifndef SIM_REPLAY_H
#define SIM_REPLAY_H

#include "sim/trace.h"

struct replay_outcome {
    double cost;     /* every tick held, in full; NAN: no plan can make the deadline (hindsight) */
    double finish_h; /* from the window's start; NAN: not known (hindsight) or not finished */
    bool missed;     /* finished after the deadline, or not at all */
    long spot_ticks, on_demand_ticks, starts, reclaims;
};

/* `prepared` is what the policy's prepare() made of the terms; `memory` has its memory_bytes.
 * Spot cannot be held after the window's last tick. */
struct replay_outcome replay_run(const struct policy *policy, const void *prepared, void *memory,
                                 const struct policy_terms *terms, const struct trace *trace,
                                 const struct trace_window *window);

/* The least that a plan knowing the whole window costs, which within floor(deadline / step) ticks
 * has step x (ticks held) - restart x (starts) >= work. Exact. */
double hindsight_cost(const struct policy_terms *terms, const struct trace *trace,
                      const struct trace_window *window, struct arena *a);

/* A fleet of `nodes` at every tick of the window: spot as many as can be had, the rest on-demand. */
struct fleet_outcome {
    double cost;
    double spot_frac; /* of all node-ticks */
    long reclaims;    /* spot nodes lost from one tick to the next */
};
struct fleet_outcome replay_fleet(long nodes, const struct policy_terms *terms,
                                  const struct trace *trace, const struct trace_window *window);

/* Every window under every policy; a policy NULL stands for hindsight. */
struct replay_request {
    struct policy_terms terms;
    const struct trace *trace;
    size_t n_windows;
    const struct trace_window *windows;
    size_t n_policies;
    const struct policy *const *policies;
    size_t threads; /* 0: one per processor. The outcomes do not depend on it. */
};

/* outcomes [n_windows][n_policies]. */
struct replay_outcome *replay_all(const struct replay_request *r, struct arena *a);

#endif
