/* Workload kinds: one file each, kind_<name>.c, ending in one constant; kind_list.h lists them. */
#ifndef SCENARIOS_KINDS_H
#define SCENARIOS_KINDS_H

#include "scenarios/demand.h"

struct lowering; /* lower.h: shared context and helpers of the kinds */
struct serving;  /* serving.h: the same for services */

struct workload_kind {
    const char *name, *label; /* "training", N_("Training") */
    const char *work_class;   /* default class of the speed table */
    bool service;             /* rate demand */
    const char *const *
        defaults; /* "path=value" pairs below the workload, NULL-terminated; lowest layer of merging */
    /* Adds the demands of one workload; NULL: services only. */
    enum err (*lower)(const struct workload *w, struct lowering *l);
    /* Adds the service of one workload; NULL: batch work only. */
    enum err (*serve)(const struct workload *w, struct serving *s);
};

extern const struct workload_kind *const workload_kinds[]; /* ends with NULL */
const struct workload_kind *kind_find(const char *name);

#endif
