/* Job lists: one row per job, under the values of the workload. Nothing of a row is kept but its demand. */
#include "common/csv.h"
#include "common/node.h"
#include "scenarios/lower.h"
#include <math.h>
#include <string.h>

/* Everything a row needs; lives during one csv_read. */
struct reader {
    struct task *task;
    struct job base;              /* values of the workload */
    size_t column_of[N_JOB_KEYS]; /* SIZE_MAX: not asked for */
    size_t n_columns;
    struct csv_column columns[N_JOB_KEYS];
    size_t n_rows;
    size_t n_names; /* open addressing over the ids seen; a power of two; 0: they came in order */
    struct name {
        uint32_t number; /* of the id, from 1; 0: free */
        uint32_t hash;   /* spares a look at most of the other ids */
    } * names;
    size_t n_ids;
    const char **ids; /* [n_ids] seen */
    struct arena *names_arena, *ids_arena;
    bool broken; /* the list as a whole cannot be used; said once */
};

/* ---- columns ------------------------------------------------------------------------------------- */

static const char *mapped_name(const struct workload *w, enum job_key key)
{
    for (size_t i = 0; i < w->n_columns; i++)
        if (!strcmp(w->columns[i].name, job_columns[key].name)) return w->columns[i].text;
    return NULL;
}

/* Is a header of this name already read as another key? */
static bool column_taken(const struct reader *r, const char *name)
{
    for (size_t i = 0; i < r->n_columns; i++)
        if (!strcmp(r->columns[i].name, name)) return true;
    return false;
}

static void column_add(struct reader *r, enum job_key key, const char *name, bool required)
{
    r->column_of[key] = r->n_columns;
    r->columns[r->n_columns++] = (struct csv_column){name, required};
}

static enum err mapping_check(const struct task *t)
{
    const struct workload *w = t->workload;
    struct diag *d = t->lowering->diag;
    const char *names[N_JOB_KEYS];
    for (size_t k = 0; k < N_JOB_KEYS; k++) names[k] = job_columns[k].name;
    for (size_t i = 0; i < w->n_columns; i++) {
        bool known = false;
        for (size_t k = 0; k < N_JOB_KEYS; k++) known |= !strcmp(w->columns[i].name, names[k]);
        if (known) continue;
        diag_error(d, ERR_JOB_COLUMNS, workload_place(w, "work.columns"),
                   _("work.columns of '%s' names an unknown key '%s'"), w->name,
                   w->columns[i].name);
        const char *near = nearest_name(w->columns[i].name, names, N_JOB_KEYS);
        if (near)
            diag_fix(d, _("did you mean '%s'?"), near);
        else
            diag_fix(d, _("write the keys on the left and the columns of the file on the right"));
        return ERR_JOB_COLUMNS;
    }
    return OK;
}

static enum err columns_make(struct reader *r)
{
    const struct task *t = r->task;
    const struct workload *w = t->workload;
    TRY(mapping_check(t));
    for (enum job_key key = JOB_ID; key < N_JOB_KEYS; key++) {
        r->column_of[key] = SIZE_MAX;
        const char *name = mapped_name(w, key);
        if (!name) continue;
        if (column_taken(r, name)) {
            struct diag *d = t->lowering->diag;
            diag_error(d, ERR_JOB_COLUMNS, workload_place(w, "work.columns"),
                       _("work.columns of '%s' reads the column '%s' twice"), w->name, name);
            diag_fix(d, _("name one column per key"));
            return ERR_JOB_COLUMNS;
        }
        column_add(r, key, name, true);
    }
    for (enum job_key key = JOB_ID; key < N_JOB_KEYS; key++)
        if (r->column_of[key] == SIZE_MAX && !column_taken(r, job_columns[key].name))
            column_add(r, key, job_columns[key].name, false);
    return OK;
}

/* ---- cells --------------------------------------------------------------------------------------- */

static const char *cell(const struct reader *r, const struct csv_row *row, enum job_key key)
{
    return r->column_of[key] == SIZE_MAX ? "" : row->field[r->column_of[key]];
}

static enum err cell_error(const struct reader *r, const struct csv_row *row, enum job_key key,
                           const char *expected)
{
    struct diag *d = r->task->lowering->diag;
    diag_error(d, ERR_JOB_CELL, csv_place(row, r->column_of[key]), _("%s is '%s'"),
               job_columns[key].name, cell(r, row, key));
    diag_fix(d, _("write %s"), expected);
    return ERR_JOB_CELL;
}

/* Every parser leaves *out alone when the cell is empty. */
static enum err cell_number(double *out, const struct reader *r, const struct csv_row *row,
                            enum job_key key, enum dimension dimension)
{
    const char *text = cell(r, row, key);
    if (!*text) return OK;
    double value = 0;
    if (!quantity_parse(&value, text, dimension) || !(value >= 0))
        return cell_error(r, row, key, quantity_expected(dimension));
    *out = value;
    return OK;
}

static enum err cell_count(long *out, const struct reader *r, const struct csv_row *row,
                           enum job_key key, long min, long max)
{
    const char *text = cell(r, row, key);
    if (!*text) return OK;
    double value = 0;
    if (!quantity_parse(&value, text, PLAIN) || value < (double)min || value > (double)max ||
        value != floor(value))
        return cell_error(
            r, row, key,
            arena_printf(r->task->lowering->arena, _("a whole number from %ld to %ld"), min, max));
    *out = (long)value;
    return OK;
}

static enum err cell_items(struct job *j, const struct reader *r, const struct csv_row *row)
{
    TRY(cell_number(&j->items, r, row, JOB_ITEMS, COUNT_SI));
    if (!*cell(r, row, JOB_ITEMS)) return OK;
    if (j->items < 1 || j->items != floor(j->items))
        return cell_error(r, row, JOB_ITEMS, _("a whole number above 0"));
    return OK;
}

static enum err cell_start(struct job *j, const struct reader *r, const struct csv_row *row)
{
    const char *text = cell(r, row, JOB_START);
    if (!*text) return OK;
    if (!moment_parse(&j->start, text))
        return cell_error(r, row, JOB_START,
                          _("a date, or a date and time such as 2026-12-08 18:00"));
    j->has_start = true;
    return OK;
}

static enum err cell_deadline(struct job *j, const struct reader *r, const struct csv_row *row)
{
    const char *text = cell(r, row, JOB_DEADLINE);
    if (!*text) return OK;
    j->has_deadline = true;
    j->deadline_is_moment = moment_parse(&j->deadline, text);
    if (!j->deadline_is_moment && !duration_us_parse(&j->deadline_us, text))
        return cell_error(
            r, row, JOB_DEADLINE,
            _("a date and time such as 2026-12-08 18:00, or a length of time such as 9h"));
    return OK;
}

static enum err cell_late_cost(struct job *j, const struct reader *r, const struct csv_row *row)
{
    const char *text = cell(r, row, JOB_LATE_COST);
    if (!*text) return OK;
    if (!money_parse(&j->late_cost.money, text))
        return cell_error(r, row, JOB_LATE_COST, _("an amount per h or d, for example ¥20000/d"));
    j->late_cost.given = true;
    return OK;
}

/* A row that gives the work in one form drops the other forms of the workload. */
static enum err cells_work(struct job *j, const struct reader *r, const struct csv_row *row)
{
    const bool hours = *cell(r, row, JOB_GPU_HOURS) || *cell(r, row, JOB_VCPU_HOURS);
    if (hours || *cell(r, row, JOB_SECONDS)) {
        j->gpu_hours = j->vcpu_hours = j->tokens = j->parameters = (double)NAN;
        if (hours) j->seconds_per_item = (double)NAN;
    }
    TRY(cell_number(&j->gpu_hours, r, row, JOB_GPU_HOURS, PLAIN));
    TRY(cell_number(&j->vcpu_hours, r, row, JOB_VCPU_HOURS, PLAIN));
    TRY(cell_number(&j->seconds_per_item, r, row, JOB_SECONDS, PLAIN));
    return cell_items(j, r, row);
}

/* workers and max_workers exclude each other, so a row that gives one drops the workload's other. */
static enum err cells_resources(struct job *j, const struct reader *r, const struct csv_row *row)
{
    enum { MOST = 1000000 };
    if (*cell(r, row, JOB_WORKERS) || *cell(r, row, JOB_MAX_WORKERS))
        j->workers = j->max_workers = 0;
    TRY(cell_count(&j->workers, r, row, JOB_WORKERS, 1, MOST));
    TRY(cell_count(&j->max_workers, r, row, JOB_MAX_WORKERS, 1, MOST));
    TRY(cell_count(&j->gpus_per_worker, r, row, JOB_GPUS_PER_WORKER, 1, MOST));
    TRY(cell_number(&j->gpu_memory_gib, r, row, JOB_GPU_MEMORY, SIZE_GIB));
    TRY(cell_number(&j->spot_max_frac, r, row, JOB_SPOT_SHARE, PERCENT_FRAC));
    if (j->spot_max_frac > 1)
        return cell_error(r, row, JOB_SPOT_SHARE, _("a share from 0% to 100%"));
    return cell_count(&j->priority, r, row, JOB_PRIORITY, 0, 100);
}

static enum err repeated_row_check(const struct reader *r, const struct csv_row *row)
{
    struct diag *d = r->task->lowering->diag;
    if (!r->task->repeated) return OK;
    if (*cell(r, row, JOB_START)) {
        diag_error(d, ERR_REPEAT, csv_place(row, r->column_of[JOB_START]),
                   _("'%s' is repeated, so a row cannot have a start"), r->task->workload->name);
        diag_fix(d, _("remove work.repeat, or the start"));
        return ERR_REPEAT;
    }
    if (*cell(r, row, JOB_DEADLINE)) {
        diag_error(d, ERR_REPEAT, csv_place(row, r->column_of[JOB_DEADLINE]),
                   _("'%s' is repeated, so a row cannot have a deadline of its own"),
                   r->task->workload->name);
        diag_fix(d, _("write window.deadline for all rows, or remove work.repeat"));
        return ERR_REPEAT;
    }
    return OK;
}

/* ---- ids ----------------------------------------------------------------------------------------- */

/* The id of a row as it is looked for. */
struct row_id {
    const char *text;
    size_t length;
    uint32_t hash; /* where there are names */
};

static uint32_t id_hash(const char *text, size_t length)
{
    uint64_t hash = 0, eight;
    for (size_t i = 0; i < length; i += sizeof eight) {
        const size_t left = length - i;
        eight = left; /* the last one holds fewer bytes */
        memcpy(&eight, text + i, left < sizeof eight ? left : sizeof eight);
        hash = (hash ^ eight) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 32;
    }
    return (uint32_t)hash;
}

/* Of a million ids each lies somewhere else in memory: it is fetched while the other cells are read. */
static struct row_id row_id(const struct reader *r, const struct csv_row *row)
{
    struct row_id id = {.text = cell(r, row, JOB_ID)};
    id.length = strlen(id.text);
    if (r->n_names == 0) return id;
    id.hash = id_hash(id.text, id.length);
    __builtin_prefetch(&r->names[id.hash & (r->n_names - 1)]);
    return id;
}

static struct name *name_slot(const struct reader *r, struct row_id id)
{
    const size_t last = r->n_names - 1;
    size_t i = id.hash & last;
    while (r->names[i].number &&
           (r->names[i].hash != id.hash || strcmp(r->ids[r->names[i].number - 1], id.text) != 0))
        i = (i + 1) & last;
    return &r->names[i];
}

/* A name that is not there yet. */
static void name_put(struct reader *r, struct name name)
{
    size_t i = name.hash & (r->n_names - 1);
    while (r->names[i].number) i = (i + 1) & (r->n_names - 1);
    r->names[i] = name;
}

/* Are more than two thirds of the places taken? */
static bool names_full(const struct reader *r)
{
    return 2 * r->n_names <= 3 * r->n_ids;
}

static void names_grow(struct reader *r)
{
    const size_t old_n = r->n_names;
    const struct name *old = r->names;
    struct arena *before = r->names_arena;
    r->names_arena = arena_new();
    r->n_names = 2 * old_n;
    r->names = ARENA_NEW(r->names_arena, struct name, r->n_names);
    for (size_t i = 0; i < old_n; i++)
        if (old[i].number) name_put(r, old[i]);
    arena_free(before);
}

/* The names of the ids seen so far. */
static void names_make(struct reader *r)
{
    for (r->n_names = 256; names_full(r);) r->n_names *= 2;
    r->names_arena = arena_new();
    r->names = ARENA_NEW(r->names_arena, struct name, r->n_names);
    for (size_t i = 0; i < r->n_ids; i++)
        name_put(r, (struct name){(uint32_t)i + 1, id_hash(r->ids[i], strlen(r->ids[i]))});
}

/* Longer than the last one, or as long and behind it in the alphabet. */
static bool id_follows(const struct reader *r, struct row_id id)
{
    if (r->n_ids == 0) return true;
    const char *last = r->ids[r->n_ids - 1];
    const size_t length = strlen(last);
    return id.length > length || (id.length == length && memcmp(id.text, last, length) > 0);
}

/* Was the id there before? Ids in order, as in most lists, are different without a look at all of them. */
static bool id_seen(struct reader *r, struct row_id id)
{
    if (r->n_names == 0) {
        if (id_follows(r, id)) return false;
        names_make(r);
        id.hash = id_hash(id.text, id.length);
    }
    if (names_full(r)) names_grow(r);
    struct name *slot = name_slot(r, id);
    if (slot->number) return true;
    *slot = (struct name){(uint32_t)r->n_ids + 1, id.hash};
    return false;
}

/* "workload/id"; the id is the end of it, so both share their bytes. */
static void job_call(struct job *j, const struct workload *w, struct row_id id, struct arena *a)
{
    const size_t length = strlen(w->name);
    char *name = ARENA_NEW(a, char, length + 1 + id.length + 1);
    memcpy(name, w->name, length);
    name[length] = '/';
    memcpy(name + length + 1, id.text, id.length + 1);
    j->name = name;
    j->id = name + length + 1;
}

static enum err id_read(struct job *j, struct reader *r, const struct csv_row *row,
                        struct row_id id)
{
    struct arena *a = r->task->lowering->arena;
    struct diag *d = r->task->lowering->diag;
    const size_t column = r->column_of[JOB_ID];
    if (column == SIZE_MAX || !csv_has_column(row, column)) {
        j->id = arena_printf(a, "%zu", r->n_rows);
        return OK;
    }
    if (id.length == 0) {
        diag_error(d, ERR_JOB_ID, csv_place(row, column), _("a job without an id"));
        diag_fix(d, _("give every row an id of its own"));
        return ERR_JOB_ID;
    }
    if (id_seen(r, id)) {
        diag_error(d, ERR_JOB_ID, csv_place(row, column), _("the id '%s' is there twice"), id.text);
        diag_fix(d, _("give every row an id of its own"));
        return ERR_JOB_ID;
    }
    job_call(j, r->task->workload, id, a);
    *ARENA_PUSH_ALONE(r->ids_arena, r->ids, r->n_ids) = j->id;
    return OK;
}

/* ---- rows ---------------------------------------------------------------------------------------- */

/* Without any column and any key that says how much work there is, every row would be an error. */
static enum err work_columns_check(struct reader *r, const struct csv_row *row)
{
    static const enum job_key amounts[] = {JOB_GPU_HOURS, JOB_VCPU_HOURS, JOB_ITEMS, JOB_SECONDS};
    const struct job *b = &r->base;
    if (!isnan(b->gpu_hours) || !isnan(b->vcpu_hours) || !isnan(b->seconds_per_item) ||
        !isnan(b->tokens))
        return OK;
    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++)
        if (r->column_of[amounts[i]] != SIZE_MAX && csv_has_column(row, r->column_of[amounts[i]]))
            return OK;
    struct diag *d = r->task->lowering->diag;
    diag_error(d, ERR_JOB_COLUMNS, workload_place(r->task->workload, "work.from_csv"),
               _("the job list of '%s' has no column that says how much work there is"),
               r->task->workload->name);
    diag_fix(
        d, _("add a column gpu_hours, vcpu_hours, or items with seconds_per_item, or name yours in "
             "work.columns"));
    r->broken = true;
    return ERR_JOB_COLUMNS;
}

static enum err cells_read(struct job *j, const struct reader *r, const struct csv_row *row)
{
    TRY(cells_work(j, r, row));
    TRY(cell_start(j, r, row));
    TRY(cell_deadline(j, r, row));
    TRY(cell_late_cost(j, r, row));
    TRY(cells_resources(j, r, row));
    return repeated_row_check(r, row);
}

static enum err row_read(const struct csv_row *row, void *context)
{
    struct reader *r = context;
    if (r->broken) return OK;
    if (r->n_rows++ == 0) TRY(work_columns_check(r, row));
    struct job j = r->base;
    j.row = row;
    j.column_of = r->column_of;
    const struct row_id id = row_id(r, row);
    const enum err cells = cells_read(&j, r, row);
    TRY(id_read(&j, r, row, id));
    TRY(cells);
    return job_add(r->task, &j);
}

/* Relative to the file in which it is written. */
static const char *list_path(const struct workload *w, struct arena *a)
{
    const struct node *n = w->node ? node_find(w->node, "work.from_csv") : NULL;
    return n ? node_file_path(n, a) : w->from_csv;
}

enum err jobs_read(struct task *t)
{
    struct lowering *l = t->lowering;
    const struct workload *w = t->workload;
    const char *path = list_path(w, l->arena);
    struct reader r = {.task = t, .base = job_of_workload(w)};
    TRY(columns_make(&r));
    r.ids_arena = arena_new();
    const enum err read =
        csv_read(path, r.columns, r.n_columns, NULL, row_read, &r, l->arena, l->diag);
    arena_free(r.names_arena);
    arena_free(r.ids_arena);
    TRY(read);
    if (r.n_rows > 0) return OK;
    diag_error(l->diag, ERR_JOB_EMPTY, workload_place(w, "work.from_csv"),
               _("the job list of '%s' has no rows"), w->name);
    diag_fix(l->diag, _("add a row per job to %s"), path);
    return ERR_JOB_EMPTY;
}
