#include "report/dossier.h"
#include <string.h>

const struct dossier_format *const dossier_formats[] = {
#define X(name) &report_##name,
    REPORT_LIST(X)
#undef X
        NULL,
};

const struct dossier_format *dossier_format_find(const char *name)
{
    for (size_t i = 0; dossier_formats[i]; i++)
        if (strcmp(name, dossier_formats[i]->name) == 0) return dossier_formats[i];
    return NULL;
}

const struct saved_run *dossier_main(const struct dossier *d)
{
    for (size_t i = 0; i < d->n; i++)
        if (strcmp(d->runs[i].variant, "base") == 0 && d->runs[i].has_plan) return &d->runs[i];
    for (size_t i = 0; i < d->n; i++)
        if (d->runs[i].has_plan) return &d->runs[i];
    return &d->runs[0];
}
