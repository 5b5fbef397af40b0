/* Sentences of a result in the other language. A saved run holds its findings as they were told when it was made; every one of them
 * is a message of the program with names and numbers in it. What message it is, and with what in it, is read back from the
 * translations themselves, and told again. */
#ifndef REPORT_RETELL_H
#define REPORT_RETELL_H

#include "common/arena.h"
#include <stdbool.h>

struct retell; /* every message in both languages */

/* From the translations that gettext reads; empty where there are none. */
const struct retell *retell_new(struct arena *a);

/* The same from the bytes of a .mo file; what is not one is empty. */
const struct retell *retell_read(const char *mo, size_t bytes, struct arena *a);

/* `text` in Chinese or in English. As it is where it is in that language already, or is no message of this version. Names and
 * numbers in it are kept; a message inside another one is told again as well, unless it stands in quotes. NULL for NULL. */
const char *retell_text(const struct retell *r, const char *text, bool chinese, struct arena *a);

/* How many messages there are, and one of them with `arguments` (n, as text, in the order of the English message) put in; NULL
 * where it is not one that can be told again. For tests. */
size_t retell_count(const struct retell *r);
const char *retell_message(const struct retell *r, size_t i, bool chinese,
                           const char *const *arguments, size_t n, struct arena *a);

#endif
