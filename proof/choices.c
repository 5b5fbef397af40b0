/* Choices of machines: what an hour of an offer is worth to a job and what it costs (docs/model.md 2, 3.1, 3.3). Every choice that
 * may be used at all is kept; that no plan needs some of them is for their prices to show. */
#include "proof/model.h"
#include "proof/progress.h"
#include <math.h>
#include <string.h>

#define LOCAL_MBPS    200.0 /* checkpoints without a dataset of that name go to the machine's disk */
#define MBPS_PER_GBPS 125.0
#define LEAST_USEFUL  0.05

struct maker {
    struct proof *p;
    const struct proof_group *g;
    const struct workload *w;
};

static const struct offer *offer_of(const struct maker *k, const struct proof_choice *c)
{
    return &k->p->offers[c->offer];
}

static const struct proof_home *home_of(const struct maker *k, const struct proof_choice *c,
                                        size_t use, const struct proof_store **store)
{
    *store = &k->p->stores[proof_store_find(k->p, k->w->uses[use].use)];
    return &(*store)->homes[k->g->sites[c->site].home[use]];
}

static bool market_open(const struct maker *k, const struct proof_choice *c)
{
    const struct offer *o = offer_of(k, c);
    const unsigned bit = 1u << o->market->id;
    if (c->offer >= k->p->in.n_offers)
        return k->w->markets & (bit | 1u << MARKET_ON_DEMAND | 1u << MARKET_AUTOSCALED);
    if (!(k->w->markets & bit)) return false;
    const double longest = k->p->in.scenario->max_term_h;
    if (longest > 0 && o->term_h > longest) return false;
    if (!o->market->interruptible) return true;
    if (!k->w->tolerant) return false;
    if (k->w->protection == PROTECTION_HOUR) return o->protected_h > 0;
    return k->w->protection != PROTECTION_NONE || o->protected_h <= 0;
}

/* The on-demand offer that a spot discount is measured by: of the same zone, else of the region. */
static const struct offer *undiscounted(const struct maker *k, const struct offer *o)
{
    const struct offer *twin = NULL;
    for (size_t i = 0; i < k->p->in.n_offers; i++) {
        const struct offer *q = &k->p->offers[i];
        if (q->type != o->type || q->market->id != MARKET_ON_DEMAND ||
            !proof_same(q->region, o->region))
            continue;
        if (proof_same(q->zone, o->zone)) return q;
        twin = q;
    }
    return twin;
}

static bool spot_allowed(const struct maker *k, const struct offer *o)
{
    struct ratio most;
    if (!o->market->interruptible) return true;
    if (k->w->max_price.given &&
        price_convert(&most, k->w->max_price.money.amount, k->w->max_price.money.currency,
                      k->p->in.request) &&
        ratio_cmp(o->price_per_h, most) > 0)
        return false;
    if (k->w->min_discount <= 0) return true;
    const struct offer *twin = undiscounted(k, o);
    return twin && o->price <= (1 - k->w->min_discount) * ratio_value(twin->list_per_h);
}

/* Reclaims per machine-hour; NAN: not known. */
static double reclaim_rate(const struct maker *k, const struct offer *o)
{
    const struct scenario *s = k->p->in.scenario;
    if (!o->market->interruptible) return 0;
    if (k->w->hazard_per_h.given) return k->w->hazard_per_h.base;
    return s->interruptions_per_day.given ? s->interruptions_per_day.base / 24 : o->hazard_per_h;
}

/* MB/s of a home at its own size. */
static double own_rate(const struct proof_store *s, const struct proof_home *h)
{
    const struct storage_tariff *t = &h->tariff;
    const double size = fmax(s->size_gib, t->min_size_gib);
    return fmax(fmin(t->base_mbps + t->slope_mbps_per_gib * size, t->max_mbps),
                fmin(s->floor_mbps, t->max_mbps));
}

static double checkpoint_mbps(const struct maker *k, const struct proof_choice *c)
{
    for (size_t j = 0; j < k->w->n_uses; j++) {
        if (!proof_same(k->w->uses[j].use, "checkpoints")) continue;
        const struct proof_store *s;
        const struct proof_home *h = home_of(k, c, j, &s);
        const double asked = k->w->uses[j].throughput_mbps;
        const double rate = asked > 0 ? fmin(asked, h->tariff.max_mbps) : own_rate(s, h);
        return h->tariff.write_mbps > 0 ? fmin(rate, h->tariff.write_mbps) : rate;
    }
    return LOCAL_MBPS;
}

/* What one machine gets of a shared class. */
static double client_mbps(const struct storage_tariff *t)
{
    const double all = t->slope_mbps_per_gib > 0 ? t->max_mbps : fmin(t->base_mbps, t->max_mbps);
    return t->client_mbps > 0 ? fmin(t->client_mbps, all) : all;
}

/* Share of the time in which it computes and does not wait for data. */
static double stall(const struct maker *k, const struct proof_choice *c)
{
    const struct instance_type *t = book_type(k->p->in.book, offer_of(k, c)->type);
    double share = 1, network = 0;
    for (size_t j = 0; j < k->w->n_uses; j++) {
        const struct dataset_use *u = &k->w->uses[j];
        const struct proof_store *s;
        const struct proof_home *h = home_of(k, c, j, &s);
        const bool disk = h->class_->per_machine;
        if (!disk && u->throughput_mbps > h->tariff.max_mbps)
            share = fmin(share, h->tariff.max_mbps / u->throughput_mbps);
        if (u->reads <= 0) continue;
        const double need =
            c->fit.used * c->fit.speed * u->reads * u->size_gib * 1024 / k->g->work / 3600;
        share = fmin(share, (disk ? own_rate(s, h) : client_mbps(&h->tariff)) / need);
        if (!disk) network += need;
    }
    const double most = t->net_gbps > 0 ? t->net_gbps * MBPS_PER_GBPS : (double)INFINITY;
    return network > most ? fmin(share, most / network) : share;
}

static void set_loss(struct proof_progress *x, const struct maker *k, const struct proof_choice *c)
{
    const struct shape *shape = k->g->shape;
    const bool gang = shape->workers > 0, known = !isnan(k->g->work);
    const double rate = c->fit.used * c->fit.speed * c->stall;
    x->every_h = k->w->checkpoint_auto ? (double)NAN : k->w->checkpoint_every_h;
    x->work_h = gang && known ? k->g->work / (rate * (double)c->fit.machines) : (double)INFINITY;
    if (k->w->checkpoint_auto || k->w->checkpoint_every_h > 0) {
        x->loss = LOSS_CHECKPOINTS;
        return;
    }
    x->loss = !k->w->has_lost_per_hit && gang && known ? LOSS_ALL : LOSS_HOURS;
    x->write_h = 0;
    x->restart_h = k->w->restart.base;
    if (k->w->has_lost_per_hit)
        x->lost_h = k->w->lost_per_hit_h;
    else if (!gang) { /* half an item */
        const double item = k->w->seconds_per_item.given ? k->w->seconds_per_item.base / 3600 : 1;
        const double worker = shape->gpus_per_worker > 0 ? (double)shape->gpus_per_worker : 1;
        x->lost_h = item / 2 / (c->fit.speed * c->stall * worker);
    }
}

static bool set_useful(const struct maker *k, struct proof_choice *c, double lambda)
{
    const struct offer *o = offer_of(k, c);
    const double transfer = k->w->checkpoint_size_gib * 1024 / checkpoint_mbps(k, c) / 3600;
    struct proof_progress x = {.lambda = lambda,
                               .protected_h = o->protected_h,
                               .machines = c->fit.machines,
                               .write_h = transfer,
                               .restart_h = k->w->restart.base + transfer,
                               .gone_h = o->start_delay_h};
    set_loss(&x, k, c);
    const struct proof_useful useful = proof_useful(&x);
    c->restart_h = x.restart_h;
    c->u = useful.u;
    c->w = useful.w;
    if (useful.u < LEAST_USEFUL) return false;
    if (!k->p->in.spot_gamma || !o->market->interruptible) return true;
    c->u *= k->p->in.spot_gamma[k->g->workload];
    return c->u > 0;
}

struct ratio proof_licence_unit(const struct proof *p, const struct workload *w, bool *known)
{
    struct ratio price = w->licence_price.money.amount, hour = RATIO_ZERO;
    enum currency currency = w->licence_price.money.currency;
    const enum money_per per = w->licence_price.money.per;
    int64_t hours = per == PER_DAY     ? 24
                    : per == PER_MONTH ? HOURS_PER_MONTH
                    : per == PER_YEAR  ? HOURS_PER_YEAR
                                       : 1;
    if (!w->licence_price.given) {
        const struct licence_price *row = book_licence(p->in.book, w->licence_name);
        hours = row->unit == UNIT_MONTH  ? HOURS_PER_MONTH
                : row->unit == UNIT_YEAR ? HOURS_PER_YEAR
                                         : 1;
        price = row->price;
        currency = row->currency;
    }
    *known = price_convert(&price, price, currency, p->in.request) &&
             ratio_div(&hour, price, (struct ratio){hours, 1});
    return hour;
}

/* Licence and disks, both paid while the machine is held. */
static bool set_extras(const struct maker *k, struct proof_choice *c)
{
    c->licence = c->disk = RATIO_ZERO;
    if (k->w->has_licence && k->w->licence_per != LICENCE_SEAT) {
        bool known;
        const double gpus = book_type(k->p->in.book, offer_of(k, c)->type)->gpus;
        const int64_t units = k->w->licence_per == LICENCE_GPU ? (int64_t)ceil(gpus) : 1;
        const struct ratio unit = proof_licence_unit(k->p, k->w, &known);
        if (!known || !ratio_mul(&c->licence, unit, (struct ratio){units, 1})) return false;
    }
    for (size_t j = 0; j < k->w->n_uses; j++) {
        const struct proof_store *s;
        const struct proof_home *h = home_of(k, c, j, &s);
        if (!h->class_->per_machine) continue;
        const int64_t gib = (int64_t)ceil(fmax(s->size_gib, h->tariff.min_size_gib));
        struct ratio part;
        if (!ratio_mul(&part, h->price_gib_h, (struct ratio){gib, 1}) ||
            !ratio_add(&c->disk, c->disk, part))
            return false;
    }
    return true;
}

/* Units of a limit that one machine takes; of a savings plan money per hour. */
static double units_of(const struct maker *k, const struct proof_limit *l,
                       const struct proof_choice *c)
{
    const struct offer *o = offer_of(k, c);
    if (l->kind != PROOF_SAVINGS) return proof_units(k->p, l, c->offer);
    return l->buys ? o->price : ratio_value(o->list_per_h) * (1 - l->discount);
}

/* A gang needs all its machines at one time. */
static bool ever_together(const struct maker *k, const struct proof_choice *c)
{
    const struct proof *p = k->p;
    const bool bought =
        offer_of(k, c)->market->id == MARKET_SUBSCRIPTION && c->offer < p->in.n_offers;
    for (size_t i = 0; k->g->shape->workers && i < p->n_limits; i++) {
        const struct proof_limit *l = &p->limits[i];
        if (l->buys) continue;
        if (!(bought && proof_holds(p, l, c->offer)) && !proof_covers(p, l, c->offer, k->g->owner))
            continue;
        if ((double)c->fit.machines * units_of(k, l, c) > proof_amount_most(l) * (1 + 1e-9))
            return false;
    }
    return true;
}

static void set_uses(const struct maker *k, struct proof_choice *c)
{
    const struct proof *p = k->p;
    const struct offer *o = offer_of(k, c);
    if (o->market->id == MARKET_SUBSCRIPTION) c->booked += o->price;
    for (size_t i = 0; i < p->n_limits; i++) {
        const struct proof_limit *l = &p->limits[i];
        if (!proof_covers(p, l, c->offer, k->g->owner)) continue;
        const double units = units_of(k, l, c);
        if (l->kind == PROOF_SAVINGS) c->booked = c->cost + units;
        *ARENA_PUSH(p->arena, c->uses, c->n_uses) = (struct proof_use){i, units};
    }
}

/* False: this offer is not to be used. */
static bool complete(const struct maker *k, struct proof_choice *c)
{
    const struct offer *o = offer_of(k, c);
    if (!c->fit.ok || !market_open(k, c) || !spot_allowed(k, o)) return false;
    const double lambda = reclaim_rate(k, o);
    if (isnan(lambda) || !set_extras(k, c)) return false;
    c->spot = o->market->interruptible;
    c->stall = c->w = 1;
    if (k->g->service) {
        c->u = lambda > 0 ? proof_serving(lambda, o->protected_h, k->w->restart.base) : 1;
    } else {
        c->stall = stall(k, c);
        if (!ever_together(k, c) || !set_useful(k, c, lambda)) return false;
    }
    const bool prepaid =
        o->market->id == MARKET_SUBSCRIPTION || o->market->id == MARKET_SAVINGS_PLAN;
    c->cost = c->booked = (prepaid ? 0 : o->price) + ratio_value(c->licence) + ratio_value(c->disk);
    c->work = c->fit.used * c->fit.speed * c->u * c->stall;
    c->clock = c->w / (double)c->fit.machines;
    c->gpus = c->fit.used * c->w;
    set_uses(k, c);
    return true;
}

void proof_choices_fill(struct proof *p, struct proof_group *g)
{
    const struct maker k = {p, g, g->shape->workload};
    const size_t n = book_type_count(p->in.book);
    struct fit *fits = ARENA_NEW(p->arena, struct fit, n + 1);
    bool *known = ARENA_NEW(p->arena, bool, n + 1);
    proof_sites_make(p, g);
    for (size_t s = 0; s < g->n_sites; s++)
        for (size_t i = 0; i < p->n_offers; i++) {
            const size_t type = p->offers[i].type;
            if (g->sites[s].region && !proof_same(g->sites[s].region, p->offers[i].region))
                continue;
            if (!known[type])
                fits[type] = fit_check(g->shape, book_type(p->in.book, type), p->in.book, p->arena);
            known[type] = true;
            struct proof_choice c = {.offer = i, .site = s, .fit = fits[type]};
            if (complete(&k, &c)) *ARENA_PUSH(p->arena, g->choices, g->n_choices) = c;
        }
}

double proof_parallel(const struct demand *d)
{
    const struct shape *s = d->shape;
    if (s->workers) return INFINITY;
    double workers = s->max_workers ? (double)s->max_workers : (double)INFINITY;
    if (d->items > 0) workers = fmin(workers, d->items);
    const double vcpu = s->workload->vcpu > 0 ? (double)s->workload->vcpu : 1;
    return workers * (s->cpu ? vcpu : s->gpu_share > 0 ? s->gpu_share : (double)s->gpus_per_worker);
}

static bool reads_data(const struct workload *w)
{
    for (size_t j = 0; j < w->n_uses; j++)
        if (w->uses[j].reads > 0) return true;
    return false;
}

static bool same_number(double a, double b)
{
    return (isnan(a) && isnan(b)) || (a >= b && a <= b);
}

/* Number from 1 of the group with this shape and work; 0: there is none. */
static size_t group_find(const struct proof *p, const struct shape *shape, double work)
{
    size_t g = p->n_groups;
    while (g > 0 && (p->groups[g - 1].shape != shape || !same_number(p->groups[g - 1].work, work)))
        g--;
    return g;
}

static size_t group_add(struct proof *p, const struct shape *shape, double work)
{
    const struct workload *w = shape->workload;
    *ARENA_PUSH(p->arena, p->groups, p->n_groups) =
        (struct proof_group){.shape = shape,
                             .workload = (size_t)(w - p->in.scenario->workloads),
                             .owner = w->owner,
                             .work = work};
    proof_choices_fill(p, &p->groups[p->n_groups - 1]);
    return p->n_groups;
}

/* Jobs of one shape see the same choices; of gangs and of work that reads data only those with the same work do. */
void proof_choices_make(struct proof *p)
{
    const struct demand_list *jobs = p->in.demands;
    const struct shape *shape =
        NULL; /* of the job before, and its group where all of the shape are in it */
    size_t last = 0;
    p->group_of = ARENA_NEW(p->arena, size_t, jobs->n + 1);
    for (size_t i = 0; i < jobs->n; i++) {
        const struct demand *d = &jobs->items[i];
        const bool own = d->shape->workers || reads_data(d->shape->workload);
        const double work = own && d->work > 0 ? d->work : (double)NAN;
        size_t g = !own && d->shape == shape ? last : group_find(p, d->shape, work);
        if (g == 0) g = group_add(p, d->shape, work);
        shape = own ? NULL : d->shape;
        last = g;
        p->group_of[i] = g - 1;
    }
}
