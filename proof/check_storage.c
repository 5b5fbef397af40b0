/* Datasets lie where the plan says, in classes that take and read them; work is done where its data are. */
#include "common/text.h"
#include "proof/claim.h"
#include <math.h>
#include <stdlib.h>

/* Shares are known to the feasibility of the linear program. */
#define SHARE_SLACK 1e-6
#define SLACK       1e-9

struct held {
    const struct proof *p;
    const struct proof_claim *c;
    struct diag *d;
};

static bool refuse(const struct held *h, const char *what)
{
    diag_error(h->d, ERR_PROOF_STORAGE, (struct place){0}, "%s", what);
    return false;
}

static double share_of(const struct held *h, size_t store, size_t home)
{
    double sum = 0;
    for (size_t i = 0; i < h->c->n_datasets; i++)
        if (h->c->datasets[i].store == store && h->c->datasets[i].home == home)
            sum += h->c->datasets[i].share;
    return sum;
}

/* All of it lies somewhere; whole unless it may be split. */
static bool check_place(const struct held *h, size_t store)
{
    const struct proof_store *s = &h->p->stores[store];
    double sum = 0, most = 0;
    for (size_t i = 0; i < h->c->n_datasets; i++) {
        const struct claim_dataset *x = &h->c->datasets[i];
        if (x->store != store) continue;
        sum += x->share;
        most = fmax(most, x->share);
        if (x->share < 0 || x->extra_gib < 0 ||
            fabs(x->size_gib - x->share * s->size_gib) > SLACK * (1 + s->size_gib))
            return refuse(
                h, arena_printf(h->p->arena,
                                _("dataset \"%s\": %.15g GiB are not its share %.15g of %.15g GiB"),
                                s->name, x->size_gib, x->share, s->size_gib));
    }
    if (fabs(sum - 1) <= SHARE_SLACK && (s->split || h->c->relaxed || most >= 1 - SHARE_SLACK))
        return true;
    return refuse(
        h, arena_printf(h->p->arena,
                        _("dataset \"%s\": %.15g of it lies somewhere, %.15g at most in one place"),
                        s->name, sum, most));
}

/* Work of a job by use and home of the dataset. */
struct placed {
    size_t most_uses, most_homes;
    double *work; /* [jobs][uses][homes] */
};

static double *placed_at(const struct placed *x, size_t job, size_t use, size_t home)
{
    return &x->work[(job * x->most_uses + use) * x->most_homes + home];
}

static struct placed place_all(const struct held *h)
{
    const struct proof *p = h->p;
    struct placed x = {0};
    for (size_t s = 0; s < p->n_stores; s++)
        if (p->stores[s].n_homes > x.most_homes) x.most_homes = p->stores[s].n_homes;
    for (size_t i = 0; i < p->in.demands->n_shapes; i++)
        if (p->in.demands->shapes[i].workload->n_uses > x.most_uses)
            x.most_uses = p->in.demands->shapes[i].workload->n_uses;
    x.work = ARENA_NEW(p->arena, double, p->in.demands->n *x.most_uses *x.most_homes + 1);
    for (size_t r = 0; x.most_uses && r < h->c->n_runs; r++) {
        const struct claim_run run = claim_run_at(h->c, r);
        const struct proof_group *g = &p->groups[p->group_of[run.job]];
        for (size_t j = 0; j < g->shape->workload->n_uses; j++)
            *placed_at(&x, run.job, j, g->sites[run.choice->site].home[j]) += run.work;
    }
    return x;
}

/* Work under a site is no more than the share of every dataset that lies there. */
static bool check_links(const struct held *h)
{
    const struct proof *p = h->p;
    const struct placed placed = place_all(h);
    for (size_t i = 0; i < p->in.demands->n; i++) {
        const struct workload *w = p->in.demands->items[i].shape->workload;
        for (size_t j = 0; j < w->n_uses; j++) {
            const size_t store = proof_store_find(p, w->uses[j].use);
            for (size_t home = 0; home < p->stores[store].n_homes; home++) {
                const double work = *placed_at(&placed, i, j, home);
                if (work <= p->in.demands->items[i].work * (share_of(h, store, home) + SHARE_SLACK))
                    continue;
                return refuse(
                    h, arena_printf(p->arena,
                                    _("job \"%s\" works where only %.15g of dataset \"%s\" lies"),
                                    p->in.demands->items[i].name, share_of(h, store, home),
                                    p->stores[store].name));
            }
        }
    }
    return true;
}

/* Machines of a service stand where its datasets lie. */
static bool check_machines(const struct held *h)
{
    const struct proof *p = h->p;
    for (size_t i = 0; i < h->c->n_holdings; i++) {
        const struct claim_holding *x = &h->c->holdings[i];
        const struct proof_group *g = &p->services[x->service].group;
        for (size_t j = 0; j < g->shape->workload->n_uses; j++) {
            const size_t store = proof_store_find(p, g->shape->workload->uses[j].use);
            if (share_of(h, store, g->sites[x->choice->site].home[j]) > SHARE_SLACK) continue;
            return refuse(
                h, arena_printf(p->arena,
                                _("service \"%s\" has machines where dataset \"%s\" does not lie"),
                                p->services[x->service].service->name, p->stores[store].name));
        }
    }
    return true;
}

/* GiB of the class that are kept at a moment, and the throughput asked for by what lies there. */
static double size_at(const struct held *h, size_t pool, int64_t us, double *floor, bool *any)
{
    double size = 0;
    *floor = 0;
    *any = false;
    for (size_t i = 0; i < h->c->n_datasets; i++) {
        const struct claim_dataset *x = &h->c->datasets[i];
        const struct proof_store *s = &h->p->stores[x->store];
        if (s->homes[x->home].pool != pool || us < s->from_us || us >= s->from_us + s->keep_us)
            continue;
        size += x->size_gib + x->extra_gib;
        if (x->share <= SHARE_SLACK) continue;
        *any = true;
        *floor = fmax(*floor, s->floor_mbps * (s->split || h->c->relaxed ? x->share : 1));
    }
    return size;
}

/* MB/s that the machines of a stretch read of a pool. */
static double reads_of(const struct held *h, size_t pool, const struct claim_run *r)
{
    const struct proof *p = h->p;
    const struct demand *job = &p->in.demands->items[r->job];
    const struct proof_group *g = &p->groups[p->group_of[r->job]];
    double sum = 0;
    for (size_t j = 0; j < g->shape->workload->n_uses; j++) {
        const struct dataset_use *u = &g->shape->workload->uses[j];
        if (u->reads <= 0) continue;
        const struct proof_store *s = &p->stores[proof_store_find(p, u->use)];
        if (s->homes[g->sites[r->choice->site].home[j]].pool != pool) continue;
        const int64_t open =
            h->c->relaxed ? demand_open_us(job, r->from_us, r->to_us, true, p->horizon_us) : 1;
        const double machines =
            h->c->relaxed ? (double)r->paid_us / (double)open : (double)r->machines;
        sum += machines * r->choice->work / r->choice->u * u->reads * u->size_gib * 1024 / 3600 /
               job->work;
    }
    return sum;
}

struct change {
    int64_t at_us;
    double mbps;
};

static int by_time(const void *x, const void *y)
{
    const struct change *a = x, *b = y;
    return (a->at_us > b->at_us) - (a->at_us < b->at_us);
}

static bool check_moment(const struct held *h, size_t pool, int64_t us, double reads)
{
    const struct proof_pool *x = &h->p->pools[pool];
    const struct storage_tariff *t = &x->tariff;
    double floor;
    bool any;
    const double size = size_at(h, pool, us, &floor, &any);
    const double gives = fmin(t->base_mbps + t->slope_mbps_per_gib * size, t->max_mbps);
    const bool whole = !h->c->relaxed;
    if (any && whole && size < t->min_size_gib * (1 - SHARE_SLACK))
        return refuse(h, arena_printf(h->p->arena, _("%s in %s: %.15g GiB, sold from %.15g"),
                                      x->class_->name, x->region, size, t->min_size_gib));
    if (t->max_size_gib > 0 && size > t->max_size_gib * (1 + SHARE_SLACK))
        return refuse(h, arena_printf(h->p->arena, _("%s in %s: %.15g GiB, sold up to %.15g"),
                                      x->class_->name, x->region, size, t->max_size_gib));
    const double need = fmax(reads, any && whole ? fmin(floor, t->max_mbps) : 0);
    if (need <= gives * (1 + SHARE_SLACK) + SLACK) return true;
    return refuse(h, arena_printf(h->p->arena,
                                  _("%s in %s gives %.15g MB/s at hour %.6f, and %.15g are needed"),
                                  x->class_->name, x->region, gives, (double)us / (double)US_PER_H,
                                  need));
}

/* Whenever a dataset comes or goes, or what reads begins or ends. */
static bool check_pool(const struct held *h, size_t pool)
{
    const struct proof *p = h->p;
    struct change *all = NULL;
    size_t n = 0;
    double reads = 0;
    bool good = true;
    for (size_t s = 0; s < p->n_stores; s++) {
        const struct proof_store *x = &p->stores[s];
        *ARENA_PUSH(p->arena, all, n) = (struct change){x->from_us, 0};
        *ARENA_PUSH(p->arena, all, n) = (struct change){x->from_us + x->keep_us, 0};
    }
    for (size_t i = 0; i < h->c->n_runs; i++) {
        const struct claim_run r = claim_run_at(h->c, i);
        const double mbps = reads_of(h, pool, &r);
        if (mbps <= 0) continue;
        *ARENA_PUSH(p->arena, all, n) = (struct change){r.from_us, mbps};
        *ARENA_PUSH(p->arena, all, n) = (struct change){r.to_us, -mbps};
    }
    if (all) qsort(all, n, sizeof *all, by_time);
    for (size_t i = 0; good && i < n; i++) {
        reads += all[i].mbps;
        if (i + 1 < n && all[i + 1].at_us == all[i].at_us) continue;
        good = check_moment(h, pool, all[i].at_us, reads);
    }
    return good;
}

bool proof_check_storage(const struct proof *p, const struct proof_claim *c, struct diag *d)
{
    const struct held h = {p, c, d};
    bool good = true;
    for (size_t s = 0; s < p->n_stores; s++) good = check_place(&h, s) && good;
    good = check_links(&h) && check_machines(&h) && good;
    for (size_t i = 0; i < p->n_pools && good; i++) {
        bool used = false;
        for (size_t k = 0; k < c->n_datasets; k++)
            used |= p->stores[c->datasets[k].store].homes[c->datasets[k].home].pool == i;
        good = !used || check_pool(&h, i);
    }
    return good;
}
