/* Jobs: machines of every stretch, their starts, what is billed beyond what they are held, lateness. */
#include "proof/due.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *due_part_word(enum proof_part part)
{
    static const char *const words[N_DUES] = {
        "compute", "start",  "discount",  "commitment_used", "commitment_new", "disk",
        "storage", "egress", "retrieval", "licence",         "late",           "unserved"};
    return part < N_DUES ? words[part] : "?";
}

int due_month(struct dues *all, int64_t us)
{
    const struct scenario *s = all->p->in.scenario;
    if (us >= all->month_from_us && us < all->month_to_us) return all->month;
    moment_t from = month_start(s->start), next = next_month_start(s->start);
    for (all->month = 0; next <= s->start + us; next = next_month_start(from = next)) all->month++;
    all->month_from_us = from - s->start;
    all->month_to_us = next - s->start;
    return all->month;
}

void due_clear(struct dues *all)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->items[i].has_rest) mpq_clear(all->items[i].rest);
    all->n = 0;
    all->items = NULL;
}

void due_take(struct due *d, int64_t quantity, int64_t den)
{
    mpq_t part;
    if (US_PER_H % den == 0) {
        d->parts += (wide_t)quantity * (US_PER_H / den);
        return;
    }
    mpq_init(part);
    mpz_set_si(mpq_numref(part), quantity);
    mpz_set_si(mpq_denref(part), den);
    mpq_canonicalize(part);
    if (!d->has_rest) mpq_init(d->rest);
    d->has_rest = true;
    mpq_add(d->rest, d->rest, part);
    mpq_clear(part);
}

/* The parts as well, where there is a rest. */
static void whole_of(mpq_t out, const struct due *d)
{
    exact_wide(mpq_numref(out), d->parts);
    mpz_set_si(mpq_denref(out), US_PER_H);
    mpq_canonicalize(out);
    if (d->has_rest) mpq_add(out, out, d->rest);
}

bool due_is_paid(const struct due *d)
{
    mpq_t all;
    if (!d->has_rest) return d->parts == 0;
    mpq_init(all);
    whole_of(all, d);
    const bool none = mpq_sgn(all) == 0;
    mpq_clear(all);
    return none;
}

double due_left(const struct due *d)
{
    mpq_t all;
    mpq_init(all);
    whole_of(all, d);
    const double left = mpq_get_d(all);
    mpq_clear(all);
    return left;
}

void due_add(struct dues *all, struct due like, int64_t quantity, int64_t den)
{
    if (quantity == 0 || like.price.num == 0) return;
    like.parts = 0;
    like.has_rest = false;
    due_take(&like, quantity, den);
    *ARENA_PUSH(all->arena, all->items, all->n) = like;
}

void due_spread(struct dues *all, struct due like, int64_t quantity, int64_t den, int64_t from_us,
                int64_t to_us)
{
    int64_t done = 0;
    for (int64_t at = from_us; at < to_us;) {
        like.month = due_month(all, at);
        at = all->month_to_us < to_us ? all->month_to_us : to_us;
        const int64_t upto = at == to_us
                                 ? quantity
                                 : (int64_t)((wide_t)quantity * (at - from_us) / (to_us - from_us));
        due_add(all, like, upto - done, den);
        done = upto;
    }
}

static int by_index(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

int due_cmp(const void *x, const void *y)
{
    const struct due *a = x, *b = y;
    if (a->part != b->part) return a->part < b->part ? -1 : 1;
    if (a->workload != b->workload) return by_index(a->workload, b->workload);
    if (a->job != b->job) return by_index(a->job, b->job);
    if (a->offer != b->offer) return by_index(a->offer, b->offer);
    if (a->dataset != b->dataset) return by_index(a->dataset, b->dataset);
    if (a->month != b->month) return a->month < b->month ? -1 : 1;
    if (a->plan != b->plan) return a->plan ? 1 : -1;
    return ratio_cmp(a->price, b->price);
}

int64_t due_billed(const struct offer *o, int64_t held_us)
{
    const int64_t step = o->billing_step_us, minute = US_PER_H / 60;
    if (step == 0) return held_us;
    const int64_t billed = (held_us + step - 1) / step * step;
    return billed < minute ? minute : billed;
}

bool due_plan_rate(const struct proof *p, const struct proof_choice *c, struct ratio *rate)
{
    for (size_t i = 0; i < c->n_uses; i++) {
        const struct proof_limit *l = &p->limits[c->uses[i].limit];
        char text[64];
        struct ratio left;
        if (l->kind != PROOF_SAVINGS) continue;
        *rate = p->offers[c->offer].price_per_h;
        if (l->buys) return true;
        snprintf(text, sizeof text, "%.9f", 1 - l->discount);
        return ratio_parse(&left, text) && ratio_mul(rate, p->offers[c->offer].list_per_h, left);
    }
    return false;
}

enum proof_part due_use_part(const struct proof *p, const struct proof_choice *c)
{
    if (!p->offers[c->offer].market->prepaid &&
        p->offers[c->offer].market->id != MARKET_SAVINGS_PLAN)
        return DUE_COMPUTE;
    return c->offer < p->in.n_offers ? DUE_COMMITMENT_NEW : DUE_COMMITTED;
}

int64_t due_fraction(double amount, double times)
{
    int64_t parts = 1000000;
    while (parts && amount * (double)parts * times > 4e18) parts /= 10;
    return parts;
}

/* --- runs of machines --- */

/* Machines that began alike: so many of them, held so long until now. */
struct batch {
    long machines;
    int64_t held_us;
};

struct crew {
    size_t n, gone; /* batches, the oldest first; the first `gone` went on elsewhere */
    struct batch *batches;
    long left; /* machines that may still go on */
};

struct runs {
    struct dues *all;
    const struct claim_run *items;
    size_t n;
    struct crew *crews;
};

/* The oldest `machines` of `from` go on in `to` for `us` more. */
static void go_on(struct crew *to, struct crew *from, long machines, int64_t us, struct arena *a)
{
    while (machines > 0 && from->gone < from->n) {
        struct batch *b = &from->batches[from->gone];
        const long n = b->machines < machines ? b->machines : machines;
        *ARENA_PUSH(a, to->batches, to->n) = (struct batch){n, b->held_us + us};
        b->machines -= n;
        machines -= n;
        from->gone += b->machines == 0;
    }
}

/* Machines of run i that were not there already: those of the same offer and place that end as it begins go on. */
static long boots(struct runs *r, size_t i)
{
    const struct claim_run *x = &r->items[i];
    const int64_t each = (x->paid_us + x->machines - 1) / x->machines;
    long boot = x->machines;
    for (size_t k = i; k-- > 0 && boot > 0;) {
        const struct claim_run *y = &r->items[k];
        if (y->choice != x->choice || y->to_us != x->from_us) continue;
        const long n = r->crews[k].left < boot ? r->crews[k].left : boot;
        r->crews[k].left -= n;
        go_on(&r->crews[i], &r->crews[k], n, each, r->all->arena);
        boot -= n;
    }
    if (boot > 0)
        *ARENA_PUSH(r->all->arena, r->crews[i].batches, r->crews[i].n) =
            (struct batch){boot, each + x->start_us / boot};
    return boot;
}

/* Billed beyond what is held, booked where a machine's run ends. */
static int64_t rounding(const struct runs *r, size_t i)
{
    const struct claim_run *x = &r->items[i];
    const struct offer *o = &r->all->p->offers[x->choice->offer];
    const struct crew *c = &r->crews[i];
    if (o->billing_step_us == 0) return 0;
    int64_t us = (x->paid_us + x->machines - 1) / x->machines * x->machines - x->paid_us;
    for (size_t k = c->gone; k < c->n; k++)
        us +=
            c->batches[k].machines * (due_billed(o, c->batches[k].held_us) - c->batches[k].held_us);
    return us;
}

/* List price, and what is taken off it. */
static void add_priced(struct dues *all, struct due like, const struct offer *o, int64_t us,
                       const struct claim_run *x)
{
    struct ratio minus = o->list_per_h;
    like.price = o->list_per_h;
    due_spread(all, like, us, US_PER_H, x->from_us, x->to_us);
    minus.num = -minus.num;
    like.part = DUE_DISCOUNT;
    if (ratio_add(&like.price, o->price_per_h, minus))
        due_spread(all, like, us, US_PER_H, x->from_us, x->to_us);
}

static void add_run(struct dues *all, const struct claim_run *x, int64_t more_us)
{
    const struct proof *p = all->p;
    const struct offer *o = &p->offers[x->choice->offer];
    const bool subscribed = o->market->id == MARKET_SUBSCRIPTION;
    const int64_t start = subscribed ? 0 : x->start_us, held = x->paid_us + start;
    struct due like = {.part = due_use_part(p, x->choice),
                       .workload = p->groups[p->group_of[x->job]].workload,
                       .job = x->job,
                       .dataset = NOWHERE,
                       .offer = x->choice->offer};
    if (subscribed) {
        like.price = o->price_per_h;
        due_spread(all, like, held, US_PER_H, x->from_us, x->to_us);
    } else if (o->market->id == MARKET_SAVINGS_PLAN) {
        if (due_plan_rate(p, x->choice, &like.price))
            due_spread(all, like, x->paid_us, US_PER_H, x->from_us, x->to_us);
        like.part = DUE_COMPUTE;
        add_priced(all, like, o, more_us, x);
    } else {
        add_priced(all, like, o, x->paid_us + more_us, x);
    }
    like.part = DUE_START;
    add_priced(all, like, o, start, x);
    like.part = DUE_LICENCE;
    like.price = x->choice->licence;
    due_spread(all, like, held, US_PER_H, x->from_us, x->to_us);
    like.part = DUE_DISK;
    like.price = x->choice->disk;
    due_spread(all, like, held, US_PER_H, x->from_us, x->to_us);
}

static int64_t late_us(const struct dues *all, const struct demand *d, int64_t finish_us)
{
    if (!d->late_priced || finish_us <= d->due_us) return 0;
    return (all->c->relaxed ? finish_us : proof_step_end(all->p, finish_us - 1)) - d->due_us;
}

/* A job pays until the end of the last step it works in; the linear program itself by the share that is late. */
static void add_late(struct dues *all, size_t job, const struct claim_run *runs, size_t n)
{
    const struct proof *p = all->p;
    const struct demand *d = &p->in.demands->items[job];
    int64_t finish = 0;
    double mean = 0;
    for (size_t i = 0; i < n; i++) {
        if (runs[i].to_us > finish) finish = runs[i].to_us;
        mean += (double)late_us(all, d, runs[i].to_us) * runs[i].work / d->work;
    }
    due_add(all,
            (struct due){.part = DUE_LATE,
                         .workload = p->groups[p->group_of[job]].workload,
                         .job = job,
                         .dataset = NOWHERE,
                         .offer = NOWHERE,
                         .month = due_month(all, d->due_us),
                         .price = d->late_cost_per_h},
            all->c->relaxed ? llround(mean) : late_us(all, d, finish), US_PER_H);
}

static int by_time(const void *x, const void *y)
{
    const struct claim_run *a = x, *b = y;
    if (a->from_us != b->from_us) return a->from_us < b->from_us ? -1 : 1;
    if (a->choice->offer != b->choice->offer) return by_index(a->choice->offer, b->choice->offer);
    return (a->to_us > b->to_us) - (a->to_us < b->to_us);
}

bool dues_of_job(struct dues *all, struct claim_run *runs, size_t n, int64_t *start_us)
{
    bool sorted = true;
    if (n == 0) return true;
    for (size_t i = 1; i < n; i++) sorted = sorted && by_time(&runs[i - 1], &runs[i]) <= 0;
    if (!sorted) qsort(runs, n, sizeof *runs, by_time);
    struct runs r = {all, runs, n, ARENA_NEW(all->arena, struct crew, n + 1)};
    for (size_t i = 0; i < n; i++) r.crews[i].left = runs[i].machines;
    for (size_t i = 0; i < n && !all->c->relaxed; i++) {
        const double rs = runs[i].choice->restart_h;
        *start_us = boots(&r, i) * llround(rs * (double)US_PER_H);
        /* the restart is a derived number: a microsecond per machine is its rounding */
        if (llabs(*start_us - runs[i].start_us) > runs[i].machines) return false;
    }
    for (size_t i = 0; i < n; i++) add_run(all, &runs[i], all->c->relaxed ? 0 : rounding(&r, i));
    add_late(all, runs[0].job, runs, n);
    return true;
}
