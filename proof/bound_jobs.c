/* What jobs add to the bound (docs/certificates.md): a job pays its work price for W, less what it gains where machines are
 * cheaper than that. With r the gain per clock hour of a gang, or per GPU of capped work, in a period
 *
 *     r = max over choices of (work price x a - share price x a [spot] - late x a - cost) / q,  at least 0
 *     job = work W - share x most W - sum of r x open hours (x the parallel limit)
 *
 * Work without such a limit is charged the cheapest unit of work that it can get: nothing is gained then. */
#include "proof/bound_jobs.h"
#include "proof/best_price.h"
#include <math.h>
#include <string.h>

static double units_of(const struct proof_choice *c, size_t limit)
{
    for (size_t i = 0; i < c->n_uses; i++)
        if (c->uses[i].limit == limit) return c->uses[i].units;
    return 0;
}

/* Per unit of work a takes no more of anything than b, whatever things cost. */
static bool beats(const struct kept *k, const struct proof_choice *a, const struct proof_choice *b)
{
    if (a->site != b->site || a->cost * b->work > b->cost * a->work) return false;
    if (k->gang && a->clock * b->work > b->clock * a->work) return false;
    if (k->capped && a->gpus * b->work > b->gpus * a->work) return false;
    if (k->shares && a->spot && !b->spot) return false;
    if (k->reads && a->u < b->u) return false;
    if (k->owned && a->booked * b->work > b->booked * a->work) return false;
    for (size_t i = 0; i < a->n_uses; i++)
        if (a->uses[i].units * b->work > units_of(b, a->uses[i].limit) * a->work) return false;
    return true;
}

static void keep(struct kept *k, const struct proof_choice *c)
{
    for (size_t i = 0; i < k->n; i++)
        if (beats(k, k->choices[i], c)) return;
    size_t left = 0;
    for (size_t i = 0; i < k->n; i++)
        if (!beats(k, c, k->choices[i])) k->choices[left++] = k->choices[i];
    k->choices[left++] = c;
    k->n = left;
}

static bool reads_data(const struct workload *w)
{
    for (size_t j = 0; j < w->n_uses; j++)
        if (w->uses[j].reads > 0) return true;
    return false;
}

static struct kept keep_all(const struct bounder *b, size_t group)
{
    const struct proof *p = b->p;
    const struct proof_group *g = &p->groups[group];
    struct kept k = {.group = g,
                     .gang = g->shape->workers > 0,
                     .shares = g->shape->spot_max_frac < 1,
                     .reads = reads_data(g->shape->workload)};
    k.capped = !k.gang && b->jobs[group].capped;
    k.n_jobs = b->jobs[group].n;
    for (size_t i = 0; i < b->n_budgets; i++) k.owned |= b->budgets[i].owner != NULL;
    k.choices = ARENA_NEW(p->arena, const struct proof_choice *, g->n_choices + 1);
    for (size_t i = 0; i < g->n_choices; i++) keep(&k, &g->choices[i]);
    k.cost = ARENA_NEW(p->arena, double, b->n_spells *k.n + 1);
    k.least = ARENA_NEW(p->arena, double, 2 * b->n_spells + 1);
    k.priced = ARENA_NEW(p->arena, bool, b->n_spells + 1);
    return k;
}

static bool is_left_out(const struct pricing *x, size_t i)
{
    return x->only_named && x->named && !x->named[x->k->choices[i]->site];
}

/* Work per clock hour of a gang, or per GPU-hour. */
static double per_work(const struct pricing *x, size_t i)
{
    const struct proof_choice *c = x->k->choices[i];
    return c->work / (x->k->gang ? c->clock : c->gpus);
}

/* r of the period, a safe bit above. */
static double gain(const struct pricing *x, const double *cost, double late)
{
    double most = 0;
    for (size_t i = 0; i < x->k->n; i++) {
        if (!isfinite(cost[i]) || is_left_out(x, i)) continue;
        const double left = x->work - bound_unit_cost(x, i, cost[i], late);
        if (left <= -MARGIN * x->work) continue;
        most = fmax(most, (left + MARGIN * x->work) * per_work(x, i) * (1 + MARGIN));
    }
    return most;
}

/* What the work at each choice costs by where its datasets lie. */
static void sum_links(struct pricing *x)
{
    const struct proof_group *g = x->k->group;
    const size_t uses = x->d->shape->workload->n_uses;
    for (size_t i = 0; i < x->k->n; i++) {
        const struct proof_choice *c = x->k->choices[i];
        double sum = 0;
        for (size_t j = 0; j < uses; j++)
            sum += x->of_home[j * x->b->most_homes + g->sites[c->site].home[j]];
        x->links[i] = sum * c->work;
    }
}

/* Links: what the work of a job costs by where its datasets lie. A site is named when all its homes are. */
static void set_links(struct pricing *x)
{
    const struct proof *p = x->b->p;
    const struct proof_group *g = x->k->group;
    const struct workload *w = x->d->shape->workload;
    bool any = false;
    if (x->b->prices->tables[PRICE_LINK].n == 0 || w->n_uses == 0) return;
    x->named = ARENA_NEW(p->arena, bool, g->n_sites + 1);
    x->links = ARENA_NEW(p->arena, double, x->k->n + 1);
    x->of_home = ARENA_NEW(p->arena, double, w->n_uses * x->b->most_homes + 1);
    for (size_t i = 0; i < g->n_sites; i++) x->named[i] = true;
    for (size_t j = 0; j < w->n_uses; j++) {
        const struct proof_store *s = &p->stores[proof_store_find(p, w->uses[j].use)];
        for (size_t h = 0; s->n_homes > 1 && h < s->n_homes; h++) {
            const struct proof_series *price = proof_prices_find(
                x->b->prices, PRICE_LINK, bound_home_key(x->b, x->d->name, s->name, &s->homes[h]));
            any |= price != NULL;
            if (price) x->of_home[j * x->b->most_homes + h] = price->value[0];
            for (size_t i = 0; !price && i < g->n_sites; i++)
                if (g->sites[i].home[j] == h) x->named[i] = false;
        }
    }
    if (!any) x->named = NULL;
    sum_links(x);
}

static bool has_limit(const struct pricing *x)
{
    return x->k->gang || isfinite(x->parallel);
}

/* Clock hours of a gang, or GPU-hours of capped work, that the job may use in the period. */
static double most_in(const struct pricing *x, const struct hour *h)
{
    return (x->k->gang ? 1 : x->parallel) * (double)h->open / (double)US_PER_H;
}

/* Work without a limit of its own in an hour takes the cheapest unit; what is spared on spot is the price of its share. */
static double free_price(struct pricing *x)
{
    const double stated = x->share;
    x->share = 0;
    const struct cheapest least = bound_cheapest(x);
    if (x->d->shape->spot_max_frac < 1 && isfinite(least.other) &&
        !(x->b->implying && stated > 0)) {
        x->share = fmax(0, least.other - least.spot);
        return least.other;
    }
    x->share = stated;
    return fmin(least.other, least.spot + stated);
}

/* Gains of all periods. */
static void take_gains(const struct pricing *x, struct exact *sum_us)
{
    double r = 0;
    for (struct hour h = bound_first_hour(x); bound_next_hour(x, &h);) {
        if (!h.again) r = gain(x, h.cost, h.late);
        if (r > 0) exact_add3(sum_us, -r, x->k->gang ? 1 : x->parallel, (double)h.open);
    }
}

/* The work price at which the job contributes most. */
static double best_price(const struct pricing *x, double stated)
{
    struct arena *scratch = arena_new();
    struct gains g = {.arena = scratch, .work = x->d->work};
    for (struct hour h = bound_first_hour(x); bound_next_hour(x, &h);) {
        if (!h.again) {
            gains_run(&g);
            for (size_t i = 0; i < x->k->n; i++)
                if (isfinite(h.cost[i]) && !is_left_out(x, i))
                    gains_line(&g, bound_unit_cost(x, i, h.cost[i], h.late), per_work(x, i));
        }
        if (g.n_runs > 0) g.runs[g.n_runs - 1].most += most_in(x, &h);
    }
    const double price = gains_best_price(&g, stated);
    arena_free(scratch);
    return price;
}

/* What the work at a site has to cost so that the job gains nothing there which it does not gain elsewhere. */
static void need_at_sites(struct pricing *x, double *need)
{
    for (struct hour h = bound_first_hour(x); bound_next_hour(x, &h);) {
        if (h.again) continue;
        x->only_named = true;
        const double r = has_limit(x) ? gain(x, h.cost, h.late) : 0;
        x->only_named = false;
        for (size_t i = 0; i < x->k->n; i++) {
            const struct proof_choice *c = x->k->choices[i];
            if (x->named[c->site] || !isfinite(h.cost[i])) continue;
            const double left = x->work - bound_unit_cost(x, i, h.cost[i], h.late) -
                                r * (x->k->gang ? c->clock : c->gpus) / c->work;
            need[c->site] = fmax(need[c->site], left);
        }
    }
}

/* Prices of links that are not named: booked to the first dataset of a site that has none. */
static void imply_links(struct pricing *x, double work)
{
    const struct proof *p = x->b->p;
    const struct proof_group *g = x->k->group;
    const struct workload *w = x->d->shape->workload;
    if (!x->named || work <= 0) return;
    double *need = ARENA_NEW(p->arena, double, g->n_sites + 1);
    x->work = work;
    need_at_sites(x, need);
    for (size_t i = 0; i < g->n_sites; i++) {
        if (need[i] <= 0) continue;
        for (size_t j = 0; j < w->n_uses; j++) {
            const struct proof_store *s = &p->stores[proof_store_find(p, w->uses[j].use)];
            const size_t h = g->sites[i].home[j];
            if (s->n_homes == 1 ||
                proof_prices_find(x->b->prices, PRICE_LINK,
                                  bound_home_key(x->b, x->d->name, s->name, &s->homes[h])))
                continue;
            double *price = &x->of_home[j * x->b->most_homes + h];
            *price = fmax(*price, need[i] * (1 + MARGIN));
            break;
        }
    }
    sum_links(x);
}

/* NOLINTNEXTLINE(readability-non-const-parameter): costs are kept in `own` */
static struct pricing pricing_of(struct bounder *b, struct kept *k, size_t job, double *own)
{
    const struct demand *d = &b->p->in.demands->items[job];
    struct pricing x = {.b = b,
                        .k = k,
                        .d = d,
                        .owner = k->group->owner,
                        .parallel = proof_parallel(d),
                        .own = own};
    if (d->shape->spot_max_frac < 1) x.share = proof_price(b->prices, PRICE_SHARE, d->name);
    set_links(&x);
    return x;
}

/* What the job contributes at a work price; `gains`: less what it gains by it. */
static void job_value(struct exact *sum, struct pricing *x, double work, bool gains)
{
    struct exact us;
    exact_init(&us);
    x->work = work;
    exact_add(sum, work, x->d->work);
    if (x->share > 0) exact_add3(sum, -x->share, x->d->shape->spot_max_frac, x->d->work);
    if (gains) take_gains(x, &us);
    exact_add_part(sum, &us, US_PER_H);
    exact_clear(&us);
}

/* Where to look for the best work price when none is stated: a job that its limit does not bind pays the cheapest unit. */
static double first_price(struct pricing *x, double stated)
{
    const double share = x->share;
    if (stated > 0) return stated;
    const double least = free_price(x);
    x->share = share;
    return isfinite(least) ? fmax(0, least) : stated;
}

/* The better of the best work price and of the cheapest unit of work. */
static void bound_job(struct bounder *b, struct kept *k, size_t job, double *own)
{
    const struct demand *d = &b->p->in.demands->items[job];
    struct exact priced, free;
    if (d->work <= 0 || k->n == 0) return;
    struct pricing x = pricing_of(b, k, job, own);
    const double stated = proof_price(b->prices, PRICE_WORK, d->name);
    imply_links(&x, stated);
    b->links[job] = x.of_home;
    exact_init(&priced);
    exact_init(&free);
    if (has_limit(&x)) job_value(&priced, &x, best_price(&x, first_price(&x, stated)), true);
    const double least = fmax(0, free_price(&x));
    if (isfinite(least)) job_value(&free, &x, least, false);
    exact_add_sum(&b->sum, exact_cmp_sum(&priced, &free) > 0 ? &priced : &free);
    exact_clear(&priced);
    exact_clear(&free);
}

/* The limit of choice i whose price is implied; NOWHERE: none. */
static size_t implied_limit(const struct pricing *x, size_t i)
{
    const struct proof_choice *c = x->k->choices[i];
    for (size_t u = 0; u < c->n_uses; u++)
        if (bound_is_implied(x->b, c->uses[u].limit)) return c->uses[u].limit;
    return NOWHERE;
}

/* What the machines of choice i are worth in the period, beyond what the job gains there anyway. */
static void imply_choice(const struct pricing *x, size_t i, const struct hour *h, double r)
{
    struct bounder *b = x->b;
    const struct proof_choice *c = x->k->choices[i];
    const size_t limit = implied_limit(x, i);
    const int64_t length = b->p->times.from_us[h->t + 1] - b->p->times.from_us[h->t];
    const double crowd = (double)length / (double)h->open;
    b->implying = false;
    const double cost = bound_hour_cost(b, x->k->group, c, h->t, crowd);
    b->implying = true;
    if (!isfinite(cost)) return;
    const double q = x->k->gang ? c->clock : c->gpus;
    const double worth = (x->work - bound_unit_cost(x, i, cost, h->late)) * c->work - r * q;
    if (worth <= 0) return;
    if (!b->implied[limit]) b->implied[limit] = ARENA_NEW(b->p->arena, double, b->p->times.n);
    double *price = &b->implied[limit][h->t];
    *price = fmax(*price, worth * (1 + MARGIN) / crowd / units_of(c, limit));
}

static void imply_job(struct pricing *x, double stated)
{
    double r = 0;
    x->work = has_limit(x) ? best_price(x, stated) : free_price(x);
    if (!isfinite(x->work)) return;
    for (struct hour h = bound_first_hour(x); bound_next_hour(x, &h);) {
        if (has_limit(x) && !h.again) r = gain(x, h.cost, h.late);
        for (size_t i = 0; i < x->k->n; i++)
            if (implied_limit(x, i) != NOWHERE) imply_choice(x, i, &h, r);
    }
}

void bound_imply_jobs(struct bounder *b)
{
    const struct proof *p = b->p;
    for (size_t g = 0; g < p->n_groups; g++) {
        struct kept k = keep_all(b, g);
        const struct pricing any_job = {.b = b, .k = &k};
        double *own = ARENA_NEW(p->arena, double, k.n + 1);
        bool any = false;
        for (size_t i = 0; i < k.n; i++) any |= implied_limit(&any_job, i) != NOWHERE;
        for (size_t i = 0; any && i < p->in.demands->n; i++) {
            if (p->group_of[i] != g || p->in.demands->items[i].work <= 0) continue;
            struct pricing x = pricing_of(b, &k, i, own);
            imply_job(&x, proof_price(b->prices, PRICE_WORK, x.d->name));
        }
    }
}

void bound_count_jobs(struct bounder *b)
{
    const struct proof *p = b->p;
    b->jobs = ARENA_NEW(p->arena, struct group_jobs, p->n_groups + 1);
    for (size_t i = 0; i < p->in.demands->n; i++) {
        struct group_jobs *of = &b->jobs[p->group_of[i]];
        of->n++;
        of->capped |= isfinite(proof_parallel(&p->in.demands->items[i]));
    }
}

void bound_jobs(struct bounder *b)
{
    const struct proof *p = b->p;
    struct kept *kept = ARENA_NEW(p->arena, struct kept, p->n_groups + 1);
    size_t most = 0;
    for (size_t g = 0; g < p->n_groups; g++) {
        kept[g] = keep_all(b, g);
        if (kept[g].n > most) most = kept[g].n;
    }
    double *own = ARENA_NEW(p->arena, double, most + 1);
    b->links = ARENA_NEW(p->arena, double *, p->in.demands->n + 1);
    for (size_t i = 0; i < p->in.demands->n; i++) bound_job(b, &kept[p->group_of[i]], i, own);
}
