/* The same problem, written down or shifted in another way: MR3, MR4, MR5, MR22 and MR31. */
#include "tests/laws/law.h"

/* Numbers of one problem; independent of those that made it up. */
static struct source_of_luck luck_of(const struct problem *p)
{
    return (struct source_of_luck){.state = p->seed * UINT64_C(104729) + 5, .features = F_ALL};
}

static enum verdict styles_agree(const struct problem *p, const struct style *style,
                                 bool to_the_bit)
{
    struct pair x = {solve_plainly(p), solve(p, style)};
    enum verdict v = pair_state(p, &x);
    if (v == HOLDS && to_the_bit && !same_words(&x.a, &x.b, true)) {
        char *a = plan_words(&x.a, true), *b = plan_words(&x.b, true);
        v = broken(p, "--- first\n%s--- second\n%s", a, b);
        free(a);
        free(b);
    }
    if (v == HOLDS && !may_be_equal(bracket_of(&x.a), bracket_of(&x.b), 1))
        v = broken(p, "optimum %.12g or %.12g", x.a.plan.bound, x.b.plan.bound);
    return pair_done(&x, v);
}

/* MR3: hours, minutes, seconds or days; GB, GiB, MB, MiB or TiB; a cost per hour or day. */
static enum verdict units_do_not_matter(const struct problem *p)
{
    struct source_of_luck l = luck_of(p);
    const struct style style = {.duration = luck_between(&l, 1, 2), .size = luck_between(&l, 1, 3)};
    return styles_agree(p, &style, false);
}

/* MR4: workloads, jobs, rows and columns in another order. */
static enum verdict order_does_not_matter(const struct problem *p)
{
    const struct style style = {.shuffle = p->seed + 1};
    return styles_agree(p, &style, true);
}

/* MR31: line ends, byte-order marks, zeros behind a point, JSON instead of YAML. */
static enum verdict spelling_does_not_matter(const struct problem *p)
{
    struct source_of_luck l = luck_of(p);
    struct style style = {
        .json = luck(&l, 2), .crlf = luck(&l, 2), .mark = luck(&l, 2), .zeros = luck(&l, 2)};
    if (!style.json && !style.mark && !style.zeros) style.crlf = true;
    return styles_agree(p, &style, true);
}

static void name_anew(char *name, const char *prefix, int number)
{
    char old[NAME_BYTES];
    snprintf(old, sizeof old, "%s", name);
    snprintf(name, NAME_BYTES, "%s%c-%.30s", prefix, 'z' - number, old);
}

/* MR5: every name another one, in another alphabetical order. "checkpoints" is a word of the format and stays. */
static enum verdict names_do_not_matter(const struct problem *p)
{
    struct problem q = *p;
    static const char *const regions[] = {"vv-harbour", "nb-lakeside", "aa-hill"};
    for (int i = 0; i < q.n_types; i++) {
        snprintf(q.types[i].name, NAME_BYTES, "ecs.%c%d.%d", 'z' - i, i, q.types[i].gpus);
        snprintf(q.types[i].family, NAME_BYTES, "f-%.20s", p->types[i].family);
    }
    for (int i = 0; i < q.n_speeds; i++)
        if (q.speeds[i].gpu < 0)
            snprintf(q.speeds[i].family, NAME_BYTES, "f-%.20s", p->speeds[i].family);
    for (int i = 0; i < q.n_gpus; i++) name_anew(q.gpus[i], "N", i);
    for (int i = 0; i < 3 && i < q.n_regions; i++)
        snprintf(q.regions[i], NAME_BYTES, "%s", regions[i]);
    for (int i = 0; i < q.n_owners; i++) name_anew(q.owners[i], "o", i);
    for (int i = 0; i < q.n_tariffs; i++) name_anew(q.tariffs[i].name, "s", i);
    for (int i = 0; i < q.n_datasets; i++)
        if (strcmp(q.datasets[i].name, "checkpoints") != 0) name_anew(q.datasets[i].name, "d", i);
    for (int i = 0; i < q.n_workloads; i++) {
        name_anew(q.workloads[i].name, "w", i);
        for (int k = 0; k < q.workloads[i].n_jobs; k++)
            name_anew(q.workloads[i].jobs[k].id, "j", k);
    }
    return pair_equal(p, &q, 1);
}

/* MR22: everything some hours later, in another time zone. Whole days where days matter. */
static enum verdict time_does_not_matter(const struct problem *p)
{
    struct source_of_luck l = luck_of(p);
    struct problem q = *p;
    int hours = luck_between(&l, 1, 100);
    for (int i = 0; i < q.n_workloads; i++)
        if (q.workloads[i].daily) hours = hours / 24 * 24 + 24;
    q.start_clock_min += 60 * hours;
    for (int i = 0; i < q.n_workloads; i++) {
        struct workload_problem *w = &q.workloads[i];
        if (w->hours_from < 0) continue;
        w->hours_from = (w->hours_from + 60 * hours) % MINUTES_PER_DAY;
        w->hours_to = (w->hours_to + 60 * hours) % MINUTES_PER_DAY;
    }
    snprintf(q.timezone, sizeof q.timezone, "%s", luck(&l, 2) ? "Asia/Tokyo" : "UTC");
    struct pair x = solve_both(p, &q);
    enum verdict v = pair_state(p, &x);
    if (v == HOLDS && !same_words(&x.a, &x.b, true))
        v = broken(p, "%d hours later is another plan", hours);
    return pair_done(&x, v);
}

int main(void)
{
    static const struct law laws[] = {
        {"MR3 units", units_do_not_matter, F_ALL, 150},
        {"MR4 order", order_does_not_matter, F_ALL, 150},
        {"MR5 names", names_do_not_matter, F_ALL, 150},
        {"MR22 time", time_does_not_matter, F_ALL & ~(unsigned)(F_MONTHS | F_DAYS), 150},
        {"MR31 spelling", spelling_does_not_matter, F_ALL, 150},
    };
    for (size_t i = 0; i < sizeof laws / sizeof *laws; i++) law_run(&laws[i]);
    return gsl_test_summary();
}
