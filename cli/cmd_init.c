/* gpumix init: a scenario of your own to start from. */
#include "cli/init_bill.h"
#include "cli/init_jobs.h"
#include "cli/library.h"
#include "cli/new_file.h"
#include "cli/present.h"
#include "cli/starter.h"
#include "common/text.h"
#include "report/cells.h"
#include "report/wording.h"
#include "scenarios/kinds.h"
#include <string.h>

/* clang-format off */
static const struct option_row init_options[] = {
    {"kind", 0, N_("KIND"), false, NULL, N_("kind of work (training; with --from what its columns suggest)")},
    {"list", 0, NULL,       true,  NULL, N_("list the ready-made scenarios, and stop")},
    {"from", 0, N_("FILE"), false, NULL, N_("make a scenario around this job list (CSV); it is copied")},
    {"from-bill", 0, N_("FILE"), false, NULL, N_("make a scenario of what this bill says is run today (CSV or JSON)")},
    {"owner-tag", 0, N_("KEY"), false, NULL, N_("tag of the bill that names the owner (owner, team, project, cost-center)")},
    {0},
};
/* clang-format on */

static bool is_scenario(const struct library_file *file)
{
    const char *end = strrchr(file->name, '.');
    return end && strcmp(end, ".yaml") == 0;
}

/* The kind of the first workload of a ready-made scenario. */
static const struct workload_kind *file_kind(const struct library_file *file, struct arena *a)
{
    const char *at = strstr(file->text, "\n    kind: ");
    if (!at) return NULL;
    at += strlen("\n    kind: ");
    return kind_find(arena_strndup(a, at, strcspn(at, " \r\n#")));
}

static const struct library_file *file_of_kind(const char *kind, struct arena *a)
{
    for (const struct library_file *file = library_files; file->name; file++) {
        const struct workload_kind *k = is_scenario(file) ? file_kind(file, a) : NULL;
        if (k && strcmp(k->name, kind) == 0) return file;
    }
    return NULL;
}

/* What the ready-made scenarios of a kind say of themselves, for translation. */
static const char *const titles[] = {
    N_("Train a 7B language model on spot machines with checkpoints."),
    N_("LoRA fine-tunes, one per customer per week, at night."),
    N_("Online inference with a daily rhythm and a promise on latency."),
    N_("Nightly batch inference over images: 20 A10-hours each night."),
    N_("Development and small checks."),
    N_("Offline rendering of a feature film: shot list in CSV, CPFS for textures, OSS for frames."),
    N_("Real-time rendering: sessions that each take a quarter of an A10."),
    N_("CAD and CAE seats with certified drivers."),
    N_("ETL and log analysis: no tensor work, so CPU machines."),
};

/* The first sentence of the comment it begins with. */
static const char *file_title(const struct library_file *file, struct arena *a)
{
    const char *text = file->text;
    while (strncmp(text, "# yaml-", 7) == 0) text += strcspn(text, "\n") + 1;
    text += strspn(text, "# ");
    size_t bytes = strcspn(text, "\r\n");
    const char *end = strstr(text, ". ");
    if (end && (size_t)(end - text) < bytes) bytes = (size_t)(end - text) + 1;
    const char *title = arena_strndup(a, text, bytes);
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (strcmp(title, titles[i]) == 0) return _(titles[i]);
    return title;
}

static int kinds_list(const struct options *o, struct cli *cli)
{
    static const struct sheet_column columns[] = {
        {"kind", N_("Kind"), 'l', false},
        {"label", N_("what it is"), 'l', false},
        {"scenario", N_("ready-made scenario"), 'l', false},
        {"about", N_("about"), 'l', false},
    };
    struct sheet sheet = sheet_new(cli->arena, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; workload_kinds[i]; i++) {
        const struct library_file *file = file_of_kind(workload_kinds[i]->name, cli->arena);
        struct sheet_cell *cells = sheet_row(&sheet);
        cells[0] = sheet_text(workload_kinds[i]->name);
        cells[1] = sheet_both(_(workload_kinds[i]->label), workload_kinds[i]->label);
        if (!file) continue;
        cells[2] = sheet_text(file->name);
        cells[3] = sheet_text(file_title(file, cli->arena));
    }
    return sheet_present(&sheet, o, cli);
}

/* Kinds that have a ready-made scenario, unless a job list makes one. */
static enum err kind_check(const char *kind, bool from_list, struct cli *cli)
{
    const char *names[32];
    size_t n = 0;
    for (size_t i = 0; workload_kinds[i] && n < sizeof names / sizeof *names; i++) {
        const char *name = workload_kinds[i]->name;
        if (!from_list && !file_of_kind(name, cli->arena)) continue;
        if (strcmp(name, kind) == 0) return OK;
        names[n++] = name;
    }
    const enum err code = diag_error(cli->diag, ERR_OPTION_VALUE, (struct place){0},
                                     _("\"%s\" is not a value of --%s"), kind, "kind");
    const char *near = nearest_name(kind, names, n);
    if (near)
        diag_fix(cli->diag, _("did you mean %s?"), near);
    else
        diag_fix(cli->diag, "%s", _("`gpumix init --list` lists the kinds"));
    return code;
}

static const char *join(const char *folder, const char *name, struct arena *a)
{
    const size_t bytes = strlen(folder);
    const bool ends = bytes > 0 && folder[bytes - 1] == '/';
    return arena_printf(a, ends ? "%s%s" : "%s/%s", folder, name);
}

static void next_print(const char *scenario, const char *workload)
{
    printf(_("Next:  gpumix validate %s\n"), scenario);
    printf(_("       gpumix plan %s\n"), scenario);
    printf(_("       gpumix explain %s%s%s\n"), scenario, workload ? " " : "",
           workload ? workload : "");
}

/* Files of the library that the scenario names lie beside it under the same names. */
static bool is_needed(const struct library_file *file, const struct library_file *scenario)
{
    return !is_scenario(file) && strstr(scenario->text, file->name);
}

static enum err library_write(const char *folder, const struct library_file *scenario,
                              const char **path, struct cli *cli)
{
    struct arena *a = cli->arena;
    *path = join(folder, "scenario.yaml", a);
    TRY(new_file_check(*path, cli->diag));
    for (const struct library_file *f = library_files; f->name; f++)
        if (is_needed(f, scenario)) TRY(new_file_check(join(folder, f->name, a), cli->diag));
    for (const struct library_file *f = library_files; f->name; f++)
        if (is_needed(f, scenario))
            TRY(new_file_write(join(folder, f->name, a), f->text, f->bytes, a, cli->diag));
    const char *text = comments_translated(without_terms(scenario->text, a), a);
    return new_file_write(*path, text, strlen(text), a, cli->diag);
}

static int from_library(const char *folder, const char *kind, struct cli *cli)
{
    const struct library_file *file = file_of_kind(kind, cli->arena);
    const char *path;
    const enum err code = library_write(folder ? folder : kind, file, &path, cli);
    if (code != OK) return err_exit_status(code);
    printf(_("Wrote %s: %s\n"), path, file_title(file, cli->arena));
    for (const struct library_file *f = library_files; f->name; f++)
        if (is_needed(f, file))
            printf(_("Wrote %s\n"), join(folder ? folder : kind, f->name, cli->arena));
    next_print(path, NULL);
    return 0;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static enum err file_bytes(const char **text, size_t *bytes, const char *path, struct cli *cli)
{
    FILE *in = fopen(path, "re");
    char *all = NULL;
    size_t n = 0, room = 0;
    while (in) {
        if (n == room) {
            char *more = arena_alloc(cli->arena, room ? 2 * room : 65536, 1);
            if (n) memcpy(more, all, n);
            all = more;
            room = room ? 2 * room : 65536;
        }
        const size_t got = fread(all + n, 1, room - n, in);
        if (got == 0) break;
        n += got;
    }
    const bool read = in && !ferror(in);
    if (in) (void)fclose(in);
    *text = all;
    *bytes = n;
    if (read) return OK;
    const enum err code =
        diag_error(cli->diag, ERR_FILE, (struct place){0}, _("\"%s\" cannot be read"), path);
    diag_fix(cli->diag, "%s", _("check its name and that you may read it"));
    return code;
}

static enum err jobs_write(const struct job_list *list, const char *folder, const char *kind,
                           const char **path, struct cli *cli)
{
    struct arena *a = cli->arena;
    const char *file = arena_printf(a, "data/%s", base_name(list->path));
    const char *copy = join(folder, file, a), *bytes_of;
    size_t bytes;
    *path = join(folder, "scenario.yaml", a);
    TRY(new_file_check(*path, cli->diag));
    TRY(new_file_check(copy, cli->diag));
    TRY(file_bytes(&bytes_of, &bytes, list->path, cli));
    const char *text = job_list_scenario(list, kind, file, base_name(folder), cli);
    TRY(new_file_write(copy, bytes_of, bytes, a, cli->diag));
    return new_file_write(*path, text, strlen(text), a, cli->diag);
}

static enum err service_has_no_list(const char *kind, struct cli *cli)
{
    const enum err code = diag_error(cli->diag, ERR_OPTION_VALUE, (struct place){0},
                                     _("%s is a service, and services have no job list"), kind);
    diag_fix(cli->diag,
             _("write gpumix init --kind %s without --from, or name a kind of batch work"), kind);
    return code;
}

static int from_jobs(const char *folder, const char *kind, const char *source, struct cli *cli)
{
    struct arena *a = cli->arena;
    struct job_list list;
    const char *path;
    if (kind && kind_find(kind)->service) return err_exit_status(service_has_no_list(kind, cli));
    enum err code = job_list_read(&list, source, cli);
    if (code != OK) return err_exit_status(code);
    const char *of = kind ? kind : job_list_kind(&list);
    if (!folder) folder = of;
    code = jobs_write(&list, folder, of, &path, cli);
    if (code != OK) return err_exit_status(code);
    printf(ngettext("Wrote %s: %s, %zu job\n", "Wrote %s: %s, %zu jobs\n", list.n_rows), path,
           _(kind_find(of)->label), list.n_rows);
    printf(_("Wrote %s\n"), join(folder, arena_printf(a, "data/%s", base_name(source)), a));
    printf(_("Columns read: %s\n"), safe_text(a, job_list_mapping(&list, a)));
    const char *unread = "";
    for (size_t i = 0; i < list.n_unread; i++)
        unread = arena_printf(a, "%s%s%s", unread, i ? ", " : "", list.unread[i]);
    if (*unread)
        printf(_("Not read, their names say nothing to gpumix: %s\n"), safe_text(a, unread));
    puts(_("Lines marked EDIT in it hold values that the list does not say."));
    next_print(path, "jobs");
    return 0;
}

static int from_bill(const char *folder, const struct options *o, struct cli *cli)
{
    struct arena *a = cli->arena;
    struct bill_scenario b;
    const struct spend_options options = {.owner_tag = option_value(o, "owner-tag"),
                                          .offset_us = 8 * US_PER_H};
    if (!folder) folder = "from-bill";
    const char *path = join(folder, "scenario.yaml", a);
    const char *prices = join(folder, "prices.csv", a);
    enum err code = new_file_check(path, cli->diag);
    if (code == OK) code = new_file_check(prices, cli->diag);
    if (code == OK)
        code =
            bill_scenario_make(&b, option_value(o, "from-bill"), base_name(folder), &options, cli);
    if (code == OK) code = new_file_write(prices, b.prices, strlen(b.prices), a, cli->diag);
    if (code == OK) code = new_file_write(path, b.text, strlen(b.text), a, cli->diag);
    if (code != OK) return err_exit_status(code);
    printf(ngettext("Wrote %s: %s of the bill, %zu workload\n",
                    "Wrote %s: %s of the bill, %zu workloads\n", b.n_workloads),
           path, b.month, b.n_workloads);
    printf(_("Wrote %s\n"), prices);
    printf(_("In it: %s; left out: %s"), micro_text(a, b.taken), micro_text(a, b.left));
    printf(*b.left_of ? " (%s)\n" : "%s\n", safe_text(a, b.left_of));
    puts(_("Lines marked EDIT in it hold values that the bill does not say."));
    printf(_("Next:  gpumix compare %s    what it could cost, step by step\n"), path);
    return 0;
}

/* Without the slashes at its end. */
static const char *folder_name(const char *argument, struct arena *a)
{
    size_t bytes = strlen(argument);
    while (bytes > 1 && argument[bytes - 1] == '/') bytes--;
    return arena_strndup(a, argument, bytes);
}

/* --format, --json and --out belong to --list. */
static enum err output_check(const struct options *o, struct diag *d)
{
    static const char *const rows[] = {"format", "json", "out"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!option_given(o, rows[i])) continue;
        const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                         _("--%s goes with --list only"), rows[i]);
        diag_fix(d, _("leave --%s out, or add --list"), rows[i]);
        return code;
    }
    return OK;
}

static int init_run(const struct options *o, struct cli *cli)
{
    const char *kind = option_value(o, "kind"), *from = option_value(o, "from");
    const char *folder = o->n_arguments ? folder_name(o->arguments[0], cli->arena) : NULL;
    if (option_given(o, "list")) return kinds_list(o, cli);
    enum err code = output_check(o, cli->diag);
    if (code == OK && kind) code = kind_check(kind, from, cli);
    if (code != OK) return err_exit_status(code);
    if (option_given(o, "from-bill")) return from_bill(folder, o, cli);
    if (from) return from_jobs(folder, kind, from, cli);
    return from_library(folder, kind ? kind : "training", cli);
}

const struct command cmd_init = {
    .name = "init",
    .arguments = N_("[DIR]"),
    .help = N_("write a scenario of your own to start from"),
    .examples = "  gpumix init --list\n"
                "  gpumix init my-plan --kind training\n"
                "  gpumix init farm --from shots.csv\n"
                "  gpumix init today --from-bill bill.csv\n",
    .options = init_options,
    .prints_data = true,
    .max_arguments = 1,
    .run = init_run,
};
