/* Time that is billed for machines held. A machine is billed for its run: from its start, without a pause, to the moment it is
 * given back. Use is billed in whole steps (offer.billing_step_us) and for at least a minute; what that is more than the
 * machine was held is the rounding. */
#ifndef SOLVER_BILLING_H
#define SOLVER_BILLING_H

#include "solver/resize.h"
#include "solver/schedule.h"
#include <stdint.h>

/* held_us >= 0, rounded up to whole steps of step_us (0: to the microsecond), at least minimum_us >= 0. Microseconds. Never
 * falls with any of the three where one step divides the next. */
int64_t billed_time_us(int64_t step_us, int64_t minimum_us, int64_t held_us);

/* Time billed for one machine's run by an offer's billing_step_us: whole steps, at least a minute; what was held where use is not
 * billed (step 0). */
int64_t billed_run_us(int64_t step_us, int64_t held_us);

/* Machine-microseconds billed beyond what is held, [n_stretches] in the schedule's arena: booked to the stretch in which a
 * machine's run ends. A run goes on through stretches of one demand, offer and placement that follow each other; where
 * fewer machines go on, those that were booted last are given back. 0 for subscriptions. */
int64_t *work_rounding(const struct schedule *s);

/* The same for the machines of one option of a rate demand, out[periods]: machine k runs while at least k are held, so that
 * the one ordered last is given back first. Its cold start belongs to its run. */
void fleet_rounding(int64_t *out, const struct model *m, size_t served, size_t option,
                    const struct fleet *fleet);

#endif
