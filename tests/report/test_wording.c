#include "common/text.h"
#include "report/wording.h"
#include "tests/report/sample_plan.h"

/* Printed amounts are within a unit of the truth and add up to the printed total, whatever is added. */
static void test_amounts(void)
{
    const micro_t unit = 1000000;
    micro_t sum = 0, shown = 0, exact = 0, x = 12345;
    for (size_t i = 0; i < 1000; i++) {
        x = (x * 1103515245 + 12345) % 2147483648;
        const micro_t amount = x % 7 ? x : -x / 3;
        const micro_t printed = amount_shown(amount, unit, &sum);
        gsl_test(printed % unit != 0, "whole units");
        gsl_test(llabs(printed - amount) > unit, "within a unit");
        shown += printed;
        exact += amount;
    }
    gsl_test(llabs(shown - exact) > unit / 2, "the total is rounded once");
    gsl_test(exact != sum, "the running sum is exact");
    sum = 0;
    gsl_test(amount_shown(500000, unit, &sum) != 0, "half to even: 0.5 is 0");
    gsl_test(amount_shown(1000000, unit, &sum) != 2 * unit, "1.5 is 2");
    gsl_test_int(amount_decimals(999999999), 2, "below a thousand");
    gsl_test_int(amount_decimals(-1000000000), 0, "a thousand and more");
}

static void test_durations(struct arena *a)
{
    static const struct {
        int64_t us;
        const char *text;
    } cases[] = {{HOURS(255), "10d 15h"},
                 {HOURS(3.34), "3h 20min"},
                 {HOURS(0.25), "15min"},
                 {0, "0min"},
                 {HOURS(23.9999), "1d 0h"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        gsl_test_str(duration_text(a, cases[i].us), cases[i].text, "duration");
}

static void test_labels(struct arena *a)
{
    text_language(true);
    gsl_test_str(labelled_text("shots", "shots of a film", "镜头", a), "镜头 (shots)", "Chinese");
    gsl_test_str(labelled_text("shots", "shots of a film", NULL, a), "shots of a film (shots)",
                 "none in Chinese");
    text_language(false);
    gsl_test_str(labelled_text("shots", "shots of a film", "镜头", a), "shots of a film (shots)",
                 "English");
    gsl_test_str(labelled_text("shots", NULL, "镜头", a), "shots", "none in English");
    gsl_test_str(labelled_text("shots", "shots", "", a), "shots", "the name itself");
    gsl_test_str(labelled_text("shots", "", NULL, a), "shots", "empty");
}

static void test_lines(struct sample *s)
{
    const struct summary_group *g = &s->summary.groups[0];
    gsl_test_str(line_text(&s->summary, &g->lines[0], s->arena),
                 "2 x ecs.gn7i-c16g1.4xlarge  on-demand, cn-shenzhen", "compute line");
    gsl_test_str(group_text(&s->summary, g, s->arena), "train", "workload");
    gsl_test_str(group_text(&s->summary, &s->summary.groups[2], s->arena), "storage", "storage");
    gsl_test_str(finish_text(&s->summary, 0, s->arena),
                 "done 2027-01-01 03:30, deadline 2027-01-01 20:00", "in time");
    gsl_test_str(finish_text(&s->summary, 1, s->arena),
                 "1 of 2 jobs late, by at most 6h 15min; the last is done 2027-01-02 05:42",
                 "late");
    gsl_test_str(offer_market_word(&s->plan.offers[1]), "spot_unprotected", "variant of spot");
    gsl_test_str(offer_market_label(&s->plan.offers[1]), "spot, unprotected", "variant of spot");
    gsl_test_str(offer_place(&s->plan.offers[1]), "cn-beijing-l", "zone before region");
    gsl_test_str(safe_text(s->arena, "a\x1b[2J"), "a\\x1b[2J", "nothing drives the terminal");
    gsl_test_str(number_text(s->arena, 1234567.891, 1), "1,234,567.9", "number");
    gsl_test_str(percent_text(s->arena, 0.4125, 1), "41.2%", "percentage");
}

static void test_statuses(void)
{
    gsl_test_str(status_label(PLAN_OPTIMAL), "optimal", "optimal");
    gsl_test_str(status_label(PLAN_WITHIN_GAP), "within the gap", "within the gap");
    gsl_test_str(status_label(PLAN_FEASIBLE), "incomplete: a limit was reached", "feasible");
    gsl_test_str(status_label(PLAN_INFEASIBLE), "no plan meets every limit", "infeasible");
    gsl_test_str(status_label(PLAN_NONE), "none found: a limit was reached", "none");
}

int main(void)
{
    struct sample s;
    sample_make(&s);
    test_amounts();
    test_durations(s.arena);
    test_labels(s.arena);
    test_lines(&s);
    test_statuses();
    arena_free(s.arena);
    return gsl_test_summary();
}
