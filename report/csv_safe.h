/* CSV that spreadsheets do not run. A text that, behind any apostrophes, begins with = + - @, a tab or a line end, or with a
 * full-width form of these signs, gets one apostrophe in front and is quoted. To read it back: where such a sign comes behind the
 * leading apostrophes, take one of them away. Numbers are typed and never get one. */
#ifndef REPORT_CSV_SAFE_H
#define REPORT_CSV_SAFE_H

#include "report/sheet.h"
#include <stdio.h>

/* Spreadsheets take a file for UTF-8 only when it begins with a byte-order mark. */
#define CSV_BOM "\xef\xbb\xbf"

/* One text cell, guarded, quoted where CSV asks for it. */
void csv_safe_text(FILE *out, const char *text);

/* Keys of the columns, then the values of the rows. `end`: "\n", or "\r\n" for spreadsheets. */
void csv_safe_sheet(FILE *out, const struct sheet *s, const char *end);

#endif
