#include "cli/about.h"
#include "common/text.h"
#include "version.h"

const char *about_version(void)
{
    return GPUMIX_VERSION;
}

void about_print(FILE *out)
{
    fprintf(out, "gpumix %s (%s)\n%s\n", GPUMIX_VERSION, GPUMIX_GIT_ID, GPUMIX_LIBRARIES);
    fputs(_("Licence: GPL-3.0-or-later, https://www.gnu.org/licenses/gpl-3.0.html. There is no "
            "warranty.\n"),
          out);
}
