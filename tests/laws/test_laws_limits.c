/* What offers, limits and work do to the optimum: MR6, MR7, MR8, MR12 to MR16. */
#include "tests/laws/law.h"

static struct source_of_luck luck_of(const struct problem *p)
{
    return (struct source_of_luck){.state = p->seed * UINT64_C(32452843) + 9, .features = F_ALL};
}

static bool is_priced(const struct problem *p, const struct price *row)
{
    for (int i = 0; i < p->n_prices; i++) {
        const struct price *r = &p->prices[i];
        if (r->type == row->type && r->region == row->region && r->way == row->way) return true;
    }
    return false;
}

/* MR6: one more offer: the optimum does not rise. */
static enum verdict more_offers(const struct problem *p)
{
    struct source_of_luck l = luck_of(p);
    struct problem q = *p;
    struct price row = p->prices[luck(&l, p->n_prices)];
    for (int i = 0; i < 20 && is_priced(p, &row); i++) {
        row.region = luck(&l, p->n_regions);
        row.type = luck(&l, p->n_types);
    }
    row.zone = -1;
    row.amount.digits = row.amount.digits * luck_between(&l, 30, 120) / 100;
    if (is_priced(p, &row)) return NO_MATTER;
    add_price(&q, row);
    return pair_at_most(p, &q);
}

static bool row_is_used(const struct solved *s, const struct problem *p, const struct price *row)
{
    for (size_t i = 0; i < s->plan.n_stretches; i++) {
        const struct offer *o = &s->plan.offers[s->plan.stretches[i].offer];
        if (!strcmp(book_type(s->book, o->type)->name, p->types[row->type].name) &&
            !strcmp(o->region, p->regions[row->region]))
            return true;
    }
    return false;
}

/* MR7: without an offer the optimum does not fall, and it stays where it was when the solution does not use it. */
static enum verdict fewer_offers(const struct problem *p)
{
    struct source_of_luck l = luck_of(p);
    struct problem all = *p, fewer = *p;
    all.relaxed = fewer.relaxed = true;
    const struct price row = p->prices[luck(&l, p->n_prices)];
    fewer.n_prices = 0;
    for (int i = 0; i < p->n_prices; i++) {
        const struct price *r = &p->prices[i];
        const bool out = r->type == row.type && r->region == row.region && r->way == row.way;
        if (!out) add_price(&fewer, *r);
    }
    if (!fewer.n_prices) return NO_MATTER;
    struct pair x = solve_both(&all, &fewer);
    enum verdict v = pair_state(p, &x);
    const struct bracket a = bracket_of(&x.a), b = bracket_of(&x.b);
    if (v == HOLDS && !may_be_at_most(a, b, 1))
        v = broken(p, "optimum %.12g falls to %.12g", x.a.plan.bound, x.b.plan.bound);
    if (v == HOLDS && !row_is_used(&x.a, p, &row) && !may_be_equal(a, b, 1))
        v = broken(p, "optimum %.12g becomes %.12g without an offer that it does not use",
                   x.a.plan.bound, x.b.plan.bound);
    return pair_done(&x, v);
}

/* Makes one limit wider; false when there is no such limit. */
static bool widen(struct problem *p, struct source_of_luck *l)
{
    struct workload_problem *w = &p->workloads[luck(l, p->n_workloads)];
    switch (luck(l, 9)) {
    case 0:
        if (w->due_min < 0 || w->daily) return false;
        w->due_min += luck_between(l, 1, 600);
        return true;
    case 1:
        for (int i = 0; i < w->n_jobs; i++)
            if (w->jobs[i].due_min >= 0) w->jobs[i].due_min += luck_between(l, 1, 300);
        return w->n_jobs > 0;
    case 2:
        if (w->hours_from < 0 || w->daily) return false;
        w->hours_from = w->hours_to = -1;
        return true;
    case 3:
        w->days = ANY_DAY;
        return !w->daily;
    case 4:
        w->spot_percent = w->spot_percent + (100 - w->spot_percent) / 2;
        return true;
    case 5:
        if (w->max_workers) w->max_workers *= 2;
        for (int i = 0; i < p->n_types;
             i++) /* the cap also cuts what one machine uses: a machine must be below it */
            if (p->types[i].gpus > w->max_workers / 2 || p->types[i].vcpu > 4 * w->max_workers)
                return false;
        return w->max_workers > 0;
    case 6:
        p->budget.digits *= 2;
        p->owner_budget[0].digits *= 2;
        return true;
    case 7:
        for (int i = 0; i < p->n_limits; i++) p->limits[i].count += luck(l, 3);
        return p->n_limits > 0;
    default:
        for (int i = 0; i < p->n_steps; i++) p->steps[i].available++;
        return p->n_steps > 0;
    }
}

/* MR8: a wider limit: the optimum does not rise. */
static enum verdict wider_limits(const struct problem *p)
{
    struct source_of_luck l = luck_of(p);
    struct problem q = *p;
    bool any = false;
    for (int i = 0; i < 3; i++) any = widen(&q, &l) || any;
    return any ? pair_at_most(p, &q) : NO_MATTER;
}

static void work_between(struct decimal *a, struct decimal *b, struct decimal *middle,
                         struct source_of_luck *l)
{
    b->digits = b->digits * luck_between(l, 20, 180) / 100 + 1;
    *middle = (struct decimal){5 * (a->digits + b->digits), a->places + 1};
}

/* MR12: the optimum is convex in the amounts of work. */
static enum verdict convex(const struct problem *p)
{
    struct source_of_luck l = luck_of(p);
    struct problem one = *p;
    for (int i = 0; i < one.n_workloads; i++)
        if (one.workloads[i].form == WORK_ITEMS) one.workloads[i].form = WORK_GPU_HOURS;
    struct problem other = one, middle = one;
    for (int i = 0; i < one.n_workloads; i++) {
        work_between(&one.workloads[i].work, &other.workloads[i].work, &middle.workloads[i].work,
                     &l);
        for (int k = 0; k < one.workloads[i].n_jobs; k++)
            work_between(&one.workloads[i].jobs[k].work, &other.workloads[i].jobs[k].work,
                         &middle.workloads[i].jobs[k].work, &l);
    }
    struct pair x = solve_both(&one, &other);
    struct solved between = solve_plainly(&middle);
    enum verdict v = pair_state(p, &x);
    const double ends = bracket_of(&x.a).high + bracket_of(&x.b).high,
                 twice = 2 * bracket_of(&between).low;
    if (v == HOLDS && twice > ends)
        v = broken(p, "%.12g in the middle, %.12g at the ends", twice, ends);
    solved_free(&between);
    return pair_done(&x, v);
}

/* MR13: nothing to do: nothing is planned, and what is paid are the commitments. */
static enum verdict no_work(const struct problem *p)
{
    struct problem q = *p;
    double committed = 0;
    for (int i = 0; i < q.n_workloads; i++) {
        q.workloads[i].work.digits = q.workloads[i].items = 0;
        for (int k = 0; k < q.workloads[i].n_jobs; k++)
            q.workloads[i].jobs[k].work.digits = q.workloads[i].jobs[k].items = 0;
    }
    for (int i = 0; i < p->n_commitments; i++) {
        const struct commitment_problem *c = &p->commitments[i];
        const double hours =
            (c->until_min >= 0 && c->until_min < p->length_min ? c->until_min : p->length_min) /
            60.0;
        for (int k = 0; k < p->n_prices; k++) {
            const struct price *r = &p->prices[k];
            if (r->type == c->type && r->region == c->region && r->way == WAY_MONTH)
                committed += c->count * hours * decimal_value(r->amount) / 720 *
                             (1 - p->discount_percent / 100.0);
        }
        if (c->type < 0) committed += hours * decimal_value(c->spend_per_h);
    }
    struct solved s = solve_plainly(&q);
    enum verdict v = is_asked_wrongly(s.code) ? NO_MATTER : HOLDS;
    const double off = fabs((double)s.plan.cost - 1e6 * committed);
    if (v == HOLDS && s.code != OK) {
        (void)broken(p, "not read: %s", first_error(&s));
        v = REFUSED;
    }
    if (v == HOLDS && (!has_plan(&s) || s.plan.n_stretches))
        v = broken(p, "nothing to do, but something is planned");
    if (v == HOLDS && off > 0.5 * (double)s.plan.n_ledger + 1e-9 * 1e6 * committed)
        v = broken(p, "off by %g micro-units", off);
    solved_free(&s);
    return v;
}

/* Doubles types, GPU models, classes, datasets and owners; what is new stands behind what was there. */
static void copy_market(struct problem *q, const struct problem *p)
{
    for (int i = 0; i < p->n_gpus; i++)
        snprintf(q->gpus[q->n_gpus++], NAME_BYTES, "Copy%.30s", p->gpus[i]);
    for (int i = 0; i < p->n_types; i++) {
        struct machine_type *t = &q->types[q->n_types++];
        *t = p->types[i];
        snprintf(t->name, NAME_BYTES, "%.40s-cc", p->types[i].name);
        snprintf(t->family, NAME_BYTES, "%.40scc", p->types[i].family);
        if (t->gpu >= 0) t->gpu += p->n_gpus;
    }
    for (int i = 0; i < p->n_prices; i++) {
        add_price(q, p->prices[i]);
        q->prices[q->n_prices - 1].type += p->n_types;
    }
    for (int i = 0; i < p->n_speeds; i++) {
        struct speed_problem *s = &q->speeds[q->n_speeds++];
        *s = p->speeds[i];
        if (s->gpu >= 0) s->gpu += p->n_gpus;
        snprintf(s->family, NAME_BYTES, "%.40scc", p->speeds[i].family);
    }
    for (int i = 0; i < p->n_owners; i++) {
        snprintf(q->owners[q->n_owners], NAME_BYTES, "%.40s-cc", p->owners[i]);
        q->owner_budget[q->n_owners++] = p->owner_budget[i];
    }
    for (int i = 0; i < p->n_tariffs; i++) {
        q->tariffs[q->n_tariffs] = p->tariffs[i];
        snprintf(q->tariffs[q->n_tariffs++].name, NAME_BYTES, "%.40s-cc", p->tariffs[i].name);
    }
}

static void copy_work(struct problem *q, const struct problem *p)
{
    const unsigned types = (1u << p->n_types) - 1, classes = (1u << p->n_tariffs) - 1;
    for (int i = 0; i < p->n_datasets; i++) {
        struct dataset_problem *d = &q->datasets[q->n_datasets++];
        if (!q->datasets[i].classes) q->datasets[i].classes = classes;
        *d = q->datasets[i];
        d->classes <<= p->n_tariffs;
        snprintf(d->name, NAME_BYTES, "%.40s-cc", p->datasets[i].name);
    }
    for (int i = 0; i < p->n_workloads; i++) {
        struct workload_problem *w = &q->workloads[q->n_workloads++];
        q->workloads[i].types = types;
        *w = q->workloads[i];
        w->types <<= p->n_types;
        w->reference += p->n_gpus;
        if (w->owner >= 0) w->owner += p->n_owners;
        for (int k = 0; k < w->n_uses; k++) w->uses[k].dataset += p->n_datasets;
        snprintf(w->name, NAME_BYTES, "%.40s-cc", p->workloads[i].name);
    }
    for (int i = 0; i < p->n_limits; i++) {
        struct limit_problem *l = &q->limits[q->n_limits++];
        *l = p->limits[i];
        if (l->gpu >= 0) l->gpu += p->n_gpus;
        if (l->type >= 0) l->type += p->n_types;
        if (l->owner >= 0) l->owner += p->n_owners;
    }
    for (int i = 0; i < p->n_steps; i++) {
        q->steps[q->n_steps] = p->steps[i];
        q->steps[q->n_steps++].type += p->n_types;
    }
    for (int i = 0; i < p->n_commitments; i++) {
        q->commitments[q->n_commitments] = p->commitments[i];
        q->commitments[q->n_commitments++].type += p->n_types;
    }
}

/* MR14: two copies that share nothing cost twice as much. */
static enum verdict twice(const struct problem *p)
{
    struct problem one = *p;
    for (int i = 0; i < one.n_datasets;
         i++) /* "checkpoints" has a meaning of its own, which a copy would not have */
        snprintf(one.datasets[i].name, NAME_BYTES, "data-%d", i);
    one.budget.digits = 0;
    struct problem two = one;
    copy_market(&two, &one);
    copy_work(&two, &one);
    return pair_equal(&one, &two, 2);
}

/* MR15: divisible work in two halves, each with half the width and half the price of lateness. */
static enum verdict halves(const struct problem *p)
{
    struct problem whole = *p, split;
    bool any = false;
    for (int i = 0; i < whole.n_workloads; i++) {
        struct workload_problem *w = &whole.workloads[i];
        w->max_workers *= 16; /* a machine is filled by half of them, too */
        w->items *= 2;
        w->work.digits *= 2;
    }
    split = whole;
    for (int i = 0; i < p->n_workloads && split.n_workloads < MAX_WORKLOADS; i++) {
        struct workload_problem *w = &split.workloads[i];
        if (workload_is_gang(w) || w->n_jobs) continue;
        any = true;
        w->max_workers /= 2;
        w->items /= 2;
        w->work.digits /= 2;
        w->late_per_h = decimal_shift(w->late_per_h, -1);
        split.workloads[split.n_workloads] = *w;
        snprintf(split.workloads[split.n_workloads++].name, NAME_BYTES, "%.40s-half",
                 p->workloads[i].name);
    }
    return any ? pair_equal(&whole, &split, 1) : NO_MATTER;
}

/* MR16: the stock of a type in two types that are alike, each with half of it. */
static enum verdict two_pools(const struct problem *p)
{
    struct source_of_luck l = luck_of(p);
    struct problem one = *p;
    const int type = luck(&l, p->n_types);
    int count = luck_between(&l, 1, 4);
    for (int i = 0; i < p->n_workloads; i++) /* a gang needs its machines of one type */
        if (workload_is_gang(&p->workloads[i]) && count < p->workloads[i].workers)
            count = p->workloads[i].workers;
    one.n_limits = 0;
    for (int i = 0; i < p->n_limits; i++)
        if (p->limits[i].type != type) one.limits[one.n_limits++] = p->limits[i];
    one.limits[one.n_limits++] = (struct limit_problem){.is_stock = true,
                                                        .gpu = -1,
                                                        .type = type,
                                                        .owner = -1,
                                                        .region = -1,
                                                        .zone = -1,
                                                        .count = 2 * count};
    struct problem two = one;
    two.limits[two.n_limits - 1].count = count;
    two.limits[two.n_limits] = two.limits[two.n_limits - 1];
    two.limits[two.n_limits++].type = two.n_types;
    two.types[two.n_types] = two.types[type];
    snprintf(two.types[two.n_types].name, NAME_BYTES, "%.40s-twin", p->types[type].name);
    for (int i = 0; i < p->n_prices; i++) {
        if (p->prices[i].type != type) continue;
        add_price(&two, p->prices[i]);
        two.prices[two.n_prices - 1].type = two.n_types;
    }
    two.n_types++;
    return pair_equal(&one, &two, 1);
}

int main(void)
{
    static const unsigned plain = F_ALL & ~(unsigned)(F_COMMITTED | F_SAVINGS | F_ZONES);
    static const struct law laws[] = {
        {"MR6 one more offer", more_offers, plain, 100},
        {"MR7 one offer less", fewer_offers, plain, 100},
        {"MR8 wider limits", wider_limits, F_ALL, 150},
        {"MR12 convex", convex, F_ALL & ~(unsigned)(F_CHECKPOINTS | F_READS | F_LATE | F_TIGHT),
         100},
        {"MR13 no work", no_work,
         F_ALL & ~(unsigned)(F_DATA | F_READS | F_BUDGET | F_LIMITS | F_JOBS), 100},
        {"MR14 twice", twice, F_ALL & ~(unsigned)(F_SAVINGS), 100},
        {"MR15 halves", halves, F_ALL & ~(unsigned)(F_DATA | F_READS), 100},
        {"MR16 two pools", two_pools, F_ALL & ~(unsigned)(F_COMMITTED | F_STEPS), 100},
    };
    for (size_t i = 0; i < sizeof laws / sizeof *laws; i++) law_run(&laws[i]);
    return gsl_test_summary();
}
