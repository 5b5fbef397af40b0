/* The price search (docs/scale.md): hourly prices of buses and limits, adjusted until what jobs choose at them and what is to
 * be had agree. Work per round goes with parts x buses x periods and with the number of classes, never with the columns of a
 * linear program. It gives a plan in parts of machines and a lower bound that any prices prove. */
#ifndef SOLVER_PRICE_SEARCH_H
#define SOLVER_PRICE_SEARCH_H

#include "solver/crowd_lp.h"

struct search_settings {
    double gap;        /* ends when (upper - lower) / upper is this small */
    long rounds;       /* at most */
    double deadline_s; /* of lp_clock; INFINITY: none */
    const volatile sig_atomic_t *stop;
    struct arena *cells; /* of the flow: there are many, and they are not needed for long */
};

struct prices {
    double *bus;   /* [buses][periods] money per unit-hour */
    double *limit; /* [limits][periods] money per unit and hour */
};

struct search {
    double lower, upper;    /* proven; INFINITY: no plan was found */
    struct prices prices;   /* that prove lower */
    struct crowd_flow flow; /* the plan of cost upper; empty when there is none */
    long rounds;
    bool stopped; /* by the deadline or a signal */
};

/* No class may have a limit of its own. */
void price_search(struct search *out, const struct crowd *c,
                  const struct search_settings *settings);

/* [classes] money per unit of work in the cheapest hour of its window. */
double *price_of_classes(const struct prices *p, const struct crowd *c);

/* The lower bound that any prices prove; they are changed to the nearest ones that no supplier gains from. */
double price_bound(struct prices *p, const struct crowd *c);

#endif
