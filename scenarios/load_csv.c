/* A load curve from a file: each rate holds until the next row, the last one to the end of the horizon. */
#include "common/csv.h"
#include "common/node.h"
#include "scenarios/serving.h"
#include <math.h>

enum curve_column { CURVE_TIME, CURVE_RATE, N_CURVE_COLUMNS };

static const struct csv_column curve_columns[N_CURVE_COLUMNS] = {
    [CURVE_TIME] = {"time", true},
    [CURVE_RATE] = {"rate_per_s", true},
};

struct curve_reading {
    struct serve_task *task;
    struct curve_builder *builder;
    size_t n;           /* rows that could be read */
    int64_t at_us;      /* of the row read last */
    double per_h;       /* which holds from there */
    int64_t longest_us; /* between two rows */
    struct place at;
    bool broken;
};

static enum err cell_error(struct curve_reading *r, const struct csv_row *row,
                           enum curve_column column, const char *expected)
{
    struct diag *d = r->task->serving->diag;
    r->broken = true;
    diag_error(d, ERR_CURVE, csv_place(row, column), _("%s cannot be '%.80s'"),
               curve_columns[column].name, row->field[column]);
    diag_fix(d, _("write %s"), expected);
    return ERR_CURVE;
}

/* A moment, a number of hours from the start, or a length of time from there. */
static bool time_parse(int64_t *us, const char *text, const struct scenario *s)
{
    moment_t moment;
    double value = 0;
    if (duration_us_parse(us, text)) return true;
    if (moment_parse(&moment, text)) {
        *us = moment - s->start;
        return true;
    }
    if (!quantity_parse(&value, text, PLAIN) || fabs(value) > 1e6) return false;
    *us = llround(value * (double)US_PER_H);
    return true;
}

static enum err order_error(struct curve_reading *r, const struct csv_row *row)
{
    struct diag *d = r->task->serving->diag;
    r->broken = true;
    diag_error(d, ERR_CURVE, csv_place(row, CURVE_TIME),
               _("time '%.80s' is not after the time of the row before"), row->field[CURVE_TIME]);
    diag_fix(d, _("sort the rows by time and give each time once"));
    return ERR_CURVE;
}

static enum err row_read(const struct csv_row *row, void *context)
{
    struct curve_reading *r = context;
    int64_t us = 0;
    double per_s = 0;
    if (!time_parse(&us, row->field[CURVE_TIME], r->task->serving->scenario))
        return cell_error(r, row, CURVE_TIME,
                          _("a moment such as 2026-12-08 18:00, or hours from the start of the "
                            "horizon such as 1.5"));
    if (!quantity_parse(&per_s, row->field[CURVE_RATE], PLAIN) || per_s < 0 || per_s > 1e9)
        return cell_error(r, row, CURVE_RATE, _("a number from 0 to 1e9"));
    if (r->n > 0 && us <= r->at_us) return order_error(r, row);
    if (r->n > 0) {
        curve_add(r->builder, r->at_us, us, r->per_h, r->per_h);
        if (us - r->at_us > r->longest_us) r->longest_us = us - r->at_us;
    } else {
        const struct window *w = r->builder->window;
        const int64_t needed_us = w->n > 0 ? w->spans[0].from_us : 0;
        if (us > needed_us) {
            struct diag *d = r->task->serving->diag;
            r->broken = true;
            diag_error(d, ERR_CURVE, csv_place(row, CURVE_TIME),
                       _("the load of '%s' begins only %g h after it is needed"),
                       r->task->workload->name, (double)(us - needed_us) / (double)US_PER_H);
            diag_fix(d, _("add a row for the start of the horizon"));
            return ERR_CURVE;
        }
    }
    r->n++;
    r->at_us = us;
    r->per_h = per_s * 3600;
    r->at = csv_place(row, CURVE_TIME);
    return OK;
}

/* A week of measurements for a horizon of a month: the last rate would hold for three weeks. */
static void held_warn(const struct curve_reading *r)
{
    struct diag *d = r->task->serving->diag;
    const int64_t held_us = r->builder->horizon_us - r->at_us;
    if (r->longest_us == 0 || held_us <= 2 * r->longest_us) return;
    diag_warning(d, WARN_CURVE_HELD, r->at,
                 _("the last rate of the load of '%s' holds for %g h, to the end of the horizon"),
                 r->task->workload->name, (double)held_us / (double)US_PER_H);
    diag_fix(d, _("add rows for the rest of the horizon, or make horizon.length shorter"));
}

enum err load_csv_read(struct serve_task *t, struct curve_builder *b)
{
    const struct workload *w = t->workload;
    struct arena *a = t->serving->arena;
    struct diag *d = t->serving->diag;
    struct curve_reading r = {.task = t, .builder = b};
    const char *path = node_file_path(node_find(w->node, "load.csv"), a);
    TRY(csv_read(path, curve_columns, N_CURVE_COLUMNS, NULL, row_read, &r, a, d));
    if (r.broken) return ERR_CURVE;
    if (r.n == 0) {
        diag_error(d, ERR_CURVE, workload_place(w, "load.csv"), _("the load of '%s' has no rows"),
                   w->name);
        diag_fix(d, _("add a row per change of the rate to %s"), path);
        return ERR_CURVE;
    }
    if (r.at_us < b->horizon_us) curve_add(b, r.at_us, b->horizon_us, r.per_h, r.per_h);
    held_warn(&r);
    return OK;
}
