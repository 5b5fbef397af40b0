/* Plans whose stretches and lines are checked in memory, as those of many jobs are: accepted as their text is, and refused when any
 * of them lies. */
#include "tests/laws/generate.h"
#include "tests/proof/certified.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_test.h>
#include <string.h>

struct copy {
    struct plan *plan;
    struct summary *summary;
    struct stretch *stretches; /* those of the plan, to be changed */
    struct ledger_line *ledger;
    const struct scenario *scenario;
};

/* False: this plan has nothing that could lie so. */
static bool cheaper_line(const struct copy *c)
{
    if (c->plan->n_ledger == 0) return false;
    c->ledger[c->plan->n_ledger / 2].amount--;
    return true;
}

static bool cheaper_plan(const struct copy *c)
{
    c->summary->cost--;
    return true;
}

static bool higher_bound(const struct copy *c)
{
    c->plan->bound += 1.2e-6;
    return true;
}

static bool other_month(const struct copy *c)
{
    if (c->plan->n_ledger == 0) return false;
    c->ledger[0].month++;
    return true;
}

static bool twice_the_work(const struct copy *c)
{
    if (c->plan->n_stretches == 0) return false;
    c->stretches[0].useful = 2 * c->stretches[0].useful + 1;
    return true;
}

static bool no_number(const struct copy *c)
{
    if (c->plan->n_stretches == 0) return false;
    c->stretches[0].useful = (double)NAN;
    return true;
}

/* The first job works when its deadline has passed, or before it is there. */
static bool outside_window(const struct copy *c)
{
    for (size_t i = 0; i < c->plan->n_stretches; i++) {
        struct stretch *s = &c->stretches[i];
        const struct demand *d = &c->plan->demands->items[s->demand];
        const int64_t length = s->to_us - s->from_us;
        const bool late = !d->late_priced && d->due_us + length <= c->scenario->length_us;
        if (!late && d->release_us < length) continue;
        s->from_us = late ? d->due_us : d->release_us - length;
        s->to_us = s->from_us + length;
        return true;
    }
    return false;
}

static bool stretch_missing(const struct copy *c)
{
    if (c->plan->n_stretches == 0) return false;
    c->plan->n_stretches--;
    return true;
}

static bool line_missing(const struct copy *c)
{
    if (c->plan->n_ledger == 0) return false;
    c->plan->n_ledger--;
    return true;
}

static bool job_unknown(const struct copy *c)
{
    if (c->plan->n_stretches == 0) return false;
    c->stretches[0].demand = c->plan->demands->n;
    return true;
}

static bool offer_unknown(const struct copy *c)
{
    if (c->plan->n_stretches == 0) return false;
    c->stretches[0].offer = SIZE_MAX;
    return true;
}

static bool huge_time(const struct copy *c)
{
    if (c->plan->n_stretches == 0) return false;
    c->stretches[0].paid_us = INT64_MAX / 4;
    return true;
}

static bool huge_quantity(const struct copy *c)
{
    if (c->plan->n_ledger == 0) return false;
    c->ledger[0].quantity = INT64_MAX;
    c->ledger[0].amount = INT64_MAX;
    return true;
}

static const struct lie {
    const char *what;
    bool (*tell)(const struct copy *c);
    enum err code; /* OK: any */
} lies[] = {{"a line cheaper by a millionth", cheaper_line, ERR_PROOF_BILL},
            {"a plan cheaper by a millionth", cheaper_plan, ERR_PROOF_COST},
            {"a bound raised by a millionth", higher_bound, ERR_PROOF_BOUND},
            {"a line in another month", other_month, ERR_PROOF_BILL},
            {"more work than machines do", twice_the_work, ERR_PROOF_WORK},
            {"work that is no number", no_number, ERR_PROOF_RUN},
            {"work outside its window", outside_window, ERR_PROOF_WINDOW},
            {"a stretch that is missing", stretch_missing, OK},
            {"a line that is missing", line_missing, OK},
            {"a job that does not exist", job_unknown, ERR_PROOF_NAME},
            {"an offer that does not exist", offer_unknown, ERR_PROOF_NAME},
            {"more hours than time has", huge_time, OK},
            {"a quantity that fills 63 bits", huge_quantity, ERR_PROOF_BILL}};
enum { N_LIES = sizeof lies / sizeof *lies };

static bool was_said(const struct diag *d, enum err code)
{
    for (const struct finding *f = d->first; f; f = f->next)
        if (code == OK || f->code == code) return true;
    return false;
}

/* The plan is as before afterwards. */
static bool is_refused(const struct lie *lie, struct certified *c, struct solved *s, bool *told)
{
    struct plan plan = s->plan;
    struct summary summary = c->summary;
    struct diag d = {.arena = s->arena};
    const struct copy copy = {
        &plan, &summary, ARENA_NEW(s->arena, struct stretch, plan.n_stretches + 1),
        ARENA_NEW(s->arena, struct ledger_line, plan.n_ledger + 1), plan.scenario};
    if (plan.n_stretches)
        memcpy(copy.stretches, plan.stretches, plan.n_stretches * sizeof *copy.stretches);
    if (plan.n_ledger) memcpy(copy.ledger, plan.ledger, plan.n_ledger * sizeof *copy.ledger);
    plan.stretches = copy.stretches;
    plan.ledger = copy.ledger;
    *told = lie->tell(&copy);
    if (!*told) return true;
    struct result lying = c->result;
    summary.plan = lying.plan = &plan;
    lying.summary = &summary;
    lying.diag = &d;
    const enum err code = result_certify_rows(&lying, &c->proof, "test", &d);
    return code != OK && !lying.verified && was_said(&d, lie->code);
}

struct count {
    int plans, unlike, told[N_LIES], believed[N_LIES];
};

static void check_plan(struct count *n, struct solved *s)
{
    struct certified c;
    if (s->code != OK || !s->plan.model || certify(&c, s) != OK || !c.summary.has_plan) return;
    n->plans++;
    n->unlike += result_certify_rows(&c.result, &c.proof, "test", &s->diag) != OK;
    for (size_t i = 0; i < N_LIES; i++) {
        bool told;
        const bool refused = is_refused(&lies[i], &c, s, &told);
        n->told[i] += told;
        n->believed[i] += !refused;
    }
}

int main(void)
{
    struct count n = {0};
    gsl_set_error_handler_off();
    for (unsigned seed = 1; seed <= 150; seed++) {
        const struct problem p = generate(seed, F_ALL);
        struct solved s = solve_plainly(&p);
        check_plan(&n, &s);
        solved_free(&s);
    }
    gsl_test(n.plans < 50 || n.unlike, "%d plans are accepted in memory as their text is", n.plans);
    for (size_t i = 0; i < N_LIES; i++)
        gsl_test(n.told[i] < 20 || n.believed[i], "%s: refused in %d plans", lies[i].what,
                 n.told[i]);
    return gsl_test_summary();
}
