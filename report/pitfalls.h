/* Plans that fall into a known pit: legal, optimal under what was asked for, and dearer than they need to be. */
#ifndef REPORT_PITFALLS_H
#define REPORT_PITFALLS_H

#include "report/summary.h"

/* Names of the warnings, in the order of the checks; ends with NULL. */
extern const char *const pitfall_names[];
/* What each warns of: N_() one line, same order. */
extern const char *const pitfall_helps[];

/* Adds a warning, each with its number, for every pit the plan falls into; those named in `off` are left out. A plan
 * that does not exist falls into none. */
void pitfalls_check(const struct summary *s, size_t n_off, const char *const *off, struct arena *a,
                    struct diag *d);

#endif
