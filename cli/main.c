/* gpumix: which GPU machines to buy, when, and what that costs. */
#include "cli/about.h"
#include "cli/commands.h"
#include "cli/language.h"
#include "common/text.h"
#include <gsl/gsl_errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The one object that is written outside any function's own data: a signal handler has no other way to speak. */
static volatile sig_atomic_t stop_signal;

static void on_stop(int number)
{
    stop_signal = number;
}

/* The first signal asks to end in order, the second ends at once. A file that grows beyond its limit is a failed write like others. */
static void signals_catch(void)
{
    struct sigaction action = {.sa_handler = on_stop, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    const struct sigaction ignored = {.sa_handler = SIG_IGN};
    (void)sigaction(SIGXFSZ, &ignored, NULL);
}

/* --lang decides in which language even a wrong command line is answered, so it is looked for first. */
static const char *wanted_language(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--lang=", 7) == 0) return argv[i] + 7;
        if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc) return argv[i + 1];
    }
    return NULL;
}

static enum err day_wrong(const char *text, struct diag *d)
{
    const enum err code =
        diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                   _("SOURCE_DATE_EPOCH is \"%s\", not a number of seconds since 1970"), text);
    diag_fix(d, "%s", _("unset it, or give for example 1795305600"));
    return code;
}

/* Midnight of the day in the vendor's zone (UTC+8). SOURCE_DATE_EPOCH fixes it for reproducible output. */
static enum err today_find(moment_t *today, struct diag *d)
{
    const moment_t second = 1000000, day = 24 * US_PER_H;
    const char *fixed = getenv("SOURCE_DATE_EPOCH");
    moment_t now = (moment_t)time(NULL);
    if (fixed) {
        char *end;
        now = strtoll(fixed, &end, 10);
        if (end == fixed || *end || now < 0 || now > INT64_C(253402300799))
            return day_wrong(fixed, d);
    }
    const moment_t local = now * second + 8 * US_PER_H;
    *today = local - local % day;
    return OK;
}

static enum err unknown_command(const char *name, struct arena *a, struct diag *d)
{
    const enum err code =
        diag_error(d, ERR_COMMAND, (struct place){0}, _("unknown command \"%s\""), name);
    size_t n = 0;
    while (commands[n]) n++;
    const char **names = ARENA_NEW(a, const char *, n + 1);
    for (size_t i = 0; i < n; i++) names[i] = commands[i]->name;
    const char *near = nearest_name(name, names, n);
    if (near)
        diag_fix(d, _("did you mean %s?"), near);
    else
        diag_fix(d, "%s", _("`gpumix --help` lists the commands"));
    return code;
}

static enum err arguments_check(const struct command *c, const struct options *o, struct diag *d)
{
    if (o->n_arguments >= c->min_arguments && o->n_arguments <= c->max_arguments) return OK;
    enum err code;
    if (o->n_arguments < c->min_arguments)
        code = diag_error(d, ERR_ARGUMENTS, (struct place){0}, _("%s needs %s"), c->name,
                          _(c->arguments));
    else
        code = diag_error(d, ERR_ARGUMENTS, (struct place){0},
                          _("\"%s\" is one argument too many for %s"),
                          o->arguments[c->max_arguments], c->name);
    diag_fix(d, _("write gpumix %s %s"), c->name,
             *c->arguments ? _(c->arguments) : _("without it"));
    return code;
}

static int command_run(const struct command *c, int argc, char **argv, struct cli *cli)
{
    struct options o = {0};
    options_add(&o, c->options);
    if (c->prints_data) options_add(&o, output_options);
    options_add(&o, global_options);
    enum err code = options_parse(&o, argc, argv, false, cli->arena, cli->diag);
    if (code != OK) return err_exit_status(code);
    if (option_given(&o, "help")) {
        command_help(c, stdout, cli->arena);
        return 0;
    }
    if (option_given(&o, "version")) {
        about_print(stdout);
        return 0;
    }
    code = arguments_check(c, &o, cli->diag);
    if (code != OK) return err_exit_status(code);
    cli->quiet = cli->quiet || option_given(&o, "quiet");
    cli->progress = !cli->quiet && isatty(STDERR_FILENO);
    return c->run(&o, cli);
}

static int program_run(int argc, char **argv, struct cli *cli)
{
    struct options o = {0};
    options_add(&o, global_options);
    enum err code = options_parse(&o, argc, argv, true, cli->arena, cli->diag);
    if (code == OK) code = today_find(&cli->today, cli->diag);
    if (code != OK) return err_exit_status(code);
    if (option_given(&o, "version")) {
        about_print(stdout);
        return 0;
    }
    const bool help = option_given(&o, "help");
    if (o.next >= argc) {
        program_help(help ? stdout : stderr, cli->arena);
        return help ? 0 : err_exit_status(ERR_USAGE);
    }
    cli->quiet = option_given(&o, "quiet");
    const struct command *c = command_find(argv[o.next]);
    if (!c) return err_exit_status(unknown_command(argv[o.next], cli->arena, cli->diag));
    if (help) {
        command_help(c, stdout, cli->arena);
        return 0;
    }
    return command_run(c, argc - o.next, argv + o.next, cli);
}

/* Help and version go to standard output without an output file: their write errors are noticed here. */
static int output_check(int status, struct diag *d)
{
    if (fflush(stdout) == 0 && !ferror(stdout)) return status;
    const enum err code =
        diag_error(d, ERR_OUTPUT, (struct place){0}, "%s", _("standard output cannot be written"));
    diag_fix(d, "%s", _("check where it goes: a full disk, a closed pipe"));
    return status ? status : err_exit_status(code);
}

/* --quiet: errors only. Warnings stay in JSON results, and --strict counts them all the same. */
static void warnings_drop(struct diag *d)
{
    struct finding *f = d->first;
    d->first = d->last = NULL;
    d->n_warnings = 0;
    for (struct finding *next; f; f = next) {
        next = f->next;
        f->next = NULL;
        if (f->severity == SEVERITY_WARNING) continue;
        if (d->last)
            d->last->next = f;
        else
            d->first = f;
        d->last = f;
    }
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_new();
    struct diag diag = {.arena = arena};
    struct cli cli = {.arena = arena,
                      .diag = &diag,
                      .version = about_version(),
                      .build = about_line(arena),
                      .libraries = about_libraries(arena),
                      .stop = &stop_signal};
    cli.chinese = language_choose(wanted_language(argc, argv));
    (void)gsl_set_error_handler_off();
    signals_catch();
    int status = program_run(argc, argv, &cli);
    status = output_check(status, &diag);
    if (stop_signal) {
        fprintf(stderr, "%s\n",
                _("gpumix: stopped by a signal; no unfinished output was left behind"));
        status = 128 + stop_signal;
    }
    if (cli.quiet) warnings_drop(&diag);
    diag_print(&diag, DIAG_TEXT, stderr);
    arena_free(arena);
    return status;
}
