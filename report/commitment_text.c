#include "report/commitment_text.h"
#include "report/wording.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *commitment_name(const struct plan *p, const struct commitment_outcome *c,
                            struct arena *a)
{
    if (c->offer == NO_INDEX) return _("savings plan");
    const struct offer *o = &p->offers[c->offer];
    return arena_printf(a, "%s, %s, %s", book_type(p->book, o->type)->name, offer_market_label(o),
                        offer_place(o));
}

/* "pays from 66.7% (480 of 720 h)". */
static const char *break_even_text(const struct commitment_outcome *c, struct arena *a)
{
    if (!isfinite(c->break_even_frac)) return _("no price on demand there to compare with");
    const char *share = percent_text(a, c->break_even_frac, 1);
    if (c->break_even_frac >= 1)
        return arena_printf(a, _("never pays (%s of the price on demand)"), share);
    if (c->term_h <= 0 || c->offer == NO_INDEX) return arena_printf(a, _("pays from %s"), share);
    return arena_printf(a, _("pays from %s (%s of %s h)"), share,
                        number_text(a, c->break_even_frac * c->term_h, 0),
                        number_text(a, c->term_h, 0));
}

static const char *held_text(const struct plan *p, const struct commitment_outcome *c,
                             struct arena *a)
{
    const char *name = commitment_name(p, c, a);
    if (c->offer == NO_INDEX)
        return arena_printf(a, _("%s of %s %s/h"), name, currency_name(p->scenario->currency),
                            number_text(a, c->count, 4));
    const bool whole = fabs(c->count - round(c->count)) < 1e-6;
    return arena_printf(a, "%s x %s", number_text(a, c->count, whole ? 0 : 3), name);
}

const char *commitment_text(const struct plan *p, const struct commitment_outcome *c,
                            struct arena *a)
{
    const char *pays = break_even_text(c, a);
    const char *level =
        c->level < 0 ? "" : arena_printf(a, _("; cheapest for this use alone: %ld"), c->level);
    if (!(c->count > 0))
        return arena_printf(a, _("Not bought: %s: one more would be used %s of the time, %s%s"),
                            commitment_name(p, c, a), percent_text(a, c->next_frac, 1), pays,
                            level);
    const char *used = isfinite(c->used_frac) ? percent_text(a, c->used_frac, 1) : "-";
    const char *held = held_text(p, c, a);
    if (c->existing)
        return arena_printf(a, _("Committed: %s: used %s of the time, %s%s"), held, used, pays,
                            level);
    return arena_printf(a, _("Bought: %s: used %s of the time, %s%s"), held, used, pays, level);
}

/* How near to paying: above 1 one more would pay. */
static double nearness(const struct commitment_outcome *c)
{
    return isfinite(c->break_even_frac) && c->break_even_frac > 0
               ? c->next_frac / c->break_even_frac
               : 0;
}

static int by_nearness(const void *x, const void *y)
{
    const struct commitment_outcome *a = *(const struct commitment_outcome *const *)x;
    const struct commitment_outcome *b = *(const struct commitment_outcome *const *)y;
    const bool held_a = a->count > 0, held_b = b->count > 0;
    if (held_a != held_b) return held_a ? -1 : 1;
    if (!held_a && nearness(a) != nearness(b)) return nearness(a) > nearness(b) ? -1 : 1;
    return a < b ? -1 : a > b; /* of one array: as the plan lists them */
}

static bool same_machine(const struct plan *p, const struct commitment_outcome *a,
                         const struct commitment_outcome *b)
{
    if (a->offer == NO_INDEX || b->offer == NO_INDEX) return a->offer == b->offer;
    return p->offers[a->offer].type == p->offers[b->offer].type &&
           strcmp(p->offers[a->offer].region, p->offers[b->offer].region) == 0;
}

const struct commitment_outcome **commitments_shown(size_t *n, const struct plan *p, size_t most,
                                                    struct arena *a)
{
    const struct commitment_outcome **all =
        ARENA_NEW(a, const struct commitment_outcome *, p->n_commitments + 1);
    for (size_t i = 0; i < p->n_commitments; i++) all[i] = &p->commitments[i];
    if (p->n_commitments) qsort(all, p->n_commitments, sizeof(void *), by_nearness);
    size_t offered = 0;
    *n = 0;
    for (size_t i = 0; i < p->n_commitments; i++) {
        bool told = false;
        for (size_t k = 0; k < *n && !(all[i]->count > 0); k++)
            told = told || same_machine(p, all[k], all[i]);
        if (told || (!(all[i]->count > 0) && offered == most)) continue;
        offered += !(all[i]->count > 0);
        all[(*n)++] = all[i];
    }
    return all;
}
