/* Text for people: translation, display width, tables, escaping. No locale is needed. */
#ifndef COMMON_TEXT_H
#define COMMON_TEXT_H

#include <libintl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define _(s)  gettext(s)
#define N_(s) s

/* Which language _() answers in from now on; not while other threads run. */
void text_language(bool chinese);
bool text_is_chinese(void); /* what was chosen last */

/* Cells on a terminal (libutf8proc; Chinese 2, combining 0). */
size_t text_width(const char *utf8);

/* Prints `s` with control characters, DEL, C1, bidi marks and invalid UTF-8 as \xNN or \u{...}. */
void text_print_safe(FILE *out, const char *s);
/* The same into a buffer, cut with "..." between characters. Returns `buffer`. */
char *text_safe(char *buffer, size_t size, const char *s);

/* The same for the first character of `s` (bytes > 0); returns how many bytes of `s` it takes. */
enum { TEXT_SAFE_CHAR_BYTES = 16 }; /* room for the longest, \u{10ffff}, and its end */
size_t text_safe_char(char shown[TEXT_SAFE_CHAR_BYTES], const char *s, size_t bytes);

/* A table padded by display width. Cells are copied. Columns: 'l' left, 'r' right aligned. */
struct arena;
struct table;
struct table *table_new(struct arena *a, const char *align); /* one letter per column */
/* const char * per column, then NULL; an early NULL leaves the other cells empty. Cells are made
 * safe. */
void table_row(struct table *t, ...) __attribute__((sentinel));
void table_cells(struct table *t, const char *const *cells); /* one per column; NULL: empty */
void table_rule(struct table *t);                            /* a line of '-' under each column */
void table_print(const struct table *t, FILE *out, const char *indent);

#endif
