#include "common/diag.h"
#include <assert.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

static const char *format_text(struct arena *a, const char *fmt, va_list arguments)
    __attribute__((format(printf, 2, 0)));

static const char *format_text(struct arena *a, const char *fmt, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, fmt, arguments);
    assert(length >= 0);
    char *text = arena_alloc(a, (size_t)length + 1, 1);
    vsnprintf(text, (size_t)length + 1, fmt, again);
    va_end(again);
    return text;
}

bool source_line(struct source_line *out, const struct source *source, size_t line)
{
    if (!source || !source->text || line == 0) return false;
    const char *from = source->text, *end = source->text + source->bytes;
    const size_t first = source->start.line ? source->start.line : 1;
    if (line < first) return false;
    for (size_t i = first; i < line; i++) {
        from = memchr(from, '\n', (size_t)(end - from));
        if (!from) return false;
        from++;
    }
    const char *to = memchr(from, '\n', (size_t)(end - from));
    if (!to) to = end;
    if (to > from && to[-1] == '\r') to--;
    const bool cut = source->start.line && from == source->text;
    *out = (struct source_line){from, to, cut ? source->start.column : 1};
    return true;
}

static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

struct place place_keep(struct place at, struct arena *a)
{
    enum { BYTES_BEFORE = 1024, BYTES_BEHIND = 4096 };
    if (!at.source || !at.source->passing) return at;
    struct source *kept = ARENA_NEW(a, struct source, 1);
    *kept = (struct source){.path = at.source->path};
    struct source_line line;
    const struct source *passing = at.source;
    at.source = kept;
    if (!source_line(&line, passing, at.line)) return at;
    const char *mark = line.from;
    for (size_t c = line.column; c < at.column && mark < line.to; c++) do
            mark++;
        while (mark < line.to && is_continuation(*mark));
    const char *from = mark - line.from > BYTES_BEFORE ? mark - BYTES_BEFORE : line.from;
    while (from < mark && is_continuation(*from)) from++;
    for (const char *c = line.from; c < from; c++) line.column += !is_continuation(*c);
    const size_t bytes = line.to - mark > BYTES_BEHIND ? (size_t)(mark - from) + BYTES_BEHIND
                                                       : (size_t)(line.to - from);
    kept->text = arena_strndup(a, from, bytes);
    kept->bytes = strlen(kept->text);
    kept->start = (struct source_start){at.line, line.column,
                                        passing->start.byte + (size_t)(from - passing->text)};
    return at;
}

/* `n` counts the findings of this severity, this one included; beyond the cap nothing is kept. */
static struct finding *add_finding(struct diag *d, size_t n)
{
    assert(d->arena);
    d->dropped = n > DIAG_MAX_ERRORS;
    if (d->dropped) return NULL;
    struct finding *f = ARENA_NEW(d->arena, struct finding, 1);
    if (d->last)
        d->last->next = f;
    else
        d->first = f;
    d->last = f;
    return f;
}

enum err diag_error(struct diag *d, enum err code, struct place at, const char *fmt, ...)
{
    assert(code != OK);
    if (d->n_errors == 0) d->code = code;
    struct finding *f = add_finding(d, ++d->n_errors);
    if (!f) return code;
    va_list arguments;
    va_start(arguments, fmt);
    *f = (struct finding){
        .severity = SEVERITY_ERROR, .code = code, .place = place_keep(at, d->arena)};
    f->what = format_text(d->arena, fmt, arguments);
    va_end(arguments);
    return code;
}

void diag_warning(struct diag *d, enum err code, struct place at, const char *fmt, ...)
{
    assert(code != OK);
    struct finding *f = add_finding(d, ++d->n_warnings);
    if (!f) return;
    va_list arguments;
    va_start(arguments, fmt);
    *f = (struct finding){
        .severity = SEVERITY_WARNING, .code = code, .place = place_keep(at, d->arena)};
    f->what = format_text(d->arena, fmt, arguments);
    va_end(arguments);
}

void diag_why(struct diag *d, const char *fmt, ...)
{
    if (d->dropped) return;
    assert(d->last);
    va_list arguments;
    va_start(arguments, fmt);
    d->last->why = format_text(d->arena, fmt, arguments);
    va_end(arguments);
}

void diag_fix(struct diag *d, const char *fmt, ...)
{
    if (d->dropped) return;
    assert(d->last);
    va_list arguments;
    va_start(arguments, fmt);
    d->last->fix = format_text(d->arena, fmt, arguments);
    va_end(arguments);
}

enum { MAX_NAME = 64, MAX_DISTANCE = 2 };

/* A name as code points; too long a name has no neighbours. */
struct letters {
    size_t n;
    utf8proc_int32_t c[MAX_NAME];
};

static bool letters_read(struct letters *l, const char *name)
{
    size_t left = strlen(name);
    for (l->n = 0; left > 0; l->n++) {
        utf8proc_int32_t c = -1;
        if (l->n == MAX_NAME) return false;
        const utf8proc_ssize_t bytes =
            utf8proc_iterate((const utf8proc_uint8_t *)name, (utf8proc_ssize_t)left, &c);
        if (bytes <= 0) return false;
        l->c[l->n] = c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
        name += bytes;
        left -= (size_t)bytes;
    }
    return true;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: insertions, deletions, replacements and swaps of neighbours count
 * one each. */
static size_t edit_distance(const struct letters *a, const struct letters *b)
{
    size_t rows[3][MAX_NAME + 1]; /* of the matrix: i, i - 1, i - 2 modulo 3 */
    for (size_t j = 0; j <= b->n; j++) rows[0][j] = j;
    for (size_t i = 1; i <= a->n; i++) {
        size_t *row = rows[i % 3];
        const size_t *up = rows[(i - 1) % 3], *up2 = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b->n; j++) {
            const bool same = a->c[i - 1] == b->c[j - 1];
            row[j] = smaller(up[j - 1] + !same, smaller(up[j], row[j - 1]) + 1);
            const bool swapped =
                i > 1 && j > 1 && a->c[i - 1] == b->c[j - 2] && a->c[i - 2] == b->c[j - 1];
            if (swapped) row[j] = smaller(row[j], up2[j - 2] + 1);
        }
    }
    return rows[a->n % 3][b->n];
}

const char *nearest_name(const char *name, const char *const *names, size_t n)
{
    struct letters wanted, other;
    const char *nearest = NULL;
    size_t least = SIZE_MAX;
    if (!letters_read(&wanted, name)) return NULL;
    for (size_t i = 0; i < n; i++) {
        if (!letters_read(&other, names[i])) continue;
        const size_t distance = edit_distance(&wanted, &other);
        if (distance > MAX_DISTANCE || 2 * distance > wanted.n || distance >= least) continue;
        nearest = names[i];
        least = distance;
    }
    return nearest;
}
