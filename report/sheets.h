/* Several sheets as one answer: people see them one after the other, JSON gets an object with a list per sheet, CSV the one
 * sheet that was asked for. */
#ifndef REPORT_SHEETS_H
#define REPORT_SHEETS_H

#include "report/formats.h"

struct keyed_sheet {
    const char *key; /* in JSON, and its name for --table */
    const struct sheet *sheet;
    bool machines_only; /* people get the same in another sheet */
    bool people_only;   /* programs get the same in another sheet */
};

struct sheet_list {
    size_t n;
    const struct keyed_sheet *items;
    const char *table; /* what CSV prints; NULL: the first that is not for people only */
};

/* Programs do not get columns whose key is NULL. */
MUST_USE enum err sheets_print(const struct sheet_list *list, const struct report_format *format,
                               FILE *out, struct arena *a, struct diag *d);

#endif
