/* The names of the parts of a bill. */
#include "common/text.h"
#include "solver/plan.h"

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
