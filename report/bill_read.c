/* Saved runs as bills. */
#include "common/text.h"
#include "report/bill.h"
#include "report/saved_run.h"
#include <math.h>
#include <string.h>

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Share of rework of the first chosen candidate of the same workload and offer. */
static double rework_share(const struct saved_run *run, const struct saved_line *l)
{
    for (size_t i = 0; i < run->n_candidates; i++) {
        const struct saved_candidate *c = &run->candidates[i];
        if (!c->chosen || !same_text(c->workload, l->workload) ||
            !same_text(c->offer.type, l->offer.type) ||
            !same_text(c->offer.market, l->offer.market) ||
            !same_text(c->offer.region, l->offer.region) ||
            !same_text(c->offer.zone, l->offer.zone))
            continue;
        const double paid = c->price_part + c->rework_part;
        return paid > 0 ? c->rework_part / paid : 0;
    }
    return 0;
}

static void line_add(struct bill *b, const struct saved_run *run, const struct saved_line *l,
                     struct arena *a)
{
    const struct bill_item item = {.workload = l->workload,
                                   .part = l->part,
                                   .type = l->offer.type,
                                   .market = l->offer.market,
                                   .region = l->offer.region,
                                   .place = l->offer.zone ? l->offer.zone : l->offer.region,
                                   .dataset = l->dataset,
                                   .note = l->note,
                                   .unit = l->unit,
                                   .machines = l->machines,
                                   .quantity = l->quantity,
                                   .amount = l->cost};
    const bool compute = strcmp(l->part, ledger_part_name(PART_COMPUTE)) == 0 && l->offer.type;
    bill_add(b, item, compute ? rework_share(run, l) : 0, a);
}

static void inputs_take(struct bill *b, const struct saved_run *run, struct arena *a)
{
    b->scenario = run->scenario;
    b->version = run->version;
    b->book_date = run->book_date;
    b->book_sha256 = run->book_sha256;
    for (size_t i = 0; i < run->n_values; i++) {
        const struct saved_value *v = &run->values[i];
        *ARENA_PUSH(a, b->values, b->n_values) = (struct bill_value){
            .path = v->path, .value = v->value, .file = v->file, .line = v->line};
    }
    for (size_t i = 0; i < run->n_files; i++)
        *ARENA_PUSH(a, b->files, b->n_files) =
            (struct input_file){run->files[i].path, run->files[i].sha256};
}

void bill_of_saved(struct bill *b, const struct saved_run *run, struct arena *a)
{
    *b = (struct bill){.name = run->name,
                       .variant = run->variant,
                       .status = run->status,
                       .currency = run->currency,
                       .has_plan = run->has_plan};
    inputs_take(b, run, a);
    if (!run->has_plan) return;
    b->cost = run->cost;
    b->bound = run->bound;
    b->gap = b->whole_gap = run->gap;
    if (isfinite(run->whole_bound) && run->cost > 0)
        b->whole_gap = fmax(0, 1 - run->whole_bound * 1e6 / (double)run->cost);
    b->machine_h = run->machine_h;
    b->late_h = fmax(0, run->late_h);
    b->machines = run->machines;
    b->finish = run->finish;
    if (run->worlds > 0) {
        b->worlds = (size_t)run->worlds;
        b->luck = (struct bill_luck){.expected = run->expected,
                                     .expected_low = run->expected_low,
                                     .expected_high = run->expected_high,
                                     .p10 = run->p10,
                                     .p50 = run->p50,
                                     .p90 = run->p90,
                                     .p95 = run->p95,
                                     .late = run->late,
                                     .late_low = run->late_low,
                                     .late_high = run->late_high,
                                     .n_totals = run->n_totals,
                                     .totals = run->totals,
                                     .seed = run->seed,
                                     .first_world = run->first_world};
    }
    for (size_t i = 0; i < run->n_lines; i++) line_add(b, run, &run->lines[i], a);
}

enum err bill_read(struct bill *b, const char *path, struct arena *a, struct diag *d)
{
    struct saved_run *runs;
    size_t n;
    TRY(saved_runs_read(&runs, &n, path, a, d));
    if (n != 1) {
        const enum err code =
            diag_error(d, ERR_RUN_FILE, (struct place){0}, "\"%s\": %s", path,
                       _("it holds several variants, and runs are compared one by one"));
        diag_fix(d, "%s", _("give files written by gpumix plan FILE --save RUN.json"));
        return code;
    }
    bill_of_saved(b, &runs[0], a);
    b->name = path;
    return OK;
}
