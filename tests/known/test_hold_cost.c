/* Costs of holding a spot machine equal the published ones, zone by zone. Skipped, saying so, where the data are absent. */
#include "pricing/history_stats.h"
#include <gsl/gsl_test.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DATA "../shared/data/"
static const char expected_path[] = DATA "expected/spot_price_hold_cost.csv";
static const char choice_path[] = DATA "expected/spot_price_zone_choice.csv";

enum { MAX_CELLS = 12 };

static size_t cells_split(char **cells, char *line)
{
    size_t n = 0;
    char *state;
    line[strcspn(line, "\r\n")] = '\0';
    for (char *cell = strtok_r(line, ",", &state); cell && n < MAX_CELLS;
         cell = strtok_r(NULL, ",", &state))
        cells[n++] = cell;
    return n;
}

/* zone,timestamp,usd_per_hour as a history of one type. */
static void prices_read(struct history *h, const char *file, struct arena *a)
{
    char path[] = "/tmp/gpumix-prices-XXXXXX", line[256], *cells[MAX_CELLS];
    FILE *out = fdopen(mkstemp(path), "w"),
         *in = fopen(arena_printf(a, DATA "spot_price/%s", file), "r");
    fputs("instance_type,zone,time,spot,on_demand,currency\n", out);
    for (int k = 0; in && fgets(line, sizeof line, in); k++)
        if (cells_split(cells, line) == 3 && k > 0)
            fprintf(out, "t,%s,%s,%s,,USD\n", cells[0], cells[1], cells[2]);
    if (in) fclose(in);
    fclose(out);
    struct diag d = {.arena = a};
    gsl_test(history_read(h, path, a, &d) != OK, "%s is read", file);
    unlink(path);
}

static double hold_cost(const struct history *h, const char *zone, moment_t from, double hours)
{
    for (size_t first = 0, end = 0; history_next(h, &first, &end);)
        if (strcmp(h->texts.items[h->samples[first].zone], zone) == 0)
            return history_hold_cost(h, first, end, from, hours);
    return NAN;
}

static void row_test(char *const *c, struct arena *a)
{
    struct history h;
    moment_t from = 0;
    prices_read(&h, c[0], a);
    gsl_test(!import_time_parse(&from, c[1]), "%s is a time", c[1]);
    gsl_test_abs(hold_cost(&h, c[3], from, strtod(c[2], NULL)), strtod(c[4], NULL), 5.1e-7,
                 "%s, %s from %s", c[0], c[3], c[1]);
}

/* The zone that would have been cheapest. */
static void choice_test(char *const *c, struct arena *a)
{
    struct history h;
    moment_t from = 0;
    double best = INFINITY;
    const char *zone = "";
    prices_read(&h, c[0], a);
    gsl_test(!import_time_parse(&from, c[1]), "%s is a time", c[1]);
    for (size_t first = 0, end = 0; history_next(&h, &first, &end);) {
        const double cost = history_hold_cost(&h, first, end, from, strtod(c[2], NULL));
        if (!(cost < best)) continue;
        best = cost;
        zone = h.texts.items[h.samples[first].zone];
    }
    gsl_test_abs(best, strtod(c[5], NULL), 5.1e-7, "%s from %s: the cheapest zone", c[0], c[1]);
    gsl_test_abs(hold_cost(&h, c[4], from, strtod(c[2], NULL)), best, 5.1e-7, "%s and %s cost it",
                 c[4], zone);
}

static size_t each_row(const char *path, void (*test)(char *const *cells, struct arena *a))
{
    FILE *in = fopen(path, "r");
    char line[512], *cells[MAX_CELLS];
    size_t rows = 0;
    for (int k = 0; in && fgets(line, sizeof line, in); k++) {
        if (k == 0 || cells_split(cells, line) < 6) continue;
        struct arena *a = arena_new();
        test(cells, a);
        arena_free(a);
        rows++;
    }
    if (in) fclose(in);
    return rows;
}

int main(void)
{
    if (access(expected_path, R_OK) != 0 || access(choice_path, R_OK) != 0) {
        puts("SKIP: the public prices are not there");
        return 0;
    }
    gsl_test(each_row(expected_path, row_test) < 50, "all zones");
    gsl_test(each_row(choice_path, choice_test) < 10, "all choices");
    return gsl_test_summary();
}
