/* What was really spent: bills of the vendor and FOCUS files, summed per month, owner, tag, machine type and market. The kind
 * of a file is seen from its header; every kind is one table of column names, spend_forms.c. */
#ifndef PRICING_SPEND_H
#define PRICING_SPEND_H

#include "common/calendar.h"
#include "common/diag.h"
#include "common/money.h"
#include "pricing/names.h"

enum spend_market {
    SPEND_ON_DEMAND,
    SPEND_SPOT,
    SPEND_SUBSCRIPTION,
    SPEND_SAVINGS_PLAN,
    SPEND_OTHER,
    N_SPEND_MARKETS
};
const char *spend_market_name(enum spend_market m); /* "on_demand" ...; "other" */

/* Lines that agree in everything but money and time. Texts are "" where the bill says nothing. */
struct spend_line {
    int month;         /* 12 x year + month - 1 */
    const char *owner; /* value of the owner's tag, else the cost unit, else "" */
    const char *tags;  /* "key=value" of every tag, sorted, ", " between */
    const char *type;  /* "ecs.gn7i-c8g1.2xlarge"; "" what is no machine */
    const char *service, *region, *zone;
    enum spend_market market;
    micro_t amount; /* in the currency of the spend */
    double hours;   /* machine-hours; 0 where the bill does not say */
    size_t n;       /* rows of the bill */
};

struct spend_options {
    const char *
        owner_tag; /* key of the tag that names the owner; NULL: owner, team, project or cost-center, in that order */
    const char *cost;  /* name of the money column; NULL: the first of the form that is not empty */
    int64_t offset_us; /* of the time zone months are counted in */
};

struct spend {
    struct arena *arena;
    const char *form;      /* "FOCUS", "instance detail", "standard bill", "DescribeInstanceBill" */
    const char *cost;      /* the column that was summed */
    const char *currency;  /* "CNY" */
    bool currency_assumed; /* the bill does not name it */
    size_t n_lines;
    struct spend_line
        *lines; /* [n_lines] by month, owner, type, market, region, zone, service, tags */
    size_t n_rows, n_empty; /* rows read; rows without an amount, which count for nothing */
    moment_t from, to;      /* first and last moment charged, local */
    micro_t total;
};

/* Reads a bill ("-": standard input): CSV in UTF-8 or GB18030, or the JSON of DescribeInstanceBill. Errors: of csv_read and
 * json_read; ERR_IMPORT_FORMAT when the header is of no known kind; ERR_SPEND_VALUE for an amount or a day that is not
 * understood; ERR_SPEND_CURRENCY for two currencies in one bill. */
MUST_USE enum err spend_read(struct spend **spend, const char *path,
                             const struct spend_options *options, struct arena *a, struct diag *d);

#endif
