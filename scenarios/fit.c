/* Hard feasibility of a worker on an instance type, and g, m and s of model.md 2:
 *   g = gpus_per_worker x whole workers that fit,  m = ceil(workers / workers per machine),
 *   s = useful work per GPU-hour relative to the reference GPU.
 * What a worker needs is checked before what the user listed, so that the reason says more than "not listed". */
#include "scenarios/lower.h"
#include "scenarios/service.h"
#include <math.h>
#include <string.h>

/* Shares such as 1/3 are written with four digits in the tables; two shares closer than this are equal. */
static const double share_tolerance = 1e-3;

/* One check: shape against type. */
struct match {
    const struct shape *shape;
    const struct instance_type *type;
    const struct price_book *book;
    struct arena *arena;
    struct fit fit;
};

static bool refuse(struct match *m, const char *path, const char *reason)
{
    m->fit.reason = reason;
    m->fit.reason_at = workload_place(m->shape->workload, path);
    return false;
}

static bool is_slice(const struct instance_type *t)
{
    return t->gpus > 0 && t->gpus < 1;
}

static bool kind_fits(struct match *m)
{
    const bool has_gpu = m->type->gpu != NO_GPU;
    if (m->shape->cpu && has_gpu && m->shape->service)
        return refuse(m, "resources.vcpu",
                      _("the service asks for vCPUs only and runs on machines without a GPU"));
    if (m->shape->cpu && has_gpu)
        return refuse(m, "work.vcpu_hours", _("work in vCPU-hours runs on machines without a GPU"));
    if (!m->shape->cpu && !has_gpu) return refuse(m, "work", _("the machine has no GPU"));
    return true;
}

static bool memory_fits(struct match *m)
{
    const struct shape *s = m->shape;
    const double has = m->type->gpu_mem_gib;
    if (s->cpu || s->gpu_memory_gib <= 0) return true;
    const bool shard = s->workload->shard && s->gpu_share <= 0;
    if (shard && has * (double)s->gpus_per_worker < s->gpu_memory_gib)
        return refuse(
            m, "resources.gpu_memory",
            arena_printf(m->arena, _("GPU memory %g GB on the %ld GPUs of a worker, needs %g GB"),
                         has * (double)s->gpus_per_worker, s->gpus_per_worker, s->gpu_memory_gib));
    if (!shard && has < s->gpu_memory_gib)
        return refuse(
            m, "resources.gpu_memory",
            arena_printf(m->arena, _("GPU memory %g GB, needs %g GB"), has, s->gpu_memory_gib));
    return true;
}

static bool gpus_fit(struct match *m)
{
    const struct shape *s = m->shape;
    const double has = m->type->gpus;
    if (s->cpu) return true;
    if (s->gpu_share > 0) {
        if (has + share_tolerance >= s->gpu_share) return true;
        return refuse(m, "resources.gpu_share",
                      arena_printf(m->arena, _("a slice of %g GPU, needs %g"), has, s->gpu_share));
    }
    if (is_slice(m->type))
        return refuse(m, "resources.gpus_per_worker",
                      arena_printf(m->arena, _("a slice of %g GPU, needs whole GPUs"), has));
    if (has < (double)s->gpus_per_worker)
        return refuse(m, "resources.gpus_per_worker",
                      arena_printf(m->arena, _("%g GPU in a machine, a worker needs %ld"), has,
                                   s->gpus_per_worker));
    return true;
}

static bool features_fit(struct match *m)
{
    const unsigned asked = m->shape->cpu ? 0 : m->shape->workload->features;
    const unsigned lacks = asked & ~m->type->features;
    if (!lacks) return true;
    const char *gpu = book_gpu(m->book, m->type->gpu)->name;
    for (unsigned bit = 1; bit != 0; bit <<= 1) {
        if (!(lacks & bit)) continue;
        const bool licence = book_gpu(m->book, m->type->gpu)->licence_features & bit;
        const char *reason =
            licence
                ? arena_printf(m->arena, _("%s has %s only with a licence of one's own"), gpu,
                               feature_name(bit))
                : arena_printf(m->arena, _("%s is not known to have %s"), gpu, feature_name(bit));
        return refuse(m, "resources.features", reason);
    }
    return true;
}

/* Workers of a service whose places the NVENC engines of the machine carry; a slice has its part of an engine. */
static double workers_by_encoder(const struct match *m)
{
    const struct service *service = m->shape->service;
    if (!service || service->encoder_share <= 0 || m->shape->cpu) return INFINITY;
    const double engines = book_gpu(m->book, m->type->gpu)->nvenc_engines * m->type->gpus;
    const double places = floor(engines / service->encoder_share + share_tolerance);
    return floor(places / (double)service->concurrency);
}

/* Workers by GPUs alone: slots of shares, or groups of gpus_per_worker whole GPUs. */
static double workers_by_gpu(const struct match *m)
{
    const struct shape *s = m->shape;
    if (s->cpu) return INFINITY;
    if (s->gpu_share <= 0) return floor(m->type->gpus / (double)s->gpus_per_worker);
    if (is_slice(m->type)) return 1;
    double slots = floor(1 / s->gpu_share + share_tolerance);
    if (s->gpu_memory_gib > 0) {
        const double by_memory = floor(m->type->gpu_mem_gib / s->gpu_memory_gib);
        if (by_memory < slots) slots = by_memory;
    }
    return slots * m->type->gpus;
}

static bool workers_fit(struct match *m)
{
    const struct shape *s = m->shape;
    const struct workload *w = s->workload;
    const long vcpu = w->vcpu > 0 ? w->vcpu : s->cpu ? 1 : 0;
    double workers = workers_by_gpu(m);
    if (vcpu > 0) workers = fmin(workers, floor((double)m->type->vcpu / (double)vcpu));
    if (workers < 1)
        return refuse(
            m, "resources.vcpu",
            arena_printf(m->arena, _("%ld vCPU, a worker needs %ld"), m->type->vcpu, vcpu));
    workers = fmin(workers, workers_by_encoder(m));
    if (workers < 1)
        return refuse(m, "resources.encoder_share",
                      arena_printf(m->arena,
                                   _("%g NVENC engines, the %ld places of a worker need %g"),
                                   book_gpu(m->book, m->type->gpu)->nvenc_engines * m->type->gpus,
                                   s->service->concurrency,
                                   s->service->encoder_share * (double)s->service->concurrency));
    if (w->memory_gib > 0) workers = fmin(workers, floor(m->type->ram_gib / w->memory_gib));
    if (workers < 1)
        return refuse(m, "resources.memory",
                      arena_printf(m->arena, _("memory %g GB, a worker needs %g GB"),
                                   m->type->ram_gib, w->memory_gib));
    const long most = s->workers > 0 ? s->workers : s->max_workers;
    if (most > 0) workers = fmin(workers, (double)most);
    m->fit.workers = (long)workers;
    m->fit.machines = s->workers > 0 ? (s->workers + m->fit.workers - 1) / m->fit.workers : 1;
    const double per_worker = s->cpu             ? (double)vcpu
                              : s->gpu_share > 0 ? s->gpu_share
                                                 : (double)s->gpus_per_worker;
    m->fit.used = s->workers > 0 ? (double)s->workers * per_worker / (double)m->fit.machines
                                 : (double)m->fit.workers * per_worker;
    return true;
}

/* nvlink is between the GPUs of a worker, rdma between workers: a gang inside one machine needs none. */
static bool interconnect_fits(struct match *m)
{
    const struct shape *s = m->shape;
    const enum interconnect asked = s->workload->interconnect;
    if (asked == INTERCONNECT_NVLINK && s->gpus_per_worker > 1 &&
        !(m->type->features & FEATURE_NVLINK))
        return refuse(m, "resources.interconnect",
                      _("no NVLink between the GPUs, interconnect nvlink is asked for"));
    const bool between = s->workers == 0 || m->fit.machines > 1;
    if (asked == INTERCONNECT_RDMA && between && !(m->type->features & FEATURE_RDMA))
        return refuse(m, "resources.interconnect",
                      _("no RDMA between the machines, interconnect rdma is asked for"));
    return true;
}

static bool gpu_allowed(struct match *m)
{
    const struct text_list *allowed = &m->shape->workload->gpus;
    if (m->shape->cpu || allowed->n == 0) return true;
    for (size_t i = 0; i < allowed->n; i++)
        if (book_gpu_find(m->book, allowed->items[i]) == m->type->gpu) return true;
    return refuse(m, "resources.gpu",
                  arena_printf(m->arena, _("%s is not among the GPU models of resources.gpu"),
                               book_gpu(m->book, m->type->gpu)->name));
}

static bool type_allowed(struct match *m)
{
    const struct text_list *allowed = &m->shape->workload->instance_types;
    if (allowed->n == 0) return true;
    for (size_t i = 0; i < allowed->n; i++)
        if (!strcmp(allowed->items[i], m->type->name)) return true;
    return refuse(
        m, "resources.instance_types",
        arena_printf(m->arena, _("%s is not among resources.instance_types"), m->type->name));
}

/* Speed the workload gives for this machine; NAN when it gives none. */
static double own_speed(const struct match *m)
{
    const struct workload *w = m->shape->workload;
    for (size_t i = 0; i < w->n_speeds; i++) {
        const bool same = m->shape->cpu ? !strcmp(w->speeds[i].name, m->type->family)
                                        : book_gpu_find(m->book, w->speeds[i].name) == m->type->gpu;
        if (same) return w->speeds[i].value.base;
    }
    return (double)NAN;
}

static bool is_estimate(const struct gpu_speed *speed)
{
    return confidence_is_estimate(speed->origin.confidence);
}

/* Seats and measured tables do not ask how fast a card is. */
static bool speed_matters(const struct shape *s)
{
    const struct service *service = s->service;
    if (!service) return true;
    return service->rule == RULE_WAIT || (service->rule == RULE_BLOCKING && service->frame_h > 0);
}

/* Speed of the book relative to the reference; NAN when one of the two is missing. Where speed does not matter, 1, or 0 for a
 * card that is unfit for the class. */
static double book_relative_speed(struct match *m)
{
    const struct shape *s = m->shape;
    const struct gpu_speed *own =
        book_speed(m->book, s->work_class, m->type->gpu, s->cpu ? m->type->family : NULL);
    if (!speed_matters(s)) return own && own->speed <= 0 ? 0 : 1;
    if (s->cpu) {
        m->fit.speed_estimated = own && is_estimate(own);
        return own ? own->speed : (double)NAN;
    }
    if (m->type->gpu == s->reference_gpu) return 1;
    if (s->reference_gpu == NO_GPU) return (double)NAN;
    const struct gpu_speed *reference = book_speed(m->book, s->work_class, s->reference_gpu, NULL);
    if (!own || !reference || reference->speed <= 0) return (double)NAN;
    m->fit.speed_estimated = is_estimate(own) || is_estimate(reference);
    return own->speed / reference->speed;
}

static bool profile_fits(struct match *m)
{
    const struct service *service = m->shape->service;
    if (!service || service->rule != RULE_PROFILE) return true;
    for (size_t i = 0; i < service->n_rates; i++)
        if (service->rates[i].gpu == m->type->gpu) return true;
    return refuse(m, "service.profile",
                  arena_printf(m->arena, _("%s has no rate in the table of service.profile"),
                               book_gpu(m->book, m->type->gpu)->name));
}

static bool speed_unknown(struct match *m, const char *name)
{
    const struct shape *s = m->shape;
    m->fit.speed = 0;
    if (s->cpu || s->reference_gpu == NO_GPU)
        return refuse(
            m, "speed",
            arena_printf(m->arena, _("no speed of %s is known for class %s"), name, s->work_class));
    return refuse(m, "speed",
                  arena_printf(m->arena, _("no speed of %s relative to %s is known for class %s"),
                               name, book_gpu(m->book, s->reference_gpu)->name, s->work_class));
}

static bool speed_fits(struct match *m)
{
    const struct shape *s = m->shape;
    m->fit.speed = own_speed(m);
    if (m->fit.speed > 0 && !speed_matters(s)) m->fit.speed = 1;
    if (isnan(m->fit.speed)) m->fit.speed = book_relative_speed(m);
    if (m->fit.speed > 0) return true;
    const char *name = s->cpu ? m->type->family : book_gpu(m->book, m->type->gpu)->name;
    if (isnan(m->fit.speed)) return speed_unknown(m, name);
    return refuse(m, "speed",
                  arena_printf(m->arena, _("%s is unfit for this work: its speed is 0"), name));
}

struct fit fit_check(const struct shape *s, const struct instance_type *t,
                     const struct price_book *b, struct arena *a)
{
    static bool (*const checks[])(struct match *) = {
        kind_fits,         memory_fits, gpus_fit,     features_fit, workers_fit,
        interconnect_fits, gpu_allowed, type_allowed, profile_fits, speed_fits};
    struct match m = {.shape = s, .type = t, .book = b, .arena = a};
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
        if (!checks[i](&m))
            return (struct fit){.reason = m.fit.reason, .reason_at = m.fit.reason_at};
    m.fit.ok = true;
    return m.fit;
}
