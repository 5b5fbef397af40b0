#include "cli/commands.h"
#include "cli/new_file.h"
#include "tests/common/printed.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Files that are written once and never over another one, and what `gpumix init` says when the system gets in its way. */
static char folder[] = "/tmp/test_new_file_XXXXXX";

/* In the place of the C library's: a list that was there a moment ago is gone when it is to be copied. */
FILE *fopen(const char *path, const char *mode)
{
    (void)path;
    (void)mode;
    errno = ENOENT;
    return NULL;
}

static void expect_content(const char *path, const char *expected)
{
    FILE *file = freopen(path, "r", stdin);
    char text[64] = "";
    if (file) text[fread(text, 1, sizeof text - 1, file)] = '\0';
    gsl_test_str(file ? text : "no file", expected, "content of %s", path);
}

static const char *exists_text(const char *path, struct arena *a)
{
    return arena_printf(a,
                        "gpumix: error[E1020]: \"%s\" exists already and is not overwritten\n"
                        "  why: what you wrote before would be lost\n"
                        "  fix: name another folder or file, or move this one away   (see `gpumix "
                        "help E1020`)\n",
                        path);
}

static const char *refused_text(const char *path, const char *reason, struct arena *a)
{
    return arena_printf(a,
                        "gpumix: error[E7010]: \"%s\" cannot be written: %s\n"
                        "  why: a scenario that is not whole on disk is as good as lost\n"
                        "  fix: name a folder in which files may be written   (see `gpumix help "
                        "E7010`)\n",
                        path, reason);
}

/* A file that appears between the check and the writing stays as it is. */
static void test_appears(struct arena *a)
{
    struct diag d = {.arena = a};
    const char *path = arena_printf(a, "%s/in/between/scenario.yaml", folder);
    gsl_test_int(new_file_check(path, &d), OK, "nothing is there");
    gsl_test_int(new_file_write(path, "first", 5, a, &d), OK, "written");
    gsl_test_int(new_file_write(path, "second", 6, a, &d), ERR_EXISTS, "it is there now");
    expect_printed(&d, exists_text(path, a), "appears");
    expect_content(path, "first");
    struct diag again = {.arena = a};
    gsl_test_int(new_file_check(path, &again), ERR_EXISTS, "the check sees it");
    expect_printed(&again, exists_text(path, a), "check");
    unlink(path);
}

/* The disk becomes full: a limit of size stands in for it. No half a file stays. */
static void test_disk_full(struct arena *a)
{
    struct diag d = {.arena = a};
    const char *path = arena_printf(a, "%s/full.yaml", folder);
    char *text = ARENA_NEW(a, char, 20000);
    memset(text, 'x', 20000);
    struct rlimit before, small;
    getrlimit(RLIMIT_FSIZE, &before);
    small = (struct rlimit){10000, before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    const enum err code = new_file_write(path, text, 20000, a, &d);
    setrlimit(RLIMIT_FSIZE, &before);
    gsl_test_int(code, ERR_CREATE, "a disk that becomes full");
    expect_printed(&d, refused_text(path, "File too large", a), "a disk that becomes full");
    gsl_test(access(path, F_OK) == 0, "no half a file stays");
}

static void test_no_descriptors(struct arena *a)
{
    struct diag d = {.arena = a};
    const char *path = arena_printf(a, "%s/none.yaml", folder);
    struct rlimit before, none;
    getrlimit(RLIMIT_NOFILE, &before);
    none = (struct rlimit){0, before.rlim_max};
    setrlimit(RLIMIT_NOFILE, &none);
    const enum err code = new_file_write(path, "x", 1, a, &d);
    setrlimit(RLIMIT_NOFILE, &before);
    gsl_test_int(code, ERR_CREATE, "no descriptor");
    expect_printed(&d, refused_text(path, "Too many open files", a), "no descriptor");
}

/* Root may write everywhere, so a child gives its rights up. */
static void test_read_only_folder(void)
{
    chmod(folder, 0555);
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        if (geteuid() == 0 && (setegid(65534) != 0 || seteuid(65534) != 0)) _exit(100);
        struct arena *a = arena_new();
        struct diag file = {.arena = a}, below = {.arena = a};
        const char *path = arena_printf(a, "%s/x.yaml", folder);
        gsl_test_int(new_file_write(path, "x", 1, a, &file), ERR_CREATE, "a file: code");
        expect_printed(&file, refused_text(path, "Permission denied", a), "a file");
        path = arena_printf(a, "%s/new/x.yaml", folder);
        gsl_test_int(new_file_write(path, "x", 1, a, &below), ERR_CREATE, "a folder: code");
        path = arena_printf(a, "%s/new", folder);
        expect_printed(&below, refused_text(path, "Permission denied", a), "a folder");
        arena_free(a);
        _exit(gsl_test_summary());
    }
    int status = 0;
    waitpid(child, &status, 0);
    gsl_test_int(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 0, "a read-only folder");
    chmod(folder, 0700);
}

/* The list is read, and gone when it is to be copied: nothing is written. */
static void test_list_vanishes(struct arena *a)
{
    struct diag d = {.arena = a};
    const struct command *init = command_find("init");
    const char *list = arena_printf(a, "%s/jobs.csv", folder);
    gsl_test_int(new_file_write(list, "id,gpu_hours\na,3\n", 17, a, &d), OK, "a list");
    char *target = arena_printf(a, "%s/made", folder);
    char *argv[] = {(char *)"init", target, (char *)"--from", arena_strdup(a, list)};
    struct options o = {0};
    options_add(&o, init->options);
    options_add(&o, output_options);
    gsl_test_int(options_parse(&o, 4, argv, false, a, &d), OK, "options");
    struct cli cli = {.arena = a, .diag = &d};
    gsl_test_int(init->run(&o, &cli), 3, "init without its list");
    expect_printed(
        &d,
        arena_printf(a,
                     "gpumix: error[E3001]: \"%s\" cannot be read\n"
                     "  why: without it the plan would rest on nothing\n"
                     "  fix: check its name and that you may read it   (see `gpumix help "
                     "E3001`)\n",
                     list),
        "the list vanishes");
    gsl_test(access(target, F_OK) == 0, "nothing is written");
    unlink(list);
}

int main(void)
{
    struct arena *a = arena_new();
    gsl_test(!mkdtemp(folder), "a folder for the test");
    test_appears(a);
    test_disk_full(a);
    test_no_descriptors(a);
    test_read_only_folder();
    test_list_vanishes(a);
    rmdir(arena_printf(a, "%s/in/between", folder));
    rmdir(arena_printf(a, "%s/in", folder));
    gsl_test(rmdir(folder) != 0, "nothing is left behind");
    arena_free(a);
    return gsl_test_summary();
}
