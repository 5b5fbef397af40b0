#include "common/output.h"
#include "tests/common/printed.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* What a file system can refuse after a file was opened. These stand in for the calls of the system; `fails` names the one that
 * fails, with EIO as a dying disk does. */
static const char *fails = "";

static int answer(const char *call)
{
    if (strcmp(fails, call) != 0) return 0;
    errno = EIO;
    return -1;
}

int fsync(int fd)
{
    struct stat status;
    return answer(fstat(fd, &status) == 0 && S_ISDIR(status.st_mode) ? "fsync folder" : "fsync");
}

int rename(const char *from, const char *to)
{
    return answer("rename") == 0 ? renameat(AT_FDCWD, from, AT_FDCWD, to) : -1;
}

int fchmod(int fd, mode_t mode)
{
    return answer("fchmod") == 0 ? (int)syscall(SYS_fchmod, fd, mode) : -1;
}

static char folder[] = "/tmp/test_output_faults_XXXXXX";
static char path[64];

static enum err write_new(struct arena *a, struct diag *d)
{
    struct output o;
    TRY(output_open(&o, path, a, d));
    fputs("new", o.stream);
    return output_commit(&o, d);
}

static void expect_content(const char *expected, const char *name)
{
    char text[16] = "";
    FILE *file = fopen(path, "r");
    if (file) {
        text[fread(text, 1, sizeof text - 1, file)] = '\0';
        fclose(file);
    }
    gsl_test_str(text, expected, "%s: content", name);
}

static void expect_message(const struct diag *d, const char *reason, const char *name)
{
    expect_printed(d,
                   arena_printf(d->arena,
                                "gpumix: error[E7001]: \"%s\" cannot be written: %s\n"
                                "  why: a result that is not whole on disk is as good as lost\n"
                                "  fix: check the folder, the rights and the free space, then run "
                                "again   (see `gpumix help E7001`)\n",
                                path, reason),
                   name);
}

/* The old file stays as it was, and no temporary file stays beside it. */
static void test_refused(const char *call, const char *content)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    FILE *file = fopen(path, "w");
    fputs("old", file);
    fclose(file);
    fails = call;
    gsl_test_int(write_new(a, &d), ERR_OUTPUT, "%s fails: code", call);
    fails = "";
    expect_message(&d, "Input/output error", call);
    expect_content(content, call);
    gsl_test(unlink(path) != 0 || rmdir(folder) != 0 || mkdir(folder, 0700) != 0,
             "%s fails: nothing is left behind", call);
    arena_free(a);
}

/* No descriptor is left: the file cannot be opened. */
static void test_no_descriptors(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct rlimit before, none;
    getrlimit(RLIMIT_NOFILE, &before);
    none = (struct rlimit){0, before.rlim_max};
    setrlimit(RLIMIT_NOFILE, &none);
    const enum err code = write_new(a, &d);
    setrlimit(RLIMIT_NOFILE, &before);
    gsl_test_int(code, ERR_OUTPUT, "no descriptor: code");
    expect_message(&d, "Too many open files", "no descriptor");
    arena_free(a);
}

/* A folder in which this user may write nothing. Root may write everywhere, so a child gives its rights up. */
static void test_read_only_folder(void)
{
    chmod(folder, 0555);
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        if (geteuid() == 0 && (setegid(65534) != 0 || seteuid(65534) != 0)) _exit(100);
        struct arena *a = arena_new();
        struct diag d = {.arena = a};
        gsl_test_int(write_new(a, &d), ERR_OUTPUT, "a read-only folder: code");
        expect_message(&d, "Permission denied", "a read-only folder");
        arena_free(a);
        _exit(gsl_test_summary());
    }
    int status = 0;
    waitpid(child, &status, 0);
    gsl_test_int(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 0, "a read-only folder");
    chmod(folder, 0700);
}

/* Names of temporary files that killed runs left behind are passed over, but not for ever. */
static void test_left_over(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    for (int i = 0; i < 1000; i++)
        close(open(arena_printf(a, "%s/.gpumix-%ld-%d.tmp", folder, (long)getpid(), i),
                   O_WRONLY | O_CREAT, 0600));
    gsl_test_int(write_new(a, &d), ERR_OUTPUT, "left-over files: code");
    expect_message(&d, "File exists", "left-over files");
    for (int i = 0; i < 1000; i++)
        unlink(arena_printf(a, "%s/.gpumix-%ld-%d.tmp", folder, (long)getpid(), i));
    arena_free(a);
}

int main(void)
{
    gsl_test(!mkdtemp(folder), "a folder for the test");
    snprintf(path, sizeof path, "%s/result", folder);
    test_refused("fsync", "old");
    test_refused("rename", "old");
    test_refused("fchmod", "old");
    test_refused("fsync folder", "new"); /* in place, but perhaps not for good: said all the same */
    test_no_descriptors();
    test_read_only_folder();
    test_left_over();
    rmdir(folder);
    return gsl_test_summary();
}
