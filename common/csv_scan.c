#include "common/csv_scan.h"
#include <string.h>

static size_t skip_blanks(const char *text, size_t at)
{
    while (text[at] == ' ' || text[at] == '\t') at++;
    return at;
}

/* The first byte behind the line that holds `at`. */
static size_t next_line(const char *text, size_t at)
{
    const char *end = strchr(text + at, '\n');
    return end ? (size_t)(end - text) + 1 : at + strlen(text + at);
}

static void skip_lines(struct csv_scan *s, bool comments)
{
    for (;;) {
        const size_t at = skip_blanks(s->text, s->at);
        const char c = s->text[at];
        const bool blank = c == '\n' || c == '\r';
        if (!blank && !(comments && s->text[s->at] == '#')) {
            if (c == '\0') s->at = at;
            return;
        }
        s->at = next_line(s->text, at);
        s->line++;
    }
}

/* Bytes that end a run of plain text in an unquoted field. */
static bool ends_plain(char c)
{
    static const bool ends[256] = {['\0'] = true, ['\n'] = true, ['"'] = true, [','] = true};
    return ends[(unsigned char)c];
}

static enum csv_scan_result scan_plain(struct csv_scan *s, size_t from)
{
    const char *text = s->text;
    size_t at = from;
    while (!ends_plain(text[at])) at++;
    if (text[at] == '"') {
        s->fault = (struct csv_span){at, at + 1};
        return CSV_QUOTE_INSIDE;
    }
    s->at = at;
    if (at > from && text[at] == '\n' && text[at - 1] == '\r') s->at = --at;
    while (at > from && (text[at - 1] == ' ' || text[at - 1] == '\t')) at--;
    s->fields[s->n_fields] = (struct csv_span){from, at};
    return CSV_ROW;
}

/* The closing quote of the field that opens at `from`; 0 when there is none within the longest
 * field. */
static size_t closing_quote(const char *text, size_t from)
{
    size_t at = from + 1;
    while (text[at] != '\0' && at - from <= CSV_MAX_FIELD_BYTES + 1) {
        if (text[at] == '"' && text[at + 1] != '"') return at;
        at += text[at] == '"' ? 2 : 1;
    }
    return 0;
}

static enum csv_scan_result scan_quoted(struct csv_scan *s, size_t from)
{
    const char *text = s->text;
    const size_t quote = closing_quote(text, from);
    if (quote == 0) {
        const bool open = strnlen(text + from, CSV_MAX_FIELD_BYTES + 2) < CSV_MAX_FIELD_BYTES + 2;
        s->fault = (struct csv_span){from, from + 1};
        return open ? CSV_QUOTE_OPEN : CSV_FIELD_LONG;
    }
    for (size_t i = from; i < quote; i++) s->line += text[i] == '\n';
    s->fields[s->n_fields] = (struct csv_span){from, quote + 1};
    s->at = skip_blanks(text, quote + 1);
    const char c = text[s->at];
    if (c == ',' || c == '\n' || c == '\r' || c == '\0') return CSV_ROW;
    s->fault = (struct csv_span){s->at, s->at + 1};
    return CSV_TEXT_BEHIND;
}

static enum csv_scan_result scan_field(struct csv_scan *s)
{
    const size_t from = skip_blanks(s->text, s->at);
    if (s->n_fields == CSV_MAX_FIELDS) {
        s->fault = (struct csv_span){from, from + 1};
        return CSV_FIELDS_MANY;
    }
    const enum csv_scan_result result =
        s->text[from] == '"' ? scan_quoted(s, from) : scan_plain(s, from);
    if (result != CSV_ROW) return result;
    const struct csv_span *field = &s->fields[s->n_fields++];
    if (field->to - field->from <= CSV_MAX_FIELD_BYTES) return CSV_ROW;
    s->fault = (struct csv_span){field->from, field->from + 1};
    return CSV_FIELD_LONG;
}

enum csv_scan_result csv_scan_row(struct csv_scan *s, bool comments)
{
    skip_lines(s, comments);
    if (s->text[s->at] == '\0') return CSV_END;
    s->row.from = s->at;
    s->row_line = s->line;
    s->n_fields = 0;
    for (;;) {
        const enum csv_scan_result result = scan_field(s);
        if (result != CSV_ROW) return result;
        if (s->text[s->at] != ',') break;
        s->at++;
    }
    if (s->text[s->at] == '\r') s->at++;
    if (s->text[s->at] == '\n') {
        s->at++;
        s->line++;
    }
    s->row.to = s->at;
    return CSV_ROW;
}
