#include "report/budget.h"
#include "common/text.h"
#include "report/wording.h"
#include <string.h>

enum { ALL_MONTHS = -1 };

/* Whose money a row counts. */
struct share {
    enum { EVERYONE, OWNER, TAG } of;
    const char *name;  /* OWNER: NULL nobody; TAG: key */
    const char *value; /* TAG: NULL: workloads without the key, and what belongs to no workload */
    int month;         /* ALL_MONTHS, or index */
};

static bool same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static const char *tag_of(const struct workload *w, const char *key)
{
    for (size_t i = 0; i < w->n_tags; i++)
        if (same(w->tags[i].name, key)) return w->tags[i].text;
    return NULL;
}

static bool line_counts(const struct plan *p, const struct ledger_line *l, const struct share *s)
{
    if (s->month != ALL_MONTHS && l->month != s->month) return false;
    if (s->of == OWNER) return same(l->owner, s->name);
    if (s->of == EVERYONE) return true;
    const struct workload *w =
        l->workload == NO_INDEX ? NULL : &p->scenario->workloads[l->workload];
    return same(w ? tag_of(w, s->name) : NULL, s->value);
}

static micro_t planned_of(const struct plan *p, const struct share *s)
{
    micro_t sum = 0;
    for (size_t i = 0; i < p->n_ledger; i++)
        if (line_counts(p, &p->ledger[i], s)) (void)money_add(&sum, p->ledger[i].amount);
    return sum;
}

/* ---- the same in every world ---- */

static size_t owner_index(const struct outcomes *o, const char *owner)
{
    size_t i = 0;
    while (i + 1 < o->n_owners && !(owner && same(o->owners[i], owner))) i++;
    return i;
}

static micro_t world_months(const struct outcomes *o, size_t world, size_t owner, int month)
{
    const micro_t *months = &o->by_owner[(world * o->n_owners + owner) * o->n_months];
    if (month != ALL_MONTHS) return (size_t)month < o->n_months ? months[month] : 0;
    micro_t sum = 0;
    for (size_t m = 0; m < o->n_months; m++) sum += months[m];
    return sum;
}

static micro_t world_tag(const struct outcomes *o, size_t world, const struct share *s)
{
    micro_t sum = s->value ? 0 : o->nobody[world];
    for (size_t w = 0; w < o->n_workloads; w++)
        if (same(tag_of(&o->plan->scenario->workloads[w], s->name), s->value))
            sum += workload_cost(&o->workloads[world * o->n_workloads + w]);
    return sum;
}

static micro_t world_of(const struct outcomes *o, size_t world, const struct share *s)
{
    if (s->of == TAG) return world_tag(o, world, s);
    if (s->of == OWNER) return world_months(o, world, owner_index(o, s->name), s->month);
    micro_t sum = 0;
    for (size_t owner = 0; owner < o->n_owners; owner++)
        sum += world_months(o, world, owner, s->month);
    return sum;
}

static void luck_fill(struct budget_row *row, const struct budget_table *t, const struct share *s,
                      struct arena *a)
{
    const size_t n = t->luck->n;
    double *cost = ARENA_NEW(a, double, n + 1);
    size_t above = 0;
    for (size_t world = 0; world < n; world++) {
        const micro_t amount = world_of(t->luck, world, s);
        cost[world] = (double)amount / 1e6;
        above += row->has_limit && amount > row->limit;
    }
    const struct moments m = moments_of(cost, n);
    const double *sorted = sorted_copy(cost, n, a);
    row->expected = m.mean;
    row->p50 = quantile(sorted, n, 0.5);
    row->p90 = quantile(sorted, n, 0.9);
    row->at_confidence = quantile(sorted, n, t->confidence);
    row->over = proportion_of(above, n, 0.95);
}

/* ---- limits ---- */

/* In micro-units of the plan's currency. */
static enum err limit_of(micro_t *limit, const struct scenario *s, const struct money *m,
                         struct diag *d)
{
    struct ratio amount = m->amount;
    const bool dollars = s->currency == CURRENCY_USD;
    bool fits = true;
    if (m->currency != CURRENCY_DEFAULT && (m->currency == CURRENCY_USD) != dollars)
        fits =
            dollars ? ratio_div(&amount, amount, s->fx_usd) : ratio_mul(&amount, amount, s->fx_usd);
    if (fits && money_amount(limit, amount, 1, 1)) return OK;
    diag_error(d, ERR_AMOUNT, (struct place){0},
               _("a limit of the budget is too large, or has too many decimals, to be counted "
                 "in %s"),
               currency_name(s->currency));
    diag_fix(d, _("write a smaller amount, or one with fewer decimals"));
    return ERR_AMOUNT;
}

static const struct optional_money *owner_limit(const struct scenario *s, const char *owner)
{
    for (size_t i = 0; i < s->n_owner_budgets && owner; i++)
        if (same(s->owner_budgets[i].owner, owner)) return &s->owner_budgets[i].limit;
    return NULL;
}

/* ---- rows ---- */

struct rows {
    struct budget_table *t;
    struct arena *arena;
    struct diag *diag;
};

static void state_judge(struct budget_row *row, const struct budget_table *t)
{
    const double counted = t->luck ? row->at_confidence : (double)row->planned / 1e6;
    const double limit = (double)row->limit / 1e6;
    row->state = BUDGET_OK;
    if (!row->has_limit) return;
    if (t->warn_at > 0 && counted > t->warn_at * limit) row->state = BUDGET_WARN;
    if (counted > limit || row->planned > row->limit) row->state = BUDGET_OVER;
}

static enum err row_add(const struct rows *r, struct budget_row row, const struct share *s,
                        const struct optional_money *limit)
{
    const struct plan *p = r->t->result->plan;
    row.month = s->month == ALL_MONTHS ? NULL : p->months[s->month];
    row.planned = planned_of(p, s);
    row.has_limit = limit && limit->given;
    if (row.has_limit) TRY(limit_of(&row.limit, p->scenario, &limit->money, r->diag));
    if (r->t->luck) luck_fill(&row, r->t, s, r->arena);
    state_judge(&row, r->t);
    *ARENA_PUSH(r->arena, r->t->rows, r->t->n) = row;
    return OK;
}

/* One row, or one for each month where the limit is a month's and there are several. */
static enum err rows_add(const struct rows *r, const struct budget_row *row, struct share s,
                         const struct optional_money *limit)
{
    const size_t n_months = r->t->result->plan->n_months;
    const bool monthly = limit && limit->given && limit->money.per == PER_MONTH;
    if (!monthly) {
        s.month = ALL_MONTHS;
        return row_add(r, *row, &s, limit);
    }
    for (size_t month = 0; month < n_months; month++) {
        s.month = (int)month;
        TRY(row_add(r, *row, &s, limit));
    }
    return OK;
}

static bool name_is_new(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (same(names[i], name)) return false;
    return true;
}

static enum err owner_rows(const struct rows *r)
{
    const struct scenario *s = r->t->result->plan->scenario;
    const char **owners = ARENA_NEW(r->arena, const char *, s->n_workloads + 1);
    size_t n = 0;
    for (size_t i = 0; i < s->n_workloads; i++) {
        const char *owner = s->workloads[i].owner;
        if (owner && name_is_new(owners, n, owner)) owners[n++] = owner;
    }
    for (size_t i = 0; i < n; i++) {
        const struct budget_row row = {.name = owners[i]};
        const struct share share = {.of = OWNER, .name = owners[i]};
        TRY(rows_add(r, &row, share, owner_limit(s, owners[i])));
    }
    const struct share nobody = {.of = OWNER, .month = ALL_MONTHS};
    if (planned_of(r->t->result->plan, &nobody) == 0) return OK;
    return row_add(r, (struct budget_row){0}, &nobody, NULL);
}

static enum err month_rows(const struct rows *r)
{
    const struct scenario *s = r->t->result->plan->scenario;
    const bool monthly = s->budget.given && s->budget.money.per == PER_MONTH;
    for (size_t month = 0; month < r->t->result->plan->n_months; month++)
        TRY(row_add(r, (struct budget_row){0}, &(struct share){.of = EVERYONE, .month = (int)month},
                    monthly ? &s->budget : NULL));
    return OK;
}

static enum err tag_key_rows(const struct rows *r, const char *key)
{
    const struct scenario *s = r->t->result->plan->scenario;
    const char **values = ARENA_NEW(r->arena, const char *, s->n_workloads + 1);
    size_t n = 0;
    for (size_t i = 0; i < s->n_workloads; i++) {
        const char *value = tag_of(&s->workloads[i], key);
        if (value && name_is_new(values, n, value)) values[n++] = value;
    }
    for (size_t i = 0; i < n; i++)
        TRY(row_add(r, (struct budget_row){.name = arena_printf(r->arena, "%s=%s", key, values[i])},
                    &(struct share){TAG, key, values[i], ALL_MONTHS}, NULL));
    const struct share rest = {TAG, key, NULL, ALL_MONTHS};
    if (planned_of(r->t->result->plan, &rest) == 0) return OK;
    return row_add(r, (struct budget_row){.name = arena_printf(r->arena, "%s=", key)}, &rest, NULL);
}

static enum err tag_rows(const struct rows *r)
{
    const struct scenario *s = r->t->result->plan->scenario;
    const char **keys = NULL;
    size_t n = 0;
    for (size_t i = 0; i < s->n_workloads; i++)
        for (size_t j = 0; j < s->workloads[i].n_tags; j++)
            if (name_is_new(keys, n, s->workloads[i].tags[j].name))
                *ARENA_PUSH(r->arena, keys, n) = s->workloads[i].tags[j].name;
    for (size_t i = 0; i < n; i++) TRY(tag_key_rows(r, keys[i]));
    return OK;
}

static void unowned_find(const struct rows *r)
{
    const struct summary *s = r->t->result->summary;
    const char **names = NULL;
    for (size_t i = 0; i < s->n_groups; i++) {
        const struct summary_group *g = &s->groups[i];
        if (g->workload == NO_INDEX || g->amount == 0) continue;
        const struct workload *w = &s->plan->scenario->workloads[g->workload];
        if (!w->owner) *ARENA_PUSH(r->arena, names, r->t->n_unowned) = w->name;
    }
    r->t->unowned = names;
}

/* The rows of owners and months add up to the plan's cost. */
static enum err sum_check(const struct rows *r)
{
    micro_t sum = 0;
    if (r->t->by == BY_TAG) return OK;
    const struct plan *p = r->t->result->plan;
    for (size_t i = 0; i < r->t->n; i++)
        if (!money_add(&sum, r->t->rows[i].planned)) break;
    if (sum == p->cost) return OK;
    return diag_error(r->diag, ERR_INTERNAL, (struct place){0}, "%s",
                      _("the rows of the budget do not add up to the cost of the plan"));
}

enum err budget_fill(struct budget_table *t, struct arena *a, struct diag *d)
{
    const struct rows r = {t, a, d};
    t->rows = NULL;
    t->n = t->n_unowned = 0;
    if (t->by == BY_OWNER) TRY(owner_rows(&r));
    if (t->by == BY_MONTH) TRY(month_rows(&r));
    if (t->by == BY_TAG) TRY(tag_rows(&r));
    TRY(sum_check(&r));
    unowned_find(&r);
    const struct optional_money *limit = &t->result->plan->scenario->budget;
    return rows_add(&r, &(struct budget_row){.total = true}, (struct share){.of = EVERYONE}, limit);
}

bool budget_passed(const struct budget_table *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->rows[i].state == BUDGET_OVER) return true;
    return false;
}
