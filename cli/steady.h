/* Plans that stay what they were: machines change only where that saves more than a change costs. */
#ifndef CLI_STEADY_H
#define CLI_STEADY_H

#include "cli/planning.h"

struct steady {
    const char *path;  /* of the saved run; NULL: plans are free */
    double price_frac; /* of the cost of the free plan, or */
    struct money price;
    bool is_money;
    struct saved_run *runs; /* report/saved_run.h */
    size_t n;
};

/* Reads --from and --change-price. */
MUST_USE enum err steady_read(struct steady *s, const struct options *o, struct cli *cli);

/* Plans the variant once more on the machines that each workload has in the saved run of the same variant (or the only one), and
 * takes that plan where the free one does not save more than the price of changing. Says which on standard error
 * and in r->kept. */
void steady_keep(struct result *r, const struct steady *s, const struct planning *p,
                 struct cli *cli);

#endif
