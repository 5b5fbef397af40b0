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
    test_figures(s.arena);
    arena_free(s.arena);
    return gsl_test_summary();
}
