/* Commitments of a plan in words: from which utilisation they pay, how much of them is used, what one more would do. */
#ifndef REPORT_COMMITMENT_TEXT_H
#define REPORT_COMMITMENT_TEXT_H

#include "report/formats.h"

/* What it is: "ecs.gn7i-c8g1.2xlarge, subscription by the month, cn-shenzhen". */
const char *commitment_name(const struct plan *p, const struct commitment_outcome *c,
                            struct arena *a);
/* The whole sentence: "Bought: 12 x ...: used 87.0% of the time, pays from 66.7% (480 of 720 h)". Translated. */
const char *commitment_text(const struct plan *p, const struct commitment_outcome *c,
                            struct arena *a);
/* Those that people are shown, at most `most` that were not bought: what exists and what was bought, then the nearest to
 * paying, one per type and region. */
const struct commitment_outcome **commitments_shown(size_t *n, const struct plan *p, size_t most,
                                                    struct arena *a);

#endif
