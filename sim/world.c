/* What all worlds share, and the draws that concern a whole world. */
#include "sim/world.h"
#include "common/text.h"
#include "sim/spot_fit.h"
#include <math.h>
#include <string.h>

/* Share of reclaims that are shocks, and mean length of the spell without stock after one. Judgement: of 74 removals in a public
 * trace of 24 spot machines (bamboo, g4dn, 10.8 h) 43 came in the same minute as another, but of 2 to 5 machines and never
 * of all; spells without spot lasted 0.3 to 1.5 h on average in four public availability traces (us-west-2a, 2022). */
#define SHOCK_FRAC 0.1
#define SPELL_H    1.0

#define X(name) &price_##name,
const struct price_model *const price_models[] = {PRICE_MODEL_LIST(X) NULL};
#undef X
#define X(name) &life_##name,
const struct life_model *const life_models[] = {LIFE_MODEL_LIST(X) NULL};
#undef X

static const struct price_model *price_model_find(const char *name)
{
    size_t i = 0;
    while (price_models[i + 1] && strcmp(price_models[i]->name, name) != 0) i++;
    return price_models[i];
}

static const struct life_model *life_model_find(const char *name)
{
    size_t i = 0;
    while (life_models[i + 1] && strcmp(life_models[i]->name, name) != 0) i++;
    return life_models[i];
}

/* On-demand list price over spot price of the same type in the same place. */
static double most_factor(const struct plan *p, const struct offer *spot)
{
    double most = INFINITY;
    for (size_t i = 0; i < p->n_offers; i++) {
        const struct offer *o = &p->offers[i];
        if (o->type != spot->type || o->market->interruptible || o->market->prepaid ||
            strcmp(o->region, spot->region) != 0 || (*o->zone && strcmp(o->zone, spot->zone) != 0))
            continue;
        const double factor = ratio_value(o->list_per_h) / spot->price;
        if (isinf(most) || *o->zone) most = factor;
    }
    return most;
}

static size_t pool_find(const struct world_model *m, const char *name)
{
    for (size_t i = 0; i < m->n_pools; i++)
        if (strcmp(m->pools[i].name, name) == 0) return i;
    return SIZE_MAX;
}

static void pool_add(struct world_model *m, const struct offer *o, const char *name,
                     struct arena *a)
{
    const uint64_t seed = m->settings.seed;
    const char *type = book_type(m->plan->book, o->type)->name;
    struct spot_fit *fit = ARENA_NEW(a, struct spot_fit, 1);
    *fit = spot_fit_find(m->fitted, type, o->region, o->zone);
    *ARENA_PUSH(a, m->pools, m->n_pools) =
        (struct spot_pool){.name = name,
                           .type_name = type,
                           .fit = fit,
                           .region = o->region,
                           .zone = o->zone,
                           .most_factor = INFINITY,
                           .price_key = random_key(seed, "price", name),
                           .shock_key = random_key(seed, "shock", name),
                           .spell_key = random_key(seed, "spell", name)};
}

/* Reclaims per hour that the plan counts on; 0 where nobody knows. */
static double planned_hazard(const struct scenario *s, const struct candidate *c,
                             const struct offer *o)
{
    const struct workload *w = &s->workloads[c->workload];
    if (w->hazard_per_h.given) return w->hazard_per_h.base;
    if (s->interruptions_per_day.given) return s->interruptions_per_day.base / 24;
    return isfinite(o->hazard_per_h) ? o->hazard_per_h : 0;
}

/* Shocks per hour for a machine that is taken at hazard_per_h: an event takes only a share of the machines, so that it has
 * to come more often. Where spells are fitted, one begins each, whatever the hazard. */
static double pool_shocks(const struct world_model *m, const struct spot_pool *k,
                          double hazard_per_h)
{
    if (m->shock_frac == 0) return 0;
    if (pool_has_spells(k)) return 1 / (k->fit->available.mean_h + k->fit->gone.mean_h);
    return pool_shock_frac(m, k) / k->fit->hit * hazard_per_h;
}

/* Pools of the spot offers that somebody could use. */
static void pools_make(struct world_model *m, struct arena *a)
{
    const struct plan *p = m->plan;
    m->pool_of = ARENA_NEW(a, size_t, p->n_offers + 1);
    for (size_t i = 0; i < p->n_offers; i++) m->pool_of[i] = SIZE_MAX;
    for (size_t i = 0; i < p->n_candidates; i++) {
        const struct candidate *c = &p->candidates[i];
        const struct offer *o = &p->offers[c->offer];
        if (!o->market->interruptible || !c->usable) continue;
        const char *name = arena_printf(a, "%s/%s/%s", book_type(p->book, o->type)->name, o->region,
                                        *o->zone ? o->zone : "-");
        if (pool_find(m, name) == SIZE_MAX) pool_add(m, o, name, a);
        const size_t k = m->pool_of[c->offer] = pool_find(m, name);
        m->pools[k].most_factor = fmin(m->pools[k].most_factor, most_factor(p, o));
        const double events_per_h = pool_shocks(m, &m->pools[k], planned_hazard(p->scenario, c, o));
        m->pools[k].shock_per_h = fmax(m->pools[k].shock_per_h, events_per_h);
    }
}

static void pools_mark(struct world_model *m)
{
    const struct plan *p = m->plan;
    for (size_t i = 0; i < p->n_stretches + p->n_holdings; i++) {
        const size_t offer =
            i < p->n_stretches ? p->stretches[i].offer : p->holdings[i - p->n_stretches].offer;
        if (m->pool_of[offer] != SIZE_MAX) m->pools[m->pool_of[offer]].used = true;
    }
}

enum err world_model_make(struct world_model *m, const struct plan *plan,
                          const struct world_settings *settings, struct arena *a, struct diag *d)
{
    const struct scenario *s = plan->scenario;
    *m = (struct world_model){.plan = plan, .settings = *settings, .spell_h = SPELL_H};
    const char *price = settings->price_model ? settings->price_model : s->spot_price;
    m->price = price_model_find(price ? price : "model");
    TRY(spot_fits_read(&m->fitted, s, a, d));
    const char *life = settings->life_model ? settings->life_model : s->lives;
    const char *otherwise = spot_fits_have(m->fitted, MODEL_LIVES) ? "fitted" : "exponential";
    m->life = life_model_find(life ? life : otherwise);
    m->shock_frac = settings->own_reclaims_only || settings->no_reclaims ? 0 : SHOCK_FRAC;
    m->factor_key = random_key(settings->seed, "spot_price_factor", NULL);
    m->hazard_key = random_key(settings->seed, "interruptions_per_day", NULL);
    m->work_key = ARENA_NEW(a, uint64_t, s->n_workloads + 1);
    m->boot_key = ARENA_NEW(a, uint64_t, s->n_workloads + 1);
    for (size_t i = 0; i < s->n_workloads; i++) {
        m->work_key[i] = random_key(settings->seed, "workload", s->workloads[i].name);
        m->boot_key[i] = random_key(settings->seed, "start-up", s->workloads[i].name);
    }
    pools_make(m, a);
    pools_mark(m);
    for (size_t i = 0; i < m->n_pools && m->price->prepare; i++)
        TRY(m->price->prepare(&m->pools[i].prices, m, &m->pools[i], a, d));
    return OK;
}

struct world *world_new(const struct world_model *m, struct arena *a)
{
    struct world *w = ARENA_NEW(a, struct world, 1);
    w->model = m;
    w->arena = a;
    w->paths = ARENA_NEW(a, struct price_path, m->n_pools + 1);
    w->shocks = ARENA_NEW(a, struct shock_path, m->n_pools + 1);
    return w;
}

/* The purposes of the draws of one workload: positions in its stream. */
enum { DRAW_WORK, DRAW_HAZARD, DRAW_LOAD, DRAW_SPEED, DRAW_RESTART = 1 << 16, DRAW_COLD_START };

static double draw(const struct world *w, const struct uncertain *value, uint64_t key, uint64_t at)
{
    if (!value->triple || w->model->settings.steady_amounts) return value->base;
    const double u = random_uniform_at(key, w->index, at);
    return pert_at(u, value->low, value->base, value->high);
}

/* Relative to base. */
static double draw_factor(const struct world *w, const struct uncertain *value, uint64_t key,
                          uint64_t at)
{
    if (!value->given || value->base <= 0) return 1;
    return draw(w, value, key, at) / value->base;
}

void world_start(struct world *w, uint64_t index)
{
    const struct world_model *m = w->model;
    const struct scenario *s = m->plan->scenario;
    w->index = index;
    w->price_factor = draw_factor(w, &s->spot_price_factor, m->factor_key, 0);
    w->interruptions_per_h = s->interruptions_per_day.given
                                 ? draw(w, &s->interruptions_per_day, m->hazard_key, 0) / 24
                                 : (double)NAN;
    const double base = s->interruptions_per_day.base / 24;
    const double factor =
        w->interruptions_per_h > 0 && base > 0 ? w->interruptions_per_h / base : 1;
    for (size_t i = 0; i < m->n_pools; i++) {
        w->paths[i].n = 0;
        w->paths[i].noise = random_start(m->pools[i].price_key, index);
        w->paths[i].jumps = random_start(random_key_of(m->pools[i].price_key, 1), index);
        w->paths[i].stock = random_start(random_key_of(m->pools[i].price_key, 2), index);
        w->paths[i].no_stock = false;
        w->paths[i].prices = m->pools[i].prices;
        w->paths[i].most_factor = m->pools[i].most_factor;
        w->shocks[i].n = 0;
        w->shocks[i].drawn_h = 0;
        w->shocks[i].per_h =
            m->settings.no_reclaims
                ? 0
                : m->pools[i].shock_per_h * (pool_has_spells(&m->pools[i]) ? 1 : factor);
    }
}

double world_work(const struct world *w, size_t workload)
{
    const struct workload *l = &w->model->plan->scenario->workloads[workload];
    const struct uncertain *amounts[] = {&l->gpu_hours, &l->vcpu_hours, &l->seconds_per_item};
    const struct uncertain *given = NULL;
    for (size_t i = 3; i-- > 0;)
        if (amounts[i]->given) given = amounts[i];
    return given ? draw_factor(w, given, w->model->work_key[workload], DRAW_WORK) : 1;
}

double world_speed(const struct world *w, size_t workload, size_t gpu)
{
    const struct plan *p = w->model->plan;
    const struct workload *l = &p->scenario->workloads[workload];
    for (size_t i = 0; i < l->n_speeds; i++)
        if (gpu != NO_GPU && l->speeds[i].value.triple &&
            book_gpu_find(p->book, l->speeds[i].name) == gpu)
            return draw_factor(w, &l->speeds[i].value, w->model->work_key[workload],
                               DRAW_SPEED + gpu);
    return 1;
}

double world_load(const struct world *w, size_t workload)
{
    const struct workload *l = &w->model->plan->scenario->workloads[workload];
    return draw_factor(w, &l->load_scale, w->model->work_key[workload], DRAW_LOAD);
}

static struct boot boot_of(const struct world *w, size_t workload, const struct uncertain *value,
                           double cv, uint64_t at)
{
    const struct world_model *m = w->model;
    return (struct boot){.mean_h = draw(w, value, m->work_key[workload], at),
                         .cv = m->settings.steady_amounts ? 0 : cv,
                         .key = random_key_of(m->boot_key[workload], at)};
}

struct boot world_restart(const struct world *w, size_t workload)
{
    const struct workload *l = &w->model->plan->scenario->workloads[workload];
    return boot_of(w, workload, &l->restart, l->restart_cv, DRAW_RESTART);
}

struct boot world_cold_start(const struct world *w, size_t workload)
{
    const struct workload *l = &w->model->plan->scenario->workloads[workload];
    return boot_of(w, workload, &l->cold_start, l->cold_start_cv, DRAW_COLD_START);
}

int64_t boot_us(const struct world *w, const struct boot *b, uint64_t place, uint64_t start,
                long machines)
{
    double hours = b->mean_h;
    if (b->cv > 0 && hours > 0) {
        /* The largest of n draws is the draw at the n-th root. */
        const double u = random_uniform_at(random_key_of(b->key, place), w->index, start);
        const double slowest = fmin(pow(u, 1 / (double)machines), 1 - 0x1p-53);
        hours = gamma_at(slowest, b->mean_h, b->cv * b->cv);
    }
    return llround(hours * (double)US_PER_H);
}

double world_hazard(const struct world *w, size_t workload, double base_per_h)
{
    if (w->model->settings.no_reclaims) return 0;
    const struct uncertain *own = &w->model->plan->scenario->workloads[workload].hazard_per_h;
    if (own->given) return draw(w, own, w->model->work_key[workload], DRAW_HAZARD);
    return isnan(w->interruptions_per_h) ? base_per_h : w->interruptions_per_h;
}
