#include "demand_support.h"
#include "scenarios/lower.h"
#include <unistd.h>

struct run {
    struct demand_list list;
    struct diag diag;
    enum err e;
};

static const char *list_path(struct arena *a)
{
    return arena_printf(a, "/tmp/gpumix-jobs-%ld.csv", (long)getpid());
}

static const char *file_write(struct arena *a, const char *text)
{
    const char *path = list_path(a);
    FILE *f = fopen(path, "w");
    gsl_test(!f, "%s can be written", path);
    if (!f) return path;
    fputs(text, f);
    fclose(f);
    return path;
}

static struct run run_of(struct workload *w, const struct price_book *b, struct arena *a)
{
    struct run r = {.diag = diag_of(a)};
    const struct scenario s = scenario_of(w, "2026-11-30", 240);
    r.e = demands_make(&r.list, &s, b, a, &r.diag);
    return r;
}

static struct workload shots(struct arena *a, const char *text)
{
    struct workload w = workload_of("render_offline", "shots");
    w.measured_on = "A10-24GB";
    w.from_csv = file_write(a, text);
    w.priority = 7;
    w.gpu_memory_gib = 24;
    w.has_deadline = w.deadline_is_moment = true;
    w.deadline = moment_of("2026-12-08 18:00");
    return w;
}

static void test_mapped(const struct price_book *b, struct arena *a)
{
    static struct named_text columns[] = {{"id", "shot"},
                                          {"items", "frames"},
                                          {"seconds_per_item", "sec_per_frame"},
                                          {"deadline", "due"},
                                          {"priority", "prio"}};
    struct workload w = shots(a, "shot,note,frames,sec_per_frame,due,prio\n"
                                 "sc01_0040,x,1.5k,720,2026-12-04 18:00,3\n"
                                 "sc01_0050,,97,661.5,,\n"
                                 "sc01_0060,,12,30,36h,1\n");
    w.n_columns = 5;
    w.columns = columns;
    const struct run r = run_of(&w, b, a);
    gsl_test_int((int)r.e, OK, "mapped columns");
    gsl_test_int((int)finding_count(&r.diag), 0, "without a word");
    gsl_test_int((int)r.list.n, 3, "three shots");
    gsl_test_int((int)r.list.n_shapes, 1, "of one shape");
    if (r.list.n != 3) return;
    const struct demand *d = r.list.items;
    gsl_test_str(d[0].name, "shots/sc01_0040", "name");
    gsl_test_str(d[0].id, "sc01_0040", "id");
    gsl_test_rel(d[0].work, 300, 1e-15, "1,500 frames of 720 s");
    gsl_test_abs(d[0].items, 1500, 0, "frames");
    gsl_test(d[0].due_us != HOURS(4 * 24 + 18), "own deadline");
    gsl_test_int((int)d[0].priority, 3, "own priority");
    gsl_test_rel(d[1].work, 97 * 661.5 / 3600, 1e-15, "97 frames of 661.5 s");
    gsl_test(d[1].due_us != HOURS(8 * 24 + 18), "deadline of the workload");
    gsl_test_int((int)d[1].priority, 7, "priority of the workload");
    gsl_test(d[2].due_us != HOURS(36), "a deadline as a length of time");
    gsl_test_int((int)d[1].at.line, 3, "line of a job");
}

static void test_overrides(const struct price_book *b, struct arena *a)
{
    struct workload w = shots(a, "id,gpu_hours,vcpu_hours,start,deadline,late_cost,workers,gpus_"
                                 "per_worker,max_workers,gpu_memory,spot_max_share\n"
                                 "a,2.385,,2026-12-02,12h,¥240/d,,,,,\n"
                                 "b,,64.5,,,,,,4,,\n"
                                 "c,3,,,,,2,4,,80GB,25%\n"
                                 "d,3,,,,,2,4,,80GB,25%\n"
                                 "e,3,,,,,,,,,\n");
    w.max_workers = 9;
    w.late_cost =
        (struct optional_money){.given = true, .money = {{24, 1}, CURRENCY_CNY, PER_HOUR}};
    const struct run r = run_of(&w, b, a);
    gsl_test_int((int)r.e, OK, "rows over the workload");
    gsl_test_int((int)r.list.n, 5, "five jobs");
    gsl_test_int((int)r.list.n_shapes, 3, "three shapes");
    if (r.list.n != 5) return;
    const struct demand *d = r.list.items;
    gsl_test(d[0].release_us != HOURS(48) || d[0].due_us != HOURS(60), "own window");
    gsl_test(ratio_cmp(d[0].late_cost_per_h, (struct ratio){10, 1}) != 0, "own late cost");
    gsl_test(ratio_cmp(d[1].late_cost_per_h, (struct ratio){24, 1}) != 0,
             "late cost of the workload");
    gsl_test(!d[1].shape->cpu || d[1].shape->max_workers != 4, "CPU work with its own cap");
    gsl_test_rel(d[1].work, 64.5, 1e-15, "vCPU-hours");
    gsl_test(d[2].shape->workers != 2 || d[2].shape->max_workers != 0,
             "a row's gang drops the cap");
    gsl_test(d[2].shape->gpus_per_worker != 4 || d[2].shape->gpu_memory_gib != 80, "own resources");
    gsl_test_rel(d[2].shape->spot_max_frac, 0.25, 1e-15, "own spot share");
    gsl_test(d[3].shape != d[2].shape, "equal rows share a shape");
    gsl_test(d[4].shape != d[0].shape || d[4].shape->max_workers != 9, "and so do rows without");
}

/* One wrong row under the header; the findings, and where the first one points. */
static const struct row_case {
    const char *header, *row;
    enum err code;
    const char *what, *fix;
    size_t line, column;
} rows[] = {
    {"id,gpu_hours", "a,5h", ERR_JOB_CELL, "gpu_hours is '5h'", NULL, 2, 3},
    {"id,gpu_hours", "a,-5", ERR_JOB_CELL, "gpu_hours is '-5'", NULL, 2, 3},
    {"id,vcpu_hours", "a,many", ERR_JOB_CELL, "vcpu_hours is 'many'", NULL, 2, 3},
    {"id,items,seconds_per_item", "a,5,3s", ERR_JOB_CELL, "seconds_per_item is '3s'", NULL, 2, 5},
    {"id,items,seconds_per_item", "a,2.5,3", ERR_JOB_CELL, "items is '2.5'",
     "write a whole number above 0", 2, 3},
    {"id,items,seconds_per_item", "a,0,3", ERR_JOB_CELL, "items is '0'",
     "write a whole number above 0", 2, 3},
    {"id,gpu_hours,start", "a,5,2026-02-30", ERR_JOB_CELL, "start is '2026-02-30'",
     "write a date, or a date and time such as 2026-12-08 18:00", 2, 5},
    {"id,gpu_hours,deadline", "a,5,soon", ERR_JOB_CELL, "deadline is 'soon'",
     "write a date and time such as 2026-12-08 18:00, or a length of time such as 9h", 2, 5},
    {"id,gpu_hours,late_cost", "a,5,much", ERR_JOB_CELL, "late_cost is 'much'",
     "write an amount per h or d, for example ¥20000/d", 2, 5},
    {"id,gpu_hours,late_cost", "a,5,¥5/month", ERR_LATE_COST,
     "late_cost of 'shots/a' must be per h or per d", "write for example late_cost: ¥20000/d", 2,
     5},
    {"id,gpu_hours,priority", "a,5,101", ERR_JOB_CELL, "priority is '101'",
     "write a whole number from 0 to 100", 2, 5},
    {"id,gpu_hours,workers", "a,5,0", ERR_JOB_CELL, "workers is '0'",
     "write a whole number from 1 to 1000000", 2, 5},
    {"id,gpu_hours,workers", "a,5,1.5", ERR_JOB_CELL, "workers is '1.5'",
     "write a whole number from 1 to 1000000", 2, 5},
    {"id,gpu_hours,max_workers", "a,5,x", ERR_JOB_CELL, "max_workers is 'x'",
     "write a whole number from 1 to 1000000", 2, 5},
    {"id,gpu_hours,gpus_per_worker", "a,5,-1", ERR_JOB_CELL, "gpus_per_worker is '-1'",
     "write a whole number from 1 to 1000000", 2, 5},
    {"id,gpu_hours,gpu_memory", "a,5,80", ERR_JOB_CELL, "gpu_memory is '80'", NULL, 2, 5},
    {"id,gpu_hours,spot_max_share", "a,5,0.3", ERR_JOB_CELL, "spot_max_share is '0.3'", NULL, 2, 5},
    {"id,gpu_hours,spot_max_share", "a,5,130%", ERR_JOB_CELL, "spot_max_share is '130%'",
     "write a share from 0% to 100%", 2, 5},
    {"id,gpu_hours", ",5", ERR_JOB_ID, "a job without an id", "give every row an id of its own", 2,
     1},
    {"id,gpu_hours", "a,5\na,6", ERR_JOB_ID, "the id 'a' is there twice",
     "give every row an id of its own", 3, 1},
    {"id,gpu_hours", "b,5\na,5\nb,6", ERR_JOB_ID, "the id 'b' is there twice",
     "give every row an id of its own", 4, 1},
    {"id,gpu_hours", "a,", ERR_WORK_MISSING, "'shots/a' says no amount of work", NULL, 2, 1},
    {"id,gpu_hours,seconds_per_item,items", "a,1,2,3", ERR_WORK_TWICE,
     "the work of 'shots/a' is given twice: as gpu_hours and as seconds_per_item",
     "keep one of them", 2, 5},
    {"id,gpu_hours,workers,max_workers", "a,1,2,3", ERR_GANG,
     "'shots/a' has both workers and max_workers", NULL, 2, 7},
    {"id,gpu_hours,start", "a,1,2026-12-11", ERR_WINDOW,
     "'shots/a' starts at 2026-12-11 00:00, after the horizon ends at 2026-12-10 00:00", NULL, 2,
     5},
    {"id,gpu_hours,start", "a,1,2026-12-08 18:00", ERR_WINDOW,
     "'shots/a' is due at 2026-12-08 18:00, but starts only at 2026-12-08 18:00", NULL, 0, 0},
    {"id,gpu_hours,deadline", "a,1,2026-11-29", ERR_WINDOW,
     "'shots/a' is due at 2026-11-29 00:00, but starts only at 2026-11-30 00:00", NULL, 2, 5},
    {"id,name", "a,1", ERR_JOB_COLUMNS,
     "the job list of 'shots' has no column that says how much work there is",
     "add a column gpu_hours, vcpu_hours, or items with seconds_per_item, or name yours in "
     "work.columns",
     0, 0},
};

static void test_rows(const struct price_book *b, struct arena *a)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row_case *c = &rows[i];
        struct workload w = shots(a, arena_printf(a, "%s\n%s\n", c->header, c->row));
        const struct run r = run_of(&w, b, a);
        gsl_test_int((int)r.e, (int)c->code, "result of: %s", c->what);
        gsl_test_int((int)r.list.n, 0, "no demands after: %s", c->what);
        gsl_test_int((int)finding_count(&r.diag), 1, "one finding: %s", c->what);
        expect_finding(&r.diag, 0, c->code, c->what, c->fix);
        if (c->line == 0 || !r.diag.first) continue;
        gsl_test_int((int)r.diag.first->place.line, (int)c->line, "line of: %s", c->what);
        gsl_test_int((int)r.diag.first->place.column, (int)c->column, "column of: %s", c->what);
    }
}

static void test_units(const struct price_book *b, struct arena *a)
{
    static const struct unit_case {
        const char *header, *row;
        enum dimension dimension;
    } cases[] = {{"id,gpu_hours", "a,5h", PLAIN},
                 {"id,items,seconds_per_item", "a,5x,3", COUNT_SI},
                 {"id,gpu_hours,gpu_memory", "a,5,80", SIZE_GIB},
                 {"id,gpu_hours,spot_max_share", "a,5,0.3", PERCENT_FRAC}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct workload w = shots(a, arena_printf(a, "%s\n%s\n", cases[i].header, cases[i].row));
        const struct run r = run_of(&w, b, a);
        const char *fix = arena_printf(a, "write %s", quantity_expected(cases[i].dimension));
        gsl_test_str(r.diag.first ? r.diag.first->fix : "", fix, "what would be right");
    }
}

static void test_lists(const struct price_book *b, struct arena *a)
{
    struct workload w = shots(a, "id,gpu_hours\n");
    struct run r = run_of(&w, b, a);
    gsl_test_int((int)r.e, ERR_JOB_EMPTY, "an empty list");
    expect_finding(&r.diag, 0, ERR_JOB_EMPTY, "the job list of 'shots' has no rows",
                   arena_printf(a, "add a row per job to %s", w.from_csv));

    static struct named_text unknown[] = {{"iems", "frames"}};
    w.columns = unknown;
    w.n_columns = 1;
    r = run_of(&w, b, a);
    gsl_test_int((int)r.e, ERR_JOB_COLUMNS, "an unknown key");
    expect_finding(&r.diag, 0, ERR_JOB_COLUMNS,
                   "work.columns of 'shots' names an unknown key 'iems'", "did you mean 'items'?");
    static struct named_text strange[] = {{"pixels", "frames"}};
    w.columns = strange;
    r = run_of(&w, b, a);
    expect_finding(&r.diag, 0, ERR_JOB_COLUMNS,
                   "work.columns of 'shots' names an unknown key 'pixels'",
                   "write the keys on the left and the columns of the file on the right");
    static struct named_text twice[] = {{"start", "day"}, {"deadline", "day"}};
    w.columns = twice;
    w.n_columns = 2;
    r = run_of(&w, b, a);
    expect_finding(&r.diag, 0, ERR_JOB_COLUMNS,
                   "work.columns of 'shots' reads the column 'day' twice",
                   "name one column per key");

    static struct named_text id_is_items[] = {{"items", "id"}}; /* the column `id` is then no id */
    w = shots(a, "id,seconds_per_item\n36,100\n36,200\n");
    w.columns = id_is_items;
    w.n_columns = 1;
    r = run_of(&w, b, a);
    gsl_test_int((int)r.e, OK, "a column read as another key");
    gsl_test_str(r.list.n == 2 ? r.list.items[1].name : "", "shots/2",
                 "rows without id are counted");

    w = shots(a, "id,items\na,36\n");
    w.seconds_per_item = exactly(100);
    r = run_of(&w, b, a);
    gsl_test(r.e != OK || r.list.items[0].work != 1, "seconds from the workload");
}

static void test_repeated(const struct price_book *b, struct arena *a)
{
    struct workload w = shots(a, "id,gpu_hours\nday,3\nnight,4\n");
    w.repeat = REPEAT_WEEKLY;
    w.deadline_is_moment = false;
    w.deadline_h = 48;
    struct run r = run_of(&w, b, a);
    gsl_test_int((int)r.list.n, 4, "each week has every row");
    if (r.list.n == 4) {
        gsl_test_str(r.list.items[1].name, "shots/day#2", "name");
        gsl_test_str(r.list.items[1].id, "day#2", "id");
        gsl_test(r.list.items[1].release_us != HOURS(168), "released a week later");
    }
    w.from_csv = file_write(a, "id,gpu_hours,start\na,3,2026-12-02\n");
    r = run_of(&w, b, a);
    expect_finding(&r.diag, 0, ERR_REPEAT, "'shots' is repeated, so a row cannot have a start",
                   "remove work.repeat, or the start");
    w.from_csv = file_write(a, "id,gpu_hours,deadline\na,3,2026-12-02\n");
    r = run_of(&w, b, a);
    expect_finding(&r.diag, 0, ERR_REPEAT,
                   "'shots' is repeated, so a row cannot have a deadline of its own",
                   "write window.deadline for all rows, or remove work.repeat");
}

static void test_cuts(const struct price_book *b, struct arena *a)
{
    struct workload w = shots(a, "id,gpu_hours,start,deadline\na,3,2026-11-01,2026-12-12\n"
                                 "b,3,2026-11-02,\nc,3,,2026-12-13\nd,3,,2026-12-10\n");
    const struct run r = run_of(&w, b, a);
    gsl_test_int((int)r.e, OK, "windows are cut");
    gsl_test_int((int)finding_count(&r.diag), 2, "said once for the list, not per row");
    expect_finding(&r.diag, 0, WARN_WINDOW_CUT,
                   "2 deadline(s) of 'shots' lie after the horizon's end 2026-12-10 00:00, which "
                   "is used instead",
                   NULL);
    expect_finding(&r.diag, 1, WARN_WINDOW_CUT,
                   "2 start(s) of 'shots' lie before the horizon, work begins with the horizon",
                   NULL);
    gsl_test_int(r.diag.first ? (int)r.diag.first->place.line : 0, 2, "the first of them");
}

static void test_many(const struct price_book *b, struct arena *a)
{
    enum { N = 20000, SIZES = 700 };
    struct workload w = shots(a, "id,items,seconds_per_item,gpu_memory\n");
    FILE *f = fopen(w.from_csv, "a");
    gsl_test(!f, "the list can be written");
    if (!f) return;
    for (int i = 0; i < N; i++) fprintf(f, "job%d,%d,1.25,%dMB\n", i, 1 + i % 97, 100 + i % SIZES);
    fclose(f);
    const struct run r = run_of(&w, b, a);
    gsl_test_int((int)r.list.n, N, "every row");
    gsl_test_int((int)r.list.n_shapes, SIZES, "a shape per memory size");
    double items = 0;
    double work = 0;
    for (size_t i = 0; i < r.list.n; i++) {
        items += r.list.items[i].items;
        work += r.list.items[i].work;
        gsl_test(r.list.items[i].shape != &r.list.shapes[i % SIZES], "shape of row %zu", i);
    }
    gsl_test_rel(work, items * 1.25 / 3600, 1e-10, "the work of all rows");
}

/* Ids that come in order, against it, or neither: all of them are taken, and one more of any is found. */
static void test_ids(const struct price_book *b, struct arena *a)
{
    enum { N = 3001, NONE = -1 };
    static const int steps[] = {1, N - 1, 1009};
    static const int again[] = {NONE, 0, 1, N / 2, N - 1};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        for (size_t k = 0; k < sizeof again / sizeof *again; k++) {
            struct workload w = shots(a, "id,gpu_hours\n");
            FILE *f = fopen(w.from_csv, "a");
            gsl_test(!f, "the list can be written");
            if (!f) return;
            for (int n = 0; n < N; n++) fprintf(f, "job-%d,1\n", (n + 1) * steps[i] % N);
            if (again[k] != NONE) fprintf(f, "job-%d,1\n", again[k]);
            fclose(f);
            const struct run r = run_of(&w, b, a);
            gsl_test_int((int)r.e, again[k] == NONE ? OK : ERR_JOB_ID, "ids by %d, and %d",
                         steps[i], again[k]);
            if (again[k] == NONE) gsl_test_int((int)r.list.n, N, "every row");
            if (again[k] == NONE || !r.diag.first) continue;
            gsl_test_int((int)r.diag.n_errors, 1, "one of them is there twice");
            gsl_test_int((int)r.diag.first->place.line, N + 2, "the last one");
        }
}

/* The shot list of the library: 28,000 A10-hours within 2%, due in blocks. */
static void test_library(const struct price_book *b, struct arena *a)
{
    static struct named_text columns[] = {{"id", "shot"},
                                          {"items", "frames"},
                                          {"seconds_per_item", "sec_per_frame"},
                                          {"deadline", "due"},
                                          {"priority", "prio"}};
    struct workload w = shots(a, "");
    w.from_csv = "scenarios/library/data/shots.csv";
    w.n_columns = 5;
    w.columns = columns;
    const struct run r = run_of(&w, b, a);
    gsl_test_int((int)r.e, OK, "the shot list of the library");
    gsl_test_int((int)r.list.n, 96, "96 shots");
    double work = 0;
    double frames = 0;
    int64_t moments[8];
    size_t n_moments = 0;
    for (size_t i = 0; i < r.list.n; i++) {
        const struct demand *d = &r.list.items[i];
        work += d->work;
        frames += d->items;
        size_t known = 0;
        while (known < n_moments && moments[known] != d->due_us) known++;
        if (known == n_moments && n_moments < 8) moments[n_moments++] = d->due_us;
        gsl_test(d->due_us < HOURS(4 * 24 + 18) || d->due_us > HOURS(8 * 24 + 18), "due of %s",
                 d->id);
        gsl_test(d->due_us % US_PER_DAY != HOURS(18), "%s is due at 18:00", d->id);
        gsl_test(d->priority < 1 || d->priority > 5, "priority of %s", d->id);
    }
    gsl_test(work < 27500 || work > 28500, "about 28,000 A10-hours: %.1f", work);
    gsl_test_rel(work * 3600 / frames, 720, 0.02, "about 720 s a frame");
    gsl_test(n_moments < 4 || n_moments > 6, "due on 4 to 6 days: %zu", n_moments);
}

int main(void)
{
    struct arena *a = arena_new();
    const struct price_book *b = book_of(a);
    if (b) {
        test_mapped(b, a);
        test_overrides(b, a);
        test_rows(b, a);
        test_units(b, a);
        test_lists(b, a);
        test_repeated(b, a);
        test_cuts(b, a);
        test_many(b, a);
        test_ids(b, a);
        test_library(b, a);
    }
    (void)unlink(list_path(a));
    arena_free(a);
    return gsl_test_summary();
}
