#include "cli/init_jobs.h"
#include "cli/new_file.h"
#include "common/csv.h"
#include "common/text.h"
#include "scenarios/kinds.h"
#include <ctype.h>
#include <string.h>
#include <sys/stat.h>

enum {
    KEY_ID,
    KEY_GPU_HOURS,
    KEY_VCPU_HOURS,
    KEY_ITEMS,
    KEY_SECONDS,
    KEY_START,
    KEY_DEADLINE,
    KEY_LATE_COST,
    KEY_PRIORITY,
    KEY_WORKERS,
    KEY_GPUS,
    KEY_MAX_WORKERS,
    KEY_MEMORY,
    KEY_SPOT
};

/* Keys of a job list and the obvious other names of their columns; capitals, blanks and dashes do not count. */
static const struct {
    const char *key, *others[7];
} names[N_JOB_NAMES] = {
    [KEY_ID] = {"id", {"shot", "job", "name", "job_id", "shot_id", "task", NULL}},
    [KEY_GPU_HOURS] = {"gpu_hours", {"gpu_h", NULL}},
    [KEY_VCPU_HOURS] = {"vcpu_hours", {"vcpu_h", NULL}},
    [KEY_ITEMS] = {"items", {"frames", "images", "n_frames", "frame_count", NULL}},
    [KEY_SECONDS] = {"seconds_per_item",
                     {"sec_per_frame", "seconds_per_frame", "sec_per_item", "s_per_frame",
                      "sec_per_image", "seconds_per_image", NULL}},
    [KEY_START] = {"start", {"start_time", "not_before", "release", NULL}},
    [KEY_DEADLINE] = {"deadline", {"due", "due_date", "due_at", NULL}},
    [KEY_LATE_COST] = {"late_cost", {NULL}},
    [KEY_PRIORITY] = {"priority", {"prio", NULL}},
    [KEY_WORKERS] = {"workers", {NULL}},
    [KEY_GPUS] = {"gpus_per_worker", {"gpus", NULL}},
    [KEY_MAX_WORKERS] = {"max_workers", {NULL}},
    [KEY_MEMORY] = {"gpu_memory", {"gpu_mem", "vram", NULL}},
    [KEY_SPOT] = {"spot_max_share", {NULL}},
};

static bool same_name(const char *header, const char *name)
{
    for (; *header && *name; header++, name++) {
        const char c = (char)tolower((unsigned char)*header);
        if ((c == ' ' || c == '-' ? '_' : c) != *name) return false;
    }
    return !*header && !*name;
}

/* The column of a key: the key's own name goes before the others, whichever stands first in the file. */
static const char *column_find(const struct job_list *list, size_t key)
{
    for (size_t c = 0; c < list->n_columns; c++)
        if (strcmp(list->columns[c], names[key].key) == 0) return list->columns[c];
    for (const char *const *other = names[key].others; *other; other++)
        for (size_t c = 0; c < list->n_columns; c++)
            if (same_name(list->columns[c], *other)) return list->columns[c];
    for (size_t c = 0; c < list->n_columns; c++)
        if (same_name(list->columns[c], names[key].key)) return list->columns[c];
    return NULL;
}

static void columns_map(struct job_list *list, struct arena *a)
{
    for (size_t key = 0; key < N_JOB_NAMES; key++) list->column[key] = column_find(list, key);
    for (size_t c = 0; c < list->n_columns; c++) {
        bool read = false;
        for (size_t key = 0; key < N_JOB_NAMES; key++)
            read = read || list->column[key] == list->columns[c];
        if (!read) *ARENA_PUSH(a, list->unread, list->n_unread) = list->columns[c];
    }
}

static enum err header_take(const struct csv_row *row, void *context)
{
    struct job_list *list = context;
    if (list->n_rows++ == 0) list->columns = csv_header(&list->n_columns, row);
    return OK;
}

static void moment_take(struct job_list *list, moment_t m)
{
    if (!list->has_moments || m < list->first) list->first = m;
    if (!list->has_moments || m > list->last) list->last = m;
    list->has_moments = true;
}

/* Columns: start, deadline. What is no moment is for `validate` to judge. */
static enum err row_take(const struct csv_row *row, void *context)
{
    struct job_list *list = context;
    moment_t m;
    if (moment_parse(&m, row->field[0])) {
        moment_take(list, m);
        if (!list->has_start || m < list->first_start) list->first_start = m;
        list->has_start = true;
    }
    if (moment_parse(&m, row->field[1])) moment_take(list, m);
    list->all_due = list->all_due && *row->field[1];
    return OK;
}

static const char *list_text(const char *const *items, size_t n, struct arena *a)
{
    const char *text = "";
    for (size_t i = 0; i < n; i++) text = arena_printf(a, "%s%s%s", text, i ? ", " : "", items[i]);
    return text;
}

static enum err work_check(const struct job_list *list, struct cli *cli)
{
    if (list->n_rows == 0) {
        const enum err code = diag_error(cli->diag, ERR_JOB_EMPTY, (struct place){0},
                                         _("\"%s\" has no rows"), list->path);
        diag_fix(cli->diag, "%s", _("give a list with a row per job"));
        return code;
    }
    if (list->column[KEY_GPU_HOURS] || list->column[KEY_VCPU_HOURS] || list->column[KEY_ITEMS])
        return OK;
    const enum err code =
        diag_error(cli->diag, ERR_JOB_COLUMNS, (struct place){0},
                   _("no column of \"%s\" says how much work there is: %s"), list->path,
                   list_text(list->columns, list->n_columns, cli->arena));
    diag_fix(cli->diag, "%s",
             _("name one of them gpu_hours, vcpu_hours, or items (frames) beside "
               "seconds_per_item (sec_per_frame)"));
    return code;
}

/* The list is read twice and then copied, which a pipe does not bear: the copy would be empty. */
static enum err regular_check(const char *path, struct diag *d)
{
    struct stat info;
    const bool found = stat(path, &info) == 0;
    if (strcmp(path, "-") != 0 && !(found && S_ISFIFO(info.st_mode))) return OK;
    const enum err code =
        diag_error(d, ERR_FILE, (struct place){0},
                   _("\"%s\" can be read once only, and it is to be copied"), path);
    diag_fix(d, "%s", _("write it into a file first"));
    return code;
}

enum err job_list_read(struct job_list *list, const char *path, struct cli *cli)
{
    *list = (struct job_list){.path = path, .all_due = true};
    TRY(regular_check(path, cli->diag));
    TRY(csv_read(path, NULL, 0, NULL, header_take, list, cli->arena, cli->diag));
    columns_map(list, cli->arena);
    TRY(work_check(list, cli));
    static const char *const absent = "\x01"; /* in no header: the reader refuses it */
    const struct csv_column columns[] = {
        {list->column[KEY_START] ? list->column[KEY_START] : absent, false},
        {list->column[KEY_DEADLINE] ? list->column[KEY_DEADLINE] : absent, false},
    };
    struct diag *known = ARENA_NEW(cli->arena, struct diag, 1); /* its warnings were said above */
    known->arena = cli->arena;
    return csv_read(path, columns, 2, NULL, row_take, list, cli->arena, known);
}

const char *job_list_kind(const struct job_list *list)
{
    const char *items = list->column[KEY_ITEMS], *id = list->column[KEY_ID];
    if (list->column[KEY_VCPU_HOURS] && !list->column[KEY_GPU_HOURS]) return "etl";
    if (items && (same_name(items, "frames") || same_name(items, "n_frames") ||
                  same_name(items, "frame_count")))
        return "render_offline";
    if (id && (same_name(id, "shot") || same_name(id, "shot_id"))) return "render_offline";
    return list->column[KEY_WORKERS] ? "training" : "inference_batch";
}

const char *job_list_mapping(const struct job_list *list, struct arena *a)
{
    const char *text = "";
    for (size_t key = 0; key < N_JOB_NAMES; key++) {
        const char *column = list->column[key];
        if (!column) continue;
        const char *one = strcmp(column, names[key].key) == 0
                              ? column
                              : arena_printf(a, _("%s (as %s)"), column, names[key].key);
        text = arena_printf(a, "%s%s%s", text, *text ? ", " : "", one);
    }
    return text;
}

/* ---- the scenario -------------------------------------------------------------------------------- */

static const char *columns_text(const struct job_list *list, struct arena *a)
{
    const char *text = "";
    for (size_t key = 0; key < N_JOB_NAMES; key++) {
        const char *column = list->column[key];
        if (column && strcmp(column, names[key].key) != 0)
            text = arena_printf(a, "%s%s%s: %s", text, *text ? ", " : "", names[key].key,
                                yaml_quoted(column, a));
    }
    return *text ? arena_printf(a, "      columns: {%s}\n", text) : "";
}

/* Days of the horizon: from the first start, or today, else a week before the first deadline; to the day behind the last. */
static const char *horizon_text(const struct job_list *list, const struct cli *cli)
{
    const moment_t day = 24 * US_PER_H;
    moment_t start = cli->today + day;
    int64_t days = 30;
    if (list->has_start && list->first_start < start) start = list->first_start;
    if (list->has_moments && list->first < start) start = list->first - 7 * day;
    if (list->has_start && list->first_start <= list->first) start = list->first_start;
    start -= (start % day + day) % day;
    if (list->has_moments) days = (list->last - start) / day + 2;
    if (days < 7) days = 7;
    char text[32];
    return arena_printf(cli->arena, "{start: %.10s, length: %ldd, step: 1h}",
                        moment_print(text, sizeof text, start), (long)days);
}

static const char *work_text(const struct job_list *list, bool cpu, struct arena *a)
{
    const char *text = "";
    if (!cpu)
        text = "      measured_on: A10-24GB     # EDIT: the GPU on which hours or seconds were "
               "measured\n";
    if (list->column[KEY_ITEMS] && !list->column[KEY_SECONDS])
        text = arena_printf(a,
                            "%s      seconds_per_item: 60      # EDIT: measured seconds of one "
                            "item; the list does not say\n",
                            text);
    return text;
}

static const char *unread_text(const struct job_list *list, struct arena *a)
{
    const char *text = "";
    for (size_t i = 0; i < list->n_unread; i++)
        text = arena_printf(a, "%s%s%s", text, i ? ", " : "", yaml_quoted(list->unread[i], a));
    return *text ? arena_printf(a, "      # not read: %s\n", text) : "";
}

const char *job_list_scenario(const struct job_list *list, const char *kind, const char *file,
                              const char *name, struct cli *cli)
{
    struct arena *a = cli->arena;
    const bool cpu = list->column[KEY_VCPU_HOURS] && !list->column[KEY_GPU_HOURS];
    const bool gang = strcmp(kind, "training") == 0 || strcmp(kind, "finetune") == 0;
    const char *resources =
        cpu ? "{vcpu: 16, memory: 32GB}    # EDIT: what one worker needs"
            : "{gpus_per_worker: 1, gpu_memory: 16GB}    # EDIT: what one worker needs; gpu: [...] "
              "lists the models that will do";
    const char *interruption = gang ? "{tolerant: true, checkpoint_every: auto, checkpoint_size: "
                                      "10GB, restart: 5min}    # EDIT"
                                    : "{tolerant: true, lost_per_hit: 5min, restart: 5min}    # "
                                      "EDIT: work lost by one reclaim";
    return arena_printf(
        a,
        "# Jobs of a list. Lines marked EDIT hold values that the list does not say: look at "
        "each.\n"
        "version: 1\n"
        "name: %s\n"
        "currency: CNY\n"
        "timezone: Asia/Shanghai\n"
        "horizon: %s    # EDIT: holds every start and deadline\n"
        "\n"
        "# catalog: {regions: [cn-hangzhou]}    # without it every mainland region may be used\n"
        "# budget: {limit: ¥100000, warn_at: 80%%}\n"
        "\n"
        "workloads:\n"
        "  jobs:\n"
        "    kind: %s\n"
        "    work:\n"
        "      from_csv: %s\n"
        "%s%s%s"
        "    resources: %s\n"
        "%s"
        "    # late_cost: ¥5000/d    # without it every deadline is a hard limit\n"
        "    purchase: [spot, on_demand]\n"
        "    interruption: %s\n"
        "\n"
        "variants:\n"
        "  on-demand:\n"
        "    set: {workloads.jobs.purchase: [on_demand]}\n",
        yaml_quoted(name, a), horizon_text(list, cli), kind, yaml_quoted(file, a),
        columns_text(list, a), unread_text(list, a), work_text(list, cpu, a), resources,
        list->all_due && list->column[KEY_DEADLINE]
            ? ""
            : "    # window: {deadline: 10d}    # of jobs without their own; without it the end of "
              "the horizon\n",
        interruption);
}
