/* Prices of single jobs for the certificate: those of limits are written like any other. */
#include "solver/certificate.h"
#include "solver/crowd_solve.h"
#include <math.h>

/* Of more jobs than this the price of a spot share is not stated: it follows from the others. */
enum { MOST_SHARES = 20000 };

bool crowd_certify(struct proof_prices *out, const struct planner *p)
{
    const struct crowd_run *r = p->crowd;
    const struct demand_list *list = p->m->demands;
    if (!r->prices.bus) return false;
    if (list->n > MOST_SHARES && !r->lp.lp) return true;
    const double *price = price_of_classes(&r->prices, &r->crowd);
    for (size_t i = 0; i < list->n; i++) {
        const uint32_t *of = r->crowd.class_of[i];
        const bool limited = of[0] != UINT32_MAX && isfinite(r->crowd.classes[of[0]].limit);
        if (list->n <= MOST_SHARES && list->items[i].shape->spot_max_frac < 1 &&
            of[0] != UINT32_MAX && of[1] != UINT32_MAX && !limited)
            certificate_put_job(out, PRICE_SHARE, list->items[i].name, price[of[0]] - price[of[1]]);
        for (int s = 0; r->lp.lp && s < 2; s++)
            if (of[s] != UINT32_MAX && isfinite(r->crowd.classes[of[s]].limit))
                certificate_put_job(out, PRICE_WORK, list->items[i].name,
                                    r->solved.row_dual[r->lp.class_row[of[s]]]);
    }
    return true;
}
