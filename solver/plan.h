/* A plan: what to buy, when each machine runs what, what it costs, and how far from the proven bound that is. */
#ifndef SOLVER_PLAN_H
#define SOLVER_PLAN_H

#include "proof/prices.h"
#include "scenarios/demand.h"
#include "scenarios/offer_request.h"
#include "scenarios/service.h"
#include "solver/interruption.h"
#include "solver/lp.h"

enum plan_status {
    PLAN_OPTIMAL,    /* executable, or the relaxation where that was asked; the method is exact */
    PLAN_FEASIBLE,   /* a limit was reached: best plan with its proven gap */
    PLAN_INFEASIBLE, /* conflicts says why */
    PLAN_NONE,       /* a limit was reached before any plan was found */
    PLAN_WITHIN_GAP, /* only of plan_told: executable, but its gap is above what was asked for */
};

/* How the linear program is solved (docs/scale.md); their names, NULL at the end. */
enum plan_method { PLAN_BY_AUTO, PLAN_BY_SIMPLEX, PLAN_BY_COLUMNS, PLAN_BY_PRICES };
extern const char *const plan_method_names[];

/* n_machines identical machines of one offer work for one demand, without a pause, in [from_us, to_us). */
struct stretch {
    size_t demand, offer,
        placement; /* placement: index into plan.placements of the demand's workload */
    long machines; /* of a gang: m */
    int64_t from_us,
        to_us;       /* window time; the gang's clock on spot includes waiting for replacements */
    int64_t paid_us; /* machine-microseconds paid (all machines together), without the start */
    int64_t
        start_us; /* machine-microseconds of the planned start, booted before from_us; 0 when it continues */
    double useful; /* work done: reference GPU-hours */
    double used;   /* GPUs (vCPUs) per machine really used */
};

enum ledger_part {
    PART_COMPUTE,
    PART_START,
    PART_DISCOUNT,
    PART_COMMITTED,
    PART_COMMITMENT_NEW,
    PART_DISK,
    PART_STORAGE,
    PART_EGRESS,
    PART_RETRIEVAL,
    PART_LICENCE,
    PART_LATE,
    PART_UNSERVED,
    N_PARTS
};
const char *ledger_part_name(enum ledger_part part);  /* JSON word: "compute", "start", ... */
const char *ledger_part_label(enum ledger_part part); /* translated */

/* One rounded amount. amount = price x quantity / quantity_den, once, half to even. */
struct ledger_line {
    enum ledger_part part;
    size_t workload, demand, dataset, offer; /* SIZE_MAX: not of one */
    const char *owner;                       /* NULL: nobody's */
    int month;          /* index of the calendar month since the month of the start */
    struct ratio price; /* per unit */
    const char *unit;   /* "machine-h", "GiB-h", "GiB", "h late", ... */
    int64_t quantity, quantity_den;
    micro_t amount;
    bool estimated;
    const char *note; /* what it is, e.g. the licence's name; or NULL */
};

struct dataset_choice {
    size_t dataset;
    const struct storage_class *class_;
    const char *region;
    double share;               /* 1, or part of a split dataset */
    double size_gib, extra_gib; /* bought beyond its size for throughput or minimum size */
    double provided_mbps, needed_mbps;
};

/* One class and region for each dataset a workload uses. */
struct placement {
    const char *region;
    size_t n;
    const struct storage_class *const *classes; /* per use of the workload */
};

/* A machine choice that was looked at for a shape: what explain and `candidates` show. */
struct candidate {
    size_t workload, shape, offer; /* shape: of batch work, SIZE_MAX for rate demands */
    size_t
        placement; /* of the datasets: index into plan.placements of the shape's workload, SIZE_MAX: not looked at */
    struct fit fit;
    struct useful useful;
    struct interruption interruption; /* what `useful` was computed from */
    int checks; /* passed before the one that failed; the reason of the farthest says most */
    bool usable;
    const char *reason;
    struct place reason_at; /* why not */
    double
        cost_per_useful; /* money per reference GPU-hour of useful work, everything per machine-hour included; of a
                            service per request, or per hour of one session or seat, at its peak load */
    double price_part, rework_part, licence_part, disk_part;
    /* Price per machine-hour below which the linear program would use the offer, whatever the others do (at or below 0: at no
     * price); NAN: not looked for (settings->entries). */
    double enters_below;
    /* Speed (of fit.speed's scale) from which it would be used at its price, the others as they are; batch work only. NAN: not
     * looked for, or not known. */
    double enters_speed;
    double stall; /* share of the time in which it computes; below 1 it waits for its data */
    bool dominated;
    size_t dominated_by; /* another offer is at least as good in every respect */
    bool chosen;
};

/* A limit of the scenario with what one unit more would save over the horizon (0: not reached; NAN where the limit allows
 * nothing or keeps options out: what needs it is not in the linear program). With settings->ranges also how far: that for the
 * next up_to units (INFINITY: however many), then then_saves each; one unit less costs `costs`, for down_to units. NAN: not
 * known, or not asked for. Deadlines and numbers of machines (asked.h) are only there with settings->ranges. */
struct shadow {
    const char *what;
    struct place at;
    double saves;
    const char *unit;
    double up_to, then_saves, costs, down_to;
    bool at_once;     /* of a deadline: not so much a day */
    const char *note; /* why that is not known; NULL: see above */
};

/* A demand that falls short, or one of the limits that clash: none of a clash can be spared, and whatever the other limits are,
 * these leave no solution. `change` is the value with which a whole plan was found, the other limits as they are or, `together`,
 * with the other changes shown; `set` the same as a --set option. Both NULL where no change of this one is enough. */
struct conflict {
    const char *what, *change, *set;
    const char *key; /* of the limit in the scenario; NULL: a demand */
    struct place at;
    size_t clash; /* its number, from 1; 0: a demand */
    bool together;
    double short_by; /* 0: not known */
    const char *unit;
    double cost; /* of the plan with the change; NAN: none */
};

/* Machines of one option of a rate demand that are held without a change in [from_us, to_us). */
struct holding {
    size_t service, offer, placement;
    long machines, starts; /* starts: booted for from_us */
    int64_t from_us, to_us;
};

/* A rate demand in the plan. Hours are machine-hours. */
struct service_outcome {
    const struct service *service;
    long peak_machines, least_machines;
    double held_h, start_h;
    double idle_h;        /* of held_h: not needed for the mean load */
    double perfect_h;     /* a perfect autoscaler without headroom, burst or delay would hold */
    double unserved_frac; /* of the load, where that is priced */
    double spot_frac;     /* of the capacity-hours */
    /* [model->grid.n] of perfect_h: machines it would hold in each period; NULL: not told */
    const double *needed;
};

/* A commitment that exists, was bought, or may be bought for machines of which the plan pays some as it goes. */
struct commitment_outcome {
    size_t offer; /* of a subscription; SIZE_MAX: a savings plan */
    bool existing;
    double count;  /* machines, of a savings plan money per hour; 0: not bought */
    double term_h; /* shortest paid duration; 0: not known (existing savings plan) */
    double
        break_even_frac; /* of its time in use from which it costs no more than on demand; NAN: no such price */
    double used_frac; /* of what is paid within the horizon; NAN: nothing is */
    double
        next_frac; /* of the horizon in which one machine more would be used in place of one paid as one goes */
    long
        level; /* cheapest number for the use in this plan (newsvendor.h), all terms together; -1: not known */
};

/* Cost against the number of machines subscribed (money per hour of a savings plan), everything else decided anew. */
struct commitment_curve {
    size_t offer;    /* SIZE_MAX: a savings plan */
    size_t n, least; /* least: the cheapest point */
    struct curve_point {
        double count,
            cost; /* optimum of the linear program, a lower bound of any plan; NAN: no plan */
    } * points;   /* by count; of many counts some are left out */
    double free, chosen; /* what the linear program takes by itself; what the plan has bought */
};

struct demand_outcome {
    int64_t first_us, finish_us, late_us;
    double machine_h, useful, on_spot;
};

struct plan {
    enum plan_status status;
    const char *method;         /* "lp", "lp+mip", ... */
    enum plan_method solved_by; /* never PLAN_BY_AUTO */
    const char *solved_why;     /* of columns and prices: why they were chosen */
    const struct scenario *scenario;
    const struct price_book *book;
    const struct demand_list *demands;
    const struct offer *offers;
    size_t n_offers;
    size_t n_missing;
    const struct no_offer *missing;
    struct candidate *candidates;
    size_t n_candidates;
    const struct placement *const *placements; /* [workload][i] */
    struct stretch *stretches;
    size_t n_stretches;              /* by demand, then time */
    struct demand_outcome *outcomes; /* [demands->n] */
    const struct service_list *services;
    size_t n_holdings;
    struct holding *holdings;                 /* by service, offer, then time */
    struct service_outcome *service_outcomes; /* [services->n] */
    struct dataset_choice *datasets;
    size_t n_datasets;
    struct subscription_choice {
        size_t offer;
        long count;
        double relaxed;
        bool existing;
    } * subscriptions;
    size_t n_subscriptions;
    struct commitment_outcome *commitments;
    size_t n_commitments;
    struct commitment_curve *curves; /* where settings->curve asks for them */
    size_t n_curves;
    struct ledger_line *ledger;
    size_t n_ledger;
    micro_t cost, estimated; /* sum of the ledger; the part of it that rests on estimated rows */
    double
        unrounded; /* the same total by the objective function, before any rounding: for comparing timelines */
    double relaxed_cost;         /* of the LP solution itself */
    double lp_optimum, lp_bound; /* of the LP before homes were chosen in it; -INFINITY: none */
    double priced_h;             /* machine-hours in it of the offer that settings->rule prices */
    double bound, gap;           /* proven lower bound; (cost - bound) / cost */
    double asked_gap;            /* up to which a plan is called optimal */
    double
        whole_bound; /* no whole machines of services cost less; `bound` where nothing better is known */
    double machine_h;
    struct shadow *shadows;
    size_t n_shadows;
    struct conflict *conflicts;
    size_t n_conflicts;
    struct text_list assumptions; /* "~" guesses used: "simulate.interruptions_per_day (line 47)" */
    size_t n_months;
    const char *const *months; /* "2026-12" */
    long rows, columns, iterations;
    double seconds; /* wall time of solving */
    const struct lp *
        lp; /* the plain formulation whose optimum is `bound`, where settings->keep_lp asked for it */
    bool lp_reduced; /* it is too large: lp is the reduced one, with the same optimum */
    const struct plan_exact *exact; /* solver/plan_exact.h; NULL: not asked for */
    const struct model *model;      /* solver/model.h; for the simulator */
    struct proof_prices *prices;    /* what proves the bound (docs/certificates.md); NULL: none */
    const struct warm *warm; /* where its program ended, for plans beside it (warm.h); NULL: none */
};

/* Which commitment a curve is of: an instance type, or "savings_plan". */
struct curve_request {
    const char *type, *place; /* region or zone; NULL: the one that suits best */
};

/* Which offers of the book a plan may use, and what one of them costs: for plans beside the plan. */
struct offer_rule {
    /* NULL: all. Of the others `reason` is told. */
    bool (*allows)(const struct offer_rule *rule, const struct workload *w, const struct offer *o);
    const char *reason;
    const void *context;
    const char *const *names; /* of instance types, where `allows` needs them */
    size_t priced; /* offer that costs `price` per machine-hour, for PLAN_RELAXED; SIZE_MAX: none */
    double price;
    double quicker; /* times as fast as it is, for batch work on `priced`; 0: as it is */
};

struct plan_settings {
    enum plan_method method;
    struct lp_settings lp;
    const struct offer_rule *rule; /* NULL: none */
    /* PLAN_TRIAL: only whether there is a plan, and its bill; PLAN_RELAXED: only the linear program (status and relaxed_cost). */
    enum plan_depth { PLAN_TOLD, PLAN_TRIAL, PLAN_RELAXED } depth;
    bool brief; /* where nothing fits, the limits that clash are named, and no repair is sought */
    double gap; /* stop when the executable plan is this close to the bound; 1e-4 */
    const struct curve_request *curve; /* NULL: none */
    bool ranges;                       /* of shadow prices */
    size_t
        range_rows; /* programs of more rows have none: they take longer than the plan; 0: all have */
    bool entries;   /* prices of offers not used */
    /* [n_workloads] what an hour of spot is counted at, of what it is worth in expectation: in [0, 1], 0: no spot; NULL: 1
     * (window.confidence, model.md "Deadline confidence"). */
    const double *spot_gamma;
    const struct warm
        *warm;    /* where a plan like it ended: the search begins there; NULL: from the start */
    bool keep_lp; /* build the plain LP for lp_export even where the solver does not need it */
    bool plain;   /* solve the plain formulation itself, without the reductions before it */
    size_t
        many_rows; /* from which commitments wait until all their uses together pay for them; 20,000 */
    size_t join_columns; /* columns of work from which like jobs have one set of them; 50,000 */
    size_t
        most_columns; /* the linear program may have, else ERR_MODEL_SIZE; 20 million: about 4 GB */
};
extern const struct plan_settings PLAN_SETTINGS;

/* Plans the scenario. Infeasible and limits are results. Warnings (terms beyond the horizon, stall, ...) go to `d`.
 * Errors: ERR_INTERNAL and what lowering and prices give. */
MUST_USE enum err plan_solve(struct plan *out, const struct scenario *s, const struct price_book *b,
                             const struct plan_settings *settings, struct arena *a, struct diag *d);

/* The status as it is told: only a plan that is proven to lie within the gap that was asked for is optimal. */
enum plan_status plan_told(const struct plan *p);

#endif
