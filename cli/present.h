/* Where and in which form a command's answer goes. */
#ifndef CLI_PRESENT_H
#define CLI_PRESENT_H

#include "cli/commands.h"
#include "common/output.h"
#include "report/sheets.h"

/* The format asked for by --format or --json, "table" without; the two must not contradict each other. */
MUST_USE enum err format_chosen(const struct report_format **format, const struct options *o,
                                struct diag *d);

/* Prints a sheet in the chosen format to --out. Returns the exit status. */
int sheet_present(const struct sheet *s, const struct options *o, struct cli *cli);

/* Several sheets as one answer, likewise. Returns the exit status. */
int sheets_present(const struct sheet_list *list, const struct options *o, struct cli *cli);

/* Plans in a given format to `path` (NULL: standard output). */
MUST_USE enum err plans_present(const struct report *r, const struct report_format *format,
                                const char *path, struct cli *cli);

#endif
