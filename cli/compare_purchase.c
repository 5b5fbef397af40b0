/* compare --purchase: the same work on-demand, by the best mix, and on spot alone. */
#include "cli/compare.h"
#include "common/text.h"
#include "scenarios/kinds.h"
#include <string.h>

const char *const purchase_keys[] = {N_("on-demand"), N_("best mix"), N_("spot only")};

static bool may_use_spot(const struct workload *w)
{
    return w->tolerant && (w->markets & (1u << MARKET_SPOT));
}

/* Pay-as-you-go in the forms the workload's kind knows: a service may follow its load. */
static const char *on_demand_set(const struct workload *w, struct arena *a)
{
    const char *allowed = w->kind->service ? "[on_demand, autoscaled]" : "[on_demand]";
    return arena_printf(a, "workloads.\"%s\".purchase=%s", w->name, allowed);
}

struct settings {
    size_t n;
    const char **items;
    struct arena *arena;
};

static void setting_add(struct settings *s, const char *setting)
{
    *ARENA_PUSH(s->arena, s->items, s->n) = setting;
}

/* Everything that may run on spot does, without the limits that keep part of it off. */
static void spot_only_add(struct settings *s, const struct workload *w)
{
    if (!may_use_spot(w)) {
        setting_add(s, on_demand_set(w, s->arena));
        return;
    }
    setting_add(s, arena_printf(s->arena, "workloads.\"%s\".purchase=[spot]", w->name));
    if (w->spot_max_share < 1)
        setting_add(s, arena_printf(s->arena, "workloads.\"%s\".spot_max_share=100%%", w->name));
    if (w->on_demand_base > 0)
        setting_add(s, arena_printf(s->arena, "workloads.\"%s\".spot.on_demand_base=0", w->name));
}

/* Far above any plan: the ways to buy are compared by what they cost, and the dearer ones would have no plan within the
 * limits. The best mix keeps them. */
static bool money_limits_lift(struct settings *s, const struct scenario *sc)
{
    if (sc->budget.given) setting_add(s, "budget.limit=9000000000");
    for (size_t i = 0; i < sc->n_owner_budgets; i++)
        setting_add(
            s, arena_printf(s->arena, "budget.by.\"%s\"=9000000000", sc->owner_budgets[i].owner));
    return sc->budget.given || sc->n_owner_budgets > 0;
}

enum err purchases_make(struct plan_task tasks[N_PURCHASES], const char *names[N_PURCHASES],
                        bool *lifted, const struct planning *p, struct cli *cli)
{
    struct arena *a = cli->arena;
    struct scenario s;
    const struct scenario_options options = {.n_set = p->n_set, .set = p->set};
    struct diag quiet = {.arena = a}; /* the plans give the warnings */
    if (scenario_load(&s, p->path, &options, a, &quiet) != OK) {
        findings_collect(cli->diag, &quiet);
        return cli->diag->code;
    }
    struct settings on_demand = {.arena = a}, spot = {.arena = a};
    for (size_t i = 0; i < s.n_workloads; i++) {
        setting_add(&on_demand, on_demand_set(&s.workloads[i], a));
        spot_only_add(&spot, &s.workloads[i]);
    }
    *lifted = money_limits_lift(&on_demand, &s) && money_limits_lift(&spot, &s);
    const struct settings none = {0}, *const sets[N_PURCHASES] = {&on_demand, &none, &spot};
    for (size_t i = 0; i < N_PURCHASES; i++) {
        tasks[i].planning = planning_with(p, sets[i]->items, sets[i]->n, a);
        tasks[i].variant = "base";
        names[i] = _(purchase_keys[i]);
    }
    return OK;
}
