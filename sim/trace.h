/* Availability traces: whether (or of how many nodes) spot could be held, step after step, and
 * windows of them in which jobs run. Format: docs/policies.md. */
#ifndef SIM_TRACE_H
#define SIM_TRACE_H

#include "common/diag.h"
#include "sim/policy.h"

struct trace_request {
    const char *path;         /* "-": standard input */
    const char *column;       /* of availability; NULL: "available" */
    const char *price_column; /* spot price per hour of each tick; NULL: the trace has none */
    bool ones_are_taken;      /* a 1 says that spot cannot be held */
    bool counts;              /* the column counts nodes that can be held; else it is 0 or 1 */
    double step_s;            /* of a tick, > 0 */
};

/* A trace, and its spells of equal availability (of at least one node). */
struct trace {
    const char *path;
    double step_s;
    long first_tick; /* number of ticks[0], as the file counts; 0 without a column `tick` */
    size_t n;
    const long *nodes;         /* [n] that can be held; 0 or 1 unless the column counts */
    const double *price_per_h; /* [n], NULL: none given */
    size_t n_spells;
    const struct spell *spells; /* [n_spells] alternating, adding up to n ticks */
    const size_t *spell_begin;  /* [n_spells + 1] tick index at which each begins */
};

/* A part of a trace that begins a job. */
struct trace_window {
    const char *id;      /* as the user calls it */
    size_t start, ticks; /* indices into the trace: start + ticks <= n */
    struct place place, id_place;
};

struct trace_windows {
    size_t n;
    const struct trace_window *items;
};

/* Columns: the one asked for; `tick` (optional), consecutive whole numbers; the price column.
 * Errors: those of csv_read, ERR_TRACE. */
MUST_USE enum err trace_read(struct trace *t, const struct trace_request *r, struct arena *a,
                             struct diag *d);

/* A trace from memory: `nodes` [n] and `price_per_h` [n] or NULL are kept, not copied. */
void trace_make(struct trace *t, size_t n, const long *nodes, const double *price_per_h,
                double step_s, struct arena *a);

/* Columns window_id, start_tick (a tick of the trace), ticks. `path` NULL: one window "all", the
 * whole trace. Every window must hold `ticks_needed` ticks. Errors: those of csv_read, ERR_WINDOWS. */
MUST_USE enum err trace_windows_read(struct trace_windows *out, const char *path,
                                     const struct trace *t, size_t ticks_needed, struct arena *a,
                                     struct diag *d);

/* Index of the spell that tick `tick` < n belongs to. */
size_t trace_spell_at(const struct trace *t, size_t tick);

#endif
