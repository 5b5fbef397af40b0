/* The built-in tables pricing/data/NAME.csv, carried inside the program by tools/embed.sh. */
#ifndef PRICING_DATA_H
#define PRICING_DATA_H

#include <stddef.h>

struct price_table_file {
    const char *name; /* "prices.csv" */
    const char *text; /* NUL-terminated; the NUL is not counted in bytes */
    size_t bytes;
};
extern const struct price_table_file price_table_files[]; /* ends with a NULL name */

#endif
