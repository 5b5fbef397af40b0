/* gpumix catalog import: answers of the vendor's API into a price book of one's own. */
#include "cli/catalog.h"
#include "cli/present.h"
#include "common/text.h"
#include "pricing/user_book.h"
#include "report/wording.h"
#include <string.h>

static const double any_age_days = 1e6; /* only names are looked up in the built-in tables */
enum { TOLD_ROWS = 20 };                /* to people; the other formats get all */

enum { TABLE, WHAT, CHANGE, BEFORE, AFTER, DATE, N_CHANGE_COLUMNS };

static const struct sheet_column change_columns[N_CHANGE_COLUMNS] = {
    [TABLE] = {"table", N_("table"), 'l', false},
    [WHAT] = {"what", N_("what"), 'l', false},
    [CHANGE] = {"change", N_("change"), 'l', false},
    [BEFORE] = {"before", N_("before"), 'r', false},
    [AFTER] = {"after", N_("now"), 'r', false},
    [DATE] = {"date", N_("of"), 'l', false},
};

/* Machine words of the changes, beside row_change_name for people. */
static const char *change_word(enum row_change c)
{
    static const char *const words[N_ROW_CHANGES] = {"added", "changed", "same", "older",
                                                     "built_in"};
    return words[c];
}

static void change_row(struct sheet *sheet, const struct book_change *c)
{
    struct sheet_cell *cells = sheet_row(sheet);
    cells[TABLE] = sheet_text(book_table_name(c->table));
    cells[WHAT] = sheet_text(c->what);
    cells[CHANGE] = sheet_both(_(row_change_name(c->change)), change_word(c->change));
    cells[BEFORE] = sheet_text(*c->before ? c->before : NULL);
    cells[AFTER] = sheet_text(c->after);
    cells[DATE] = sheet_text(c->date);
}

static void counts_note(struct sheet *sheet, const struct user_book *b)
{
    for (enum book_table t = 0; t < N_BOOK_TABLES; t++) {
        const char *line = "";
        for (enum row_change c = 0; c < N_ROW_CHANGES; c++)
            if (b->counts[t][c])
                line = arena_printf(sheet->arena, "%s%s%zu %s", line, *line ? ", " : "",
                                    b->counts[t][c], _(row_change_name(c)));
        if (*line) sheet_note(sheet, "%s/%s: %s.", b->folder, book_table_name(t), line);
    }
}

static void skipped_note(struct sheet *sheet, const struct imported *in)
{
    for (size_t k = 0; k < in->n_skipped; k++)
        sheet_note(sheet, _("%zu left out: %s (%s)."), in->skipped[k].n, in->skipped[k].reason,
                   in->skipped[k].example);
    if (in->n_refused) sheet_note(sheet, _("%zu refused, see the warnings."), in->n_refused);
}

/* What a scenario has to say to plan with the book. */
static void next_note(struct sheet *sheet, const struct user_book *b)
{
    if (b->tables[TABLE_PRICES].n)
        sheet_note(sheet, _("In a scenario: catalog: {prices: [%s/prices.csv]}"), b->folder);
    if (b->tables[TABLE_INSTANCES].n)
        sheet_note(sheet, _("In a scenario: catalog: {instances: [%s/instances.csv]}"), b->folder);
    if (b->tables[TABLE_STOCK].n)
        sheet_note(sheet, _("In a scenario: stock: {from_csv: %s/stock.csv}"), b->folder);
    if (b->history.n)
        sheet_note(sheet, _("See how spot behaved: gpumix catalog stats %s/history.csv"),
                   b->folder);
}

static int changes_present(const struct user_book *b, const struct imported *in,
                           const struct options *o, struct cli *cli)
{
    const struct report_format *format;
    const enum err code = format_chosen(&format, o, cli->diag);
    if (code != OK) return err_exit_status(code);
    const bool people = strcmp(format->name, "table") == 0 || strcmp(format->name, "md") == 0;
    struct sheet sheet = sheet_new(cli->arena, change_columns, N_CHANGE_COLUMNS);
    size_t told = 0, untold = 0;
    for (size_t k = 0; k < b->n_changes; k++) {
        const bool change = b->changes[k].change == ROW_ADDED ||
                            b->changes[k].change == ROW_CHANGED ||
                            b->changes[k].change == ROW_OLDER;
        if (people && (!change || told == TOLD_ROWS))
            untold += change;
        else {
            change_row(&sheet, &b->changes[k]);
            told++;
        }
    }
    if (untold) sheet_note(&sheet, _("... and %zu more; --format csv lists all."), untold);
    counts_note(&sheet, b);
    skipped_note(&sheet, in);
    next_note(&sheet, b);
    return sheet_present(&sheet, o, cli);
}

static enum err import_all(struct user_book **b, struct imported *in, const struct options *o,
                           struct cli *cli)
{
    const struct book_sources builtin = {.builtin = true};
    struct price_book *known;
    size_t n;
    const char **request = option_values(&n, o, "request", cli->arena);
    const char **ended = ARENA_NEW(cli->arena, const char *, n + 1);
    if (n) memcpy(ended, request, n * sizeof *ended);
    const char *folder = option_value(o, "book");
    TRY(price_book_load(&known, &builtin, cli->today, any_age_days, cli->arena, cli->diag));
    TRY(user_book_read(b, folder ? folder : "book", cli->arena, cli->diag));
    for (size_t k = 1; k < o->n_arguments; k++)
        TRY(import_read(in, o->arguments[k], ended, known, cli->diag));
    user_book_merge(*b, in, known);
    (*b)->stop = cli->stop;
    return option_given(o, "dry-run") ? OK : user_book_write(*b, cli->today, cli->diag);
}

int catalog_import(const struct options *o, struct cli *cli)
{
    char day[32];
    moment_print(day, sizeof day, cli->today);
    day[10] = '\0';
    struct imported in = {
        .arena = cli->arena, .date = arena_strdup(cli->arena, day), .stop = cli->stop};
    struct user_book *b;
    const enum err code = import_all(&b, &in, o, cli);
    return code == OK ? changes_present(b, &in, o, cli) : err_exit_status(code);
}
