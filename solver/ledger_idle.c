/* Commitments that nobody uses are paid all the same. */
#include "solver/ledger_internal.h"
#include <math.h>

/* What the lines so far book to the users of commitments. */
struct used {
    size_t months;
    int64_t *machines; /* [offers][months] machine-microseconds of subscribed offers */
    int64_t *money;    /* [2][months] of savings plans: existing, new */
};

static struct used used_make(const struct book_keeper *k)
{
    const size_t months = (size_t)k->n_months;
    const struct used u = {months, ARENA_NEW(k->m->arena, int64_t, k->m->n_offers * months + 1),
                           ARENA_NEW(k->m->arena, int64_t, 2 * months + 1)};
    for (size_t i = 0; i < k->plan->n_ledger; i++) {
        const struct ledger_line *l = &k->plan->ledger[i];
        const bool is_new = l->part == PART_COMMITMENT_NEW;
        if (l->offer == NONE || (!is_new && l->part != PART_COMMITTED)) continue;
        if (k->m->offers[l->offer].market->id == MARKET_SAVINGS_PLAN)
            u.money[is_new * months + (size_t)l->month] += l->amount;
        else
            u.machines[l->offer * months + (size_t)l->month] += l->quantity;
    }
    return u;
}

/* What is held of the commitment in a month less what is booked to its users. */
static void add_idle_month(struct book_keeper *k, const struct used *used, const struct capacity *c,
                           struct ledger_line line, int64_t held)
{
    const size_t months = used->months, month = (size_t)line.month;
    const bool is_new = line.part == PART_COMMITMENT_NEW;
    if (month < months)
        held -= c->kind == LIMIT_SUBSCRIPTION ? used->machines[c->offer * months + month]
                                              : used->money[is_new * months + month];
    line.quantity = held;
    if (held > 0 && c->kind == LIMIT_SUBSCRIPTION && month < months)
        used->machines[c->offer * months + month] += held;
    if (held > 0) ledger_add(k, line); /* a microsecond or micro-unit below 0 is rounding */
}

/* The part of a commitment that nobody uses: what is paid less what the lines above book to its users. */
static void add_idle(struct book_keeper *k, const struct used *used, size_t limit)
{
    const struct model *m = k->m;
    const struct scenario *s = m->scenario;
    const struct capacity *c = &m->limits[limit];
    const bool machines = c->kind == LIMIT_SUBSCRIPTION;
    const double count = c->buys ? k->decision->bought[limit] : c->amount;
    const int64_t until = c->until_us < m->horizon_us ? c->until_us : m->horizon_us;
    if (count <= 0 || until <= 0) return;
    const double price = machines ? m->offers[c->offer].price : 1;
    k->objective += price * count * (double)until / (double)US_PER_H;
    struct ledger_line line = {.part = c->buys ? PART_COMMITMENT_NEW : PART_COMMITTED,
                               .workload = NONE,
                               .demand = NONE,
                               .dataset = NONE,
                               .offer = c->offer,
                               .price = machines ? m->offers[c->offer].price_per_h : RATIO_ONE,
                               .unit = machines ? "machine-h" : "money",
                               .quantity_den = machines ? US_PER_H : 1000000,
                               .estimated = machines && m->offers[c->offer].estimated,
                               .note = _("not used")};
    const double units = machines ? 1 : 1e6 / (double)US_PER_H; /* per microsecond of one unit */
    double before = 0;
    for (int64_t at = 0; at < until; line.month++) {
        const int64_t end = ledger_month_begin(s, line.month + 1) - s->start;
        at = end < until ? end : until;
        const double upto = round(count * (double)at * units);
        add_idle_month(k, used, c, line, (int64_t)(upto - before));
        before = upto;
    }
}

void ledger_add_idle(struct book_keeper *k)
{
    const struct used used = used_make(k);
    for (size_t l = 0; l < k->m->n_limits; l++)
        if (k->m->limits[l].kind >= LIMIT_SUBSCRIPTION) add_idle(k, &used, l);
}
