/* What jobs choose at given prices: every class spreads its work over the hours and buses of its window, more where the prices
 * of all rounds so far were lower, in the proportion exp(- sum of prices / temperature). */
#include "solver/price_internal.h"
#include <math.h>
#include <string.h>

/* Weights are sums of at most SPAN periods with a common scale, so that they do not vanish; windows up to half of it lie in one
 * such table. Sums over a window go by blocks. */
enum { SPAN = 256, HALF = SPAN / 2, BLOCK = 8 };
/* Of the cheapest price: the temperature at a step of 1. */
#define WARMTH 1.2
/* Below this a weight is nothing. */
#define LEAST_WEIGHT 1e-250
/* Logarithms of what is nothing beside 1: exponentials below them would be slow. */
#define NOTHING   -60.0F
#define NO_WEIGHT -690.0

struct demand_room {
    float *share;  /* [arcs][periods] in proportion of the work of a period */
    double *whole; /* [periods] their sum */
    double *least; /* [periods] */
    double *log;   /* [periods] logarithm of the weight */
    double *work;  /* [periods] */
    struct scale_table {
        size_t from, to;             /* periods */
        double top;                  /* logarithm that is 1 */
        double *weight, *block;      /* [to - from], sums of BLOCK */
        double *taken, *taken_block; /* work per weight */
    } * tables;
    size_t n_tables;
};

static void table_init(struct scale_table *k, size_t from, size_t to, struct arena *a)
{
    const size_t n = to - from, blocks = n / BLOCK + 2;
    *k = (struct scale_table){.from = from,
                              .to = to,
                              .weight = ARENA_NEW(a, double, n + BLOCK),
                              .block = ARENA_NEW(a, double, blocks),
                              .taken = ARENA_NEW(a, double, n + BLOCK),
                              .taken_block = ARENA_NEW(a, double, blocks)};
}

static struct demand_room *room_make(const struct crowd *c, size_t most_arcs, struct arena *a)
{
    const size_t T = c->n_periods;
    struct demand_room *r = ARENA_NEW(a, struct demand_room, 1);
    r->share = ARENA_NEW(a, float, most_arcs *T + 1);
    r->whole = ARENA_NEW(a, double, T + 1);
    r->least = ARENA_NEW(a, double, T + 1);
    r->log = ARENA_NEW(a, double, T + 1);
    r->work = ARENA_NEW(a, double, T + 1);
    r->n_tables = T / HALF + 2;
    r->tables = ARENA_NEW(a, struct scale_table, r->n_tables);
    for (size_t k = 0; k + 1 < r->n_tables; k++)
        table_init(&r->tables[k], k * HALF, k * HALF + SPAN < T ? k * HALF + SPAN : T, a);
    table_init(&r->tables[r->n_tables - 1], 0, T, a);
    return r;
}

void demand_start(struct demand_side *d, const struct crowd *c, const double *reference,
                  struct arena *a)
{
    const size_t T = c->n_periods;
    *d = (struct demand_side){.c = c,
                              .first_arc = ARENA_NEW(a, size_t, c->n_parts + 1),
                              .first_class = ARENA_NEW(a, size_t, c->n_parts + 2),
                              .cold = ARENA_NEW(a, double, c->n_parts + 1),
                              .price_sum = ARENA_NEW(a, double, c->n_buses *T + 1),
                              .load = ARENA_NEW(a, double, c->n_buses *T + 1),
                              .load_more = ARENA_NEW(a, double, c->n_buses *T + 1)};
    size_t most = 0;
    for (size_t p = 0; p < c->n_parts; p++) {
        const struct part *part = &c->parts[p];
        d->first_arc[p + 1] = d->first_arc[p] + part->n_arcs;
        if (part->n_arcs > most) most = part->n_arcs;
        double least = INFINITY;
        for (size_t i = 0; i < part->n_arcs; i++)
            least = fmin(least,
                         (reference[part->arcs[i].bus] + part->arcs[i].extra) / part->arcs[i].work);
        d->cold[p] = 1 / (WARMTH * least);
    }
    for (size_t i = 0; i < c->n_classes; i++) d->first_class[c->classes[i].part + 1]++;
    for (size_t p = 0; p < c->n_parts; p++) d->first_class[p + 1] += d->first_class[p];
    d->units = ARENA_NEW(a, double, d->first_arc[c->n_parts] * T + 1);
    d->sum = ARENA_NEW(a, double, d->first_arc[c->n_parts] * T + 1);
    d->room = room_make(c, most, a);
}

/* Logarithm of the weight of every period, and how its work is shared between the arcs. */
static void weigh_periods(const struct demand_side *d, size_t part)
{
    const struct crowd *c = d->c;
    const struct part *p = &c->parts[part];
    const size_t T = c->n_periods;
    struct demand_room *r = d->room;
    double *sum = r->whole;
    for (size_t t = 0; t < T; t++) {
        r->least[t] = INFINITY;
        sum[t] = 0;
    }
    for (size_t i = 0; i < p->n_arcs; i++) {
        const double *price = d->price_sum + p->arcs[i].bus * T;
        const double scale = d->cold[part] / p->arcs[i].work, extra = d->steps * p->arcs[i].extra;
        for (size_t t = 0; t < T; t++) {
            const double e = (price[t] + extra) * scale;
            r->least[t] = e < r->least[t] ? e : r->least[t];
        }
    }
    for (size_t i = 0; i < p->n_arcs; i++) {
        const double *price = d->price_sum + p->arcs[i].bus * T;
        const double scale = d->cold[part] / p->arcs[i].work, extra = d->steps * p->arcs[i].extra;
        float *share = r->share + i * T;
        for (size_t t = 0; t < T; t++) share[t] = (float)(r->least[t] - (price[t] + extra) * scale);
        for (size_t t = 0; t < T; t++) share[t] = share[t] > NOTHING ? expf(share[t]) : 0;
        for (size_t t = 0; t < T; t++) sum[t] += (double)share[t];
    }
    for (size_t t = 0; t < T; t++)
        r->log[t] = p->open && !p->open[t]
                        ? (double)-INFINITY
                        : (double)logf((float)(sum[t] * c->hours[t])) - r->least[t];
}

static void table_fill(struct scale_table *k, const double *log)
{
    const size_t n = k->to - k->from;
    k->top = -INFINITY;
    for (size_t i = 0; i < n; i++) k->top = log[k->from + i] > k->top ? log[k->from + i] : k->top;
    if (isinf(k->top)) k->top = 0;
    for (size_t i = 0; i < n; i++) {
        const double x = log[k->from + i] - k->top;
        k->weight[i] = x > NO_WEIGHT ? exp(x) : 0;
    }
    memset(k->taken, 0, n * sizeof *k->taken);
    memset(k->taken_block, 0, (n / BLOCK + 2) * sizeof *k->taken_block);
    for (size_t b = 0; b <= n / BLOCK; b++) {
        k->block[b] = 0;
        for (size_t i = b * BLOCK; i < (b + 1) * BLOCK && i < n; i++) k->block[b] += k->weight[i];
    }
}

/* Windows that reach from block to block: single periods at both ends, whole blocks between. */
static double window_sum(const struct scale_table *k, size_t first, size_t after)
{
    double sum = 0;
    size_t i = first;
    for (; i < after && i % BLOCK; i++) sum += k->weight[i];
    for (; i + BLOCK <= after; i += BLOCK) sum += k->block[i / BLOCK];
    for (; i < after; i++) sum += k->weight[i];
    return sum;
}

static void window_take(struct scale_table *k, size_t first, size_t after, double per_weight)
{
    size_t i = first;
    for (; i < after && i % BLOCK; i++) k->taken[i] += per_weight;
    for (; i + BLOCK <= after; i += BLOCK) k->taken_block[i / BLOCK] += per_weight;
    for (; i < after; i++) k->taken[i] += per_weight;
}

/* A window in which all weights vanish beside those around it: with a scale of its own. */
static void spread_alone(struct demand_room *r, const struct job_class *k)
{
    double top = -INFINITY, sum = 0;
    for (size_t t = k->first; t < k->after; t++) top = fmax(top, r->log[t]);
    for (size_t t = k->first; t < k->after; t++)
        if (r->log[t] > top - 40) sum += exp(r->log[t] - top);
    for (size_t t = k->first; t < k->after; t++)
        if (r->log[t] > top - 40) r->work[t] += k->work * exp(r->log[t] - top) / sum;
}

static void spread_classes(const struct demand_side *d, size_t part)
{
    struct demand_room *r = d->room;
    const size_t T = d->c->n_periods;
    for (size_t k = 0; k < r->n_tables; k++) table_fill(&r->tables[k], r->log);
    memset(r->work, 0, T * sizeof *r->work);
    for (size_t i = d->first_class[part]; i < d->first_class[part + 1]; i++) {
        const struct job_class *k = &d->c->classes[i];
        const size_t which = k->after - k->first <= HALF ? k->first / HALF : r->n_tables - 1;
        struct scale_table *table = &r->tables[which];
        const size_t first = k->first - table->from, after = k->after - table->from;
        const double sum = window_sum(table, first, after);
        if (sum > LEAST_WEIGHT)
            window_take(table, first, after, k->work / sum);
        else
            spread_alone(r, k);
    }
    for (size_t k = 0; k < r->n_tables; k++) {
        const struct scale_table *table = &r->tables[k];
        for (size_t i = 0; i < table->to - table->from; i++)
            r->work[table->from + i] +=
                table->weight[i] * (table->taken[i] + table->taken_block[i / BLOCK]);
    }
}

/* Flow of a part from the work of its periods. */
static void part_flow(struct demand_side *d, size_t part, double weight)
{
    const size_t T = d->c->n_periods;
    const struct demand_room *r = d->room;
    for (size_t t = 0; t < T; t++) r->work[t] /= r->whole[t];
    for (size_t i = 0; i < d->c->parts[part].n_arcs; i++) {
        const struct arc *arc = &d->c->parts[part].arcs[i];
        const float *share = r->share + i * T;
        double *units = d->units + (d->first_arc[part] + i) * T;
        double *sum = d->sum + (d->first_arc[part] + i) * T;
        double *load = d->load + arc->bus * T;
        const double per_work = 1 / arc->work;
        for (size_t t = 0; t < T; t++) {
            units[t] = r->work[t] * (double)share[t] * per_work;
            sum[t] += weight * units[t];
            load[t] += units[t];
        }
    }
}

void demand_respond(struct demand_side *d, const double *bus, double step, double weight)
{
    const struct crowd *c = d->c;
    const size_t n = c->n_buses * c->n_periods;
    for (size_t i = 0; i < n; i++) {
        d->price_sum[i] += step * bus[i];
        d->load_more[i] = -d->load[i];
        d->load[i] = 0;
    }
    d->steps += step;
    for (size_t p = 0; p < c->n_parts; p++) {
        if (d->first_class[p] == d->first_class[p + 1]) continue;
        weigh_periods(d, p);
        spread_classes(d, p);
        part_flow(d, p, weight);
    }
    d->weight += weight;
    d->moved = 0;
    for (size_t i = 0; i < n; i++) {
        d->load_more[i] += d->load[i];
        d->moved -= bus[i] * d->load_more[i];
    }
}
