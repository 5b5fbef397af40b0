#include "solver/crowd_warm.h"
#include "solver/crowd_internal.h"

/* A program of which less than this share of the rows is known begins from the start. */
#define LEAST_KNOWN 0.5

struct crowd_warm {
    size_t n_slots; /* a power of two */
    struct slot {
        uint64_t key;
        unsigned char state; /* 0: free */
    } * slots;
    size_t n_suppliers;
    uint64_t *supplier, *bus_of; /* [n_suppliers] names */
};

/* What things are called, as numbers. */
struct names {
    const struct crowd *c;
    uint64_t *supplier, *bus, *limit, *class_, *moment;
};

enum { NAME_CLASS = 1, NAME_BUS, NAME_LIMIT, NAME_OTHER, NAME_WORK, NAME_MACHINE, NAME_BOUGHT };

static uint64_t text_key(const char *text)
{
    uint64_t key = 1;
    for (const char *c = text ? text : ""; *c; c++) key = crowd_mix(key, (unsigned char)*c);
    return key;
}

static uint64_t offer_key(const struct model *m, const struct offer *o)
{
    const uint64_t place = crowd_mix(text_key(o->region), text_key(o->zone));
    const uint64_t what =
        crowd_mix(text_key(book_type(m->book, o->type)->name), text_key(o->market->name));
    return crowd_mix(crowd_mix(place, what), (uint64_t)o->term_h);
}

static uint64_t limit_key(const struct model *m, const struct capacity *l)
{
    const uint64_t offer = l->offer == NONE ? 0 : offer_key(m, &m->offers[l->offer]);
    return crowd_mix(crowd_mix(text_key(l->key), (uint64_t)l->kind), offer);
}

/* By offer, and which of the suppliers with that offer: quotas come and go. */
static void suppliers_name(struct names *n)
{
    const struct crowd *c = n->c;
    for (size_t s = 0; s < c->n_suppliers; s++) {
        const size_t offer = c->suppliers[s].offer;
        uint64_t before = 0;
        for (size_t k = 0; k < s; k++) before += c->suppliers[k].offer == offer;
        n->supplier[s] = crowd_mix(offer_key(c->model, &c->model->offers[offer]), before);
    }
}

/* A bus is the one of the other program in which its first known supplier was: offers that never pay come and go. */
static void buses_name(struct names *n, const struct crowd_warm *other)
{
    const struct crowd *c = n->c;
    for (size_t s = c->n_suppliers; s > 0; s--) {
        const size_t bus = c->suppliers[s - 1].bus;
        n->bus[bus] = n->supplier[s - 1];
    }
    for (size_t s = c->n_suppliers; s > 0; s--)
        for (size_t k = 0; other && k < other->n_suppliers; k++)
            if (other->supplier[k] == n->supplier[s - 1])
                n->bus[c->suppliers[s - 1].bus] = other->bus_of[k];
}

/* A class is called after its first job. */
static void classes_name(struct names *n)
{
    const struct crowd *c = n->c;
    const struct demand_list *list = c->model->demands;
    for (size_t d = list->n; d > 0; d--)
        for (int spot = 0; spot < 2; spot++)
            if (c->class_of[d - 1][spot] != UINT32_MAX)
                n->class_[c->class_of[d - 1][spot]] =
                    crowd_mix(text_key(list->items[d - 1].name), (uint64_t)spot);
}

static struct names names_make(const struct crowd *c, const struct crowd_warm *other,
                               struct arena *a)
{
    const struct model *m = c->model;
    struct names n = {c,
                      ARENA_NEW(a, uint64_t, c->n_suppliers + 1),
                      ARENA_NEW(a, uint64_t, c->n_buses + 1),
                      ARENA_NEW(a, uint64_t, m->n_limits + 1),
                      ARENA_NEW(a, uint64_t, c->n_classes + 1),
                      ARENA_NEW(a, uint64_t, c->n_periods + 1)};
    for (size_t t = 0; t <= c->n_periods; t++) n.moment[t] = (uint64_t)m->grid.from_us[t];
    for (size_t l = 0; l < m->n_limits; l++) n.limit[l] = limit_key(m, &m->limits[l]);
    suppliers_name(&n);
    buses_name(&n, other);
    classes_name(&n);
    return n;
}

static uint64_t name_of(uint64_t kind, uint64_t what, uint64_t moment)
{
    return crowd_mix(crowd_mix(kind, what), moment);
}

/* Of the rows and of the columns of the program. */
struct keys {
    uint64_t *row, *col;
};

static struct keys keys_make(const struct crowd_lp *f, const struct names *names, struct arena *a)
{
    const struct crowd *c = f->crowd;
    const size_t T = c->n_periods;
    const struct names n = *names;
    const struct keys k = {ARENA_NEW(a, uint64_t, f->lp->n_rows + 1),
                           ARENA_NEW(a, uint64_t, f->lp->n_cols + 1)};
    for (size_t i = 0; i < f->lp->n_rows; i++) k.row[i] = name_of(NAME_OTHER, i, 0);
    for (size_t i = 0; i < c->n_classes; i++)
        k.row[f->class_row[i]] = name_of(NAME_CLASS, n.class_[i], 0);
    for (size_t i = 0; i < c->n_buses * T; i++)
        if (f->bus_row[i] != NONE)
            k.row[f->bus_row[i]] = name_of(NAME_BUS, n.bus[i / T], n.moment[i % T]);
    for (size_t i = 0; i < c->model->n_limits * T; i++)
        if (f->limit_row[i] != NONE)
            k.row[f->limit_row[i]] = name_of(NAME_LIMIT, n.limit[i / T], n.moment[i % T]);
    for (size_t j = 0; j < f->n_work; j++) {
        const struct crowd_column w = f->columns[j];
        const struct part *p = &c->parts[c->classes[w.class_].part];
        k.col[j] = name_of(NAME_WORK, crowd_mix(n.class_[w.class_], n.bus[p->arcs[w.arc].bus]),
                           n.moment[w.t]);
    }
    for (size_t j = 0; j < f->n_machines; j++)
        k.col[f->n_work + j] =
            name_of(NAME_MACHINE, n.supplier[f->machines[j][0]], n.moment[f->machines[j][1]]);
    for (size_t l = 0; l < c->model->n_limits; l++)
        if (f->bought[l] != NONE) k.col[f->bought[l]] = name_of(NAME_BOUGHT, n.limit[l], 0);
    return k;
}

static struct slot *slot_find(const struct crowd_warm *w, uint64_t key)
{
    size_t i = (size_t)key & (w->n_slots - 1);
    while (w->slots[i].state && w->slots[i].key != key) i = (i + 1) & (w->n_slots - 1);
    return &w->slots[i];
}

static void slot_put(const struct crowd_warm *w, uint64_t key, unsigned char state)
{
    if (state) *slot_find(w, key) = (struct slot){key, state};
}

const struct crowd_warm *crowd_warm_keep(const struct crowd_lp *f, const struct lp_basis *basis,
                                         struct arena *a)
{
    if (!f->lp || !basis->row) return NULL;
    struct arena *scratch = arena_new();
    const struct names names = names_make(f->crowd, NULL, scratch);
    const struct keys k = keys_make(f, &names, scratch);
    size_t kept = f->lp->n_rows;
    for (size_t j = 0; j < f->lp->n_cols; j++) kept += basis->col[j] != 0;
    struct crowd_warm *w = ARENA_NEW(a, struct crowd_warm, 1);
    for (w->n_slots = 64; w->n_slots < 2 * kept;) w->n_slots *= 2;
    w->slots = ARENA_NEW(a, struct slot, w->n_slots);
    for (size_t i = 0; i < f->lp->n_rows; i++) slot_put(w, k.row[i], basis->row[i]);
    for (size_t j = 0; j < f->lp->n_cols; j++) slot_put(w, k.col[j], basis->col[j]);
    w->n_suppliers = f->crowd->n_suppliers;
    w->supplier = ARENA_NEW(a, uint64_t, w->n_suppliers + 1);
    w->bus_of = ARENA_NEW(a, uint64_t, w->n_suppliers + 1);
    for (size_t s = 0; s < w->n_suppliers; s++) {
        w->supplier[s] = names.supplier[s];
        w->bus_of[s] = names.bus[f->crowd->suppliers[s].bus];
    }
    arena_free(scratch);
    return w;
}

struct lp_basis crowd_warm_basis(const struct crowd_warm *w, const struct crowd_lp *f,
                                 struct arena *a)
{
    struct lp_basis b = {0};
    if (!w) return b;
    struct arena *scratch = arena_new();
    const struct names names = names_make(f->crowd, w, scratch);
    const struct keys k = keys_make(f, &names, scratch);
    size_t known = 0;
    b.row = ARENA_NEW(a, unsigned char, f->lp->n_rows + 1);
    b.col = ARENA_NEW(a, unsigned char, f->lp->n_cols + 1);
    for (size_t i = 0; i < f->lp->n_rows; i++) {
        b.row[i] = slot_find(w, k.row[i])->state;
        known += b.row[i] != 0;
    }
    for (size_t j = 0; j < f->lp->n_cols; j++) b.col[j] = slot_find(w, k.col[j])->state;
    arena_free(scratch);
    if ((double)known < LEAST_KNOWN * (double)f->lp->n_rows) b.row = NULL;
    return b;
}
