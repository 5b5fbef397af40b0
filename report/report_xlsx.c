/* Workbooks for spreadsheet programs: a sheet per list, with numbers as numbers. Nothing is a formula, least of all what users
 * wrote. The only file that sees libxlsxwriter. */
#include "common/output.h"
#include "common/text.h"
#include "report/dossier.h"
#include "report/wording.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

/* Limits of the file format. */
enum { MAX_ROWS = 1048576, MAX_TEXT = 32767, MAX_NAME = 31 };
/* A column is as wide as its widest cell, within these; in characters. */
static const size_t LEAST_WIDTH = 8, MOST_WIDTH = 60;
enum { N_KINDS = COLUMN_FLAG + 1 };

struct book {
    lxw_workbook *workbook;
    lxw_format *heading, *formats[N_KINDS];
    struct arena *arena;
};

/* What XML cannot hold is made visible; what a cell cannot hold is cut off. */
static const char *cell_text(const char *text, struct arena *a)
{
    char *safe = arena_strdup(a, safe_text(a, text));
    for (char *s = safe; (s = strstr(s, "\xef\xbf")); s += 3)
        if (s[2] == '\xbe' || s[2] == '\xbf') s[2] = '\xbd'; /* U+FFFE and U+FFFF as U+FFFD */
    size_t characters = 0, end = 0;
    while (safe[end] && characters < MAX_TEXT) {
        end++;
        while (((unsigned char)safe[end] & 0xc0) == 0x80) end++;
        characters++;
    }
    safe[end] = '\0';
    return safe;
}

/* "2026-12-08 18:00" */
static bool moment_write(lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, const char *text,
                         lxw_format *format)
{
    moment_t moment;
    if (!moment_parse(&moment, text)) return false;
    const int64_t day = 24 * US_PER_H;
    /* Days since 1899-12-30: 25569 days before 1970. */
    const double serial = 25569.0 + (double)moment / (double)day;
    return worksheet_write_number(sheet, row, column, serial, format) == LXW_NO_ERROR;
}

static bool cell_write(struct book *b, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
                       const struct dossier_sheet *s)
{
    const struct sheet_cell *cell =
        &s->sheet.cells[(size_t)(row - 1) * s->sheet.n_columns + column];
    const enum column_kind kind = s->kinds[column];
    lxw_format *format = b->formats[kind];
    if (!cell->value || !*cell->value) return true;
    if (kind == COLUMN_MOMENT && moment_write(sheet, row, column, cell->value, format)) return true;
    if (s->sheet.columns[column].number)
        return worksheet_write_number(sheet, row, column, strtod(cell->value, NULL), format) ==
               LXW_NO_ERROR;
    const char *text = cell_text(sheet_shown(cell), b->arena);
    return !*text || worksheet_write_string(sheet, row, column, text, NULL) == LXW_NO_ERROR;
}

static double column_width(const struct sheet *s, size_t column)
{
    size_t width = text_width(s->columns[column].label) + 3; /* room for the arrow of the filter */
    if (width < LEAST_WIDTH) width = LEAST_WIDTH;
    for (size_t i = 0; i < s->n_rows; i++) {
        const size_t own = text_width(sheet_shown(&s->cells[i * s->n_columns + column])) + 1;
        if (own > width) width = own;
    }
    return (double)(width < MOST_WIDTH ? width : MOST_WIDTH);
}

/* Excel refuses names that are too long or hold one of these signs; ours are translated words. */
static const char *sheet_name(const char *title, struct arena *a)
{
    char *name = arena_strdup(a, title);
    for (char *s = name; (s = strpbrk(s, "[]:*?/\\'"));) *s = ' ';
    size_t characters = 0, end = 0;
    for (; name[end] && characters < MAX_NAME; characters++) {
        end++;
        while (((unsigned char)name[end] & 0xc0) == 0x80) end++;
    }
    name[end] = '\0';
    return name;
}

static bool sheet_fill(struct book *b, const struct dossier_sheet *s)
{
    const struct sheet *cells = &s->sheet;
    lxw_worksheet *sheet = workbook_add_worksheet(b->workbook, sheet_name(s->title, b->arena));
    if (!sheet || cells->n_rows >= MAX_ROWS) return false;
    const lxw_col_t n = (lxw_col_t)cells->n_columns;
    bool good = true;
    for (lxw_col_t c = 0; c < n; c++) {
        good = good && worksheet_write_string(sheet, 0, c, cells->columns[c].label, b->heading) ==
                           LXW_NO_ERROR;
        (void)worksheet_set_column(sheet, c, c, column_width(cells, c), NULL);
    }
    for (size_t i = 0; i < cells->n_rows; i++)
        for (lxw_col_t c = 0; c < n; c++)
            good = good && cell_write(b, sheet, (lxw_row_t)i + 1, c, s);
    worksheet_freeze_panes(sheet, 1, 2);
    (void)worksheet_autofilter(sheet, 0, 0, (lxw_row_t)cells->n_rows, (lxw_col_t)(n - 1));
    return good;
}

static void formats_make(struct book *b)
{
    static const char *const numbers[N_KINDS] = {
        [COLUMN_MONEY] = "#,##0.00",  [COLUMN_COST] = "#,##0.00",
        [COLUMN_LINE] = "0",          [COLUMN_PRICE] = "#,##0.00##",
        [COLUMN_NUMBER] = "#,##0.00", [COLUMN_WHOLE] = "#,##0",
        [COLUMN_SHARE] = "0.0%",      [COLUMN_MOMENT] = "yyyy-mm-dd hh:mm",
    };
    b->heading = workbook_add_format(b->workbook);
    format_set_bold(b->heading);
    format_set_bottom(b->heading, LXW_BORDER_THIN);
    for (size_t i = 0; i < N_KINDS; i++) {
        if (!numbers[i]) continue;
        b->formats[i] = workbook_add_format(b->workbook);
        format_set_num_format(b->formats[i], numbers[i]);
    }
}

/* The same inputs give the same file, so it says the day of the run and no time of day. */
static void properties_set(struct book *b, const struct dossier *d)
{
    const int64_t second = 1000000;
    lxw_doc_properties properties = {
        .title = (char *)cell_text(d->scenario, b->arena),
        .comments = arena_printf(b->arena, "gpumix %s", d->version),
        .created = (time_t)(d->today / second),
    };
    (void)workbook_set_properties(b->workbook, &properties);
}

static enum err book_wrong(const char *why, struct diag *diag)
{
    const enum err code = diag_error(diag, ERR_OUTPUT, (struct place){0},
                                     _("the workbook cannot be written: %s"), why);
    diag_fix(diag, "%s", _("check the folder for temporary files, or write csv"));
    return code;
}

static enum err book_write(const struct dossier *d, const char *path, struct arena *a,
                           struct diag *diag)
{
    lxw_workbook_options options = {.constant_memory = LXW_FALSE};
    struct book b = {.workbook = workbook_new_opt(path, &options), .arena = a};
    if (!b.workbook) return book_wrong(_("out of memory"), diag);
    formats_make(&b);
    properties_set(&b, d);
    size_t n;
    const struct dossier_sheet *sheets = dossier_sheets(&n, d, a);
    bool good = true;
    /* The overview first: variants are the second of all tables. */
    for (size_t pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < n; i++)
            if ((strcmp(sheets[i].key, "variants") == 0) == (pass == 0))
                good = sheet_fill(&b, &sheets[i]) && good;
    const lxw_error error = workbook_close(b.workbook);
    if (error != LXW_NO_ERROR) return book_wrong(lxw_strerror(error), diag);
    return good ? OK : book_wrong(_("it has more rows than such a file can hold"), diag);
}

static enum err file_copy(const char *path, FILE *out, struct diag *diag)
{
    char buffer[65536];
    FILE *in = fopen(path, "rb");
    if (!in) return book_wrong(strerror(errno), diag);
    for (size_t n; (n = fread(buffer, 1, sizeof buffer, in)) > 0;) fwrite(buffer, 1, n, out);
    const bool bad = ferror(in) != 0;
    (void)fclose(in);
    return bad ? book_wrong(strerror(errno), diag) : OK;
}

/* libxlsxwriter 1.1 writes to a name only. */
static enum err xlsx_write(const struct dossier *d, FILE *out, struct arena *a, struct diag *diag)
{
    char *path = arena_printf(a, "%s/gpumix-XXXXXX", temporary_folder());
    const int file = mkstemp(path);
    if (file < 0) return book_wrong(strerror(errno), diag);
    (void)close(file);
    enum err code = book_write(d, path, a, diag);
    if (code == OK) code = file_copy(path, out, diag);
    (void)unlink(path);
    return code;
}

const struct dossier_format report_xlsx = {
    .name = "xlsx",
    .binary = true,
    .write = xlsx_write,
};
