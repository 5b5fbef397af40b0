/* The answer of explain as one tidy table: a row per way to buy, per group of losses, per limit. */
#include "report/cells.h"
#include "report/commitment_text.h"
#include "report/explain_not.h"
#include "report/wording.h"
#include <math.h>
#include <string.h>

enum {
    VARIANT,
    WORKLOAD,
    SHAPE,
    STATE,
    TYPE,
    GPU,
    MARKET,
    PLACE,
    OFFERS,
    SPEED,
    COST,
    PRICE,
    WAITING,
    REWORK,
    CHECKPOINTS,
    LICENCE,
    DISK,
    DIFFERENCE,
    SAVES,
    UNIT,
    REASON,
    AT,
    COUNT,
    USED,
    BREAK_EVEN,
    ONE_MORE,
    CHEAPEST,
    UP_TO,
    THEN_SAVES,
    LESS_COSTS,
    DOWN_TO,
    ENTERS,
    ENTERS_SPEED,
    N_COLUMNS
};

static const struct sheet_column columns[N_COLUMNS] = {
    [VARIANT] = {"variant", N_("variant"), 'l', false},
    [WORKLOAD] = {"workload", N_("workload"), 'l', false},
    [SHAPE] = {"shape", N_("shape"), 'r', true},
    [STATE] = {"state", N_("state"), 'l', false},
    [TYPE] = {"instance_type", N_("instance type"), 'l', false},
    [GPU] = {"gpu", "", 'l', false},
    [MARKET] = {"market", N_("market"), 'l', false},
    [PLACE] = {"place", N_("place"), 'l', false},
    [OFFERS] = {"offers", N_("offers"), 'r', true},
    [SPEED] = {"speed", N_("speed"), 'r', true},
    [COST] = {"cost_per_work", N_("per work"), 'r', true},
    [PRICE] = {"price_part", N_("price"), 'r', true},
    [WAITING] = {"waiting_part", N_("waiting"), 'r', true},
    [REWORK] = {"rework_part", N_("rework"), 'r', true},
    [CHECKPOINTS] = {"checkpoint_part", N_("checkpoints"), 'r', true},
    [LICENCE] = {"licence_part", N_("licence"), 'r', true},
    [DISK] = {"disk_part", N_("disk"), 'r', true},
    [DIFFERENCE] = {"difference", N_("difference"), 'r', true},
    [SAVES] = {"one_unit_more_saves", N_("one more saves"), 'r', true},
    [UNIT] = {"unit", N_("unit"), 'l', false},
    [REASON] = {"reason", N_("reason"), 'l', false},
    [AT] = {"at", N_("written at"), 'l', false},
    /* of commitments; people read them in the reason */
    [COUNT] = {"count", "", 'r', true},
    [USED] = {"used", "", 'r', true},
    [BREAK_EVEN] = {"break_even", "", 'r', true},
    [ONE_MORE] = {"one_more_used", "", 'r', true},
    [CHEAPEST] = {"cheapest_count", "", 'r', true},
    /* of limits; people read them in the reason */
    [UP_TO] = {"for_the_next", "", 'r', true},
    [THEN_SAVES] = {"then_saves", "", 'r', true},
    [LESS_COSTS] = {"one_unit_less_costs", "", 'r', true},
    [DOWN_TO] = {"for_the_last", "", 'r', true},
    [ENTERS] = {"enters_below", "", 'r', true}, /* of offers, per machine-hour */
    [ENTERS_SPEED] = {"enters_speed", "", 'r', true},
};

/* What the rows of one shape share. */
struct filling {
    struct sheet *sheet;
    const struct result *result;
    const struct explain_shape *shape;
    size_t number; /* of the shape within its workload, from 1 */
};

static struct sheet_cell *row_start(const struct filling *f, const char *state)
{
    const struct plan *p = f->result->plan;
    struct sheet_cell *cells = sheet_row(f->sheet);
    cells[VARIANT] = sheet_text(f->result->variant);
    cells[STATE] = sheet_both(_(state), state);
    if (!f->shape) return cells;
    const struct workload *w = f->shape->of->workload;
    cells[WORKLOAD] = sheet_both(workload_title(w, f->sheet->arena), w->name);
    cells[SHAPE] = sheet_number(f->sheet->arena, (double)f->number, 0);
    cells[UNIT] = sheet_text(explain_unit(p, f->shape, f->sheet->arena));
    return cells;
}

static void type_fill(struct sheet_cell *cells, const struct plan *p, size_t type)
{
    const struct instance_type *t = book_type(p->book, type);
    cells[TYPE] = sheet_text(t->name);
    if (t->gpu != NO_GPU) cells[GPU] = sheet_text(book_gpu(p->book, t->gpu)->name);
}

static void entry_row(const struct filling *f, const struct explain_entry *e)
{
    struct arena *a = f->sheet->arena;
    const struct plan *p = f->result->plan;
    const struct candidate *c = &p->candidates[e->candidate];
    const struct offer *o = &p->offers[c->offer];
    struct sheet_cell *cells = row_start(f, c->chosen ? N_("chosen") : N_("next"));
    type_fill(cells, p, o->type);
    cells[MARKET] = sheet_both(offer_market_label(o), offer_market_word(o));
    cells[PLACE] = sheet_text(offer_place(o));
    cells[OFFERS] = sheet_number(a, (double)e->n_places, 0);
    cells[SPEED] = sheet_number(a, c->fit.speed, 2);
    const double parts[] = {e->cost,        e->price,   e->waiting, e->rework,
                            e->checkpoints, e->licence, e->disk};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        cells[COST + i] = sheet_number(a, parts[i], 4);
    if (f->shape->n_chosen)
        cells[DIFFERENCE] = sheet_number(a, e->cost - f->shape->entries[0].cost, 4);
    cells[REASON] = sheet_text(explain_rank(p, f->shape, e, a));
    cells[ENTERS] = sheet_number(a, c->enters_below, 4);
    cells[ENTERS_SPEED] = sheet_number(a, c->enters_speed, 4);
}

static void out_row(const struct filling *f, size_t type, size_t n_offers, const char *reason,
                    struct place at)
{
    struct arena *a = f->sheet->arena;
    struct sheet_cell *cells = row_start(f, N_("out"));
    if (type != NO_INDEX) type_fill(cells, f->result->plan, type);
    if (n_offers) cells[OFFERS] = sheet_number(a, (double)n_offers, 0);
    cells[REASON] = sheet_text(reason);
    cells[AT] = sheet_text(explain_line(f->result->plan, at, a));
}

static void shape_rows(const struct filling *f, const struct explain_request *q)
{
    const struct explain_shape *s = f->shape;
    const struct plan *p = f->result->plan;
    if (q->n_not) {
        size_t n;
        const struct explain_verdict *list = explain_verdicts(&n, p, s, q, f->sheet->arena);
        for (size_t i = 0; i < n; i++)
            if (list[i].entry)
                entry_row(f, list[i].entry);
            else
                out_row(f, list[i].type, 0, list[i].reason, list[i].at);
        return;
    }
    for (size_t i = 0; i < s->n_entries; i++) entry_row(f, &s->entries[i]);
    for (size_t i = 0; i < s->n_losses; i++)
        out_row(f, NO_INDEX, s->losses[i].n_offers, s->losses[i].reason, s->losses[i].at);
}

static void limit_row(const struct filling *f, const struct shadow *s)
{
    struct arena *a = f->sheet->arena;
    struct sheet_cell *cells = row_start(f, N_("limit"));
    cells[SAVES] = sheet_number(a, s->saves, 2);
    cells[UNIT] = sheet_text(s->unit);
    cells[REASON] = sheet_text(s->what);
    const double range[] = {s->up_to, s->then_saves, s->costs, s->down_to};
    for (size_t i = 0; i < sizeof range / sizeof *range; i++)
        cells[UP_TO + i] = sheet_number(a, isfinite(range[i]) ? range[i] : (double)NAN, 4);
    cells[AT] = sheet_text(explain_line(f->result->plan, s->at, a));
}

static void commitment_row(const struct filling *f, const struct commitment_outcome *c)
{
    struct arena *a = f->sheet->arena;
    const struct plan *p = f->result->plan;
    struct sheet_cell *cells = row_start(f, N_("commitment"));
    if (c->offer != NO_INDEX) {
        const struct offer *o = &p->offers[c->offer];
        type_fill(cells, p, o->type);
        cells[MARKET] = sheet_both(offer_market_label(o), offer_market_word(o));
        cells[PLACE] = sheet_text(offer_place(o));
    }
    const double values[] = {c->count, c->used_frac, c->break_even_frac, c->next_frac};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        cells[COUNT + i] = sheet_number(a, values[i], 4);
    if (c->level >= 0) cells[CHEAPEST] = sheet_number(a, (double)c->level, 0);
    cells[REASON] = sheet_text(commitment_text(p, c, a));
}

void explain_rows(struct sheet *sheet, const struct result *r, const struct explain_request *q)
{
    const struct plan *p = r->plan;
    for (size_t i = 0; i < p->scenario->n_workloads && !q->limits; i++) {
        if (q->workload && strcmp(q->workload, p->scenario->workloads[i].name) != 0) continue;
        size_t n;
        const struct explain_shape *shapes = explain_shapes(&n, p, i, sheet->arena);
        for (size_t k = 0; k < n; k++)
            shape_rows(&(struct filling){sheet, r, &shapes[k], k + 1}, q);
    }
    if (q->n_not) return;
    const struct filling f = {.sheet = sheet, .result = r};
    size_t own = NO_INDEX;
    for (size_t i = 0; q->workload && i < p->scenario->n_workloads; i++)
        if (strcmp(q->workload, p->scenario->workloads[i].name) == 0) own = i;
    for (size_t i = 0; i < p->n_commitments && !q->limits; i++)
        if (own == NO_INDEX || explain_concerns(p, own, &p->commitments[i]))
            commitment_row(&f, &p->commitments[i]);
    for (size_t i = 0; i < p->n_shadows; i++) limit_row(&f, &p->shadows[i]);
    if (isnan(q->day_saves)) return;
    const char *what = arena_printf(sheet->arena, "workloads.%s.window.deadline", q->workload);
    limit_row(&f, &(struct shadow){.what = what,
                                   .saves = q->day_saves,
                                   .unit = _("day"),
                                   .up_to = (double)NAN,
                                   .then_saves = (double)NAN,
                                   .costs = (double)NAN,
                                   .down_to = (double)NAN});
}

struct sheet explain_sheet(struct arena *a)
{
    return sheet_new(a, columns, N_COLUMNS);
}
