#include "report/cells.h"
#include "report/service_facts.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const int64_t DAY_US = 24 * US_PER_H;

enum { FIGURE_BYTES = 64 };

static char *micro_print(char buffer[FIGURE_BYTES], micro_t amount)
{
    money_print(buffer, FIGURE_BYTES, amount, 6, false);
    size_t length = strlen(buffer);
    while (buffer[length - 1] == '0' && buffer[length - 3] != '.') buffer[--length] = '\0';
    return buffer;
}

const char *micro_text(struct arena *a, micro_t amount)
{
    char buffer[FIGURE_BYTES];
    return arena_strdup(a, micro_print(buffer, amount));
}

void micro_put(FILE *out, micro_t amount)
{
    char buffer[FIGURE_BYTES];
    fputs(amount ? micro_print(buffer, amount) : "0.00", out);
}

const char *real_text(struct arena *a, double value)
{
    return isfinite(value) ? arena_printf(a, "%.15g", value) : "";
}

void real_put(FILE *out, double value)
{
    if (value == 0 && !signbit(value))
        fputc('0', out);
    else if (isfinite(value))
        fprintf(out, "%.15g", value);
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

/* Jobs are kept apart only where the user listed them. */
static size_t job_of(const struct plan *p, size_t workload, size_t demand)
{
    const bool listed = workload != NO_INDEX && p->scenario->workloads[workload].from_csv;
    return listed ? demand : NO_INDEX;
}

static size_t workload_of(const struct plan *p, const struct stretch *s)
{
    return (size_t)(p->demands->items[s->demand].shape->workload - p->scenario->workloads);
}

static struct held stretch_held(const struct plan *p, const struct stretch *s)
{
    const size_t workload = workload_of(p, s);
    return (struct held){{.workload = workload,
                          .demand = job_of(p, workload, s->demand),
                          .offer = s->offer,
                          .dataset = NO_INDEX,
                          .paid_us = s->paid_us,
                          .start_us = s->start_us,
                          .useful = s->useful},
                         s->from_us,
                         s->to_us};
}

static struct held holding_held(const struct plan *p, const struct holding *h, const double *shares)
{
    return (struct held){{.workload = service_workload(p, h->service),
                          .demand = NO_INDEX,
                          .offer = h->offer,
                          .dataset = NO_INDEX,
                          .paid_us = holding_paid_us(h, shares),
                          .start_us = holding_start_us(p, h)},
                         h->from_us,
                         h->to_us};
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

enum cell_source { STRETCH, HOLDING, LINE, N_SOURCES };

/* What becomes cells, put in order of workload and, in lists, of ranges of jobs: no cell belongs to two pieces. */
struct pieces {
    const struct plan *plan;
    const double *shares;     /* of holdings, as paid_shares gives them */
    size_t ranges, n;         /* of jobs per workload; pieces */
    size_t *first[N_SOURCES]; /* [n + 1] into `items`, by enum cell_source */
    size_t *items[N_SOURCES];
};

enum { RANGE_JOBS = 8192, MOST_PIECES = 1000000 };

static size_t piece_of(const struct pieces *s, size_t workload, size_t job)
{
    const size_t n = s->plan->scenario->n_workloads;
    const size_t range = job / RANGE_JOBS, last = s->ranges - 1;
    if (workload == NO_INDEX) return n * s->ranges;
    return workload * s->ranges + (job == NO_INDEX || range > last ? last : range);
}

static size_t source_piece(const struct pieces *s, enum cell_source source, size_t i)
{
    const struct plan *p = s->plan;
    if (source == HOLDING)
        return piece_of(s, service_workload(p, p->holdings[i].service), NO_INDEX);
    const size_t workload =
        source == STRETCH ? workload_of(p, &p->stretches[i]) : p->ledger[i].workload;
    const size_t demand = source == STRETCH ? p->stretches[i].demand : p->ledger[i].demand;
    return piece_of(s, workload, job_of(p, workload, demand));
}

static void pieces_order(struct pieces *s, enum cell_source source, size_t n, struct arena *a)
{
    size_t *first = s->first[source] = ARENA_NEW(a, size_t, s->n + 2);
    size_t *items = s->items[source] = ARENA_NEW(a, size_t, n + 1);
    for (size_t i = 0; i < n; i++) first[source_piece(s, source, i) + 2]++;
    for (size_t k = 2; k <= s->n + 1; k++) first[k] += first[k - 1];
    for (size_t i = 0; i < n; i++) items[first[source_piece(s, source, i) + 1]++] = i;
}

static struct pieces pieces_make(const struct plan *p, struct arena *a)
{
    const size_t n_workloads = p->scenario->n_workloads + 1, n_jobs = p->demands->n;
    const size_t wanted = n_jobs / RANGE_JOBS + 2, most = MOST_PIECES / n_workloads + 1;
    struct pieces s = {
        .plan = p, .shares = paid_shares(p, a), .ranges = wanted < most ? wanted : most};
    s.n = n_workloads * s.ranges;
    pieces_order(&s, STRETCH, p->n_stretches, a);
    pieces_order(&s, HOLDING, p->n_holdings, a);
    pieces_order(&s, LINE, p->n_ledger, a);
    return s;
}

static void line_add(struct cell **cells, size_t *n, size_t of_machines, const struct plan *p,
                     const struct ledger_line *l, struct arena *a)
{
    if (line_share(*cells, of_machines, p, l)) return;
    struct cell *c = ARENA_PUSH(a, *cells, *n);
    *c = (struct cell){.workload = l->workload,
                       .demand = job_of(p, l->workload, l->demand),
                       .offer = l->offer,
                       .dataset = l->dataset,
                       .day = -1,
                       .month = l->month};
    c->part[l->part] = l->amount;
}

static void piece_tell(const struct pieces *s, size_t piece, cell_fn *tell, void *context)
{
    const struct plan *p = s->plan;
    struct arena *a = arena_new();
    struct cell *cells = NULL;
    size_t n = 0;
    for (size_t i = s->first[STRETCH][piece]; i < s->first[STRETCH][piece + 1]; i++) {
        const struct held h = stretch_held(p, &p->stretches[s->items[STRETCH][i]]);
        held_split(&cells, &n, p->scenario, &h, a);
    }
    for (size_t i = s->first[HOLDING][piece]; i < s->first[HOLDING][piece + 1]; i++) {
        const struct held h = holding_held(p, &p->holdings[s->items[HOLDING][i]], s->shares);
        held_split(&cells, &n, p->scenario, &h, a);
    }
    const size_t of_machines = n = cells_merge(cells, n);
    for (size_t i = s->first[LINE][piece]; i < s->first[LINE][piece + 1]; i++)
        line_add(&cells, &n, of_machines, p, &p->ledger[s->items[LINE][i]], a);
    n = cells_merge(cells, n);
    for (size_t i = 0; i < n; i++) tell(context, &cells[i]);
    arena_free(a);
}

void cells_each(const struct plan *p, cell_fn *tell, void *context)
{
    struct arena *a = arena_new();
    const struct pieces s = pieces_make(p, a);
    for (size_t i = 0; i < s.n; i++) {
        bool any = false;
        for (size_t source = 0; source < N_SOURCES; source++)
            any = any || s.first[source][i] < s.first[source][i + 1];
        if (any) piece_tell(&s, i, tell, context);
    }
    arena_free(a);
}

struct cell_list {
    struct cell *items;
    size_t n;
    struct arena *arena;
};

static void cell_keep(void *context, const struct cell *c)
{
    struct cell_list *list = context;
    *ARENA_PUSH(list->arena, list->items, list->n) = *c;
}

struct cell *cells_make(size_t *n, const struct plan *p, struct arena *a)
{
    struct cell_list list = {.arena = a};
    cells_each(p, cell_keep, &list);
    *n = list.n;
    return list.items;
}
