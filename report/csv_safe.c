#include "report/csv_safe.h"
#include <string.h>

static bool is_formula(const char *text)
{
    static const char *const signs[] = {"=",  "+",      "-",      "@",      "\t",    "\r",
                                        "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"};
    text += strspn(text, "'");
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (strncmp(text, signs[i], strlen(signs[i])) == 0) return true;
    return false;
}

void csv_safe_text(FILE *out, const char *text)
{
    const bool formula = is_formula(text);
    if (!formula && !strpbrk(text, ",\"\r\n")) {
        fputs(text, out);
        return;
    }
    fputs(formula ? "\"'" : "\"", out);
    for (; *text; text++) {
        if (*text == '"') fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

void csv_safe_sheet(FILE *out, const struct sheet *s, const char *end)
{
    for (size_t c = 0; c < s->n_columns; c++) fprintf(out, "%s%s", c ? "," : "", s->columns[c].key);
    fputs(end, out);
    for (size_t i = 0; i < s->n_rows; i++) {
        for (size_t c = 0; c < s->n_columns; c++) {
            const char *value = s->cells[i * s->n_columns + c].value;
            if (c) fputc(',', out);
            if (s->columns[c].number)
                fputs(value ? value : "", out);
            else
                csv_safe_text(out, value ? value : "");
        }
        fputs(end, out);
    }
}
