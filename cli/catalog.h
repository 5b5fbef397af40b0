/* Views of `gpumix catalog` that live in files of their own. Each returns the exit status. */
#ifndef CLI_CATALOG_H
#define CLI_CATALOG_H

#include "cli/commands.h"

int catalog_import(const struct options *o, struct cli *cli); /* import FILE... */
int catalog_stats(const struct options *o, struct cli *cli);  /* stats FILE... */
int catalog_fit(const struct options *o, struct cli *cli);    /* fit LIFETIMES */
int catalog_diff(const struct options *o, struct cli *cli);   /* diff OLD NEW */

#endif
