/* Offers not used: the price, and the speed, at which each would enter (model.md 4, "would enter below CNY y/h"). */
#ifndef SOLVER_ENTRY_H
#define SOLVER_ENTRY_H

#include "solver/plan.h"

/* Fills enters_below and enters_speed of the cheapest candidates of each shape that the plan does not choose: pay-as-you-go and spot. The optimum
 * of the linear program is concave in the price of one offer and level from its entry price on; that is found by Newton's steps
 * from a price of 0, each a program solved anew. Large programs are left out. The speed follows where all that
 * an hour costs pays for work: at entry price q and other costs o an hour, (price + o) / (q + o) times its own. It is told only where
 * a thousandth more lets the offer in and a thousandth less does not, both solved anew. */
MUST_USE enum err entries_tell(struct plan *plan, const struct plan_settings *settings,
                               struct arena *a);

/* The optimum with one offer at a price, and the machine-hours it is used for. NAN: none. */
struct priced_optimum {
    double cost, hours;
};
struct priced_optimum entry_try(const struct plan *plan, const struct plan_settings *settings,
                                size_t offer, double price);
/* The same with the offer at its own price, `times` as fast for batch work. */
struct priced_optimum entry_try_faster(const struct plan *plan,
                                       const struct plan_settings *settings, size_t offer,
                                       double times);

#endif
