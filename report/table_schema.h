/* The shape of the JSON of commands that print tables: compare, sweep, budget, replay. */
#ifndef REPORT_TABLE_SCHEMA_H
#define REPORT_TABLE_SCHEMA_H

#include "common/error.h"
#include <stdbool.h>
#include <stdio.h>

extern const char *const table_schemas[]; /* commands; ends with NULL */

/* JSON Schema of what a command of table_schemas prints with --json. */
void table_schema_print(const char *command, FILE *out);

#endif
