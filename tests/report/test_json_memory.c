#include "report/formats.h"
#include "report/sheet.h"
#include "tests/common/findings.h"
#include <gsl/gsl_test.h>
#include <jansson.h>

/* In the place of jansson's: no memory is left for a list. */
json_t *json_array(void)
{
    return NULL;
}

int main(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    static const struct sheet_column columns[] = {{"name", "name", 'l', false}};
    const struct sheet sheet = sheet_new(a, columns, 1);
    FILE *out = fopen("/dev/null", "w");
    gsl_test_int((int)format_json.sheet(&sheet, out, a, &d), ERR_MEMORY, "code");
    gsl_test_str(findings_text(&d), "E9001 0:0 the JSON text could not be built in memory -> \n",
                 "what is said");
    fclose(out);
    arena_free(a);
    return gsl_test_summary();
}
