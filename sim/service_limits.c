/* Quotas and stock for machines of a service beyond its plan: what the limits of the scenario leave when everything else is
 * used as planned. Names were checked when the plan was made. */
#include "sim/limits.h"
#include "sim/service_play.h"
#include <math.h>
#include <string.h>

/* First slot that ends after us. */
static size_t slot_at(const struct service_play *p, int64_t us)
{
    size_t low = 0, high = p->n_slots;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (p->from_us[middle + 1] > us)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* `units` are in use in every slot that [from, to) touches; changes[n_slots + 1]. */
static void note_use(double *changes, const struct service_play *p, double units, int64_t from_us,
                     int64_t to_us)
{
    if (units <= 0 || from_us >= to_us) return;
    const size_t first = slot_at(p, from_us), last = slot_at(p, to_us - 1);
    changes[first] += units;
    changes[last < p->n_slots ? last + 1 : p->n_slots] -= units;
}

/* What all others take, slot by slot, off cap->left. */
static void take_others(struct play_cap *cap, const struct service_play *p, const struct counted *c,
                        struct arena *a)
{
    const struct plan *plan = p->model->plan;
    double *changes = ARENA_NEW(a, double, p->n_slots + 2);
    for (size_t i = 0; i < plan->n_holdings; i++) {
        const struct holding *h = &plan->holdings[i];
        const struct service *service = &plan->services->items[h->service];
        if (service == p->service) continue;
        const double each = counted_units(plan, c, h->offer, service->shape->workload);
        note_use(changes, p, each * (double)h->machines, h->from_us, h->to_us);
    }
    for (size_t i = 0; i < plan->n_stretches; i++) {
        const struct stretch *x = &plan->stretches[i];
        const struct workload *user = plan->demands->items[x->demand].shape->workload;
        const double each = counted_units(plan, c, x->offer, user);
        note_use(changes, p, each * (double)x->machines, x->from_us, x->to_us);
    }
    for (size_t i = 0; i < plan->n_subscriptions; i++) {
        const struct subscription_choice *s = &plan->subscriptions[i];
        const double each = counted_units(plan, c, s->offer, NULL);
        note_use(changes, p, each * (double)s->count, 0, p->from_us[p->n_slots]);
    }
    double used = 0;
    for (size_t k = 0; k < p->n_slots; k++) {
        used += changes[k];
        cap->left[k] -= used;
    }
}

/* A limit that concerns a machine choice of the service; NULL: it does not. */
static struct play_cap *cap_add(struct service_play *p, const struct counted *c, struct arena *a)
{
    const struct plan *plan = p->model->plan;
    struct play_cap cap = {.units = ARENA_NEW(a, double, p->n_options + 1)};
    bool concerns = false;
    for (size_t o = 0; o < p->n_options; o++) {
        cap.units[o] = counted_units(plan, c, p->options[o].offer, p->service->shape->workload);
        concerns = concerns || (cap.units[o] > 0 && p->options[o].scales);
    }
    if (!concerns) return NULL;
    cap.left = ARENA_NEW(a, double, p->n_slots + 1);
    struct play_cap *kept = ARENA_PUSH(a, p->caps, p->n_caps);
    *kept = cap;
    return kept;
}

static void limits_add(struct service_play *p, const struct limit *limits, size_t n, bool quota,
                       struct arena *a)
{
    for (size_t i = 0; i < n; i++) {
        struct counted c = counted_by(p->model->plan, limits[i].name, limits[i].place_name);
        c.owner = limits[i].owner;
        c.quota = quota;
        struct play_cap *cap = cap_add(p, &c, a);
        if (!cap) continue;
        for (size_t k = 0; k < p->n_slots; k++) cap->left[k] = (double)limits[i].count;
        take_others(cap, p, &c, a);
    }
}

/* Stock over time: of one name and place, the last step that has begun holds; before the first there is no limit. */
static void steps_add(struct service_play *p, size_t first, struct arena *a)
{
    const struct scenario *s = p->model->plan->scenario;
    const struct stock_step *one = &s->stock_steps[first];
    const struct counted c = counted_by(p->model->plan, one->name, one->place_name);
    struct play_cap *cap = cap_add(p, &c, a);
    if (!cap) return;
    for (size_t k = 0; k < p->n_slots; k++)
        cap->left[k] = stock_at_step(s, first, p->from_us[k + 1] - 1);
    take_others(cap, p, &c, a);
}

void play_limits(struct service_play *p, struct arena *a)
{
    const struct scenario *s = p->model->plan->scenario;
    limits_add(p, s->quota, s->n_limits, true, a);
    limits_add(p, s->stock, s->n_stock, false, a);
    for (size_t i = 0; i < s->n_stock_steps; i++)
        if (is_first_step(s, i)) steps_add(p, i, a);
}
