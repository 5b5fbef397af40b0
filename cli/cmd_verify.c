/* gpumix verify: is a saved plan really what it claims? */
#include "cli/planning.h"
#include "common/sha256.h"
#include "common/text.h"
#include "proof/run.h"
#include <stdio.h>
#include <string.h>

/* Files are those that the run names, and no others are read; the first one may lie elsewhere now. */
static enum err files_check(const struct proof_run *run, const struct result *found,
                            const char *scenario, struct diag *d)
{
    char hex[SHA256_HEX_BYTES];
    enum err first = OK;
    for (size_t i = 0; i < run->n_files; i++) {
        const char *path = i == 0 ? scenario : run->files[i].path;
        if (!*run->files[i].sha256)
            continue; /* was standard input: every claim is held against the file given now */
        TRY(sha256_file(hex, path, d));
        if (strcmp(hex, run->files[i].sha256) == 0) continue;
        first = diag_error(d, ERR_PROOF_INPUT, (struct place){0},
                           _("\"%s\" has the checksum %.12s..., the plan was made from %.12s..."),
                           path, hex, run->files[i].sha256);
    }
    for (size_t i = 0; i < found->n_files; i++) {
        bool known = strcmp(found->files[i].path, scenario) == 0;
        for (size_t k = 0; k < run->n_files; k++)
            known = known || strcmp(found->files[i].path, run->files[k].path) == 0;
        if (known) continue;
        first = diag_error(d, ERR_PROOF_INPUT, (struct place){0},
                           _("the scenario reads \"%s\", which the run does not name"),
                           found->files[i].path);
    }
    return first;
}

static enum err inputs_check(struct scenario *s, struct price_book **book,
                             const struct proof_run *run, const char *scenario, struct cli *cli,
                             struct diag *quiet)
{
    const struct planning p = {.path = scenario, .n_set = run->n_set, .set = run->set};
    struct result found = {.variant = run->variant};
    if (strcmp(scenario, "<stdin>") == 0 || strcmp(scenario, "-") == 0) {
        const enum err code =
            diag_error(cli->diag, ERR_PROOF_INPUT, (struct place){0}, "%s",
                       _("the plan was made from standard input, which cannot be read again"));
        diag_fix(cli->diag, "%s", _("give the scenario: gpumix verify RUN.json FILE"));
        return code;
    }
    TRY(variant_inputs(&found, s, book, &p, cli, quiet));
    TRY(files_check(run, &found, scenario, cli->diag));
    if (strcmp(book_checksum(*book), run->book_sha256) == 0) return OK;
    return diag_error(
        cli->diag, ERR_PROOF_INPUT, (struct place){0},
        _("the price tables have the checksum %.12s..., the plan was made from %.12s..."),
        book_checksum(*book), run->book_sha256);
}

/* Warnings were said when the plan was made; errors of the inputs are findings. */
static enum err errors_take(enum err code, const struct diag *quiet, struct diag *d)
{
    for (const struct finding *f = quiet->first; f; f = f->next)
        if (f->severity == SEVERITY_ERROR) (void)diag_error(d, f->code, f->place, "%s", f->what);
    return code;
}

static enum err run_check(const struct proof_run *run, const char *scenario, struct cli *cli)
{
    struct scenario *s = ARENA_NEW(cli->arena, struct scenario, 1);
    struct proof *proof = ARENA_NEW(cli->arena, struct proof, 1);
    struct price_book *book = NULL;
    struct proof_inputs in;
    struct diag quiet = {.arena = cli->arena};
    enum err code = inputs_check(s, &book, run, scenario, cli, &quiet);
    if (code == OK) code = proof_inputs_load(&in, s, book, cli->arena, &quiet);
    if (code != OK) return errors_take(code, &quiet, cli->diag);
    TRY(proof_run_gamma(&in.spot_gamma, run, s, cli->arena, cli->diag));
    TRY(proof_make(proof, &in, cli->arena, cli->diag));
    return proof_run_check(run, proof, cli->diag);
}

static void accepted_say(const struct proof_run *run, const struct cli *cli)
{
    const json_t *certificate = json_object_get(run->root, "certificate"),
                 *open = json_object_get(certificate, "not_proven");
    if (cli->quiet) return;
    if (!run->has_plan) {
        printf(_("%s: accepted. No plan keeps every limit: that is proven.\n"), run->path);
        return;
    }
    printf(_("%s: accepted. Timeline, limits, services, storage, bill and budgets hold; no plan "
             "costs less than %s.\n"),
           run->path, json_string_value(json_object_get(certificate, "bound")));
    for (size_t i = 0; i < json_array_size(open); i++)
        printf(_("not proven for this kind of plan: %s\n"),
               json_string_value(json_array_get(open, i)));
}

static int verify_run(const struct options *o, struct cli *cli)
{
    struct proof_run run;
    enum err code = proof_run_read(&run, o->arguments[0], cli->arena, cli->diag);
    if (code == OK)
        code = run_check(&run, o->n_arguments > 1 ? o->arguments[1] : run.files[0].path, cli);
    if (code == OK) accepted_say(&run, cli);
    return err_exit_status(code);
}

const struct command cmd_verify = {
    .name = "verify",
    .arguments = N_("RUN.json [SCENARIO]"),
    .help = N_("is a saved plan really what it claims?"),
    .examples = "  gpumix plan scenario.yaml --save run.json\n"
                "  gpumix verify run.json\n",
    .min_arguments = 1,
    .max_arguments = 2,
    .run = verify_run,
};
