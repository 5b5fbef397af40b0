#include "report/cells.h"
#include "tests/report/sample_plan.h"

static void test_sums(struct sample *s)
{
    size_t n;
    const struct cell *cells = cells_make(&n, &s->plan, s->arena);
    micro_t by_part[N_PARTS] = {0}, wanted[N_PARTS] = {0};
    int64_t paid = 0, paid_wanted = 0;
    double useful = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t part = 0; part < N_PARTS; part++) by_part[part] += cells[i].part[part];
        paid += cells[i].paid_us;
        useful += cells[i].useful;
    }
    for (size_t i = 0; i < s->plan.n_ledger; i++)
        wanted[s->plan.ledger[i].part] += s->plan.ledger[i].amount;
    for (size_t i = 0; i < s->plan.n_stretches; i++) paid_wanted += s->plan.stretches[i].paid_us;
    for (size_t part = 0; part < N_PARTS; part++)
        gsl_test(by_part[part] != wanted[part], "part %zu adds up exactly", part);
    gsl_test(paid != paid_wanted, "paid time adds up exactly");
    gsl_test_rel(useful, 2.385 + 7.1 + 3.3, 1e-14, "work adds up");
}

/* Everything of one month is costed in that month: by month the cells are the ledger. */
static void test_months(struct sample *s)
{
    size_t n;
    const struct cell *cells = cells_make(&n, &s->plan, s->arena);
    for (int month = 0; month < 2; month++) {
        micro_t got = 0, wanted = 0;
        for (size_t i = 0; i < n; i++)
            for (size_t part = 0; cells[i].month == month && part < N_PARTS; part++)
                got += cells[i].part[part];
        for (size_t i = 0; i < s->plan.n_ledger; i++)
            if (s->plan.ledger[i].month == month) wanted += s->plan.ledger[i].amount;
        gsl_test(got != wanted, "month %d", month);
    }
}

static void test_days(struct sample *s)
{
    size_t n, of_train = 0, of_job_a = 0;
    const struct cell *cells = cells_make(&n, &s->plan, s->arena);
    for (size_t i = 0; i < n; i++) {
        const struct cell *c = &cells[i];
        if (i) gsl_test(c->workload < cells[i - 1].workload, "sorted by workload");
        if (c->workload == 0 && c->day >= 0) {
            /* starts at 18:00, so hour 28 is 22:00 of day 1 and hour 30 is midnight */
            gsl_test(c->day != (of_train ? 2 : 1), "day of train");
            gsl_test(c->month != (of_train ? 1 : 0), "month of train");
            gsl_test(c->paid_us != (of_train ? HOURS(7) : HOURS(4)),
                     "two machines before and after midnight");
            gsl_test(c->demand != NO_INDEX, "no job list, no jobs");
            of_train++;
        }
        of_job_a += c->demand == 1 && c->day >= 0;
    }
    gsl_test_int((int)of_train, 2, "days of train");
    gsl_test_int((int)of_job_a, 4, "days of shot a: hours 3.1 to 59.7 of a horizon from 18:00");
}

enum { MANY_JOBS = 20000 };

/* A long list of jobs, in the order of the list backwards: each a day and a line of its own, and one line of no job. */
static void many_make(struct sample *s)
{
    struct arena *a = s->arena;
    struct demand *d = ARENA_NEW(a, struct demand, MANY_JOBS);
    struct plan *p = &s->plan;
    p->stretches = ARENA_NEW(a, struct stretch, MANY_JOBS);
    p->n_stretches = MANY_JOBS;
    p->ledger = NULL;
    p->n_ledger = 0;
    struct ledger_line line = {.workload = 1,
                               .dataset = NO_INDEX,
                               .unit = "machine-h",
                               .price = {1000001, 1000000},
                               .quantity_den = US_PER_H};
    for (size_t i = 0; i < MANY_JOBS; i++) {
        const size_t job = MANY_JOBS - 1 - i;
        d[i] = (struct demand){&s->demands.shapes[1], .name = "=shots/x", .id = "x", .work = 1};
        p->stretches[i] = (struct stretch){.demand = job,
                                           .offer = 1,
                                           .machines = 1,
                                           .to_us = HOURS(2),
                                           .paid_us = HOURS(2) + (int64_t)job,
                                           .useful = 1};
        line.demand = job;
        line.offer = 1;
        line.quantity = p->stretches[i].paid_us;
        sample_ledger_add(s, line);
    }
    line.demand = line.offer = NO_INDEX;
    sample_ledger_add(s, line);
    s->demands.items = d;
    s->demands.n = MANY_JOBS;
}

/* Pieces of the list are told in its order, each job with what its own line costs. */
static void test_pieces(struct sample *s)
{
    many_make(s);
    size_t n;
    const struct cell *cells = cells_make(&n, &s->plan, s->arena);
    gsl_test_int((int)n, MANY_JOBS + 1, "a cell per job, and one of no job");
    size_t wrong = 0;
    for (size_t i = 0; i < MANY_JOBS && i < n; i++)
        wrong += cells[i].demand != i || cells[i].paid_us != HOURS(2) + (int64_t)i ||
                 cells[i].part[PART_COMPUTE] != s->plan.ledger[MANY_JOBS - 1 - i].amount;
    gsl_test_int((int)wrong, 0, "jobs in order, each with its cost");
    gsl_test(cells[n - 1].demand != NO_INDEX || cells[n - 1].day != -1, "of no job comes last");
}

static void test_figures(struct arena *a)
{
    static const struct {
        micro_t amount;
        const char *text;
    } cases[] = {{97705000000, "97705.00"},
                 {83333, "0.083333"},
                 {-2500000, "-2.50"},
                 {24990000, "24.99"},
                 {0, "0.00"},
                 {1, "0.000001"},
                 {100000, "0.10"},
                 {123456780, "123.45678"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        gsl_test_str(micro_text(a, cases[i].amount), cases[i].text, "money for machines");
    gsl_test_str(real_text(a, 24.99), "24.99", "15 digits");
    gsl_test_str(real_text(a, 1.0 / 0.0), "", "not finite");
}

int main(void)
{
    struct sample s;
    sample_make(&s);
    test_sums(&s);
    test_months(&s);
    test_days(&s);
    test_pieces(&s);
    test_figures(s.arena);
    arena_free(s.arena);
    return gsl_test_summary();
}
