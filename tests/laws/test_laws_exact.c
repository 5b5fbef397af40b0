/* The exact optimum of the linear program lies inside the bracket of every plan: not below the bound that its certificate proves, not
 * above its cost, and next to the optimum in floating point. Random work and services. GPUMIX_SEEDS=FROM:TO looks at others. */
#include "solver/plan_exact.h"
#include "tests/laws/generate.h"
#include "tests/laws/service_problem.h"
#include "tests/proof/certified.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_test.h>

/* Of the optimum. */
static const double SAME = 1e-9;

struct counts {
    unsigned optimal, infeasible, widened, uncertified;
    double worst; /* distance of the optimum in floating point */
};

/* plan_exact_find judges; what it lets pass is looked at once more. */
static void judge(struct counts *n, struct solved *s, const char *kind, unsigned seed)
{
    struct certified c;
    if (s->code != OK || !s->plan.lp || s->plan.status == PLAN_NONE) return;
    const bool planned = has_plan(s);
    if (planned && certify(&c, s) != OK) { /* tests/proof/test_random.c tells */
        n->uncertified++;
        return;
    }
    const enum err e = plan_exact_find(&s->plan, &LP_EXACT_SETTINGS, s->arena, &s->diag);
    const struct plan_exact *x = s->plan.exact;
    if (e != OK || x->status == EXACT_UNKNOWN) {
        gsl_test(1, "%s %u: %s", kind, seed, first_error(s));
        return;
    }
    n->infeasible += x->status == EXACT_INFEASIBLE;
    n->optimal += x->status == EXACT_OPTIMAL;
    n->widened += x->widened > 0;
    if (planned != (x->status == EXACT_OPTIMAL))
        gsl_test(1, "%s %u: %d exactly", kind, seed, (int)x->status);
    if (!planned) return;
    n->worst = fmax(n->worst, fabs(x->float_apart));
    if (!(fabs(x->float_apart) <= SAME && x->bound_apart <= SAME))
        gsl_test(1, "%s %u: optimum %g off, bound %g above", kind, seed, x->float_apart,
                 x->bound_apart);
}

int main(void)
{
    gsl_set_error_handler_off();
    unsigned from = 100001, to = 100200;
    const char *seeds = getenv("GPUMIX_SEEDS");
    if (seeds) sscanf(seeds, "%u:%u", &from, &to);
    struct counts work = {0}, services = {0};
    for (unsigned seed = from; seed <= to; seed++) {
        const struct problem p = generate(seed, F_ALL);
        const struct service_problem q = generate_service(seed);
        struct solved s = solve_plainly(&p), t = solve_service(&q);
        judge(&work, &s, "work", seed);
        judge(&services, &t, "service", seed);
        solved_free(&s);
        solved_free(&t);
    }
    const unsigned n = to - from + 1;
    gsl_test(work.optimal < n / 2 || services.optimal < n / 2, "%u and %u exact optima of %u",
             work.optimal, services.optimal, n);
    gsl_test(work.infeasible + services.infeasible < n / 50, "%u and %u without a solution",
             work.infeasible, services.infeasible);
    gsl_test(work.widened + services.widened > 1 + n / 50, "%u and %u contradict themselves",
             work.widened, services.widened);
    gsl_test(work.uncertified + services.uncertified > 0, "%u and %u without a certificate",
             work.uncertified, services.uncertified);
    printf("%u and %u exact optima, within %g and %g of floating point\n", work.optimal,
           services.optimal, work.worst, services.worst);
    return gsl_test_summary();
}
