/* The parts of a bill: their names, the fractions that amounts are counted in, and the check of the sum. */
#include "common/text.h"
#include "solver/ledger.h"
#include <math.h>

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
