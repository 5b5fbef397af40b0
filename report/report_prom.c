/* The text format of Prometheus, for the text file collector of a node exporter: one row per metric says its name, what it
 * means and where its samples come from. Units are base units: seconds, ratios; money is in the currency of the label. */
#include "common/text.h"
#include "report/cells.h"
#include "report/dossier.h"
#include "report/wording.h"
#include <math.h>
#include <string.h>

struct label {
    const char *name, *value; /* value NULL: left out */
};

enum { MAX_LABELS = 12 };

/* One metric being written. */
struct printer {
    FILE *out;
    struct arena *arena;
    const char *name;
    const struct dossier *dossier;
    const struct saved_run *run; /* whose samples are told */
    bool announced;              /* HELP and TYPE are out */
    const char *help;
};

/* Backslash, quote and line end are escaped; the rest may be any UTF-8. */
static void label_print(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\\' || *text == '"') fputc('\\', out);
        if (*text == '\n')
            fputs("\\n", out);
        else
            fputc(*text, out);
    }
}

static void sample(struct printer *p, const struct label *labels, double value)
{
    if (!isfinite(value)) return;
    if (!p->announced)
        fprintf(p->out, "# HELP %s %s\n# TYPE %s gauge\n", p->name, p->help, p->name);
    p->announced = true;
    fprintf(p->out, "%s{scenario=\"", p->name);
    label_print(p->out, p->dossier->scenario);
    fputs("\",variant=\"", p->out);
    label_print(p->out, p->run->variant);
    for (; labels && labels->name; labels++) {
        if (!labels->value) continue;
        fprintf(p->out, "\",%s=\"", labels->name);
        label_print(p->out, labels->value);
    }
    fprintf(p->out, "\"} %s\n", real_text(p->arena, value));
}

static void money_sample(struct printer *p, const struct label *more, double value)
{
    struct label labels[MAX_LABELS] = {{"currency", p->run->currency}};
    size_t n = 1;
    for (; more && more->name; more++) labels[n++] = *more;
    sample(p, labels, value);
}

static double money(micro_t amount)
{
    return (double)amount / 1e6;
}

/* ---- of the whole plan ---- */

static void info(struct printer *p)
{
    sample(p,
           (const struct label[]){{"status", p->run->status},
                                  {"version", p->run->version},
                                  {"prices", p->run->book_date},
                                  {0}},
           1);
}

static void has_plan(struct printer *p)
{
    sample(p, NULL, p->run->has_plan ? 1 : 0);
}

static void cost(struct printer *p)
{
    money_sample(p, NULL, money(p->run->cost));
}

static void bound(struct printer *p)
{
    money_sample(p, NULL, p->run->bound);
}

static void gap(struct printer *p)
{
    sample(p, NULL, p->run->gap);
}

static void machine_seconds(struct printer *p)
{
    sample(p, NULL, p->run->machine_h * 3600);
}

static void machines(struct printer *p)
{
    sample(p, NULL, (double)p->run->machines);
}

static void estimated(struct printer *p)
{
    sample(p, NULL, p->run->estimated_share);
}

static double unix_seconds(const struct saved_run *r, const char *local)
{
    moment_t moment;
    if (!local || !isfinite(r->offset_h) || !moment_parse(&moment, local)) return (double)NAN;
    return (double)(moment - r->offset_us) / 1e6;
}

static void starts(struct printer *p)
{
    sample(p, NULL, unix_seconds(p->run, p->run->start));
}

static void ends(struct printer *p)
{
    sample(p, NULL, unix_seconds(p->run, p->run->end));
}

static void finishes(struct printer *p)
{
    sample(p, NULL, unix_seconds(p->run, p->run->finish));
}

static void prices_dated(struct printer *p)
{
    sample(p, NULL, unix_seconds(p->run, p->run->book_date));
}

/* ---- luck ---- */

static void worlds(struct printer *p)
{
    if (p->run->worlds > 0) sample(p, NULL, (double)p->run->worlds);
}

static void expected(struct printer *p)
{
    money_sample(p, NULL, p->run->expected);
}

static void quantiles(struct printer *p)
{
    const struct saved_run *r = p->run;
    const double values[] = {r->p10, r->p50, r->p90, r->p95};
    static const char *const names[] = {"0.1", "0.5", "0.9", "0.95"};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        money_sample(p, (const struct label[]){{"quantile", names[i]}, {0}}, values[i]);
}

static void late(struct printer *p)
{
    sample(p, NULL, p->run->late);
}

static void over_budget(struct printer *p)
{
    sample(p, NULL, p->run->over_budget);
}

static void workload_late(struct printer *p)
{
    for (size_t i = 0; i < p->run->n_lucks; i++) {
        const struct saved_luck *l = &p->run->lucks[i];
        sample(p, (const struct label[]){{"workload", l->workload}, {0}}, l->missed);
    }
}

/* ---- sums over the ledger and the plan ---- */

static bool same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

/* Sums of the ledger by up to two texts of its entries, in the order they come up. */
struct group {
    const char *keys[2];
    micro_t amount;
};

static void ledger_sums(struct printer *p, const char *const names[2], size_t at, size_t also_at)
{
    const struct saved_run *r = p->run;
    struct group *groups = NULL;
    size_t n = 0;
    for (size_t i = 0; i < r->n_entries; i++) {
        const char *entry = (const char *)&r->entries[i], *keys[2];
        memcpy(&keys[0], entry + at, sizeof *keys);
        memcpy(&keys[1], entry + also_at, sizeof *keys);
        size_t g = 0;
        while (g < n && !(same(groups[g].keys[0], keys[0]) && same(groups[g].keys[1], keys[1])))
            g++;
        if (g == n) *ARENA_PUSH(p->arena, groups, n) = (struct group){{keys[0], keys[1]}, 0};
        groups[g].amount += r->entries[i].amount;
    }
    for (size_t g = 0; g < n; g++) {
        const char *first = groups[g].keys[0], *second = groups[g].keys[1];
        money_sample(p,
                     (const struct label[]){
                         {names[0], first ? first : ""}, {names[1], second ? second : ""}, {0}},
                     money(groups[g].amount));
    }
}

static void by_workload(struct printer *p)
{
    ledger_sums(p, (const char *const[]){"workload", "part"},
                offsetof(struct saved_entry, workload), offsetof(struct saved_entry, part));
}

static void by_owner(struct printer *p)
{
    ledger_sums(p, (const char *const[]){"owner", "month"}, offsetof(struct saved_entry, owner),
                offsetof(struct saved_entry, month));
}

/* Lines of machines by workload and offer: each comes once in the plan. */
static void offer_sample(struct printer *p, const struct saved_line *l, double value)
{
    sample(p,
           (const struct label[]){{"workload", l->workload},
                                  {"instance_type", l->offer.type},
                                  {"market", l->offer.market},
                                  {"region", l->offer.region},
                                  {"zone", l->offer.zone},
                                  {0}},
           value);
}

/* Offers that differ in price only, such as subscriptions of two terms, are one series: equal labels may not come twice. */
static bool comes_before(const struct saved_run *r, size_t line)
{
    const struct saved_line *l = &r->lines[line];
    for (size_t i = 0; i < line; i++) {
        const struct saved_line *m = &r->lines[i];
        if (same(m->part, l->part) && same(m->workload, l->workload) &&
            same(m->offer.type, l->offer.type) && same(m->offer.market, l->offer.market) &&
            same(m->offer.region, l->offer.region) && same(m->offer.zone, l->offer.zone))
            return true;
    }
    return false;
}

static double lines_sum(const struct saved_run *r, size_t line, bool hours)
{
    const struct saved_line *l = &r->lines[line];
    double sum = 0;
    for (size_t i = line; i < r->n_lines; i++) {
        const struct saved_line *m = &r->lines[i];
        if (same(m->part, l->part) && same(m->workload, l->workload) &&
            same(m->offer.type, l->offer.type) && same(m->offer.market, l->offer.market) &&
            same(m->offer.region, l->offer.region) && same(m->offer.zone, l->offer.zone))
            sum += hours ? m->quantity * 3600 : (double)m->machines;
    }
    return sum;
}

static void offers(struct printer *p, bool hours)
{
    const struct saved_run *r = p->run;
    const char *compute = ledger_part_name(PART_COMPUTE);
    for (size_t i = 0; i < r->n_lines; i++)
        if (same(r->lines[i].part, compute) && r->lines[i].offer.type && !comes_before(r, i))
            offer_sample(p, &r->lines[i], lines_sum(r, i, hours));
}

static void offer_machines(struct printer *p)
{
    offers(p, false);
}

static void offer_seconds(struct printer *p)
{
    offers(p, true);
}

/* ---- budgets and services ---- */

static void budget_samples(struct printer *p, bool limit)
{
    for (size_t i = 0; i < p->run->n_budgets; i++) {
        const struct saved_budget *b = &p->run->budgets[i];
        money_sample(p,
                     (const struct label[]){{"owner", b->owner ? b->owner : ""},
                                            {"month", b->month ? b->month : ""},
                                            {0}},
                     money(limit ? b->limit : b->planned));
    }
}

static void budget_limits(struct printer *p)
{
    budget_samples(p, true);
}

static void budget_planned(struct printer *p)
{
    budget_samples(p, false);
}

static void service_least(struct printer *p)
{
    for (size_t i = 0; i < p->run->n_services; i++)
        sample(p, (const struct label[]){{"workload", p->run->services[i].workload}, {0}},
               (double)p->run->services[i].least);
}

static void service_most(struct printer *p)
{
    for (size_t i = 0; i < p->run->n_services; i++)
        sample(p, (const struct label[]){{"workload", p->run->services[i].workload}, {0}},
               (double)p->run->services[i].most);
}

/* ---- the metrics ---- */

struct metric {
    const char *name, *help;
    bool of_plan; /* nothing without a plan */
    void (*samples)(struct printer *p);
};

/* clang-format off */
/* Names are promises to dashboards and alerts: add, never rename. HELP is read by programs and stays English. */
static const struct metric metrics[] = {
    {"gpumix_plan_info", "The plan: status, program version, date of the newest price.", false, info},
    {"gpumix_plan_found", "1 when a plan exists, 0 when the limits allow none.", false, has_plan},
    {"gpumix_plan_cost", "Cost of the plan.", true, cost},
    {"gpumix_plan_bound", "Proven lower bound: no plan can cost less.", true, bound},
    {"gpumix_plan_gap_ratio", "(cost - bound) / cost.", true, gap},
    {"gpumix_plan_estimated_ratio", "Part of the cost that rests on estimated prices.", true, estimated},
    {"gpumix_plan_machine_seconds", "Paid time of all machines.", true, machine_seconds},
    {"gpumix_plan_machines", "Most machines held at one time.", true, machines},
    {"gpumix_plan_start_timestamp_seconds", "Begin of the horizon.", true, starts},
    {"gpumix_plan_end_timestamp_seconds", "End of the horizon.", true, ends},
    {"gpumix_plan_finish_timestamp_seconds", "When the last job is done.", true, finishes},
    {"gpumix_plan_prices_timestamp_seconds", "Date of the newest price.", true, prices_dated},
    {"gpumix_plan_worlds", "Simulated worlds behind expected cost, quantiles and chances.", true, worlds},
    {"gpumix_plan_expected_cost", "Mean cost of the worlds.", true, expected},
    {"gpumix_plan_cost_quantile", "Cost at or below which this share of the worlds stays.", true, quantiles},
    {"gpumix_plan_late_ratio", "Probability that a job is late or a service misses its target.", true, late},
    {"gpumix_plan_over_budget_ratio", "Probability that the budget is passed.", true, over_budget},
    {"gpumix_workload_late_ratio", "Probability that a job of the workload is late or its target missed.", true, workload_late},
    {"gpumix_workload_cost", "Planned cost by workload and part of the ledger; adds up to gpumix_plan_cost.", true, by_workload},
    {"gpumix_owner_cost", "Planned cost by owner and month; adds up to gpumix_plan_cost.", true, by_owner},
    {"gpumix_offer_machines", "Most machines of one offer that a workload holds at one time.", true, offer_machines},
    {"gpumix_offer_machine_seconds", "Paid time of the machines of one offer for a workload.", true, offer_seconds},
    {"gpumix_budget_limit", "Limit on money; owner and month empty: of all, of the whole plan.", true, budget_limits},
    {"gpumix_budget_planned", "What the plan takes of the limit.", true, budget_planned},
    {"gpumix_service_machines_min", "Fewest machines of a service at one time.", true, service_least},
    {"gpumix_service_machines_max", "Most machines of a service at one time.", true, service_most},
};
/* clang-format on */

static enum err prom_write(const struct dossier *d, FILE *out, struct arena *a, struct diag *diag)
{
    (void)diag;
    for (size_t m = 0; m < sizeof metrics / sizeof *metrics; m++) {
        struct printer p = {
            .out = out, .arena = a, .name = metrics[m].name, .help = metrics[m].help, .dossier = d};
        for (size_t i = 0; i < d->n; i++) {
            p.run = &d->runs[i];
            if (p.run->has_plan || !metrics[m].of_plan) metrics[m].samples(&p);
        }
    }
    return OK;
}

const struct dossier_format report_prom = {
    .name = "prom",
    .write = prom_write,
};
