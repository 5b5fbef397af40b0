/* Asking another process for the exact optimum: what happens to it cannot happen to this one. */
#include "solver/lp_exact_internal.h"

#include "common/text.h"
#include "solver/lp_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

const struct lp_exact_settings LP_EXACT_SETTINGS = {
    .time_limit_s = 600, .memory_mib = 4096, .most_columns = 400000, .solver = lp_exact_qsopt};

enum {
    TICK_MS = 50,
    ENDED = 4, /* status of a process whose solver called exit */
    MIB = 1024 * 1024,
};

/* --- the other process --- */

static void leave(void)
{
    _exit(ENDED);
}

/* Pages that the process has by now: limits are counted from there. */
static rlim_t bytes_now(void)
{
    unsigned long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (f && fscanf(f, "%lu", &pages) != 1) pages = 0;
    if (f) fclose(f);
    return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

static void limits_set(const struct lp_exact_settings *settings)
{
    const rlim_t now = bytes_now(), memory = now + (rlim_t)settings->memory_mib * MIB,
                 seconds = (rlim_t)ceil(settings->time_limit_s) + 1;
    if (now) setrlimit(RLIMIT_AS, &(struct rlimit){memory, memory});
    setrlimit(RLIMIT_CPU, &(struct rlimit){seconds, seconds + 1});
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static void quieten(void)
{
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; fd <= 2 && null >= 0; fd++) dup2(null, fd);
}

_Noreturn static void child_run(const struct lp *lp, const struct lp_exact_settings *settings,
                                int answer)
{
    static const int usual[] = {SIGINT, SIGTERM, SIGABRT, SIGSEGV, SIGFPE, SIGPIPE, SIGXCPU};
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) signal(usual[i], SIG_DFL);
    atexit(leave); /* before whatever this program does when it ends */
    limits_set(settings);
    quieten();
    FILE *out = fdopen(answer, "w");
    if (!out) _exit(ENDED);
    settings->solver(lp, out);
    _exit(fflush(out) == 0 ? 0 : ENDED);
}

/* --- this process --- */

struct talk {
    const struct lp_exact_settings *settings;
    pid_t child;
    int answer; /* the reading end */
    char *text; /* [n], a 0 behind it */
    size_t n, room;
    bool late, stopped, too_long;
};

static bool is_stopped(const struct lp_exact_settings *settings)
{
    return settings->stop && *settings->stop;
}

/* What there is to read now; false at the end. */
static bool answer_read(struct talk *t)
{
    if (t->n + 1 >= t->room) {
        char *more = realloc(t->text, 2 * t->room);
        t->too_long = !more || t->room >= (size_t)t->settings->memory_mib * MIB;
        if (more) t->text = more;
        if (t->too_long) return false;
        t->room *= 2;
    }
    const ssize_t got = read(t->answer, t->text + t->n, t->room - t->n - 1);
    if (got < 0) return errno == EINTR || errno == EAGAIN;
    t->n += (size_t)got;
    t->text[t->n] = '\0';
    return got > 0;
}

static void answer_wait(struct talk *t)
{
    const double deadline = lp_clock() + t->settings->time_limit_s;
    for (bool more = true; more;) {
        t->stopped = is_stopped(t->settings);
        t->late = lp_clock() > deadline;
        if (t->stopped || t->late) return;
        struct pollfd waiting = {.fd = t->answer, .events = POLLIN};
        if (poll(&waiting, 1, TICK_MS) > 0) more = answer_read(t);
    }
}

/* Its status, after it has ended or was ended. */
static int child_end(const struct talk *t)
{
    int status = 0;
    const bool given_up = t->late || t->stopped || t->too_long;
    if (given_up) kill(t->child, SIGKILL);
    while (waitpid(t->child, &status, 0) < 0 && errno == EINTR) continue;
    return status;
}

/* NULL: nothing went wrong. */
static const char *trouble(const struct talk *t, int status, struct arena *a)
{
    const struct lp_exact_settings *s = t->settings;
    if (t->stopped) return NULL;
    if (t->late || (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU))
        return arena_printf(a, _("the exact solver was not done after %g s"), s->time_limit_s);
    if (t->too_long)
        return arena_printf(a, _("the answer of the exact solver takes more than %ld MiB"),
                            s->memory_mib);
    if (WIFEXITED(status) && WEXITSTATUS(status) == EXACT_NO_MEMORY)
        return arena_printf(a, _("the exact solver needs more than %ld MiB"), s->memory_mib);
    if (WIFSIGNALED(status))
        return arena_printf(a, _("the exact solver was ended by signal %d"), WTERMSIG(status));
    if (WIFEXITED(status) && WEXITSTATUS(status) != 0) return _("the exact solver gave up");
    return NULL;
}

/* Starts the process; false, with errno, when there cannot be one. */
static bool child_start(struct talk *t, const struct lp *lp)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return false;
    fflush(NULL);
    t->child = fork();
    if (t->child == 0) child_run(lp, t->settings, ends[1]);
    const int why = errno;
    close(ends[1]);
    if (t->child < 0) close(ends[0]);
    t->answer = ends[0];
    errno = why;
    return t->child > 0;
}

static const char *ask(struct talk *t, const struct lp *lp, struct arena *a)
{
    if (!child_start(t, lp))
        return arena_printf(a, _("the exact solver could not be started: %s"), strerror(errno));
    answer_wait(t);
    const int status = child_end(t);
    close(t->answer);
    return trouble(t, status, a);
}

static void judge(struct lp_exact *out, struct exact_claim *c, const struct lp *lp, struct arena *a)
{
    struct rational *optimum = rational_new(a);
    if (!exact_claim_holds(optimum->value, c, lp)) {
        out->why = _("the answer of the exact solver does not prove itself");
        return;
    }
    out->status = c->infeasible ? EXACT_INFEASIBLE : EXACT_OPTIMAL;
    if (!c->infeasible) out->optimum = optimum;
}

/* Without rows every column lies at its cheaper end. */
static void choose_ends(struct exact_claim *c, const struct lp *lp)
{
    for (size_t j = 0; j < lp->n_cols; j++)
        mpq_set_d(c->x[j], lp->cost[j] >= 0 ? lp->col_lo[j] : lp->col_hi[j]);
}

static void solve(struct lp_exact *out, const struct lp *lp,
                  const struct lp_exact_settings *settings, struct arena *a)
{
    struct arena *scratch = arena_new();
    struct exact_claim c;
    exact_claim_new(&c, lp, scratch);
    struct talk t = {.settings = settings, .room = 65536, .text = malloc(65536)};
    if (t.text) t.text[0] = '\0';
    bool has_claim = lp->n_rows == 0;
    if (has_claim) {
        choose_ends(&c, lp);
    } else if (t.text) {
        out->why = ask(&t, lp, a);
        has_claim = !out->why && !t.stopped;
        if (has_claim && !exact_claim_read(&c, lp, t.text)) {
            out->why = _("the exact solver gave no answer");
            has_claim = false;
        }
    }
    free(t.text);
    if (has_claim) judge(out, &c, lp, a);
    arena_free(scratch);
}

enum err lp_exact(struct lp_exact *out, const struct lp *lp,
                  const struct lp_exact_settings *settings, struct arena *a, struct diag *d)
{
    *out = (struct lp_exact){.status = EXACT_UNKNOWN};
    TRY(lp_check(lp, d));
    if (lp->n_cols > settings->most_columns)
        out->why = arena_printf(a,
                                _("the linear program has %zu columns; the exact solver takes "
                                  "%zu at most"),
                                lp->n_cols, settings->most_columns);
    else
        solve(out, lp, settings, a);
    return OK;
}
