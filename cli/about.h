/* Who this program is. */
#ifndef CLI_ABOUT_H
#define CLI_ABOUT_H

#include <stdio.h>

const char *about_version(void); /* "0.1.0" */
void about_print(FILE *out);     /* version, git id, libraries, licence */

#endif
