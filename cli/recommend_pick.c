/* Which machines fit the answers, and what an hour of work costs on each. */
#include "cli/recommend.h"
#include "common/text.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int way_of(const struct offer *o)
{
    switch (o->market->id) {
    case MARKET_ON_DEMAND:
        return WAY_ON_DEMAND;
    case MARKET_SPOT:
        return WAY_SPOT;
    case MARKET_SUBSCRIPTION:
        return WAY_SUBSCRIPTION;
    default:
        return N_WAYS;
    }
}

const char *way_name(int way)
{
    static const char *const names[N_WAYS] = {"on_demand", "spot", "subscription"};
    return names[way];
}

const char *pick_name(const struct market_view *m, const struct pick *p)
{
    return p->gpu == NO_GPU ? p->family : book_gpu(m->book, p->gpu)->name;
}

/* Relative speed per GPU or vCPU; 0 when the book has none or calls it unfit. */
static double speed_of(const struct market_view *m, const struct instance_type *t, bool *estimated)
{
    const bool cpu = t->gpu == NO_GPU;
    const struct gpu_speed *s =
        book_speed(m->book, m->answers->work_class, t->gpu, cpu ? t->family : NULL);
    *estimated = s && confidence_is_estimate(s->origin.confidence);
    return s ? s->speed : 0;
}

/* GPUs of one machine that a worker's memory need is spread over; 0: it does not fit. Only where the need follows from
 * the parameters, or no single card would do, is a worker more than one card. */
static long gpus_needed(const struct market_view *m, const struct instance_type *t, double largest)
{
    const struct answers *w = m->answers;
    if (t->gpu_mem_gib >= w->gpu_memory_gib) return 1;
    const bool spreads =
        w->graphics == GRAPHICS_NONE && (w->parameters > 0 || w->gpu_memory_gib > largest);
    if (!spreads || t->gpus < 2) return 0;
    long k = 2;
    while (k <= 8 && (double)k * t->gpu_mem_gib < w->gpu_memory_gib) k *= 2;
    if (k > 8 || t->gpus < (double)k) return 0;
    const bool training = !w->online && w->large;
    return training && !(t->features & FEATURE_NVLINK) ? 0 : k;
}

static bool type_fits(const struct market_view *m, const struct instance_type *t, double largest,
                      long *gpus)
{
    const struct answers *w = m->answers;
    *gpus = 0;
    if (!w->tensor) return t->gpu == NO_GPU && t->vcpu > 0;
    if (t->gpu == NO_GPU) return false;
    const bool shares = w->graphics == GRAPHICS_REALTIME || w->graphics == GRAPHICS_CAD ||
                        strcmp(w->kind->name, "dev") == 0;
    if (t->gpus < 1 && !shares) return false;
    if (w->features & ~t->features) return false;
    *gpus = gpus_needed(m, t, largest);
    return *gpus > 0;
}

static struct pick *pick_of(struct pick *picks, size_t n, const struct instance_type *t)
{
    for (size_t i = 0; i < n; i++) {
        if (t->gpu != NO_GPU && picks[i].gpu == t->gpu) return &picks[i];
        if (t->gpu == NO_GPU && picks[i].gpu == NO_GPU && !strcmp(picks[i].family, t->family))
            return &picks[i];
    }
    return NULL;
}

static double units_of(const struct instance_type *t)
{
    return t->gpu == NO_GPU ? (double)t->vcpu : t->gpus;
}

/* Cheapest of the markets the work may use. */
static void way_choose(struct pick *p, const struct answers *w)
{
    p->way = WAY_ON_DEMAND;
    const double spot = p->per_work[WAY_SPOT], other = p->per_work[WAY_ON_DEMAND];
    if (w->interruptible && !isnan(spot) && !(other <= spot)) p->way = WAY_SPOT;
}

static void offer_take(struct pick *p, const struct market_view *m, const struct offer *o,
                       long gpus)
{
    const struct instance_type *t = book_type(m->book, o->type);
    const int way = way_of(o);
    const double per_work = o->price / (units_of(t) * p->speed);
    if (!isnan(p->per_work[way]) && p->per_work[way] <= per_work) return;
    p->per_work[way] = per_work;
    p->offer[way] = o;
    p->gpus = gpus;
    if (way != WAY_ON_DEMAND && p->offer[WAY_ON_DEMAND]) return;
    p->family = t->family;
    p->memory_gib = t->gpu == NO_GPU ? 0 : t->gpu_mem_gib;
}

static int by_work(const void *x, const void *y)
{
    const struct pick *a = x, *b = y;
    const double p = a->per_work[a->way], q = b->per_work[b->way];
    if (isnan(p) || isnan(q)) return !!isnan(p) - !!isnan(q);
    if (p != q) return p < q ? -1 : 1;
    return (a->gpu > b->gpu) - (a->gpu < b->gpu);
}

static double largest_card(const struct market_view *m)
{
    double most = 0;
    for (size_t i = 0; i < m->offers.n; i++)
        most = fmax(most, book_type(m->book, m->offers.items[i].type)->gpu_mem_gib);
    return most;
}

struct pick *picks_make(size_t *n, const struct market_view *m)
{
    struct arena *a = m->cli->arena;
    struct pick *picks = NULL;
    const double largest = largest_card(m);
    *n = 0;
    for (size_t i = 0; i < m->offers.n; i++) {
        const struct offer *o = &m->offers.items[i];
        const struct instance_type *t = book_type(m->book, o->type);
        long gpus;
        bool estimated;
        const double speed = speed_of(m, t, &estimated);
        if (way_of(o) == N_WAYS || speed <= 0 || !type_fits(m, t, largest, &gpus)) continue;
        struct pick *p = pick_of(picks, *n, t);
        if (!p) {
            p = ARENA_PUSH(a, picks, *n);
            *p = (struct pick){.gpu = t->gpu,
                               .family = t->family,
                               .speed = speed,
                               .speed_estimated = estimated,
                               .per_work = {(double)NAN, (double)NAN, (double)NAN}};
        }
        offer_take(p, m, o, gpus);
    }
    for (size_t i = 0; i < *n; i++) way_choose(&picks[i], m->answers);
    if (*n) qsort(picks, *n, sizeof *picks, by_work);
    while (*n && isnan(picks[*n - 1].per_work[picks[*n - 1].way])) --*n;
    return picks;
}

double cheapest_per_work(const struct market_view *m, const char *work_class, size_t gpu,
                         const char *family, int way)
{
    const struct gpu_speed *s = book_speed(m->book, work_class, gpu, family);
    double least = NAN;
    for (size_t i = 0; s && s->speed > 0 && i < m->offers.n; i++) {
        const struct offer *o = &m->offers.items[i];
        const struct instance_type *t = book_type(m->book, o->type);
        if (way_of(o) != way || t->gpu != gpu || (t->gpus > 0 && t->gpus < 1)) continue;
        if (family && strcmp(t->family, family) != 0) continue;
        least = fmin(least, o->price / (units_of(t) * s->speed));
    }
    return least;
}
