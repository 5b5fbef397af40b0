#include "report/formats.h"
#include <string.h>

const struct report_format *const report_formats[] = {
    &format_table, &format_json, &format_csv, &format_md, NULL,
};

const struct report_format *format_find(const char *name)
{
    for (size_t i = 0; report_formats[i]; i++)
        if (strcmp(name, report_formats[i]->name) == 0) return report_formats[i];
    return NULL;
}
