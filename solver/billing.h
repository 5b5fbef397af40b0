/* Time that is billed for one machine held. */
#ifndef SOLVER_BILLING_H
#define SOLVER_BILLING_H

#include <stdint.h>

/* held_us >= 0, rounded up to whole steps of step_us (0: to the microsecond), at least minimum_us >= 0. Microseconds. Never
 * falls with any of the three where one step divides the next. */
int64_t billed_time_us(int64_t step_us, int64_t minimum_us, int64_t held_us);

#endif
