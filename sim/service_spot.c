/* Spot machines of a service: taken at any time, replaced as soon as there is stock, serving again after the restart. Where the
 * service puts the notice of a reclaim to use, the replacement is ordered that much earlier, if there is stock. */
#include "sim/service_play.h"
#include <math.h>

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t horizon(const struct service_play *p)
{
    return p->from_us[p->n_slots];
}

/* When a machine can be had: there is stock, and the price is within spot.max_price. At the end of the horizon at the latest. */
static int64_t stock_at(const struct service_play *p, const struct play_option *o, struct world *w,
                        int64_t us)
{
    while (us < horizon(p)) {
        const int64_t in_stock = world_stock(w, o->offer, us);
        if (isinf(o->most_factor)) return earlier(in_stock, horizon(p));
        us = world_price_crossing(w, o->offer, in_stock, horizon(p), o->most_factor, false);
        if (us == in_stock) return us;
    }
    return horizon(p);
}

/* When a machine that is held from us on is taken: by a reclaim, or by a price above spot.max_price. */
static int64_t taken_at(const struct service_play *p, const struct play_option *o,
                        struct spot_place *place, struct world *w, int64_t us)
{
    const int64_t reclaimed = reclaims_next(&place->reclaims, w, us);
    if (isinf(o->most_factor) || us >= horizon(p)) return reclaimed;
    return earlier(reclaimed,
                   world_price_crossing(w, o->offer, us, horizon(p), o->most_factor, true));
}

static void note(struct spot_slot *slot, const struct play_option *o, int64_t us, long change)
{
    if (us <= slot->from_us || us >= slot->to_us) return;
    slot->events[slot->n_events++] = (struct spot_event){us, o->pool, change};
}

/* The place gets a machine, ordered to be ready at us; one that has to be waited for boots when it is there. */
static void take_up(struct spot_place *place, const struct spot_slot *slot,
                    const struct service_play *p, const struct play_option *o, struct world *w)
{
    const int64_t us = slot->from_us;
    const int64_t ahead_us = llround(p->service->cold_start_h * (double)US_PER_H);
    const int64_t takes_us = boot_us(w, &slot->cold_start, place->number, place->starts++, 1);
    place->held = true;
    place->stock_us = stock_at(p, o, w, us);
    place->serves_us = us; /* the fleet is running when the horizon starts */
    if (us > 0) place->serves_us += later(0, takes_us - ahead_us);
    if (place->stock_us > us) place->serves_us = place->stock_us + takes_us;
    place->taken_us = taken_at(p, o, place, w, place->stock_us);
}

/* The machine is taken at us; its replacement is ordered, at the notice where that is put to use. */
static void replace(struct spot_slot *slot, struct spot_place *place, const struct service_play *p,
                    const struct play_option *o, struct world *w)
{
    const int64_t us = place->taken_us, held_us = us - place->stock_us;
    const struct workload *l = &p->model->plan->scenario->workloads[p->workload];
    const int64_t takes_us = boot_us(w, &slot->restart, place->number, place->starts++, 1);
    place->stock_us = stock_at(p, o, w, us);
    int64_t head_us = earlier(llround(l->notice_h * (double)US_PER_H), held_us);
    if (place->stock_us > us) head_us = 0;
    if (takes_us < head_us) head_us = takes_us;
    slot->unpaid_us -= head_us;
    place->serves_us = place->stock_us + takes_us - head_us;
    place->taken_us = taken_at(p, o, place, w, place->stock_us);
    slot->unpaid_us += later(0, earlier(place->stock_us, slot->to_us) - later(us, slot->from_us));
}

/* One place through one slot. True: it serves when the slot begins. */
static bool place_play(struct spot_slot *slot, const struct service_play *p,
                       const struct play_option *o, struct spot_place *place, struct world *w)
{
    if (!place->held) take_up(place, slot, p, o, w);
    const bool serves = place->serves_us <= slot->from_us && place->taken_us > slot->from_us;
    slot->unpaid_us += later(0, earlier(place->stock_us, slot->to_us) - slot->from_us);
    if (place->serves_us < place->taken_us) note(slot, o, place->serves_us, 1);
    /* More than these in a quarter of an hour would be no machine worth holding: the last one stays. */
    for (int hits = 0; hits < SPOT_EVENTS / 2 - 1 && place->taken_us < slot->to_us; hits++) {
        if (place->serves_us < place->taken_us) note(slot, o, place->taken_us, -1);
        slot->taken++;
        replace(slot, place, p, o, w);
        if (place->serves_us < place->taken_us) note(slot, o, place->serves_us, 1);
    }
    if (place->taken_us < slot->to_us) place->taken_us = taken_at(p, o, place, w, slot->to_us);
    return serves;
}

long spot_play(struct spot_slot *slot, const struct service_play *p, size_t option,
               struct spot_place *places, long n, struct world *w)
{
    const struct play_option *o = &p->options[option];
    long serving = 0;
    for (long j = 0; j < o->most; j++) {
        if (j < n)
            serving += place_play(slot, p, o, &places[j], w);
        else
            places[j].held = false;
    }
    return serving;
}

void spot_sort(struct spot_slot *slot)
{
    for (size_t i = 1; i < slot->n_events; i++) {
        const struct spot_event e = slot->events[i];
        size_t k = i;
        for (; k > 0 && slot->events[k - 1].at_us > e.at_us; k--)
            slot->events[k] = slot->events[k - 1];
        slot->events[k] = e;
    }
}
