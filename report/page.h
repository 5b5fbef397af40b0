/* Inside of the report page (report_html.c): the reader's side of a dossier in one language, and what its sections share. */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "report/dossier.h"
#include "report/html.h"
#include <jansson.h>

struct page {
    FILE *out;
    const struct dossier *dossier;
    const struct saved_run *run; /* the one that the page is about */
    const json_t *document;      /* of that run */
    struct arena *arena;
    bool chinese;
    const char *id; /* "en" or "zh": ends the ids of the elements */
    const struct retell *retell;
};

/* Money in the reader's habit, with decimals as the plan's cost deserves them. Whole: "¥186,433". Short, for headlines: the same, in Chinese "¥18.64万". Signed: with + too. */
const char *page_money(const struct page *p, micro_t amount);
const char *page_money_short(const struct page *p, micro_t amount);
const char *page_money_signed(const struct page *p, micro_t amount);
/* The lines of one table, rounded so that they add up to the printed total; *sum starts at 0. */
const char *page_money_linked(const struct page *p, micro_t amount, micro_t *sum);
/* The same of an amount in money, not micro-units. "-" when not finite. */
const char *page_amount(const struct page *p, double amount);
const char *page_amount_short(const struct page *p, double amount);
/* A price of something small: two digits behind the point, four below 0.1. */
const char *page_price(const struct page *p, double price);
/* {"kind":"money","symbol":"¥","wan":true}: how the scripts write money. */
json_t *page_money_unit(const struct page *p);

/* What an amount is paid for, coarsely: colours and columns of the cost charts. */
enum cost_group {
    COST_ON_DEMAND,
    COST_AUTOSCALED,
    COST_SPOT,
    COST_COMMITTED,
    COST_STORAGE,
    COST_LICENCE,
    COST_LATE,
    N_COST_GROUPS
};
enum cost_group page_cost_group(const char *part, const char *market);
const char *page_cost_label(enum cost_group g);
int page_cost_colour(enum cost_group g); /* index of a colour of the style sheet */

/* A table with the labels of its columns; texts escaped. */
void page_table(const struct page *p, const struct sheet *s);

/* Text as JSON; what is not UTF-8 is made visible. */
json_t *page_json(const struct page *p, const char *text);
void page_put(json_t *object, const char *key, json_t *value);

/* A chart with its title, a sentence, the data for the script, and the table behind it. Takes `spec`. */
struct page_chart {
    const char *id, *title, *note; /* note NULL: none */
    bool wide, heat;
    json_t *spec;
    const struct sheet *table;
};
void page_chart_print(const struct page *p, const struct page_chart *c);

/* A horizon beyond twenty-five years is no plan, whatever a file says. */
enum { PAGE_MOST_HOURS = 219000 };
/* Hours from the start of the horizon to the end of the last machine. */
double page_end_h(const struct saved_run *r);
/* Local moment at an hour of the horizon, and as printed: "2026-12-01 00:00". */
moment_t page_moment(const struct page *p, double h);
const char *page_moment_label(const struct page *p, double h);

/* Sections, in the order of the page. Each leaves out what nothing is known of. */
void page_head(const struct page *p);     /* title, answer in a sentence, cards */
void page_what_if(const struct page *p);  /* sliders */
void page_variants(const struct page *p); /* cost by variant */
void page_costs(const struct page *p);    /* distribution, deadline, tornado */
void page_jobs(const struct page *p);     /* cost by job of a list */
void page_times(const struct page *p);    /* machines over time */
void page_weeks(
    const struct page *p); /* hours of the week: load, answer times, spot prices, machines */
void page_buys(const struct page *p);    /* what to buy, and why */
void page_limits(const struct page *p);  /* limits, commitments, budgets in words */
void page_sources(const struct page *p); /* findings, assumptions, prices, files */
/* Instead of all that, where there is no plan: what clashes. */
void page_no_plan(const struct page *p);

#endif
