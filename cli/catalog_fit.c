/* gpumix catalog fit: models of spot prices, lives, availability and shocks, with their errors and how well they fit. */
#include "cli/catalog_fit.h"
#include "cli/catalog.h"
#include "cli/new_file.h"
#include "cli/present.h"
#include "common/text.h"
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static enum err duration_option(double *hours, const struct options *o, const char *name,
                                double otherwise, struct diag *d)
{
    int64_t us;
    const char *text = option_value(o, name);
    *hours = otherwise;
    if (!text) return OK;
    if (!duration_us_parse(&us, text) || us <= 0)
        return diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                          _("--%s %s is no duration such as 1h"), name, text);
    *hours = (double)us / (double)US_PER_H;
    return OK;
}

/* --of TYPE@PLACE, TYPE or @PLACE */
static void of_option(struct fits *f, const struct options *o)
{
    const char *text = option_value(o, "of");
    const char *at = text ? strchr(text, '@') : NULL;
    f->type = !text ? "" : at ? arena_strndup(f->arena, text, (size_t)(at - text)) : text;
    f->place = at ? at + 1 : "";
}

static enum err name_check(const char *name, struct diag *d)
{
    bool good = isalnum((unsigned char)name[0]);
    for (const char *c = name; *c; c++)
        good = good && (isalnum((unsigned char)*c) || strchr("._-", *c));
    if (good) return OK;
    const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                     _("--save \"%s\" is no name of a model"), name);
    diag_fix(d, "%s", _("use letters, digits, dots, dashes and underscores"));
    return code;
}

static enum err folder_make(const char *path, struct diag *d)
{
    if (mkdir(path, 0777) == 0 || errno == EEXIST) return OK;
    const enum err code = diag_error(d, ERR_OUTPUT, (struct place){0},
                                     _("\"%s\" cannot be made: %s"), path, strerror(errno));
    diag_fix(d, "%s", _("check the folder, the rights and the free space, then run again"));
    return code;
}

/* BOOK/models/NAME.json. *path NULL: not asked for. */
static enum err models_save(const char **path, const struct fits *f, const struct options *o,
                            struct cli *cli)
{
    enum { DAY_BYTES = 10 };
    const char *name = option_value(o, "save"), *book = option_value(o, "book");
    char today[32];
    *path = NULL;
    if (!name) return OK;
    TRY(name_check(name, cli->diag));
    if (!book) book = "book";
    const char *folder = arena_printf(cli->arena, "%s/models", book);
    TRY(folder_make(book, cli->diag));
    TRY(folder_make(folder, cli->diag));
    *path = arena_printf(cli->arena, "%s/%s.json", folder, name);
    moment_print(today, sizeof today, cli->today);
    today[DAY_BYTES] = '\0';
    return spot_models_write(&f->used, *path, o->arguments[1], today, cli->diag);
}

static enum err fit_run(struct fits *f, const char **saved, const struct options *o,
                        struct cli *cli)
{
    size_t n;
    const char **by = option_values(&n, o, "by", cli->arena);
    const char **ended = ARENA_NEW(cli->arena, const char *, n + 1);
    if (n) memcpy(ended, by, n * sizeof *ended);
    *f = (struct fits){.arena = cli->arena,
                       .stop = cli->stop,
                       .backtest = option_given(o, "backtest") || option_given(o, "save")};
    of_option(f, o);
    TRY(duration_option(&f->tick_h, o, "tick", 1.0 / 6, cli->diag));
    TRY(duration_option(&f->gap_h, o, "gap", 26, cli->diag));
    TRY(duration_option(&f->protected_h, o, "protected", 0, cli->diag));
    TRY(fits_make(f, o->arguments[1], ended, cli->diag));
    return models_save(saved, f, o, cli);
}

int catalog_fit(const struct options *o, struct cli *cli)
{
    struct fits f;
    const char *saved;
    const enum err code = fit_run(&f, &saved, o, cli);
    if (code != OK) return err_exit_status(code);
    struct sheet sheet = fits_sheet(&f);
    if (!f.backtest) return sheet_present(&sheet, o, cli);
    struct sheet tests = fits_backtest_sheet(&f);
    if (saved) sheet_note(&tests, _("Saved. In a scenario: catalog: {spot_models: [%s]}"), saved);
    const struct keyed_sheet sheets[] = {{.key = "models", .sheet = &sheet},
                                         {.key = "backtest", .sheet = &tests}};
    const struct sheet_list list = {2, sheets, "backtest"};
    return sheets_present(&list, o, cli);
}
