/* The final values of a scenario, one by one. */
#ifndef SCENARIOS_VALUES_H
#define SCENARIOS_VALUES_H

#include "scenarios/scenario.h"

/* Calls `each` with every final value and its dotted path, defaults of the tables included; node->layer says who set it.
 * Values and paths live in `a`. */
typedef void scenario_value_fn(const char *path, const struct node *value, void *context);
void scenario_each_value(const struct scenario *s, scenario_value_fn *each, void *context,
                         struct arena *a);

#endif
