/* Traces and windows that cannot be used, and the names that people read: each text word by word. */
#include "sim/run.h"
#include "sim/trace.h"
#include "sim/world.h"
#include "tests/common/findings.h"
#include <gsl/gsl_test.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void file_write(const char *path, const char *text)
{
    FILE *out = fopen(path, "w");
    fputs(text, out);
    fclose(out);
}

/* clang-format off */
static const struct {
    const char *name, *text;
    bool counts, priced;
    const char *findings;
} traces[] = {
    {"a tick that is no number", "tick,available\nsoon,1\n", false, false,
     "E3201 2:1 tick cannot be 'soon' -> write a whole number from 0\n"},
    {"a tick left out", "tick,available\n40,1\n42,1\n", false, false,
     "E3201 3:1 tick 42 comes where 41 is due -> give every tick once and in order; what was not observed can not be replayed\n"},
    {"two machines where there is one", "available\n1\n2\n", false, false, "E3201 3:1 available cannot be '2' -> write 0 or 1\n"},
    {"half a machine", "available\n0.5\n", true, false, "E3201 2:1 available cannot be '0.5' -> write a whole number from 0\n"},
    {"a free hour", "available,price\n1,0\n", false, true,
     "E3201 2:3 price cannot be '0' -> write a price per hour above 0 and up to 1e6\n"},
    {"nothing observed", "available\n", false, false, "E3201 0:0 trace.csv has no rows -> write one row per tick\n"},
};

static const struct {
    const char *name, *text, *findings;
} windows[] = {
    {"without a name", "window_id,start_tick,ticks\n,100,4\n",
     "E3202 2:1 window_id cannot be '' -> give every window a name of its own\n"},
    {"a name given twice", "window_id,start_tick,ticks\na,100,4\na,101,4\n",
     "E3202 3:1 window_id cannot be 'a' -> give every window a name of its own\n"},
    {"a start that is no number", "window_id,start_tick,ticks\na,-1,4\n",
     "E3202 2:3 start_tick cannot be '-1' -> write a whole number from 0\n"},
    {"a length that is no number", "window_id,start_tick,ticks\na,100,4h\n",
     "E3202 2:7 ticks cannot be '4h' -> write a whole number from 0\n"},
    {"before the trace", "window_id,start_tick,ticks\na,99,4\n",
     "E3202 2:3 window 'a' reaches outside the trace, which has ticks 100 to 107 -> let it begin later or end sooner, or give a "
     "longer trace\n"},
    {"behind the trace", "window_id,start_tick,ticks\na,105,4\n",
     "E3202 2:3 window 'a' reaches outside the trace, which has ticks 100 to 107 -> let it begin later or end sooner, or give a "
     "longer trace\n"},
    {"too short", "window_id,start_tick,ticks\na,100,3\n",
     "E3202 2:3 window 'a' has 3 ticks, the deadline needs 4 -> give longer windows or a sooner deadline\n"},
    {"no window", "window_id,start_tick,ticks\n", "E3202 0:0 windows.csv has no rows -> write one row per window\n"},
};

static const char *const labels[][2] = {
    {"on_demand", "on-demand until done"},
    {"greedy_safety", "spot when there is some, on-demand when nothing else can make the deadline"},
    {"uniform_progress", "on-demand only when behind a steady pace"},
    {"hedge", "on-demand when waiting is expected to cost more"},
};
/* clang-format on */

static void test_traces(void)
{
    for (size_t i = 0; i < sizeof traces / sizeof *traces; i++) {
        struct arena *a = arena_new();
        struct diag d = {.arena = a};
        struct trace t;
        const struct trace_request request = {.path = "trace.csv",
                                              .counts = traces[i].counts,
                                              .price_column = traces[i].priced ? "price" : NULL,
                                              .step_s = 300};
        file_write("trace.csv", traces[i].text);
        gsl_test_int((int)trace_read(&t, &request, a, &d), ERR_TRACE, "%s: code", traces[i].name);
        gsl_test_str(findings_text(&d), traces[i].findings, "%s", traces[i].name);
        arena_free(a);
    }
}

static void test_windows(void)
{
    static const long nodes[] = {1, 1, 0, 1, 1, 0, 0, 1};
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        struct arena *a = arena_new();
        struct diag d = {.arena = a};
        struct trace t;
        struct trace_windows list;
        trace_make(&t, 8, nodes, NULL, 300, a);
        t.first_tick = 100;
        file_write("windows.csv", windows[i].text);
        gsl_test_int((int)trace_windows_read(&list, "windows.csv", &t, 4, a, &d), ERR_WINDOWS,
                     "%s: code", windows[i].name);
        gsl_test_str(findings_text(&d), windows[i].findings, "%s", windows[i].name);
        arena_free(a);
    }
}

static void test_labels(void)
{
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        const struct policy *p = policy_find(labels[i][0]);
        gsl_test_str(p ? p->label : "", labels[i][1], "%s", labels[i][0]);
    }
    static const char *const parts[N_COST_PARTS] = {
        "on-demand machines", "spot machines", "autoscaled machines",  "use of commitments",
        "lost to reclaims",   "starts",        "commitments not used", "storage",
        "licences",           "late work",     "load left out"};
    for (enum cost_part part = 0; part < N_COST_PARTS; part++)
        gsl_test_str(cost_part_label(part), parts[part], "part %d of the cost", (int)part);
}

static void test_models(void)
{
    static const char *const lives[][2] = {
        {"exponential", "exponential lives: a reclaim is as likely in every hour"},
        {"weibull", "Weibull lives: most reclaims come early"}};
    static const char *const prices[][2] = {
        {"fixed", "as planned, all the time"},
        {"model", "mean-reverting with jumps, as planned on average"},
        {"history", "days of the imported history, hour of the week kept"}};
    for (size_t k = 0; k < sizeof lives / sizeof *lives; k++)
        for (size_t i = 0; life_models[i]; i++)
            if (strcmp(life_models[i]->name, lives[k][0]) == 0)
                gsl_test_str(life_models[i]->label, lives[k][1], "%s", lives[k][0]);
    for (size_t k = 0; k < sizeof prices / sizeof *prices; k++)
        for (size_t i = 0; price_models[i]; i++)
            if (strcmp(price_models[i]->name, prices[k][0]) == 0)
                gsl_test_str(price_models[i]->label, prices[k][1], "%s", prices[k][0]);
}

int main(void)
{
    char folder[] = "/tmp/test_trace_messages_XXXXXX";
    gsl_test(!mkdtemp(folder) || chdir(folder) != 0, "a folder for the test");
    test_traces();
    test_windows();
    test_labels();
    test_models();
    unlink("trace.csv");
    unlink("windows.csv");
    gsl_test(chdir("/") != 0 || rmdir(folder) != 0, "nothing is left behind");
    return gsl_test_summary();
}
