#include "common/calendar.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const int64_t US_PER_MIN = US_PER_H / 60;
static const int64_t US_PER_DAY = 24 * US_PER_H;
enum { DAYS_PER_ERA = 146097, YEARS_PER_ERA = 400 }; /* the Gregorian calendar repeats */
enum { EPOCH_DAY = 719468 };                         /* 1970-01-01 in days since 0000-03-01 */

struct date {
    int64_t year;
    int month, day; /* from 1 */
};

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Days since 1970-01-01. Years begin in March, so that the leap day is the last of its year
 * (https://howardhinnant.github.io/date_algorithms.html, days_from_civil). */
static int64_t days_from_date(struct date d)
{
    const int64_t year = d.year - (d.month <= 2);
    const int64_t era = floor_div(year, YEARS_PER_ERA), year_of_era = year - era * YEARS_PER_ERA;
    const int month = d.month > 2 ? d.month - 3 : d.month + 9;
    const int day_of_year = (153 * month + 2) / 5 + d.day - 1;
    const int64_t day = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day - EPOCH_DAY;
}

/* The inverse (civil_from_days of the same source). */
static struct date date_from_days(int64_t days)
{
    days += EPOCH_DAY;
    const int64_t era = floor_div(days, DAYS_PER_ERA);
    const int day = (int)(days - era * DAYS_PER_ERA);
    const int year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    const int day_of_year = day - (365 * year + year / 4 - year / 100);
    const int month = (5 * day_of_year + 2) / 153;
    const struct date d = {
        .year = era * YEARS_PER_ERA + year + (month >= 10),
        .month = month < 10 ? month + 3 : month - 9,
        .day = day_of_year - (153 * month + 2) / 5 + 1,
    };
    return d;
}

/* Exactly n digits at `text`; -1 when there are others. */
static int read_digits(const char *text, size_t n)
{
    int value = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9') return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

bool clock_parse(int64_t *us, const char *text)
{
    if (strlen(text) != 5 || text[2] != ':') return false;
    const int hour = read_digits(text, 2), minute = read_digits(text + 3, 2);
    if (hour < 0 || minute < 0 || minute > 59 || hour > 24 || (hour == 24 && minute > 0))
        return false;
    *us = hour * US_PER_H + minute * US_PER_MIN;
    return true;
}

static int month_days(struct date d)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = d.year % 4 == 0 && (d.year % 100 != 0 || d.year % YEARS_PER_ERA == 0);
    return days[d.month - 1] + (d.month == 2 && leap);
}

static bool date_parse(struct date *d, const char *text)
{
    if (strlen(text) < 10 || text[4] != '-' || text[7] != '-') return false;
    *d = (struct date){read_digits(text, 4), read_digits(text + 5, 2), read_digits(text + 8, 2)};
    if (d->year < 1 || d->month < 1 || d->month > 12 || d->day < 1) return false;
    return d->day <= month_days(*d);
}

bool moment_parse(moment_t *m, const char *text)
{
    struct date d;
    int64_t clock_us = 0;
    if (!date_parse(&d, text)) return false;
    const char *rest = text + 10;
    if (*rest != '\0') {
        if (*rest != ' ' && *rest != 'T') return false;
        if (!clock_parse(&clock_us, rest + 1)) return false;
    }
    *m = days_from_date(d) * US_PER_DAY + clock_us;
    return true;
}

char *moment_print(char *buffer, size_t size, moment_t m)
{
    const int64_t days = floor_div(m, US_PER_DAY);
    const struct date d = date_from_days(days);
    const int minutes = (int)((m - days * US_PER_DAY) / US_PER_MIN);
    snprintf(buffer, size, "%04" PRId64 "-%02d-%02d %02d:%02d", d.year, d.month, d.day,
             minutes / 60, minutes % 60);
    return buffer;
}

int moment_weekday(moment_t m)
{
    enum { EPOCH_WEEKDAY = 3 }; /* 1970-01-01 was a Thursday */
    const int64_t days = floor_div(m, US_PER_DAY) + EPOCH_WEEKDAY;
    return (int)(days - floor_div(days, 7) * 7);
}

moment_t month_start(moment_t m)
{
    struct date d = date_from_days(floor_div(m, US_PER_DAY));
    d.day = 1;
    return days_from_date(d) * US_PER_DAY;
}

moment_t next_month_start(moment_t m)
{
    struct date d = date_from_days(floor_div(m, US_PER_DAY));
    d.day = 1;
    d.year += d.month == 12;
    d.month = d.month == 12 ? 1 : d.month + 1;
    return days_from_date(d) * US_PER_DAY;
}
