/* The bill again, in exact fractions: every amount is price x quantity rounded once, prices are those of the price rows, and all
 * quantities together are what the timeline has to be billed for. */
#include "common/text.h"
#include "proof/due.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct auditor {
    const struct proof *p;
    struct proof_claim *c;
    struct diag *d;
    struct dues dues;
    size_t n_committed, *committed; /* lines of commitments, used or not */
};

/* Half to even, in millionths. */
static void round_amount(mpz_t out, const mpq_t price, const mpq_t quantity)
{
    mpq_t exact;
    mpz_t rest, twice;
    mpq_init(exact);
    mpz_inits(rest, twice, NULL);
    mpq_mul(exact, price, quantity);
    mpz_mul_si(mpq_numref(exact), mpq_numref(exact), 1000000);
    mpz_fdiv_qr(out, rest, mpq_numref(exact), mpq_denref(exact));
    mpz_mul_2exp(twice, rest, 1);
    const int half = mpz_cmp(twice, mpq_denref(exact));
    if (half > 0 || (half == 0 && mpz_odd_p(out))) mpz_add_ui(out, out, 1);
    mpz_clears(rest, twice, NULL);
    mpq_clear(exact);
}

static void set_ratio(mpq_t out, struct ratio r)
{
    mpz_set_si(mpq_numref(out), r.num);
    mpz_set_si(mpq_denref(out), r.den);
    mpq_canonicalize(out);
}

static void set_quantity(mpq_t out, const struct claim_line *l)
{
    mpz_set_si(mpq_numref(out), l->quantity);
    mpz_set_si(mpq_denref(out), l->quantity_den);
    mpq_canonicalize(out);
}

static bool refuse_line(const struct auditor *a, const struct claim_line *l, const char *what)
{
    diag_error(a->d, ERR_PROOF_BILL, (struct place){0}, _("line %zu of the bill (%s): %s"),
               l->number, l->part, what);
    return false;
}

/* The amount of a line at its exact price. */
static bool check_amount(const struct auditor *a, const struct claim_line *l, struct ratio price)
{
    mpq_t p, q;
    mpz_t amount;
    mpq_inits(p, q, NULL);
    mpz_init(amount);
    set_ratio(p, price);
    set_quantity(q, l);
    round_amount(amount, p, q);
    const bool same = mpz_cmp_si(amount, l->amount) == 0;
    const char *found = mpz_fits_slong_p(amount)
                            ? arena_printf(a->p->arena, "%.6f", (double)mpz_get_si(amount) / 1e6)
                            : "?";
    mpq_clears(p, q, NULL);
    mpz_clear(amount);
    return same || refuse_line(a, l,
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
    struct due of = {.workload = l->workload,
                     .job = l->job,
                     .dataset = l->dataset,
                     .offer = l->offer,
                     .month = l->month,
                     .price = RATIO_ONE};
    int part = 0;
    while (part < N_DUES && strcmp(due_part_word((enum proof_part)part), l->part) != 0) part++;
    if (part == N_DUES || l->plan) return NULL;
    of.part = (enum proof_part)part;
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
    if (all->n) qsort(all->items, all->n, sizeof *all->items, due_cmp);
    for (size_t i = 0; i < all->n; i++) {
        if (kept && due_cmp(&all->items[kept - 1], &all->items[i]) == 0) {
            mpq_add(all->items[kept - 1].quantity, all->items[kept - 1].quantity,
                    all->items[i].quantity);
            mpq_clear(all->items[i].quantity);
        } else {
            all->items[kept++] = all->items[i];
        }
    }
    all->n = kept;
}

static bool is_idle(const struct claim_line *l)
{
    return l->workload == NOWHERE && (strcmp(l->part, due_part_word(DUE_COMMITTED)) == 0 ||
                                      strcmp(l->part, due_part_word(DUE_COMMITMENT_NEW)) == 0);
}

/* Few of many lines: every commitment looks through them by month. */
static void find_committed(struct auditor *a)
{
    a->committed = ARENA_NEW(a->p->arena, size_t, a->c->n_lines + 1);
    for (size_t i = 0; i < a->c->n_lines; i++)
        if (strcmp(a->c->lines[i].part, due_part_word(DUE_COMMITTED)) == 0 ||
            strcmp(a->c->lines[i].part, due_part_word(DUE_COMMITMENT_NEW)) == 0)
            a->committed[a->n_committed++] = i;
}

static bool check_lines(struct auditor *a)
{
    bool good = true;
    for (size_t i = 0; i < a->c->n_lines; i++) {
        struct claim_line *l = &a->c->lines[i];
        if (is_idle(l)) continue;
        struct due *due = find_due(a, l);
        if (!due) {
            good = refuse_line(a, l, _("nothing in the timeline has to be paid at this price"));
            continue;
        }
        mpq_t q;
        mpq_init(q);
        set_quantity(q, l);
        mpq_sub(due->quantity, due->quantity, q);
        mpq_clear(q);
        l->counted = true;
        good = check_amount(a, l, due->price) && good;
    }
    for (size_t i = 0; i < a->dues.n; i++) {
        const struct due *d = &a->dues.items[i];
        if (mpq_sgn(d->quantity) == 0) continue;
        diag_error(
            a->d, ERR_PROOF_BILL, (struct place){0},
            _("the bill has %s for %.15g too little of what the timeline uses, at %.15g each"),
            due_part_word(d->part), mpq_get_d(d->quantity), ratio_value(d->price));
        good = false;
    }
    return good;
}

/* What lines book to the users of a commitment in a month: microseconds, of a plan millionths of money. */
static int64_t booked(const struct auditor *a, const struct proof_limit *l, int month)
{
    const char *part = due_part_word(l->buys ? DUE_COMMITMENT_NEW : DUE_COMMITTED);
    int64_t sum = 0;
    for (size_t i = 0; i < a->n_committed; i++) {
        const struct claim_line *x = &a->c->lines[a->committed[i]];
        if (is_idle(x) || x->month != month || x->offer == NOWHERE || strcmp(x->part, part) != 0)
            continue;
        if (l->kind == PROOF_SUBSCRIPTION && x->offer == l->offer) sum += x->quantity;
        if (l->kind == PROOF_SAVINGS && a->p->offers[x->offer].market->id == MARKET_SAVINGS_PLAN)
            sum += x->amount;
    }
    return sum;
}

/* The idle part of a commitment in a month. */
static bool check_idle_month(const struct auditor *a, size_t limit, int month, int64_t idle)
{
    const struct proof_limit *l = &a->p->limits[limit];
    const bool machines = l->kind == PROOF_SUBSCRIPTION;
    const struct ratio price = machines ? a->p->offers[l->offer].price_per_h : RATIO_ONE;
    int64_t left = idle > 0 && price.num ? idle : 0;
    for (size_t i = 0; i < a->n_committed; i++) {
        struct claim_line *x = &a->c->lines[a->committed[i]];
        if (!is_idle(x) || x->month != month || x->offer != l->offer || x->plan == machines ||
            strcmp(x->part, due_part_word(l->buys ? DUE_COMMITMENT_NEW : DUE_COMMITTED)) != 0)
            continue;
        x->counted = true;
        left -= x->quantity;
        if (x->quantity_den != (machines ? US_PER_H : 1000000) || !same_price(x->price, price))
            return refuse_line(a, x, _("nothing in the timeline has to be paid at this price"));
        if (!check_amount(a, x, price)) return false;
    }
    if (left == 0) return true;
    diag_error(a->d, ERR_PROOF_BILL, (struct place){0},
               _("the unused part of %s in month %d of the plan is %.15g units off the bill"),
               l->key, month + 1, (double)left / (machines ? (double)US_PER_H : 1e6));
    return false;
}

static bool check_idle(const struct auditor *a, size_t limit)
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
    micro_t sum = 0;
    for (size_t i = 0; i < a->c->n_lines; i++) {
        const struct claim_line *l = &a->c->lines[i];
        if (!l->counted || !money_add(&sum, l->amount))
            return refuse_line(a, l, _("it belongs to no commitment of the scenario"));
    }
    if (sum == a->c->cost) return true;
    diag_error(a->d, ERR_PROOF_COST, (struct place){0},
               _("the cost is %.6f, and the lines of the bill add up to %.6f"),
               (double)a->c->cost / 1e6, (double)sum / 1e6);
    return false;
}

bool proof_check_bill(const struct proof *p, struct proof_claim *c, struct diag *d)
{
    struct auditor a = {.p = p, .c = c, .d = d, .dues = {.p = p, .c = c, .arena = p->arena}};
    size_t job = 0;
    int64_t start_us = 0;
    bool good = dues_make(&a.dues, &job, &start_us);
    if (!good)
        diag_error(
            d, ERR_PROOF_BILL, (struct place){0},
            _("job \"%s\": the starts of a stretch are not the %.6f machine-hours they take"),
            p->in.demands->items[job].name, (double)start_us / (double)US_PER_H);
    merge(&a.dues);
    find_committed(&a);
    good = good && check_lines(&a);
    for (size_t l = 0; good && l < p->n_limits; l++) good = check_idle(&a, l) && good;
    good = good && check_sum(&a);
    due_clear(&a.dues);
    return good;
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
    micro_t sum = 0;
    if (!price_convert(&exact, money->money.amount, money->money.currency, p->in.request))
        return true;
    for (size_t i = 0; i < c->n_lines; i++)
        if (counts_for(p, &c->lines[i], owner, month)) sum += c->lines[i].amount;
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
