#include "solver/warm.h"
#include <stdlib.h>
#include <string.h>

/* A program of which less than this share of the rows is known begins from the start. */
#define LEAST_KNOWN 0.5

struct known {
    uint64_t key;
    unsigned char state, whole; /* of GLPK, relaxed and with whole numbers; 0: was not in */
};

struct warm {
    size_t n_rows, n_cols, n_homes;
    bool has_whole;
    struct known *rows, *cols;      /* by key */
    uint64_t *homes;                /* [n_homes] where datasets lie */
    const struct crowd_warm *crowd; /* instead of the others */
};

/* What things are called, as numbers. */
struct naming {
    const struct formulation *f;
    uint64_t *demand, *offer, *limit, *service, *bus; /* of the lists of the model */
};

/* --- keys --- */

/* splitmix64 (Steele, Lea, Flood 2014): every bit depends on every bit. */
static uint64_t mix(uint64_t key, uint64_t with)
{
    uint64_t z = key + with + 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

/* FNV-1a. */
static uint64_t text_key(const char *text)
{
    uint64_t key = 0xcbf29ce484222325U;
    for (const char *c = text ? text : ""; *c; c++)
        key = (key ^ (unsigned char)*c) * 0x100000001b3U;
    return key;
}

static uint64_t offer_key(const struct model *m, const struct offer *o)
{
    const uint64_t place = mix(text_key(o->region), text_key(o->zone));
    const uint64_t type = text_key(book_type(m->book, o->type)->name);
    const uint64_t way = mix((uint64_t)(o->protected_h > 0), (uint64_t)o->term_h);
    return mix(mix(mix(place, type), text_key(o->market->name)), way);
}

static uint64_t limit_key(const struct naming *k, size_t limit)
{
    const struct capacity *c = &k->f->model->limits[limit];
    const uint64_t offer = c->offer == NONE ? 0 : k->offer[c->offer];
    return mix(mix(text_key(c->key), (uint64_t)c->kind), offer);
}

static uint64_t bus_key(const struct naming *k, const struct bus *b)
{
    uint64_t key = b->n_limits;
    for (size_t i = 0; i < b->n_limits; i++) {
        uint64_t units;
        memcpy(&units, &b->limits[i].units, sizeof units);
        key = mix(mix(key, k->limit[b->limits[i].limit]), units);
    }
    return key;
}

static struct naming naming_make(const struct formulation *f, struct arena *a)
{
    const struct model *m = f->model;
    struct naming k = {f,
                       ARENA_NEW(a, uint64_t, m->demands->n + 1),
                       ARENA_NEW(a, uint64_t, m->n_offers + 1),
                       ARENA_NEW(a, uint64_t, m->n_limits + 1),
                       ARENA_NEW(a, uint64_t, m->n_served + 1),
                       ARENA_NEW(a, uint64_t, f->blocks.n_buses + 1)};
    for (size_t i = 0; i < m->demands->n; i++) k.demand[i] = text_key(m->demands->items[i].name);
    for (size_t i = 0; i < m->n_offers; i++) k.offer[i] = offer_key(m, &m->offers[i]);
    for (size_t i = 0; i < m->n_limits; i++) k.limit[i] = limit_key(&k, i);
    for (size_t i = 0; i < m->n_served; i++) k.service[i] = text_key(m->served[i].service->name);
    for (size_t i = 0; i < f->blocks.n_buses; i++) k.bus[i] = bus_key(&k, &f->blocks.buses[i]);
    return k;
}

static uint64_t moment_key(const struct naming *k, size_t t)
{
    return (uint64_t)k->f->model->grid.from_us[t];
}

static uint64_t home_key(const struct naming *k, size_t store, size_t home)
{
    const struct model *m = k->f->model;
    const struct home *h = &m->stores[store].homes[home];
    const uint64_t dataset = text_key(m->scenario->datasets[h->dataset].name);
    return mix(mix(dataset, text_key(h->class_->name)), text_key(h->region));
}

static uint64_t option_key(const struct naming *k, const struct group *g, size_t option)
{
    return mix(k->offer[g->options[option].offer], g->options[option].site);
}

static uint64_t budget_key(const struct budget *b)
{
    return mix(text_key(b->key), (uint64_t)b->month);
}

/* Numbers that mean the same in a program that differs a little. */
static uint64_t plain_key(uint64_t a, uint64_t b, uint64_t t)
{
    return mix(mix(a, b), t);
}

static uint64_t row_key(const struct naming *k, struct row r)
{
    const uint64_t kind = mix(1, (uint64_t)r.kind);
    switch (r.kind) {
    case ROW_WORK:
    case ROW_SHARE:
        return mix(kind, k->demand[r.a]);
    case ROW_GANG:
    case ROW_PARALLEL:
        return mix(kind, mix(k->demand[r.a], moment_key(k, r.t)));
    case ROW_BUS:
        return mix(kind, mix(k->bus[r.a], moment_key(k, r.t)));
    case ROW_LIMIT:
        return mix(kind, mix(k->limit[r.a], moment_key(k, r.t)));
    case ROW_LINK:
        return mix(kind, mix(k->demand[r.a], home_key(k, r.b, r.t)));
    case ROW_SERVE:
    case ROW_CARRY:
    case ROW_STEADY:
    case ROW_RANGE:
    case ROW_BASE:
    case ROW_AT:
        return mix(kind, plain_key(k->service[r.a], r.b, moment_key(k, r.t)));
    case ROW_READS:
    case ROW_READS_MOST:
        return mix(kind, plain_key(r.a, 0, moment_key(k, r.t)));
    case ROW_BUDGET:
        return mix(kind, budget_key(&k->f->budgets[r.a]));
    default:
        return mix(kind, plain_key(r.a, r.b, r.t));
    }
}

static uint64_t col_key(const struct naming *k, struct column c)
{
    const struct model *m = k->f->model;
    const uint64_t kind = mix(2, (uint64_t)c.kind);
    switch (c.kind) {
    case COLUMN_WORK:
        return mix(kind, plain_key(k->demand[c.a], option_key(k, &m->groups[m->group_of[c.a]], c.b),
                                   moment_key(k, c.t)));
    case COLUMN_BUS:
        return mix(kind, mix(k->bus[c.a], moment_key(k, c.t)));
    case COLUMN_HELD:
    case COLUMN_FIXED:
        return mix(kind, plain_key(k->service[c.a], option_key(k, &m->served[c.a].group, c.b),
                                   moment_key(k, c.t)));
    case COLUMN_PART:
    case COLUMN_UNSERVED:
        return mix(kind, plain_key(k->service[c.a], c.b, moment_key(k, c.t)));
    case COLUMN_HOME:
    case COLUMN_EXTRA:
        return mix(kind, home_key(k, c.a, c.b));
    case COLUMN_SUBSCRIPTION:
        return mix(kind, plain_key(k->limit[c.a], c.b, 0));
    default:
        return mix(kind, plain_key(c.a, c.b, c.t));
    }
}

/* --- keeping --- */

/* Of those with one key the first stays in front. */
static int by_key(const void *x, const void *y)
{
    const struct known *a = x, *b = y;
    return (a->key > b->key) - (a->key < b->key);
}

const struct warm *warm_keep(const struct formulation *f, const struct warm_ends *ends,
                             struct arena *a)
{
    const struct lp *lp = f->lp;
    const struct lp_basis *r = ends->relaxed, *whole = ends->whole->row ? ends->whole : r;
    const double *home = ends->home;
    if (!r->row || f->elastic != ELASTIC_NONE) return NULL;
    struct warm *w = ARENA_NEW(a, struct warm, 1);
    struct arena *scratch = arena_new();
    const struct naming k = naming_make(f, scratch);
    *w = (struct warm){.n_rows = lp->n_rows,
                       .n_cols = lp->n_cols,
                       .has_whole = ends->whole->row,
                       .rows = ARENA_NEW(a, struct known, lp->n_rows + 1),
                       .cols = ARENA_NEW(a, struct known, lp->n_cols + 1)};
    for (size_t i = 0; i < lp->n_rows; i++)
        w->rows[i] = (struct known){row_key(&k, f->rows[i]), r->row[i], whole->row[i]};
    for (size_t j = 0; j < lp->n_cols; j++)
        w->cols[j] = (struct known){col_key(&k, f->columns[j]), r->col[j], whole->col[j]};
    for (size_t s = 0; home && s < f->model->n_stores; s++)
        for (size_t i = f->first_home[s]; i < f->first_home[s + 1]; i++)
            if (home[i] > 0.5)
                *ARENA_PUSH(a, w->homes, w->n_homes) = home_key(&k, s, i - f->first_home[s]);
    qsort(w->rows, w->n_rows, sizeof *w->rows, by_key);
    qsort(w->cols, w->n_cols, sizeof *w->cols, by_key);
    arena_free(scratch);
    return w;
}

/* --- beginning --- */

/* False: not known. */
static bool known_find(unsigned char *state, const struct known *list, size_t n, uint64_t key,
                       bool whole)
{
    const struct known wanted = {.key = key};
    const struct known *found = bsearch(&wanted, list, n, sizeof *list, by_key);
    *state = !found ? 0 : whole ? found->whole : found->state;
    return found;
}

struct lp_basis warm_basis(const struct warm *w, const struct formulation *f, bool whole,
                           struct arena *a)
{
    struct lp_basis b = {0};
    const struct lp *lp = f->lp;
    if (!w || f->elastic != ELASTIC_NONE || (whole && !w->has_whole)) return b;
    struct arena *scratch = arena_new();
    const struct naming k = naming_make(f, scratch);
    size_t known = 0;
    b.row = ARENA_NEW(a, unsigned char, lp->n_rows + 1);
    b.col = ARENA_NEW(a, unsigned char, lp->n_cols + 1);
    for (size_t i = 0; i < lp->n_rows; i++)
        known += known_find(&b.row[i], w->rows, w->n_rows, row_key(&k, f->rows[i]), whole);
    for (size_t j = 0; j < lp->n_cols; j++)
        known_find(&b.col[j], w->cols, w->n_cols, col_key(&k, f->columns[j]), whole);
    arena_free(scratch);
    if ((double)known < LEAST_KNOWN * (double)lp->n_rows) b.row = NULL;
    return b;
}

size_t warm_home(const struct warm *w, const struct formulation *f, size_t s)
{
    const struct naming k = {.f = f};
    for (size_t i = f->first_home[s]; w && i < f->first_home[s + 1]; i++)
        for (size_t h = 0; h < w->n_homes; h++)
            if (w->homes[h] == home_key(&k, s, i - f->first_home[s])) return i;
    return NONE;
}

const struct warm *warm_of_crowd(const struct crowd_warm *crowd, struct arena *a)
{
    if (!crowd) return NULL;
    struct warm *w = ARENA_NEW(a, struct warm, 1);
    w->crowd = crowd;
    return w;
}

const struct crowd_warm *warm_crowd(const struct warm *w)
{
    return w ? w->crowd : NULL;
}
