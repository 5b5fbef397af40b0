/* Shapes of a workload: gang or divisible (interface.md 3.3), and one shape for all jobs that fit alike. */
#include "scenarios/lower.h"
#include <string.h>

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ (hash >> 29);
}

static uint64_t double_bits(double value)
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static uint64_t shape_hash(const struct shape *s)
{
    uint64_t hash = s->cpu;
    hash = mix(hash, (uint64_t)s->gpus_per_worker);
    hash = mix(hash, (uint64_t)s->workers);
    hash = mix(hash, (uint64_t)s->max_workers);
    hash = mix(hash, double_bits(s->gpu_memory_gib));
    return mix(hash, double_bits(s->spot_max_frac));
}

/* Shapes of one workload differ only in what a row of a job list may say. */
static bool shape_equal(const struct shape *a, const struct shape *b)
{
    return a->cpu == b->cpu && a->gpus_per_worker == b->gpus_per_worker &&
           a->workers == b->workers && a->max_workers == b->max_workers &&
           double_bits(a->gpu_memory_gib) == double_bits(b->gpu_memory_gib) &&
           double_bits(a->spot_max_frac) == double_bits(b->spot_max_frac);
}

static size_t *shape_slot(const struct task *t, const struct shape *s)
{
    size_t i = (size_t)shape_hash(s) & (t->n_slots - 1);
    while (t->slots[i] && !shape_equal(&t->lowering->shapes[t->slots[i] - 1], s))
        i = (i + 1) & (t->n_slots - 1);
    return &t->slots[i];
}

static void slots_grow(struct task *t)
{
    struct lowering *l = t->lowering;
    if (t->n_slots > 2 * (l->n_shapes - t->first_shape)) return;
    t->n_slots = t->n_slots ? 2 * t->n_slots : 16;
    t->slots = ARENA_NEW(l->arena, size_t, t->n_slots);
    for (size_t i = t->first_shape; i < l->n_shapes; i++) *shape_slot(t, &l->shapes[i]) = i + 1;
}

/* The shapes may move when one is added, and the demands follow them. */
static void shape_push(struct lowering *l, const struct shape *s)
{
    const struct shape *before = l->shapes;
    *ARENA_PUSH(l->arena, l->shapes, l->n_shapes) = *s;
    if (l->shapes == before) return;
    for (size_t i = 0; i < l->n_demands; i++)
        l->demands[i].shape = &l->shapes[l->demands[i].shape - before];
}

static size_t shape_intern(struct task *t, const struct shape *s)
{
    slots_grow(t);
    size_t *slot = shape_slot(t, s);
    if (*slot == 0) {
        shape_push(t->lowering, s);
        *slot = t->lowering->n_shapes;
    }
    return *slot - 1;
}

/* A gang or divisible? interface.md 3.3 */
static enum err gang_check(const struct task *t, const struct job *j, bool cpu)
{
    struct diag *d = t->lowering->diag;
    if (j->workers > 0 && j->max_workers > 0) {
        diag_error(d, ERR_GANG, job_place(t, j, JOB_MAX_WORKERS),
                   _("'%s' has both workers and max_workers"), job_name(t, j));
        diag_fix(d,
                 _("keep workers for a gang that runs together, max_workers for work that can be "
                   "divided"));
        return ERR_GANG;
    }
    if (cpu && j->workers > 0) {
        diag_error(d, ERR_GANG, job_place(t, j, JOB_WORKERS),
                   _("'%s' has workers, but work in vcpu_hours is divisible"), job_name(t, j));
        diag_fix(d, _("write max_workers instead, or leave it out"));
        return ERR_GANG;
    }
    return OK;
}

static struct shape shape_of_job(const struct task *t, const struct job *j, bool cpu)
{
    const struct workload *w = t->workload;
    const bool gang_of_one = t->rules.gang && !cpu && j->workers == 0 && j->max_workers == 0;
    return (struct shape){
        .workload = w,
        .work_class = cpu ? "cpu_etl" : w->kind->work_class,
        .cpu = cpu,
        .gpus_per_worker = cpu                      ? 0
                           : j->gpus_per_worker > 0 ? j->gpus_per_worker
                                                    : 1,
        .gpu_share = cpu ? 0 : w->gpu_share,
        .workers = gang_of_one ? 1 : j->workers,
        .max_workers = w->loose.any_width ? 0 : j->max_workers,
        .gpu_memory_gib = cpu ? 0 : j->gpu_memory_gib,
        .spot_max_frac = w->loose.any_share ? 1 : j->spot_max_frac,
        .reference_gpu = cpu ? NO_GPU : t->reference_gpu,
    };
}

/* Divisible work without checkpoints loses half an item per reclaim; without items half of what? */
static enum err loss_check(const struct task *t, const struct job *j, const struct shape *s)
{
    const struct workload *w = t->workload;
    const bool spot = (w->markets & (1U << MARKET_SPOT)) && w->tolerant && s->spot_max_frac > 0;
    const bool known = s->workers > 0 || w->checkpoint_auto || w->checkpoint_every_h > 0 ||
                       w->has_lost_per_hit || j->items > 0;
    if (!spot || known) return OK;
    struct diag *d = t->lowering->diag;
    diag_error(d, ERR_LOSS, workload_place(w, "interruption"),
               _("'%s' may run on spot, but what an interruption loses is not said"),
               job_name(t, j));
    diag_fix(d, _("write interruption.lost_per_hit, interruption.checkpoint_every, or the work as "
                  "items"));
    return ERR_LOSS;
}

enum err shape_find(size_t *index, struct task *t, const struct job *j, bool cpu)
{
    TRY(gang_check(t, j, cpu));
    const struct shape shape = shape_of_job(t, j, cpu);
    TRY(loss_check(t, j, &shape));
    *index = shape_intern(t, &shape);
    return OK;
}
