/* Late work costs more from step to step. Merged periods price it as in their first step, which is never more than it costs;
 * they are cut only where an optimum puts late work. */
#include "solver/model.h"

/* The first step apart, then pieces twice as long each: a few rounds find the right step. */
static void cut(struct model *m, int64_t from_us, int64_t to_us)
{
    int64_t length_us = 0;
    for (int64_t us = step_end(m, from_us); us < to_us; us = step_end(m, us + length_us - 1)) {
        length_us = us - from_us;
        *ARENA_PUSH(m->arena, m->late_cuts, m->n_late_cuts) = us;
    }
}

bool late_refine(struct model *m, const struct formulation *f, const double *x)
{
    const size_t before = m->n_late_cuts;
    bool *done = ARENA_NEW(m->arena, bool, m->grid.n + 1);
    for (size_t j = 0; j < f->lp->n_cols; j++) {
        const struct column c = f->columns[j];
        if (c.kind != COLUMN_WORK || !(x[j] > 0) || done[m->grid.first[c.t]]) continue;
        if (!is_late(m, &m->demands->items[c.a], c.t)) continue;
        done[m->grid.first[c.t]] = true;
        cut(m, m->grid.from_us[m->grid.first[c.t]], m->grid.from_us[m->grid.after[c.t]]);
    }
    return m->n_late_cuts > before;
}
