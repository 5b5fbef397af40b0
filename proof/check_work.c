/* Every job is done, within its hours, by machines that are there and no more spot than allowed. */
#include "common/text.h"
#include "proof/claim.h"
#include "proof/exact.h"
#include <math.h>
#include <stdlib.h>

/* A microsecond of a machine, or so much of a job, is rounding. */
#define SLACK 1e-9

struct job {
    const struct proof *p;
    const struct proof_claim *c;
    struct diag *d;
    struct arena *scratch;
    const struct demand *demand;
    const struct claim_run *runs;
    size_t n;
};

static const char *text_of_us(struct arena *a, int64_t us)
{
    return arena_printf(a, "%.6f h", (double)us / (double)US_PER_H);
}

static bool refuse_window(const struct job *j, const struct claim_run *r, const char *why)
{
    diag_error(j->d, ERR_PROOF_WINDOW, (struct place){0}, _("job \"%s\" works from %s to %s: %s"),
               j->demand->name, text_of_us(j->p->arena, r->from_us),
               text_of_us(j->p->arena, r->to_us), why);
    return false;
}

/* Machine-hours are no more than its machines can work in that time; they lie within its hours. */
static bool check_time(const struct job *j, const struct claim_run *r)
{
    const struct proof_choice *c = r->choice;
    const bool gang = j->demand->shape->workers > 0;
    const int64_t open = demand_open_us(j->demand, r->from_us, r->to_us, true, j->p->horizon_us);
    if (j->c->relaxed ? open <= 0 : open != r->to_us - r->from_us)
        return refuse_window(j, r, _("it may not run all that time"));
    if (gang && !j->c->relaxed && r->machines != c->fit.machines)
        return refuse_window(j, r,
                             arena_printf(j->p->arena, _("with %ld machines, and it needs %ld"),
                                          r->machines, c->fit.machines));
    const double clock = (double)r->paid_us * c->w / (double)r->machines;
    if (clock > (double)open * (1 + SLACK) + 2)
        return refuse_window(j, r, _("its machine-hours do not fit into that time"));
    return true;
}

/* A gang runs once at a time, divisible work within its parallel limit. */
static int by_from(const void *x, const void *y)
{
    const struct claim_run *a = x, *b = y;
    return (a->from_us > b->from_us) - (a->from_us < b->from_us);
}

static double width_of(const struct job *j, const struct claim_run *r)
{
    const double all = r->choice->work * (double)r->paid_us / (double)US_PER_H;
    const double part = all > 0 ? fmin(1, r->work / all) : 0;
    if (j->demand->shape->workers) return 1;
    const double machines =
        j->c->relaxed ? (double)r->paid_us / (double)demand_open_us(j->demand, r->from_us, r->to_us,
                                                                    true, j->p->horizon_us)
                      : (double)r->machines;
    return machines * r->choice->fit.used * part;
}

static bool check_width(const struct job *j)
{
    const bool gang = j->demand->shape->workers > 0;
    const double most = gang ? 1 : proof_parallel(j->demand);
    if (!isfinite(most) || (gang && j->c->relaxed)) return true;
    struct claim_run *sorted = ARENA_NEW(j->scratch, struct claim_run, j->n + 1);
    for (size_t i = 0; i < j->n; i++) sorted[i] = j->runs[i];
    qsort(sorted, j->n, sizeof *sorted, by_from);
    for (size_t i = 0; i < j->n; i++) {
        double sum = 0;
        for (size_t k = i + 1; k-- > 0;)
            if (sorted[k].to_us > sorted[i].from_us) sum += width_of(j, &sorted[k]);
        if (sum > most * (1 + 1e-6))
            return refuse_window(j, &sorted[i],
                                 gang ? _("it runs twice at a time")
                                      : _("more of it runs at a time than max_workers allows"));
    }
    return true;
}

/* Sums in floating point know how far off they may be; where that is not good enough, they are exact. -1, 0 or 1. */
static int sum_cmp(const struct job *j, const struct tally *sum, bool spot, double value)
{
    struct exact exact;
    if (tally_high(sum) < value) return -1;
    if (tally_low(sum) > value) return 1;
    exact_init(&exact);
    for (size_t i = 0; i < j->n; i++)
        if (!spot || j->runs[i].choice->spot) exact_add(&exact, j->runs[i].work, 1);
    const int order = exact_cmp(&exact, value);
    exact_clear(&exact);
    return order;
}

static bool check_done(const struct job *j)
{
    struct tally done = {0}, spot = {0};
    const double need = j->demand->work * (1 - 2 * SLACK),
                 most = j->demand->work * j->demand->shape->spot_max_frac * (1 + SLACK);
    double slack = 0; /* a microsecond of every machine */
    bool good = true;
    for (size_t i = 0; i < j->n; i++) {
        const struct claim_run *r = &j->runs[i];
        const double able = r->choice->work * (double)(r->paid_us + 1) / (double)US_PER_H;
        if (!(r->work <= able * (1 + SLACK) + 1e-12)) {
            diag_error(j->d, ERR_PROOF_WORK, (struct place){0},
                       _("job \"%s\": a stretch claims %.15g of work where its machines do %.15g"),
                       j->demand->name, r->work, able);
            good = false;
        }
        tally_add(&done, r->work, 1);
        slack += r->choice->work * (double)(r->machines + 1) / (double)US_PER_H;
        if (r->choice->spot) tally_add(&spot, r->work, 1);
    }
    if (good && sum_cmp(j, &done, false, need) < 0) {
        diag_error(j->d, ERR_PROOF_WORK, (struct place){0},
                   _("job \"%s\": %.15g of %.15g of its work is done"), j->demand->name,
                   floor(done.sum * 1e6) / 1e6, j->demand->work);
        good = false;
    }
    if (j->demand->shape->spot_max_frac < 1 && sum_cmp(j, &spot, true, most + slack) > 0) {
        diag_error(j->d, ERR_PROOF_WORK, (struct place){0},
                   _("job \"%s\": %.15g of its work is on spot machines, %.15g may be"),
                   j->demand->name, floor(spot.sum * 1e6) / 1e6, most);
        good = false;
    }
    return good;
}

/* Memory for the runs of a job is used again after so many of them. */
enum { JOBS_AT_A_TIME = 64 };

bool proof_check_work(const struct proof *p, const struct proof_claim *c, struct diag *d)
{
    const struct demand_list *jobs = p->in.demands;
    const struct claim_index by_job = claim_runs_by_job(p, c);
    struct arena *scratch = arena_new();
    bool good = true;
    for (size_t i = 0; i < jobs->n; i++) {
        if (i % JOBS_AT_A_TIME == 0) {
            arena_free(scratch);
            scratch = arena_new();
        }
        struct job j = {.p = p, .c = c, .d = d, .scratch = scratch, .demand = &jobs->items[i]};
        j.runs = claim_runs_of(&j.n, c, &by_job, i, scratch);
        bool timely = true;
        for (size_t k = 0; k < j.n; k++) timely = check_time(&j, &j.runs[k]) && timely;
        good = timely && check_width(&j) && good;
        good = check_done(&j) && good;
    }
    arena_free(scratch);
    return good;
}
