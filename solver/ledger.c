#include "common/text.h"
#include "solver/billing.h"
#include "solver/ledger_internal.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Sizes are kept by the second. */
enum { SECONDS_PER_H = 3600 };

__extension__ typedef __int128 wide_t;

static void refuse_amount(struct book_keeper *k, const char *what)
{
    k->code = diag_error(k->m->diag, ERR_AMOUNT, (struct place){0},
                         _("an amount of \"%s\" does not fit into 64 bits"), what);
}

void ledger_add(struct book_keeper *k, struct ledger_line line)
{
    if (k->code != OK || line.quantity == 0 || line.price.num == 0) return;
    if (!money_amount(&line.amount, line.price, line.quantity, line.quantity_den) ||
        !money_add(&k->plan->cost, line.amount) ||
        (line.estimated && !money_add(&k->plan->estimated, line.amount))) {
        refuse_amount(k, line.note ? line.note : line.unit);
        return;
    }
    if (line.month >= k->n_months) k->n_months = line.month + 1;
    *ARENA_PUSH_ALONE(k->m->arena, k->plan->ledger, k->plan->n_ledger) = line;
}

moment_t ledger_month_begin(const struct scenario *s, int month)
{
    moment_t at = month_start(s->start);
    for (int i = 0; i < month; i++) at = next_month_start(at);
    return at;
}

static int month_of(const struct scenario *s, int64_t us)
{
    int month = 0;
    while (ledger_month_begin(s, month + 1) <= s->start + us) month++;
    return month;
}

/* The month of k that holds us: often the one before. */
static void find_month(struct book_keeper *k, int64_t us)
{
    const struct scenario *s = k->m->scenario;
    if (us >= k->month_from_us && us < k->month_to_us) return;
    k->month = month_of(s, us);
    k->month_from_us = ledger_month_begin(s, k->month) - s->start;
    k->month_to_us = ledger_month_begin(s, k->month + 1) - s->start;
}

/* Splits `quantity` spread evenly over [from, to) at the ends of months; the parts add up exactly. */
static void add_spread(struct book_keeper *k, struct ledger_line line, int64_t from_us,
                       int64_t to_us)
{
    const int64_t all = line.quantity;
    int64_t done = 0;
    for (int64_t at = from_us; at < to_us;) {
        find_month(k, at);
        line.month = k->month;
        const int64_t until = k->month_to_us < to_us ? k->month_to_us : to_us;
        const int64_t upto =
            until == to_us ? all : (int64_t)((wide_t)all * (until - from_us) / (to_us - from_us));
        line.quantity = upto - done;
        ledger_add(k, line);
        done = upto;
        at = until;
    }
}

static const char *owner_of(const struct book_keeper *k, size_t workload)
{
    return k->m->scenario->workloads[workload].owner;
}

/* Money of a savings plan that an hour of this option uses. */
static bool plan_rate(const struct book_keeper *k, const struct option *o, struct ratio *rate)
{
    for (size_t i = 0; i < o->n_limits; i++) {
        const struct capacity *c = &k->m->limits[o->limits[i].limit];
        if (c->kind != LIMIT_SAVINGS_PLAN) continue;
        *rate = k->m->offers[o->offer].price_per_h;
        if (c->buys) return true;
        char text[64];
        struct ratio left;
        snprintf(text, sizeof text, "%.9f", 1 - c->discount);
        return ratio_parse(&left, text) && ratio_mul(rate, k->m->offers[o->offer].list_per_h, left);
    }
    return false;
}

/* Pay-as-you-go and spot: at list price, the discount as its own line. */
static void add_machine(struct book_keeper *k, const struct stretch *s, struct ledger_line line,
                        int64_t quantity)
{
    const struct offer *o = &k->m->offers[line.offer];
    line.price = o->list_per_h;
    line.quantity = quantity;
    add_spread(k, line, s->from_us, s->to_us);
    if (ratio_cmp(o->price_per_h, o->list_per_h) == 0) return;
    struct ratio minus = o->list_per_h, off;
    minus.num = -minus.num;
    if (!ratio_add(&off, o->price_per_h, minus)) return;
    line.part = PART_DISCOUNT;
    line.price = off;
    add_spread(k, line, s->from_us, s->to_us);
}

/* What kind of money the use of an offer is. */
static enum ledger_part use_part(const struct book_keeper *k, const struct option *o)
{
    const enum market_id market = k->m->offers[o->offer].market->id;
    if (market != MARKET_SUBSCRIPTION && market != MARKET_SAVINGS_PLAN) return PART_COMPUTE;
    return o->offer < k->m->quoted.n ? PART_COMMITMENT_NEW : PART_COMMITTED;
}

static void add_stretch(struct book_keeper *k, size_t index)
{
    const struct stretch *s = &k->s->stretches[index];
    const struct group *g = &k->m->groups[k->m->group_of[s->demand]];
    const struct option *o = &g->options[k->s->option_of[index]];
    const enum market_id market = k->m->offers[s->offer].market->id;
    struct ledger_line line = {.part = PART_COMPUTE,
                               .workload = g->workload,
                               .demand = s->demand,
                               .dataset = NONE,
                               .offer = s->offer,
                               .owner = owner_of(k, g->workload),
                               .unit = "machine-h",
                               .quantity_den = US_PER_H,
                               .estimated = o->estimated};
    /* A subscribed machine is there anyway; what a savings plan does not cover is paid as one goes. */
    const int64_t start_us = market == MARKET_SUBSCRIPTION ? 0 : s->start_us;
    const int64_t held_us = s->paid_us + start_us;
    const int64_t more_us = k->rounding_us ? k->rounding_us[index] : 0;
    k->objective += o->cost_per_h * (double)held_us / (double)US_PER_H;
    if (market == MARKET_SUBSCRIPTION) {
        line.part = use_part(k, o);
        line.price = k->m->offers[s->offer].price_per_h;
        line.quantity = held_us;
        add_spread(k, line, s->from_us, s->to_us);
    } else if (market == MARKET_SAVINGS_PLAN) {
        line.part = use_part(k, o);
        line.quantity = s->paid_us;
        if (plan_rate(k, o, &line.price)) add_spread(k, line, s->from_us, s->to_us);
        k->objective +=
            k->m->offers[s->offer].price * (double)(start_us + more_us) / (double)US_PER_H;
        line.part = PART_COMPUTE;
        if (more_us) add_machine(k, s, line, more_us);
    } else {
        k->objective += k->m->offers[s->offer].price * (double)more_us / (double)US_PER_H;
        add_machine(k, s, line, s->paid_us + more_us);
    }
    line.part = PART_START;
    if (start_us) add_machine(k, s, line, start_us);
    line.quantity = held_us;
    line.part = PART_LICENCE;
    line.price = o->licence_price;
    line.note = k->m->scenario->workloads[g->workload].licence_name;
    line.estimated = o->licence_estimated;
    add_spread(k, line, s->from_us, s->to_us);
    line.part = PART_DISK;
    line.estimated = o->disk_estimated;
    line.price = o->disk_price;
    line.note = NULL;
    add_spread(k, line, s->from_us, s->to_us);
}

/* Machine-microseconds of one option of a rate demand in one month. */
struct fleet_time {
    int64_t held, start, rounding;
};

/* At list price, the discount as its own line. */
static void add_priced(struct book_keeper *k, struct ledger_line line, enum ledger_part part,
                       int64_t quantity)
{
    const struct offer *offer = &k->m->offers[line.offer];
    struct ratio minus = offer->list_per_h, off;
    minus.num = -minus.num;
    line.part = part;
    line.price = offer->list_per_h;
    line.quantity = quantity;
    ledger_add(k, line);
    if (ratio_cmp(offer->price_per_h, offer->list_per_h) == 0) return;
    if (!ratio_add(&off, offer->price_per_h, minus)) return;
    line.part = PART_DISCOUNT;
    line.price = off;
    ledger_add(k, line);
}

static void add_fleet_month(struct book_keeper *k, size_t served, const struct option *o, int month,
                            struct fleet_time us)
{
    const struct served *v = &k->m->served[served];
    const struct offer *offer = &k->m->offers[o->offer];
    const bool prepaid = offer->market->id == MARKET_SUBSCRIPTION;
    const bool from_plan = offer->market->id == MARKET_SAVINGS_PLAN;
    const int64_t start = prepaid ? 0 : us.start, more = prepaid ? 0 : us.rounding;
    struct ledger_line line = {.part = use_part(k, o),
                               .workload = v->group.workload,
                               .demand = NONE,
                               .dataset = NONE,
                               .offer = o->offer,
                               .owner = owner_of(k, v->group.workload),
                               .month = month,
                               .price = offer->price_per_h,
                               .unit = "machine-h",
                               .quantity = us.held,
                               .quantity_den = US_PER_H,
                               .estimated = o->estimated};
    /* A savings plan pays for use; cold starts and rounding are paid as one goes. */
    const int64_t beside = from_plan ? start + more : more;
    k->objective += (o->cost_per_h * (double)(us.held + start) + offer->price * (double)beside) /
                    (double)US_PER_H;
    const bool committed = line.part != PART_COMPUTE;
    if (committed) {
        if (from_plan && !plan_rate(k, o, &line.price)) line.price = offer->price_per_h;
        ledger_add(k, line);
    }
    add_priced(k, line, PART_COMPUTE, committed ? more : us.held + more);
    add_priced(k, line, PART_START, start);
    line.quantity = us.held + start;
    line.part = PART_LICENCE;
    line.price = o->licence_price;
    line.estimated = o->licence_estimated;
    line.note = k->m->scenario->workloads[v->group.workload].licence_name;
    ledger_add(k, line);
    line.part = PART_DISK;
    line.price = o->disk_price;
    line.estimated = o->disk_estimated;
    line.note = NULL;
    ledger_add(k, line);
}

static void add_unserved(struct book_keeper *k, size_t served)
{
    const struct served *v = &k->m->served[served];
    const struct grid *g = &k->m->grid;
    const struct service *s = v->service;
    for (int month = 0; s->unserved_priced && month < g->n_months; month++) {
        double load_h = 0;
        for (size_t t = 0; t < g->n; t++)
            for (size_t c = 0; g->month[t] == month && c < s->n_classes; c++)
                load_h += k->decision->fleets[served].unserved[c * g->n + t] * s->class_share[c] *
                          period_h(g, t) * service_mean_load(s, g->from_us[t], g->from_us[t + 1]);
        const double requests = service_units(s, load_h);
        const int64_t per_request = ledger_parts(requests, 1);
        if (!per_request) {
            refuse_amount(k, "requests");
            return;
        }
        const int64_t parts = llround(requests * (double)per_request);
        k->objective += ratio_value(s->unserved_cost) * (double)parts / (double)per_request;
        ledger_add(k, (struct ledger_line){.part = PART_UNSERVED,
                                           .workload = v->group.workload,
                                           .demand = NONE,
                                           .dataset = NONE,
                                           .offer = NONE,
                                           .owner = owner_of(k, v->group.workload),
                                           .month = month,
                                           .price = s->unserved_cost,
                                           .unit = N_("requests"),
                                           .quantity = parts,
                                           .quantity_den = per_request});
    }
}

/* Licences per seat are paid for the whole horizon. */
static void add_seats(struct book_keeper *k, size_t served)
{
    const struct served *v = &k->m->served[served];
    if (v->licensed_seats == 0) return;
    k->objective += v->seat_price_per_h * (double)k->m->horizon_us / (double)US_PER_H;
    add_spread(
        k,
        (struct ledger_line){.part = PART_LICENCE,
                             .workload = v->group.workload,
                             .demand = NONE,
                             .dataset = NONE,
                             .offer = NONE,
                             .owner = owner_of(k, v->group.workload),
                             .price = v->seat_price,
                             .unit = N_("seat-h"),
                             .quantity = v->licensed_seats * k->m->horizon_us,
                             .quantity_den = US_PER_H,
                             .note = k->m->scenario->workloads[v->group.workload].licence_name},
        0, k->m->horizon_us);
}

/* Of option o of a rate demand in one month; rounding_us by period. */
static struct fleet_time month_time(const struct book_keeper *k, size_t served, size_t o, int month,
                                    const int64_t *rounding_us)
{
    const struct grid *g = &k->m->grid;
    const struct fleet *f = &k->decision->fleets[served];
    struct fleet_time us = {0};
    for (size_t t = 0; t < g->n; t++) {
        if (g->month[t] != month) continue;
        us.held += f->held_us[o * g->n + t];
        us.start += f->start_us[o * g->n + t];
        us.rounding += k->decision->relaxed ? 0 : rounding_us[t];
    }
    return us;
}

static void add_fleets(struct book_keeper *k)
{
    const struct grid *g = &k->m->grid;
    int64_t *rounding_us = ARENA_NEW(k->m->arena, int64_t, g->n + 1);
    for (size_t i = 0; i < k->m->n_served; i++) {
        const struct served *v = &k->m->served[i];
        for (size_t o = 0; o < v->group.n_options; o++) {
            fleet_rounding(rounding_us, k->m, i, o, &k->decision->fleets[i]);
            for (int month = 0; month < g->n_months; month++) {
                const struct fleet_time us = month_time(k, i, o, month, rounding_us);
                if (us.held || us.start) add_fleet_month(k, i, &v->group.options[o], month, us);
            }
        }
        add_unserved(k, i);
        add_seats(k, i);
    }
}

/* Amounts and their sums, once quantities are final. */
static void total_lines(struct book_keeper *k)
{
    struct plan *p = k->plan;
    p->cost = p->estimated = 0;
    for (size_t i = 0; i < p->n_ledger && k->code == OK; i++) {
        struct ledger_line *l = &p->ledger[i];
        if (!money_amount(&l->amount, l->price, l->quantity, l->quantity_den) ||
            !money_add(&p->cost, l->amount) ||
            (l->estimated && !money_add(&p->estimated, l->amount)))
            refuse_amount(k, l->unit);
    }
}

static void refuse_size(struct book_keeper *k, const struct store *s, double gib)
{
    if (k->code != OK) return;
    const struct dataset *of = &k->m->scenario->datasets[s->dataset];
    k->code = diag_error(k->m->diag, ERR_AMOUNT, of->at,
                         _("%g GiB of dataset \"%s\" are too much to be counted"), gib, of->name);
    diag_fix(k->m->diag, _("write a smaller size, or fewer reads"));
}

/* A dataset's capacity is split evenly among the workloads that use it. */
static void add_capacity(struct book_keeper *k, const struct store *s, const struct home *h,
                         double gib)
{
    const double keep_h = home_keep_h(s, h);
    const int64_t seconds = llround(keep_h * SECONDS_PER_H),
                  per_gib = ledger_parts(gib, (double)seconds * (double)s->n_users);
    if (!per_gib) {
        refuse_size(k, s, gib);
        return;
    }
    const int64_t parts = llround(gib * (double)per_gib);
    k->objective += ratio_value(h->price_gib_h) * (double)parts / (double)per_gib *
                    ((double)seconds / SECONDS_PER_H);
    for (size_t u = 0; u < s->n_users; u++) {
        struct ledger_line line = {.part = PART_STORAGE,
                                   .workload = s->users[u],
                                   .demand = NONE,
                                   .dataset = s->dataset,
                                   .offer = NONE,
                                   .owner = owner_of(k, s->users[u]),
                                   .price = h->price_gib_h,
                                   .unit = N_("GiB-h"),
                                   .quantity = parts * seconds,
                                   .quantity_den = per_gib * SECONDS_PER_H * (int64_t)s->n_users,
                                   .estimated = h->estimated,
                                   .note = h->class_->name};
        add_spread(k, line, s->from_us, s->from_us + seconds * (US_PER_H / SECONDS_PER_H));
    }
}

static void add_traffic(struct book_keeper *k, const struct store *s, const struct home *h,
                        double share)
{
    const struct {
        enum ledger_part part;
        struct ratio price;
        double gib;
    } traffic[] = {{PART_EGRESS, h->egress_gib, s->egress_gib},
                   {PART_RETRIEVAL, h->retrieval_gib, s->read_gib}};
    for (size_t i = 0; i < 2; i++) {
        const int64_t per_gib = ledger_parts(traffic[i].gib * share, (double)s->n_users);
        if (!per_gib) {
            refuse_size(k, s, traffic[i].gib * share);
            return;
        }
        k->objective += ratio_value(traffic[i].price) * traffic[i].gib * share;
        for (size_t u = 0; u < s->n_users; u++)
            ledger_add(k, (struct ledger_line){
                              .part = traffic[i].part,
                              .workload = s->users[u],
                              .demand = NONE,
                              .dataset = s->dataset,
                              .offer = NONE,
                              .owner = owner_of(k, s->users[u]),
                              .month = month_of(k->m->scenario, s->from_us),
                              .price = traffic[i].price,
                              .unit = "GiB",
                              .quantity = llround(traffic[i].gib * share * (double)per_gib),
                              .quantity_den = per_gib * (int64_t)s->n_users,
                              .estimated = h->estimated,
                              .note = h->class_->name});
    }
}

static void add_stores(struct book_keeper *k)
{
    for (size_t i = 0; i < k->m->n_stores; i++) {
        const struct store *s = &k->m->stores[i];
        for (size_t h = 0; h < s->n_homes; h++) {
            const size_t at = k->f->first_home[i] + h;
            const double share = k->decision->home[at], extra = k->decision->extra[at];
            if (share <= 0 && extra <= 0) continue;
            if (!s->homes[h].class_->per_machine)
                add_capacity(k, s, &s->homes[h], s->size_gib * share + extra);
            add_traffic(k, s, &s->homes[h], share);
        }
    }
}

/* The plan pays a job's own lateness: until the end of the last step it works in. The relaxation pays by periods. */
static int64_t late_us(const struct book_keeper *k, size_t demand, int64_t finish_us)
{
    const struct demand *d = &k->m->demands->items[demand];
    if (!d->late_priced || finish_us <= d->due_us) return 0;
    return (k->decision->relaxed ? finish_us : step_end(k->m, finish_us - 1)) - d->due_us;
}

static void add_late(struct book_keeper *k, size_t demand, int64_t quantity)
{
    const struct demand *d = &k->m->demands->items[demand];
    const size_t workload = k->m->groups[k->m->group_of[demand]].workload;
    k->objective += ratio_value(d->late_cost_per_h) * (double)quantity / (double)US_PER_H;
    ledger_add(k, (struct ledger_line){.part = PART_LATE,
                                       .workload = workload,
                                       .demand = demand,
                                       .dataset = NONE,
                                       .offer = NONE,
                                       .owner = owner_of(k, workload),
                                       .month = month_of(k->m->scenario, d->due_us),
                                       .price = d->late_cost_per_h,
                                       .unit = N_("h late"),
                                       .quantity = quantity,
                                       .quantity_den = US_PER_H});
}

static void add_lateness(struct book_keeper *k)
{
    struct plan *p = k->plan;
    double *mean_us = ARENA_NEW(k->m->arena, double, k->m->demands->n + 1);
    for (size_t i = 0; i < k->s->n_stretches; i++) {
        const struct stretch *s = &k->s->stretches[i];
        const struct demand *d = &k->m->demands->items[s->demand];
        mean_us[s->demand] += (double)late_us(k, s->demand, s->to_us) * s->useful / d->work;
    }
    for (size_t i = 0; i < k->m->demands->n; i++) {
        struct demand_outcome *o = &p->outcomes[i];
        o->late_us = late_us(k, i, o->finish_us);
        add_late(k, i, k->decision->relaxed ? llround(mean_us[i]) : o->late_us);
    }
}

static void name_months(struct book_keeper *k)
{
    const char **names = ARENA_NEW(k->m->arena, const char *, (size_t)k->n_months + 1);
    for (int i = 0; i < k->n_months; i++) {
        char text[64];
        moment_print(text, sizeof text, ledger_month_begin(k->m->scenario, i));
        names[i] = arena_strndup(k->m->arena, text, 7);
    }
    k->plan->months = names;
    k->plan->n_months = (size_t)k->n_months;
}

/* Stretches are by demand: what lines of one become one is done before those of the next are written. */
static void add_stretches(struct book_keeper *k)
{
    const struct schedule *s = k->s;
    size_t first = 0;
    for (size_t i = 0; i < s->n_stretches; i++) {
        if (i > 0 && s->stretches[i].demand != s->stretches[i - 1].demand) {
            ledger_merge(k->plan, first);
            first = k->plan->n_ledger;
        }
        add_stretch(k, i);
    }
    ledger_merge(k->plan, first);
    total_lines(k);
}

enum err ledger_make(struct plan *plan, const struct formulation *f, const struct schedule *s,
                     const struct decision *decision)
{
    struct book_keeper k = {.plan = plan,
                            .f = f,
                            .m = f->model,
                            .s = s,
                            .decision = decision,
                            .n_months = f->model->grid.n_months};
    plan->ledger = NULL;
    plan->n_ledger = 0;
    plan->cost = plan->estimated = 0;
    k.rounding_us = decision->relaxed ? NULL : work_rounding(s);
    add_stretches(&k);
    add_fleets(&k);
    ledger_add_idle(&k);
    add_stores(&k);
    add_lateness(&k);
    name_months(&k);
    plan->unrounded = k.objective;
    if (k.code != OK) return k.code;
    return ledger_check(plan, k.objective, k.m->diag);
}
