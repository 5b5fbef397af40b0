/* Services: machines held, starts, the last step of each run, load left out, seats. Datasets: capacity and traffic. */
#include "proof/due.h"
#include <math.h>
#include <string.h>

/* Machine-microseconds of one choice in one month. */
struct month_time {
    int64_t held, start, more;
};

struct fleet {
    struct dues *all;
    size_t service;
    const struct proof_choice *choice;
    struct month_time *months;
    int n_months;
    struct gang {
        long machines;
        int64_t since_us; /* less the start that belongs to it */
    } * open;             /* machines held, by when they came */
    size_t n_open;
};

static void add_month(const struct fleet *f, int month, struct month_time us)
{
    const struct proof *p = f->all->p;
    const struct offer *o = &p->offers[f->choice->offer];
    const bool prepaid = o->market->id == MARKET_SUBSCRIPTION;
    const int64_t start = prepaid ? 0 : us.start, more = prepaid ? 0 : us.more;
    struct due like = {.part = due_use_part(p, f->choice),
                       .workload = p->services[f->service].group.workload,
                       .job = NOWHERE,
                       .dataset = NOWHERE,
                       .offer = f->choice->offer,
                       .month = month,
                       .price = o->price_per_h};
    const bool committed = like.part != DUE_COMPUTE;
    struct ratio minus = o->list_per_h, off = RATIO_ZERO;
    minus.num = -minus.num;
    if (!ratio_add(&off, o->price_per_h, minus)) off = RATIO_ZERO;
    if (committed) {
        if (o->market->id == MARKET_SAVINGS_PLAN && !due_plan_rate(p, f->choice, &like.price))
            like.price = o->price_per_h;
        due_add(f->all, like, us.held, US_PER_H);
    }
    const struct {
        enum proof_part part;
        struct ratio price;
        int64_t quantity;
    } parts[] = {{DUE_COMPUTE, o->list_per_h, committed ? more : us.held + more},
                 {DUE_DISCOUNT, off, committed ? more : us.held + more},
                 {DUE_START, o->list_per_h, start},
                 {DUE_DISCOUNT, off, start},
                 {DUE_LICENCE, f->choice->licence, us.held + start},
                 {DUE_DISK, f->choice->disk, us.held + start}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        like.part = parts[i].part;
        like.price = parts[i].price;
        due_add(f->all, like, parts[i].quantity, US_PER_H);
    }
}

/* From now on `now` machines are held, so many of them booted with `start_us` in all. */
static void change(struct fleet *f, int64_t us, long before, long now, long starts,
                   int64_t start_us)
{
    const struct offer *o = &f->all->p->offers[f->choice->offer];
    for (long leave = before - now; leave > 0 && f->n_open > 0;) {
        struct gang *last = &f->open[f->n_open - 1];
        const long n = last->machines < leave ? last->machines : leave;
        const int64_t held = us - last->since_us;
        if (o->billing_step_us)
            f->months[due_month(f->all, us - 1)].more += n * (due_billed(o, held) - held);
        last->machines -= n;
        leave -= n;
        f->n_open -= last->machines == 0;
    }
    if (now <= before) return;
    const int64_t boot = starts > 0 ? start_us / starts : 0;
    *ARENA_PUSH(f->all->arena, f->open, f->n_open) = (struct gang){now - before, us - boot};
}

static void add_choice(struct dues *all, size_t service, const struct proof_choice *choice)
{
    const struct proof *p = all->p;
    const struct proof_claim *c = all->c;
    struct fleet f = {.all = all,
                      .service = service,
                      .choice = choice,
                      .months =
                          ARENA_NEW(all->arena, struct month_time, (size_t)p->times.n_months + 1)};
    const double cold_us = p->services[service].service->cold_start_h * (double)US_PER_H;
    int64_t at = 0;
    long held = 0;
    for (size_t i = 0; i < c->n_holdings; i++) { /* by time, as in the file */
        const struct claim_holding *h = &c->holdings[i];
        if (h->service != service || h->choice != choice) continue;
        const int64_t start = llround((double)h->starts * cold_us);
        if (h->from_us > at) {
            change(&f, at, held, 0, 0, 0);
            held = 0;
        }
        change(&f, h->from_us, held, h->machines, h->starts, start);
        f.months[due_month(all, h->from_us)].start += start;
        for (int64_t from = h->from_us, end; from < h->to_us; from = end) {
            const struct scenario *s = p->in.scenario;
            const int64_t month_end = next_month_start(s->start + from) - s->start;
            end = month_end < h->to_us ? month_end : h->to_us;
            f.months[due_month(all, from)].held += h->machines * (end - from);
        }
        held = h->machines;
        at = h->to_us;
    }
    change(&f, at, held, 0, 0, 0);
    for (int m = 0; m < p->times.n_months; m++) add_month(&f, m, f.months[m]);
}

static void add_unserved(struct dues *all, size_t service)
{
    const struct proof *p = all->p;
    const struct service *s = p->services[service].service;
    for (int month = 0; s->unserved_priced && month < p->times.n_months; month++) {
        double load_h = 0;
        for (size_t t = 0; t < p->times.n; t++) {
            const int64_t from = p->times.from_us[t], to = p->times.from_us[t + 1];
            for (size_t i = 0; p->times.month[t] == month && i < all->c->n_unserved; i++) {
                const struct claim_unserved *u = &all->c->unserved[i];
                if (u->service != service) continue;
                load_h += proof_series_at(u->share, from) * s->class_share[u->class_] *
                          ((double)(to - from) / (double)US_PER_H) * service_mean_load(s, from, to);
            }
        }
        const double requests = service_units(s, load_h);
        const int64_t per = due_fraction(requests, 1);
        due_add(all,
                (struct due){.part = DUE_UNSERVED,
                             .workload = p->services[service].group.workload,
                             .job = NOWHERE,
                             .dataset = NOWHERE,
                             .offer = NOWHERE,
                             .month = month,
                             .price = s->unserved_cost},
                llround(requests * (double)per), per);
    }
}

static void add_seats(struct dues *all, size_t service)
{
    const struct proof *p = all->p;
    const struct proof_service *v = &p->services[service];
    const struct workload *w = v->service->shape->workload;
    if (!w->has_licence || w->licence_per != LICENCE_SEAT) return;
    double peak = 0;
    bool known;
    for (size_t t = 0; t < p->times.n; t++) peak = fmax(peak, v->load[t]);
    const long seats = v->service->seats > 0 ? v->service->seats : (long)ceil(peak);
    const struct due like = {.part = DUE_LICENCE,
                             .workload = v->group.workload,
                             .job = NOWHERE,
                             .dataset = NOWHERE,
                             .offer = NOWHERE,
                             .price = proof_licence_unit(p, w, &known)};
    due_spread(all, like, seats * p->horizon_us, US_PER_H, 0, p->horizon_us);
}

void dues_of_services(struct dues *all)
{
    for (size_t i = 0; i < all->p->in.services->n; i++) {
        const struct proof_group *g = &all->p->services[i].group;
        for (size_t k = 0; k < g->n_choices; k++) add_choice(all, i, &g->choices[k]);
        add_unserved(all, i);
        add_seats(all, i);
    }
}

/* Kept by the second, shared evenly among the workloads that use it. */
static void add_capacity(struct dues *all, const struct proof_store *s, const struct proof_home *h,
                         double gib)
{
    const int64_t seconds = llround(h->keep_h * 3600);
    const int64_t per = due_fraction(gib, (double)seconds * (double)s->n_users);
    for (size_t u = 0; u < s->n_users; u++)
        due_spread(all,
                   (struct due){.part = DUE_STORAGE,
                                .workload = s->users[u],
                                .job = NOWHERE,
                                .dataset = s->dataset,
                                .offer = NOWHERE,
                                .price = h->price_gib_h},
                   llround(gib * (double)per) * seconds, per * 3600 * (int64_t)s->n_users,
                   s->from_us, s->from_us + seconds * (US_PER_H / 3600));
}

static void add_traffic(struct dues *all, const struct proof_store *s, enum proof_part part,
                        struct ratio price, double gib)
{
    const int64_t per = due_fraction(gib, (double)s->n_users);
    for (size_t u = 0; u < s->n_users; u++)
        due_add(all,
                (struct due){.part = part,
                             .workload = s->users[u],
                             .job = NOWHERE,
                             .dataset = s->dataset,
                             .offer = NOWHERE,
                             .month = due_month(all, s->from_us),
                             .price = price},
                llround(gib * (double)per), per * (int64_t)s->n_users);
}

void dues_of_stores(struct dues *all)
{
    for (size_t i = 0; i < all->c->n_datasets; i++) {
        const struct claim_dataset *x = &all->c->datasets[i];
        const struct proof_store *s = &all->p->stores[x->store];
        const struct proof_home *h = &s->homes[x->home];
        if (!h->class_->per_machine) add_capacity(all, s, h, s->size_gib * x->share + x->extra_gib);
        add_traffic(all, s, DUE_EGRESS, h->egress_gib, s->egress_gib * x->share);
        add_traffic(all, s, DUE_RETRIEVAL, h->retrieval_gib, s->read_gib * x->share);
    }
}
