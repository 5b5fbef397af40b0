#include "solver/formulate.h"
#include "common/text.h"
#include <stdio.h>
#include <string.h>

/* Names consist of letters, digits, '.' and '_', which every LP reader takes. */
static const char *plain(char *name)
{
    for (char *c = name; *c; c++) {
        const bool ok =
            (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9');
        if (!ok) *c = *c == '.' ? '.' : '_';
    }
    return name;
}

static void store_row_name(const struct formulation *f, struct row r, char *buffer, size_t size)
{
    const struct model *m = f->model;
    switch (r.kind) {
    case ROW_PLACE:
        snprintf(buffer, size, "place%zu.%.80s", r.a,
                 m->scenario->datasets[m->stores[r.a].dataset].name);
        break;
    case ROW_LINK:
        snprintf(buffer, size, "link%zu.s%zu.h%zu", r.a, r.b, r.t);
        break;
    case ROW_SIZE:
        snprintf(buffer, size, "size%zu.m%zu.m%zu", r.a, r.b, r.t);
        break;
    case ROW_MOST:
        snprintf(buffer, size, "most%zu", r.a);
        break;
    case ROW_FLOOR:
        snprintf(buffer, size, "floor%zu.m%zu.m%zu", r.a, r.b, r.t);
        break;
    case ROW_CLASS:
        snprintf(buffer, size, "class%zu", r.a);
        break;
    case ROW_READS:
        snprintf(buffer, size, "reads%zu.t%zu", r.a, r.t);
        break;
    case ROW_READS_MOST:
        snprintf(buffer, size, "readsmost%zu.t%zu", r.a, r.t);
        break;
    default:
        snprintf(buffer, size, "row%zu.%zu.%zu", r.a, r.b, r.t);
    }
}

static void service_row_name(const struct formulation *f, struct row r, char *buffer, size_t size,
                             size_t row)
{
    const struct model *m = f->model;
    switch (r.kind) {
    case ROW_SERVE:
        snprintf(buffer, size, "serve%zu.c%zu.t%zu.%.80s", r.a, r.b, r.t,
                 m->served[r.a].service->name);
        break;
    case ROW_CARRY:
        snprintf(buffer, size, "carry%zu.l%zu.t%zu", r.a, r.b, r.t);
        break;
    case ROW_STEADY:
        snprintf(buffer, size, "steady%zu.c%zu.t%zu", r.a, r.b, r.t);
        break;
    case ROW_RANGE:
        snprintf(buffer, size, "range%zu.t%zu", r.a, r.t);
        break;
    case ROW_BASE:
        snprintf(buffer, size, "base%zu.t%zu", r.a, r.t);
        break;
    case ROW_AT:
        snprintf(buffer, size, "at%zu.h%zu.t%zu.r%zu", r.a, r.b, r.t, row);
        break;
    default:
        store_row_name(f, r, buffer, size);
    }
}

static const char *row_name(const struct lp *lp, size_t row, char *buffer, size_t size)
{
    const struct formulation *f = lp->context;
    const struct model *m = f->model;
    const struct row r = f->rows[row];
    switch (r.kind) {
    case ROW_WORK:
        snprintf(buffer, size, "work%zu.%.80s", r.a, m->demands->items[r.a].name);
        break;
    case ROW_SHARE:
        snprintf(buffer, size, "share%zu.%.80s", r.a, m->demands->items[r.a].name);
        break;
    case ROW_GANG:
        snprintf(buffer, size, "gang%zu.t%zu.%.80s", r.a, r.t, m->demands->items[r.a].name);
        break;
    case ROW_PARALLEL:
        snprintf(buffer, size, "parallel%zu.t%zu.%.80s", r.a, r.t, m->demands->items[r.a].name);
        break;
    case ROW_BUS:
        snprintf(buffer, size, "bus%zu.t%zu", r.a, r.t);
        break;
    case ROW_LIMIT:
        snprintf(buffer, size, "limit%zu.t%zu.%.80s", r.a, r.t, m->limits[r.a].key);
        break;
    case ROW_BUDGET:
        snprintf(buffer, size, "budget%zu.%.80s", r.a, f->budgets[r.a].key);
        break;
    default:
        service_row_name(f, r, buffer, size, row);
    }
    return plain(buffer);
}

static const char *work_name(const struct formulation *f, struct column c, char *buffer,
                             size_t size)
{
    const struct model *m = f->model;
    const struct group *g = &m->groups[m->group_of[c.a]];
    const struct option *o = &g->options[c.b];
    const struct offer *offer = &m->offers[o->offer];
    snprintf(buffer, size, "y%zu.o%zu.k%zu.t%zu.%.60s.%.40s.%.30s.%.12s", c.a, o->offer, o->site,
             c.t, m->demands->items[c.a].name, book_type(m->book, offer->type)->name,
             *offer->zone ? offer->zone : offer->region, offer->market->name);
    return plain(buffer);
}

static const char *col_name(const struct lp *lp, size_t col, char *buffer, size_t size)
{
    const struct formulation *f = lp->context;
    const struct model *m = f->model;
    const struct column c = f->columns[col];
    switch (c.kind) {
    case COLUMN_WORK:
        return work_name(f, c, buffer, size);
    case COLUMN_BUS:
        snprintf(buffer, size, "z%zu.t%zu", c.a, c.t);
        break;
    case COLUMN_HOME:
    case COLUMN_EXTRA: {
        const struct home *h = &m->stores[c.a].homes[c.b];
        snprintf(buffer, size, "%s%zu.h%zu.%.60s.%.30s.%.30s",
                 c.kind == COLUMN_HOME ? "x" : "extra", c.a, c.b,
                 m->scenario->datasets[h->dataset].name, h->class_->name, h->region);
        break;
    }
    case COLUMN_HELD:
    case COLUMN_FIXED: {
        const struct served *v = &m->served[c.a];
        const struct offer *o = &m->offers[v->group.options[c.b].offer];
        snprintf(buffer, size, "n%zu.o%zu.t%zu.%.60s.%.40s.%.12s", c.a, c.b, c.t, v->service->name,
                 book_type(m->book, o->type)->name, o->market->name);
        break;
    }
    case COLUMN_PART:
        snprintf(buffer, size, "f%zu.p%zu.t%zu", c.a, c.b, c.t);
        break;
    case COLUMN_UNSERVED:
        snprintf(buffer, size, "U%zu.c%zu.t%zu", c.a, c.b, c.t);
        break;
    case COLUMN_CLASS:
        snprintf(buffer, size, "class%zu", c.a);
        break;
    case COLUMN_SUBSCRIPTION:
        if (c.b > 0)
            snprintf(buffer, size, "R%zu.s%zu.%.80s", c.a, c.b, m->limits[c.a].key);
        else
            snprintf(buffer, size, "R%zu.%.80s", c.a, m->limits[c.a].key);
        break;
    case COLUMN_CONSTANT:
        snprintf(buffer, size, "commitments");
        break;
    case COLUMN_MISSING:
        snprintf(buffer, size, "missing%zu.c%zu.t%zu", c.a, c.b, c.t);
        break;
    case COLUMN_SLACK:
        snprintf(buffer, size, "slack%zu", c.a);
        break;
    }
    return plain(buffer);
}

size_t formulation_columns(const struct model *m)
{
    size_t n = 0;
    for (size_t i = 0; i < m->demands->n; i++) {
        const struct demand *d = &m->demands->items[i];
        const size_t last = d->late_priced ? m->grid.n : grid_find(&m->grid, d->due_us - 1) + 1;
        n += (last - grid_find(&m->grid, d->release_us)) * m->groups[m->group_of[i]].n_options;
    }
    return n;
}

enum err formulate(struct formulation *f, const struct model *m, enum elastic elastic, size_t which)
{
    *f = (struct formulation){
        .model = m, .elastic = elastic, .which = which, .builder = {.arena = m->arena}};
    const size_t n = formulation_columns(m);
    if (n > m->most_columns) {
        const enum err code =
            diag_error(m->diag, ERR_MODEL_SIZE, (struct place){0},
                       _("the linear program would have up to %zu columns; %zu is the most"), n,
                       m->most_columns);
        diag_fix(m->diag,
                 _("use a longer horizon.step, fewer regions in catalog.regions, or merge jobs"));
        return code;
    }
    f->replaced = commitments_replaced(m);
    alike_make(f);
    rows_make(f);
    f->many_rows = f->builder.lp.n_rows > m->many_rows;
    columns_make(f);
    f->lp = lp_finish(&f->builder);
    f->lp->row_name = row_name;
    f->lp->col_name = col_name;
    f->lp->context = f;
    return OK;
}

void formulate_bought(struct formulation *f, const struct model *m, const double *most)
{
    *f = (struct formulation){.model = m, .builder = {.arena = m->arena}};
    const size_t n = m->demands->n;
    f->replaced = ARENA_NEW(m->arena, bool, m->n_limits + 1);
    f->first_home = ARENA_NEW(m->arena, size_t, 1);
    f->pool_of = ARENA_NEW(m->arena, size_t, 1);
    f->blocks.limit_by_period = ARENA_NEW(m->arena, bool, m->n_limits + 1);
    f->blocks.demand_by_period = ARENA_NEW(m->arena, bool, n + 1);
    f->share_row = ARENA_NEW(m->arena, size_t, n + 1);
    for (size_t i = 0; i < n; i++) f->share_row[i] = NONE;
    limit_rows_make(f);
    f->subscription_bound = ARENA_NEW(m->arena, double, m->n_limits + 1);
    f->subscription_column = ARENA_NEW(m->arena, size_t, m->n_limits + 1);
    for (size_t l = 0; l < m->n_limits; l++) {
        f->subscription_column[l] = NONE;
        bound_commitment(f, l, most[l]);
    }
    commitment_columns(f);
    f->lp = lp_finish(&f->builder);
    f->lp->row_name = row_name;
    f->lp->col_name = col_name;
    f->lp->context = f;
}

bool work_next(struct column *c, double *paid_h, const struct formulation *f, const double *x,
               size_t *at)
{
    if (f->cells) {
        if (*at == f->cells->n) return false;
        const struct work_cell *cell = &f->cells->items[(*at)++];
        *c = (struct column){COLUMN_WORK, false, cell->demand, cell->option, cell->t};
        *paid_h = cell->paid_h;
        return true;
    }
    for (; *at < f->lp->n_cols; ++*at) {
        if (f->columns[*at].kind != COLUMN_WORK || x[*at] <= 0) continue;
        *c = f->columns[*at];
        *paid_h = x[(*at)++];
        return true;
    }
    return false;
}
