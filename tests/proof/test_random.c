/* Every plan of random small scenarios carries an accepted certificate; the optimum of the plain linear program lies between the bound
 * that is proven and the cost, and the bound is that optimum but for few. Plans by columns and by prices are accepted as well: they
 * buy parts of machines that are next to nothing, which are billed all the same.
 * GPUMIX_SEEDS=FROM:TO runs other seeds (make nightly). */
#include "tests/laws/generate.h"
#include "tests/laws/service_problem.h"
#include "tests/proof/certified.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_test.h>

/* Work by the hour and commitments. */
enum {
    F_MANY = F_SPOT | F_BUY | F_COMMITTED | F_SAVINGS | F_LIMITS | F_STEPS | F_SHARE | F_LICENCE |
             F_CPU | F_ZONES | F_DISCOUNT
};

struct tally_of {
    int planned, infeasible, refused, loose;
    int outside; /* the optimum of the plain formulation is not in the bracket */
    double worst;
};

/* Of the optimum: the checker's own coefficients and the solver's optimum agree to it. */
static const double AGREES = 2e-9;

/* The plain formulation, which the plan was not solved by, has its optimum in [bound, cost]: the cost has lines rounded to millionths,
 * and rows are kept to 1e-9. */
static bool is_inside(struct solved *s, const char *kind, unsigned seed)
{
    struct lp_result r;
    if (lp_solve(&r, s->plan.lp, &LP_SETTINGS, s->arena, &s->diag) != OK) return false;
    const double size = fmax(1, fabs(r.objective)), cost = (double)s->plan.cost / 1e6,
                 rounding = 1e-8 * size + 1e-6 * (double)(s->plan.n_ledger + 1);
    if (r.status == LP_OPTIMAL && s->plan.bound <= r.objective + AGREES * size &&
        r.objective <= cost + rounding)
        return true;
    printf("%s seed %u: optimum %.12g outside %.12g to %.12g\n", kind, seed, r.objective,
           s->plan.bound, cost);
    return false;
}

static bool accepted(struct tally_of *t, struct certified *c, struct solved *s, const char *kind,
                     unsigned seed)
{
    const enum err code = certify(c, s);
    if (code == OK && c->result.verified) return true;
    t->refused++;
    for (const struct finding *f = s->diag.first; f; f = f->next)
        if (f->severity == SEVERITY_ERROR)
            printf("%s seed %u: %s %s\n", kind, seed, err_code(f->code), f->what);
    return false;
}

static void count(struct tally_of *t, struct solved *s, const char *kind, unsigned seed)
{
    struct certified c;
    if (s->code != OK || s->plan.status == PLAN_NONE || !s->plan.model) return;
    const bool infeasible = s->plan.status == PLAN_INFEASIBLE;
    infeasible ? t->infeasible++ : t->planned++;
    (void)accepted(t, &c, s, kind, seed);
    if (infeasible) return;
    t->outside += !is_inside(s, kind, seed);
    const double apart = (c.solver_bound - s->plan.bound) / fmax(1, fabs(c.solver_bound));
    t->loose += apart > 1e-6;
    if (apart > 1e-6 && getenv("GPUMIX_SEEDS"))
        printf("%s seed %u: bound %.9g, proven %.9g\n", kind, seed, c.solver_bound, s->plan.bound);
    t->worst = fmax(t->worst, apart);
}

/* By a method for many jobs; problems that it does not take are passed over. */
static void count_by(struct tally_of *t, enum plan_method method, const char *kind, unsigned seed)
{
    struct problem p = generate(seed, F_MANY);
    struct solved s = {.arena = arena_new()};
    struct certified c;
    const struct text folder = folder_make();
    struct plan_settings settings = PLAN_SETTINGS;
    p.relaxed = seed % 4 > 0;
    s.diag.arena = s.arena;
    settings.method = method;
    settings.gap = 0.01;
    s.code = solve_as(&s, problem_write(&p, &(const struct style){0}, folder.at).at,
                      &(const struct scenario_options){0}, &settings);
    folder_remove(folder.at);
    if (s.code == OK && (s.plan.status == PLAN_OPTIMAL || s.plan.status == PLAN_FEASIBLE)) {
        t->planned++;
        (void)accepted(t, &c, &s, kind, seed);
    }
    solved_free(&s);
}

static void check_many(unsigned from, unsigned to)
{
    struct tally_of columns = {0}, prices = {0};
    for (unsigned seed = from; seed <= to; seed++) {
        count_by(&columns, PLAN_BY_COLUMNS, "columns", seed);
        count_by(&prices, PLAN_BY_PRICES, "prices", seed);
    }
    gsl_test(columns.refused || (to - from > 100 && !columns.planned),
             "%d plans by columns: accepted", columns.planned);
    gsl_test(prices.refused || (to - from > 100 && !prices.planned), "%d plans by prices: accepted",
             prices.planned);
}

static void count_work(struct tally_of *t, unsigned seed)
{
    const struct problem p = generate(seed, F_ALL);
    struct solved s = solve_plainly(&p);
    count(t, &s, "work", seed);
    solved_free(&s);
}

static void count_service(struct tally_of *t, unsigned seed)
{
    const struct service_problem p = generate_service(seed);
    struct solved s = solve_service(&p);
    count(t, &s, "service", seed);
    solved_free(&s);
}

/* Seeds of the nightly run that were refused once. */
static void check_refused_once(struct tally_of *work, struct tally_of *services)
{
    static const unsigned of_work[] = {20744, 48297};
    static const unsigned of_services[] = {26017, 35970, 50006, 50757, 51585, 52042, 58359, 62421};
    for (size_t i = 0; i < sizeof of_work / sizeof *of_work; i++) count_work(work, of_work[i]);
    for (size_t i = 0; i < sizeof of_services / sizeof *of_services; i++)
        count_service(services, of_services[i]);
}

int main(void)
{
    gsl_set_error_handler_off();
    unsigned from = 1, to = 1000; /* of work, and of services */
    const char *seeds = getenv("GPUMIX_SEEDS");
    if (seeds) sscanf(seeds, "%u:%u", &from, &to);
    struct tally_of work = {0}, services = {0};
    for (unsigned seed = from; seed <= to; seed++) count_work(&work, seed);
    for (unsigned seed = from; seed <= to; seed++) count_service(&services, seed);
    if (!seeds) check_refused_once(&work, &services);
    check_many(from, to);
    gsl_test(work.refused, "%d plans and %d proofs that there is none, of work: accepted",
             work.planned, work.infeasible);
    gsl_test(services.refused, "%d plans and %d proofs that there is none, of services: accepted",
             services.planned, services.infeasible);
    gsl_test(work.outside || services.outside,
             "%d and %d plain optima are outside of bound and cost", work.outside,
             services.outside);
    printf("bounds below the solver's: %d of work, by %g; %d of services, by %g\n", work.loose,
           work.worst, services.loose, services.worst);
    gsl_test(work.loose > 0 || services.loose > services.planned / 500,
             "bounds are those of the linear program to 1e-6");
    gsl_test(work.planned < 1 || services.planned < 1, "scenarios were planned");
    return gsl_test_summary();
}
