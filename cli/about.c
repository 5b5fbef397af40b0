#include "cli/about.h"
#include "common/text.h"
#include "version.h"
#include <utf8proc.h>

const char *about_version(void)
{
    return GPUMIX_VERSION;
}

void about_print(FILE *out)
{
    /* libutf8proc says itself which one it is: its package file names another version. */
    fprintf(out, "gpumix %s (%s)\n%s, utf8proc %s\n", GPUMIX_VERSION, GPUMIX_GIT_ID,
            GPUMIX_LIBRARIES, utf8proc_version());
    fputs(_("Licence: GPL-3.0-or-later, https://www.gnu.org/licenses/gpl-3.0.html. There is no "
            "warranty.\n"),
          out);
}
