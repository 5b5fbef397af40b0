/* From answers about the work to machines, market and storage: what recommend is made of. */
#ifndef CLI_RECOMMEND_H
#define CLI_RECOMMEND_H

#include "cli/commands.h"
#include "scenarios/kinds.h"

enum graphics { GRAPHICS_NONE, GRAPHICS_OFFLINE, GRAPHICS_REALTIME, GRAPHICS_CAD, GRAPHICS_ENCODE };

struct answers {
    const struct workload_kind *kind;
    const char *work_class; /* of the speed table */
    bool tensor;            /* matrix or tensor maths, or drawing; else CPU work */
    bool large;             /* more than 100k samples or 100M parameters */
    bool online;            /* must answer within milliseconds */
    bool interruptible;     /* batch work that can stop and start again */
    enum graphics graphics;
    unsigned features;     /* that graphics needs */
    double gpu_memory_gib; /* of one worker */
    double parameters;     /* of the model; 0: not given */
    const char **places;   /* regions and zones that may be used; none: every mainland region */
    size_t n_places;
    const char *flags; /* the same answers as options */
};

/* Takes the answers from the options and asks for the rest where `ask`. Errors: ERR_ANSWER names the option that is
 * missing, ERR_ANSWERS_CLASH two that exclude each other, ERR_OPTION_VALUE. */
MUST_USE enum err answers_read(struct answers *w, const struct options *o, bool ask,
                               struct cli *cli);

/* Bytes of GPU memory that a parameter takes: 16 to train it, 2 to hold it in half precision; 1.2 times for the rest. */
double memory_for(double parameters, bool training);

enum { WAY_ON_DEMAND, WAY_SPOT, WAY_SUBSCRIPTION, N_WAYS };

/* The cheapest machine of one GPU model (or CPU family) that fits, per market. */
struct pick {
    size_t gpu;         /* NO_GPU: a CPU family */
    const char *family; /* of the cheapest machine */
    double memory_gib;  /* of one card (or slice); CPU: 0 */
    long gpus;          /* GPUs of one worker that the memory need is spread over */
    double speed;       /* relative, per GPU or per vCPU */
    bool speed_estimated;
    const struct offer *offer[N_WAYS]; /* NULL: not sold that way */
    double per_work[N_WAYS];           /* price of an hour of work of speed 1; NAN */
    int way;                           /* cheapest of those the work may use */
};

/* The book as recommend sees it. */
struct market_view {
    const struct price_book *book;
    struct offer_list offers;
    const struct answers *answers;
    struct cli *cli;
};

/* What fits, cheapest per unit of work first. */
struct pick *picks_make(size_t *n, const struct market_view *m);

/* Cheapest price of one GPU-hour (CPU family: vCPU-hour) of a model on a market over speed; NAN when not sold. */
double cheapest_per_work(const struct market_view *m, const char *work_class, size_t gpu,
                         const char *family, int way);

const char *pick_name(const struct market_view *m, const struct pick *p);
const char *way_name(int way); /* "on_demand" */

/* What to buy, where to put the data: one line each. */
const char *advice_market(const struct market_view *m, const struct pick *best);
const char *advice_storage(const struct answers *w);

/* Why, and what people fall into. `fact` numbers those of docs/prices.md; 0: none. */
struct remark {
    bool pitfall;
    int fact;
    const char *name, *text;
};
struct remark *remarks_make(size_t *n, const struct market_view *m, const struct pick *picks,
                            size_t n_picks);

/* Share of all hours in which the machines of the recommended scenario may work: 1, or its office hours. */
double recommended_use(const struct answers *w);

/* Whether a storage class of the recommended scenario has no price where the work may run; the scenario then takes that of the
 * mainland, marked for the user to replace. */
bool storage_lacks_price(const struct market_view *m);

/* A complete scenario for the picks. */
const char *recommended_scenario(const struct market_view *m, const struct pick *picks, size_t n);

#endif
