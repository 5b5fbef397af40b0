/* Many worlds in the figures people read: what a plan costs, when it ends, what goes wrong, and how sure that is. */
#ifndef REPORT_SIMULATION_H
#define REPORT_SIMULATION_H

#include "report/sheet.h"
#include "sim/run.h"
#include "sim/stats.h"

/* One figure over all worlds. Intervals hold 95 %. */
struct spread {
    double mean, least, most, p10, p50, p90, p95, p99;
    double cvar95; /* mean of the worst 5 in 100 */
    struct interval mean_interval, p50_interval, p90_interval, p95_interval;
};

struct simulated_workload {
    size_t workload;
    micro_t planned; /* of the plan's ledger */
    struct spread cost, part[N_COST_PARTS];
    bool works; /* has jobs: finish_h and late_h mean something */
    struct spread finish_h, late_h, interruptions;
    struct proportion missed;  /* a job late; of a service: its target missed over the horizon */
    double n_late, unfinished; /* jobs late per world; jobs given up in all worlds */
    bool serves;
    double offered, served, late, lost; /* means over worlds */
};

struct simulation {
    const struct outcomes *outcomes;
    size_t n;
    struct spread cost, nobody; /* nobody: commitments that stay idle */
    size_t n_workloads;
    struct simulated_workload *workloads; /* in file order, those of the plan */
    bool works;
    struct spread finish_h;   /* of the last job */
    struct proportion missed; /* some workload is */
    bool has_budget;
    struct proportion over_budget;
    double confidence; /* asked of the budget; 0: none */
};

void simulation_make(struct simulation *s, const struct outcomes *o, struct arena *a);

/* Worlds in which the money of an owner (index into outcomes.owners; SIZE_MAX: all) passes a limit, in some calendar month when
 * per_month. */
struct proportion budget_chance(const struct outcomes *o, size_t owner, micro_t limit,
                                bool per_month);
/* The budget of the scenario holds with less than its confidence. False where no confidence is asked. */
bool simulation_fails(const struct simulation *s);

/* For people, markdown and CSV. `title` names scenario and variant, `variant` goes into the rows for programs. */
struct sheet simulation_sheet(const struct simulation *s, const char *title, const char *variant,
                              struct arena *a);
/* "80 in 100 worlds fall between 88,400 and 121,600 ..." and what else one line of a plan says of luck. */
const char *simulation_line(const struct simulation *s, struct arena *a);

#endif
