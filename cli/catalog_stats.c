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

static enum err options_read(double *below, int64_t *gap_us, const struct options *o,
                             struct diag *d)
{
    *below = NAN;
    *gap_us = default_gap_us;
    struct ratio price;
    const char *text = option_value(o, "below");
    if (text && !ratio_parse(&price, text))
        return diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                          _("--below %s is no price per hour"), text);
    if (text) *below = ratio_value(price);
    text = option_value(o, "gap");
    if (text && (!duration_us_parse(gap_us, text) || *gap_us <= 0))
        return diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                          _("--gap %s is no duration such as 26h"), text);
    return OK;
}

int catalog_stats(const struct options *o, struct cli *cli)
{
    double below;
    int64_t gap_us;
    struct history h;
    enum err code = options_read(&below, &gap_us, o, cli->diag);
    if (code == OK) code = history_read(&h, o->arguments[1], cli->arena, cli->diag);
    if (code != OK) return err_exit_status(code);
    struct sheet sheet = sheet_new(cli->arena, stat_columns, N_STAT_COLUMNS);
    for (size_t first = 0, end = 0; history_next(&h, &first, &end);) {
        const struct history_stats s = history_stats(&h, first, end, gap_us, below);
        stat_row(&sheet, &h, first, &s);
    }
    sheet.title = arena_printf(cli->arena, _("Spot prices per machine and hour, UTC"));
    sheet_note(&sheet,
               _("A price holds until the next sample; more than %s without one is a gap and "
                 "counts for nothing."),
               arena_printf(cli->arena, "%g h", (double)gap_us / (double)US_PER_H));
    sheet_note(&sheet, "%s",
               _("no stock: share of the time at the on-demand price, which means that none is to "
                 "be had."));
    return sheet_present(&sheet, o, cli);
}
