/* Text inside the quotes of other languages: whatever it holds, it stays text. */
#ifndef REPORT_QUOTE_H
#define REPORT_QUOTE_H

#include "common/arena.h"

/* "..." for JSON and, the same, for YAML in double quotes. Control characters, line separators and bidi marks become \uXXXX. */
const char *quote_json(struct arena *a, const char *text);
/* "..." for HCL: as JSON, and no template begins in it: the sign before a brace is escaped as well. */
const char *quote_hcl(struct arena *a, const char *text);
/* '...' for a POSIX shell; control characters made visible. */
const char *quote_shell(struct arena *a, const char *text);
/* The same where the word needs it; else as it is. */
const char *quote_shell_word(struct arena *a, const char *text);
/* Behind a # of YAML, HCL or a shell: one line, control characters made visible. */
const char *quote_comment(struct arena *a, const char *text);

#endif
