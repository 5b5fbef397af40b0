/* The lower bound that prices prove (docs/certificates.md). */
#ifndef PROOF_BOUND_H
#define PROOF_BOUND_H

#include "proof/exact.h"
#include "proof/least.h"
#include "proof/model.h"

struct proof_bound {
    bool valid;    /* the prices are numbers, with the signs that rows ask for */
    micro_t micro; /* no plan costs less: rounded down */
    double
        lost; /* of it: what columns take that the prices leave too cheap (0 where prices are dual feasible) */
};

/* A bound that was found, and from what: prices must not change meanwhile. */
struct proof_bounded {
    const struct proof_prices *prices;
    struct proof_bound found;
};
/* proof_bound with costs, found before where the prices are the same object. */
struct proof_bound proof_bound_again(struct proof *p, const struct proof_prices *prices);

/* `money` false: costs count nothing, so that a sum above 0 proves that there is no plan at all. */
struct proof_bound proof_bound(struct proof *p, const struct proof_prices *prices, bool money);

/* Private to the files of the bound. */
struct bounder {
    struct proof *p;
    const struct proof_prices *prices;
    double money;         /* 1, or 0 where costs do not count */
    bool as_stated;       /* prices of load are not lowered to those of the cheapest machine */
    double **limit_price; /* [limits] NULL: 0 throughout; [periods] per unit and hour */
    bool **closed;        /* [limits] NULL: never; [periods] nothing is allowed */
    double *
        *implied;  /* [limits] NULL, or [periods]: of subscriptions without a price of their own */
    bool implying; /* choices that need those are left out */
    double *
        *links; /* [demands] NULL: none; [uses][homes of the largest store] price of work there */
    size_t most_homes;
    double **reads_price; /* [pools] NULL, or [periods] per MB/s and hour, both rows together */
    size_t n_budgets;
    struct priced_budget {
        const char *owner;
        int month; /* -1: all */
        double limit, price;
    } * budgets;
    struct least lengths_h; /* of periods */
    struct group_jobs {
        size_t n;
        bool capped;            /* some have a parallel limit */
    } * jobs;                   /* [groups] */
    double *shortest_h;         /* [demands] open time of a period, at least; 0: not computed yet */
    size_t n_spells, *spell_of; /* [periods] neighbours with the same prices */
    struct exact sum, sum_us;   /* money; money x microseconds, to be divided by those of an hour */
    double lost;
};
/* Periods in which a job may run all the time it asks for: *first to *after are wholly open, and at most one before and one behind
 * them in part. False: its window has gaps, or it may be late, and every period has to be looked at. */
bool bound_open_periods(const struct proof *p, const struct demand *d, size_t *first,
                        size_t *after);
/* What a budget adds to a cost in a month: for everybody, and for the owner of what is booked. */
double bound_all(const struct bounder *b, int month);
double bound_own(const struct bounder *b, const char *owner, int month);
/* A column of a low end of its reduced cost and a largest value. */
void bound_column(struct bounder *b, const struct tally *reduced, double most);
const char *bound_home_key(const struct bounder *b, const char *first, const char *dataset,
                           const struct proof_home *h);
void bound_count_jobs(struct bounder *b); /* before the others of jobs */
void bound_jobs(struct bounder *b);
void bound_stores(struct bounder *b);
void bound_services(struct bounder *b);
/* What a machine of a subscription without a price of its own is worth to whom it is worth most: b->implied. */
void bound_imply_services(struct bounder *b);
void bound_imply_jobs(struct bounder *b);
bool bound_is_implied(const struct bounder *b, size_t limit);
/* The mean of a series over each period, per hour; NULL: none. */
double *bound_by_period(const struct proof *p, const struct proof_series *s);
void bound_purchases(struct bounder *b);
/* Adds what one unit of a commitment costs that may be bought: its price, and what it takes of quotas. */
void bound_add_purchase(const struct bounder *b, struct tally *sum, size_t limit);
double bound_service_homes(const struct bounder *b, size_t store, size_t home);
double bound_service_units(const struct bounder *b, size_t limit);
double bound_price_of_limit(const struct bounder *b, size_t limit, size_t t);

#endif
