/* One list of the dossier as tidy CSV: a row per thing, scenario and variant in front. */
#include "report/csv_safe.h"
#include "report/dossier.h"
#include <string.h>

static enum err csv_write(const struct dossier *d, FILE *out, struct arena *a, struct diag *diag)
{
    (void)diag;
    size_t n;
    const struct dossier_sheet *sheets = dossier_sheets(&n, d, a);
    const char *wanted = d->table ? d->table : dossier_tables[0];
    if (d->excel) fputs(CSV_BOM, out);
    for (size_t i = 0; i < n; i++)
        if (strcmp(sheets[i].key, wanted) == 0)
            csv_safe_sheet(out, &sheets[i].sheet, d->excel ? "\r\n" : "\n");
    return OK;
}

const struct dossier_format report_csv = {
    .name = "csv",
    .write = csv_write,
};
