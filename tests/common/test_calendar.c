#include "common/calendar.h"
#include <gsl/gsl_test.h>
#include <stdio.h>
#include <time.h>

static const struct {
    const char *text;
    const char *utc; /* NULL: refused; else what it means */
} moments[] = {
    {"1970-01-01", "1970-01-01 00:00"},
    {"2026-12-08 18:00", "2026-12-08 18:00"},
    {"2026-12-08T18:00", "2026-12-08 18:00"},
    {"2026-12-31 24:00", "2027-01-01 00:00"},
    {"2028-02-28 24:00", "2028-02-29 00:00"},
    {"2026-12-08 23:59", "2026-12-08 23:59"},
    {"2028-02-29", "2028-02-29 00:00"},
    {"2000-02-29", "2000-02-29 00:00"},
    {"1900-02-28", "1900-02-28 00:00"},
    {"0001-01-01", "0001-01-01 00:00"},
    {"9999-12-31 23:59", "9999-12-31 23:59"},
    {"2027-02-29", NULL},
    {"2100-02-29", NULL},
    {"1900-02-29", NULL},
    {"2026-04-31", NULL},
    {"2026-13-01", NULL},
    {"2026-00-01", NULL},
    {"2026-01-00", NULL},
    {"2026-01-32", NULL},
    {"0000-01-01", NULL},
    {"2026-1-1", NULL},
    {"26-01-01", NULL},
    {"2026/01/01", NULL},
    {"2026-01-01 ", NULL},
    {" 2026-01-01", NULL},
    {"2026-01-01  10:00", NULL},
    {"2026-01-01t10:00", NULL},
    {"2026-01-01 10:00:00", NULL},
    {"2026-01-01 10:00Z", NULL},
    {"2026-01-01 10:00+08:00", NULL},
    {"2026-01-01 24:01", NULL},
    {"2026-01-01 1:00", NULL},
    {"+026-01-01", NULL},
    {"2026-+1-01", NULL},
    {"", NULL},
    {"tomorrow", NULL},
};

static const struct {
    const char *text;
    int minutes; /* -1: refused */
} clocks[] = {
    {"00:00", 0},  {"07:30", 450}, {"23:59", 1439}, {"24:00", 1440}, {"24:01", -1},  {"25:00", -1},
    {"12:60", -1}, {"7:30", -1},   {"07:3", -1},    {"0730", -1},    {"07:30 ", -1}, {"-1:30", -1},
    {"", -1},      {"ab:cd", -1},  {"07.30", -1},   {"07:3a", -1},
};

static void test_moments(void)
{
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        moment_t m = 4711;
        char buffer[32];
        const bool ok = moment_parse(&m, moments[i].text);
        gsl_test_int(ok, moments[i].utc != NULL, "moment \"%s\"", moments[i].text);
        if (ok)
            gsl_test_str(moment_print(buffer, sizeof buffer, m), moments[i].utc, "\"%s\"",
                         moments[i].text);
        else
            gsl_test_int((int)m, 4711, "\"%s\" leaves its result alone", moments[i].text);
    }
    for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++) {
        int64_t us = -60000000;
        gsl_test_int(clock_parse(&us, clocks[i].text), clocks[i].minutes >= 0, "clock \"%s\"",
                     clocks[i].text);
        gsl_test_int((int)(us / 60000000), clocks[i].minutes, "minutes of \"%s\"", clocks[i].text);
    }
}

/* Every day of 800 years against the C library. */
static void test_days(void)
{
    enum { FIRST_DAY = -146097, LAST_DAY = 146097 };
    int wrong = 0;
    for (int day = FIRST_DAY; day <= LAST_DAY; day++) {
        const time_t seconds = (time_t)day * 86400;
        const moment_t m = (moment_t)seconds * 1000000;
        struct tm tm;
        char expected[64], printed[32];
        gmtime_r(&seconds, &tm);
        snprintf(expected, sizeof expected, "%04d-%02d-%02d 00:00", tm.tm_year + 1900,
                 tm.tm_mon + 1, tm.tm_mday);
        moment_t back = 1;
        const bool same = moment_parse(&back, expected) && back == m;
        moment_print(printed, sizeof printed, m);
        wrong += !same;
        for (int i = 0; i < 17; i++) wrong += printed[i] != expected[i];
        wrong += moment_weekday(m) != (tm.tm_wday + 6) % 7;
        wrong += moment_weekday(m - 1) != (tm.tm_wday + 5) % 7;
        wrong += month_start(m + 86399999999) != m - (tm.tm_mday - 1) * INT64_C(86400000000);
        const moment_t next = next_month_start(m);
        wrong += month_start(next) != next || month_start(next - 1) != month_start(m);
    }
    gsl_test_int(wrong, 0, "days, weekdays and months of 800 years");
}

static void test_months(void)
{
    static const struct {
        const char *moment, *start, *next;
    } cases[] = {
        {"2026-12-08 18:00", "2026-12-01 00:00", "2027-01-01 00:00"},
        {"2026-12-01 00:00", "2026-12-01 00:00", "2027-01-01 00:00"},
        {"2027-01-31 23:59", "2027-01-01 00:00", "2027-02-01 00:00"},
        {"2028-02-29 12:00", "2028-02-01 00:00", "2028-03-01 00:00"},
        {"1969-12-31 23:00", "1969-12-01 00:00", "1970-01-01 00:00"},
    };
    char buffer[32];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        moment_t m = 0;
        gsl_test(!moment_parse(&m, cases[i].moment), "%s", cases[i].moment);
        gsl_test_str(moment_print(buffer, sizeof buffer, month_start(m)), cases[i].start,
                     "month of %s", cases[i].moment);
        gsl_test_str(moment_print(buffer, sizeof buffer, next_month_start(m)), cases[i].next,
                     "month after %s", cases[i].moment);
    }
    gsl_test_str(moment_print(buffer, sizeof buffer, -1), "1969-12-31 23:59", "before 1970");
    moment_t m = 0;
    gsl_test(!moment_parse(&m, "2026-11-22"), "a Sunday");
    gsl_test_int(moment_weekday(m), 6, "2026-11-22 is a Sunday");
}

int main(void)
{
    test_moments();
    test_days();
    test_months();
    return gsl_test_summary();
}
