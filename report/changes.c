#include "report/changes.h"
#include "common/text.h"
#include "report/wording.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const change_signs[] = {"-", "+", "~"};
const char *const change_words[] = {"less", "more", "other"};

/* Relative; less is the estimate of rework, not more or fewer machines. */
static const double SAME_HOURS = 1e-3;

/* What is told as one line: machines of one type, market and region with their starts and discounts; the rest by what it
 * is for. */
struct entry {
    const char *kind, *workload, *type, *market, *region, *dataset, *note;
    struct side {
        bool there;
        long machines;
        double quantity;
        const char *unit;
        micro_t amount;
        const char *note;
    } side[2];
};

static bool same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool part_is(const struct bill_item *i, enum ledger_part part)
{
    return strcmp(i->part, ledger_part_name(part)) == 0;
}

static struct entry entry_of(const struct bill_item *i)
{
    const struct entry machines = {.kind = ledger_part_name(PART_COMPUTE),
                                   .workload = i->workload,
                                   .type = i->type,
                                   .market = i->market,
                                   .region = i->place};
    if (part_is(i, PART_COMPUTE) || (i->type && part_is(i, PART_START)) ||
        (i->type && part_is(i, PART_DISCOUNT)))
        return machines;
    if (part_is(i, PART_COMMITTED) || part_is(i, PART_COMMITMENT_NEW))
        return (struct entry){.kind = i->part,
                              .type = i->type,
                              .market = i->market,
                              .region = i->place,
                              .note = i->type ? NULL : i->note};
    if (i->dataset)
        return (struct entry){.kind = ledger_part_name(PART_STORAGE), .dataset = i->dataset};
    const bool named = part_is(i, PART_LICENCE);
    return (struct entry){.kind = i->part, .workload = i->workload, .note = named ? i->note : NULL};
}

static bool same_entry(const struct entry *a, const struct entry *b)
{
    return same(a->kind, b->kind) && same(a->workload, b->workload) && same(a->type, b->type) &&
           same(a->market, b->market) && same(a->region, b->region) &&
           same(a->dataset, b->dataset) && same(a->note, b->note);
}

/* Quantities of different units are not added: those of the first line count. */
static void side_add(struct side *s, const struct bill_item *i)
{
    const bool primary = !part_is(i, PART_START) && !part_is(i, PART_DISCOUNT);
    if (primary && (!s->unit || same(s->unit, i->unit))) {
        s->unit = i->unit;
        s->quantity += i->quantity;
        if (!s->note) s->note = i->note;
    }
    s->there = true;
    if (i->machines > s->machines) s->machines = i->machines;
    s->amount += i->amount;
}

static size_t entries_make(struct entry **entries, const struct bill *const bills[2],
                           struct arena *a)
{
    size_t n = 0;
    *entries = NULL;
    for (size_t side = 0; side < 2; side++) {
        for (size_t i = 0; i < bills[side]->n_items; i++) {
            const struct entry key = entry_of(&bills[side]->items[i]);
            size_t found = 0;
            while (found < n && !same_entry(&(*entries)[found], &key)) found++;
            if (found == n) *ARENA_PUSH(a, *entries, n) = key;
            side_add(&(*entries)[found].side[side], &bills[side]->items[i]);
        }
    }
    return n;
}

static const char *market_label(const char *word)
{
    static const char *const labels[][2] = {
        {"on_demand", N_("on-demand")},
        {"spot", N_("spot, first hour protected")},
        {"spot_unprotected", N_("spot, unprotected")},
        {"autoscaled", N_("autoscaled")},
        {"subscription", N_("subscription")},
        {"savings_plan", N_("savings plan")},
    };
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (same(word, labels[i][0])) return _(labels[i][1]);
    return word ? word : "";
}

/* Label of a part by its word; rework is ours. */
static const char *part_label(const char *word)
{
    if (same(word, BILL_REWORK)) return _("rework, restarts and checkpoints");
    for (int part = 0; part < N_PARTS; part++)
        if (same(word, ledger_part_name((enum ledger_part)part)))
            return ledger_part_label((enum ledger_part)part);
    return word;
}

static const char *entry_text(const struct entry *e, struct arena *a)
{
    if (e->dataset) {
        const char *before = e->side[0].note, *after = e->side[1].note;
        if (before && after && !same(before, after))
            return arena_printf(a, _("%s on %s instead of %s"), e->dataset, after, before);
        return arena_printf(a, _("%s on %s"), e->dataset, after ? after : before ? before : "-");
    }
    if (e->type && same(e->kind, ledger_part_name(PART_COMPUTE)))
        return arena_printf(a, "%s  %s, %s", e->type, market_label(e->market), e->region);
    const char *label = part_label(e->kind);
    if (e->type) return arena_printf(a, "%s: %s, %s", label, e->type, e->region);
    return e->note ? arena_printf(a, "%s: %s", label, e->note) : label;
}

/* More or less of it; the same at another price, or in a form that has no count, is otherwise. */
static enum change_sign sign_of(const struct entry *e)
{
    const struct side *x = &e->side[0], *y = &e->side[1];
    if (!x->there) return CHANGE_MORE;
    if (!y->there) return CHANGE_LESS;
    if (x->machines != y->machines) return y->machines > x->machines ? CHANGE_MORE : CHANGE_LESS;
    if (e->type && fabs(x->quantity - y->quantity) > SAME_HOURS * (x->quantity + y->quantity))
        return y->quantity > x->quantity ? CHANGE_MORE : CHANGE_LESS;
    return CHANGE_OTHER;
}

static int change_cmp(const void *left, const void *right)
{
    const struct change *a = left, *b = right;
    if (a->sign != b->sign) return a->sign < b->sign ? -1 : 1;
    const micro_t x = llabs(a->amount), y = llabs(b->amount);
    if (x != y) return x > y ? -1 : 1;
    const int order = strcmp(a->workload ? a->workload : "", b->workload ? b->workload : "");
    return order ? order : strcmp(a->what, b->what);
}

static bool is_unchanged(const struct entry *e)
{
    const struct side *x = &e->side[0], *y = &e->side[1];
    return x->amount == y->amount && x->machines == y->machines &&
           (!e->dataset || same(x->note, y->note));
}

struct change_list changes_find(const struct bill *before, const struct bill *after,
                                struct arena *a)
{
    const struct bill *const bills[2] = {before, after};
    struct entry *entries;
    const size_t n = entries_make(&entries, bills, a);
    struct change_list list = {.total = after->cost - before->cost};
    for (size_t i = 0; i < n; i++) {
        const struct entry *e = &entries[i];
        if (is_unchanged(e)) continue;
        const bool machines = e->side[0].machines != e->side[1].machines;
        *ARENA_PUSH(a, list.items, list.n) = (struct change){
            .sign = sign_of(e),
            .workload = e->workload,
            .what = entry_text(e, a),
            .kind = e->kind,
            .type = e->type,
            .market = e->market,
            .region = e->region,
            .machines = machines,
            .before = machines ? (double)e->side[0].machines : e->side[0].quantity,
            .after = machines ? (double)e->side[1].machines : e->side[1].quantity,
            .unit = e->side[0].unit ? e->side[0].unit : e->side[1].unit,
            .amount = e->side[1].amount - e->side[0].amount,
        };
    }
    if (list.n) qsort(list.items, list.n, sizeof *list.items, change_cmp);
    return list;
}
