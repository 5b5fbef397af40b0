#include "common/csv_write.h"
#include <string.h>

static void cell_write(FILE *out, const char *text)
{
    if (!strpbrk(text, ",\"\r\n") && text[0] != '#') {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"') fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

void csv_write_row(FILE *out, const char *const *cells, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0) fputc(',', out);
        if (cells[i]) cell_write(out, cells[i]);
    }
    fputc('\n', out);
}
