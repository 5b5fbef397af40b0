#include "common/text.h"
#include "common/arena.h"
#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

void text_language(bool chinese)
{
    (void)setenv("LANGUAGE", chinese ? "zh_CN" : "en", 1);
    /* Texts found before are kept until a domain is named. */
    (void)textdomain("gpumix");
}

bool text_is_chinese(void)
{
    const char *language = getenv("LANGUAGE");
    return language && strncmp(language, "zh", 2) == 0;
}

/* Code points that change how the text around them is shown, besides the control characters. */
static const struct {
    utf8proc_int32_t first, last;
} unsafe_ranges[] = {
    {0x00ad, 0x00ad},   /* soft hyphen */
    {0x061c, 0x061c},   /* Arabic letter mark */
    {0x200b, 0x200b},   /* zero-width space */
    {0x200e, 0x200f},   /* left-to-right and right-to-left mark */
    {0x2028, 0x202e},   /* line and paragraph separators, bidi embeddings and overrides */
    {0x2060, 0x206f},   /* word joiner, invisible operators, bidi isolates */
    {0xfeff, 0xfeff},   /* byte-order mark */
    {0xe0000, 0xe007f}, /* tags */
};

static bool is_unsafe(utf8proc_int32_t c)
{
    if (c < 0x20 || (c >= 0x7f && c <= 0x9f)) return true;
    for (size_t i = 0; i < sizeof unsafe_ranges / sizeof *unsafe_ranges; i++)
        if (c >= unsafe_ranges[i].first && c <= unsafe_ranges[i].last) return true;
    return false;
}

/* The code point at `s` and its length; -1 and one byte where the text is not UTF-8. */
static utf8proc_int32_t decode(const char *s, size_t bytes, size_t *length)
{
    utf8proc_int32_t c = -1;
    const utf8proc_ssize_t n =
        utf8proc_iterate((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)bytes, &c);
    *length = n > 0 ? (size_t)n : 1;
    return n > 0 ? c : -1;
}

size_t text_safe_char(char shown[TEXT_SAFE_CHAR_BYTES], const char *s, size_t bytes)
{
    size_t length;
    const utf8proc_int32_t c = decode(s, bytes, &length);
    if (c < 0 || (c < 0x80 && is_unsafe(c)))
        snprintf(shown, TEXT_SAFE_CHAR_BYTES, "\\x%02x", (unsigned)(unsigned char)*s);
    else if (is_unsafe(c))
        snprintf(shown, TEXT_SAFE_CHAR_BYTES, "\\u{%x}", (unsigned)c);
    else {
        memcpy(shown, s, length);
        shown[length] = '\0';
    }
    return length;
}

size_t text_width(const char *utf8)
{
    size_t width = 0, left = strlen(utf8), length;
    for (; left > 0; utf8 += length, left -= length) {
        const utf8proc_int32_t c = decode(utf8, left, &length);
        const int cells = c < 0 ? 1 : utf8proc_charwidth(c);
        width += cells > 0 ? (size_t)cells : 0;
    }
    return width;
}

void text_print_safe(FILE *out, const char *s)
{
    char shown[TEXT_SAFE_CHAR_BYTES];
    size_t left = strlen(s), length;
    for (; left > 0; s += length, left -= length) {
        length = text_safe_char(shown, s, left);
        fputs(shown, out);
    }
}

static const char ELLIPSIS[] = "...";

char *text_safe(char *buffer, size_t size, const char *s)
{
    assert(size > 0);
    const size_t room = size - 1, dots = sizeof ELLIPSIS - 1;
    size_t used = 0, cut = 0; /* cut: where the dots go when the text is too long */
    size_t left = strlen(s), length;
    for (; left > 0; s += length, left -= length) {
        char shown[TEXT_SAFE_CHAR_BYTES];
        length = text_safe_char(shown, s, left);
        const size_t n = strlen(shown);
        if (used + n > room) break;
        memcpy(buffer + used, shown, n);
        used += n;
        if (used + dots <= room) cut = used;
    }
    if (left > 0 && room >= dots) {
        memcpy(buffer + cut, ELLIPSIS, dots);
        used = cut + dots;
    }
    buffer[used] = '\0';
    return buffer;
}

/* A row of cells; a rule has none. */
struct row {
    const char **cells; /* [n_columns] safe to print, or NULL */
    size_t *widths;     /* [n_columns] */
};

struct table {
    struct arena *arena;
    const char *align;
    size_t n_columns;
    size_t *widths; /* [n_columns] widest cell */
    struct row *rows;
    size_t n_rows;
};

struct table *table_new(struct arena *a, const char *align)
{
    assert(strspn(align, "lr") == strlen(align));
    struct table *t = ARENA_NEW(a, struct table, 1);
    t->arena = a;
    t->align = arena_strdup(a, align);
    t->n_columns = strlen(align);
    t->widths = ARENA_NEW(a, size_t, t->n_columns);
    return t;
}

/* A copy of `s` that is safe to print. */
static const char *copy_safe(struct arena *a, const char *s)
{
    char shown[TEXT_SAFE_CHAR_BYTES];
    size_t size = 1, length;
    for (size_t left = strlen(s), at = 0; left > 0; at += length, left -= length) {
        length = text_safe_char(shown, s + at, left);
        size += strlen(shown);
    }
    return text_safe(arena_alloc(a, size, 1), size, s);
}

void table_cells(struct table *t, const char *const *cells)
{
    struct row *row = ARENA_PUSH(t->arena, t->rows, t->n_rows);
    row->cells = ARENA_NEW(t->arena, const char *, t->n_columns);
    row->widths = ARENA_NEW(t->arena, size_t, t->n_columns);
    for (size_t i = 0; i < t->n_columns; i++) {
        row->cells[i] = copy_safe(t->arena, cells[i] ? cells[i] : "");
        row->widths[i] = text_width(row->cells[i]);
        if (row->widths[i] > t->widths[i]) t->widths[i] = row->widths[i];
    }
}

void table_row(struct table *t, ...)
{
    const char **cells = ARENA_NEW(t->arena, const char *, t->n_columns);
    va_list arguments;
    va_start(arguments, t);
    for (size_t i = 0; i < t->n_columns; i++) {
        cells[i] = va_arg(arguments, const char *);
        if (!cells[i]) break; /* a short row: the other cells are empty */
    }
    va_end(arguments);
    table_cells(t, cells);
}

void table_rule(struct table *t)
{
    *ARENA_PUSH(t->arena, t->rows, t->n_rows) = (struct row){0};
}

static void print_repeated(FILE *out, char c, size_t n)
{
    for (size_t i = 0; i < n; i++) fputc(c, out);
}

/* Blanks are printed only when something follows, so that no line ends in blanks. */
static void print_row(const struct table *t, const struct row *row, FILE *out)
{
    size_t blanks = 0;
    for (size_t i = 0; i < t->n_columns; i++) {
        const size_t width = row->cells ? row->widths[i] : t->widths[i];
        const size_t missing = t->widths[i] - width;
        const bool right = t->align[i] == 'r';
        if (width > 0) {
            print_repeated(out, ' ', blanks + (right ? missing : 0));
            if (row->cells)
                fputs(row->cells[i], out);
            else
                print_repeated(out, '-', width);
            blanks = right ? 0 : missing;
        } else {
            blanks += missing;
        }
        blanks += 2;
    }
    fputc('\n', out);
}

void table_print(const struct table *t, FILE *out, const char *indent)
{
    for (size_t i = 0; i < t->n_rows; i++) {
        fputs(indent, out);
        print_row(t, &t->rows[i], out);
    }
}
