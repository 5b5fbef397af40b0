/* Text into HTML: the one place where the report page escapes anything. What data say never becomes markup or script. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include <stdio.h>

struct arena;

/* Text between tags or inside a quoted attribute: & < > " ' escaped; control characters, bidi marks and invalid UTF-8 made
 * visible. */
void html_text(FILE *out, const char *text, struct arena *a);

/* As html_text, between tags; what stands between two backticks is code. */
void html_prose(FILE *out, const char *text, struct arena *a);

/* JSON inside <script type="application/json">: < > & U+2028 and U+2029 as \u escapes, so that no text ends the element. */
void html_json(FILE *out, const char *json);

/* Markup of the program's own with texts of data in it: %s is escaped as html_text does, %d is an int, %% a percent sign. */
void html_print(FILE *out, struct arena *a, const char *markup, ...)
    __attribute__((format(printf, 3, 4)));

/* "sha256-..." in base64, as a content security policy names a script or style that may be used. */
const char *html_hash(struct arena *a, const char *text, size_t bytes);

#endif
