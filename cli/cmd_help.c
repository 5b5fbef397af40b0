/* gpumix help: commands, topics and error codes. */
#include "cli/commands.h"
#include "common/quantity.h"
#include "common/text.h"
#include "report/pitfalls.h"
#include <string.h>

static void units_print(struct cli *cli)
{
    static const enum dimension dimensions[] = {PLAIN,          COUNT_SI,   DURATION_H,   SIZE_GIB,
                                                BANDWIDTH_MBPS, RATE_PER_H, PERCENT_FRAC, TIMES,
                                                GROWTH,         NUMBER_FRAC};
    static const char *const names[] = {
        N_("number"), N_("count"),      N_("duration"), N_("size"),   N_("throughput"),
        N_("rate"),   N_("percentage"), N_("multiple"), N_("growth"), N_("share")};
    puts(_("Units are written behind the number. What each kind of value takes:"));
    struct table *t = table_new(cli->arena, "ll");
    for (size_t i = 0; i < sizeof dimensions / sizeof *dimensions; i++)
        table_row(t, _(names[i]), quantity_expected(dimensions[i]), NULL);
    table_print(t, stdout, "  ");
    puts(_(
        "GB is the vendor's GB, 2^30 bytes. A month is 720 h, as a duration and in a price; a year "
        "in a price is "
        "8,760 h.\nA budget per month holds for each calendar month in the scenario's time zone.\n"
        "Money: ¥5000, CNY 5000, $700 or USD 700, then /h, /d, /month, /year or /GB-month where a "
        "price is "
        "meant;\na number alone is in the scenario's currency."));
}

static void statuses_print(struct cli *cli)
{
    static const struct {
        const char *status, *meaning;
    } rows[] = {
        {"0", N_("success, and every gate passed")},
        {"1", N_("a gate failed: --fail-if, or any warning under --strict")},
        {"2", N_("the command line is wrong")},
        {"3", N_("an input was rejected: scenario, prices or job list")},
        {"4", N_("no plan meets every limit; what clashes is shown")},
        {"5", N_("a limit was reached; the best plan with its proven gap was written, marked "
                 "incomplete")},
        {"6", N_("verification failed; nothing was published")},
        {"7", N_("an output could not be written; the previous file is intact")},
        {"8", N_("internal error")},
        {"9", N_("out of memory")},
        {"130", N_("stopped by SIGINT")},
        {"143", N_("stopped by SIGTERM")},
    };
    struct table *t = table_new(cli->arena, "rl");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        table_row(t, rows[i].status, _(rows[i].meaning), NULL);
    table_print(t, stdout, "  ");
    puts(_("With several variants the gravest status counts."));
}

static void errors_print(struct cli *cli)
{
    struct table *t = table_new(cli->arena, "ll");
    for (enum err e = OK + 1; e <= ERR_MEMORY; e++) table_row(t, err_code(e), err_title(e), NULL);
    table_print(t, stdout, "  ");
    puts(_("`gpumix help CODE` says why an error matters."));
}

static void code_print(enum err e)
{
    printf("%s: %s\n\n", err_code(e), err_title(e));
    printf(_("Why it matters: %s.\n"), err_why(e));
    printf(_("Exit status: %d.\n"), err_exit_status(e));
}

static void warnings_print(struct cli *cli)
{
    struct table *t = table_new(cli->arena, "ll");
    for (size_t i = 0; pitfall_names[i]; i++)
        table_row(t, pitfall_names[i], _(pitfall_helps[i]), NULL);
    puts(_("Pits that a plan can fall into. Each warning says what it costs:"));
    table_print(t, stdout, "  ");
    puts(_("`gpumix plan FILE --no-warning NAME` leaves one out."));
}

static const struct topic {
    const char *name, *help;
    void (*print)(struct cli *cli);
} topics[] = {
    {"units", N_("how numbers and their units are written"), units_print},
    {"exit-codes", N_("what the exit status means"), statuses_print},
    {"errors", N_("every error code"), errors_print},
    {"warnings", N_("pits that a plan can fall into, and how to silence a warning"),
     warnings_print},
};
enum { N_TOPICS = sizeof topics / sizeof *topics };

const char *help_topic(size_t i)
{
    return i < N_TOPICS ? topics[i].name : NULL;
}

static enum err topic_unknown(const char *name, struct cli *cli)
{
    const enum err code = diag_error(cli->diag, ERR_NOT_FOUND, (struct place){0},
                                     _("there is no help on \"%s\""), name);
    const char *names[64];
    size_t n = 0;
    for (; n < N_TOPICS; n++) names[n] = topics[n].name;
    for (size_t i = 0; commands[i] && n < sizeof names / sizeof *names; i++)
        names[n++] = commands[i]->name;
    const char *near = nearest_name(name, names, n);
    if (near)
        diag_fix(cli->diag, _("did you mean %s?"), near);
    else
        diag_fix(
            cli->diag, "%s",
            _("take a command, an error code, or one of: units, exit-codes, errors, warnings"));
    return code;
}

/* clang-format off */
static const struct option_row help_options[] = {
    {"scdoc", 0, NULL, true, NULL, N_("the man page of the program or of a command, as source for scdoc")},
    {0},
};
/* clang-format on */

static int help_run(const struct options *o, struct cli *cli)
{
    const bool manual = option_given(o, "scdoc");
    if (o->n_arguments == 0) {
        if (manual)
            manual_print(NULL, cli->version, stdout);
        else
            program_help(stdout, cli->arena);
        return 0;
    }
    const char *name = o->arguments[0];
    for (size_t i = 0; i < N_TOPICS; i++) {
        if (strcmp(name, topics[i].name) != 0) continue;
        topics[i].print(cli);
        return 0;
    }
    const struct command *c = command_find(name);
    const enum err e = err_by_code(name);
    if (c && manual)
        manual_print(c, cli->version, stdout);
    else if (c)
        command_help(c, stdout, cli->arena);
    else if (e != OK)
        code_print(e);
    else
        return err_exit_status(topic_unknown(name, cli));
    return 0;
}

const struct command cmd_help = {
    .name = "help",
    .arguments = N_("[COMMAND|TOPIC|CODE]"),
    .help = N_("explain a command, a topic (units, exit-codes, errors, warnings) or an error code"),
    .examples = "  gpumix help plan\n"
                "  gpumix help units\n"
                "  gpumix help E3020\n",
    .options = help_options,
    .max_arguments = 1,
    .run = help_run,
};
