#include "report/alternatives_sheet.h"
#include "report/cells.h"
#include "report/wording.h"
#include <math.h>
#include <string.h>

enum { VARIANT, WAY, COST, MORE, SHARE, MOVED, TYPES, MACHINES, FINISH, GOOD, N_COLUMNS };

static const struct sheet_column columns[N_COLUMNS] = {
    [VARIANT] = {"variant", N_("variant"), 'l', false},
    [WAY] = {"way", N_("way"), 'l', false},
    [COST] = {"cost", N_("cost"), 'r', true},
    [MORE] = {"costs_more", N_("costs more"), 'r', true},
    [SHARE] = {"costs_more_frac", N_("in percent"), 'r', true},
    [MOVED] = {"moved_frac", N_("different"), 'r', true},
    [TYPES] = {"instance_types", N_("types"), 'r', true},
    [MACHINES] = {"machine_hours", N_("machine-hours"), 'r', true},
    [FINISH] = {"finish", N_("last job done"), 'l', false},
    [GOOD] = {"good_for", N_("good for"), 'l', false},
};

static const char *const words[N_ALTERNATIVES] = {"no_spot", "fewer_kinds", "elsewhere",
                                                  "uncommitted"};

static const char *way_text(const struct alternative *x, struct arena *a)
{
    switch (x->kind) {
    case ALTERNATIVE_NO_SPOT:
        return _("no spot");
    case ALTERNATIVE_FEWER_KINDS:
        return _("fewer kinds of machines");
    case ALTERNATIVE_UNCOMMITTED:
        return _("nothing committed");
    default:
        return arena_printf(a, _("not in %s"), x->place);
    }
}

static const char *good_text(const struct alternative *x)
{
    switch (x->kind) {
    case ALTERNATIVE_NO_SPOT:
        return _("nothing is ever taken back");
    case ALTERNATIVE_FEWER_KINDS:
        return _("less to test and look after");
    case ALTERNATIVE_UNCOMMITTED:
        return _("free to change next month");
    default:
        return _("when the place runs out");
    }
}

static size_t count_types(const struct plan *p, struct arena *a)
{
    bool *used = ARENA_NEW(a, bool, p->n_offers + 1);
    size_t n = 0;
    for (size_t i = 0; i < p->n_stretches; i++) used[p->stretches[i].offer] = true;
    for (size_t i = 0; i < p->n_holdings; i++) used[p->holdings[i].offer] = true;
    for (size_t i = 0; i < p->n_offers; i++) {
        bool first = used[i];
        for (size_t k = 0; k < i && first; k++)
            first = !used[k] || p->offers[k].type != p->offers[i].type;
        n += first;
    }
    return n;
}

static int64_t finish_us(const struct plan *p)
{
    int64_t last = 0;
    for (size_t i = 0; i < p->demands->n; i++)
        if (p->outcomes[i].finish_us > last) last = p->outcomes[i].finish_us;
    return last;
}

static struct sheet_cell *row_of(struct sheet *sheet, const struct result *r, const struct plan *p)
{
    struct arena *a = sheet->arena;
    struct sheet_cell *cells = sheet_row(sheet);
    double hours = p->machine_h;
    for (size_t i = 0; p->services && i < p->services->n; i++)
        hours += p->service_outcomes[i].held_h + p->service_outcomes[i].start_h;
    cells[VARIANT] = sheet_text(r->variant);
    cells[COST] = sheet_number(a, (double)p->cost / 1e6, 2);
    cells[TYPES] = sheet_number(a, (double)count_types(p, a), 0);
    cells[MACHINES] = sheet_number(a, hours, 1);
    if (p->demands->n > 0) cells[FINISH] = sheet_text(moment_text(a, p->scenario, finish_us(p)));
    return cells;
}

void alternatives_rows(struct sheet *sheet, const struct result *r, const struct alternative *list,
                       size_t n)
{
    struct arena *a = sheet->arena;
    struct sheet_cell *cells = row_of(sheet, r, r->plan);
    cells[WAY] = sheet_both(_("the plan"), "plan");
    for (size_t i = 0; i < n; i++) {
        cells = row_of(sheet, r, list[i].plan);
        cells[WAY] = sheet_both(way_text(&list[i], a), words[list[i].kind]);
        cells[MORE] = sheet_number(a, list[i].cost - (double)r->plan->cost / 1e6, 2);
        cells[SHARE] = sheet_number(a, list[i].more, 4);
        cells[SHARE].text = arena_printf(a, "%+.1f%%", 100 * list[i].more);
        cells[MOVED] = sheet_number(a, list[i].moved_frac, 4);
        cells[MOVED].text = percent_text(a, list[i].moved_frac, 0);
        cells[GOOD] = sheet_text(good_text(&list[i]));
    }
}

struct sheet alternatives_sheet(struct arena *a, double within)
{
    struct sheet s = sheet_new(a, columns, N_COLUMNS);
    sheet_note(&s,
               _("Within %s of the plan; at least a fifth of the machine-hours on other machines "
                 "or in other places."),
               percent_text(a, within, 1));
    return s;
}
