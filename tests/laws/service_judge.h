/* Looks at a plan of services by what machines carry: the load of every period, share of spot, smallest and largest number,
 * cooldown, commitments and the bill. */
#ifndef TESTS_LAWS_SERVICE_JUDGE_H
#define TESTS_LAWS_SERVICE_JUDGE_H

#include "solver/rate_table.h"
#include "tests/laws/solve.h"

/* Everything is allowed this share of the load, of a machine or of the money. */
#define SLACK 1e-7

/* One service of a plan. Arrays are by offer. */
struct service_judge {
    const struct solved *s;
    const struct service *v;
    size_t service, workload;
    long *now;
    bool *known; /* the candidate of the offer was found */
    struct useful *useful;
    struct fit *fit;
    struct rate_table **tables; /* of the first class, by instance type; NULL: not used so far */
    char why[300];
};

static inline __attribute__((format(printf, 2, 3))) bool complain(struct service_judge *j,
                                                                  const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(j->why, sizeof j->why, format, list);
    va_end(list);
    return false;
}

static inline bool is_on_spot(const struct service_judge *j, size_t offer)
{
    return j->s->plan.offers[offer].market->id == MARKET_SPOT;
}

static inline bool is_booted(const struct service_judge *j, size_t offer)
{
    return is_on_spot(j, offer) || j->s->plan.offers[offer].market->id == MARKET_AUTOSCALED;
}

static inline const struct instance_type *type_of(const struct service_judge *j, size_t offer)
{
    return book_type(j->s->book, j->s->plan.offers[offer].type);
}

static inline double table_rate(const struct service_judge *j, size_t gpu, size_t class_)
{
    for (size_t i = 0; i < j->v->n_rates; i++)
        if (j->v->rates[i].gpu == gpu && j->v->rates[i].class_ == class_)
            return j->v->rates[i].per_h;
    return 0;
}

static inline void fill_table(const struct service_judge *j, struct rate_table *t, size_t offer,
                              struct rate_need need)
{
    const struct service *v = j->v;
    const struct fit *fit = &j->fit[offer];
    const long places = fit->workers * v->concurrency;
    double limits[8] = {0}, late[8] = {0};
    for (size_t i = 0; i < v->n_limits && i < 8; i++) {
        limits[i] = v->limits[i].limit_h;
        late[i] = v->limits[i].late_frac;
    }
    const struct wait_rule wait = {.slots = places * v->batch,
                                   .batch = 1,
                                   .time_h = v->time_h / fit->speed,
                                   .cv2 = v->cv2,
                                   .n_limits = v->n_limits,
                                   .limit_h = limits,
                                   .late_frac = late};
    if (v->rule == RULE_PROFILE)
        rate_table_linear(t, (double)fit->workers * table_rate(j, type_of(j, offer)->gpu, 0), need,
                          j->s->arena);
    else if (v->rule == RULE_BLOCKING)
        rate_table_blocking(t, &(struct block_rule){places, v->blocked_frac, v->seats}, need,
                            j->s->arena);
    else
        rate_table_wait(t, &wait, need, j->s->arena);
}

/* What n machines of the type of this offer carry: r(n). */
static inline double rate_of(struct service_judge *j, size_t offer, long n)
{
    const size_t type = j->s->plan.offers[offer].type;
    if (!j->tables[type]) j->tables[type] = ARENA_NEW(j->s->arena, struct rate_table, 1);
    struct rate_table *t = j->tables[type];
    fill_table(j, t, offer, (struct rate_need){.load = DBL_MAX, .machines = n});
    return t->rate[(size_t)n > t->n ? t->n - 1 : (size_t)n - 1];
}

/* What the machines of now carry of one class, in all or outside spot: machines of one type are one pool. */
static inline double carried_now(struct service_judge *j, bool with_spot)
{
    const struct plan *plan = &j->s->plan;
    double sum = 0;
    for (size_t a = 0; a < plan->n_offers; a++) {
        long n = 0;
        double serving = 0;
        bool first = j->now[a] > 0;
        for (size_t b = 0; b < plan->n_offers && first; b++) {
            if (!j->now[b] || plan->offers[b].type != plan->offers[a].type) continue;
            first = b >= a;
            n += j->now[b];
            if (with_spot || !is_on_spot(j, b)) serving += (double)j->now[b] * j->useful[b].u;
        }
        if (first && serving > 0) sum += rate_of(j, a, n) * serving / (double)n;
    }
    return sum;
}

/* Several classes: a split of the load over types, on spot and off, has to exist. Smallest share that is left. */
static inline double left_of_classes(struct service_judge *j, double load)
{
    const struct plan *plan = &j->s->plan;
    const struct service *v = j->v;
    struct lp_builder b = {.arena = j->s->arena};
    for (size_t c = 0; c < v->n_classes; c++) {
        lp_add_row(&b, 1, INFINITY);
        lp_add_row(&b, -INFINITY, v->spot_max_frac);
    }
    size_t *carry = ARENA_NEW(j->s->arena, size_t, plan->n_offers + 1);
    for (size_t o = 0; o < plan->n_offers; o++)
        if (j->now[o] > 0) carry[o] = lp_add_row(&b, -INFINITY, (double)j->now[o] * j->useful[o].u);
    for (size_t c = 0; c < v->n_classes; c++) {
        lp_add_col(&b, 0, 1, 1, false, false);
        lp_add_value(&b, 2 * c, 1);
        for (size_t o = 0; o < plan->n_offers; o++) {
            if (j->now[o] == 0) continue;
            const double rate = (double)j->fit[o].workers * table_rate(j, type_of(j, o)->gpu, c);
            if (rate <= 0) continue;
            lp_add_col(&b, 0, 1, 0, false, false);
            lp_add_value(&b, 2 * c, 1);
            if (is_on_spot(j, o)) lp_add_value(&b, 2 * c + 1, 1);
            lp_add_value(&b, carry[o], load * v->class_share[c] / rate);
        }
    }
    struct lp_result r;
    struct diag quiet = {.arena = j->s->arena};
    if (lp_solve(&r, lp_finish(&b), &LP_SETTINGS, j->s->arena, &quiet) != OK) return INFINITY;
    return r.status == LP_OPTIMAL ? r.objective : (double)INFINITY;
}

static inline void count_machines(struct service_judge *j, int64_t at)
{
    const struct plan *plan = &j->s->plan;
    memset(j->now, 0, plan->n_offers * sizeof *j->now);
    for (size_t i = 0; i < plan->n_holdings; i++) {
        const struct holding *h = &plan->holdings[i];
        if (h->service == j->service && h->from_us <= at && at < h->to_us)
            j->now[h->offer] += h->machines;
    }
}

static inline bool load_is_carried(struct service_judge *j, int64_t at, int64_t end)
{
    const double load = service_sizing_load(j->v, at, end), hour = (double)at / 3.6e9;
    if (load <= 0 || j->v->unserved_priced) return true;
    if (j->v->n_classes > 1) {
        const double left = left_of_classes(j, load);
        return left <= SLACK || complain(j, "at %g h %g of a class is not served", hour, left);
    }
    const double all = carried_now(j, true), steady = carried_now(j, false);
    if (all < load * (1 - SLACK))
        return complain(j, "at %g h machines carry %.10g of %.10g", hour, all, load);
    if (steady < load * (1 - j->v->spot_max_frac - SLACK))
        return complain(j, "at %g h %.10g of %.10g is off spot", hour, steady, load);
    return true;
}

static inline bool numbers_are_kept(struct service_judge *j, int64_t at)
{
    long all = 0, steady = 0;
    const double hour = (double)at / 3.6e9;
    for (size_t o = 0; o < j->s->plan.n_offers; o++) {
        all += j->now[o];
        if (!is_on_spot(j, o)) steady += j->now[o];
        long bought = 0;
        for (size_t i = 0; i < j->s->plan.n_subscriptions; i++)
            if (j->s->plan.subscriptions[i].offer == o) bought += j->s->plan.subscriptions[i].count;
        if (j->s->plan.offers[o].market->id == MARKET_SUBSCRIPTION && j->now[o] > bought)
            return complain(j, "at %g h %ld machines of %ld subscribed", hour, j->now[o], bought);
    }
    if (all < j->v->min_machines || (j->v->max_machines > 0 && all > j->v->max_machines))
        return complain(j, "at %g h %ld machines, allowed %ld to %ld", hour, all,
                        j->v->min_machines, j->v->max_machines);
    return steady >= j->v->on_demand_base || complain(j, "at %g h %ld off spot", hour, steady);
}

/* Machines of one offer at a moment. */
static inline long held_at(const struct service_judge *j, size_t offer, int64_t at)
{
    long n = 0;
    for (size_t i = 0; i < j->s->plan.n_holdings; i++) {
        const struct holding *h = &j->s->plan.holdings[i];
        if (h->service == j->service && h->offer == offer && h->from_us <= at && at < h->to_us)
            n += h->machines;
    }
    return n;
}

/* Whatever was booted less than a cooldown ago is still there, and every boot is noted. */
static inline bool boots_are_kept(struct service_judge *j, const struct holding *h)
{
    const int64_t step = j->s->scenario->step_us;
    const int64_t cooldown = llround(j->v->cooldown_h * 3.6e9);
    const long before = h->from_us > 0 ? held_at(j, h->offer, h->from_us - 1) : 0;
    const long grown = h->from_us > 0 ? held_at(j, h->offer, h->from_us) - before : 0;
    const double hour = (double)h->from_us / 3.6e9;
    if (h->starts != (grown > 0 ? grown : 0))
        return complain(j, "at %g h %ld starts, grown by %ld", hour, h->starts, grown);
    if (cooldown <= step || grown <= 0) return true;
    long booted = 0;
    for (int64_t at = 0; at < cooldown && h->from_us + at < j->s->scenario->length_us; at += step) {
        const int64_t now = h->from_us + at;
        const long more = held_at(j, h->offer, now) - held_at(j, h->offer, now - 1);
        booted += more > 0 ? more : 0;
        if (held_at(j, h->offer, now) < booted)
            return complain(j, "%ld of the machines booted at %g h are gone %g h later", booted,
                            hour, (double)at / 3.6e9);
    }
    return true;
}

/* Lines of machines: hours held and booted at the price of the offer. */
static inline bool hours_are_billed(struct service_judge *j)
{
    const struct plan *plan = &j->s->plan;
    double held = 0, billed = 0, lines = 0;
    for (size_t i = 0; i < plan->n_holdings; i++) {
        const struct holding *h = &plan->holdings[i];
        const enum market_id market = plan->offers[h->offer].market->id;
        if (h->service != j->service || market == MARKET_SUBSCRIPTION ||
            market == MARKET_SAVINGS_PLAN)
            continue;
        const double hours = (double)h->machines * (double)(h->to_us - h->from_us) / 3.6e9 +
                             (double)h->starts * j->v->cold_start_h;
        held += hours * plan->offers[h->offer].price;
    }
    for (size_t i = 0; i < plan->n_ledger; i++) {
        const struct ledger_line *l = &plan->ledger[i];
        const bool machine = l->part == PART_COMPUTE || l->part == PART_START ||
                             (l->part == PART_DISCOUNT && l->offer != SIZE_MAX);
        if (l->workload != j->workload || !machine) continue;
        billed += (double)l->amount / 1e6;
        lines++;
    }
    return fabs(held - billed) <= 1e-6 * lines + SLACK * held ||
           complain(j, "machines cost %.9g, billed %.9g", held, billed);
}

static inline void judge_prepare(struct service_judge *j)
{
    const struct plan *plan = &j->s->plan;
    struct arena *a = j->s->arena;
    j->v = &plan->services->items[j->service];
    j->workload = (size_t)(j->v->shape->workload - j->s->scenario->workloads);
    j->now = ARENA_NEW(a, long, plan->n_offers + 1);
    j->known = ARENA_NEW(a, bool, plan->n_offers + 1);
    j->useful = ARENA_NEW(a, struct useful, plan->n_offers + 1);
    j->fit = ARENA_NEW(a, struct fit, plan->n_offers + 1);
    j->tables = ARENA_NEW(a, struct rate_table *, book_type_count(j->s->book) + 1);
    for (size_t i = 0; i < plan->n_candidates; i++) {
        const struct candidate *c = &plan->candidates[i];
        if (c->workload != j->workload || !c->usable || c->shape != SIZE_MAX) continue;
        j->known[c->offer] = true;
        j->useful[c->offer] = c->useful;
        j->fit[c->offer] = c->fit;
    }
}

static inline bool service_is_right(struct service_judge *j)
{
    const struct scenario *s = j->s->scenario;
    judge_prepare(j);
    for (size_t i = 0; i < j->s->plan.n_holdings; i++) {
        const struct holding *h = &j->s->plan.holdings[i];
        if (h->service != j->service) continue;
        if (!j->known[h->offer]) return complain(j, "a machine is held that is no candidate");
        if (is_booted(j, h->offer) && !boots_are_kept(j, h)) return false;
    }
    for (int64_t at = 0; at < s->length_us; at += s->step_us) {
        const int64_t end = at + s->step_us < s->length_us ? at + s->step_us : s->length_us;
        count_machines(j, at);
        if (!load_is_carried(j, at, end) || !numbers_are_kept(j, at)) return false;
    }
    return hours_are_billed(j);
}

/* Of the whole plan: what all workloads share. */
static inline bool bill_is_right(struct service_judge *j)
{
    const struct plan *plan = &j->s->plan;
    micro_t sum = 0;
    for (size_t i = 0; i < plan->n_ledger; i++) sum += plan->ledger[i].amount;
    if (sum != plan->cost) return complain(j, "lines add up to %lld", (long long)sum);
    const double cost = (double)plan->cost / 1e6;
    if (plan->bound > cost * (1 + SLACK) + 1e-6 * (double)plan->n_ledger)
        return complain(j, "bound %.10g above cost %.10g", plan->bound, cost);
    const double gap = cost > 0 ? fmax(0, (cost - plan->bound) / cost) : 0;
    return fabs(gap - plan->gap) <= 1e-9 || complain(j, "gap %g", plan->gap);
}

static inline bool services_are_right(struct service_judge *j, const struct solved *s)
{
    j->s = s;
    if (!bill_is_right(j)) return false;
    for (j->service = 0; j->service < s->plan.services->n; j->service++)
        if (!service_is_right(j)) return false;
    return true;
}

#endif
