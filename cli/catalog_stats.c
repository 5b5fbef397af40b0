/* gpumix catalog stats: how spot prices behaved. */
#include "cli/catalog.h"
#include "cli/present.h"
#include "common/text.h"
#include "pricing/history_stats.h"
#include "report/wording.h"
#include <math.h>

static const int64_t default_gap_us =
    26 * US_PER_H; /* sources that tell changes only repeat a price once a day */

enum {
    TYPE,
    ZONE,
    CURRENCY,
    SAMPLES,
    FROM,
    TO,
    GAPS,
    GAP_H,
    MEAN,
    LOW,
    P05,
    P50,
    P95,
    HIGH,
    VOLATILITY,
    DRAWDOWN,
    DISCOUNT,
    NO_STOCK,
    BELOW,
    HELD,
    N_STAT_COLUMNS
};

static const struct sheet_column stat_columns[N_STAT_COLUMNS] = {
    [TYPE] = {"instance_type", N_("type"), 'l', false},
    [ZONE] = {"zone", N_("zone"), 'l', false},
    [CURRENCY] = {"currency", "", 'l', false},
    [SAMPLES] = {"samples", N_("samples"), 'r', true},
    [FROM] = {"from", N_("from"), 'l', false},
    [TO] = {"to", N_("to"), 'l', false},
    [GAPS] = {"gaps", N_("gaps"), 'r', true},
    [GAP_H] = {"gap_h", "", 'r', true},
    [MEAN] = {"mean", N_("mean/h"), 'r', true},
    [LOW] = {"lowest", "", 'r', true},
    [P05] = {"p05", N_("p5"), 'r', true},
    [P50] = {"p50", N_("p50"), 'r', true},
    [P95] = {"p95", N_("p95"), 'r', true},
    [HIGH] = {"highest", N_("highest"), 'r', true},
    [VOLATILITY] = {"volatility_per_day", N_("change/day"), 'r', true},
    [DRAWDOWN] = {"drawdown", N_("fall"), 'r', true},
    [DISCOUNT] = {"spot_discount", N_("off"), 'r', true},
    [NO_STOCK] = {"no_stock", N_("no stock"), 'r', true},
    [BELOW] = {"below", N_("below"), 'r', true},
    [HELD] = {"hold_cost", N_("held"), 'r', true},
};

static const char *time_text(struct arena *a, moment_t t)
{
    char text[32];
    return arena_strdup(a, moment_print(text, sizeof text, t));
}

static void stat_row(struct sheet *sheet, const struct history *h, size_t first,
                     const struct history_stats *s)
{
    struct arena *a = sheet->arena;
    struct sheet_cell *cells = sheet_row(sheet);
    cells[TYPE] = sheet_text(h->texts.items[h->samples[first].type]);
    cells[ZONE] = sheet_text(h->texts.items[h->samples[first].zone]);
    cells[CURRENCY] = sheet_text(currency_name(s->currency));
    cells[SAMPLES] = sheet_number(a, (double)s->samples, 0);
    cells[FROM] = sheet_text(time_text(a, s->from));
    cells[TO] = sheet_text(time_text(a, s->to));
    cells[GAPS] = sheet_number(a, (double)s->gaps, 0);
    cells[GAP_H] = sheet_number(a, s->gap_h, 1);
    const double prices[] = {s->mean, s->low, s->p05, s->p50, s->p95, s->high};
    for (size_t k = 0; k < sizeof prices / sizeof *prices; k++)
        cells[MEAN + k] = sheet_number(a, prices[k], 4);
    cells[VOLATILITY] = percent_cell(a, s->volatility);
    cells[DRAWDOWN] = percent_cell(a, s->drawdown);
    cells[DISCOUNT] = percent_cell(a, s->discount);
    cells[NO_STOCK] = percent_cell(a, s->no_stock_frac);
    cells[BELOW] = percent_cell(a, s->below_frac);
}

/* What is asked for beyond the figures that are always told. */
struct stat_request {
    double below;    /* NAN: not asked for */
    int64_t gap_us;  /* longer without a sample is a gap */
    int64_t hold_us; /* one machine held for so long; 0: not asked for */
    moment_t from;   /* since then; INT64_MIN: since the first sample */
};

/* --hold DURATION [--from MOMENT] */
static enum err hold_read(struct stat_request *r, const struct options *o, struct diag *d)
{
    const char *text = option_value(o, "hold");
    r->from = INT64_MIN;
    if (text && (!duration_us_parse(&r->hold_us, text) || r->hold_us <= 0))
        return diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                          _("--%s %s is no duration such as 1h"), "hold", text);
    text = option_value(o, "from");
    if (!text || import_time_parse(&r->from, text) || moment_parse(&r->from, text)) return OK;
    const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                     _("--from %s is no time such as 2026-01-31T06:00:00Z"), text);
    diag_fix(d, "%s", _("write a moment in UTC, or a day"));
    return code;
}

static enum err options_read(struct stat_request *r, const struct options *o, struct diag *d)
{
    *r = (struct stat_request){.below = NAN, .gap_us = default_gap_us};
    struct ratio price;
    const char *text = option_value(o, "below");
    if (text && !ratio_parse(&price, text))
        return diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                          _("--below %s is no price per hour"), text);
    if (text) r->below = ratio_value(price);
    text = option_value(o, "gap");
    if (text && (!duration_us_parse(&r->gap_us, text) || r->gap_us <= 0))
        return diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                          _("--gap %s is no duration such as 26h"), text);
    return hold_read(r, o, d);
}

/* People see the cost of holding only where they asked for it. */
static const struct sheet_column *columns_for(const struct stat_request *r, struct arena *a)
{
    struct sheet_column *columns = ARENA_NEW(a, struct sheet_column, N_STAT_COLUMNS);
    for (size_t c = 0; c < N_STAT_COLUMNS; c++) columns[c] = stat_columns[c];
    if (r->hold_us == 0) columns[HELD].label = "";
    return columns;
}

static double held_cost(const struct history *h, size_t first, size_t end,
                        const struct stat_request *r)
{
    const double hours = (double)r->hold_us / (double)US_PER_H;
    const moment_t from = r->from == INT64_MIN ? h->samples[first].time : r->from;
    return r->hold_us ? history_hold_cost(h, first, end, from, hours) : (double)NAN;
}

int catalog_stats(const struct options *o, struct cli *cli)
{
    struct stat_request r;
    struct history h;
    enum err code = options_read(&r, o, cli->diag);
    if (code == OK) code = history_read(&h, o->arguments[1], cli->arena, cli->diag);
    if (code != OK) return err_exit_status(code);
    struct sheet sheet = sheet_new(cli->arena, columns_for(&r, cli->arena), N_STAT_COLUMNS);
    for (size_t first = 0, end = 0; history_next(&h, &first, &end);) {
        const struct history_stats s = history_stats(&h, first, end, r.gap_us, r.below);
        stat_row(&sheet, &h, first, &s);
        sheet.cells[(sheet.n_rows - 1) * N_STAT_COLUMNS + HELD] =
            sheet_number(cli->arena, held_cost(&h, first, end, &r), 2);
    }
    sheet.title = arena_printf(cli->arena, _("Spot prices per machine and hour, UTC"));
    sheet_note(&sheet,
               _("A price holds until the next sample; more than %s without one is a gap and "
                 "counts for nothing."),
               arena_printf(cli->arena, "%g h", (double)r.gap_us / (double)US_PER_H));
    sheet_note(&sheet, "%s",
               _("no stock: share of the time at the on-demand price, which means that none is to "
                 "be had."));
    if (r.hold_us)
        sheet_note(&sheet, "%s",
                   _("held: one machine for the time asked for, at the prices in force; the last "
                     "price holds on."));
    return sheet_present(&sheet, o, cli);
}
