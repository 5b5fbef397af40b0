#include "cli/neighbours.h"
#include "common/text.h"
#include <string.h>

static bool same_settings(size_t n, const char *const *set, size_t m, const char *const *other)
{
    bool same = n == m;
    for (size_t i = 0; same && i < n; i++) same = strcmp(set[i], other[i]) == 0;
    return same;
}

static struct sweep_point point_of(const struct saved_neighbour *n)
{
    struct sweep_point p = {.status = n->status,
                            .has_plan = saved_has_plan(n->status),
                            .has_jobs = n->has_jobs,
                            .finish = n->finish ? n->finish : "",
                            .message = n->message ? n->message : ""};
    if (!p.has_plan) return p;
    p.cost = n->cost;
    p.bound = n->bound;
    p.gap = n->gap;
    p.machine_h = n->machine_h;
    p.machines = n->machines;
    p.worlds = (size_t)n->worlds;
    p.luck = (struct bill_luck){.expected = n->expected,
                                .expected_low = n->expected_low,
                                .expected_high = n->expected_high,
                                .p10 = n->p10,
                                .p50 = n->p50,
                                .p90 = n->p90,
                                .p95 = n->p95,
                                .late = n->late,
                                .late_low = n->late_low,
                                .late_high = n->late_high};
    return p;
}

void neighbours_find(struct sweep *s, const struct saved_run *run)
{

    for (size_t i = 0; i < s->n; i++) {
        const struct sweep_setting *wanted = &s->settings[i];
        for (size_t k = 0; k < run->n_neighbours && !s->points[i].status; k++) {
            const struct saved_neighbour *n = &run->neighbours[k];
            const bool enough = s->planned_only || n->worlds > 0 || !saved_has_plan(n->status);
            if (enough && same_settings(wanted->n, wanted->set, n->n_set, n->set))
                s->points[i] = point_of(n);
        }
    }
}

void neighbours_keep(struct solved_around *kept, const struct sweep *s, struct arena *a)
{
    for (size_t i = 0; i < s->n; i++) {
        if (!s->points[i].status || s->settings[i].n == 0) continue;
        *ARENA_PUSH(a, kept->points, kept->n) =
            (struct solved_point){s->settings[i].n, s->settings[i].set, s->points[i]};
    }
}
