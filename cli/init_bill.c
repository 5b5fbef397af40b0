#include "cli/init_bill.h"
#include "cli/new_file.h"
#include "common/text.h"
#include "pricing/offer.h"
#include "pricing/region_titles.h"
#include "report/cells.h"
#include "report/wording.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Machines of one owner, type and way of paying in the month that is planned again. */
struct run {
    const char *owner, *type, *region;
    enum spend_market market;
    micro_t amount;
    double hours;
    size_t rows;
};

struct builder {
    const struct spend *spend;
    struct price_book *book;
    int month;
    double month_h;
    struct run *runs;
    size_t n_runs;
    struct bill_scenario *out;
    struct arena *arena;
};

static const double any_age_days =
    1e6; /* the ages of prices are told when the scenario is planned */

static const char *region_of(const struct builder *b, const char *text)
{
    const size_t known = book_region_find(b->book, text);
    if (known != SIZE_MAX) return book_region(b->book, known)->name;
    const char *named = region_by_title(text);
    return named ? named : "";
}

static struct run *run_find(struct builder *b, const struct spend_line *l)
{
    const char *region = region_of(b, l->region);
    for (size_t i = 0; i < b->n_runs; i++) {
        struct run *r = &b->runs[i];
        if (strcmp(r->owner, l->owner) == 0 && strcmp(r->type, l->type) == 0 &&
            strcmp(r->region, region) == 0 && r->market == l->market)
            return r;
    }
    *ARENA_PUSH(b->arena, b->runs, b->n_runs) =
        (struct run){.owner = l->owner, .type = l->type, .region = region, .market = l->market};
    return &b->runs[b->n_runs - 1];
}

/* The last month whose end the bill has seen, else the last one. */
static int month_planned(const struct spend *s)
{
    char last[32];
    moment_print(last, sizeof last, s->to + 24 * US_PER_H);
    const int next = 12 * atoi(last) + atoi(last + 5) - 1;
    int latest = s->lines[0].month, whole = 0;
    for (size_t i = 0; i < s->n_lines; i++) {
        if (s->lines[i].month > latest) latest = s->lines[i].month;
        if (s->lines[i].month < next && s->lines[i].month > whole) whole = s->lines[i].month;
    }
    return whole ? whole : latest;
}

static moment_t month_begin(int month)
{
    char day[32];
    moment_t m = 0;
    snprintf(day, sizeof day, "%04d-%02d-01", month / 12, month % 12 + 1);
    return moment_parse(&m, day) ? m : 0;
}

static void left_out(struct builder *b, const struct spend_line *l)
{
    const char *what = *l->type ? l->type : *l->service ? l->service : "?";
    b->out->left += l->amount;
    if (strstr(b->out->left_of, what)) return;
    b->out->left_of =
        arena_printf(b->arena, "%s%s%s", b->out->left_of, *b->out->left_of ? ", " : "", what);
}

/* A subscription is billed without hours: its machines are there all month. */
static void runs_collect(struct builder *b)
{
    for (size_t i = 0; i < b->spend->n_lines; i++) {
        const struct spend_line *l = &b->spend->lines[i];
        if (l->month != b->month) continue;
        const bool prepaid = l->market == SPEND_SUBSCRIPTION;
        if (!*l->type || book_type_find(b->book, l->type) == SIZE_MAX ||
            (!prepaid && l->hours <= 0)) {
            left_out(b, l);
            continue;
        }
        struct run *r = run_find(b, l);
        r->amount += l->amount;
        r->hours += prepaid && l->hours <= 0 ? (double)l->n * b->month_h : l->hours;
        r->rows += l->n;
        b->out->taken += l->amount;
    }
}

/* A key of YAML: small letters, digits and dashes; numbered, so that names that are only Chinese stay apart. */
static const char *workload_name(const struct builder *b, const struct run *r)
{
    char name[48] = "";
    size_t n = 0;
    const char *const parts[] = {r->owner, strchr(r->type, '.') + 1};
    for (size_t k = 0; k < 2; k++)
        for (const char *c = parts[k]; *c && n + 2 < sizeof name; c++) {
            const bool plain = (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9');
            const bool dash = !plain && n > 0 && name[n - 1] != '-';
            if (plain) name[n++] = *c;
            if (dash && (*c & 0x80) == 0) name[n++] = '-';
            if (k == 0 && !c[1] && n > 0 && name[n - 1] != '-') name[n++] = '-';
        }
    name[n] = '\0';
    return arena_printf(b->arena, "w%zu-%s", (size_t)(r - b->runs) + 1, name);
}

static const char *purchase_word(enum spend_market m)
{
    return m == SPEND_SPOT ? "spot" : m == SPEND_SUBSCRIPTION ? "subscription" : "on_demand";
}

static const char *work_text(const struct builder *b, const struct run *r,
                             const struct instance_type *t)
{
    if (t->gpu == NO_GPU)
        return arena_printf(b->arena,
                            "    kind: etl\n    work: {vcpu_hours: %.6g}\n    resources: {vcpu: "
                            "%ld, memory: %gGB}\n",
                            r->hours * (double)t->vcpu, t->vcpu, t->ram_gib);
    const double worker = t->gpus < 1 ? 1 : t->gpus;
    return arena_printf(b->arena,
                        "    kind: inference_batch\n    work: {gpu_hours: %.6g, measured_on: %s}\n"
                        "    resources: {gpus_per_worker: %g, gpu_memory: %gGB%s}\n",
                        r->hours * t->gpus, book_gpu(b->book, t->gpu)->name, worker, t->gpu_mem_gib,
                        t->gpus < 1 ? arena_printf(b->arena, ", gpu_share: %.6g", t->gpus) : "");
}

static const char *workload_text(const struct builder *b, const struct run *r)
{
    const struct instance_type *t = book_type(b->book, book_type_find(b->book, r->type));
    const char *owner =
        *r->owner ? arena_printf(b->arena, "    owner: %s\n", yaml_quoted(r->owner, b->arena)) : "";
    const char *paid =
        arena_printf(b->arena, "    # billed: %s in %s for %.6g machine-hours of %s, %s\n",
                     micro_text(b->arena, r->amount), b->out->month, r->hours, r->type,
                     purchase_word(r->market));
    const char *spot = r->market == SPEND_SPOT
                           ? "    spot: {protection: hour}    # at the price of the bill\n"
                           : "";
    const char *fixed = r->market == SPEND_SUBSCRIPTION
                            ? "    # EDIT: a subscription is billed whether it works or not; put "
                              "the hours really needed\n"
                            : "";
    return arena_printf(b->arena,
                        "  %s:\n%s%s%s%s%s"
                        "    purchase: [%s]\n"
                        "    interruption: {tolerant: true, lost_per_hit: 10min, restart: 5min}    "
                        "# EDIT: work lost by one reclaim\n",
                        workload_name(b, r), owner, paid, work_text(b, r, t), fixed, spot,
                        purchase_word(r->market));
}

/* Money over hours, or over machines and months; of all owners together, so that one machine has one price. */
static const char *price_text_of(const struct builder *b, const struct run *r)
{
    micro_t amount = 0;
    double hours = 0;
    for (size_t i = 0; i < b->n_runs; i++) {
        const struct run *other = &b->runs[i];
        if (strcmp(other->type, r->type) != 0 || strcmp(other->region, r->region) != 0 ||
            other->market != r->market)
            continue;
        if (other < r) return NULL; /* told by that one */
        amount += other->amount;
        hours += other->hours;
    }
    const double units = r->market == SPEND_SUBSCRIPTION ? hours / b->month_h : hours;
    return arena_printf(b->arena, "%.6f", (double)amount / 1e6 / units);
}

/* The prices of the account, which the built-in book does not know. */
static const char *prices_text(const struct builder *b)
{
    char day[32];
    moment_print(day, sizeof day, b->spend->to);
    const char *text =
        "# What was paid per machine by the bill, discounts in it. Look at each before planning "
        "with it.\n"
        "instance_type,region,zone,market,price,currency,unit,date,source,confidence,checked\n";
    for (size_t i = 0; i < b->n_runs; i++) {
        const struct run *r = &b->runs[i];
        const char *price = *r->region && r->amount > 0 ? price_text_of(b, r) : NULL;
        if (!price || r->market > SPEND_SUBSCRIPTION) continue;
        text = arena_printf(b->arena, "%s%s,%s,,%s,%s,%s,%s,%.10s,bill of %s,quoted,billed\n", text,
                            r->type, r->region, purchase_word(r->market), price, b->spend->currency,
                            r->market == SPEND_SUBSCRIPTION ? "month" : "h", day, b->out->month);
    }
    return text;
}

/* What each step of freedom would save: the machines of today first, then other machines, then other ways to pay. */
static const char *variants_text(const struct builder *b)
{
    struct arena *a = b->arena;
    const char *same = "", *all = "", *no_spot = "";
    for (size_t i = 0; i < b->n_runs; i++) {
        const struct run *r = &b->runs[i];
        const char *name = workload_name(b, r);
        same = arena_printf(a, "%s      workloads.%s.resources.instance_types: [%s]\n", same, name,
                            r->type);
        no_spot = arena_printf(a, "%s      workloads.%s.purchase: [on_demand, subscription%s]\n",
                               no_spot, name, r->market == SPEND_SPOT ? ", spot" : "");
        all = arena_printf(a, "%s      workloads.%s.purchase: [on_demand, subscription, spot]\n",
                           all, name);
    }
    return arena_printf(
        a,
        "variants:\n"
        "  as-today:    # the machines of the bill, paid as on the bill\n    set:\n%s"
        "  with-terms:    # other machines, and subscription where it pays: owed although unused\n "
        "   set:\n%s"
        "  with-spot:    # and spot: work is lost and repeated when a machine is reclaimed\n    "
        "set:\n%s"
        "compare: {baseline: as-today, order: [as-today, base, with-terms, with-spot]}\n",
        same, no_spot, all);
}

static const char *regions_text(const struct builder *b)
{
    const char *text = "";
    for (size_t i = 0; i < b->n_runs; i++) {
        const char *region = b->runs[i].region;
        if (!*region || strstr(text, region)) continue;
        text = arena_printf(b->arena, "%s%s%s", text, *text ? ", " : "", region);
    }
    return *text ? arena_printf(
                       b->arena,
                       "catalog: {regions: [%s], prices: [prices.csv]}    # those of the bill\n",
                       text)
                 : "# catalog: {regions: [cn-hangzhou]}    # EDIT: the bill does not say where\n";
}

static void scenario_write(struct builder *b, const char *name)
{
    struct arena *a = b->arena;
    char start[32];
    const char *workloads = "";
    for (size_t i = 0; i < b->n_runs; i++)
        workloads = arena_printf(a, "%s%s", workloads, workload_text(b, &b->runs[i]));
    b->out->n_workloads = b->n_runs;
    b->out->prices = prices_text(b);
    b->out->text = arena_printf(
        a,
        "# What the bill of %s says is run, planned again for the same month. Lines marked EDIT "
        "hold what no bill says.\n"
        "# In it: %s; left out: %s%s%s%s\n"
        "version: 1\nname: %s\ncurrency: %s\ntimezone: Asia/Shanghai\n"
        "horizon: {start: %.10s, length: %.6gd, step: 1h}\n"
        "%s\nworkloads:\n%s\n%s",
        b->out->month, micro_text(a, b->out->taken), micro_text(a, b->out->left),
        *b->out->left_of ? " (" : "", b->out->left_of, *b->out->left_of ? ")" : "",
        yaml_quoted(name, a), b->spend->currency,
        moment_print(start, sizeof start, month_begin(b->month)), b->month_h / 24, regions_text(b),
        workloads, variants_text(b));
}

enum err bill_scenario_make(struct bill_scenario *out, const char *path, const char *name,
                            const struct spend_options *options, struct cli *cli)
{
    struct spend *spend;
    struct builder b = {.out = out, .arena = cli->arena};
    const struct book_sources builtin = {.builtin = true};
    *out = (struct bill_scenario){.left_of = ""};
    TRY(price_book_load(&b.book, &builtin, cli->today, any_age_days, cli->arena, cli->diag));
    TRY(spend_read(&spend, path, options, cli->arena, cli->diag));
    b.spend = spend;
    if (spend->n_lines) {
        b.month = month_planned(spend);
        b.month_h = (double)(month_begin(b.month + 1) - month_begin(b.month)) / (double)US_PER_H;
        out->month = arena_printf(cli->arena, "%04d-%02d", b.month / 12, b.month % 12 + 1);
        runs_collect(&b);
    }
    if (b.n_runs) {
        scenario_write(&b, name);
        return OK;
    }
    const enum err code =
        diag_error(cli->diag, ERR_JOB_EMPTY, (struct place){0},
                   _("\"%s\" has no machine-hours of a type the price book knows"), path);
    diag_fix(cli->diag,
             _("give a bill with instance types and hours, such as the instance detail"));
    return code;
}
