/* The lists of a dossier as tables: one row per column, which says where its value lies in a struct of saved_run.h. */
#include "common/text.h"
#include "report/cells.h"
#include "report/dossier.h"
#include "report/retell.h"
#include "report/saved_text.h"
#include "report/wording.h"
#include <math.h>
#include <string.h>

struct column {
    const char *key, *label; /* N_() */
    enum column_kind kind;
    size_t at;                               /* in the struct of the row */
    const char *(*shown)(const char *value); /* text for people; NULL: the value itself */
};

struct table_of {
    const char *key, *title;      /* N_() */
    size_t size;                  /* of the struct of a row */
    size_t rows_at, count_at;     /* in struct saved_run */
    const struct column *columns; /* ends with a row without key */
    /* NULL, or makes the rows that saved_run does not have as they are. */
    void *(*make)(size_t *n, const struct saved_run *r, struct arena *a);
};

/* ---- rows that are made ---- */

struct pool_row {
    const char *workload;
    struct saved_pool pool;
};

static void *pools_make(size_t *n, const struct saved_run *r, struct arena *a)
{
    struct pool_row *rows = NULL;
    *n = 0;
    for (size_t i = 0; i < r->n_services; i++)
        for (size_t j = 0; j < r->services[i].n_pools; j++)
            *ARENA_PUSH(a, rows, *n) =
                (struct pool_row){r->services[i].workload, r->services[i].pools[j]};
    return rows;
}

static void *summary_make_row(size_t *n, const struct saved_run *r, struct arena *a)
{
    struct saved_run *row = ARENA_NEW(a, struct saved_run, 1);
    *row = *r;
    if (!r->has_plan) {
        row->bound = row->gap = row->machine_h = row->estimated_share = (double)NAN;
        row->late_h = (double)NAN;
    }
    *n = 1;
    return row;
}

struct text_row {
    const char *text;
};

static void *assumptions_make(size_t *n, const struct saved_run *r, struct arena *a)
{
    struct text_row *rows = ARENA_NEW(a, struct text_row, r->n_assumptions + 1);
    for (size_t i = 0; i < r->n_assumptions; i++) rows[i].text = r->assumptions[i];
    *n = r->n_assumptions;
    return rows;
}

/* ---- tables ---- */

/* clang-format off */
#define AT(type, member) offsetof(struct type, member)
#define OFFER_COLUMNS(row, member) \
    {"instance_type", N_("instance type"), COLUMN_TEXT, AT(row, member.type), NULL}, \
    {"market", N_("market"), COLUMN_TEXT, AT(row, member.market), saved_market_label}, \
    {"region", N_("region"), COLUMN_TEXT, AT(row, member.region), NULL}, \
    {"zone", N_("zone"), COLUMN_TEXT, AT(row, member.zone), NULL},

static const struct column summary_columns[] = {
    {"label", N_("name"), COLUMN_TEXT, AT(saved_run, name), NULL},
    {"status", N_("status"), COLUMN_TEXT, AT(saved_run, status), saved_status_label},
    {"currency", N_("currency"), COLUMN_TEXT, AT(saved_run, currency), NULL},
    {"cost", N_("cost"), COLUMN_MONEY, AT(saved_run, cost), NULL},
    {"bound", N_("proven bound"), COLUMN_COST, AT(saved_run, bound), NULL},
    {"gap", N_("gap"), COLUMN_SHARE, AT(saved_run, gap), NULL},
    {"machine_hours", N_("machine-hours"), COLUMN_NUMBER, AT(saved_run, machine_h), NULL},
    {"machines", N_("machines"), COLUMN_WHOLE, AT(saved_run, machines), NULL},
    {"estimated_share", N_("on estimated prices"), COLUMN_SHARE, AT(saved_run, estimated_share), NULL},
    {"finish", N_("last job done"), COLUMN_MOMENT, AT(saved_run, finish), NULL},
    {"late_hours", N_("hours late"), COLUMN_NUMBER, AT(saved_run, late_h), NULL},
    {"worlds", N_("worlds"), COLUMN_WHOLE, AT(saved_run, worlds), NULL},
    {"expected", N_("expected"), COLUMN_COST, AT(saved_run, expected), NULL},
    {"p10", N_("p10"), COLUMN_COST, AT(saved_run, p10), NULL},
    {"p50", N_("p50"), COLUMN_COST, AT(saved_run, p50), NULL},
    {"p90", N_("p90"), COLUMN_COST, AT(saved_run, p90), NULL},
    {"p95", N_("p95"), COLUMN_COST, AT(saved_run, p95), NULL},
    {"late", N_("chance of being late"), COLUMN_SHARE, AT(saved_run, late), NULL},
    {"over_budget", N_("chance of passing the budget"), COLUMN_SHARE, AT(saved_run, over_budget), NULL},
    {0}};

static const struct column plan_columns[] = {
    {"workload", N_("workload"), COLUMN_TEXT, AT(saved_line, workload), NULL},
    {"part", N_("part"), COLUMN_TEXT, AT(saved_line, part), saved_part_label},
    OFFER_COLUMNS(saved_line, offer)
    {"dataset", N_("dataset"), COLUMN_TEXT, AT(saved_line, dataset), NULL},
    {"note", N_("remark"), COLUMN_TEXT, AT(saved_line, note), NULL},
    {"machines", N_("machines"), COLUMN_WHOLE, AT(saved_line, machines), NULL},
    {"quantity", N_("quantity"), COLUMN_NUMBER, AT(saved_line, quantity), NULL},
    {"unit", N_("unit"), COLUMN_TEXT, AT(saved_line, unit), unit_label},
    {"price", N_("price per unit"), COLUMN_PRICE, AT(saved_line, price), NULL},
    {"cost", N_("cost"), COLUMN_MONEY, AT(saved_line, cost), NULL},
    {"estimated", N_("estimated price"), COLUMN_FLAG, AT(saved_line, estimated), NULL},
    {0}};

static const struct column ledger_columns[] = {
    {"month", N_("month"), COLUMN_TEXT, AT(saved_entry, month), NULL},
    {"owner", N_("owner"), COLUMN_TEXT, AT(saved_entry, owner), NULL},
    {"workload", N_("workload"), COLUMN_TEXT, AT(saved_entry, workload), NULL},
    {"job", N_("job"), COLUMN_TEXT, AT(saved_entry, job), NULL},
    {"part", N_("part"), COLUMN_TEXT, AT(saved_entry, part), saved_part_label},
    OFFER_COLUMNS(saved_entry, offer)
    {"dataset", N_("dataset"), COLUMN_TEXT, AT(saved_entry, dataset), NULL},
    {"note", N_("remark"), COLUMN_TEXT, AT(saved_entry, note), NULL},
    {"quantity", N_("quantity"), COLUMN_NUMBER, AT(saved_entry, quantity), NULL},
    {"unit", N_("unit"), COLUMN_TEXT, AT(saved_entry, unit), unit_label},
    {"price", N_("price per unit"), COLUMN_PRICE, AT(saved_entry, price), NULL},
    {"amount", N_("amount"), COLUMN_MONEY, AT(saved_entry, amount), NULL},
    {"estimated", N_("estimated price"), COLUMN_FLAG, AT(saved_entry, estimated), NULL},
    {0}};

static const struct column timeline_columns[] = {
    {"workload", N_("workload"), COLUMN_TEXT, AT(saved_stretch, workload), NULL},
    {"job", N_("job"), COLUMN_TEXT, AT(saved_stretch, job), NULL},
    OFFER_COLUMNS(saved_stretch, offer)
    {"machines", N_("machines"), COLUMN_WHOLE, AT(saved_stretch, machines), NULL},
    {"from", N_("from"), COLUMN_MOMENT, AT(saved_stretch, from), NULL},
    {"to", N_("to"), COLUMN_MOMENT, AT(saved_stretch, to), NULL},
    {"machine_hours", N_("machine-hours"), COLUMN_NUMBER, AT(saved_stretch, machine_h), NULL},
    {"start_hours", N_("hours of starts"), COLUMN_NUMBER, AT(saved_stretch, start_h), NULL},
    {"work", N_("work done"), COLUMN_NUMBER, AT(saved_stretch, work), NULL},
    {0}};

static const struct column job_columns[] = {
    {"workload", N_("workload"), COLUMN_TEXT, AT(saved_job, workload), NULL},
    {"job", N_("job"), COLUMN_TEXT, AT(saved_job, job), NULL},
    {"work", N_("work"), COLUMN_NUMBER, AT(saved_job, work), NULL},
    {"start", N_("begins"), COLUMN_MOMENT, AT(saved_job, start), NULL},
    {"finish", N_("done"), COLUMN_MOMENT, AT(saved_job, finish), NULL},
    {"deadline", N_("deadline"), COLUMN_MOMENT, AT(saved_job, deadline), NULL},
    {"late_hours", N_("hours late"), COLUMN_NUMBER, AT(saved_job, late_h), NULL},
    {"machine_hours", N_("machine-hours"), COLUMN_NUMBER, AT(saved_job, machine_h), NULL},
    {"spot_share", N_("on spot"), COLUMN_SHARE, AT(saved_job, spot_share), NULL},
    {0}};

static const struct column service_columns[] = {
    {"workload", N_("workload"), COLUMN_TEXT, AT(saved_service, workload), NULL},
    {"least_machines", N_("fewest machines"), COLUMN_WHOLE, AT(saved_service, least), NULL},
    {"peak_machines", N_("most machines"), COLUMN_WHOLE, AT(saved_service, most), NULL},
    {"held_hours", N_("machine-hours"), COLUMN_NUMBER, AT(saved_service, held_h), NULL},
    {"start_hours", N_("hours of starts"), COLUMN_NUMBER, AT(saved_service, start_h), NULL},
    {"idle_hours", N_("idle hours"), COLUMN_NUMBER, AT(saved_service, idle_h), NULL},
    {"perfect_autoscaler_hours", N_("hours of a perfect autoscaler"), COLUMN_NUMBER, AT(saved_service, perfect_h), NULL},
    {"unserved_share", N_("left unserved"), COLUMN_SHARE, AT(saved_service, unserved_share), NULL},
    {"spot_share", N_("on spot"), COLUMN_SHARE, AT(saved_service, spot_share), NULL},
    {"peak_load", N_("highest load"), COLUMN_NUMBER, AT(saved_service, peak_load), NULL},
    {"load_unit", N_("unit"), COLUMN_TEXT, AT(saved_service, load_unit), NULL},
    {0}};

static const struct column pool_columns[] = {
    {"workload", N_("workload"), COLUMN_TEXT, AT(pool_row, workload), NULL},
    OFFER_COLUMNS(pool_row, pool.offer)
    {"least_machines", N_("fewest machines"), COLUMN_WHOLE, AT(pool_row, pool.least), NULL},
    {"peak_machines", N_("most machines"), COLUMN_WHOLE, AT(pool_row, pool.most), NULL},
    {"machine_hours", N_("machine-hours"), COLUMN_NUMBER, AT(pool_row, pool.machine_h), NULL},
    {"starts", N_("starts"), COLUMN_WHOLE, AT(pool_row, pool.starts), NULL},
    {0}};

static const struct column dataset_columns[] = {
    {"dataset", N_("dataset"), COLUMN_TEXT, AT(saved_dataset, dataset), NULL},
    {"class", N_("storage class"), COLUMN_TEXT, AT(saved_dataset, class_), NULL},
    {"region", N_("region"), COLUMN_TEXT, AT(saved_dataset, region), NULL},
    {"share", N_("share"), COLUMN_SHARE, AT(saved_dataset, share), NULL},
    {"size_gib", N_("GiB"), COLUMN_NUMBER, AT(saved_dataset, size_gib), NULL},
    {"extra_gib", N_("GiB bought beyond"), COLUMN_NUMBER, AT(saved_dataset, extra_gib), NULL},
    {"provided_mbps", N_("MB/s given"), COLUMN_NUMBER, AT(saved_dataset, provided_mbps), NULL},
    {"needed_mbps", N_("MB/s needed"), COLUMN_NUMBER, AT(saved_dataset, needed_mbps), NULL},
    {0}};

static const struct column commitment_columns[] = {
    {"kind", N_("commitment"), COLUMN_TEXT, AT(saved_commitment, kind), saved_commitment_label},
    OFFER_COLUMNS(saved_commitment, offer)
    {"count", N_("number"), COLUMN_NUMBER, AT(saved_commitment, count), NULL},
    {"existing", N_("bought already"), COLUMN_FLAG, AT(saved_commitment, existing), NULL},
    {"term_hours", N_("hours of its term"), COLUMN_NUMBER, AT(saved_commitment, term_h), NULL},
    {"break_even", N_("pays from a use of"), COLUMN_SHARE, AT(saved_commitment, break_even), NULL},
    {"used", N_("used"), COLUMN_SHARE, AT(saved_commitment, used), NULL},
    {"one_more_used", N_("use of one more"), COLUMN_SHARE, AT(saved_commitment, one_more_used), NULL},
    {0}};

static const struct column budget_columns[] = {
    {"owner", N_("owner"), COLUMN_TEXT, AT(saved_budget, owner), NULL},
    {"month", N_("month"), COLUMN_TEXT, AT(saved_budget, month), NULL},
    {"planned", N_("planned"), COLUMN_MONEY, AT(saved_budget, planned), NULL},
    {"limit", N_("limit"), COLUMN_MONEY, AT(saved_budget, limit), NULL},
    {"state", N_("state"), COLUMN_TEXT, AT(saved_budget, state), saved_state_label},
    {0}};

static const struct column luck_columns[] = {
    {"workload", N_("workload"), COLUMN_TEXT, AT(saved_luck, workload), NULL},
    {"planned", N_("planned"), COLUMN_MONEY, AT(saved_luck, planned), NULL},
    {"expected", N_("expected"), COLUMN_COST, AT(saved_luck, cost.mean), NULL},
    {"p10", N_("p10"), COLUMN_COST, AT(saved_luck, cost.p10), NULL},
    {"p50", N_("p50"), COLUMN_COST, AT(saved_luck, cost.p50), NULL},
    {"p90", N_("p90"), COLUMN_COST, AT(saved_luck, cost.p90), NULL},
    {"p95", N_("p95"), COLUMN_COST, AT(saved_luck, cost.p95), NULL},
    {"cvar95", N_("mean of the worst 5%"), COLUMN_COST, AT(saved_luck, cost.cvar95), NULL},
    {"missed", N_("chance of being late"), COLUMN_SHARE, AT(saved_luck, missed), NULL},
    {"interruptions", N_("interruptions"), COLUMN_NUMBER, AT(saved_luck, interruptions.mean), NULL},
    {0}};

static const struct column limit_columns[] = {
    {"limit", N_("limit"), COLUMN_TEXT, AT(saved_limit, limit), NULL},
    {"saves", N_("one more saves"), COLUMN_PRICE, AT(saved_limit, saves), NULL},
    {"unit", N_("unit"), COLUMN_TEXT, AT(saved_limit, unit), unit_label},
    {"file", N_("file"), COLUMN_TEXT, AT(saved_limit, file), NULL},
    {"line", N_("line"), COLUMN_LINE, AT(saved_limit, line), NULL},
    {0}};

static const struct column conflict_columns[] = {
    {"what", N_("What clashes"), COLUMN_TEXT, AT(saved_conflict, what), NULL},
    {"change", N_("enough alone"), COLUMN_TEXT, AT(saved_conflict, change), NULL},
    {"set", N_("to try"), COLUMN_TEXT, AT(saved_conflict, set), NULL},
    {"short_by", N_("short by"), COLUMN_NUMBER, AT(saved_conflict, short_by), NULL},
    {"unit", N_("unit"), COLUMN_TEXT, AT(saved_conflict, unit), unit_label},
    {"file", N_("file"), COLUMN_TEXT, AT(saved_conflict, file), NULL},
    {"line", N_("line"), COLUMN_LINE, AT(saved_conflict, line), NULL},
    {0}};

static const struct column candidate_columns[] = {
    {"workload", N_("workload"), COLUMN_TEXT, AT(saved_candidate, workload), NULL},
    OFFER_COLUMNS(saved_candidate, offer)
    {"chosen", N_("chosen"), COLUMN_FLAG, AT(saved_candidate, chosen), NULL},
    {"usable", N_("usable"), COLUMN_FLAG, AT(saved_candidate, usable), NULL},
    {"cost_per_useful_hour", N_("cost per useful hour"), COLUMN_PRICE, AT(saved_candidate, cost), NULL},
    {"price_part", N_("of it: machine"), COLUMN_PRICE, AT(saved_candidate, price_part), NULL},
    {"rework_part", N_("of it: rework"), COLUMN_PRICE, AT(saved_candidate, rework_part), NULL},
    {"licence_part", N_("of it: licences"), COLUMN_PRICE, AT(saved_candidate, licence_part), NULL},
    {"disk_part", N_("of it: disks"), COLUMN_PRICE, AT(saved_candidate, disk_part), NULL},
    {"reason", N_("why not"), COLUMN_TEXT, AT(saved_candidate, reason), NULL},
    {0}};

static const struct column assumption_columns[] = {
    {"assumption", N_("assumption"), COLUMN_TEXT, AT(text_row, text), NULL},
    {0}};

static const struct column finding_columns[] = {
    {"code", N_("code"), COLUMN_TEXT, AT(saved_finding, code), NULL},
    {"message", N_("message"), COLUMN_TEXT, AT(saved_finding, message), NULL},
    {"fix", N_("remedy"), COLUMN_TEXT, AT(saved_finding, fix), NULL},
    {"file", N_("file"), COLUMN_TEXT, AT(saved_finding, file), NULL},
    {"line", N_("line"), COLUMN_LINE, AT(saved_finding, line), NULL},
    {0}};

static const struct column file_columns[] = {
    {"file", N_("file"), COLUMN_TEXT, AT(saved_file, path), NULL},
    {"sha256", N_("SHA-256"), COLUMN_TEXT, AT(saved_file, sha256), NULL},
    {0}};

static const struct column value_columns[] = {
    {"path", N_("setting"), COLUMN_TEXT, AT(saved_value, path), NULL},
    {"value", N_("value"), COLUMN_TEXT, AT(saved_value, value), NULL},
    {"file", N_("file"), COLUMN_TEXT, AT(saved_value, file), NULL},
    {"line", N_("line"), COLUMN_LINE, AT(saved_value, line), NULL},
    {"layer", N_("set by"), COLUMN_TEXT, AT(saved_value, layer), NULL},
    {0}};

#define TABLE_LIST(X) \
    X(plan, N_("What to buy"), saved_line, AT(saved_run, lines), AT(saved_run, n_lines), plan_columns, NULL) \
    X(variants, N_("Variants"), saved_run, 0, 0, summary_columns, summary_make_row) \
    X(budgets, N_("Budgets"), saved_budget, AT(saved_run, budgets), AT(saved_run, n_budgets), budget_columns, NULL) \
    X(ledger, N_("Ledger"), saved_entry, AT(saved_run, entries), AT(saved_run, n_entries), ledger_columns, NULL) \
    X(simulation, N_("Luck"), saved_luck, AT(saved_run, lucks), AT(saved_run, n_lucks), luck_columns, NULL) \
    X(jobs, N_("Jobs"), saved_job, AT(saved_run, jobs), AT(saved_run, n_jobs), job_columns, NULL) \
    X(services, N_("Services"), saved_service, AT(saved_run, services), AT(saved_run, n_services), service_columns, NULL) \
    X(pools, N_("Pools"), pool_row, 0, 0, pool_columns, pools_make) \
    X(timeline, N_("Timeline"), saved_stretch, AT(saved_run, stretches), AT(saved_run, n_stretches), timeline_columns, NULL) \
    X(datasets, N_("Storage"), saved_dataset, AT(saved_run, datasets), AT(saved_run, n_datasets), dataset_columns, NULL) \
    X(commitments, N_("Commitments"), saved_commitment, AT(saved_run, commitments), AT(saved_run, n_commitments), \
      commitment_columns, NULL) \
    X(limits, N_("Limits"), saved_limit, AT(saved_run, limits), AT(saved_run, n_limits), limit_columns, NULL) \
    X(conflicts, N_("Conflicts"), saved_conflict, AT(saved_run, conflicts), AT(saved_run, n_conflicts), conflict_columns, NULL) \
    X(errors, N_("Errors"), saved_finding, AT(saved_run, errors), AT(saved_run, n_errors), finding_columns, NULL) \
    X(candidates, N_("Offers considered"), saved_candidate, AT(saved_run, candidates), AT(saved_run, n_candidates), \
      candidate_columns, NULL) \
    X(assumptions, N_("Assumptions"), text_row, 0, 0, assumption_columns, assumptions_make) \
    X(warnings, N_("Warnings"), saved_finding, AT(saved_run, warnings), AT(saved_run, n_warnings), finding_columns, NULL) \
    X(inputs, N_("Inputs"), saved_value, AT(saved_run, values), AT(saved_run, n_values), value_columns, NULL) \
    X(files, N_("Files"), saved_file, AT(saved_run, files), AT(saved_run, n_files), file_columns, NULL)

static const struct table_of tables[] = {
#define X(key, title, type, rows, count, columns, make) {#key, title, sizeof(struct type), rows, count, columns, make},
    TABLE_LIST(X)
#undef X
};

const char *const dossier_tables[] = {
#define X(key, title, type, rows, count, columns, make) #key,
    TABLE_LIST(X)
#undef X
    NULL};
/* clang-format on */

/* ---- cells ---- */

static struct sheet_cell text_cell(const struct column *c, const char *value)
{
    if (!value) return sheet_both("", NULL);
    return sheet_both(c->shown ? c->shown(value) : value, value);
}

static struct sheet_cell number_cell(struct arena *a, double value, int decimals)
{
    if (!isfinite(value)) return sheet_both("", NULL);
    return sheet_both(number_text(a, value, decimals), real_text(a, value));
}

static struct sheet_cell cell_of(const struct column *c, const char *row, struct arena *a)
{
    const void *at = row + c->at;
    switch (c->kind) {
    case COLUMN_TEXT:
    case COLUMN_MOMENT:
        return text_cell(c, *(const char *const *)at);
    case COLUMN_MONEY: {
        const micro_t amount = *(const micro_t *)at;
        return sheet_both(amount_text(a, amount, 2), micro_text(a, amount));
    }
    case COLUMN_PRICE:
        return number_cell(a, *(const double *)at, 4);
    case COLUMN_COST:
    case COLUMN_NUMBER:
        return number_cell(a, *(const double *)at, 2);
    case COLUMN_SHARE:
        if (!isfinite(*(const double *)at)) return sheet_both("", NULL);
        return percent_cell(a, *(const double *)at);
    case COLUMN_LINE:
        if (*(const long *)at == 0) return sheet_both("", NULL);
        return sheet_text(arena_printf(a, "%ld", *(const long *)at));
    case COLUMN_WHOLE: {
        const char *text = arena_printf(a, "%ld", *(const long *)at);
        return sheet_text(text);
    }
    case COLUMN_FLAG:
        break;
    }
    const bool flag = *(const bool *)at;
    return sheet_both(flag ? _("yes") : "", flag ? "true" : "false");
}

static void rows_add(struct sheet *s, const struct table_of *t, const struct dossier *d,
                     const struct saved_run *run)
{
    struct arena *a = s->arena;
    const char *base = (const char *)run;
    size_t n = 0;
    const char *rows;
    if (t->make) {
        rows = t->make(&n, run, a);
    } else {
        memcpy(&rows, base + t->rows_at, sizeof rows);
        memcpy(&n, base + t->count_at, sizeof n);
    }
    for (size_t i = 0; i < n; i++) {
        struct sheet_cell *cells = sheet_row(s);
        cells[0] = sheet_text(d->scenario);
        cells[1] = sheet_both(run->name, run->variant);
        for (size_t c = 2; c < s->n_columns; c++)
            cells[c] = cell_of(&t->columns[c - 2], rows + i * t->size, a);
    }
}

static bool is_left(enum column_kind kind)
{
    return kind == COLUMN_TEXT || kind == COLUMN_MOMENT || kind == COLUMN_FLAG;
}

static struct dossier_sheet table_sheet(const struct table_of *t, const struct dossier *d,
                                        struct arena *a)
{
    size_t n = 0;
    while (t->columns[n].key) n++;
    struct sheet_column *columns = ARENA_NEW(a, struct sheet_column, n + 2);
    enum column_kind *kinds = ARENA_NEW(a, enum column_kind, n + 2);
    columns[0] = (struct sheet_column){"scenario", _("scenario"), 'l', false};
    columns[1] = (struct sheet_column){"variant", _("variant"), 'l', false};
    for (size_t i = 0; i < n; i++) {
        const struct column *c = &t->columns[i];
        const bool left = is_left(c->kind);
        columns[i + 2] = (struct sheet_column){c->key, _(c->label), left ? 'l' : 'r', !left};
        kinds[i + 2] = c->kind;
    }
    struct dossier_sheet out = {.key = t->key, .title = _(t->title), .kinds = kinds};
    out.sheet = sheet_new(a, columns, n + 2);
    for (size_t i = 0; i < d->n; i++) rows_add(&out.sheet, t, d, &d->runs[i]);
    return out;
}

struct dossier_sheet *dossier_sheets(size_t *n, const struct dossier *d, struct arena *a)
{
    struct dossier_sheet *sheets = NULL;
    struct dossier told = *d;
    told.runs = saved_runs_retold(d->runs, d->n, retell_new(a), d->chinese, a);
    *n = 0;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        const struct dossier_sheet one = table_sheet(&tables[i], &told, a);
        if (one.sheet.n_rows) *ARENA_PUSH(a, sheets, *n) = one;
    }
    return sheets;
}
