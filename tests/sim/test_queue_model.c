/* The queueing model that plans are sized by, against queues played request by request: same law of service, Poisson arrivals,
 * at the largest rate that the plan allows. It is an approximation (two moments of the wait) except for cv 1; this says how
 * good. */
#include "sim/queue.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_test.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Where the true share of late requests may lie when the model says `late`. Constant service in small pools is the worst. */
static void check(double servers, double cv2, double limit, double late, struct arena *a)
{
    const struct queue q = {servers, 1, cv2};
    const double rate = queue_max_rate(&q, &limit, &late, 1);
    char name[80];
    snprintf(name, sizeof name, "%g servers, cv2 %g, limit %g", servers, cv2, limit);
    const struct watch watch = {.batches = 80, .customers = 20000};
    const struct queue_seen seen =
        queue_watch(&q, rate, limit, watch, random_key(31, "model", name), a);
    const double se = moments_sd(&seen.late) / sqrt((double)watch.batches);
    const double ratio = seen.late.mean / late, slack = 4.5 * se / late;
    if (getenv("ORACLE_VERBOSE"))
        printf("%-36s load %.3f: %.3f%% late, the model says %.3f%% (+- %.3f%%)\n", name,
               rate / servers, 100 * seen.late.mean, 100 * late, 100 * se);
    if (cv2 == 1) gsl_test_abs(ratio, 1, slack, "%s: exact", name);
    const double most = cv2 == 0 ? 1.45 : 1.15;
    gsl_test(ratio > most + slack, "%s: %.2f times as many are late", name, ratio);
    gsl_test(ratio < 0.85 - slack, "%s: %.2f of those expected are late", name, ratio);
    gsl_test(se > 0.1 * late, "%s: watched long enough", name);
}

int main(void)
{
    gsl_set_error_handler_off();
    struct arena *a = arena_new();
    /* Limits a little above the 99 % of service alone: larger pools at looser ones run so full that they would have to be
     * watched for years. */
    static const struct {
        double cv2, limit;
    } laws[] = {{0, 1.5}, {0.64, 4.4}, {1, 5}, {2.5, 8.2}, {4, 10.8}};
    static const double pools[] = {4, 8, 20};
    for (size_t p = 0; p < COUNT(pools); p++)
        for (size_t i = 0; i < COUNT(laws); i++)
            check(pools[p], laws[i].cv2, laws[i].limit, 0.01, a);
    arena_free(a);
    return gsl_test_summary();
}
