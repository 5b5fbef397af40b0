/* Local time without a time zone library: zones here have a fixed offset, so a moment is an
 * integer. */
#ifndef COMMON_CALENDAR_H
#define COMMON_CALENDAR_H

#include "common/quantity.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Microseconds since 1970-01-01 00:00 of the scenario's local time. */
typedef int64_t moment_t;

bool moment_parse(moment_t *m,
                  const char *text); /* YYYY-MM-DD, or with [ T]HH:MM; real dates only */
bool clock_parse(int64_t *us, const char *text); /* HH:MM, 00:00 to 24:00; 23:59 stays 23:59 */
char *moment_print(char *buffer, size_t size, moment_t m); /* "2026-12-08 18:00" */
int moment_weekday(moment_t m);                            /* 0 Monday .. 6 Sunday */
moment_t month_start(moment_t m);      /* start of the calendar month holding m */
moment_t next_month_start(moment_t m); /* start of the month after it */

enum zone_answer { ZONE_OK, ZONE_SUMMER_TIME, ZONE_UNKNOWN };
/* Offset from UTC of an IANA zone name with a fixed offset (Asia/Shanghai: +8 h), in
 * microseconds. */
enum zone_answer zone_offset(int64_t *offset_us, const char *name);

#endif
