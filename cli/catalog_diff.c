/* gpumix catalog diff: what changed between two price files. */
#include "cli/catalog.h"
#include "cli/present.h"
#include "common/text.h"
#include "pricing/offer.h"
#include "report/wording.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const double any_age_days = 1e6; /* age is what `catalog check` and plans tell */

enum { CHANGE, TYPE, PLACE, MARKET, OLD, NEW, DIFFERENCE, DATE, N_DIFF_COLUMNS };

static const struct sheet_column diff_columns[N_DIFF_COLUMNS] = {
    [CHANGE] = {"change", "", 'l', false},
    [TYPE] = {"instance_type", N_("type"), 'l', false},
    [PLACE] = {"place", N_("place"), 'l', false},
    [MARKET] = {"market", N_("market"), 'l', false},
    [OLD] = {"before", N_("before"), 'r', true},
    [NEW] = {"after", N_("now"), 'r', true},
    [DIFFERENCE] = {"change_frac", N_("change"), 'r', true},
    [DATE] = {"date", N_("of"), 'l', false},
};

/* Prices of one file, in the order of what they are prices of. */
struct listed {
    const char *type, *place, *market, *currency;
    enum price_unit unit;
    const struct price_row *row;
};
struct side {
    struct price_book *book;
    struct listed *rows;
    size_t n;
};

static int by_key(const void *a, const void *b)
{
    const struct listed *x = a, *y = b;
    int order = strcmp(x->type, y->type);
    if (!order) order = strcmp(x->place, y->place);
    if (!order) order = strcmp(x->market, y->market);
    return order ? order : (int)x->unit - (int)y->unit;
}

/* A folder means its prices.csv; its instances.csv is read too where it is there. */
static enum err side_read(struct side *s, const char *path, struct cli *cli)
{
    struct stat status;
    const bool folder = stat(path, &status) == 0 && S_ISDIR(status.st_mode);
    const char *types = folder ? arena_printf(cli->arena, "%s/instances.csv", path) : NULL;
    if (types && stat(types, &status) != 0) types = NULL;
    const char *const prices[] = {folder ? arena_printf(cli->arena, "%s/prices.csv", path) : path,
                                  NULL};
    const char *const instances[] = {types, NULL};
    const struct book_sources sources = {.builtin = true, .prices = prices, .instances = instances};
    TRY(price_book_load(&s->book, &sources, cli->today, any_age_days, cli->arena, cli->diag));
    for (size_t i = 0; i < book_price_count(s->book); i++) {
        const struct price_row *row = book_price(s->book, i);
        if (!row->origin.user || row->not_offered) continue;
        *ARENA_PUSH(cli->arena, s->rows, s->n) = (struct listed){
            .type = book_type(s->book, row->type)->name,
            .place = *row->zone ? row->zone : row->region,
            .market = markets[row->market]->name,
            .currency = currency_name(row->currency),
            .unit = row->unit,
            .row = row,
        };
    }
    if (s->n) qsort(s->rows, s->n, sizeof *s->rows, by_key);
    return OK;
}

static void diff_row(struct sheet *sheet, const struct listed *old, const struct listed *new)
{
    struct arena *a = sheet->arena;
    const struct listed *any = new ? new : old;
    if (!any) return;
    static const char *const units[] = {
        [UNIT_HOUR] = "", [UNIT_MONTH] = "/month", [UNIT_YEAR] = "/year"};
    struct sheet_cell *cells = sheet_row(sheet);
    cells[CHANGE] = sheet_both(!old   ? "+"
                               : !new ? "-"
                                      : "~",
                               !old   ? "added"
                               : !new ? "removed"
                                      : "changed");
    cells[TYPE] = sheet_text(any->type);
    cells[PLACE] = sheet_text(any->place);
    cells[MARKET] = sheet_text(arena_printf(a, "%s%s", any->market, units[any->unit]));
    const double before = old ? ratio_value(old->row->price) : (double)NAN;
    const double after = new ? ratio_value(new->row->price) : (double)NAN;
    cells[OLD] = sheet_number(a, before, 4);
    cells[NEW] = sheet_number(a, after, 4);
    const bool comparable = old && new &&strcmp(old->currency, new->currency) == 0 && before > 0;
    if (comparable)
        cells[DIFFERENCE] = sheet_both(percent_text(a, after / before - 1, 1),
                                       arena_printf(a, "%.15g", after / before - 1));
    cells[DATE] = sheet_text(any->row->origin.date);
}

static bool same_price(const struct listed *x, const struct listed *y)
{
    return ratio_cmp(x->row->price, y->row->price) == 0 && strcmp(x->currency, y->currency) == 0;
}

int catalog_diff(const struct options *o, struct cli *cli)
{
    struct side sides[2] = {{0}};
    for (size_t k = 0; k < 2; k++) {
        const enum err code = side_read(&sides[k], o->arguments[k + 1], cli);
        if (code != OK) return err_exit_status(code);
    }
    struct sheet sheet = sheet_new(cli->arena, diff_columns, N_DIFF_COLUMNS);
    size_t i = 0, j = 0, same = 0;
    while (i < sides[0].n || j < sides[1].n) {
        const struct listed *old = i < sides[0].n ? &sides[0].rows[i] : NULL;
        const struct listed *new = j < sides[1].n ? &sides[1].rows[j] : NULL;
        const int order = !old ? 1 : !new ? -1 : by_key(old, new);
        if (order == 0 && same_price(old, new))
            same++;
        else
            diff_row(&sheet, order <= 0 ? old : NULL, order >= 0 ? new : NULL);
        i += order <= 0;
        j += order >= 0;
    }
    sheet_note(&sheet, _("The same in both: %zu."), same);
    return sheet_present(&sheet, o, cli);
}
