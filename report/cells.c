#include "report/cells.h"
#include "report/service_facts.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const int64_t DAY_US = 24 * US_PER_H;

const char *micro_text(struct arena *a, micro_t amount)
{
    char buffer[64];
    char *text = arena_strdup(a, money_print(buffer, sizeof buffer, amount, 6, false));
    size_t length = strlen(text);
    while (text[length - 1] == '0' && text[length - 3] != '.') text[--length] = '\0';
    return text;
}

const char *real_text(struct arena *a, double value)
{
    return isfinite(value) ? arena_printf(a, "%.15g", value) : "";
}

/* Midnight of the day on which the horizon starts. */
static moment_t first_midnight(const struct scenario *s)
{
    return s->start - ((s->start % DAY_US) + DAY_US) % DAY_US;
}

static int month_of(const struct scenario *s, moment_t m)
{
    int month = 0;
    for (moment_t next = next_month_start(s->start); m >= next; next = next_month_start(next))
        month++;
    return month;
}

/* whole x part / all, rounded half to even; all > 0. */
static int64_t share(int64_t whole, int64_t part, int64_t all)
{
    micro_t result = 0;
    const bool fits = money_amount(&result, (struct ratio){whole, 1000000}, part, all);
    return fits ? result : 0;
}

/* Machines that are held for a time, whatever for. */
struct held {
    struct cell cell; /* of the whole time: all but day and month */
    int64_t from_us, to_us;
};

static void held_split(struct cell **cells, size_t *n, const struct scenario *sc,
                       const struct held *h, struct arena *a)
{
    const moment_t midnight = first_midnight(sc);
    const int64_t offset = sc->start - midnight, length = h->to_us - h->from_us;
    int64_t paid = 0;
    for (int64_t from = h->from_us; from < h->to_us;) {
        const long day = (long)((from + offset) / DAY_US);
        const int64_t midnight_us = (day + 1) * DAY_US - offset;
        const int64_t to = midnight_us < h->to_us ? midnight_us : h->to_us;
        const int64_t paid_to = share(h->cell.paid_us, to - h->from_us, length);
        const moment_t morning = midnight + day * DAY_US;
        struct cell *c = ARENA_PUSH(a, *cells, *n);
        *c = h->cell;
        c->day = day;
        c->month = month_of(sc, morning < sc->start ? sc->start : morning);
        c->paid_us = paid_to - paid;
        c->start_us = from == h->from_us ? h->cell.start_us : 0;
        c->useful = h->cell.useful * (double)(to - from) / (double)length;
        paid = paid_to;
        from = to;
    }
}

static void stretch_split(struct cell **cells, size_t *n, const struct plan *p,
                          const struct stretch *s, struct arena *a)
{
    const struct workload *w = p->demands->items[s->demand].shape->workload;
    const struct held held = {{.workload = (size_t)(w - p->scenario->workloads),
                               .demand = w->from_csv ? s->demand : NO_INDEX,
                               .offer = s->offer,
                               .dataset = NO_INDEX,
                               .paid_us = s->paid_us,
                               .start_us = s->start_us,
                               .useful = s->useful},
                              s->from_us,
                              s->to_us};
    held_split(cells, n, p->scenario, &held, a);
}

static void holdings_split(struct cell **cells, size_t *n, const struct plan *p, struct arena *a)
{
    const double *shares = paid_shares(p, a);
    for (size_t i = 0; i < p->n_holdings; i++) {
        const struct holding *h = &p->holdings[i];
        const struct held held = {{.workload = service_workload(p, h->service),
                                   .demand = NO_INDEX,
                                   .offer = h->offer,
                                   .dataset = NO_INDEX,
                                   .paid_us = holding_paid_us(h, shares),
                                   .start_us = holding_start_us(p, h)},
                                  h->from_us,
                                  h->to_us};
        held_split(cells, n, p->scenario, &held, a);
    }
}

static int cell_cmp(const void *left, const void *right)
{
    const struct cell *a = left, *b = right;
    const size_t x[] = {a->workload, a->demand, a->offer, a->dataset};
    const size_t y[] = {b->workload, b->demand, b->offer, b->dataset};
    for (size_t i = 0; i < sizeof x / sizeof *x; i++)
        if (x[i] != y[i]) return x[i] < y[i] ? -1 : 1;
    if (a->day != b->day) return a->day < b->day ? -1 : 1;
    return (a->month > b->month) - (a->month < b->month);
}

/* Sorts, then adds cells of the same key. */
static size_t cells_merge(struct cell *cells, size_t n)
{
    if (n == 0) return 0;
    qsort(cells, n, sizeof *cells, cell_cmp);
    size_t kept = 0;
    for (size_t i = 1; i < n; i++) {
        if (cell_cmp(&cells[kept], &cells[i])) {
            cells[++kept] = cells[i];
            continue;
        }
        cells[kept].paid_us += cells[i].paid_us;
        cells[kept].start_us += cells[i].start_us;
        cells[kept].useful += cells[i].useful;
        for (size_t part = 0; part < N_PARTS; part++) cells[kept].part[part] += cells[i].part[part];
    }
    return kept + 1;
}

/* Jobs are kept apart only where the user listed them. */
static size_t job_of(const struct plan *p, size_t workload, size_t demand)
{
    const bool listed = workload != NO_INDEX && p->scenario->workloads[workload].from_csv;
    return listed ? demand : NO_INDEX;
}

/* First of the sorted cells that is not before `key`. */
static size_t cell_find(const struct cell *cells, size_t n, const struct cell *key)
{
    size_t low = 0, high = n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (cell_cmp(&cells[middle], key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int64_t cell_weight(const struct cell *c, const struct ledger_line *l)
{
    if (c->month != l->month) return 0;
    return l->part == PART_START ? c->start_us : c->paid_us;
}

/* Shares one ledger line among the cells of its machines; false when there are none. */
static bool line_share(struct cell *cells, size_t n, const struct plan *p,
                       const struct ledger_line *l)
{
    if (!cells || l->offer == NO_INDEX || l->workload == NO_INDEX) return false;
    const struct cell key = {.workload = l->workload,
                             .demand = job_of(p, l->workload, l->demand),
                             .offer = l->offer,
                             .dataset = NO_INDEX,
                             .day = -1};
    const size_t first = cell_find(cells, n, &key);
    size_t end = first;
    int64_t all = 0, so_far = 0;
    for (; end < n && cells[end].workload == key.workload && cells[end].demand == key.demand &&
           cells[end].offer == key.offer;
         end++)
        all += cell_weight(&cells[end], l);
    if (all <= 0) return false;
    micro_t given = 0;
    for (size_t i = first; i < end; i++) {
        so_far += cell_weight(&cells[i], l);
        const micro_t up_to = so_far == all ? l->amount : share(l->amount, so_far, all);
        cells[i].part[l->part] += up_to - given;
        given = up_to;
    }
    return true;
}

struct cell *cells_make(size_t *n, const struct plan *p, struct arena *a)
{
    struct cell *cells = NULL;
    *n = 0;
    for (size_t i = 0; i < p->n_stretches; i++) stretch_split(&cells, n, p, &p->stretches[i], a);
    holdings_split(&cells, n, p, a);
    const size_t of_machines = *n = cells_merge(cells, *n);
    for (size_t i = 0; i < p->n_ledger; i++) {
        const struct ledger_line *l = &p->ledger[i];
        if (line_share(cells, of_machines, p, l)) continue;
        struct cell *c = ARENA_PUSH(a, cells, *n);
        *c = (struct cell){.workload = l->workload,
                           .demand = job_of(p, l->workload, l->demand),
                           .offer = l->offer,
                           .dataset = l->dataset,
                           .day = -1,
                           .month = l->month};
        c->part[l->part] = l->amount;
    }
    *n = cells_merge(cells, *n);
    return cells;
}
