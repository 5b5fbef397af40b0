#include "solver/billing.h"

#include <assert.h>
#include <string.h>

/* Pay-as-you-go is billed for at least a minute (model.md 2). */
static const int64_t LEAST_BILLED_US = US_PER_H / 60;

int64_t billed_time_us(int64_t step_us, int64_t minimum_us, int64_t held_us)
{
    assert(step_us >= 0 && minimum_us >= 0 && held_us >= 0);
    const int64_t over = step_us > 0 ? held_us % step_us : 0;
    const int64_t billed = over > 0 ? held_us - over + step_us : held_us;
    return billed < minimum_us ? minimum_us : billed;
}

int64_t billed_run_us(int64_t step_us, int64_t held_us)
{
    return step_us == 0 ? held_us : billed_time_us(step_us, LEAST_BILLED_US, held_us);
}

/* Of one machine of an offer whose run lasted so long. */
static int64_t run_rounding(const struct offer *o, int64_t held_us)
{
    return billed_run_us(o->billing_step_us, held_us) - held_us;
}

/* Machines whose runs are alike so far. */
struct cohort {
    long machines;
    int64_t held_us; /* of each */
};

/* Machines of one stretch by age, the oldest first; the first `gone` of them went on into other stretches. */
struct crew {
    size_t n, first;
    struct cohort *cohorts;
};

/* Takes `machines` of the oldest out of `from` and adds them to `to`, `us` later. */
static void crew_pass(struct crew *to, struct crew *from, long machines, int64_t us,
                      struct arena *a)
{
    while (machines > 0 && from->first < from->n) {
        struct cohort *c = &from->cohorts[from->first];
        const long n = c->machines < machines ? c->machines : machines;
        *ARENA_PUSH(a, to->cohorts, to->n) = (struct cohort){n, c->held_us + us};
        c->machines -= n;
        machines -= n;
        if (c->machines == 0) from->first++;
    }
}

int64_t *work_rounding(const struct schedule *s)
{
    const struct model *m = s->model;
    int64_t *out = ARENA_NEW(s->arena, int64_t, s->n_stretches + 1);
    struct crew *crews = ARENA_NEW(s->arena, struct crew, s->n_stretches + 1);
    size_t passing = 0;
    for (size_t i = 0; i < s->n_stretches; i++) {
        const struct stretch *x = &s->stretches[i];
        const int64_t each_us = (x->paid_us + x->machines - 1) / x->machines;
        long boot = x->machines;
        for (; passing < s->n_passings && s->passings[passing].to == i; passing++) {
            const struct passing *p = &s->passings[passing];
            crew_pass(&crews[i], &crews[p->from], p->machines, each_us, s->arena);
            boot -= p->machines;
        }
        if (boot > 0)
            *ARENA_PUSH(s->arena, crews[i].cohorts, crews[i].n) =
                (struct cohort){boot, each_us + x->start_us / boot};
        if (m->offers[x->offer].billing_step_us) out[i] = each_us * x->machines - x->paid_us;
    }
    for (size_t i = 0; i < s->n_stretches; i++)
        for (size_t k = crews[i].first; k < crews[i].n; k++)
            out[i] += crews[i].cohorts[k].machines *
                      run_rounding(&m->offers[s->stretches[i].offer], crews[i].cohorts[k].held_us);
    return out;
}

void fleet_rounding(int64_t *out, const struct model *m, size_t served, size_t option,
                    const struct fleet *fleet)
{
    const struct grid *g = &m->grid;
    const struct offer *o = &m->offers[m->served[served].group.options[option].offer];
    const long *machines = &fleet->machines[option * g->n], *starts = &fleet->starts[option * g->n];
    const int64_t *start_us = &fleet->start_us[option * g->n];
    struct crew open = {0}; /* held_us: until the machines came, counted backwards from time 0 */
    memset(out, 0, g->n * sizeof *out);
    if (o->billing_step_us == 0) return;
    for (size_t t = 0; t <= g->n; t++) {
        const long before = t > 0 ? machines[t - 1] : 0, now = t < g->n ? machines[t] : 0;
        for (long leave = before - now; leave > 0 && open.n > 0;) {
            struct cohort *last = &open.cohorts[open.n - 1];
            const long n = last->machines < leave ? last->machines : leave;
            out[t - 1] += n * run_rounding(o, g->from_us[t] + last->held_us);
            last->machines -= n;
            leave -= n;
            if (last->machines == 0) open.n--;
        }
        if (now <= before) continue;
        const int64_t boot_us = starts[t] > 0 ? start_us[t] / starts[t] : 0;
        *ARENA_PUSH(m->arena, open.cohorts, open.n) =
            (struct cohort){now - before, boot_us - g->from_us[t]};
    }
}
