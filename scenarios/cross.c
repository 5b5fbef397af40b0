#include "scenarios/cross.h"
#include <string.h>

struct checks {
    const struct scenario *scenario;
    const struct reading *reading;
    struct arena *arena;
    struct diag *diag;
};

/* --- horizon --- */

static void missing_horizon(const struct checks *c, const char *key, const char *example)
{
    const struct node *horizon = node_get(c->scenario->root, "horizon");
    const struct place file = {.source = c->scenario->root->source};
    diag_error(c->diag, ERR_HORIZON, horizon ? node_key_place(horizon) : file,
               _("horizon.%s is missing"), key);
    diag_fix(c->diag, _("write for example %s"), example);
}

static void horizon_check(const struct checks *c)
{
    const struct scenario *s = c->scenario;
    const struct node *horizon = node_get(s->root, "horizon");
    const bool has_length = node_get(horizon, "length");
    if (!node_get(horizon, "start"))
        missing_horizon(c, "start", "horizon: {start: 2026-12-01, length: 30d}");
    if (!has_length) missing_horizon(c, "length", "horizon: {start: 2026-12-01, length: 30d}");
    if (has_length && s->length_us <= 0) {
        diag_error(c->diag, ERR_HORIZON, scenario_place(s, "horizon.length"),
                   _("horizon.length is zero"));
        diag_fix(c->diag, _("write a length such as 30d"));
        return;
    }
    if (s->step_us <= 0) {
        diag_error(c->diag, ERR_HORIZON, scenario_place(s, "horizon.step"),
                   _("horizon.step is zero"));
        diag_fix(c->diag, _("write a length such as 1h"));
    } else if (has_length && s->step_us > s->length_us) {
        struct place at = scenario_place(s, "horizon.step");
        if (!at.source) at = scenario_place(s, "horizon.length");
        diag_error(c->diag, ERR_HORIZON, at, _("horizon.step is longer than horizon.length"));
        diag_fix(c->diag, _("write a shorter step, for example 1h"));
    }
    if (s->length_us > INT64_C(20) * HOURS_PER_YEAR * US_PER_H) {
        diag_error(c->diag, ERR_HORIZON, scenario_place(s, "horizon.length"),
                   _("horizon.length is more than 20 years"));
        diag_fix(c->diag, _("write a length such as 30d or 12month"));
    }
}

/* --- money --- */

static void money_check(const struct checks *c)
{
    const struct scenario *s = c->scenario;
    const enum currency other = s->currency == CURRENCY_USD ? CURRENCY_CNY : CURRENCY_USD;
    const char *words[] = {[CURRENCY_CNY] = "CNY", [CURRENCY_USD] = "USD"};
    for (size_t i = 0; i < c->reading->n_amounts && !s->has_fx; i++) {
        if (c->reading->amounts[i].currency != other) continue;
        diag_error(c->diag, ERR_EXCHANGE_RATE, c->reading->amounts[i].at,
                   _("an amount in %s in a scenario in %s needs an exchange rate"), words[other],
                   words[s->currency]);
        diag_fix(c->diag, _("add for example 'fx: {USD: 7.2}' with the CNY a dollar costs"));
        break;
    }
    const double rate = s->has_fx ? ratio_value(s->fx_usd) : 7;
    if (rate >= 2 && rate <= 20) return;
    diag_warning(c->diag, ERR_EXCHANGE_RATE, scenario_place(s, "fx.USD"),
                 _("fx.USD is %g CNY per dollar"), rate);
    diag_why(c->diag,
             _("it has been between 6 and 9 for decades; the other way round it would be %.4g"),
             1 / rate);
    diag_fix(c->diag, _("write what one dollar costs in CNY"));
}

/* --- workloads --- */

static void workers_check(const struct checks *c, const struct workload *w)
{
    if (w->workers == 0 || w->max_workers == 0) return;
    const struct node *workers = node_find(w->node, "resources.workers");
    const struct node *max_workers = node_find(w->node, "resources.max_workers");
    diag_error(c->diag, ERR_CONTRADICTION, node_key_place(max_workers),
               _("workloads.%s has both workers and max_workers"), w->name);
    diag_why(c->diag,
             _("workers is a gang that runs together, max_workers caps work that can be divided"));
    diag_fix(c->diag, _("keep one of the two; workers is set at %s"),
             place_text(node_key_place(workers), c->arena));
}

static void uses_check(const struct checks *c, const struct workload *w)
{
    const struct node *datasets = node_get(c->scenario->root, "storage");
    for (size_t i = 0; i < w->n_uses; i++) {
        if (node_get(datasets, w->uses[i].use)) continue;
        size_t n = 0;
        const char **names = NULL;
        for (const struct node *d = datasets ? datasets->first : NULL; d; d = d->next)
            *ARENA_PUSH(c->arena, names, n) = d->key;
        const struct node *use = node_find(w->node, arena_printf(c->arena, "storage.%zu.use", i));
        diag_error(c->diag, ERR_NAME_UNDEFINED, node_place(use), _("there is no dataset '%s'"),
                   w->uses[i].use);
        const char *near = nearest_name(w->uses[i].use, names, n);
        if (near)
            diag_fix(c->diag, _("did you mean '%s'?"), near);
        else
            diag_fix(c->diag, _("define it: storage: {%s: {class: oss-standard}}"), w->uses[i].use);
    }
}

static void datasets_check(const struct checks *c)
{
    const struct scenario *s = c->scenario;
    const struct node *datasets = node_get(s->root, "storage");
    for (const struct node *n = datasets ? datasets->first : NULL; n; n = n->next) {
        const struct node *one = node_get(n, "class"), *many = node_get(n, "classes");
        if (!one || !many) continue;
        diag_error(c->diag, ERR_CONTRADICTION, node_key_place(many),
                   _("storage.%s has both class and classes"), n->key);
        diag_fix(c->diag, _("keep one of the two; class is set at %s"),
                 place_text(node_key_place(one), c->arena));
    }
}

/* --- owners --- */

/* Owners of all workloads as a map, so that many limits cost little. */
static struct node *owners_of(const struct checks *c)
{
    struct node *owners = node_new(NODE_MAP, c->arena);
    for (size_t i = 0; i < c->scenario->n_workloads; i++) {
        const char *owner = c->scenario->workloads[i].owner;
        if (owner && !node_get(owners, owner))
            node_put(owners, owner, node_new(NODE_TEXT, c->arena), c->arena);
    }
    return owners;
}

static void owner_names_check(const struct checks *c, const struct node *owners, const char *path)
{
    const struct node *limits = node_find(c->scenario->root, path);
    for (const struct node *n = limits ? limits->first : NULL; n; n = n->next) {
        if (node_get(owners, n->key)) continue;
        size_t count = 0;
        const char **names = NULL;
        for (const struct node *o = owners->first; o; o = o->next)
            *ARENA_PUSH(c->arena, names, count) = o->key;
        diag_warning(c->diag, ERR_OWNER_UNKNOWN, node_key_place(n),
                     _("%s names '%s', the owner of no workload"), path, n->key);
        const char *near = nearest_name(n->key, names, count);
        if (near)
            diag_fix(c->diag, _("did you mean '%s'?"), near);
        else
            diag_fix(c->diag, _("write 'owner: %s' in a workload, or remove the limit"), n->key);
    }
}

enum err cross_check(const struct scenario *s, const struct reading *reading, struct arena *a,
                     struct diag *d)
{
    const struct checks c = {s, reading, a, d};
    const size_t before = d->n_errors;
    horizon_check(&c);
    money_check(&c);
    datasets_check(&c);
    for (size_t i = 0; i < s->n_workloads; i++) {
        workers_check(&c, &s->workloads[i]);
        uses_check(&c, &s->workloads[i]);
    }
    const struct node *owners = owners_of(&c);
    owner_names_check(&c, owners, "budget.by");
    owner_names_check(&c, owners, "quota_by");
    return d->n_errors > before ? d->code : OK;
}
