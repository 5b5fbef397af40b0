/* One more unit is worth reserving as long as it is used in more than price_ratio of the hours (reserved at price_ratio,
 * used at 1 an hour): the cheapest level q is the least with
 *
 *     hours with load > q  <=  price_ratio x all hours
 */
#include "solver/newsvendor.h"

#include <math.h>
#include <stdlib.h>

struct step {
    double load, hours;
};

static int compare_loads(const void *left, const void *right)
{
    const double a = ((const struct step *)left)->load, b = ((const struct step *)right)->load;
    return (a > b) - (a < b);
}

double newsvendor_level(const struct step_load *steps, double price_ratio, struct arena *a)
{
    if (price_ratio >= 1) return 0;
    struct step *sorted = ARENA_NEW(a, struct step, steps->n);
    double all = 0;
    for (size_t i = 0; i < steps->n; i++) {
        sorted[i] = (struct step){steps->load[i], steps->hours[i]};
        all += steps->hours[i];
    }
    qsort(sorted, steps->n, sizeof *sorted, compare_loads);
    double above = 0;
    size_t i = steps->n;
    for (; i > 0 && above + sorted[i - 1].hours <= price_ratio * all; i--)
        above += sorted[i - 1].hours;
    return i > 0 ? sorted[i - 1].load : 0;
}

double newsvendor_cost(const struct step_load *steps, double level, double price_ratio)
{
    double reserved = 0, on_demand = 0;
    for (size_t i = 0; i < steps->n; i++) {
        reserved += price_ratio * level * steps->hours[i];
        on_demand += fmax(0, steps->load[i] - level) * steps->hours[i];
    }
    return reserved + on_demand;
}
