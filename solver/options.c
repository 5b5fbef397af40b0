/* Options: which machine choices each group of demands has, and what an hour of each is worth and costs. Dominated
 * options are dropped: they use at least as much of everything per unit of useful work, so no optimum needs them. */
#include "solver/options.h"
#include "common/text.h"
#include <math.h>
#include <string.h>

/* Price of one unit of the licence per hour, from the scenario or else from the book. */
bool licence_unit_price(struct ratio *price, bool *estimated, const struct model *m,
                        const struct workload *w)
{
    const struct money *own = &w->licence_price.money;
    int64_t hours = own->per == PER_DAY ? 24 : 1;
    if (own->per == PER_MONTH) hours = HOURS_PER_MONTH;
    if (own->per == PER_YEAR) hours = HOURS_PER_YEAR;
    enum currency currency = own->currency;
    *price = own->amount;
    *estimated = false;
    if (!w->licence_price.given) {
        const struct licence_price *row = book_licence(m->book, w->licence_name);
        hours = row->unit == UNIT_MONTH  ? HOURS_PER_MONTH
                : row->unit == UNIT_YEAR ? HOURS_PER_YEAR
                                         : 1;
        currency = row->currency;
        *price = row->price;
        *estimated = confidence_is_estimate(row->origin.confidence);
    }
    return price_convert(price, *price, currency, &m->request) &&
           ratio_div(price, *price, (struct ratio){hours, 1});
}

/* False when the amount is not to be had in the run's currency. */
static bool set_licence(struct option *o, const struct model *m, const struct workload *w)
{
    const struct instance_type *t = book_type(m->book, m->offers[o->offer].type);
    o->licence_price = RATIO_ZERO;
    if (!w->has_licence || w->licence_per == LICENCE_SEAT) return true;
    const int64_t units = w->licence_per == LICENCE_GPU ? (int64_t)ceil(t->gpus) : 1;
    struct ratio price;
    return licence_unit_price(&price, &o->licence_estimated, m, w) &&
           ratio_mul(&o->licence_price, price, (struct ratio){units, 1});
}

static bool is_existing(const struct model *m, const struct offer *o)
{
    return (size_t)(o - m->offers) >= m->quoted.n;
}

/* Why this market is closed to the workload, or NULL. Commitments that exist serve whoever may pay as he goes. */
static const char *market_closed(const struct model *m, const struct workload *w,
                                 const struct offer *o)
{
    const unsigned bit = 1u << o->market->id;
    const unsigned payg = 1u << MARKET_ON_DEMAND | 1u << MARKET_AUTOSCALED;
    if (is_existing(m, o)) return w->markets & (bit | payg) ? NULL : _("market not in purchase");
    if (!(w->markets & bit)) return _("market not in purchase");
    if (m->scenario->max_term_h > 0 && o->term_h > m->scenario->max_term_h)
        return _("its term is longer than catalog.max_term");
    if (!o->market->interruptible) return NULL;
    if (!w->tolerant) return _("interruption.tolerant is false, so spot is out");
    if (w->protection == PROTECTION_HOUR && o->protected_h <= 0)
        return _("spot.protection asks for the protected first hour");
    if (w->protection == PROTECTION_NONE && o->protected_h > 0)
        return _("spot.protection asks for no protection");
    return NULL;
}

static const struct offer *on_demand_twin(const struct model *m, const struct offer *o)
{
    const struct offer *region = NULL;
    for (size_t i = 0; i < m->quoted.n; i++) {
        const struct offer *p = &m->quoted.items[i];
        if (p->type != o->type || p->market->id != MARKET_ON_DEMAND ||
            strcmp(p->region, o->region) != 0)
            continue;
        if (!strcmp(p->zone, o->zone)) return p;
        region = p;
    }
    return region;
}

static const char *spot_guard(const struct model *m, const struct workload *w,
                              const struct offer *o)
{
    if (!o->market->interruptible) return NULL;
    struct ratio most;
    if (w->max_price.given &&
        price_convert(&most, w->max_price.money.amount, w->max_price.money.currency, &m->request) &&
        ratio_cmp(o->price_per_h, most) > 0)
        return _("the spot price is above spot.max_price");
    if (w->min_discount <= 0) return NULL;
    const struct offer *twin = on_demand_twin(m, o);
    if (!twin || o->price > (1 - w->min_discount) * ratio_value(twin->list_per_h))
        return _("the spot discount is smaller than spot.min_discount");
    return NULL;
}

/* Reclaims of one machine per hour: workload, then simulate, then the book. NAN: nobody knows. */
static double hazard_of(const struct model *m, const struct workload *w, const struct offer *o)
{
    if (!o->market->interruptible) return 0;
    if (w->hazard_per_h.given) return w->hazard_per_h.base;
    if (m->scenario->interruptions_per_day.given)
        return m->scenario->interruptions_per_day.base / 24;
    return o->hazard_per_h;
}

/* Read or write rate of a home as provisioned for its own needs, MB/s. */
static double home_rate(const struct store *s, const struct home *h)
{
    const struct storage_tariff *t = &h->tariff;
    const double size = fmax(s->size_gib, t->min_size_gib);
    const double rate = fmin(t->base_mbps + t->slope_mbps_per_gib * size, t->max_mbps);
    return fmax(rate, fmin(s->floor_mbps, t->max_mbps));
}

static double checkpoint_mbps(const struct model *m, const struct group *g, const struct site *site)
{
    const struct workload *w = g->shape->workload;
    for (size_t j = 0; j < w->n_uses; j++) {
        if (strcmp(w->uses[j].use, "checkpoints") != 0) continue;
        const struct store *s = &m->stores[store_find(m, w->uses[j].use)];
        const struct home *h = &s->homes[site->home[j]];
        const double rate = w->uses[j].throughput_mbps > 0
                                ? fmin(w->uses[j].throughput_mbps, h->tariff.max_mbps)
                                : home_rate(s, h);
        return h->tariff.write_mbps > 0 ? fmin(rate, h->tariff.write_mbps) : rate;
    }
    return LOCAL_DISK_MBPS;
}

/* Uninterrupted clock hours of the whole work on this option. */
static double gang_hours(const struct group *g, const struct option *o)
{
    const double rate = o->fit.used * o->fit.speed * o->stall * (double)o->fit.machines;
    return isnan(g->work) ? (double)INFINITY : g->work / rate;
}

static void describe_progress(struct interruption *in, const struct group *g,
                              const struct option *o)
{
    const struct workload *w = g->shape->workload;
    in->work_h = g->shape->workers ? gang_hours(g, o) : (double)INFINITY;
    in->tau_h = NAN;
    if (w->checkpoint_auto || w->checkpoint_every_h > 0) {
        in->kind = PROGRESS_CHECKPOINTS;
        if (!w->checkpoint_auto) in->tau_h = w->checkpoint_every_h;
    } else if (w->has_lost_per_hit) {
        in->kind = PROGRESS_FIXED_LOSS;
        in->lost_h = w->lost_per_hit_h;
    } else if (g->shape->workers && isnan(g->work)) {
        in->kind = PROGRESS_FIXED_LOSS; /* a gang without work has nothing to lose */
    } else if (g->shape->workers) {
        in->kind = PROGRESS_RESTART;
    } else {
        const double item_h = w->seconds_per_item.given ? w->seconds_per_item.base / 3600 : 1;
        const double worker_gpus =
            g->shape->gpus_per_worker > 0 ? (double)g->shape->gpus_per_worker : 1;
        in->kind = PROGRESS_HALF_ITEM;
        in->lost_h = item_h / (2 * o->fit.speed * o->stall * worker_gpus);
    }
}

static bool set_useful(struct option *o, const struct model *m, const struct group *g,
                       double hazard)
{
    const struct workload *w = g->shape->workload;
    const struct offer *offer = &m->offers[o->offer];
    const double mbps = checkpoint_mbps(m, g, &g->sites[o->site]);
    const double transfer_h = w->checkpoint_size_gib * 1024 / mbps / 3600;
    struct interruption in = {.lambda = hazard,
                              .protected_h = offer->protected_h,
                              .n = o->fit.machines,
                              .ck_h = transfer_h,
                              .rs_h = w->restart.base + transfer_h,
                              .dn_h = offer->start_delay_h};
    describe_progress(&in, g, o);
    if (in.kind != PROGRESS_CHECKPOINTS) {
        in.ck_h = 0;
        in.rs_h = w->restart.base;
    }
    o->rs_h = in.rs_h;
    o->interruption = in;
    return interruption_useful(&o->useful, &in);
}

/* What one machine can get of a shared class: its own share, never more than the class can be made to give. */
static double client_rate(const struct storage_tariff *t)
{
    const double all = t->slope_mbps_per_gib > 0 ? t->max_mbps : fmin(t->base_mbps, t->max_mbps);
    return t->client_mbps > 0 ? fmin(t->client_mbps, all) : all;
}

/* Stall: the machine waits for data when a dataset or its own network is slower than it computes. */
static double stall_of(const struct model *m, const struct group *g, const struct option *o)
{
    const struct workload *w = g->shape->workload;
    const struct instance_type *t = book_type(m->book, m->offers[o->offer].type);
    const double work_rate = o->fit.used * o->fit.speed;
    const double nic_mbps = t->net_gbps > 0 ? t->net_gbps * MBPS_PER_GBPS : (double)INFINITY;
    double stall = 1, shared_need = 0;
    for (size_t j = 0; j < w->n_uses; j++) {
        const struct dataset_use *u = &w->uses[j];
        const struct store *s = &m->stores[store_find(m, u->use)];
        const struct home *h = &s->homes[g->sites[o->site].home[j]];
        if (u->throughput_mbps > h->tariff.max_mbps && !h->class_->per_machine)
            stall = fmin(stall, h->tariff.max_mbps / u->throughput_mbps);
        if (u->reads <= 0) continue;
        const double need = work_rate * u->reads * u->size_gib * 1024 / g->work / 3600;
        const double most = h->class_->per_machine ? home_rate(s, h) : client_rate(&h->tariff);
        stall = fmin(stall, most / need);
        if (!h->class_->per_machine) shared_need += need;
    }
    return shared_need > nic_mbps ? fmin(stall, nic_mbps / shared_need) : stall;
}

/* Disks of the machine, at the size that is sold. False when the amount is too large. */
static bool set_disks(struct option *o, const struct model *m, const struct group *g)
{
    const struct workload *w = g->shape->workload;
    const struct site *site = &g->sites[o->site];
    o->disk_price = RATIO_ZERO;
    for (size_t j = 0; j < w->n_uses; j++) {
        const struct store *s = &m->stores[store_find(m, w->uses[j].use)];
        const struct home *h = &s->homes[site->home[j]];
        if (!h->class_->per_machine) continue;
        const double size_gib = ceil(fmax(s->size_gib, h->tariff.min_size_gib));
        struct ratio part;
        if (!ratio_mul(&part, h->price_gib_h, (struct ratio){(int64_t)size_gib, 1}) ||
            !ratio_add(&o->disk_price, o->disk_price, part))
            return false;
        o->disk_estimated = o->disk_estimated || h->estimated;
    }
    return true;
}

double limit_units(const struct capacity *c, const struct model *m, const struct offer *offer)
{
    if (c->kind == LIMIT_SAVINGS_PLAN)
        return c->buys ? offer->price : ratio_value(offer->list_per_h) * (1 - c->discount);
    return c->in_gpus ? book_type(m->book, offer->type)->gpus : 1;
}

static void set_limits(struct option *o, const struct model *m, const struct group *g)
{
    const struct offer *offer = &m->offers[o->offer];
    for (size_t l = 0; l < m->n_limits; l++) {
        const struct capacity *c = &m->limits[l];
        if (!capacity_covers(c, m, offer, g->shape->workload->owner)) continue;
        *ARENA_PUSH(m->arena, o->limits, o->n_limits) = (struct use){l, limit_units(c, m, offer)};
    }
}

static void set_costs(struct option *o, const struct model *m, const struct group *g)
{
    const struct offer *offer = &m->offers[o->offer];
    const struct fit *f = &o->fit;
    o->spot = offer->market->interruptible;
    o->licence_per_h = ratio_value(o->licence_price);
    o->disk_per_h = ratio_value(o->disk_price);
    o->estimated = offer->estimated;
    const bool prepaid =
        offer->market->id == MARKET_SUBSCRIPTION || offer->market->id == MARKET_SAVINGS_PLAN;
    o->cost_per_h = (prepaid ? 0 : offer->price) + o->licence_per_h + o->disk_per_h;
    o->work_per_h = f->used * f->speed * o->useful.u * o->stall;
    o->clock_per_h = o->useful.w / (double)f->machines;
    o->gpus_per_h = f->used * o->useful.w;
    set_limits(o, m, g);
}

/* A gang whose machines can never be had at one time. */
static const char *never_together(const struct option *o, const struct model *m,
                                  const struct group *g)
{
    const struct offer *offer = &m->offers[o->offer];
    const bool bought = offer->market->id == MARKET_SUBSCRIPTION && o->offer < m->quoted.n;
    for (size_t l = 0; g->shape->workers && l < m->n_limits; l++) {
        const struct capacity *c = &m->limits[l];
        const bool holds = bought && subscription_counts(c, m, offer);
        if (c->buys || (!holds && !capacity_covers(c, m, offer, g->shape->workload->owner)))
            continue;
        const double most = capacity_most(c),
                     units = (double)o->fit.machines * limit_units(c, m, offer);
        if (units <= most * (1 + 1e-9)) continue;
        return arena_printf(m->arena, _("the gang needs %g at a time, %s allows %g"), units, c->key,
                            most);
    }
    return NULL;
}

/* Spot counts for less than its expectation where a deadline must hold with confidence. False: not at all. */
static bool derate(struct option *o, const struct model *m, const struct group *g)
{
    if (!m->spot_gamma || !m->offers[o->offer].market->interruptible) return true;
    const double gamma = m->spot_gamma[g->workload];
    o->useful.lost_share += (1 - gamma) * o->useful.u;
    o->useful.u *= gamma;
    return gamma > 0;
}

/* NULL when the option may be used, else the reason why not; *checks counts what was passed before. */
const char *option_build(struct option *o, const struct model *m, const struct group *g,
                         int *checks)
{
    const struct workload *w = g->shape->workload;
    const struct offer *offer = &m->offers[o->offer];
    const char *closed = market_closed(m, w, offer);
    *checks = 0;
    if (closed) return closed;
    if (m->rule && m->rule->allows && !m->rule->allows(m->rule, w, offer)) return m->rule->reason;
    ++*checks;
    if (!o->fit.ok) return o->fit.reason;
    ++*checks;
    if ((closed = spot_guard(m, w, offer))) return closed;
    const double hazard = hazard_of(m, w, offer);
    if (isnan(hazard)) return _("no reclaim rate is known: give spot.hazard_per_h");
    if (!set_disks(o, m, g)) return _("the price of its disks is too large");
    if (!set_licence(o, m, w))
        return _("the licence has no price in this currency: give licence.price or fx");
    ++*checks;
    if (g->service) {
        o->stall = 1;
        o->useful.u = hazard > 0 ? service_useful(hazard, offer->protected_h, w->restart.base) : 1;
        o->useful.w = 1;
        set_costs(o, m, g);
        return NULL;
    }
    o->stall = stall_of(m, g, o);
    const char *crowded = never_together(o, m, g);
    if (crowded) return crowded;
    if (!set_useful(o, m, g, hazard))
        return arena_printf(
            m->arena, _("would in effect never finish: only %.1f%% of a paid spot hour is useful"),
            100 * o->useful.u);
    if (!derate(o, m, g)) return _("spot would miss the deadline more often than asked for");
    set_costs(o, m, g);
    return NULL;
}

void candidate_note(struct model *m, const struct group *g, const struct option *o,
                    const char *reason, int checks)
{
    struct candidate *c = ARENA_PUSH_ALONE(m->arena, m->candidates, m->n_candidates);
    *c = (struct candidate){.workload = g->workload,
                            .shape = g->service ? NONE : (size_t)(g->shape - m->demands->shapes),
                            .offer = o->offer,
                            .enters_below = (double)NAN,
                            .enters_speed = (double)NAN,
                            .placement = o->site,
                            .fit = o->fit,
                            .useful = o->useful,
                            .interruption = o->interruption,
                            .checks = checks,
                            .usable = !reason,
                            .reason = reason,
                            .reason_at = o->fit.reason_at,
                            .dominated_by = NONE};
    if (reason || g->service) return;
    c->stall = o->stall;
    c->cost_per_useful = o->cost_per_h / o->work_per_h;
    c->licence_part = o->licence_per_h / o->work_per_h;
    c->disk_part = o->disk_per_h / o->work_per_h;
    const double price = (o->cost_per_h - o->licence_per_h - o->disk_per_h) / o->work_per_h;
    c->price_part = price * o->useful.u;
    c->rework_part = price - c->price_part;
}

/* Amount of limit l per unit of useful work. */
double option_limit_units(const struct option *o, size_t l)
{
    for (size_t i = 0; i < o->n_limits; i++)
        if (o->limits[i].limit == l) return o->limits[i].units;
    return 0;
}

static double limit_per_work(const struct option *o, size_t l)
{
    for (size_t i = 0; i < o->n_limits; i++)
        if (o->limits[i].limit == l) return o->limits[i].units / o->work_per_h;
    return 0;
}

/* Two subscriptions of one type: with nothing that binds a machine to a place the cheaper one serves everybody. */
static bool cheaper_subscription(const struct model *m, const struct option *a,
                                 const struct option *b)
{
    const struct offer *x = &m->offers[a->offer], *y = &m->offers[b->offer];
    if (x->market->id != MARKET_SUBSCRIPTION || y->market->id != MARKET_SUBSCRIPTION ||
        x->type != y->type)
        return false;
    if (m->n_stores || is_existing(m, x) || is_existing(m, y)) return false;
    for (size_t l = 0; l < m->n_limits; l++)
        if (m->limits[l].region) return false;
    return x->price <= y->price;
}

bool option_dominates(const struct model *m, const struct option *a, const struct option *b,
                      const struct group *g)
{
    if (cheaper_subscription(m, a, b)) return true;
    if (a->cost_per_h * b->work_per_h > b->cost_per_h * a->work_per_h) return false;
    if (g->shape->workers && a->clock_per_h / a->work_per_h > b->clock_per_h / b->work_per_h)
        return false;
    if (g->capped && a->gpus_per_h / a->work_per_h > b->gpus_per_h / b->work_per_h) return false;
    if (g->shape->spot_max_frac < 1 && a->spot && !b->spot) return false;
    if (!isnan(g->work) && a->useful.u < b->useful.u)
        return false; /* reads per useful work go as 1/u */
    for (size_t i = 0; i < a->n_limits; i++)
        if (a->limits[i].units / a->work_per_h > limit_per_work(b, a->limits[i].limit))
            return false;
    return true;
}

/* Besides what the LP sees, a smaller machine that is not much dearer stays: whole machines of it fit where larger ones
 * leave a rest of a quota or of a parallel limit unused. */
static bool dominates(const struct model *m, const struct option *a, const struct option *b,
                      const struct group *g)
{
    if (a->site != b->site || !option_dominates(m, a, b, g)) return false;
    /* Of two that cost the same the one that rests on a quoted price stays. */
    if (a->estimated && !b->estimated &&
        a->cost_per_h * b->work_per_h >= b->cost_per_h * a->work_per_h)
        return false;
    const bool finer = b->fit.used < a->fit.used;
    return !finer || b->cost_per_h * a->work_per_h > FINER_WORTH * a->cost_per_h * b->work_per_h;
}

/* Shapes whose divisible work is capped: by max_workers, or by its number of items. */
static bool *find_capped(const struct model *m)
{
    bool *capped = ARENA_NEW(m->arena, bool, m->demands->n_shapes + 1);
    for (size_t i = 0; i < m->demands->n; i++) {
        const struct demand *d = &m->demands->items[i];
        if (!isinf(max_gpus(d))) capped[d->shape - m->demands->shapes] = true;
    }
    return capped;
}

static void keep_option(struct model *m, struct group *g, const struct option *o)
{
    for (size_t i = 0; i < g->n_options; i++)
        if (dominates(m, &g->options[i], o, g)) {
            if (!g->first_of_shape) return;
            m->candidates[m->n_candidates - 1].dominated = true;
            m->candidates[m->n_candidates - 1].dominated_by = g->options[i].offer;
            return;
        }
    size_t kept = 0;
    for (size_t i = 0; i < g->n_options; i++)
        if (!dominates(m, o, &g->options[i], g)) g->options[kept++] = g->options[i];
    g->n_options = kept;
    *ARENA_PUSH(m->arena, g->options, g->n_options) = *o;
}

static void add_options(struct model *m, struct group *g, const struct fit *fits, size_t site)
{
    for (size_t i = 0; i < m->n_offers; i++) {
        const struct offer *offer = &m->offers[i];
        if (g->sites[site].region && strcmp(g->sites[site].region, offer->region) != 0) continue;
        struct option o = {.offer = i, .site = site, .fit = fits[offer->type]};
        if (m->rule && m->rule->priced == i && m->rule->quicker > 0)
            o.fit.speed *= m->rule->quicker;
        int checks;
        const char *reason = option_build(&o, m, g, &checks);
        if (g->first_of_shape) candidate_note(m, g, &o, reason, checks);
        if (!reason) keep_option(m, g, &o);
    }
}

static enum err fill_group(struct model *m, struct group *g)
{
    const size_t n = book_type_count(m->book);
    struct fit *fits = ARENA_NEW(m->arena, struct fit, n + 1);
    bool *checked = ARENA_NEW(m->arena, bool, n + 1);
    for (size_t i = 0; i < m->n_offers; i++) {
        const size_t type = m->offers[i].type;
        if (checked[type]) continue;
        checked[type] = true;
        fits[type] = fit_check(g->shape, book_type(m->book, type), m->book, m->arena);
    }
    TRY(sites_make(g, m));
    for (size_t s = 0; s < g->n_sites; s++) add_options(m, g, fits, s);
    return OK;
}

static bool reads_data(const struct workload *w)
{
    for (size_t j = 0; j < w->n_uses; j++)
        if (w->uses[j].reads > 0) return true;
    return false;
}

static bool same_work(double a, double b)
{
    return (isnan(a) && isnan(b)) || a == b;
}

enum err options_make(struct model *m)
{
    const struct demand_list *list = m->demands;
    const bool *capped = find_capped(m);
    m->group_of = ARENA_NEW(m->arena, size_t, list->n + 1);
    size_t last = NONE;
    for (size_t i = 0; i < list->n; i++) {
        const struct demand *d = &list->items[i];
        const bool own = d->shape->workers || reads_data(d->shape->workload);
        const double work = own && d->work > 0 ? d->work : (double)NAN;
        size_t found = NONE;
        bool first = true;
        if (last != NONE && m->groups[last].shape == d->shape &&
            same_work(m->groups[last].work, work))
            found = last;
        for (size_t k = 0; found == NONE && k < m->n_groups; k++) {
            if (m->groups[k].shape != d->shape) continue;
            first = false;
            if (same_work(m->groups[k].work, work)) found = k;
        }
        if (found == NONE) {
            struct group *g = ARENA_PUSH(m->arena, m->groups, m->n_groups);
            *g = (struct group){.shape = d->shape,
                                .work = work,
                                .first_of_shape = first,
                                .capped = capped[d->shape - list->shapes],
                                .workload = (size_t)(d->shape->workload - m->scenario->workloads)};
            TRY(fill_group(m, g));
            found = m->n_groups - 1;
        }
        m->group_of[i] = last = found;
    }
    return OK;
}
