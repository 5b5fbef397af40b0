/* The bill again, in exact fractions: every amount is price x quantity rounded once, prices are those of the price rows, and all
 * quantities together are what the timeline has to be billed for. */
#include "common/text.h"
#include "proof/due.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct auditor {
    const struct proof *p;
    const struct proof_claim *c;
    struct diag *d;
    struct dues dues;
    bool *counted; /* [lines] */
    micro_t sum;   /* of them */
    bool overflows;
    size_t n_idle, *idle; /* lines of what is not used of commitments */
    /* What users of commitments book by month, of those that exist and of those that were bought: microseconds by offer
     * [2][offers][months], of savings plans millionths of money [2][months]. */
    int64_t *used_us, *used_micro;
};

/* Half to even, in millionths, where numbers do not fit into 128 bits. */
static void round_large(mpz_t out, struct ratio price, int64_t quantity, int64_t den)
{
    mpz_t product, divisor, rest;
    mpz_init_set_si(product, price.num);
    mpz_mul_si(product, product, quantity);
    mpz_mul_si(product, product, 1000000);
    mpz_init_set_si(divisor, price.den);
    mpz_mul_si(divisor, divisor, den);
    mpz_init(rest);
    mpz_fdiv_qr(out, rest, product, divisor);
    mpz_mul_2exp(rest, rest, 1);
    const int half = mpz_cmp(rest, divisor);
    if (half > 0 || (half == 0 && mpz_odd_p(out))) mpz_add_ui(out, out, 1);
    mpz_clears(product, divisor, rest, NULL);
}

/* The same in integers of 128 bits; false: they overflow. */
static bool round_small(wide_t *out, struct ratio price, int64_t quantity, int64_t den)
{
    wide_t product, twice;
    const wide_t divisor = (wide_t)price.den * den;
    if (__builtin_mul_overflow((wide_t)price.num * quantity, (wide_t)1000000, &product))
        return false;
    wide_t whole = product / divisor, rest = product % divisor;
    if (rest < 0) {
        whole--;
        rest += divisor;
    }
    if (__builtin_mul_overflow(rest, (wide_t)2, &twice)) return false;
    *out = whole + (twice > divisor || (twice == divisor && whole % 2 != 0));
    return true;
}

static bool refuse_line(const struct auditor *a, size_t line, const char *what)
{
    diag_error(a->d, ERR_PROOF_BILL, (struct place){0}, _("line %zu of the bill (%s): %s"),
               line + 1, due_part_word(claim_line_at(a->c, line).part), what);
    return false;
}

/* The amount of a line at its exact price. */
static bool check_amount(const struct auditor *a, size_t line, const struct claim_line *l,
                         struct ratio price)
{
    mpz_t amount;
    wide_t small;
    if (round_small(&small, price, l->quantity, l->quantity_den) && small == l->amount) return true;
    mpz_init(amount);
    round_large(amount, price, l->quantity, l->quantity_den);
    const bool same = mpz_cmp_si(amount, l->amount) == 0;
    const char *found = mpz_fits_slong_p(amount)
                            ? arena_printf(a->p->arena, "%.6f", (double)mpz_get_si(amount) / 1e6)
                            : "?";
    mpz_clear(amount);
    return same || refuse_line(a, line,
                               arena_printf(a->p->arena, _("%.6f, and price x quantity is %s"),
                                            (double)l->amount / 1e6, found));
}

static bool same_price(double printed, struct ratio exact)
{
    const double value = ratio_value(exact);
    return fabs(printed - value) <= 1e-13 * fabs(value);
}

/* Everything of a due but its price; by the order of due_cmp. */
static int by_holder(const struct due *d, const struct due *of)
{
    const struct due plain = {.part = d->part,
                              .workload = d->workload,
                              .job = d->job,
                              .offer = d->offer,
                              .dataset = d->dataset,
                              .month = d->month,
                              .plan = d->plan,
                              .price = of->price};
    return due_cmp(&plain, of);
}

/* The due that a line pays for: they are sorted. */
static struct due *find_due(const struct auditor *a, const struct claim_line *l)
{
    const struct due of = {.workload = l->workload,
                           .job = l->job,
                           .dataset = l->dataset,
                           .offer = l->offer,
                           .month = l->month,
                           .part = l->part,
                           .price = RATIO_ONE};
    if (l->part == N_DUES || l->plan) return NULL;
    size_t low = 0, high = a->dues.n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (by_holder(&a->dues.items[middle], &of) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < a->dues.n && by_holder(&a->dues.items[low], &of) == 0; low++)
        if (same_price(l->price, a->dues.items[low].price)) return &a->dues.items[low];
    return NULL;
}

/* Equal keys become one. */
static void merge(struct dues *all)
{
    size_t kept = 0;
    if (all->n > 1) qsort(all->items, all->n, sizeof *all->items, due_cmp);
    for (size_t i = 0; i < all->n; i++) {
        struct due *last = kept ? &all->items[kept - 1] : NULL, *d = &all->items[i];
        if (!last || due_cmp(last, d) != 0) {
            all->items[kept++] = *d;
            continue;
        }
        last->parts += d->parts;
        if (!d->has_rest) continue;
        if (!last->has_rest) mpq_init(last->rest);
        last->has_rest = true;
        mpq_add(last->rest, last->rest, d->rest);
        mpq_clear(d->rest);
    }
    all->n = kept;
}

static bool is_committed(const struct claim_line *l)
{
    return l->part == DUE_COMMITTED || l->part == DUE_COMMITMENT_NEW;
}

static bool is_idle(const struct claim_line *l)
{
    return l->workload == NOWHERE && is_committed(l);
}

static void count_line(struct auditor *a, size_t line, micro_t amount)
{
    a->counted[line] = true;
    a->overflows = !money_add(&a->sum, amount) || a->overflows;
}

static int64_t *used_of(const struct auditor *a, bool bought, size_t offer, int month)
{
    return &a->used_us[((bought ? a->p->n_offers : 0) + offer) * (size_t)a->p->times.n_months +
                       (size_t)month];
}

static int64_t *spent_of(const struct auditor *a, bool bought, int month)
{
    return &a->used_micro[(bought ? a->p->times.n_months : 0) + month];
}

/* What overflows is no bill that could be right: it only must not be undefined. */
static void add_wrapping(int64_t *sum, int64_t more)
{
    *sum = (int64_t)((uint64_t)*sum + (uint64_t)more);
}

static void count_use(const struct auditor *a, const struct claim_line *l)
{
    const bool bought = l->part == DUE_COMMITMENT_NEW;
    if (l->offer == NOWHERE || l->month >= a->p->times.n_months) return;
    add_wrapping(used_of(a, bought, l->offer, l->month), l->quantity);
    if (a->p->offers[l->offer].market->id == MARKET_SAVINGS_PLAN)
        add_wrapping(spent_of(a, bought, l->month), l->amount);
}

static bool check_line(struct auditor *a, size_t line)
{
    const struct claim_line l = claim_line_at(a->c, line);
    if (is_idle(&l)) {
        *ARENA_PUSH(a->p->arena, a->idle, a->n_idle) = line;
        return true;
    }
    if (is_committed(&l)) count_use(a, &l);
    struct due *due = find_due(a, &l);
    if (!due)
        return refuse_line(a, line, _("nothing in the timeline has to be paid at this price"));
    due_take(due, -l.quantity, l.quantity_den);
    count_line(a, line, l.amount);
    return check_amount(a, line, &l, due->price);
}

/* All dues, and the lines [first, after) of the index, which have to pay them; none of them is left. */
static bool check_paid(struct auditor *a, const struct claim_index *lines, size_t first,
                       size_t after)
{
    bool good = true;
    merge(&a->dues);
    for (size_t k = first; k < after; k++) good = check_line(a, claim_index_at(lines, k)) && good;
    for (size_t i = 0; i < a->dues.n; i++) {
        const struct due *d = &a->dues.items[i];
        if (due_is_paid(d)) continue;
        diag_error(
            a->d, ERR_PROOF_BILL, (struct place){0},
            _("the bill has %s for %.15g too little of what the timeline uses, at %.15g each"),
            due_part_word(d->part), due_left(d), ratio_value(d->price));
        good = false;
    }
    due_clear(&a->dues);
    return good;
}

static bool refuse_start(const struct auditor *a, size_t job, int64_t start_us)
{
    diag_error(a->d, ERR_PROOF_BILL, (struct place){0},
               _("job \"%s\": the starts of a stretch are not the %.6f machine-hours they take"),
               a->p->in.demands->items[job].name, (double)start_us / (double)US_PER_H);
    return false;
}

/* Memory for what a job has to pay is used again after so many of them. */
enum { JOBS_AT_A_TIME = 64 };

/* One job after the other: what it has to pay, and its lines. */
static bool check_jobs(struct auditor *a, const struct claim_index *lines)
{
    const struct claim_index runs = claim_runs_by_job(a->p, a->c);
    bool good = true;
    a->dues.arena = arena_new();
    for (size_t i = 0; i < a->p->in.demands->n; i++) {
        size_t n;
        int64_t start_us = 0;
        if (i % JOBS_AT_A_TIME == 0) {
            arena_free(a->dues.arena);
            a->dues.arena = arena_new();
        }
        struct claim_run *of_job = claim_runs_of(&n, a->c, &runs, i, a->dues.arena);
        if (dues_of_job(&a->dues, of_job, n, &start_us))
            good = check_paid(a, lines, lines->first[i], lines->first[i + 1]) && good;
        else
            good = refuse_start(a, i, start_us);
    }
    arena_free(a->dues.arena);
    a->dues.arena = a->p->arena;
    return good;
}

static bool check_rest(struct auditor *a, const struct claim_index *lines)
{
    const size_t jobs = a->p->in.demands->n;
    dues_of_services(&a->dues);
    dues_of_stores(&a->dues);
    return check_paid(a, lines, lines->first[jobs], lines->first[jobs + 1]);
}

/* What lines book to the users of a commitment in a month: microseconds, of a plan millionths of money. */
static int64_t booked(const struct auditor *a, const struct proof_limit *l, int month)
{
    return l->kind == PROOF_SUBSCRIPTION ? *used_of(a, l->buys, l->offer, month)
                                         : *spent_of(a, l->buys, month);
}

/* The idle part of a commitment in a month. */
static bool check_idle_month(struct auditor *a, size_t limit, int month, int64_t idle)
{
    const struct proof_limit *l = &a->p->limits[limit];
    const bool machines = l->kind == PROOF_SUBSCRIPTION;
    const struct ratio price = machines ? a->p->offers[l->offer].price_per_h : RATIO_ONE;
    const enum proof_part part = l->buys ? DUE_COMMITMENT_NEW : DUE_COMMITTED;
    wide_t left = idle > 0 && price.num ? idle : 0;
    for (size_t i = 0; i < a->n_idle; i++) {
        const size_t line = a->idle[i];
        const struct claim_line x = claim_line_at(a->c, line);
        if (a->counted[line] || x.month != month || x.offer != l->offer || x.plan == machines ||
            x.part != part)
            continue;
        count_line(a, line, x.amount);
        left -= x.quantity;
        if (x.quantity_den != (machines ? US_PER_H : 1000000) || !same_price(x.price, price))
            return refuse_line(a, line, _("nothing in the timeline has to be paid at this price"));
        if (!check_amount(a, line, &x, price)) return false;
    }
    if (left == 0) return true;
    diag_error(a->d, ERR_PROOF_BILL, (struct place){0},
               _("the unused part of %s in month %d of the plan is %.15g units off the bill"),
               l->key, month + 1, (double)left / (machines ? (double)US_PER_H : 1e6));
    return false;
}

static bool check_idle(struct auditor *a, size_t limit)
{
    const struct proof *p = a->p;
    const struct proof_limit *l = &p->limits[limit];
    const double count = l->buys ? a->c->bought[limit] : l->amount;
    const int64_t until = l->until_us < p->horizon_us ? l->until_us : p->horizon_us;
    const double each = l->kind == PROOF_SUBSCRIPTION ? 1 : 1e6 / (double)US_PER_H;
    double before = 0;
    int64_t at = 0;
    bool good = true;
    if (l->kind < PROOF_SUBSCRIPTION || count <= 0 || until <= 0) return true;
    for (int month = 0; at < until; month++) {
        const struct scenario *s = p->in.scenario;
        const int64_t end = next_month_start(s->start + at) - s->start;
        at = end < until ? end : until;
        const double upto = round(count * (double)at * each);
        good = check_idle_month(a, limit, month, (int64_t)(upto - before) - booked(a, l, month)) &&
               good;
        before = upto;
    }
    return good;
}

static bool check_sum(const struct auditor *a)
{
    size_t i = 0;
    while (i < a->c->n_lines && a->counted[i] && !a->overflows) i++;
    if (i < a->c->n_lines)
        return refuse_line(a, i, _("it belongs to no commitment of the scenario"));
    if (a->sum == a->c->cost) return true;
    diag_error(a->d, ERR_PROOF_COST, (struct place){0},
               _("the cost is %.6f, and the lines of the bill add up to %.6f"),
               (double)a->c->cost / 1e6, (double)a->sum / 1e6);
    return false;
}

bool proof_check_bill(const struct proof *p, const struct proof_claim *c, struct diag *d)
{
    struct auditor a = {.p = p, .c = c, .d = d, .dues = {.p = p, .c = c, .arena = p->arena}};
    const size_t months = (size_t)p->times.n_months;
    a.counted = ARENA_NEW(p->arena, bool, c->n_lines + 1);
    a.used_us = ARENA_NEW(p->arena, int64_t, 2 * p->n_offers * months + 1);
    a.used_micro = ARENA_NEW(p->arena, int64_t, 2 * months + 1);
    const struct claim_index lines = claim_lines_by_job(p, c);
    bool good = check_jobs(&a, &lines);
    good = check_rest(&a, &lines) && good;
    for (size_t l = 0; good && l < p->n_limits; l++) good = check_idle(&a, l) && good;
    return good && check_sum(&a);
}

static bool counts_for(const struct proof *p, const struct claim_line *l, const char *owner,
                       int month)
{
    if (month >= 0 && l->month != month) return false;
    return !owner || (l->workload != NOWHERE &&
                      proof_same(owner, p->in.scenario->workloads[l->workload].owner));
}

static bool check_budget(const struct proof *p, const struct proof_claim *c,
                         const struct optional_money *money, const char *owner, int month,
                         struct diag *d)
{
    struct ratio exact;
    wide_t sum = 0;
    if (!price_convert(&exact, money->money.amount, money->money.currency, p->in.request))
        return true;
    for (size_t i = 0; i < c->n_lines; i++) {
        const struct claim_line l = claim_line_at(c, i);
        if (counts_for(p, &l, owner, month)) sum += l.amount;
    }
    const double limit = ratio_value(exact);
    if ((double)sum / 1e6 <= limit + 2e-6) return true;
    diag_error(d, ERR_PROOF_BUDGET, money->at,
               _("%.6f are booked to the budget of %s, which allows %.6f"), (double)sum / 1e6,
               owner ? owner : _("everybody"), limit);
    return false;
}

bool proof_check_budgets(const struct proof *p, const struct proof_claim *c, struct diag *d)
{
    const struct scenario *s = p->in.scenario;
    bool good = true;
    for (size_t i = 0; i <= s->n_owner_budgets; i++) {
        const bool all = i == s->n_owner_budgets;
        const struct optional_money *money = all ? &s->budget : &s->owner_budgets[i].limit;
        const char *owner = all ? NULL : s->owner_budgets[i].owner;
        if (!money->given) continue;
        if (money->money.per != PER_MONTH) good = check_budget(p, c, money, owner, -1, d) && good;
        for (int m = 0; money->money.per == PER_MONTH && m < p->times.n_months; m++)
            good = check_budget(p, c, money, owner, m, d) && good;
    }
    return good;
}
