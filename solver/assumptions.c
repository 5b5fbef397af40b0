/* Guesses and defaults that a plan rests on, so that none is silent: ranges given instead of numbers, reclaim rates, the speed
 * of a disk nobody stated; and data that machines must wait for. */
#include "solver/assumptions.h"
#include "common/text.h"
#include "solver/options.h"
#include <math.h>
#include <string.h>

struct teller {
    struct plan *plan;
    const struct model *m;
    const char **items;
    size_t n;
    bool *said_workload, *said_offer, said_hazard; /* whose reclaim rate was told */
};

static void say(struct teller *t, const char *text)
{
    for (size_t i = 0; i < t->n; i++)
        if (!strcmp(t->items[i], text)) return;
    *ARENA_PUSH(t->m->arena, t->items, t->n) = text;
}

static void say_range(struct teller *t, const struct uncertain *u, const char *path)
{
    if (!u->triple) return;
    const char *line = u->at.line ? arena_printf(t->m->arena, _("line %zu"), u->at.line) : "-";
    say(t, arena_printf(t->m->arena, _("%s %g, given as %g to %g (%s)"), path, u->base, u->low,
                        u->high, line));
}

static void say_ranges(struct teller *t)
{
    const struct scenario *s = t->m->scenario;
    for (size_t i = 0; i < s->n_workloads; i++) {
        const struct workload *w = &s->workloads[i];
        const struct {
            const struct uncertain *value;
            const char *key;
        } ranges[] = {{&w->gpu_hours, "work.gpu_hours"},
                      {&w->vcpu_hours, "work.vcpu_hours"},
                      {&w->seconds_per_item, "work.seconds_per_item"},
                      {&w->hazard_per_h, "spot.hazard_per_h"},
                      {&w->load_scale, "load.scale"}};
        for (size_t k = 0; k < sizeof ranges / sizeof *ranges; k++)
            say_range(t, ranges[k].value,
                      arena_printf(t->m->arena, "%s.%s", w->name, ranges[k].key));
        for (size_t k = 0; k < w->n_speeds; k++)
            say_range(t, &w->speeds[k].value,
                      arena_printf(t->m->arena, "%s.speed.%s", w->name, w->speeds[k].name));
    }
    say_range(t, &s->interruptions_per_day, "simulate.interruptions_per_day");
    say_range(t, &s->spot_price_factor, "simulate.spot_price_factor");
}

/* Where the reclaim rate of spot that is used comes from. */
static void say_hazard(struct teller *t, size_t workload, size_t offer)
{
    const struct workload *w = &t->m->scenario->workloads[workload];
    const struct offer *o = &t->m->offers[offer];
    if (!o->market->interruptible) return;
    bool *said = &t->said_hazard;
    if (w->hazard_per_h.given)
        said = &t->said_workload[workload];
    else if (!t->m->scenario->interruptions_per_day.given)
        said = &t->said_offer[offer];
    if (*said) return;
    *said = true;
    if (w->hazard_per_h.given)
        say(t,
            arena_printf(t->m->arena, _("%s: %g reclaims per machine and day (spot.hazard_per_h)"),
                         w->name, 24 * w->hazard_per_h.base));
    else if (t->m->scenario->interruptions_per_day.given)
        say(t,
            arena_printf(t->m->arena,
                         _("%g reclaims per spot machine and day (simulate.interruptions_per_day)"),
                         t->m->scenario->interruptions_per_day.base));
    else
        say(t, arena_printf(t->m->arena, _("%.3g reclaims per spot machine and day (price book)"),
                            24 * o->hazard_per_h));
}

static bool has_checkpoint_dataset(const struct workload *w)
{
    for (size_t j = 0; j < w->n_uses; j++)
        if (!strcmp(w->uses[j].use, "checkpoints")) return true;
    return false;
}

static void say_disk(struct teller *t, const struct workload *w)
{
    const bool writes = w->checkpoint_auto || w->checkpoint_every_h > 0;
    if (writes && w->checkpoint_size_gib > 0 && !has_checkpoint_dataset(w))
        say(t,
            arena_printf(
                t->m->arena,
                _("%s: checkpoints on the machine's disk at %g MB/s (no dataset \"checkpoints\")"),
                w->name, LOCAL_DISK_MBPS));
}

/* Traffic that the price book has no price for would be free in the plan only. */
static void warn_free_egress(struct teller *t)
{
    for (size_t i = 0; i < t->plan->n_datasets; i++) {
        const struct dataset_choice *c = &t->plan->datasets[i];
        const struct store *s = &t->m->stores[t->m->store_of[c->dataset]];
        const struct dataset *d = &t->m->scenario->datasets[c->dataset];
        if (s->egress_gib <= 0) continue;
        for (size_t h = 0; h < s->n_homes; h++) {
            const struct home *home = &s->homes[h];
            if (home->class_ != c->class_ || strcmp(home->region, c->region) != 0 ||
                home->egress_gib.num)
                continue;
            diag_warning(t->m->diag, ERR_EGRESS, d->at,
                         _("no price is known for %g GiB of dataset \"%s\" sent to the internet "
                           "from %s in %s"),
                         s->egress_gib * c->share, d->name, c->class_->name, c->region);
            diag_fix(t->m->diag, _("give a row with item `egress` in a file of catalog.storage"));
        }
    }
}

/* The class that was chosen gives less than the workload asks for: its machines wait. */
static void warn_slow_class(struct teller *t, const struct group *g, size_t site)
{
    const struct workload *w = g->shape->workload;
    for (size_t j = 0; j < w->n_uses; j++) {
        const struct store *s = &t->m->stores[store_find(t->m, w->uses[j].use)];
        const struct home *h = &s->homes[g->sites[site].home[j]];
        if (h->class_->per_machine || w->uses[j].throughput_mbps <= h->tariff.max_mbps) continue;
        diag_warning(t->m->diag, ERR_STALL, w->uses[j].at,
                     _("%s asks %g MB/s of dataset \"%s\", and %s in %s gives %g at most: machines "
                       "work %.0f%% of their time"),
                     w->name, w->uses[j].throughput_mbps, w->uses[j].use, h->class_->name,
                     h->region, h->tariff.max_mbps,
                     100 * h->tariff.max_mbps / w->uses[j].throughput_mbps);
        diag_fix(t->m->diag, _("choose a faster class under storage.%s, or ask for less"),
                 w->uses[j].use);
    }
}

void assumptions_tell(struct plan *plan, const struct model *m)
{
    struct teller t = {.plan = plan,
                       .m = m,
                       .said_workload = ARENA_NEW(m->arena, bool, m->scenario->n_workloads + 1),
                       .said_offer = ARENA_NEW(m->arena, bool, m->n_offers + 1)};
    bool *warned = ARENA_NEW(m->arena, bool, m->scenario->n_workloads + 1);
    say_ranges(&t);
    for (size_t i = 0; i < plan->n_stretches; i++) {
        const struct stretch *s = &plan->stretches[i];
        const struct group *g = &m->groups[m->group_of[s->demand]];
        say_hazard(&t, g->workload, s->offer);
        if (warned[g->workload]) continue;
        warned[g->workload] = true;
        say_disk(&t, g->shape->workload);
        if (g->shape->workload->n_uses) warn_slow_class(&t, g, s->placement);
    }
    warn_free_egress(&t);
    plan->assumptions = (struct text_list){.n = t.n, .items = t.items};
}
