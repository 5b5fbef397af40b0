#include "common/csv.h"
#include "common/csv_scan.h"
#include "common/text.h"
#include "common/text_stream.h"
#include <csv.h>
#include <stdint.h>
#include <string.h>

enum {
    DEFAULT_MAX_BYTES = 256 << 20,
    DEFAULT_MAX_ROWS = 10 * 1000 * 1000,
    SHOWN_NAME_BYTES = 80,
    NEAR_NAME_LETTERS = 4, /* shorter names of unread columns are near each other by chance */
};

/* A file being read. The scan finds where the fields are, libcsv what they hold. */
struct csv_file {
    struct csv_scan scan;
    struct csv_parser parser;
    struct text_stream *stream;
    const struct source *source; /* of the stream */
    const struct csv_column *columns;
    size_t n_columns;
    size_t *header_of; /* [n_columns] position in the header; SIZE_MAX: absent */
    size_t n_header;
    const char **header; /* [n_header] */
    struct csv_span *header_at;
    size_t *column_of;  /* [n_header] wanted column; SIZE_MAX: not wanted */
    const char **field; /* [n_columns] into `buffer` */
    char *buffer;       /* the wanted fields of the current row */
    size_t buffer_bytes, buffer_used;
    size_t n_taken; /* fields libcsv gave of the current row */
    struct arena *arena;
    struct diag *diag;
};

static struct place span_place(const struct csv_file *f, struct csv_span span)
{
    return text_place(f->source, f->scan.row.from, f->scan.row_line, span.from, span.to);
}

/* libcsv's buffer holds the longest field from the start, so that it never grows and never
 * fails. */
static void parser_start(struct csv_file *f)
{
    enum { BUFFER_BYTES = CSV_MAX_FIELD_BYTES + 2 };
    csv_init(&f->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL);
    f->parser.entry_buf = ARENA_NEW(f->arena, unsigned char, BUFFER_BYTES);
    f->parser.entry_size = BUFFER_BYTES;
}

static void take_header(void *text, size_t bytes, void *context)
{
    struct csv_file *f = context;
    *ARENA_PUSH(f->arena, f->header, f->n_header) = arena_strndup(f->arena, text, bytes);
    f->n_taken++;
}

static void take_field(void *text, size_t bytes, void *context)
{
    struct csv_file *f = context;
    const size_t position = f->n_taken++;
    const size_t column = position < f->n_header ? f->column_of[position] : SIZE_MAX;
    if (column == SIZE_MAX) return;
    char *cell = f->buffer + f->buffer_used;
    memcpy(cell, text, bytes);
    cell[bytes] = '\0';
    f->field[column] = cell;
    f->buffer_used += bytes + 1;
}

/* Feeds the scanned row to libcsv, with a line end when the file has none. The two must agree. */
static enum err parse_row(struct csv_file *f, void (*take)(void *, size_t, void *))
{
    const struct csv_span row = f->scan.row;
    const char *text = f->source->text + row.from;
    const size_t bytes = row.to - row.from;
    f->n_taken = 0;
    bool agreed = csv_parse(&f->parser, text, bytes, take, NULL, f) == bytes;
    if (agreed && text[bytes - 1] != '\n')
        agreed = csv_parse(&f->parser, "\n", 1, take, NULL, f) == 1;
    if (agreed && f->n_taken == f->scan.n_fields) return OK;
    const enum err code = diag_error(f->diag, ERR_INTERNAL, span_place(f, row),
                                     _("the two readers of CSV disagree about this row"));
    diag_fix(f->diag, _("please report it with this row"));
    return code;
}

static enum err scan_error(const struct csv_file *f, enum csv_scan_result result)
{
    /* clang-format off */
    static const struct {
        enum err code;
        const char *what, *fix;
    } faults[] = {
        [CSV_QUOTE_INSIDE] = {ERR_CSV_QUOTE,
            N_("a quote stands inside a field that does not begin with one"),
            N_("put the whole field in quotes and write each quote inside it twice")},
        [CSV_TEXT_BEHIND] = {ERR_CSV_QUOTE,
            N_("text stands behind the closing quote of a field"),
            N_("write each quote inside the field twice, or put a comma behind the field")},
        [CSV_QUOTE_OPEN] = {ERR_CSV_QUOTE,
            N_("the quote that opens here is never closed"),
            N_("close the field with a quote")},
        [CSV_FIELD_LONG] = {ERR_CSV_LIMIT,
            N_("the field that begins here is longer than 64 KiB"),
            N_("shorten the field; if it begins with a quote, its closing quote may be missing")},
        [CSV_FIELDS_MANY] = {ERR_CSV_LIMIT,
            N_("the row has more than 1,024 fields"),
            N_("leave out the columns that are not needed")},
    };
    /* clang-format on */
    const enum err code = diag_error(f->diag, faults[result].code, span_place(f, f->scan.fault),
                                     "%s", _(faults[result].what));
    diag_fix(f->diag, "%s", _(faults[result].fix));
    return code;
}

/* A header that is one field holding ';' or tabs comes from a file with another separator. */
static enum err check_separator(const struct csv_file *f)
{
    if (f->scan.n_fields != 1) return OK;
    const struct csv_span cell = f->scan.fields[0];
    const char *text = f->source->text + cell.from;
    const size_t bytes = cell.to - cell.from, before = strcspn(text, ";\t");
    if (*text == '"' || before >= bytes) return OK;
    const struct csv_span at = {cell.from + before, cell.from + before + 1};
    const char *what = text[before] == ';' ? _("the fields are separated by semicolons")
                                           : _("the fields are separated by tabs");
    const enum err code = diag_error(f->diag, ERR_CSV_SEPARATOR, span_place(f, at), "%s", what);
    diag_fix(f->diag, _("save the file with commas between the fields"));
    return code;
}

static enum err check_duplicates(const struct csv_file *f)
{
    enum err first = OK;
    for (size_t i = 1; i < f->n_header; i++) {
        size_t same = 0;
        while (same < i && strcmp(f->header[same], f->header[i]) != 0) same++;
        if (same == i || f->header[i][0] == '\0') continue;
        char name[SHOWN_NAME_BYTES];
        const struct place other = span_place(f, f->header_at[same]);
        const enum err code = diag_error(f->diag, ERR_CSV_HEADER, span_place(f, f->header_at[i]),
                                         _("column \"%s\" stands twice in the header"),
                                         text_safe(name, sizeof name, f->header[i]));
        diag_fix(f->diag, _("rename or delete one of them; the other is at %zu:%zu"), other.line,
                 other.column);
        if (first == OK) first = code;
    }
    return first;
}

static size_t find_header(const struct csv_file *f, const char *name)
{
    for (size_t i = 0; i < f->n_header; i++)
        if (strcmp(f->header[i], name) == 0) return i;
    return SIZE_MAX;
}

/* The header nearest to a column that is absent, among those that no other column wants. */
static size_t nearest_header(const struct csv_file *f, const char *name)
{
    const char **free_names = ARENA_NEW(f->arena, const char *, f->n_header);
    size_t n = 0;
    for (size_t i = 0; i < f->n_header; i++)
        if (f->column_of[i] == SIZE_MAX) free_names[n++] = f->header[i];
    const char *nearest = nearest_name(name, free_names, n);
    return nearest ? find_header(f, nearest) : SIZE_MAX;
}

static enum err missing_column(const struct csv_file *f, const char *name)
{
    char shown[SHOWN_NAME_BYTES];
    const size_t near = nearest_header(f, name);
    const struct csv_span all = {f->header_at[0].from, f->header_at[f->n_header - 1].to};
    const enum err code = diag_error(f->diag, ERR_CSV_HEADER,
                                     span_place(f, near == SIZE_MAX ? all : f->header_at[near]),
                                     _("column \"%s\" is missing"), name);
    if (near == SIZE_MAX)
        diag_fix(f->diag, _("add a column named \"%s\""), name);
    else
        diag_fix(f->diag, _("if \"%s\" is meant, rename it to \"%s\""),
                 text_safe(shown, sizeof shown, f->header[near]), name);
    return code;
}

/* A misspelt name of an optional column would silently leave all its values out. */
static void warn_misspelt(const struct csv_file *f, const char *name)
{
    char shown[SHOWN_NAME_BYTES];
    const size_t near = nearest_header(f, name);
    if (near == SIZE_MAX || strlen(name) < NEAR_NAME_LETTERS) return;
    diag_warning(f->diag, ERR_CSV_HEADER, span_place(f, f->header_at[near]),
                 _("column \"%s\" is not read"), text_safe(shown, sizeof shown, f->header[near]));
    diag_fix(f->diag, _("if \"%s\" is meant, rename it"), name);
}

static enum err map_columns(struct csv_file *f)
{
    f->column_of = ARENA_NEW(f->arena, size_t, f->n_header);
    f->header_of = ARENA_NEW(f->arena, size_t, f->n_columns);
    f->field = ARENA_NEW(f->arena, const char *, f->n_columns);
    for (size_t i = 0; i < f->n_header; i++) f->column_of[i] = SIZE_MAX;
    for (size_t c = 0; c < f->n_columns; c++) {
        f->field[c] = "";
        f->header_of[c] = find_header(f, f->columns[c].name);
        if (f->header_of[c] != SIZE_MAX) f->column_of[f->header_of[c]] = c;
    }
    enum err first = OK;
    for (size_t c = 0; c < f->n_columns; c++) {
        const struct csv_column *column = &f->columns[c];
        if (f->header_of[c] != SIZE_MAX) continue;
        if (!column->required) {
            warn_misspelt(f, column->name);
            continue;
        }
        const enum err code = missing_column(f, column->name);
        if (first == OK) first = code;
    }
    return first;
}

/* Did the scan see where the row ends, or does the window end before it? A line at fault is shown to its end. */
static bool seen_whole(const struct csv_file *f, enum csv_scan_result result)
{
    const struct source *s = f->source;
    if (f->stream->ended) return true;
    if (result == CSV_ROW) return f->scan.row.to < s->bytes || s->text[s->bytes - 1] == '\n';
    if (result == CSV_END || result == CSV_QUOTE_OPEN) return false;
    const size_t from = f->scan.fault.from, left = s->bytes - from;
    return left > CSV_MAX_FIELD_BYTES || memchr(s->text + from, '\n', left);
}

/* Scans the next row, with more of the text where it is cut. */
static enum err scan_next(enum csv_scan_result *result, struct csv_file *f, bool comments)
{
    for (;;) {
        const size_t at = f->scan.at, line = f->scan.line;
        *result = csv_scan_row(&f->scan, comments);
        if (seen_whole(f, *result)) return OK;
        TRY(text_stream_more(f->stream, at));
        f->scan.text = f->source->text;
        f->scan.at = 0;
        f->scan.line = line;
    }
}

static enum err read_header(struct csv_file *f)
{
    enum csv_scan_result result;
    TRY(scan_next(&result, f, true));
    if (result == CSV_END) {
        const enum err code =
            diag_error(f->diag, ERR_CSV_HEADER, (struct place){.source = f->source},
                       f->source->bytes == 0 ? _("the file is empty")
                                             : _("the file has no line with column names"));
        diag_fix(f->diag, _("begin the file with a line that names its columns"));
        return code;
    }
    if (result != CSV_ROW) return scan_error(f, result);
    TRY(check_separator(f));
    TRY(parse_row(f, take_header));
    f->header_at = ARENA_NEW(f->arena, struct csv_span, f->n_header);
    memcpy(f->header_at, f->scan.fields, f->n_header * sizeof *f->header_at);
    TRY(check_duplicates(f));
    return map_columns(f);
}

static enum err check_field_count(const struct csv_file *f)
{
    const struct csv_scan *s = &f->scan;
    if (s->n_fields == f->n_header) return OK;
    const bool more = s->n_fields > f->n_header;
    const struct csv_span last = s->fields[s->n_fields - 1];
    const struct csv_span at = {more ? s->fields[f->n_header].from : s->fields[0].from, last.to};
    const enum err code =
        diag_error(f->diag, ERR_CSV_FIELDS, span_place(f, at),
                   ngettext("the row has %zu field, the header has %zu",
                            "the row has %zu fields, the header has %zu", s->n_fields),
                   s->n_fields, f->n_header);
    diag_fix(f->diag, "%s",
             more ? _("put a field that holds commas in quotes")
                  : _("write a comma for every field, also for an empty one"));
    return code;
}

/* Room for the wanted fields of the row: no field is longer than it is written, and each gets an
 * end. */
static void reserve_buffer(struct csv_file *f)
{
    const size_t needed = f->scan.row.to - f->scan.row.from + f->n_columns + 1;
    f->buffer_used = 0;
    if (needed <= f->buffer_bytes) return;
    f->buffer_bytes = 2 * needed;
    f->buffer = ARENA_NEW(f->arena, char, f->buffer_bytes);
}

static enum err read_row(struct csv_file *f, csv_row_fn *each, void *context)
{
    TRY(check_field_count(f));
    reserve_buffer(f);
    TRY(parse_row(f, take_field));
    const struct csv_row row = {f->field, f, f->scan.row_line};
    return each(&row, context);
}

static enum err too_many_rows(const struct csv_file *f, size_t max_rows)
{
    const enum err code = diag_error(f->diag, ERR_CSV_LIMIT, span_place(f, f->scan.fields[0]),
                                     _("the file has more than %zu rows"), max_rows);
    diag_fix(f->diag, _("split the file, or leave out what is not needed"));
    return code;
}

static enum err read_rows(struct csv_file *f, size_t max_rows, csv_row_fn *each, void *context)
{
    enum err first = OK;
    for (size_t n_rows = 0;; n_rows++) {
        enum csv_scan_result result = CSV_END;
        enum err code = scan_next(&result, f, false);
        if (code == OK && result == CSV_END) return first;
        if (code != OK)
            ; /* said already */
        else if (result != CSV_ROW)
            code = scan_error(f, result);
        else if (n_rows == max_rows)
            code = too_many_rows(f, max_rows);
        const bool stopped = code != OK;
        if (!stopped) code = read_row(f, each, context);
        if (first == OK) first = code;
        if (stopped || code == ERR_INTERNAL) return first;
    }
}

static enum err file_read(struct csv_file *f, struct text_stream *stream, size_t max_rows,
                          csv_row_fn *each, void *context)
{
    f->stream = stream;
    f->source = &stream->source;
    f->scan.text = f->source->text;
    f->scan.line = 1;
    parser_start(f);
    TRY(read_header(f));
    return read_rows(f, max_rows, each, context);
}

static struct csv_file *file_new(const struct csv_column *columns, size_t n_columns,
                                 struct arena *a, struct diag *d)
{
    struct csv_file *f = ARENA_NEW(a, struct csv_file, 1);
    f->columns = columns;
    f->n_columns = n_columns;
    f->arena = a;
    f->diag = d;
    return f;
}

/* NOLINTNEXTLINE(readability-function-size): one call says all, and callers have it in one line */
enum err csv_read(const char *path, const struct csv_column *columns, size_t n_columns,
                  const struct csv_options *options, csv_row_fn *each, void *context,
                  struct arena *a, struct diag *d)
{
    const struct csv_options o = options ? *options : (struct csv_options){0};
    const size_t max_bytes = o.max_bytes ? o.max_bytes : DEFAULT_MAX_BYTES;
    struct text_stream *stream;
    if (o.passing)
        TRY(text_stream_open(&stream, path, max_bytes, 0, a, d));
    else
        TRY(text_stream_whole(&stream, path, max_bytes, a, d));
    return file_read(file_new(columns, n_columns, a, d), stream,
                     o.max_rows ? o.max_rows : DEFAULT_MAX_ROWS, each, context);
}

/* NOLINTNEXTLINE(readability-function-size): as csv_read */
enum err csv_read_text(const char *name, const char *text, size_t bytes,
                       const struct csv_column *columns, size_t n_columns, csv_row_fn *each,
                       void *context, struct arena *a, struct diag *d)
{
    struct text_stream *stream;
    TRY(text_stream_copy(&stream, name, text, bytes, a, d));
    return file_read(file_new(columns, n_columns, a, d), stream, DEFAULT_MAX_ROWS, each, context);
}

/* NOLINTNEXTLINE(readability-function-size): as csv_read */
enum err csv_read_stream(struct text_stream *stream, const struct csv_column *columns,
                         size_t n_columns, size_t max_rows, csv_row_fn *each, void *context,
                         struct arena *a, struct diag *d)
{
    return file_read(file_new(columns, n_columns, a, d), stream, max_rows, each, context);
}

bool csv_has_column(const struct csv_row *row, size_t column)
{
    return row->file->header_of[column] != SIZE_MAX;
}

const char *const *csv_header(size_t *n, const struct csv_row *row)
{
    *n = row->file->n_header;
    return row->file->header;
}

struct place csv_place(const struct csv_row *row, size_t column)
{
    const struct csv_file *f = row->file;
    if (csv_has_column(row, column)) return span_place(f, f->scan.fields[f->header_of[column]]);
    const struct csv_span all = {f->scan.fields[0].from, f->scan.fields[f->n_header - 1].to};
    return span_place(f, all);
}
