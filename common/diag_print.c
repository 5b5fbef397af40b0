#include "common/diag.h"
#include "common/text.h"
#include <string.h>
#include <utf8proc.h>

enum {
    SHOWN_COLUMNS = 72, /* of a source line: with the line number it fits a terminal of 80 */
    LEAD_COLUMNS = 24,  /* kept before the caret when a longer line is cut */
    TAB_COLUMNS = 8,
    NUMBER_COLUMNS = 6, /* of the line number */
    SHOWN_BYTES = 2048, /* of a message: a value of any length may be quoted in it */
};

static const char *severity_word(enum severity severity)
{
    static const char *const words[] = {[SEVERITY_ERROR] = N_("error"),
                                        [SEVERITY_WARNING] = N_("warning"),
                                        [SEVERITY_NOTE] = N_("note")};
    return _(words[severity]);
}

static const char *finding_why(const struct finding *f)
{
    return f->why ? f->why : err_why(f->code);
}

/* A stretch of text, not NUL-terminated. */
struct stretch {
    const char *from, *to;
};

/* Writes the first character of `s` to `shown` and its width to `width`; `column` columns are
 * out already. A tab becomes blanks. Returns its bytes. */
static size_t show_char(char shown[TEXT_SAFE_CHAR_BYTES], size_t *width, struct stretch s,
                        size_t column)
{
    if (*s.from == '\t') {
        *width = TAB_COLUMNS - column % TAB_COLUMNS;
        snprintf(shown, TEXT_SAFE_CHAR_BYTES, "%*s", (int)*width, "");
        return 1;
    }
    const size_t bytes = text_safe_char(shown, s.from, (size_t)(s.to - s.from));
    *width = text_width(shown);
    return bytes;
}

/* The place of code point `column`, at most the end of the line. */
static const char *column_at(const struct source_line *line, size_t column)
{
    char shown[TEXT_SAFE_CHAR_BYTES];
    const char *at = line->from;
    for (size_t i = line->column; i < column && at < line->to; i++)
        at += text_safe_char(shown, at, (size_t)(line->to - at));
    return at;
}

/* Whether the line from `from` on takes at most `columns`. */
static bool fits(struct stretch line, size_t columns)
{
    char shown[TEXT_SAFE_CHAR_BYTES];
    size_t used = 0, width;
    while (line.from < line.to && used <= columns) {
        line.from += show_char(shown, &width, line, used);
        used += width;
    }
    return used <= columns;
}

/* Where to begin so that about LEAD_COLUMNS are seen before the caret. */
static const char *cut_before(struct stretch line, const char *caret)
{
    const char *from = caret;
    size_t used = 0;
    while (from > line.from && used < LEAD_COLUMNS) {
        do from--;
        while (from > line.from && ((unsigned char)*from & 0xc0) == 0x80);
        char shown[TEXT_SAFE_CHAR_BYTES];
        size_t width;
        show_char(shown, &width, (struct stretch){from, caret}, used);
        used += width;
    }
    return from;
}

/* Prints the part of the line around the mark, and says where the mark came to lie. */
static void print_line(FILE *out, struct stretch line, struct stretch mark, size_t *lead,
                       size_t *span)
{
    const bool whole = fits(line, SHOWN_COLUMNS);
    const char *at = whole ? line.from : cut_before(line, mark.from);
    size_t column = 0, width;
    if (at > line.from) column += (size_t)fprintf(out, "...");
    *lead = column;
    *span = 0;
    while (at < line.to && column < SHOWN_COLUMNS) {
        char shown[TEXT_SAFE_CHAR_BYTES];
        const bool inside = at >= mark.from && at < mark.to;
        at += show_char(shown, &width, (struct stretch){at, line.to}, column);
        fputs(shown, out);
        column += width;
        if (at <= mark.from) *lead = column;
        if (inside) *span += width;
    }
    fputs(at < line.to ? "...\n" : "\n", out);
}

static void print_excerpt(FILE *out, const struct place *at)
{
    struct source_line line;
    if (at->column == 0 || !source_line(&line, at->source, at->line)) return;
    const char *from = column_at(&line, at->column);
    const char *to = at->end_column > at->column ? column_at(&line, at->end_column) : from;
    size_t lead, span;
    const int number = fprintf(out, "%*zu", (int)NUMBER_COLUMNS, at->line);
    fputs(" | ", out);
    const struct stretch text = {line.from, line.to};
    print_line(out, text, (struct stretch){from, to}, &lead, &span);
    fprintf(out, "%*s | %*s^", number, "", (int)lead, "");
    for (size_t i = 1; i < span; i++) fputc('~', out);
    fputc('\n', out);
}

static void print_message(FILE *out, const char *message)
{
    char shown[SHOWN_BYTES];
    fputs(text_safe(shown, sizeof shown, message), out);
}

static void print_position(FILE *out, const struct place *at)
{
    if (!at->source) {
        fputs("gpumix:", out);
        return;
    }
    print_message(out, at->source->path);
    fputc(':', out);
    if (at->line > 0) fprintf(out, "%zu:", at->line);
    if (at->line > 0 && at->column > 0) fprintf(out, "%zu:", at->column);
}

static void print_text(const struct finding *f, FILE *out)
{
    print_position(out, &f->place);
    fprintf(out, " %s[%s]: ", severity_word(f->severity), err_code(f->code));
    print_message(out, f->what);
    fputc('\n', out);
    print_excerpt(out, &f->place);
    fprintf(out, "  %s ", _("why:"));
    print_message(out, finding_why(f));
    fprintf(out, "\n  %s ", _("fix:"));
    if (f->fix) {
        print_message(out, f->fix);
        fprintf(out, _("   (see `gpumix help %s`)"), err_code(f->code));
    } else {
        fprintf(out, _("see `gpumix help %s`"), err_code(f->code));
    }
    fputc('\n', out);
}

/* One value of a workflow command. `special` characters become %XX, what could drive a terminal
 * is escaped as everywhere. */
static void print_github_value(FILE *out, const char *s, const char *special)
{
    char shown[TEXT_SAFE_CHAR_BYTES];
    size_t left = strlen(s), bytes;
    for (; left > 0; s += bytes, left -= bytes) {
        bytes = text_safe_char(shown, s, left);
        if (strchr(special, *s))
            fprintf(out, "%%%02X", (unsigned)(unsigned char)*s);
        else
            fputs(shown, out);
    }
}

static void print_github(const struct finding *f, FILE *out)
{
    static const char *const commands[] = {
        [SEVERITY_ERROR] = "error", [SEVERITY_WARNING] = "warning", [SEVERITY_NOTE] = "notice"};
    static const char text[] = "%\r\n", property[] = "%\r\n:,";
    const struct place *at = &f->place;
    fprintf(out, "::%s title=%s", commands[f->severity], err_code(f->code));
    if (at->source) {
        fputs(",file=", out);
        print_github_value(out, at->source->path, property);
        if (at->line > 0) fprintf(out, ",line=%zu", at->line);
        if (at->line > 0 && at->column > 0) fprintf(out, ",col=%zu", at->column);
        if (at->line > 0 && at->end_column > at->column)
            fprintf(out, ",endColumn=%zu", at->end_column);
    }
    fputs("::", out);
    print_github_value(out, f->what, text);
    fprintf(out, "%%0A%s ", _("why:"));
    print_github_value(out, finding_why(f), text);
    if (f->fix) {
        fprintf(out, "%%0A%s ", _("fix:"));
        print_github_value(out, f->fix, text);
    }
    fputc('\n', out);
}

static void print_json_escape(FILE *out, unsigned c)
{
    if (c > 0xffff) {
        fprintf(out, "\\u%04x", 0xd800 + ((c - 0x10000) >> 10));
        c = 0xdc00 + ((c - 0x10000) & 0x3ff);
    }
    fprintf(out, "\\u%04x", c);
}

/* A JSON string. What is not UTF-8 becomes U+FFFD; control and invisible characters are escaped. */
static void print_json_string(FILE *out, const char *s)
{
    size_t left = strlen(s), bytes;
    fputc('"', out);
    for (; left > 0; s += bytes, left -= bytes) {
        char shown[TEXT_SAFE_CHAR_BYTES];
        utf8proc_int32_t c = -1;
        bytes = text_safe_char(shown, s, left);
        utf8proc_iterate((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)bytes, &c);
        if (*s == '"' || *s == '\\')
            fprintf(out, "\\%c", *s);
        else if (strncmp(shown, s, bytes) != 0)
            print_json_escape(out, c < 0 ? 0xfffd : (unsigned)c);
        else
            fputs(shown, out);
    }
    fputc('"', out);
}

static void print_json_text(FILE *out, const char *key, const char *text)
{
    fprintf(out, ",\"%s\":", key);
    print_json_string(out, text);
}

static void print_json_place(FILE *out, const struct place *at)
{
    struct source_line line;
    if (!at->source) return;
    print_json_text(out, "file", at->source->path);
    if (at->line == 0) return;
    fprintf(out, ",\"line\":%zu", at->line);
    if (at->column == 0) return;
    fprintf(out, ",\"column\":%zu", at->column);
    if (at->end_column > at->column) fprintf(out, ",\"end_column\":%zu", at->end_column);
    if (source_line(&line, at->source, at->line))
        fprintf(out, ",\"byte\":%zu",
                at->source->start.byte + (size_t)(column_at(&line, at->column) - at->source->text));
}

static void print_json(const struct finding *f, FILE *out)
{
    static const char *const words[] = {
        [SEVERITY_ERROR] = "error", [SEVERITY_WARNING] = "warning", [SEVERITY_NOTE] = "note"};
    fprintf(out, "{\"severity\":\"%s\",\"code\":\"%s\"", words[f->severity], err_code(f->code));
    print_json_place(out, &f->place);
    print_json_text(out, "what", f->what);
    print_json_text(out, "why", finding_why(f));
    if (f->fix) print_json_text(out, "fix", f->fix);
    fputs("}\n", out);
}

/* How many findings were counted but not kept. */
static size_t dropped_findings(size_t n)
{
    return n > DIAG_MAX_ERRORS ? n - DIAG_MAX_ERRORS : 0;
}

static void print_dropped(size_t errors, size_t warnings, enum diag_format format, FILE *out)
{
    const char *lead = format == DIAG_GITHUB ? "::notice::" : "";
    if (format == DIAG_JSON) {
        if (errors + warnings > 0)
            fprintf(out, "{\"more_errors\":%zu,\"more_warnings\":%zu}\n", errors, warnings);
        return;
    }
    if (errors > 0) {
        fputs(lead, out);
        fprintf(out, ngettext("... and %zu more error", "... and %zu more errors", errors), errors);
        fputc('\n', out);
    }
    if (warnings > 0) {
        fputs(lead, out);
        fprintf(out, ngettext("... and %zu more warning", "... and %zu more warnings", warnings),
                warnings);
        fputc('\n', out);
    }
}

void diag_print(const struct diag *d, enum diag_format format, FILE *out)
{
    static void (*const print[])(const struct finding *, FILE *) = {
        [DIAG_TEXT] = print_text, [DIAG_GITHUB] = print_github, [DIAG_JSON] = print_json};
    for (const struct finding *f = d->first; f; f = f->next) print[format](f, out);
    print_dropped(dropped_findings(d->n_errors), dropped_findings(d->n_warnings), format, out);
}
