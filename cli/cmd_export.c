/* gpumix export: the plan as something to apply; never applied by us. */
#include "cli/dossier_load.h"
#include "cli/present.h"
#include "common/text.h"
#include "report/export.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const forms[] = {
#define X(name) #name,
    EXPORT_LIST(X)
#undef X
        NULL};

/* clang-format off */
static const struct option_row export_options[] = {
    {"format",  0,   N_("FORM"), false, forms, N_("what to write: terraform")},
    {"out",     'o', N_("DIR"),  false, NULL,  N_("folder for the files, made where it is missing; without it the main file goes to standard output")},
    {"variant", 0,   N_("NAME"), false, NULL,  N_("variant to export: base")},
    DOSSIER_OPTIONS
    {0},
};
/* clang-format on */

/* The first bytes of each of our files hold the mark. */
enum { HEAD_BYTES = 400 };

/* A file that is ours, or none. */
static bool may_write(const char *path)
{
    char head[HEAD_BYTES + 1] = "";
    FILE *file = fopen(path, "r");
    if (!file) return errno == ENOENT;
    const size_t n = fread(head, 1, HEAD_BYTES, file);
    (void)fclose(file);
    head[n] = '\0';
    return strstr(head, EXPORT_MARK);
}

static enum err folder_make(const char *path, struct diag *d)
{
    struct stat s;
    if (mkdir(path, 0777) == 0) return OK;
    const int why = errno;
    if (stat(path, &s) == 0 && S_ISDIR(s.st_mode)) return OK;
    const enum err code = diag_error(d, ERR_CREATE, (struct place){0},
                                     _("\"%s\" cannot be made: %s"), path, strerror(why));
    diag_why(d, "%s", _("the files would have nowhere to go"));
    diag_fix(d, "%s", _("check the folder, the rights and the free space, then run again"));
    return code;
}

static enum err file_write(const char *path, const struct export_file *f, struct cli *cli)
{
    struct output out;
    TRY(output_open(&out, path, cli->arena, cli->diag));
    fputs(f->text, out.stream);
    TRY(output_commit(&out, cli->diag));
    if (path && f->script) (void)chmod(path, 0755);
    return OK;
}

/* All or none: what would be lost is found before anything is written. */
static enum err files_write(const char *folder, const struct export_file *files, size_t n,
                            struct cli *cli)
{
    const char **paths = ARENA_NEW(cli->arena, const char *, n + 1);
    TRY(folder_make(folder, cli->diag));
    for (size_t i = 0; i < n; i++) {
        paths[i] = arena_printf(cli->arena, "%s/%s", folder, files[i].name);
        if (may_write(paths[i])) continue;
        const enum err code =
            diag_error(cli->diag, ERR_CREATE, (struct place){0},
                       _("\"%s\" is not one of our files and is not overwritten"), paths[i]);
        diag_why(cli->diag, "%s", _("what somebody wrote there would be lost"));
        diag_fix(cli->diag, "%s", _("choose another folder with --out"));
        return code;
    }
    for (size_t i = 0; i < n; i++) TRY(file_write(paths[i], &files[i], cli));
    if (!cli->quiet)
        for (size_t i = 0; i < n; i++) printf("%s\n", paths[i]);
    return OK;
}

static enum err plan_missing(const struct dossier *d, struct diag *diag)
{
    const enum err code =
        diag_error(diag, ERR_RUN_FILE, (struct place){0},
                   _("\"%s\" holds no plan: its status is %s"), d->source, d->runs[0].status);
    diag_fix(diag, "%s", _("save a run that has a plan; gpumix plan says why there is none"));
    return code;
}

static enum err dossier_export(const struct dossier *d, const struct options *o, struct cli *cli)
{
    const char *name = option_value(o, "format"), *folder = option_value(o, "out");
    const struct export_format *format = export_format_find(name ? name : forms[0]);
    struct export_file *files;
    size_t n;
    TRY(format->make(&files, &n, d, cli->arena, cli->diag));
    if (folder && strcmp(folder, "-") != 0) return files_write(folder, files, n, cli);
    return file_write(NULL, &files[0], cli);
}

static enum err several_asked(struct diag *d)
{
    const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0}, "%s",
                                     _("several variants are asked for"));
    diag_fix(d, "%s", _("ask for one variant at a time"));
    return code;
}

static int export_run(const struct options *o, struct cli *cli)
{
    struct dossier d = {0};
    struct dossier_request q = {.one = true};
    enum err code = dossier_options(&d, &q, o, cli);
    q.planned_only = true; /* luck changes nothing in what is bought */
    if (code == OK) code = dossier_load(&d, &q, o, cli);
    if (code != OK) return err_exit_status(code);
    if (*cli->stop) return 0;
    if (d.n > 1) return err_exit_status(several_asked(cli->diag));
    if (!d.runs[0].has_plan) {
        const int status = err_exit_status(plan_missing(&d, cli->diag));
        return q.status ? q.status : status;
    }
    return worse_status(q.status, err_exit_status(dossier_export(&d, o, cli)));
}

const struct command cmd_export = {
    .name = "export",
    .arguments = N_("FILE | RUN.json"),
    .help = N_("the plan as something to apply: Terraform, scaling groups, Kubernetes"),
    .examples = "  gpumix export scenario.yaml --format terraform --out deploy\n"
                "  gpumix export run.json --format ess\n"
                "  gpumix export scenario.yaml --format k8s --out deploy\n",
    .options = export_options,
    .min_arguments = 1,
    .max_arguments = 1,
    .run = export_run,
};
