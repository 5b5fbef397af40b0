/* No feasible plan (MR9): the limits of a clash leave no solution whatever the others are, without any one of them there is one,
 * and the changes that are proposed work. Limits are left out of the problem as its user would, not by the program. */
#include "tests/laws/law.h"

enum { MOST_LIMITS = 96 };

/* A limit of the problem under the key that the program gives it. */
struct known_limit {
    struct text key;
    enum { TOTAL, OWNED, CAPACITY, STEPS, DUE, WIDTH, SHARE, HOURS, DAYS, MARKET, CLASSES } sort;
    int index;
    size_t clash; /* 0: not named */
};

struct known {
    int n;
    struct known_limit items[MOST_LIMITS];
};

static void known_add(struct known *k, int sort, int index, struct text key)
{
    if (k->n == MOST_LIMITS) return;
    struct known_limit *new = &k->items[k->n++];
    new->key = key;
    new->sort = sort;
    new->index = index;
    new->clash = 0;
}

static void known_workload(struct known *k, const struct problem *p, int i)
{
    static const char *const keys[] = {"window.deadline", "resources.max_workers", "spot_max_share",
                                       "window.hours",    "window.days",           "purchase"};
    for (int sort = 0; sort < 6; sort++)
        known_add(k, DUE + sort, i, text_of("workloads.%s.%s", p->workloads[i].name, keys[sort]));
}

static void known_make(struct known *k, const struct problem *p)
{
    k->n = 0;
    known_add(k, TOTAL, 0, text_of("budget.limit"));
    for (int i = 0; i < p->n_owners; i++)
        known_add(k, OWNED, i, text_of("budget.by.%s", p->owners[i]));
    for (int i = 0; i < p->n_limits; i++) known_add(k, CAPACITY, i, limit_key(p, &p->limits[i]));
    for (int i = 0; i < p->n_steps; i++)
        known_add(k, STEPS, i,
                  text_of("stock.%s@%s", p->types[p->steps[i].type].name,
                          p->regions[p->steps[i].region]));
    for (int i = 0; i < p->n_workloads; i++) known_workload(k, p, i);
    for (int i = 0; i < p->n_datasets; i++)
        if (p->datasets[i].classes)
            known_add(k, CLASSES, i, text_of("storage.%s.classes", p->datasets[i].name));
}

static bool is_key(const struct known_limit *x, const char *key)
{
    return strcmp(x->key.at, key) == 0;
}

static void leave_out_workload(struct workload_problem *w, int sort)
{
    if (sort == DUE) {
        w->due_min = -1;
        w->late_per_h.digits = 0;
        for (int i = 0; i < w->n_jobs; i++) w->jobs[i].due_min = -1;
    }
    if (sort == WIDTH) w->max_workers = 0;
    if (sort == SHARE) w->spot_percent = 100;
    if (sort == HOURS) w->hours_from = w->hours_to = -1;
    if (sort == DAYS) w->days = ANY_DAY;
    if (sort == MARKET) w->may_buy[WAY_ON_DEMAND] = true;
}

/* Lists are shortened by limits_close. */
static void leave_out_limit(struct problem *p, const struct known_limit *x)
{
    switch (x->sort) {
    case TOTAL:
        p->budget.digits = 0;
        break;
    case OWNED:
        p->owner_budget[x->index].digits = 0;
        break;
    case CAPACITY:
        p->limits[x->index].count = -1;
        break;
    case STEPS:
        p->steps[x->index].available = -1;
        break;
    case CLASSES:
        p->datasets[x->index].classes = 0;
        break;
    default:
        leave_out_workload(&p->workloads[x->index], x->sort);
    }
}

static void limits_close(struct problem *p)
{
    for (int i = p->n_limits; i-- > 0;)
        if (p->limits[i].count < 0) REMOVE(p->limits, p->n_limits, i);
    for (int i = p->n_steps; i-- > 0;)
        if (p->steps[i].available < 0) REMOVE(p->steps, p->n_steps, i);
}

/* Is there a solution when, of all limits, only those of a clash are kept, and of these not `without`? */
static bool works_without(const struct problem *p, const struct known *k, size_t clash,
                          const char *without)
{
    struct problem q = *p;
    bool classes = false;
    for (int i = 0; i < k->n; i++)
        classes = classes || (k->items[i].sort == CLASSES && k->items[i].clash);
    for (int i = 0; i < k->n; i++) {
        const struct known_limit *x = &k->items[i];
        const bool kept = x->clash == clash && (!without || !is_key(x, without));
        if (!kept && (x->sort != CLASSES || classes)) leave_out_limit(&q, x);
    }
    limits_close(&q);
    struct solved s = solve_plainly(&q);
    const bool works = s.code == OK && s.plan.status != PLAN_INFEASIBLE;
    solved_free(&s);
    return works;
}

static bool work_as_set(const struct problem *p, const char *const *set, size_t n)
{
    struct solved s = {.arena = arena_new()};
    const struct text folder = folder_make();
    s.diag.arena = s.arena;
    const struct scenario_options options = {.n_set = n, .set = set};
    s.code = solve_with(&s, problem_write(p, &(const struct style){0}, folder.at).at, &options);
    folder_remove(folder.at);
    const bool works = has_plan(&s);
    solved_free(&s);
    return works;
}

/* A change that no --set option makes: rows of a job list are due later, more is in stock. */
static bool change_listed(struct problem *q, const struct known *k, const struct conflict *c)
{
    bool any = false;
    for (int i = 0; i < k->n; i++) {
        const struct known_limit *x = &k->items[i];
        if (!is_key(x, c->key)) continue;
        any = true;
        if (x->sort == STEPS) q->steps[x->index].available += (int)lround(c->short_by);
        struct workload_problem *w = &q->workloads[x->index];
        const int later = (int)lround(c->short_by * 60);
        if (x->sort == DUE && c->short_by > 0 && w->due_min >= 0) w->due_min += later;
        for (int j = 0; x->sort == DUE && c->short_by > 0 && j < w->n_jobs; j++)
            if (w->jobs[j].due_min >= 0) w->jobs[j].due_min += later;
        if (c->short_by <= 0) leave_out_limit(q, x);
    }
    limits_close(q);
    return any;
}

/* All changes [from, to) at once. */
static bool changes_work(const struct problem *p, const struct known *k,
                         const struct conflict *conflicts, size_t from, size_t to)
{
    struct problem q = *p;
    const char *set[MOST_LIMITS];
    size_t n = 0;
    bool known = true;
    for (size_t i = from; i < to && n < MOST_LIMITS; i++) {
        if (!conflicts[i].change) continue;
        if (conflicts[i].set)
            set[n++] = conflicts[i].set;
        else
            known = change_listed(&q, k, &conflicts[i]) && known;
    }
    return known && work_as_set(&q, set, n);
}

/* How much was judged. */
struct tally {
    unsigned members, alone, together, no_repair;
};

static enum verdict judge_clashes(const struct problem *p, const struct solved *s,
                                  struct tally *tally)
{
    struct known k;
    known_make(&k, p);
    const struct conflict *list = s->plan.conflicts;
    const size_t n = s->plan.n_conflicts;
    size_t n_clashes = 0, n_changes = 0;
    bool together = false;
    for (size_t i = 0; i < n; i++) {
        if (!list[i].key) continue;
        n_clashes = list[i].clash > n_clashes ? list[i].clash : n_clashes;
        n_changes += list[i].change != NULL;
        together = together || list[i].together;
        bool found = false;
        for (int j = 0; j < k.n; j++) {
            if (!is_key(&k.items[j], list[i].key)) continue;
            k.items[j].clash = list[i].clash;
            found = true;
        }
        if (!found) return broken(p, "unknown limit %s", list[i].key);
    }
    if (n_clashes == 0) return NO_MATTER;
    for (size_t c = 1; c <= n_clashes; c++)
        if (works_without(p, &k, c, NULL)) return broken(p, "clash %zu is none", c);
    for (size_t i = 0; i < n; i++) {
        if (!list[i].key) continue;
        tally->members++;
        if (!works_without(p, &k, list[i].clash, list[i].key))
            return broken(p, "clash %zu without %s is one still", list[i].clash, list[i].key);
        if (list[i].change && !together) {
            tally->alone++;
            if (!changes_work(p, &k, list, i, i + 1))
                return broken(p, "%s -> %s is not enough", list[i].what, list[i].change);
        }
    }
    tally->no_repair += n_changes == 0;
    if (!together || n_changes == 0) return HOLDS;
    tally->together++;
    return changes_work(p, &k, list, 0, n) ? HOLDS : broken(p, "the changes do not do together");
}

/* More work on fewer machines than the generator gives. */
static struct problem tightened(const struct problem *p)
{
    struct source_of_luck l = {.state = p->seed * UINT64_C(15485863) + 5, .features = F_ALL};
    struct problem q = *p;
    for (int i = 0; i < q.n_workloads; i++) {
        const int times = luck_between(&l, 1, 12);
        q.workloads[i].work.digits *= times;
        q.workloads[i].items *= times;
        for (int j = 0; j < q.workloads[i].n_jobs; j++) {
            q.workloads[i].jobs[j].work.digits *= times;
            q.workloads[i].jobs[j].items *= times;
        }
    }
    for (int i = 0; i < q.n_limits; i++) q.limits[i].count /= luck_between(&l, 1, 6);
    q.budget.digits /= luck_between(&l, 1, 3);
    for (int i = 0; i < q.n_owners; i++) q.owner_budget[i].digits /= luck_between(&l, 1, 3);
    return q;
}

static struct tally tally;

static enum verdict clash(const struct problem *given)
{
    const struct problem p = tightened(given);
    struct solved s = solve_plainly(&p);
    enum verdict v = NO_MATTER;
    if (s.code == OK && s.plan.status == PLAN_INFEASIBLE) v = judge_clashes(&p, &s, &tally);
    solved_free(&s);
    return v;
}

int main(void)
{
    static const struct law law = {"MR9 clashes", clash, (F_ALL & ~(unsigned)F_REPEAT) | F_TIGHT,
                                   200};
    law_run(&law);
    if (getenv("LAW_TALLY"))
        fprintf(stderr, "%u members, %u changes alone, %u together, %u without\n", tally.members,
                tally.alone, tally.together, tally.no_repair);
    return gsl_test_summary();
}
