/* Spot prices over time, per instance type and zone: the table history.csv of a user's book. */
#ifndef PRICING_HISTORY_H
#define PRICING_HISTORY_H

#include "pricing/import.h"
#include <stdio.h>

/* Samples in the order of type, zone and time; no two of one moment. */
struct history {
    struct arena *arena;
    struct names texts;
    struct import_sample *samples; /* [n] type and zone are numbers in `texts` */
    size_t n;
};

/* Reads a history table ("-": standard input). Errors: of csv_read; ERR_IMPORT_VALUE for a cell that is no name, time or
 * amount. Samples of one moment that differ: the later row counts. */
MUST_USE enum err history_read(struct history *h, const char *path, struct arena *a,
                               struct diag *d);

/* Adds samples, whose names are numbers in `texts`; those of a moment that is there already replace it. The array is used
 * up. Returns how many moments are new. */
size_t history_add(struct history *h, const struct names *texts, struct import_sample *samples,
                   size_t n);

/* Hour of the week, 1 .. 168 from Monday midnight. */
int moment_week_hour(moment_t m);

/* Full hours since 1970, also before it. */
int64_t moment_hour(moment_t m);

void history_write(const struct history *h, FILE *out);

/* The price in force at every full hour of a series, local time. */
struct history_hours {
    size_t n;
    int64_t first_h; /* hour of price[0], since 1970 in local time */
    double *price;   /* [n] NAN: not known, as the last sample is more than a day old */
};

/* Of samples [first, end); offset_us: of local time from UTC. */
struct history_hours history_hours(const struct history *h, size_t first, size_t end,
                                   int64_t offset_us, struct arena *a);

/* Is the series that begins at sample `first` one of this type, in this zone or, zone "", anywhere in the region? */
bool history_covers(const struct history *h, size_t first, const char *type, const char *region,
                    const char *zone);

/* Samples [first, end) of one type in one zone; call with end = 0 first. False after the last series. */
bool history_next(const struct history *h, size_t *first, size_t *end);

#endif
