/* The questions of recommend, word by word, on a pseudo-terminal without echo. */
#include "cli/commands.h"
#include "common/diag.h"
#include <gsl/gsl_test.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { MOST_SAID = 65536 };

static volatile sig_atomic_t no_signal;

/* In a process of its own. */
static int recommend(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct cli cli = {.arena = a, .diag = &d, .version = "0", .quiet = true, .stop = &no_signal};
    const struct command *c = command_find("recommend");
    struct options o = {0};
    options_add(&o, c->options);
    options_add(&o, output_options);
    options_add(&o, global_options);
    char *argv[] = {(char *)"recommend"};
    if (options_parse(&o, 1, argv, false, a, &d) != OK) return 100;
    const int status = c->run(&o, &cli);
    fflush(stdout);
    return status;
}

/* What is said to these answers up to the recommendation, with a line for each prompt. */
static const char *talk(char said[MOST_SAID], const char *answers, int *status)
{
    struct termios raw = {0};
    cfmakeraw(&raw);
    int terminal;
    fflush(stdout);
    const pid_t child = forkpty(&terminal, NULL, &raw, NULL);
    if (child == 0) _exit(recommend());
    const size_t bytes = strlen(answers);
    gsl_test(write(terminal, answers, bytes) != (ssize_t)bytes, "answers are given");
    size_t n = 0;
    for (ssize_t got; n + 1 < MOST_SAID; n += (size_t)got) {
        got = read(terminal, said + n, MOST_SAID - 1 - n);
        if (got <= 0) break;
    }
    said[n] = '\0';
    close(terminal);
    waitpid(child, status, 0);
    for (char *at = said; (at = strstr(at, "] ")); at++) at[1] = '\n';
    char *end = strstr(said, "-> ");
    if (end) *end = '\0';
    return said;
}

static void expect_talk(const char *answers, const char *expected, const char *name)
{
    char said[MOST_SAID];
    int status = 0;
    gsl_test_str(talk(said, answers, &status), expected, "%s", name);
    gsl_test_int(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 0, "%s: status", name);
}

int main(void)
{
    expect_talk("perhaps\nn\ny\n",
                "1. Does the work use matrix or tensor maths, or draw?  [y/n]\n"
                "   Please answer y or n.\n"
                "1. Does the work use matrix or tensor maths, or draw?  [y/n]\n"
                "2. Can it stop and start again (checkpoints, frames)?  [y/n]\n",
                "work for CPUs");
    expect_talk("y\nsome\nnone\nyes\nno\ny\nmuch\n80\n",
                "1. Does the work use matrix or tensor maths, or draw?  [y/n]\n"
                "2. Does it draw or encode pictures? (none, offline rendering, realtime 3D, cad "
                "seats, encode video)  [none/offline/realtime/cad/encode]\n"
                "   Please answer with one of the words in brackets.\n"
                "2. Does it draw or encode pictures? (none, offline rendering, realtime 3D, cad "
                "seats, encode video)  [none/offline/realtime/cad/encode]\n"
                "3. More than 100k samples or 100M parameters?  [y/n]\n"
                "4. Must it answer within milliseconds?  [y/n]\n"
                "5. Can it stop and start again (checkpoints, frames)?  [y/n]\n"
                "6. How much GPU memory does one worker need?  [GB]\n"
                "   Please answer with a size with its unit, for example 80GB.\n"
                "6. How much GPU memory does one worker need?  [GB]\n",
                "training");
    return gsl_test_summary();
}
