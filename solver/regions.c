/* Regions that no optimum needs. A workload whose datasets may lie in many regions has as many copies of every option; a
 * region is dropped when another one is at least as good for it in every respect: each dataset costs no more and reads no
 * slower there, and each option has one that dominates it. That is exact only where the workload shares no file system:
 * every dataset is its own, and the classes they may lie in are nobody else's (or neither have a smallest size nor are
 * read from, as a bucket of which only the size is paid). */
#include "solver/model.h"
#include "solver/options.h"
#include <string.h>

struct pruning {
    struct model *m;
    size_t workload;
    size_t n_regions;
    const char **regions;
    bool *dead;
    size_t *instead; /* of a dead region: one that is no worse and stays */
};

static bool own_store(const struct store *s, size_t workload)
{
    for (size_t u = 0; u < s->n_users; u++)
        if (s->users[u] != workload) return false;
    return true;
}

static bool uses_store(const struct store *s, size_t workload)
{
    for (size_t u = 0; u < s->n_users; u++)
        if (s->users[u] == workload) return true;
    return false;
}

static bool asks_for_capacity(const struct home *h, const struct store *s)
{
    return h->tariff.min_size_gib > 0 || h->tariff.step_gib > 0 || s->read_gib > 0 ||
           s->floor_mbps > 0;
}

/* Another workload's dataset may share this home's class, and that could matter: capacity of one gives throughput to both. */
static bool shared_home(const struct model *m, size_t workload, const struct store *own,
                        const struct home *h)
{
    if (h->class_->per_machine) return false;
    for (size_t i = 0; i < m->n_stores; i++) {
        const struct store *s = &m->stores[i];
        if (own_store(s, workload)) continue;
        for (size_t k = 0; k < s->n_homes; k++)
            if (s->homes[k].class_ == h->class_ &&
                (asks_for_capacity(h, own) || asks_for_capacity(&s->homes[k], s)))
                return true;
    }
    return false;
}

static bool may_prune(const struct model *m, size_t workload)
{
    if (m->scenario->workloads[workload].n_uses == 0) return false;
    for (size_t i = 0; i < m->n_stores; i++) {
        const struct store *s = &m->stores[i];
        if (!uses_store(s, workload)) continue;
        if (!own_store(s, workload)) return false;
        for (size_t k = 0; k < s->n_homes; k++)
            if (shared_home(m, workload, s, &s->homes[k])) return false;
    }
    return true;
}

static size_t count_groups(const struct model *m)
{
    return m->n_groups + m->n_served;
}

/* Groups of batch work, then those of rate demands. */
static struct group *group_at(const struct model *m, size_t i)
{
    return i < m->n_groups ? &m->groups[i] : &m->served[i - m->n_groups].group;
}

static void list_regions(struct pruning *p)
{
    for (size_t g = 0; g < count_groups(p->m); g++) {
        const struct group *group = group_at(p->m, g);
        for (size_t s = 0; group->workload == p->workload && s < group->n_sites; s++) {
            size_t i = 0;
            while (i < p->n_regions && strcmp(p->regions[i], group->sites[s].region) != 0) i++;
            if (i == p->n_regions)
                *ARENA_PUSH(p->m->arena, p->regions, p->n_regions) = group->sites[s].region;
        }
    }
}

/* Throughput counts where the dataset is read, has a floor, or holds checkpoints. */
static bool speed_matters(const struct model *m, const struct store *s)
{
    return s->read_gib > 0 || s->floor_mbps > 0 ||
           !strcmp(m->scenario->datasets[s->dataset].name, "checkpoints");
}

static bool home_no_worse(const struct home *a, const struct home *b, bool speed)
{
    const struct storage_tariff *x = &a->tariff, *y = &b->tariff;
    if (speed && (x->base_mbps < y->base_mbps || x->slope_mbps_per_gib < y->slope_mbps_per_gib ||
                  x->max_mbps < y->max_mbps || x->client_mbps < y->client_mbps ||
                  x->write_mbps < y->write_mbps))
        return false;
    return a->class_ == b->class_ && ratio_cmp(a->price_gib_h, b->price_gib_h) <= 0 &&
           ratio_cmp(a->egress_gib, b->egress_gib) <= 0 &&
           ratio_cmp(a->retrieval_gib, b->retrieval_gib) <= 0 &&
           x->min_size_gib <= y->min_size_gib && x->step_gib <= y->step_gib &&
           x->max_size_gib >= y->max_size_gib && x->min_days <= y->min_days;
}

static bool site_no_worse(const struct model *m, const struct group *g, const struct site *a,
                          const struct site *b)
{
    const struct workload *w = g->shape->workload;
    for (size_t j = 0; j < w->n_uses; j++) {
        const struct store *s = &m->stores[store_find(m, w->uses[j].use)];
        if (!home_no_worse(&s->homes[a->home[j]], &s->homes[b->home[j]], speed_matters(m, s)))
            return false;
    }
    return true;
}

/* Of few machines only what whole machines never need is left out. */
static bool service_no_worse(const struct model *m, const struct served *v, size_t a, size_t b)
{
    return served_dominates(m, v, a, b) && (!served_few(v, a) || served_replaces(m, v, a, b));
}

static bool options_no_worse(const struct model *m, size_t index, size_t a, size_t b)
{
    const struct group *g = group_at(m, index);
    for (size_t i = 0; i < g->n_options; i++) {
        if (g->options[i].site != b) continue;
        bool found = false;
        for (size_t k = 0; !found && k < g->n_options; k++)
            found = g->options[k].site == a &&
                    (g->service ? service_no_worse(m, &m->served[index - m->n_groups], k, i)
                                : option_dominates(m, &g->options[k], &g->options[i], g));
        if (!found) return false;
    }
    return true;
}

/* Every site of region `b` has one in region `a` that is no worse. */
static bool region_no_worse(const struct pruning *p, const char *a, const char *b)
{
    for (size_t g = 0; g < count_groups(p->m); g++) {
        const struct group *group = group_at(p->m, g);
        if (group->workload != p->workload) continue;
        for (size_t i = 0; i < group->n_sites; i++) {
            if (strcmp(group->sites[i].region, b) != 0) continue;
            bool found = false;
            for (size_t k = 0; !found && k < group->n_sites; k++)
                found = !strcmp(group->sites[k].region, a) &&
                        site_no_worse(p->m, group, &group->sites[k], &group->sites[i]) &&
                        options_no_worse(p->m, g, k, i);
            if (!found) return false;
        }
    }
    return true;
}

/* Options of the workload in a region that rest on estimates. */
static size_t estimates(const struct pruning *p, const char *region)
{
    size_t n = 0;
    for (size_t g = 0; g < count_groups(p->m); g++) {
        const struct group *group = group_at(p->m, g);
        for (size_t o = 0; group->workload == p->workload && o < group->n_options; o++)
            n += group->options[o].estimated &&
                 !strcmp(p->m->offers[group->options[o].offer].region, region);
    }
    return n;
}

/* Of two regions that are as good the one with fewer estimated prices stays, else the first. */
static void find_dead(struct pruning *p)
{
    p->dead = ARENA_NEW(p->m->arena, bool, p->n_regions + 1);
    p->instead = ARENA_NEW(p->m->arena, size_t, p->n_regions + 1);
    for (size_t i = 0; i < p->n_regions; i++)
        for (size_t k = 0; k < p->n_regions && !p->dead[i]; k++) {
            if (k == i || p->dead[k] || !region_no_worse(p, p->regions[k], p->regions[i])) continue;
            p->instead[i] = k;
            if (!region_no_worse(p, p->regions[i], p->regions[k])) {
                p->dead[i] = true;
                continue;
            }
            const size_t mine = estimates(p, p->regions[i]), theirs = estimates(p, p->regions[k]);
            p->dead[i] = theirs < mine || (theirs == mine && k < i);
        }
}

static bool is_dead(const struct pruning *p, const char *region)
{
    for (size_t i = 0; i < p->n_regions; i++)
        if (!strcmp(p->regions[i], region)) return p->dead[i];
    return true; /* no option of any group lies there */
}

/* The region that stands in for a dead one; NULL: none needs to. */
static const char *instead_of(const struct pruning *p, const char *region)
{
    for (size_t i = 0; i < p->n_regions; i++) {
        size_t k = i;
        if (strcmp(p->regions[i], region) != 0) continue;
        while (p->dead[k]) k = p->instead[k];
        return p->regions[k];
    }
    return NULL;
}

/* Removes the dead homes of a store; map[old] is the new index. */
static void drop_homes(const struct pruning *p, size_t store, size_t *map)
{
    struct store *s = &p->m->stores[store];
    size_t kept = 0;
    for (size_t h = 0; h < s->n_homes; h++) {
        const struct home home = s->homes[h];
        map[h] = kept;
        if (is_dead(p, home.region))
            *ARENA_PUSH(p->m->arena, p->m->dropped, p->m->n_dropped) =
                (struct dropped_home){store, home, instead_of(p, home.region)};
        else
            s->homes[kept++] = home;
    }
    s->n_homes = kept;
}

/* Whether another option, of a site that stays, does what this one does for whole machines too. */
static bool is_replaced(const struct model *m, const struct served *v, size_t option,
                        const size_t *map)
{
    for (size_t k = 0; k < v->group.n_options; k++)
        if (map[v->group.options[k].site] != NONE && served_replaces(m, v, k, option)) return true;
    return false;
}

/* The candidates that are shown know their places by the new numbers; NONE: a place that was dropped. */
static void renumber_candidates(const struct pruning *p, const struct group *g, const size_t *map)
{
    const size_t shape = g->service ? NONE : (size_t)(g->shape - p->m->demands->shapes);
    for (size_t i = 0; g->first_of_shape && i < p->m->n_candidates; i++) {
        struct candidate *c = &p->m->candidates[i];
        if (c->workload == g->workload && c->shape == shape && c->placement != NONE)
            c->placement = map[c->placement];
    }
}

static void drop_sites(const struct pruning *p, size_t index, size_t *const *maps)
{
    struct group *g = group_at(p->m, index);
    struct served *v = g->service ? &p->m->served[index - p->m->n_groups] : NULL;
    const struct workload *w = g->shape->workload;
    struct site *sites = ARENA_NEW(p->m->arena, struct site, g->n_sites);
    size_t *map = ARENA_NEW(p->m->arena, size_t, g->n_sites), kept = 0;
    for (size_t i = 0; i < g->n_sites; i++) {
        map[i] = NONE;
        if (is_dead(p, g->sites[i].region)) continue;
        for (size_t j = 0; j < w->n_uses; j++)
            g->sites[i].home[j] = maps[store_find(p->m, w->uses[j].use)][g->sites[i].home[j]];
        map[i] = kept;
        sites[kept++] = g->sites[i];
    }
    g->sites = sites;
    g->n_sites = kept;
    renumber_candidates(p, g, map);
    for (size_t i = 0; v && i < g->n_options; i++)
        if (map[g->options[i].site] == NONE) v->whole_dropped |= !is_replaced(p->m, v, i, map);
    size_t options = 0;
    for (size_t i = 0; i < g->n_options; i++) {
        if (map[g->options[i].site] == NONE) continue;
        g->options[options] = g->options[i];
        g->options[options].site = map[g->options[i].site];
        if (v) v->pool_of[options] = v->pool_of[i];
        options++;
    }
    g->n_options = options;
}

static void prune(struct pruning *p)
{
    struct model *m = p->m;
    list_regions(p);
    find_dead(p);
    size_t **maps = ARENA_NEW(m->arena, size_t *, m->n_stores + 1);
    for (size_t s = 0; s < m->n_stores; s++) {
        if (!uses_store(&m->stores[s], p->workload)) continue;
        maps[s] = ARENA_NEW(m->arena, size_t, m->stores[s].n_homes + 1);
        drop_homes(p, s, maps[s]);
    }
    for (size_t g = 0; g < count_groups(m); g++)
        if (group_at(m, g)->workload == p->workload) drop_sites(p, g, maps);
}

void regions_prune(struct model *m)
{
    for (size_t w = 0; w < m->scenario->n_workloads; w++)
        if (may_prune(m, w)) prune(&(struct pruning){.m = m, .workload = w});
}
