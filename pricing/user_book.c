#include "pricing/user_book.h"
#include "common/csv.h"
#include "common/csv_write.h"
#include "common/output.h"
#include "common/text.h"
#include "pricing/book_lock.h"
#include "pricing/decimal.h"
#include "pricing/offer.h"
#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_TABLE_COLUMNS = 16, LOCK_WAIT_S = 60 };
static const double any_age_days = 1e6; /* age is what `catalog check` and plans tell */

struct table_form {
    const char *name;
    size_t n_columns, n_key; /* the key columns come first */
    const char *columns[MAX_TABLE_COLUMNS];
    const char *head; /* comment of a new file */
};

/* clang-format off */
static const struct table_form forms[N_BOOK_TABLES] = {
    [TABLE_PRICES] = {"prices.csv", 14, 5,
        {"instance_type", "region", "zone", "market", "unit", "price", "currency", "date", "source", "confidence",
         "hazard_per_h", "offered", "checked", "note"},
        "# Prices of your own, kept by `gpumix catalog import`; name this file in catalog.prices of a scenario.\n"},
    [TABLE_INSTANCES] = {"instances.csv", 14, 1,
        {"instance_type", "family", "gpu_model", "gpus", "gpu_mem_gb", "nvlink", "vcpu", "ram_gb", "net_gbps", "features",
         "date", "source", "confidence", "note"},
        "# Instance types of your own, kept by `gpumix catalog import`; name this file in catalog.instances of a scenario.\n"},
    [TABLE_STOCK] = {"stock.csv", 4, 3,
        {"start", "name", "place", "available"},
        "# What could not be had, kept by `gpumix catalog import`; name this file as stock.from_csv of a scenario.\n"},
    [TABLE_HISTORY] = {.name = "history.csv"},
};
/* clang-format on */

const char *book_table_name(enum book_table t)
{
    return forms[t].name;
}

const char *row_change_name(enum row_change c)
{
    static const char *const names[N_ROW_CHANGES] = {
        N_("added"), N_("changed"), N_("same"), N_("older than the book's"), N_("as built in")};
    return names[c];
}

/* --- reading --- */

struct table_reader {
    struct user_book *book;
    enum book_table table;
    struct diag *diag;
    bool header_checked;
};

static const char *row_key(struct arena *a, const struct table_form *f, const char *const *cells)
{
    const char *key = cells[0];
    /* NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): rows have all columns of their form */
    for (size_t c = 1; c < f->n_key; c++) key = arena_printf(a, "%s\x1f%s", key, cells[c]);
    return key;
}

static enum err header_check(struct table_reader *r, const struct csv_row *row)
{
    r->header_checked = true;
    const struct table_form *f = &forms[r->table];
    size_t n;
    const char *const *header = csv_header(&n, row);
    for (size_t h = 0; h < n; h++) {
        bool own = false;
        for (size_t c = 0; c < f->n_columns; c++)
            own = own || strcmp(header[h], f->columns[c]) == 0;
        if (own) continue;
        const enum err code =
            diag_error(r->diag, ERR_CSV_HEADER, csv_place(row, 0),
                       _("%s has a column \"%s\" that an import would lose"), f->name, header[h]);
        diag_fix(r->diag, _("take the column out, or import into another folder with --book"));
        return code;
    }
    return OK;
}

static size_t table_add(struct user_book *b, enum book_table t, const char *const *cells)
{
    struct book_table_rows *rows = &b->tables[t];
    const struct table_form *f = &forms[t];
    const size_t row = names_add(&rows->keys, row_key(b->arena, f, cells));
    size_t n = rows->n * f->n_columns;
    if (row == rows->n) {
        for (size_t c = 0; c < f->n_columns; c++) *ARENA_PUSH(b->arena, rows->cells, n) = "";
        rows->n++;
    }
    for (size_t c = 0; c < f->n_columns; c++) rows->cells[row * f->n_columns + c] = cells[c];
    return row;
}

static enum err row_read(const struct csv_row *row, void *context)
{
    struct table_reader *r = context;
    if (!r->header_checked && header_check(r, row) != OK) return ERR_INTERNAL;
    const char *cells[MAX_TABLE_COLUMNS] = {NULL};
    for (size_t c = 0; c < forms[r->table].n_columns; c++)
        cells[c] = row->field[c][0] ? arena_strdup(r->book->arena, row->field[c]) : "";
    table_add(r->book, r->table, cells);
    return OK;
}

/* The comment lines before the header. */
static const char *comments_read(const char *path, struct arena *a)
{
    FILE *in = fopen(path, "r");
    if (!in) return "";
    const char *kept = "";
    char line[4096];
    while (fgets(line, sizeof line, in) && line[0] == '#')
        kept = arena_printf(a, "%s%s", kept, line);
    fclose(in);
    return kept;
}

static enum err table_read(struct user_book *b, enum book_table t, struct diag *d)
{
    const struct table_form *f = &forms[t];
    struct book_table_rows *rows = &b->tables[t];
    rows->path = arena_printf(b->arena, "%s/%s", b->folder, f->name);
    rows->comments = f->head;
    rows->keys.arena = b->arena;
    if (access(rows->path, F_OK) != 0 && errno == ENOENT) return OK;
    if (t == TABLE_HISTORY) return history_read(&b->history, rows->path, b->arena, d);
    rows->comments = comments_read(rows->path, b->arena);
    struct csv_column columns[MAX_TABLE_COLUMNS];
    for (size_t c = 0; c < f->n_columns; c++)
        columns[c] = (struct csv_column){f->columns[c], c < f->n_key};
    struct table_reader r = {.book = b, .table = t, .diag = d};
    const enum err code =
        csv_read(rows->path, columns, f->n_columns, NULL, row_read, &r, b->arena, d);
    return code == ERR_INTERNAL ? ERR_CSV_HEADER : code;
}

enum err user_book_read(struct user_book **book, const char *folder, struct arena *a,
                        struct diag *d)
{
    struct user_book *b = ARENA_NEW(a, struct user_book, 1);
    b->arena = a;
    b->history = (struct history){.arena = a, .texts = {.arena = a}};
    const size_t bytes = strlen(folder);
    b->folder =
        bytes > 1 && folder[bytes - 1] == '/' ? arena_strndup(a, folder, bytes - 1) : folder;
    *book = b;
    TRY(book_lock(&b->there, b->folder, LOCK_WAIT_S, a, d));
    for (enum book_table t = 0; t < N_BOOK_TABLES; t++) TRY(table_read(b, t, d));
    return OK;
}

/* --- writing --- */

static enum err table_write(struct output *out, struct user_book *b, enum book_table t,
                            struct diag *d)
{
    const struct table_form *f = &forms[t];
    const struct book_table_rows *rows = &b->tables[t];
    TRY(output_open(out, rows->path, b->arena, d));
    if (t == TABLE_HISTORY) {
        history_write(&b->history, out->stream);
    } else {
        fputs(rows->comments, out->stream);
        csv_write_row(out->stream, f->columns, f->n_columns);
    }
    for (size_t r = 0; r < rows->n; r++)
        csv_write_row(out->stream, rows->cells + r * f->n_columns, f->n_columns);
    errno = EIO; /* an earlier write may have failed; why is not known any more */
    if (fflush(out->stream) == 0 && !ferror(out->stream)) return OK;
    const enum err code =
        diag_error(d, ERR_OUTPUT, (struct place){0}, _("\"%s\" cannot be written: %s"), rows->path,
                   strerror(errno));
    diag_fix(d, _("check the folder, the rights and the free space, then run again"));
    return code;
}

/* Findings of a table not yet in place are told by the name it will have. */
static void findings_rename(struct diag *d, const char *temporary, const char *path,
                            struct arena *a)
{
    for (struct finding *f = d->first; f; f = f->next) {
        if (!f->place.source || strcmp(f->place.source->path, temporary) != 0) continue;
        struct source *named = ARENA_NEW(a, struct source, 1);
        *named = *f->place.source;
        named->path = path;
        f->place.source = named;
    }
}

/* Does the whole book load with the new tables? Its findings are those of every later plan. */
static enum err book_check(struct user_book *b, const struct output *outs, moment_t today,
                           struct diag *d)
{
    const char *files[N_BOOK_TABLES][2] = {{NULL}};
    for (enum book_table t = 0; t < N_BOOK_TABLES; t++) {
        const bool there = b->tables[t].n > 0;
        files[t][0] = outs[t].temporary ? outs[t].temporary : there ? b->tables[t].path : NULL;
    }
    const struct book_sources sources = {
        .builtin = true, .instances = files[TABLE_INSTANCES], .prices = files[TABLE_PRICES]};
    struct price_book *loaded;
    const enum err code = price_book_load(&loaded, &sources, today, any_age_days, b->arena, d);
    for (enum book_table t = 0; t < N_BOOK_TABLES; t++)
        if (outs[t].temporary) findings_rename(d, outs[t].temporary, b->tables[t].path, b->arena);
    return code;
}

/* Makes the folder of a new book and holds it. Another import may have made it since. */
static enum err folder_make(struct user_book *b, struct diag *d)
{
    if (mkdir(b->folder, 0777) != 0 && errno != EEXIST) {
        const enum err code =
            diag_error(d, ERR_OUTPUT, (struct place){0}, _("\"%s\" cannot be made: %s"), b->folder,
                       strerror(errno));
        diag_fix(d, _("check the folder, the rights and the free space, then run again"));
        return code;
    }
    TRY(book_lock(&b->there, b->folder, LOCK_WAIT_S, b->arena, d));
    for (enum book_table t = 0; t < N_BOOK_TABLES; t++) {
        if (access(b->tables[t].path, F_OK) != 0) continue;
        const enum err code = diag_error(d, ERR_OUTPUT, (struct place){0},
                                         _("another import has made \"%s\" meanwhile"), b->folder);
        diag_fix(d, _("run this import again: it will add to what is there"));
        return code;
    }
    return OK;
}

static enum err tables_write(struct user_book *b, struct output *outs, moment_t today,
                             struct diag *d)
{
    for (enum book_table t = 0; t < N_BOOK_TABLES; t++)
        if (b->tables[t].changed) TRY(table_write(&outs[t], b, t, d));
    TRY(book_check(b, outs, today, d));
    if (b->stop && *b->stop) return ERR_OUTPUT;
    for (enum book_table t = 0; t < N_BOOK_TABLES; t++)
        if (b->tables[t].changed) TRY(output_commit(&outs[t], d));
    return OK;
}

enum err user_book_write(struct user_book *b, moment_t today, struct diag *d)
{
    struct output outs[N_BOOK_TABLES] = {{0}};
    bool any = false;
    for (enum book_table t = 0; t < N_BOOK_TABLES; t++) any = any || b->tables[t].changed;
    if (!any) return OK;
    const bool fresh = !b->there;
    if (fresh) TRY(folder_make(b, d));
    const enum err code = tables_write(b, outs, today, d);
    for (enum book_table t = 0; t < N_BOOK_TABLES && code != OK; t++)
        if (outs[t].stream) output_discard(&outs[t]);
    if (fresh && code != OK) (void)rmdir(b->folder); /* goes if nothing is in it */
    return code;
}

/* --- merging --- */

static void note_change(struct user_book *b, struct book_change c)
{
    b->counts[c.table][c.change]++;
    if (c.change == ROW_ADDED || c.change == ROW_CHANGED) b->tables[c.table].changed = true;
    *ARENA_PUSH(b->arena, b->changes, b->n_changes) = c;
}

/* Puts a row in; `content` and `date` are the columns that say what and how new it is. */
static void row_merge(struct user_book *b, enum book_table t, const char *const *cells,
                      size_t content, size_t date, const char *what)
{
    const struct table_form *f = &forms[t];
    struct book_table_rows *rows = &b->tables[t];
    const size_t old = names_find(&rows->keys, row_key(b->arena, f, cells));
    struct book_change c = {
        .table = t, .what = what, .before = "", .after = cells[content], .date = cells[date]};
    if (old == SIZE_MAX) {
        table_add(b, t, cells);
        note_change(b, c);
        return;
    }
    const char *const *before = rows->cells + old * f->n_columns;
    c.before = before[content];
    const int newer = strcmp(cells[date], before[date]);
    c.change = newer < 0 ? ROW_OLDER : ROW_SAME;
    bool differs = false;
    for (size_t k = f->n_key; k < f->n_columns; k++)
        differs = differs || strcmp(cells[k], before[k]) != 0;
    if (newer >= 0 && differs) {
        c.change = ROW_CHANGED;
        table_add(b, t, cells);
    }
    note_change(b, c);
}

static const char *ratio_text(struct arena *a, struct ratio r)
{
    char text[DECIMAL_BYTES];
    return arena_strdup(a, decimal_print(text, r));
}

static const char *currency_word(enum currency c)
{
    return c == CURRENCY_USD ? "USD" : "CNY";
}

static const char *market_word(enum market_id m)
{
    for (const struct market *const *each = markets; *each; each++)
        if ((*each)->id == m) return (*each)->name;
    return "";
}

static bool type_known(const struct user_book *b, const struct price_book *known, const char *type)
{
    return book_type_find(known, type) != SIZE_MAX ||
           names_find(&b->tables[TABLE_INSTANCES].keys, type) != SIZE_MAX;
}

static void skip(struct imported *in, const char *reason, const char *example)
{
    for (size_t k = 0; k < in->n_skipped; k++) {
        if (strcmp(in->skipped[k].reason, reason) != 0) continue;
        in->skipped[k].n++;
        return;
    }
    *ARENA_PUSH(in->arena, in->skipped, in->n_skipped) =
        (struct import_skipped){reason, 1, example};
}

/* Hazard per machine-hour of a share reclaimed in 30 days, at the middle of its band. */
static const struct import_advice *advice_find(const struct imported *in, const char *type,
                                               const char *zone)
{
    for (size_t k = in->n_advices; k-- > 0;) {
        const struct import_advice *v = &in->advices[k];
        if (strcmp(v->type, type) == 0 && v->zone && strcmp(v->zone, zone) == 0) return v;
    }
    return NULL;
}

static const char *hazard_text(struct arena *a, const struct import_advice *v)
{
    enum { HOURS_OF_BAND = 30 * 24 };
    if (!v || isnan(v->low)) return "";
    const double share = (v->low + v->high) / 2;
    return arena_printf(a, "%.6g", -log1p(-share) / HOURS_OF_BAND);
}

static const char *price_note(struct arena *a, const struct import_price *p,
                              const struct import_advice *v)
{
    if (!v || isnan(v->low)) return p->note;
    const char *band =
        arena_printf(a, "reclaimed in 30 days: %g to %g%%", 100 * v->low, 100 * v->high);
    return *p->note ? arena_printf(a, "%s; %s", p->note, band) : band;
}

static void price_merge(struct user_book *b, const struct imported *in,
                        const struct import_price *p, const char *confidence, const char *source)
{
    struct arena *a = b->arena;
    static const char *const units[] = {
        [UNIT_HOUR] = "h", [UNIT_MONTH] = "month", [UNIT_YEAR] = "year"};
    const bool spot = p->market == MARKET_SPOT;
    const struct import_advice *v = spot ? advice_find(in, p->type, p->zone) : NULL;
    const char *market = market_word(p->market);
    const char *cells[] = {p->type,
                           p->region,
                           p->zone,
                           market,
                           units[p->unit],
                           ratio_text(a, p->price),
                           currency_word(p->currency),
                           p->date,
                           source,
                           confidence,
                           hazard_text(a, v),
                           "",
                           "",
                           price_note(a, p, v)};
    const char *what = arena_printf(a, "%s %s%s %s", p->type, market,
                                    p->unit == UNIT_YEAR    ? "/year"
                                    : p->unit == UNIT_MONTH ? "/month"
                                                            : "",
                                    *p->zone ? p->zone : p->region);
    row_merge(b, TABLE_PRICES, cells, 5, 7, what);
}

static void prices_merge(struct user_book *b, struct imported *in, const struct price_book *known)
{
    for (size_t k = 0; k < in->n_prices; k++) {
        const struct import_price *p = &in->prices[k];
        if (type_known(b, known, p->type))
            price_merge(b, in, p, "quoted", p->source);
        else
            skip(in, _("prices of types the book does not know"), p->type);
    }
}

/* A machine as the built-in book has it, with what the API does not say (NVLink, features). */
static void type_merge(struct user_book *b, const struct imported *in, const struct import_type *t,
                       const struct price_book *known)
{
    struct arena *a = b->arena;
    const size_t found = book_type_find(known, t->name);
    const struct instance_type *old = found == SIZE_MAX ? NULL : book_type(known, found);
    const bool gpu = t->gpus > 0;
    const bool same = old && old->vcpu == t->vcpu && fabs(old->ram_gib - t->ram_gib) < 0.5 &&
                      fabs(old->gpus - t->gpus) < 1e-3;
    if (same) {
        b->counts[TABLE_INSTANCES][ROW_KNOWN]++;
        return;
    }
    const char *nvlink = !gpu || t->gpus <= 1 ? "n/a" : "unknown";
    if (gpu && t->gpus > 1 && old && (old->features & FEATURE_NVLINK)) nvlink = "yes";
    const char *cells[] = {t->name,
                           t->family,
                           t->gpu,
                           gpu ? arena_printf(a, "%.6g", t->gpus) : "0",
                           gpu ? arena_printf(a, "%.6g", t->gpu_mem_gib) : "",
                           gpu ? nvlink : "",
                           arena_printf(a, "%ld", t->vcpu),
                           arena_printf(a, "%.6g", t->ram_gib),
                           t->net_gbps > 0 ? arena_printf(a, "%.6g", t->net_gbps) : "",
                           "",
                           in->date,
                           "import: DescribeInstanceTypes",
                           "quoted",
                           ""};
    row_merge(b, TABLE_INSTANCES, cells, 6, 10, t->name);
}

/* What cannot be had, and what can be had again; plain stock is no row, its amount is not said. */
static void stock_merge(struct user_book *b, const struct imported *in,
                        const struct import_stock *s)
{
    const struct book_table_rows *rows = &b->tables[TABLE_STOCK];
    const bool out = s->stock == STOCK_NONE || s->stock == STOCK_WITHDRAWN;
    bool noted = false;
    for (size_t r = 0; r < rows->n && !out; r++) {
        const char *const *cells = rows->cells + r * forms[TABLE_STOCK].n_columns;
        noted = noted || (strcmp(cells[1], s->type) == 0 && strcmp(cells[2], s->zone) == 0);
    }
    if (!out && !noted) return;
    const char *cells[] = {in->date, s->type, s->zone, out ? "0" : "100000"};
    row_merge(b, TABLE_STOCK, cells, 3, 0, arena_printf(b->arena, "%s %s", s->type, s->zone));
}

/* Advice on machines without a spot price of their own: the share of the on-demand price in the book or the import. */
static void advice_merge(struct user_book *b, struct imported *in, const struct import_advice *v)
{
    const struct book_table_rows *rows = &b->tables[TABLE_PRICES];
    const struct table_form *f = &forms[TABLE_PRICES];
    for (size_t r = 0; r < rows->n; r++) {
        const char **cells = rows->cells + r * f->n_columns;
        if (strcmp(cells[0], v->type) != 0 || strcmp(cells[2], v->zone) != 0 ||
            strcmp(cells[3], "spot") != 0)
            continue;
        const char *hazard = hazard_text(b->arena, v);
        if (strcmp(cells[10], hazard) == 0) return;
        note_change(b, (struct book_change){.table = TABLE_PRICES,
                                            .change = ROW_CHANGED,
                                            .what = arena_printf(b->arena, "%s spot %s, reclaims/h",
                                                                 v->type, v->zone),
                                            .before = cells[10],
                                            .after = hazard,
                                            .date = in->date});
        cells[10] = hazard;
        return;
    }
    skip(in,
         _("advice on machines whose spot price is not in the book: import "
           "DescribeSpotPriceHistory first"),
         v->type);
}

void user_book_merge(struct user_book *b, struct imported *in, const struct price_book *known)
{
    for (size_t k = 0; k < in->n_types; k++) type_merge(b, in, &in->types[k], known);
    prices_merge(b, in, known);
    for (size_t k = 0; k < in->n_advices; k++) advice_merge(b, in, &in->advices[k]);
    for (size_t k = 0; k < in->n_stocks; k++) stock_merge(b, in, &in->stocks[k]);
    const size_t added = history_add(&b->history, &in->texts, in->samples, in->n_samples);
    b->counts[TABLE_HISTORY][ROW_ADDED] += added;
    b->counts[TABLE_HISTORY][ROW_SAME] += in->n_samples - added;
    b->tables[TABLE_HISTORY].changed = in->n_samples > 0;
}
