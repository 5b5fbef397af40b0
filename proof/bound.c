/* Sum of price x right-hand side, less what columns would gain: limits, budgets, purchases, what is paid in any case. */
#include "proof/bound.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* More than rounding could change. */
#define SAFE 1e-12

double bound_all(const struct bounder *b, int month)
{
    double sum = b->money;
    for (size_t i = 0; i < b->n_budgets; i++)
        if (!b->budgets[i].owner && (b->budgets[i].month < 0 || b->budgets[i].month == month))
            sum += b->budgets[i].price;
    return sum;
}

double bound_own(const struct bounder *b, const char *owner, int month)
{
    double sum = 0;
    for (size_t i = 0; owner && i < b->n_budgets; i++)
        if (b->budgets[i].owner && (b->budgets[i].month < 0 || b->budgets[i].month == month) &&
            strcmp(b->budgets[i].owner, owner) == 0)
            sum += b->budgets[i].price;
    return sum;
}

void bound_column(struct bounder *b, const struct tally *reduced, double most)
{
    const double low = tally_low(reduced);
    if (low >= 0) return;
    b->lost -= low * most;
    exact_add(&b->sum, low, most);
}

const char *bound_home_key(const struct bounder *b, const char *first, const char *dataset,
                           const struct proof_home *h)
{
    return arena_printf(b->p->arena, "%s%s%s%s%s@%s", first, *first ? " " : "", dataset,
                        *dataset ? " " : "", h->class_->name, h->region);
}

static void add_budget(struct bounder *b, const struct optional_money *money, const char *owner,
                       int month)
{
    const struct proof *p = b->p;
    struct ratio exact;
    const bool fits =
        price_convert(&exact, money->money.amount, money->money.currency, p->in.request);
    const double rate = ratio_value(p->in.request->fx_usd),
                 amount = ratio_value(money->money.amount);
    if (!fits && !(rate > 0)) return;
    char month_text[32] = "";
    moment_t at = month_start(p->in.scenario->start);
    for (int i = 0; i < month; i++) at = next_month_start(at);
    if (month >= 0) {
        month_text[0] = ' ';
        moment_print(month_text + 1, sizeof month_text - 1, at);
        month_text[8] = '\0';
    }
    const char *key = arena_printf(p->arena, owner ? "budget.by.%s%s" : "budget.limit%s%s",
                                   owner ? owner : "", month_text);
    *ARENA_PUSH(p->arena, b->budgets, b->n_budgets) =
        (struct priced_budget){.owner = owner,
                               .month = month,
                               .limit = fits ? ratio_value(exact)
                                        : p->in.request->currency == CURRENCY_USD ? amount / rate
                                                                                  : amount * rate,
                               .price = proof_price(b->prices, PRICE_BUDGET, key)};
}

static void list_budgets(struct bounder *b)
{
    const struct scenario *s = b->p->in.scenario;
    for (size_t i = 0; i <= s->n_owner_budgets; i++) {
        const bool all = i == s->n_owner_budgets;
        const struct optional_money *money = all ? &s->budget : &s->owner_budgets[i].limit;
        const char *owner = all ? NULL : s->owner_budgets[i].owner;
        if (!money->given) continue;
        if (money->money.per != PER_MONTH) add_budget(b, money, owner, -1);
        for (int m = 0; money->money.per == PER_MONTH && m < b->p->times.n_months; m++)
            add_budget(b, money, owner, m);
    }
    for (size_t i = 0; i < b->n_budgets; i++)
        exact_add(&b->sum, -b->budgets[i].price, b->budgets[i].limit);
}

double *bound_by_period(const struct proof *p, const struct proof_series *s)
{
    if (!s || s->n == 0) return NULL;
    double *mean = ARENA_NEW(p->arena, double, p->times.n);
    for (size_t t = 0; t < p->times.n; t++) {
        const int64_t from = p->times.from_us[t], to = p->times.from_us[t + 1];
        mean[t] = proof_series_sum(s, from, to) / ((double)(to - from) / (double)US_PER_H);
    }
    return mean;
}

/* Prices of limits, their share of the bound, and the periods in which they allow nothing. */
static void price_limits(struct bounder *b)
{
    struct proof *p = b->p;
    b->limit_price = ARENA_NEW(p->arena, double *, p->n_limits + 1);
    b->closed = ARENA_NEW(p->arena, bool *, p->n_limits + 1);
    for (size_t l = 0; l < p->n_limits; l++) {
        struct proof_limit *x = &p->limits[l];
        x->price = proof_prices_find(b->prices, PRICE_LIMIT, x->key);
        const double *price = b->limit_price[l] = bound_by_period(p, x->price);
        for (size_t t = 0; !x->buys && t < p->times.n; t++) {
            const int64_t from = p->times.from_us[t], to = p->times.from_us[t + 1];
            const double amount = proof_amount(x, from, to);
            if (amount <= 0 && !b->closed[l]) b->closed[l] = ARENA_NEW(p->arena, bool, p->times.n);
            if (amount <= 0) b->closed[l][t] = true;
            if (!price || price[t] == 0) continue;
            const double left = fmax(0, amount - proof_held(p, x, from));
            exact_add3(&b->sum_us, -price[t], isfinite(left) ? left : 1e300, (double)(to - from));
        }
    }
}

static void price_reads(struct bounder *b)
{
    struct proof *p = b->p;
    b->reads_price = ARENA_NEW(p->arena, double *, p->n_pools + 1);
    for (size_t i = 0; i < p->n_pools; i++) {
        struct proof_pool *pool = &p->pools[i];
        const char *key = arena_printf(p->arena, "%s@%s", pool->class_->name, pool->region);
        /* a class of fixed throughput has one row, that of its cap */
        const bool grows = pool->tariff.slope_mbps_per_gib > 0 || isinf(pool->tariff.max_mbps);
        pool->reads = grows ? proof_prices_find(b->prices, PRICE_READS, key) : NULL;
        pool->reads_most = isfinite(pool->tariff.max_mbps)
                               ? proof_prices_find(b->prices, PRICE_READS_MOST, key)
                               : NULL;
        double *sum = bound_by_period(p, pool->reads), *most = bound_by_period(p, pool->reads_most);
        for (size_t t = 0; sum && most && t < p->times.n; t++) sum[t] += most[t];
        b->reads_price[i] = sum ? sum : most;
    }
}

static bool same_prices(const struct bounder *b, size_t t)
{
    const struct proof *p = b->p;
    if (b->n_budgets && p->times.month[t] != p->times.month[t - 1]) return false;
    for (size_t l = 0; l < p->n_limits; l++) {
        const double *price = b->limit_price[l];
        if (price && (price[t] < price[t - 1] || price[t] > price[t - 1])) return false;
        if (b->closed[l] && b->closed[l][t] != b->closed[l][t - 1]) return false;
    }
    for (size_t i = 0; i < p->n_pools; i++) {
        const double *price = b->reads_price[i];
        if (price && (price[t] < price[t - 1] || price[t] > price[t - 1])) return false;
    }
    return true;
}

static void find_spells(struct bounder *b)
{
    b->spell_of = ARENA_NEW(b->p->arena, size_t, b->p->times.n);
    for (size_t t = 1; t < b->p->times.n; t++)
        b->spell_of[t] = b->spell_of[t - 1] + !same_prices(b, t);
    b->n_spells = b->spell_of[b->p->times.n - 1] + 1;
}

double bound_price_of_limit(const struct bounder *b, size_t limit, size_t t)
{
    return b->limit_price[limit] ? b->limit_price[limit][t] : 0;
}

/* What something held from the start until until_us adds, per unit of money and hour. */
static void put_held(const struct bounder *b, struct tally *sum, const char *owner, double per_h,
                     int64_t until_us)
{
    const struct proof *p = b->p;
    const int64_t end = until_us < p->horizon_us ? until_us : p->horizon_us;
    for (int m = 0; m < p->times.n_months; m++) {
        const double h = proof_month_h(p, 0, end, m);
        tally_add(sum, per_h * (bound_all(b, m) + bound_own(b, owner, m)), h);
    }
}

static double sunk(const struct proof *p, const struct proof_limit *l)
{
    if (l->buys) return 0;
    if (l->kind == PROOF_SUBSCRIPTION) return p->offers[l->offer].price * l->amount;
    return l->kind == PROOF_SAVINGS ? l->amount : 0;
}

bool bound_open_periods(const struct proof *p, const struct demand *d, size_t *first, size_t *after)
{
    const struct proof_times *times = &p->times;
    const struct window *w = d->window;
    if (d->late_priced || w->n != 1 || d->release_us < 0 || d->release_us >= d->due_us ||
        w->spans[0].from_us > d->release_us || w->spans[0].to_us < d->due_us)
        return false;
    *first = proof_times_find(times, d->release_us);
    *after = d->due_us >= p->horizon_us ? times->n : proof_times_find(times, d->due_us);
    if (times->from_us[*first] < d->release_us) ++*first;
    return true;
}

static double open_h(const struct proof *p, const struct demand *d, size_t t)
{
    const int64_t open = demand_open_us(d, p->times.from_us[t], p->times.from_us[t + 1],
                                        d->late_priced, p->horizon_us);
    return open > 0 ? (double)open / (double)US_PER_H : (double)INFINITY;
}

/* The shortest time that a job has in a period; INFINITY: none at all. */
static double shortest_open_h(const struct bounder *b, const struct demand *d)
{
    const struct proof *p = b->p;
    double least = INFINITY;
    size_t first, after;
    if (bound_open_periods(p, d, &first, &after)) {
        if (first > 0) least = open_h(p, d, first - 1);
        if (after < p->times.n) least = fmin(least, open_h(p, d, after));
        return first < after ? fmin(least, least_in(&b->lengths_h, first, after)) : least;
    }
    for (size_t t = proof_times_find(&p->times, d->release_us); t < p->times.n; t++) {
        if (!d->late_priced && p->times.from_us[t] >= d->due_us) break;
        least = fmin(least, open_h(p, d, t));
    }
    return least;
}

/* What a group's machines take of a limit, at most: per unit of work, per clock hour of a gang, per GPU. */
struct most_taken {
    double by_work, by_clock, by_gpus;
};

static struct most_taken most_taken(const struct proof_group *g, size_t limit)
{
    struct most_taken m = {0};
    for (size_t i = 0; i < g->n_choices; i++)
        for (size_t u = 0; u < g->choices[i].n_uses; u++) {
            const struct proof_choice *c = &g->choices[i];
            if (c->uses[u].limit != limit) continue;
            m.by_work = fmax(m.by_work, c->uses[u].units / c->work);
            m.by_clock = fmax(m.by_clock, c->uses[u].units / c->clock);
            m.by_gpus = fmax(m.by_gpus, c->uses[u].units / c->gpus);
        }
    return m;
}

/* Units that a job could ever use of a limit at a time: nothing is gained by more work than there is, and how it is spread over
 * a period does not matter. At once: a gang's machines, the parallel limit, or all work within one period. */
static double job_units(const struct bounder *b, size_t job, const struct most_taken *of)
{
    const struct demand *d = &b->p->in.demands->items[job];
    double *shortest_h = &b->shortest_h[job];
    if (of->by_work <= 0) return 0;
    if (*shortest_h <= 0) *shortest_h = shortest_open_h(b, d);
    double most = d->work / *shortest_h * of->by_work;
    if (d->shape->workers) most = fmin(most, of->by_clock);
    const double parallel = proof_parallel(d);
    return isfinite(parallel) ? fmin(most, parallel * of->by_gpus) : most;
}

static double units_of_jobs(const struct bounder *b, size_t limit)
{
    const struct proof *p = b->p;
    struct most_taken *of = ARENA_NEW(p->arena, struct most_taken, p->n_groups + 1);
    double sum = 0;
    for (size_t g = 0; g < p->n_groups; g++) of[g] = most_taken(&p->groups[g], limit);
    for (size_t i = 0; i < p->in.demands->n; i++) sum += job_units(b, i, &of[p->group_of[i]]);
    return sum;
}

/* `units` of a limit for the whole horizon, at its prices. */
static void put_prices(const struct bounder *b, struct tally *sum, size_t limit, double units)
{
    const struct proof_times *times = &b->p->times;
    for (size_t t = 0; b->limit_price[limit] && t < times->n; t++)
        tally_add(sum, b->limit_price[limit][t] * units,
                  (double)(times->from_us[t + 1] - times->from_us[t]) / (double)US_PER_H);
}

void bound_add_purchase(const struct bounder *b, struct tally *sum, size_t limit)
{
    const struct proof *p = b->p;
    const struct proof_limit *x = &p->limits[limit];
    put_held(b, sum, NULL, x->offer == NOWHERE ? 1 : p->offers[x->offer].price, INT64_MAX);
    for (size_t k = 0; x->offer != NOWHERE && k < p->n_limits; k++)
        if (proof_holds(p, &p->limits[k], x->offer))
            put_prices(b, sum, k, proof_units(p, &p->limits[k], x->offer));
}

/* Commitments that may be bought: R machines, or money per hour. What one service has alone is bought with its machines. */
void bound_purchases(struct bounder *b)
{
    struct proof *p = b->p;
    double *length_h = ARENA_NEW(p->arena, double, p->times.n + 1);
    for (size_t t = 0; t < p->times.n; t++)
        length_h[t] = (double)(p->times.from_us[t + 1] - p->times.from_us[t]) / (double)US_PER_H;
    b->lengths_h = least_make(length_h, p->times.n, p->arena);
    b->shortest_h = ARENA_NEW(p->arena, double, p->in.demands->n + 1);
    for (size_t l = 0; l < p->n_limits; l++) {
        const struct proof_limit *x = &p->limits[l];
        struct tally paid = {0};
        if (!x->buys) {
            put_held(b, &paid, NULL, sunk(p, x), x->until_us);
            exact_add(&b->sum, tally_low(&paid), 1);
            continue;
        }
        if (x->alone) continue;
        bound_add_purchase(b, &paid, l);
        put_prices(b, &paid, l, -1);
        if (tally_low(&paid) >= 0) continue;
        bound_column(b, &paid, ceil(bound_service_units(b, l) + units_of_jobs(b, l)));
    }
}

static void bound_seats(struct bounder *b)
{
    const struct proof *p = b->p;
    for (size_t i = 0; i < p->in.services->n; i++) {
        const struct service *s = &p->in.services->items[i];
        const struct workload *w = s->shape->workload;
        if (!w->has_licence || w->licence_per != LICENCE_SEAT) continue;
        bool known;
        const struct ratio unit = proof_licence_unit(p, w, &known);
        double peak = 0;
        for (size_t t = 0; t < p->times.n; t++)
            peak = fmax(peak, service_sizing_load(s, p->times.from_us[t], p->times.from_us[t + 1]));
        const long seats = s->seats > 0 ? s->seats : (long)ceil(peak);
        struct tally paid = {0};
        if (known) put_held(b, &paid, w->owner, ratio_value(unit) * (double)seats, INT64_MAX);
        exact_add(&b->sum, tally_low(&paid), 1);
    }
}

static bool prices_valid(const struct proof_prices *prices)
{
    const double most = 1e15;
    for (int k = 0; k < N_PRICE_KINDS; k++)
        for (size_t i = 0; i < prices->tables[k].n; i++) {
            const struct proof_series *s = prices->tables[k].items[i];
            for (size_t j = 0; j < s->n; j++)
                if (!(fabs(s->value[j]) <= most) ||
                    (s->value[j] < 0 && !proof_row_is_signed((enum proof_row)k)))
                    return false;
        }
    return true;
}

bool bound_is_implied(const struct bounder *b, size_t limit)
{
    const struct proof_limit *l = &b->p->limits[limit];
    return l->buys && l->kind == PROOF_SUBSCRIPTION && !l->price && !l->alone;
}

/* Of what a machine is worth, no more than it costs: else it would be bought. */
static void limit_worth(const struct bounder *b, size_t l)
{
    struct tally worth = {0}, paid = {0};
    bound_add_purchase(b, &paid, l);
    put_prices(b, &worth, l, 1);
    if (worth.sum <= tally_low(&paid)) return;
    const double part = fmax(0, tally_low(&paid)) / worth.sum * (1 - SAFE);
    for (size_t t = 0; t < b->p->times.n; t++) b->implied[l][t] *= part;
}

/* A subscription that is not named may still be bought: its price is what its machines are worth to whoever gains most. */
static void imply(struct bounder *b)
{
    b->implied = ARENA_NEW(b->p->arena, double *, b->p->n_limits + 1);
    b->implying = true;
    bound_imply_services(b);
    bound_imply_jobs(b);
    b->implying = false;
    for (size_t l = 0; l < b->p->n_limits; l++) {
        if (!b->implied[l]) continue;
        b->limit_price[l] = b->implied[l];
        limit_worth(b, l);
    }
    find_spells(b);
}

static struct proof_bound add_up(struct bounder b)
{
    struct proof *p = b.p;
    struct proof_bound out = {.valid = true};
    exact_init(&b.sum);
    exact_init(&b.sum_us);
    for (size_t s = 0; s < p->n_stores; s++)
        if (p->stores[s].n_homes > b.most_homes) b.most_homes = p->stores[s].n_homes;
    list_budgets(&b);
    price_limits(&b);
    price_reads(&b);
    find_spells(&b);
    bound_count_jobs(&b);
    imply(&b);
    bound_jobs(&b);
    bound_services(&b);
    bound_stores(&b);
    bound_purchases(&b);
    bound_seats(&b);
    exact_add_part(&b.sum, &b.sum_us, US_PER_H);
    out.micro = exact_floor_micro(&b.sum);
    out.lost = b.lost;
    exact_clear(&b.sum);
    exact_clear(&b.sum_us);
    return out;
}

struct proof_bound proof_bound(struct proof *p, const struct proof_prices *prices, bool money)
{
    struct bounder b = {.p = p, .prices = prices, .money = money ? 1 : 0};
    if (!prices_valid(prices)) return (struct proof_bound){.micro = INT64_MIN};
    const struct proof_bound out = add_up(b);
    if (money || out.micro > 0) return out;
    b.as_stated = true; /* more load than all machines carry: it is worth more than any of them */
    return add_up(b);
}

struct proof_bound proof_bound_again(struct proof *p, const struct proof_prices *prices)
{
    if (p->bounded && p->bounded->prices == prices) return p->bounded->found;
    struct proof_bounded *b = ARENA_NEW(p->arena, struct proof_bounded, 1);
    *b = (struct proof_bounded){prices, proof_bound(p, prices, true)};
    p->bounded = b;
    return b->found;
}
