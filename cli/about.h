/* Who this program is. */
#ifndef CLI_ABOUT_H
#define CLI_ABOUT_H

#include "common/arena.h"
#include <stdio.h>

const char *about_version(void);              /* "0.1.0" */
void about_print(FILE *out);                  /* version, git id, libraries, licence */
const char *about_line(struct arena *a);      /* "gpumix 0.1.0 (git id)" */
const char *about_libraries(struct arena *a); /* "GLPK 5.0, ..." */

#endif
