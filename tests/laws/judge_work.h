/* The judge's look at single stretches and at demands. */
#ifndef TESTS_LAWS_JUDGE_WORK_H
#define TESTS_LAWS_JUDGE_WORK_H

#include "tests/laws/facts.h"

/* --- single stretches --- */

/* Is what is used within a limit? Parts of machines are known to the microsecond of their hours only. */
static inline bool is_within(const struct judge *j, double used, double limit)
{
    return at_most(used, limit, j->s->scenario->relaxed ? 1000 : 1);
}

/* Machines of a stretch at a time; with integrality none parts of machines, as many as its open time needs. */
static inline double find_running(const struct judge *j, const struct stretch *x)
{
    const struct asked *a = &j->asked[x->demand];
    const int64_t end = (a->late ? j->p->length_min : a->due_min) * US_PER_MIN;
    int64_t open = 0;
    if (!j->s->scenario->relaxed) return (double)x->machines;
    for (int64_t m = x->from_us / US_PER_MIN; m * US_PER_MIN < x->to_us; m++) {
        const int64_t from = m * US_PER_MIN > x->from_us ? m * US_PER_MIN : x->from_us;
        const int64_t to = (m + 1) * US_PER_MIN < x->to_us ? (m + 1) * US_PER_MIN : x->to_us;
        if (from >= a->release_min * US_PER_MIN && to <= end && minute_allowed(j->p, a->w, (int)m))
            open += to - from;
    }
    return (double)x->paid_us / (double)open;
}

static inline double running(const struct judge *j, const struct stretch *x)
{
    return j->machines[x - j->plan->stretches];
}

static inline int largest_use(const struct judge *j, int dataset)
{
    int size = 0;
    for (int i = 0; i < j->p->n_workloads; i++)
        for (int k = 0; k < j->p->workloads[i].n_uses; k++) {
            const struct use *u = &j->p->workloads[i].uses[k];
            if (u->dataset == dataset && u->size_gib > size) size = u->size_gib;
        }
    return size;
}

/* Does a dataset lie in more than one place? Then the plan does not say which part a machine reads. */
static inline bool is_split(const struct judge *j)
{
    for (size_t i = 0; i < j->plan->n_datasets; i++)
        if (j->plan->datasets[i].share < 1) return true;
    return false;
}

static inline const struct dataset_choice *home_of(const struct judge *j, int dataset)
{
    for (size_t i = 0; i < j->plan->n_datasets; i++)
        if (!strcmp(j->s->scenario->datasets[j->plan->datasets[i].dataset].name,
                    j->p->datasets[dataset].name))
            return &j->plan->datasets[i];
    return NULL;
}

static inline const struct tariff *tariff_of(const struct judge *j, const struct dataset_choice *c)
{
    const int i =
        index_of(c->class_->name, j->p->tariffs[0].name, sizeof j->p->tariffs[0], j->p->n_tariffs);
    return &j->p->tariffs[i];
}

/* MB/s that a machine running at full speed wants of a use. */
static inline double wanted_mbps(const struct asked *a, const struct use *u, double work_rate)
{
    return work_rate * decimal_value(u->reads) * u->size_gib * 1024 / 3600 / a->work;
}

/* Largest share of its speed that storage and network let a machine keep. */
static inline double stall_most(const struct judge *j, const struct asked *a, int type,
                                double work_rate)
{
    double stall = 1, wanted = 0;
    for (int i = 0; i < a->w->n_uses && !is_split(j); i++) {
        const struct use *u = &a->w->uses[i];
        const struct tariff *t = tariff_of(j, home_of(j, u->dataset));
        const double mbps = wanted_mbps(a, u, work_rate);
        if (u->throughput_mbps && !t->per_machine)
            stall = fmin(stall, (double)t->max_mbps / u->throughput_mbps);
        if (mbps > 0 && t->client_mbps) stall = fmin(stall, t->client_mbps / mbps);
        if (mbps > 0 && t->per_machine) stall = fmin(stall, t->max_mbps / mbps);
        if (!t->per_machine) wanted += mbps;
    }
    const int net = j->p->types[type].net_gbps;
    return net && wanted > net * 125.0 ? fmin(stall, net * 125.0 / wanted) : stall;
}

static inline double checkpoint_mbps_most(const struct judge *j, const struct workload_problem *w)
{
    for (int i = 0; i < w->n_uses; i++) {
        if (strcmp(j->p->datasets[w->uses[i].dataset].name, "checkpoints") != 0) continue;
        return is_split(j) ? 1e6 : tariff_of(j, home_of(j, w->uses[i].dataset))->max_mbps;
    }
    return 200;
}

static inline void judge_market(struct judge *j, const struct asked *a, const struct stretch *x)
{
    const struct offer *o = &j->plan->offers[x->offer];
    const struct workload_problem *w = a->w;
    bool committed = false;
    for (int i = 0; i < j->p->n_commitments; i++) {
        const struct commitment_problem *c = &j->p->commitments[i];
        if (c->type < 0 ? o->market->id == MARKET_SAVINGS_PLAN
                        : o->market->id == MARKET_SUBSCRIPTION && c->type == type_of(j, x->offer))
            committed = true;
    }
    const bool may = (o->market->id == MARKET_ON_DEMAND && w->may_buy[WAY_ON_DEMAND]) ||
                     (o->market->id == MARKET_SPOT && w->may_buy[WAY_SPOT] && w->tolerant) ||
                     (o->market->id == MARKET_SUBSCRIPTION && w->may_buy[WAY_MONTH]) ||
                     (committed && (w->may_buy[WAY_ON_DEMAND] || w->may_buy[WAY_MONTH]));
    if (!may) complain(j, "%s runs on market %s", w->name, o->market->name);
    if (o->market->interruptible &&
        ((w->protection == 1 && o->protected_h <= 0) || (w->protection == 2 && o->protected_h > 0)))
        complain(j, "%s has the wrong protection", w->name);
    for (int i = 0; i < w->n_uses; i++) {
        const struct dataset_choice *c = home_of(j, w->uses[i].dataset);
        if (!c)
            complain(j, "dataset of %s lies nowhere", w->name);
        else if (c->share >= 1 && strcmp(c->region, o->region) != 0)
            complain(j, "%s runs far from its data", w->name);
    }
}

static inline void judge_time(struct judge *j, const struct asked *a, const struct stretch *x,
                              const bool *open)
{
    const int64_t end = US_PER_MIN * (a->late ? j->p->length_min : a->due_min);
    if (x->from_us < US_PER_MIN * a->release_min || x->to_us > end || x->from_us >= x->to_us)
        complain(j, "%s works outside its window", a->w->name);
    for (int64_t m = x->from_us / US_PER_MIN; !j->bad && m * US_PER_MIN < x->to_us; m++)
        if (!open[m]) complain(j, "%s works at a closed minute %lld", a->w->name, (long long)m);
}

static inline void judge_stretch(struct judge *j, const struct asked *a, const struct stretch *x)
{
    const int type = type_of(j, x->offer);
    const struct seats seat = seats_of(j, a, type);
    const double clock_us = (double)(x->to_us - x->from_us), paid_us = (double)x->paid_us;
    judge_market(j, a, x);
    if (j->bad) return;
    if (!seat.workers) complain(j, "%s does not fit on %s", a->w->name, j->p->types[type].name);
    if (workload_is_gang(a->w) && x->machines != seat.machines)
        complain(j, "%s is a gang of %d machines, not %ld", a->w->name, seat.machines, x->machines);
    if (x->machines < 1 || x->used > seat.used * (1 + 1e-12))
        complain(j, "%s uses more than a machine has", a->w->name);
    if (paid_us > clock_us * (double)x->machines)
        complain(j, "%s pays more than its machines' time", a->w->name);
    if (paid_us < (clock_us - 2) * (double)x->machines)
        complain(j, "%s holds machines that nobody pays", a->w->name);
    const double rate = x->used * speed_of(j, a->w, type);
    const double u = useful_most(j, a, x->offer, &seat, checkpoint_mbps_most(j, a->w));
    const double most = paid_us / 3.6e9 * rate * u * stall_most(j, a, type, rate);
    if (!at_most(x->useful, most, 0))
        complain(j, "%s claims %g useful hours of at most %g", a->w->name, x->useful, most);
    if (x->start_us < 0 ||
        x->start_us >
            x->machines * (int64_t)(a->w->restart_min + 1 + a->w->checkpoint_gb) * US_PER_MIN)
        complain(j, "%s boots for %lld us", a->w->name, (long long)x->start_us);
}

/* --- demands --- */

/* How wide a demand runs when stretch x begins: GPUs or vCPUs, for gangs how often it runs. */
static inline double width_at(const struct judge *j, const struct stretch *x)
{
    const struct asked *a = &j->asked[x->demand];
    double width = 0;
    for (size_t i = 0; i < j->plan->n_stretches; i++) {
        const struct stretch *y = &j->plan->stretches[i];
        if (y->demand != x->demand || y->from_us > x->from_us || x->from_us >= y->to_us) continue;
        const struct seats seat = seats_of(j, a, type_of(j, y->offer));
        width += running(j, y) * (workload_is_gang(a->w) ? 1.0 / seat.machines : y->used);
    }
    return width;
}

static inline void judge_width(struct judge *j, const struct stretch *x)
{
    const struct asked *a = &j->asked[x->demand];
    const double most = workload_is_gang(a->w) ? 1 : most_used(a);
    if (!is_within(j, width_at(j, x), most)) complain(j, "%s runs wider than allowed", a->w->name);
}

/* Does the demand ask for what the problem says? */
static inline void judge_asked(struct judge *j, size_t d)
{
    const struct demand *demand = &j->plan->demands->items[d];
    const struct asked *a = &j->asked[d];
    if (fabs(demand->work - a->work) > 1e-12 * a->work)
        complain(j, "%s has %g hours of work, not %g", demand->name, demand->work, a->work);
    if (demand->release_us != a->release_min * US_PER_MIN ||
        demand->due_us != a->due_min * US_PER_MIN)
        complain(j, "%s has another window", demand->name);
}

static inline void judge_demand(struct judge *j, size_t d)
{
    const struct asked *a = &j->asked[d];
    double useful = 0, on_spot = 0, rounding = 0; /* a microsecond of each stretch */
    for (int m = 0; m < j->p->length_min; m++) j->open[m] = minute_allowed(j->p, a->w, m);
    judge_asked(j, d);
    for (size_t i = 0; i < j->plan->n_stretches; i++) {
        const struct stretch *x = &j->plan->stretches[i];
        if (x->demand != d) continue;
        useful += x->useful;
        rounding += x->paid_us ? x->useful / (double)x->paid_us : 0;
        if (j->plan->offers[x->offer].market->interruptible) on_spot += x->useful;
        judge_width(j, x);
        if (j->s->scenario->relaxed) continue;
        judge_time(j, a, x, j->open);
        judge_stretch(j, a, x);
    }
    if (!at_most(a->work, useful, 0))
        complain(j, "%s does %.12g of %.12g hours", a->w->name, useful, a->work);
    if (!at_most(on_spot, a->w->spot_percent / 100.0 * a->work + rounding, a->work))
        complain(j, "%s does %g on spot", a->w->name, on_spot / a->work);
}

#endif
