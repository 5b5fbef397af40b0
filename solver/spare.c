#include "solver/spare.h"
#include "common/text.h"
#include "solver/ledger.h"
#include "solver/openings.h"
#include <math.h>
#include <string.h>

static double least_left(const struct planner *p, const char *key)
{
    double least = INFINITY;
    for (size_t l = 0; l < p->m->n_limits; l++)
        if (p->m->limits[l].key && strcmp(p->m->limits[l].key, key) == 0)
            least = fmin(least, openings_left(&p->schedule, l, p->m->horizon_us));
    for (size_t i = 0; i < p->f->n_budgets; i++) {
        const struct budget *b = &p->f->budgets[i];
        if (strcmp(b->key, key) == 0)
            least = fmin(least, b->limit - (double)ledger_budget(p->plan, b) / 1e6);
    }
    return least;
}

void spare_tell(const struct planner *p)
{
    for (size_t i = 0; i < p->plan->n_shadows && !p->decision.relaxed; i++) {
        struct shadow *s = &p->plan->shadows[i];
        if (s->saves > 0 || s->costs > 0 || !(s->down_to > 0)) continue;
        const double left = least_left(p, s->what);
        if (!(left < s->down_to)) continue;
        s->down_to = fmax(0, left);
        if (left <= UNIT_SLACK) s->note = _("only whole machines reach it");
    }
}
