/* Options of commands that plan and simulate: what simulating_read reads, and --planned. */
#ifndef CLI_SIMULATING_OPTIONS_H
#define CLI_SIMULATING_OPTIONS_H

#include "cli/simulating.h"

/* clang-format off */
#define SIMULATING_OPTIONS \
    {"planned",   0, NULL,          true,  NULL, N_("planned figures only, without simulation")}, \
    {"runs",      0, N_("N"),       false, NULL, N_("most worlds (the scenario's, else 2000)")}, \
    {"precision", 0, N_("SHARE"),   false, NULL, N_("stop when the mean is known this well, e.g. 0.5%")}, \
    {"seed",      0, N_("S"),       false, NULL, N_("of all draws (the scenario's, else 1)")}, \
    {"threads",   0, N_("T"),       false, NULL, N_("at a time (one per processor); the result does not depend on it")}, \
    {"policy",    0, N_("NAME"),    false, NULL, N_("what decides when plan and world part (greedy_safety)")},
/* clang-format on */

#endif
