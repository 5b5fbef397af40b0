/* The parts of a bill: their names, the fractions that amounts are counted in, and the check of the sum. */
#include "common/text.h"
#include "solver/ledger.h"
#include <math.h>
#include <string.h>

int64_t ledger_parts(double amount, double times)
{
    const double most = 4e18; /* 2^63 is 9.2e18 */
    int64_t parts = 1000000;
    while (parts && amount * (double)parts * times > most) parts /= 10;
    return parts;
}

const char *ledger_part_name(enum ledger_part part)
{
    static const char *const names[N_PARTS] = {
        "compute", "start",  "discount",  "commitment_used", "commitment_new", "disk",
        "storage", "egress", "retrieval", "licence",         "late",           "unserved"};
    return names[part];
}

const char *ledger_part_label(enum ledger_part part)
{
    static const char *const labels[N_PARTS] = {N_("machines"),
                                                N_("starts"),
                                                N_("negotiated discount"),
                                                N_("existing commitments"),
                                                N_("new commitments"),
                                                N_("disks"),
                                                N_("storage"),
                                                N_("traffic to the internet"),
                                                N_("retrieval"),
                                                N_("licences"),
                                                N_("late work"),
                                                N_("load left out")};
    return _(labels[part]);
}

enum err ledger_check(const struct plan *plan, double objective, struct diag *d)
{
    const double total = (double)plan->cost / 1e6;
    const double allowed = 1e-9 * fabs(total) + 0.5e-6 * (double)(plan->n_ledger + 1);
    if (fabs(total - objective) <= allowed) return OK;
    return diag_error(d, ERR_INTERNAL, (struct place){0},
                      _("the ledger says %.6f where the objective function says %.6f"), total,
                      objective);
}

static bool same_line(const struct ledger_line *a, const struct ledger_line *b)
{
    return a->part == b->part && a->demand == b->demand && a->offer == b->offer &&
           a->month == b->month && a->quantity_den == b->quantity_den && a->dataset == b->dataset &&
           ratio_cmp(a->price, b->price) == 0;
}

void ledger_merge(struct plan *p, size_t first)
{
    size_t kept = first;
    for (size_t i = first; i < p->n_ledger; i++) {
        size_t found = kept;
        for (size_t j = kept;
             j-- > first && kept - j < 64 && p->ledger[j].demand == p->ledger[i].demand;)
            if (same_line(&p->ledger[j], &p->ledger[i])) found = j;
        if (found < kept)
            p->ledger[found].quantity += p->ledger[i].quantity;
        else
            p->ledger[kept++] = p->ledger[i];
    }
    p->n_ledger = kept;
}

micro_t ledger_budget(const struct plan *plan, const struct budget *b)
{
    micro_t sum = 0;
    for (size_t i = 0; i < plan->n_ledger; i++) {
        const struct ledger_line *l = &plan->ledger[i];
        if (b->month >= 0 && l->month != b->month) continue;
        if (b->owner && (!l->owner || strcmp(b->owner, l->owner) != 0)) continue;
        sum += l->amount;
    }
    return sum;
}
