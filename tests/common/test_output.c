#include "common/output.h"
#include "tests/common/printed.h"
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define REASON "  why: a result that is not whole on disk is as good as lost\n"
#define REMEDY                                                                                     \
    "  fix: check the folder, the rights and the free space, then run again   (see `gpumix help "  \
    "E7001`)\n"

static char folder[] = "/tmp/test_output_XXXXXX";
static char path[64];

static void write_old(const char *text)
{
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
}

static void expect_file(const char *expected, const char *name)
{
    char text[256] = "";
    FILE *file = fopen(path, "r");
    if (file) {
        text[fread(text, 1, sizeof text - 1, file)] = '\0';
        fclose(file);
    }
    gsl_test_str(file ? text : "no file", expected, "%s: content", name);
}

/* No temporary file is left behind. */
static void expect_entries(int expected, const char *name)
{
    int n = 0;
    DIR *entries = opendir(folder);
    for (const struct dirent *e; (e = readdir(entries));)
        n += e->d_name[0] != '.' || e->d_name[1] == 'g';
    closedir(entries);
    gsl_test_int(n, expected, "%s: files in the folder", name);
}

static void test_commit(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct output o;
    gsl_test_int(output_open(&o, path, a, &d), OK, "open a new file");
    fputs("first", o.stream);
    fflush(o.stream);
    expect_file("no file", "before the commit");
    gsl_test_int(output_commit(&o, &d), OK, "commit");
    output_discard(&o);
    expect_file("first", "discard after commit changes nothing");

    chmod(path, 0640);
    gsl_test_int(output_open(&o, path, a, &d), OK, "open an old file");
    fputs("second", o.stream);
    fflush(o.stream);
    expect_file("first", "the old file stays until the commit");
    gsl_test_int(output_commit(&o, &d), OK, "commit over it");
    expect_file("second", "replaced");
    struct stat status;
    gsl_test(stat(path, &status) != 0 || (status.st_mode & 07777) != 0640, "its rights are kept");

    gsl_test_int(output_open(&o, path, a, &d), OK, "open again");
    fputs("third", o.stream);
    output_discard(&o);
    output_discard(&o);
    expect_file("second", "discarded");
    expect_entries(1, "discarded");
    expect_printed(&d, "", "no finding");
    arena_free(a);
}

/* An output that is neither committed nor discarded goes with the arena. */
static void test_forgotten(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct output o;
    gsl_test_int(output_open(&o, path, a, &d), OK, "open");
    fputs("forgotten", o.stream);
    arena_free(a);
    expect_file("second", "forgotten");
    expect_entries(1, "forgotten");
}

static void test_link(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct output o;
    const char *link = arena_printf(a, "%s/link", folder);
    gsl_test(symlink(path, link) != 0, "a link");
    gsl_test_int(output_open(&o, link, a, &d), OK, "open through a link");
    fputs("linked", o.stream);
    gsl_test_int(output_commit(&o, &d), OK, "commit");
    expect_file("linked", "the file behind the link is replaced");
    struct stat status;
    gsl_test(lstat(link, &status) != 0 || !S_ISLNK(status.st_mode), "the link is still one");
    unlink(link);
    arena_free(a);
}

/* A name without folder is written in the current one. */
static void test_bare_name(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct output o;
    char here[4096];
    gsl_test(!getcwd(here, sizeof here) || chdir(folder) != 0, "into the folder");
    gsl_test_int(output_open(&o, "result", a, &d), OK, "a bare name");
    fputs("bare", o.stream);
    gsl_test_int(output_commit(&o, &d), OK, "commit");
    expect_file("bare", "a bare name");
    gsl_test(chdir(here) != 0, "back");
    arena_free(a);
}

static void expect_open_error(const char *at, const char *reason)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct output o;
    gsl_test_int(output_open(&o, at, a, &d), ERR_OUTPUT, "open \"%s\"", at);
    output_discard(&o);
    expect_printed(
        &d,
        arena_printf(a, "gpumix: error[E7001]: \"%s\" cannot be written: %s\n" REASON REMEDY, at,
                     reason),
        at);
    arena_free(a);
}

/* Writes `bytes` bytes to the device that is always full; the error must not get lost. */
static void test_full_device(size_t bytes, const char *reason)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct output o;
    gsl_test_int(output_open(&o, "/dev/full", a, &d), OK, "open the full device");
    for (size_t i = 0; i < bytes; i++) fputc('x', o.stream);
    gsl_test_int(output_commit(&o, &d), ERR_OUTPUT, "%zu bytes to the full device", bytes);
    expect_printed(
        &d,
        arena_printf(a, "gpumix: error[E7001]: \"/dev/full\" cannot be written: %s\n" REASON REMEDY,
                     reason),
        "full device");
    struct stat status;
    gsl_test(stat("/dev/full", &status) != 0 || !S_ISCHR(status.st_mode), "it is still a device");
    arena_free(a);
}

/* Standard output on the full device, in a process of its own: its exit status is the code. */
static void test_full_stdout(size_t bytes)
{
    struct arena *a = arena_new();
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        struct diag d = {.arena = a};
        struct output o;
        dup2(open("/dev/full", O_WRONLY), STDOUT_FILENO);
        if (output_open(&o, "-", a, &d) != OK) _exit(100);
        for (size_t i = 0; i < bytes; i++) fputc('x', o.stream);
        const enum err code = output_commit(&o, &d);
        const char *expected = "gpumix: error[E7001]: standard output cannot be written: "
                               "No space left on device\n" REASON REMEDY;
        _exit(strcmp(diag_printed(&d, DIAG_TEXT), expected) == 0 ? err_exit_status(code) : 101);
    }
    int status = 0;
    waitpid(child, &status, 0);
    gsl_test_int(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 7, "%zu bytes to a full stdout",
                 bytes);
    arena_free(a);
}

static void test_stdout(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct output o, named;
    gsl_test_int(output_open(&o, NULL, a, &d), OK, "standard output");
    gsl_test_int(output_open(&named, "-", a, &d), OK, "standard output by its sign");
    gsl_test(o.stream != stdout || named.stream != stdout || o.path, "it is stdout");
    gsl_test_int(output_commit(&o, &d), OK, "commit");
    output_discard(&named);
    gsl_test(printf("still open\n") < 0, "standard output stays open");
    arena_free(a);
}

/* The disk is full in the middle: a file size limit stands in for it. */
static void test_disk_full(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct output o;
    write_old("old");
    struct rlimit before, small;
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 10000;
    signal(SIGXFSZ, SIG_IGN);
    gsl_test_int(output_open(&o, path, a, &d), OK, "open");
    setrlimit(RLIMIT_FSIZE, &small);
    for (int i = 0; i < 20000; i++) fputc('x', o.stream);
    const enum err code = output_commit(&o, &d);
    setrlimit(RLIMIT_FSIZE, &before);
    gsl_test_int(code, ERR_OUTPUT, "a disk that becomes full");
    expect_printed(
        &d,
        arena_printf(
            a, "gpumix: error[E7001]: \"%s\" cannot be written: File too large\n" REASON REMEDY,
            path),
        "a disk that becomes full");
    expect_file("old", "a disk that becomes full");
    expect_entries(1, "a disk that becomes full");
    arena_free(a);
}

int main(void)
{
    gsl_test(!mkdtemp(folder), "a folder for the test");
    snprintf(path, sizeof path, "%s/result", folder);
    test_commit();
    test_forgotten();
    test_link();
    test_bare_name();
    expect_open_error("/no/such/folder/x", "No such file or directory");
    expect_open_error("/", "Is a directory");
    expect_open_error("/proc/x", "No such file or directory");
    test_full_device(5, "No space left on device");
    test_full_device(100000, "No space left on device");
    test_stdout();
    test_full_stdout(5);
    test_full_stdout(100000);
    test_disk_full();
    unlink(path);
    rmdir(folder);
    return gsl_test_summary();
}
