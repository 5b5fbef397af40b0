#include "cli/about.h"
#include "common/text.h"
#include "version.h"
#include <utf8proc.h>

const char *about_version(void)
{
    return GPUMIX_VERSION;
}

const char *about_line(struct arena *a)
{
    return arena_printf(a, "gpumix %s (%s)", GPUMIX_VERSION, GPUMIX_GIT_ID);
}

const char *about_libraries(struct arena *a)
{
    /* libutf8proc says itself which one it is: its package file names another version. */
    return arena_printf(a, "%s, utf8proc %s", GPUMIX_LIBRARIES, utf8proc_version());
}

void about_print(FILE *out)
{
    struct arena *a = arena_new();
    fprintf(out, "%s\n%s\n", about_line(a), about_libraries(a));
    arena_free(a);
    fputs(_("Licence: GPL-3.0-or-later, https://www.gnu.org/licenses/gpl-3.0.html. There is no "
            "warranty.\n"),
          out);
}
