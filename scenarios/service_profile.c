/* Measured capacity (model.md 3.2 a): a table of rates of one worker per GPU and request class, and the shares of the
 * classes. A row may name the target it was measured at, for example "p99 800ms". For each percentile that the scenario
 * limits, rows measured at that limit or a tighter one count, the highest of them; the lowest over the percentiles
 * holds. Rows without a target count where the table has no targets, or where the scenario has no limits. */
#include "common/csv.h"
#include "common/node.h"
#include "scenarios/serving.h"
#include <math.h>
#include <string.h>

enum profile_column { PROFILE_GPU, PROFILE_CLASS, PROFILE_RATE, PROFILE_TARGET, N_PROFILE_COLUMNS };
enum mix_column { MIX_CLASS, MIX_SHARE, N_MIX_COLUMNS };

static const struct csv_column profile_columns[N_PROFILE_COLUMNS] = {
    [PROFILE_GPU] = {"gpu", true},
    [PROFILE_CLASS] = {"class", false},
    [PROFILE_RATE] = {"max_rate_per_s", true},
    [PROFILE_TARGET] = {"target", false},
};
static const struct csv_column mix_columns[N_MIX_COLUMNS] = {
    [MIX_CLASS] = {"class", true},
    [MIX_SHARE] = {"share", true},
};

/* A row of the table as written. */
struct profile_row {
    size_t gpu;
    const char *class_name;
    double per_h;
    int percent;    /* of the target: 50, 95, 99; 0: none */
    double limit_h; /* of the target */
    struct place at;
};

struct tables {
    struct serve_task *task;
    size_t n_rows, n_targets;
    struct profile_row *rows;
    size_t n_classes;
    const char **names;
    double *shares;
    size_t n_shares; /* == n_classes */
    bool broken;
};

static enum err cell_error(struct tables *t, enum err code, const struct csv_row *row,
                           const struct csv_column *columns, size_t column)
{
    t->broken = true;
    return diag_error(t->task->serving->diag, code, csv_place(row, column),
                      _("%s cannot be '%.80s'"), columns[column].name, row->field[column]);
}

/* --- the table of rates --- */

static enum err gpu_error(struct tables *t, const struct csv_row *row)
{
    const struct price_book *b = t->task->serving->book;
    struct diag *d = t->task->serving->diag;
    const char *name = row->field[PROFILE_GPU];
    t->broken = true;
    diag_error(d, ERR_GPU_NAME, csv_place(row, PROFILE_GPU), _("the price book knows no GPU '%s'"),
               name);
    const char *near = book_gpu_nearest(b, name);
    if (near)
        diag_fix(d, _("did you mean '%s'?"), near);
    else
        diag_fix(d, _("`gpumix catalog gpus` lists the names"));
    return ERR_GPU_NAME;
}

/* "p99 800ms" */
static bool target_parse(struct profile_row *out, const char *text)
{
    static const struct {
        const char *word;
        int percent;
    } words[] = {{"p50 ", 50}, {"p95 ", 95}, {"p99 ", 99}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const size_t length = strlen(words[i].word);
        if (strncmp(text, words[i].word, length) != 0) continue;
        out->percent = words[i].percent;
        return quantity_parse(&out->limit_h, text + length, DURATION_H);
    }
    return false;
}

static enum err profile_row_read(const struct csv_row *row, void *context)
{
    struct tables *t = context;
    struct diag *d = t->task->serving->diag;
    struct arena *a = t->task->serving->arena;
    struct profile_row r = {.at = csv_place(row, PROFILE_RATE)};
    double per_s = 0;
    r.gpu = book_gpu_find(t->task->serving->book, row->field[PROFILE_GPU]);
    if (r.gpu == NO_GPU) return gpu_error(t, row);
    if (!quantity_parse(&per_s, row->field[PROFILE_RATE], PLAIN) || per_s < 0 || per_s > 1e9) {
        (void)cell_error(t, ERR_PROFILE, row, profile_columns, PROFILE_RATE);
        diag_fix(d,
                 _("write requests per second of one worker, 0 where it cannot serve the class"));
        return ERR_PROFILE;
    }
    if (*row->field[PROFILE_TARGET] && !target_parse(&r, row->field[PROFILE_TARGET])) {
        (void)cell_error(t, ERR_PROFILE, row, profile_columns, PROFILE_TARGET);
        diag_fix(d,
                 _("write a percentile and its limit, for example p99 800ms, or leave it empty"));
        return ERR_PROFILE;
    }
    r.class_name = arena_strdup(a, row->field[PROFILE_CLASS]);
    r.per_h = per_s * 3600;
    t->n_targets += r.percent > 0;
    *ARENA_PUSH(a, t->rows, t->n_rows) = r;
    return OK;
}

static bool same_row(const struct profile_row *x, const struct profile_row *y)
{
    return x->gpu == y->gpu && !strcmp(x->class_name, y->class_name) && x->percent == y->percent &&
           fabs(x->limit_h - y->limit_h) <= 1e-12 * x->limit_h;
}

static enum err duplicates_check(const struct tables *t)
{
    struct diag *d = t->task->serving->diag;
    for (size_t i = 1; i < t->n_rows; i++)
        for (size_t j = 0; j < i; j++) {
            if (!same_row(&t->rows[i], &t->rows[j])) continue;
            diag_error(d, ERR_PROFILE, t->rows[i].at,
                       _("the rate of %s for the class '%s' is given twice"),
                       book_gpu(t->task->serving->book, t->rows[i].gpu)->name,
                       t->rows[i].class_name);
            diag_fix(d, _("delete line %zu or line %zu"), t->rows[j].at.line, t->rows[i].at.line);
            return ERR_PROFILE;
        }
    return OK;
}

static enum err profile_read(struct tables *t)
{
    struct serving *s = t->task->serving;
    const struct workload *w = t->task->workload;
    enum { MOST_ROWS = 4096 };
    const struct csv_options options = {.max_rows = MOST_ROWS};
    TRY(csv_read(w->profile, profile_columns, N_PROFILE_COLUMNS, &options, profile_row_read, t,
                 s->arena, s->diag));
    if (t->broken) return s->diag->code;
    if (t->n_rows == 0) {
        diag_error(s->diag, ERR_PROFILE, workload_place(w, "service.profile"),
                   _("the table of service.profile of '%s' has no rows"), w->name);
        diag_fix(s->diag, _("add a row per GPU and request class to %s"), w->profile);
        return ERR_PROFILE;
    }
    return duplicates_check(t);
}

/* --- classes --- */

static size_t class_find(const struct tables *t, const char *name)
{
    for (size_t i = 0; i < t->n_classes; i++)
        if (!strcmp(t->names[i], name)) return i;
    return SIZE_MAX;
}

static enum err mix_row_read(const struct csv_row *row, void *context)
{
    struct tables *t = context;
    struct serving *s = t->task->serving;
    double share = 0;
    if (!quantity_parse(&share, row->field[MIX_SHARE], NUMBER_FRAC) || share < 0 || share > 1) {
        (void)cell_error(t, ERR_MIX, row, mix_columns, MIX_SHARE);
        diag_fix(s->diag, _("write a share such as 0.2 or 20%%"));
        return ERR_MIX;
    }
    if (class_find(t, row->field[MIX_CLASS]) != SIZE_MAX) {
        t->broken = true;
        diag_error(s->diag, ERR_MIX, csv_place(row, MIX_CLASS),
                   _("the share of the class '%s' is given twice"), row->field[MIX_CLASS]);
        diag_fix(s->diag, _("give each class once"));
        return ERR_MIX;
    }
    *ARENA_PUSH(s->arena, t->names, t->n_classes) = arena_strdup(s->arena, row->field[MIX_CLASS]);
    *ARENA_PUSH(s->arena, t->shares, t->n_shares) = share;
    return OK;
}

static enum err shares_check(struct tables *t, const char *path)
{
    const struct workload *w = t->task->workload;
    struct diag *d = t->task->serving->diag;
    double sum = 0;
    for (size_t i = 0; i < t->n_shares; i++) sum += t->shares[i];
    if (fabs(sum - 1) > 1e-6) {
        diag_error(d, ERR_MIX, workload_place(w, "request_mix.from_csv"),
                   _("the shares of request_mix of '%s' sum to %.9g"), w->name, sum);
        diag_fix(d, _("write shares in %s that sum to 1"), path);
        return ERR_MIX;
    }
    for (size_t i = 0; i < t->n_shares; i++) t->shares[i] /= sum;
    return OK;
}

/* Without a mix the table must be about one class. */
static enum err single_class(struct tables *t)
{
    const struct workload *w = t->task->workload;
    struct serving *s = t->task->serving;
    for (size_t i = 1; i < t->n_rows; i++) {
        if (!strcmp(t->rows[i].class_name, t->rows[0].class_name)) continue;
        diag_error(s->diag, ERR_MIX, t->rows[i].at,
                   _("the table of '%s' has several classes, and no request_mix says their shares"),
                   w->name);
        diag_fix(s->diag,
                 _("write request_mix: {from_csv: FILE} with the columns class and share"));
        return ERR_MIX;
    }
    *ARENA_PUSH(s->arena, t->names, t->n_classes) = t->rows[0].class_name;
    *ARENA_PUSH(s->arena, t->shares, t->n_shares) = 1;
    return OK;
}

static enum err classes_read(struct tables *t)
{
    const struct workload *w = t->task->workload;
    struct serving *s = t->task->serving;
    const struct node *file = w->node ? node_find(w->node, "request_mix.from_csv") : NULL;
    if (!file) return single_class(t);
    const char *path = node_file_path(file, s->arena);
    enum { MOST_CLASSES = 256 };
    const struct csv_options options = {.max_rows = MOST_CLASSES};
    TRY(csv_read(path, mix_columns, N_MIX_COLUMNS, &options, mix_row_read, t, s->arena, s->diag));
    if (t->broken) return s->diag->code;
    return shares_check(t, path);
}

/* --- rates that count --- */

/* Highest rate measured at this limit or a tighter one; percent 0: at none. */
static double rate_within(const struct tables *t, size_t gpu, const char *name,
                          const struct profile_row *limit)
{
    double most = 0;
    for (size_t i = 0; i < t->n_rows; i++) {
        const struct profile_row *r = &t->rows[i];
        if (r->gpu != gpu || strcmp(r->class_name, name) != 0) continue;
        if (r->percent != limit->percent) continue;
        if (r->percent > 0 && r->limit_h > limit->limit_h * (1 + 1e-12)) continue;
        most = fmax(most, r->per_h);
    }
    return most;
}

static double rate_of(const struct tables *t, size_t gpu, const char *name)
{
    const struct workload *w = t->task->workload;
    const struct profile_row limits[] = {{.percent = 50, .limit_h = w->p50_h},
                                         {.percent = 95, .limit_h = w->p95_h},
                                         {.percent = 99, .limit_h = w->p99_h}};
    double least = INFINITY;
    for (size_t i = 0; t->n_targets > 0 && i < sizeof limits / sizeof *limits; i++)
        if (limits[i].limit_h > 0) least = fmin(least, rate_within(t, gpu, name, &limits[i]));
    if (isfinite(least)) return least;
    return rate_within(t, gpu, name, &(struct profile_row){0});
}

static bool gpu_seen_before(const struct tables *t, size_t row)
{
    for (size_t i = 0; i < row; i++)
        if (t->rows[i].gpu == t->rows[row].gpu) return true;
    return false;
}

static enum err class_check(const struct tables *t, size_t class_)
{
    const struct workload *w = t->task->workload;
    const struct service *s = t->task->service;
    struct diag *d = t->task->serving->diag;
    if (t->shares[class_] <= 0) return OK;
    for (size_t i = 0; i < s->n_rates; i++)
        if (s->rates[i].class_ == class_) return OK;
    diag_error(d, ERR_PROFILE, workload_place(w, "service.profile"),
               _("the table of '%s' has no rate for the class '%s' within the limits"), w->name,
               t->names[class_]);
    diag_fix(d, _("add a row with a rate above 0 and, if the table has targets, one the limits of "
                  "latency allow"));
    return ERR_PROFILE;
}

static enum err rates_pick(struct tables *t)
{
    struct service *s = t->task->service;
    struct arena *a = t->task->serving->arena;
    for (size_t i = 0; i < t->n_rows; i++) {
        if (gpu_seen_before(t, i)) continue;
        for (size_t c = 0; c < t->n_classes; c++) {
            const size_t gpu = t->rows[i].gpu;
            const double per_h = t->shares[c] > 0 ? rate_of(t, gpu, t->names[c]) : 0;
            if (per_h <= 0) continue;
            *ARENA_PUSH(a, s->rates, s->n_rates) = (struct measured_rate){gpu, c, per_h};
        }
    }
    for (size_t c = 0; c < t->n_classes; c++) TRY(class_check(t, c));
    return OK;
}

enum err profile_make(struct serve_task *task)
{
    struct tables t = {.task = task};
    TRY(profile_read(&t));
    TRY(classes_read(&t));
    TRY(rates_pick(&t));
    struct service *s = task->service;
    s->n_classes = t.n_classes;
    s->class_names = t.names;
    s->class_share = t.shares;
    return OK;
}
