/* Words and figures that several formats share: how an offer, a line, a time is called. */
#ifndef REPORT_WORDING_H
#define REPORT_WORDING_H

#include "report/formats.h"
#include "report/sheet.h"

/* Amounts as printed: each within one unit of the truth, and adding up exactly to the printed total. `unit` is the
 * money that the last printed digit stands for, in micro-units; *sum starts at 0 and links the lines of one table. */
micro_t amount_shown(micro_t amount, micro_t unit, micro_t *sum);

/* Digits behind the point for a table whose total is `total`: 2 below a thousand, else 0; and their unit. */
int amount_decimals(micro_t total);
micro_t amount_unit(int decimals);
const char *amount_text(struct arena *a, micro_t amount, int decimals); /* "97,705" */
const char *price_text(struct arena *a, struct ratio price);            /* "89.60" */
const char *number_text(struct arena *a, double value, int decimals);   /* "6,144.5" */
const char *percent_text(struct arena *a, double frac, int decimals);   /* "41.0%" */

/* A share as a cell: percent with one digit for people; NAN: unknown. */
struct sheet_cell percent_cell(struct arena *a, double frac);

/* A probability with its interval, short: "2.4%"; never 0% or 100%: "below 0.19%", "above 99.8%". */
const char *chance_text(double estimate, double low, double high, struct arena *a);

const char *currency_name(enum currency c); /* "CNY" */

/* "spot, first hour protected": the market of an offer with its variant, translated. */
const char *offer_market_label(const struct offer *o);
/* The same for machines: "spot", or "spot_unprotected" for the variant without the protected hour. */
const char *offer_market_word(const struct offer *o);
const char *offer_place(const struct offer *o); /* zone, else region */

/* What a summary line is, translated: "4 x ecs.gn7i... on-demand, cn-shenzhen". */
const char *line_text(const struct summary *s, const struct summary_line *l, struct arena *a);
const char *group_text(const struct summary *s, const struct summary_group *g, struct arena *a);

/* How people read a workload: its label in their language (either may be NULL) with the name that paths and options take,
 * "7B 预训练(pretrain)"; the name alone where it has no label. */
const char *labelled_text(const char *name, const char *label, const char *label_zh,
                          struct arena *a);
const char *workload_title(const struct workload *w, struct arena *a);
const char *unit_label(const char *unit); /* translated unit of a ledger line */

const char *moment_text(struct arena *a, const struct scenario *s,
                        int64_t us);                       /* "2026-12-08 18:00" of horizon time */
const char *duration_text(struct arena *a, int64_t us);    /* "10d 15h", "3h 20min" */
const char *place_label(struct arena *a, struct place at); /* "plan.yaml:29", "" for nowhere */

/* `text` with everything that could drive a terminal made visible. */
const char *safe_text(struct arena *a, const char *text);

/* "name" or "name / variant". */
const char *result_title(const struct result *r, struct arena *a);
const char *status_label(enum plan_status status); /* translated */
/* How a workload ends: "done 12-10 15:00, 2 days before its deadline"; NULL when it has no jobs. */
const char *finish_text(const struct summary *s, size_t workload, struct arena *a);

#endif
