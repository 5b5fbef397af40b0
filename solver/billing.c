#include "solver/billing.h"

#include <assert.h>

int64_t billed_time_us(int64_t step_us, int64_t minimum_us, int64_t held_us)
{
    assert(step_us >= 0 && minimum_us >= 0 && held_us >= 0);
    const int64_t over = step_us > 0 ? held_us % step_us : 0;
    const int64_t billed = over > 0 ? held_us - over + step_us : held_us;
    return billed < minimum_us ? minimum_us : billed;
}
