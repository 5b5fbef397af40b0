/* One cell each: what is allowed in it, and what is said when something else is there. */
#include "common/quantity.h"
#include "common/text.h"
#include "pricing/book.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const confidence_words[] = {
    [CONFIDENCE_QUOTED] = N_("quoted"),
    [CONFIDENCE_QUOTED_SECONDARY] = N_("quoted_secondary"),
    [CONFIDENCE_MEASURED] = N_("measured"),
    [CONFIDENCE_DERIVED] = N_("derived"),
    [CONFIDENCE_ESTIMATED] = N_("estimated"),
    [CONFIDENCE_UNVERIFIED] = N_("unverified"),
};
static const char *const currency_words[] = {"CNY", "USD", "ratio"};
static const char *const unit_words[] = {
    [UNIT_HOUR] = "h", [UNIT_MONTH] = "month", [UNIT_YEAR] = "year"};
static const char *const feature_words[] = {"nvenc", "av1_encode",  "rt_cores", "ecc",
                                            "fp64",  "grid_driver", "nvlink",   "rdma"};
#define N_OF(array) (sizeof(array) / sizeof *(array))

const char *confidence_name(enum confidence c)
{
    return confidence_words[c];
}

bool confidence_is_estimate(enum confidence c)
{
    return c == CONFIDENCE_ESTIMATED || c == CONFIDENCE_UNVERIFIED;
}

unsigned feature_by_name(const char *name)
{
    for (size_t i = 0; i < N_OF(feature_words); i++) {
        if (strcmp(name, feature_words[i]) == 0) return 1U << i;
    }
    return 0;
}

const char *feature_name(unsigned bit)
{
    for (size_t i = 0; i < N_OF(feature_words); i++) {
        if (bit == 1U << i) return feature_words[i];
    }
    return NULL;
}

void row_digest(struct loader *l, const struct csv_row *row, size_t n_columns)
{
    for (size_t c = 0; c < n_columns; c++) {
        const char *text = row->field[c];
        SHA256Update(&l->digest, (const uint8_t *)text, strlen(text) + 1);
    }
}

const char *cell_nearest(const struct loader *l, const char *name, const char *const *names,
                         size_t n)
{
    if (l->diag->n_errors >= DIAG_MAX_ERRORS) return NULL;
    return nearest_name(name, names, n);
}

void cell_suggest(struct loader *l, const char *nearest)
{
    if (nearest) diag_fix(l->diag, _("write \"%s\" if that is meant"), nearest);
}

const char *cell_text(struct loader *l, const struct csv_row *row, size_t c)
{
    const char *text = row->field[c];
    if (*text) return names_keep(&l->book->texts, text);
    diag_error(l->diag, ERR_BOOK_EMPTY, csv_place(row, c), _("column `%s` is empty"),
               l->columns[c].name);
    diag_fix(l->diag, _("fill it in, or take the row out"));
    return NULL;
}

bool cell_number(double *out, struct loader *l, const struct csv_row *row, size_t c, double least,
                 double most)
{
    const char *text = row->field[c];
    if (!*text) return cell_text(l, row, c) != NULL;
    double value = NAN;
    if (quantity_parse(&value, text, PLAIN) && value >= least && value <= most) {
        *out = value;
        return true;
    }
    diag_error(l->diag, ERR_BOOK_NUMBER, csv_place(row, c),
               _("`%s` is \"%s\", not a number from %g to %g"), l->columns[c].name, text, least,
               most);
    diag_fix(l->diag, _("write digits with a point, without unit or thousands separator"));
    return false;
}

bool cell_number_or_unknown(double *out, struct loader *l, const struct csv_row *row, size_t c)
{
    const bool unknown = strcmp(row->field[c], "unknown") == 0;
    if (!unknown) return cell_number(out, l, row, c, 0, 1e9);
    *out = 0;
    return true;
}

bool cell_amount(struct ratio *out, struct loader *l, const struct csv_row *row, size_t c)
{
    const char *text = row->field[c];
    if (!*text) {
        diag_error(l->diag, ERR_BOOK_EMPTY, csv_place(row, c), _("column `%s` is empty"),
                   l->columns[c].name);
        diag_why(l->diag, _("a missing price would be planned as if it were free"));
        diag_fix(l->diag, _("fill it in, or take the row out"));
        return false;
    }
    const bool parsed = ratio_parse(out, text) && out->num >= 0;
    if (parsed && ratio_value(*out) > 1e12) {
        diag_error(l->diag, ERR_BOOK_AMOUNT, csv_place(row, c),
                   _("`%s` is \"%s\": the amount is too large"), l->columns[c].name, text);
        diag_why(l->diag, _("no machine costs that; a wrong column or digit looks like this"));
        diag_fix(l->diag, _("write at most 1,000,000,000,000"));
        return false;
    }
    if (parsed) return true;
    diag_error(l->diag, ERR_BOOK_AMOUNT, csv_place(row, c),
               _("`%s` is \"%s\", not an amount such as 9.5326"), l->columns[c].name, text);
    diag_fix(l->diag,
             _("write digits with a point: no sign, unit, exponent or thousands separator"));
    return false;
}

bool cell_yes(bool *out, struct loader *l, const struct csv_row *row, size_t c)
{
    const char *text = row->field[c];
    *out = strcmp(text, "yes") == 0 || strcmp(text, "true") == 0;
    if (*out || !*text || strcmp(text, "no") == 0 || strcmp(text, "false") == 0) return true;
    diag_error(l->diag, ERR_BOOK_WORD, csv_place(row, c), _("`%s` is \"%s\", not yes or no"),
               l->columns[c].name, text);
    diag_fix(l->diag, _("write yes or no, or leave it empty"));
    return false;
}

bool cell_currency(enum currency *out, struct loader *l, const struct csv_row *row, size_t c)
{
    static const enum currency meaning[] = {CURRENCY_CNY, CURRENCY_USD, CURRENCY_DEFAULT};
    for (size_t i = 0; i < N_OF(currency_words); i++) {
        if (strcmp(row->field[c], currency_words[i]) != 0) continue;
        *out = meaning[i];
        return true;
    }
    diag_error(l->diag, ERR_BOOK_CURRENCY, csv_place(row, c),
               _("\"%s\" is no currency of the price book"), row->field[c]);
    const char *nearest = cell_nearest(l, row->field[c], currency_words, N_OF(currency_words));
    if (nearest)
        cell_suggest(l, nearest);
    else
        diag_fix(l->diag, _("write CNY, USD, or ratio for a share of the on-demand price"));
    return false;
}

bool cell_unit(enum price_unit *out, struct loader *l, const struct csv_row *row, size_t c)
{
    for (size_t i = 0; i < N_OF(unit_words); i++) {
        if (strcmp(row->field[c], unit_words[i]) != 0) continue;
        *out = (enum price_unit)i;
        return true;
    }
    diag_error(l->diag, ERR_BOOK_UNIT, csv_place(row, c), _("\"%s\" is no unit of a price"),
               row->field[c]);
    const char *nearest = cell_nearest(l, row->field[c], unit_words, N_OF(unit_words));
    if (nearest)
        cell_suggest(l, nearest);
    else
        diag_fix(l->diag, _("write h, month (720 h) or year (8,760 h)"));
    return false;
}

bool cell_confidence(enum confidence *out, struct loader *l, const struct csv_row *row, size_t c)
{
    for (size_t i = 0; i < N_OF(confidence_words); i++) {
        if (strcmp(row->field[c], confidence_words[i]) != 0) continue;
        *out = (enum confidence)i;
        return true;
    }
    diag_error(l->diag, ERR_BOOK_CONFIDENCE, csv_place(row, c), _("\"%s\" is no confidence word"),
               row->field[c]);
    const char *nearest = cell_nearest(l, row->field[c], confidence_words, N_OF(confidence_words));
    if (nearest) {
        cell_suggest(l, nearest);
    } else {
        diag_fix(l->diag, _("write quoted, quoted_secondary, measured, derived, estimated or "
                            "unverified"));
    }
    return false;
}

static bool feature_add(unsigned *out, struct loader *l, const struct csv_row *row, size_t c,
                        const char *word)
{
    const unsigned bit = feature_by_name(word);
    *out |= bit;
    if (bit) return true;
    diag_error(l->diag, ERR_BOOK_FEATURE, csv_place(row, c), _("\"%s\" is no feature"), word);
    const char *nearest = cell_nearest(l, word, feature_words, N_OF(feature_words));
    if (nearest) {
        cell_suggest(l, nearest);
    } else {
        diag_fix(l->diag, _("features are nvenc, av1_encode, rt_cores, ecc, fp64, grid_driver, "
                            "nvlink and rdma"));
    }
    return false;
}

bool cell_features(unsigned *out, struct loader *l, const struct csv_row *row, size_t c)
{
    static const char separators[] = " +,;|";
    char word[64];
    *out = 0;
    const char *text = row->field[c] + strspn(row->field[c], separators);
    while (*text) {
        const size_t length = strcspn(text, separators);
        snprintf(word, sizeof word, "%.*s", length > 63 ? 63 : (int)length, text);
        if (!feature_add(out, l, row, c, word)) return false;
        text += length;
        text += strspn(text, separators);
    }
    return true;
}

/* The first day of what a date names: 2024, 2024-10 or 2024-10-09. */
static bool date_parse(moment_t *day, const char *text)
{
    char full[16];
    const size_t length = strlen(text);
    if (length != 4 && length != 7 && length != 10) return false;
    snprintf(full, sizeof full, "%s%s", text, &"-01-01"[length == 4 ? 0 : length == 7 ? 3 : 6]);
    return moment_parse(day, full);
}

static bool cell_date(struct origin *out, struct loader *l, const struct csv_row *row, size_t c)
{
    out->date = cell_text(l, row, c);
    if (!out->date) return false;
    if (out->date == l->last_date) {
        out->day = l->last_day;
        return true;
    }
    if (!date_parse(&out->day, out->date)) {
        diag_error(l->diag, ERR_BOOK_DATE, csv_place(row, c), _("\"%s\" is no date"), out->date);
        diag_fix(l->diag, _("write the day on which the figure held, such as 2024-10-09, 2024-10 "
                            "or 2024"));
        return false;
    }
    const moment_t tomorrow = l->today + 24 * US_PER_H;
    if (l->user && out->day > tomorrow) {
        diag_error(l->diag, ERR_BOOK_FUTURE, csv_place(row, c), _("\"%s\" is in the future"),
                   out->date);
        diag_fix(l->diag, _("write the day on which the figure held"));
        return false;
    }
    l->last_date = out->date;
    l->last_day = out->day;
    return true;
}

bool cell_origin(struct origin *out, struct loader *l, const struct csv_row *row, size_t first)
{
    *out = (struct origin){.user = l->user};
    const bool date = cell_date(out, l, row, first);
    out->source = cell_text(l, row, first + 1);
    const bool confidence = cell_confidence(&out->confidence, l, row, first + 2);
    return date && out->source && confidence;
}

bool cell_origin_undated(struct origin *out, struct loader *l, const struct csv_row *row,
                         size_t first)
{
    *out = (struct origin){.date = "", .day = INT64_MIN, .user = l->user};
    out->source = cell_text(l, row, first);
    const bool confidence = cell_confidence(&out->confidence, l, row, first + 1);
    return out->source && confidence;
}
