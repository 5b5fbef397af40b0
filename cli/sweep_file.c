/* The checkpoint of a sweep: a line that names the inputs, then one line per point, in the order in which they were done.
 *
 *   gpumix-sweep-1 <checksum of the inputs>
 *   <point> TAB <fields> TAB <checksum of the line and of the inputs>
 *
 * A line that is torn or of other inputs is not used. Numbers are hexadecimal, so that they come back bit by bit. */
#include "cli/sweep.h"
#include "common/sha256.h"
#include "common/text.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char HEAD[] = "gpumix-sweep-1 ";
enum { N_FIELDS = 25, CHECK_DIGITS = 16 };

struct checkpoint {
    int fd;
    const char *inputs;
};

/* Tabs and line ends would end a field. */
static char *field_text(const char *text, struct arena *a)
{
    char *copy = arena_strdup(a, text);
    for (char *c = copy; *c; c++)
        if (*c == '\t' || *c == '\n' || *c == '\r') *c = ' ';
    return copy;
}

static char *luck_of(const struct sweep_point *p, struct arena *a)
{
    const struct bill_luck *l = &p->luck;
    return arena_printf(a, "%zu\t%a\t%a\t%a\t%a\t%a\t%a\t%a\t%a\t%a\t%a\t%s", p->worlds,
                        l->expected, l->expected_low, l->expected_high, l->p10, l->p50, l->p90,
                        l->p95, l->late, l->late_low, l->late_high, l->finish ? l->finish : "");
}

static void luck_read(struct sweep_point *p, const char *const f[12], struct arena *a)
{
    double *const into[] = {&p->luck.expected, &p->luck.expected_low, &p->luck.expected_high,
                            &p->luck.p10,      &p->luck.p50,          &p->luck.p90,
                            &p->luck.p95,      &p->luck.late,         &p->luck.late_low,
                            &p->luck.late_high};
    p->worlds = strtoul(f[0], NULL, 10);
    for (size_t i = 0; i < sizeof into / sizeof *into; i++) *into[i] = strtod(f[1 + i], NULL);
    p->luck.finish = arena_strdup(a, f[11]);
}

static char *line_of(size_t at, const struct sweep_point *p, struct arena *a)
{
    return arena_printf(
        a, "%zu\t%s\t%d\t%d\t%" PRId64 "\t%a\t%a\t%a\t%ld\t%" PRId64 "\t%" PRId64 "\t%s\t%s\t%s",
        at, p->status, p->has_plan, p->has_jobs, p->cost, p->bound, p->gap, p->machine_h,
        p->machines, p->finish_us, p->late_us, field_text(p->finish, a), field_text(p->message, a),
        luck_of(p, a));
}

static const char *line_check(const char *line, const char *inputs, struct arena *a)
{
    const char *all = arena_printf(a, "%s\n%s", inputs, line);
    char hex[SHA256_HEX_BYTES];
    return arena_strndup(a, sha256_text(hex, all, strlen(all)), CHECK_DIGITS);
}

static bool line_read(struct sweep *s, char *line, struct arena *a)
{
    char *check = strrchr(line, '\t');
    if (!check) return false;
    *check++ = '\0';
    if (strcmp(check, line_check(line, s->inputs, a)) != 0) return false;
    const char *f[N_FIELDS] = {0};
    size_t n = 0;
    char *rest = line;
    for (char *field; n < N_FIELDS && (field = strsep(&rest, "\t"));) f[n++] = field;
    const size_t at = n == N_FIELDS && !rest ? strtoul(f[0], NULL, 10) : s->n;
    if (at >= s->n) return false;
    if (!s->points[at].status) s->n_found++;
    s->points[at] = (struct sweep_point){
        .status = arena_strdup(a, f[1]),
        .has_plan = *f[2] == '1',
        .has_jobs = *f[3] == '1',
        .cost = strtoll(f[4], NULL, 10),
        .bound = strtod(f[5], NULL),
        .gap = strtod(f[6], NULL),
        .machine_h = strtod(f[7], NULL),
        .machines = strtol(f[8], NULL, 10),
        .finish_us = strtoll(f[9], NULL, 10),
        .late_us = strtoll(f[10], NULL, 10),
        .finish = arena_strdup(a, f[11]),
        .message = arena_strdup(a, f[12]),
    };
    luck_read(&s->points[at], f + 13, a);
    return true;
}

/* False: it is of other inputs, or no checkpoint at all. */
static bool lines_read(struct sweep *s, FILE *in, struct arena *a)
{
    char *line = NULL;
    size_t size = 0;
    bool head = false;
    for (ssize_t n; (n = getline(&line, &size, in)) > 0;) {
        const bool whole = line[n - 1] == '\n';
        if (whole) line[n - 1] = '\0';
        if (!head) {
            head = whole && strncmp(line, HEAD, strlen(HEAD)) == 0 &&
                   strcmp(line + strlen(HEAD), s->inputs) == 0;
            if (!head) break;
        } else if (whole) {
            (void)line_read(s, line, a);
        }
    }
    free(line);
    return head;
}

static bool write_all(int fd, const char *text)
{
    size_t n = strlen(text);
    while (n > 0) {
        const ssize_t done = write(fd, text, n);
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return false;
        text += done;
        n -= (size_t)done;
    }
    return fsync(fd) == 0 || errno == EINVAL || errno == EROFS;
}

static enum err checkpoint_wrong(const char *path, struct diag *d)
{
    const enum err code = diag_error(d, ERR_OUTPUT, (struct place){0},
                                     _("\"%s\" cannot be written: %s"), path, strerror(errno));
    diag_fix(d, "%s", _("check the folder, the rights and the free space, then run again"));
    return code;
}

static void found_say(const struct sweep *s, bool kept, const struct cli *cli)
{
    if (cli->quiet) return;
    if (!kept)
        fprintf(stderr, _("gpumix: %s is of other inputs; the sweep begins anew\n"), s->checkpoint);
    else if (s->n_found)
        fprintf(stderr, _("gpumix: %zu of %zu points taken from %s\n"), s->n_found, s->n,
                s->checkpoint);
}

enum err checkpoint_open(struct checkpoint **file, struct sweep *s, struct cli *cli)
{
    struct arena *a = cli->arena;
    struct checkpoint *c = ARENA_NEW(a, struct checkpoint, 1);
    FILE *in = fopen(s->checkpoint, "re");
    bool kept = false;
    if (in) {
        kept = lines_read(s, in, a);
        fclose(in);
        found_say(s, kept, cli);
    }
    c->inputs = s->inputs;
    c->fd =
        open(s->checkpoint, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (kept ? 0 : O_TRUNC), 0666);
    /* A torn last line is ended, so that the next one begins on its own. */
    const char *begin = kept ? "\n" : arena_printf(a, "%s%s\n", HEAD, s->inputs);
    if (c->fd < 0 || !write_all(c->fd, begin)) return checkpoint_wrong(s->checkpoint, cli->diag);
    *file = c;
    return OK;
}

bool checkpoint_add(struct checkpoint *file, size_t at, const struct sweep_point *p)
{
    struct arena *a = arena_new();
    const char *line = line_of(at, p, a);
    const bool good =
        write_all(file->fd, arena_printf(a, "%s\t%s\n", line, line_check(line, file->inputs, a)));
    arena_free(a);
    return good;
}

void checkpoint_close(struct checkpoint *file)
{
    close(file->fd);
}
