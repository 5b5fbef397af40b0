#include "common/source.h"
#include "tests/common/findings.h"
#include <errno.h>
#include <fcntl.h>
#include <gsl/gsl_test.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/gpumix-source-XXXXXX";

static void write_file(const char *path, const char *text, size_t bytes)
{
    FILE *f = fopen(path, "wb");
    if (f) fwrite(text, 1, bytes, f);
    if (!f || fclose(f) != 0) gsl_test(1, "cannot write %s", path);
}

static void same(const char *got, const char *wanted, const char *what)
{
    gsl_test(!got || strcmp(got, wanted) != 0, "%s: %s is %s", what, got ? got : "(null)", wanted);
}

static const char *read_error(struct arena *a, const char *path)
{
    struct diag d = {.arena = a};
    const struct source *s = NULL;
    const enum err e = source_read(&s, path, a, &d);
    gsl_test(e == OK, "%s is refused", path);
    return findings_text(&d);
}

static void test_files(void)
{
    struct arena *a = arena_new();
    gsl_test(mkfifo("pipe", 0600) != 0 || mkdir("sub", 0700) != 0, "can make a pipe and a folder");
    static const char form[] =
        "E3001 0:0 '%s' is not a regular file (folders, pipes and devices have no end or "
        "no content that could be shown) -> give the name of a file\n";
    same(read_error(a, "pipe"), arena_printf(a, form, "pipe"), "pipe");
    same(read_error(a, "sub"), arena_printf(a, form, "sub"), "folder");
    same(read_error(a, "/dev/zero"), arena_printf(a, form, "/dev/zero"), "device");
    same(read_error(a, "none.yaml"),
         "E3001 0:0 cannot read 'none.yaml': No such file or directory -> check the name and the "
         "permissions of "
         "the file\n",
         "absent");
    const int fd = open("large.yaml", O_WRONLY | O_CREAT, 0600);
    gsl_test(fd < 0 || ftruncate(fd, SOURCE_MAX_BYTES + 1) != 0 || close(fd) != 0,
             "can make a large file");
    same(read_error(a, "large.yaml"),
         "E3005 0:0 'large.yaml' is larger than 16 MiB -> put long lists into CSV files\n",
         "large");
    static const char bom[] = "\xef\xbb\xbf"
                              "a: 1\r\n";
    write_file("bom.yaml", bom, sizeof bom - 1);
    struct diag d = {.arena = a};
    const struct source *s = NULL;
    const enum err e = source_read(&s, "bom.yaml", a, &d);
    gsl_test(e != OK || strcmp(s->text, "a: 1\r\n") != 0 || s->bytes != 6,
             "a byte-order mark is left out");
    write_file("nul.yaml", "a: b\0c\n", 7);
    same(read_error(a, "nul.yaml"),
         "E3002 1:5 not valid YAML (the character U+0000 does not belong into a text file) -> "
         "delete it, or write "
         "it as an escape in double quotes\n",
         "NUL");
    write_file("utf16.yaml",
               "\xff\xfe"
               "a\0:\0",
               6);
    same(read_error(a, "utf16.yaml"),
         "E3006 1:1 the file is not UTF-8 text (it starts with the mark of UTF-16) -> save it as "
         "UTF-8, or run: "
         "iconv -f UTF-16 -t UTF-8 FILE\n",
         "UTF-16");
    arena_free(a);
}

static void test_below(void)
{
    static const struct {
        const char *below, *wrong;
        int walk_errno;
    } cases[] = {
        {"in.yaml", NULL, 0},
        {"deep/in.yaml", NULL, 0},
        {"deep/../in.yaml", NULL, 0},
        {"./deep//./in.yaml", NULL, 0},
        {"../out.yaml", "outside", EXDEV},
        {"deep/../../out.yaml", "outside", EXDEV},
        {"/etc/passwd", "outside", EXDEV},
        {"link.yaml", "outside", ELOOP},
        {"folder/out.yaml", "outside", ENOTDIR},
        {"..", "outside", EISDIR},
        {"none/in.yaml", "No such file", ENOENT},
    };
    struct arena *a = arena_new();
    gsl_test(mkdir("root", 0700) != 0 || mkdir("root/deep", 0700) != 0 ||
                 symlink("../out.yaml", "root/link.yaml") != 0 || symlink("..", "root/folder") != 0,
             "can make folders and links");
    write_file("out.yaml", "a: secret\n", 10);
    write_file("root/in.yaml", "a: b\n", 5);
    write_file("root/deep/in.yaml", "a: b\n", 5);
    const int root = open("root", O_PATH | O_DIRECTORY);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct diag d = {.arena = a};
        const struct source *s = NULL;
        const enum err e = source_read_below(&s, "root/", cases[i].below, (struct place){0}, a, &d);
        const bool ok = cases[i].wrong
                            ? e == ERR_INCLUDE && strstr(findings_text(&d), cases[i].wrong)
                            : e == OK && !strcmp(s->text, "a: b\n");
        gsl_test(!ok, "below: %s: %s", cases[i].below, findings_text(&d));
        errno = 0;
        const int fd = source_walk_below(root, cases[i].below);
        gsl_test(cases[i].wrong ? fd >= 0 || errno != cases[i].walk_errno : fd < 0,
                 "walk: %s gives %d, errno %d", cases[i].below, fd, errno);
        if (fd >= 0) close(fd);
    }
    close(root);
    arena_free(a);
}

static void remove_all(void)
{
    static const char *const names[] = {"plan.yaml",
                                        "pipe",
                                        "sub",
                                        "large.yaml",
                                        "bom.yaml",
                                        "nul.yaml",
                                        "utf16.yaml",
                                        "root/link.yaml",
                                        "root/folder",
                                        "root/in.yaml",
                                        "root/deep/in.yaml",
                                        "root/deep",
                                        "root",
                                        "out.yaml"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) remove(names[i]);
    gsl_test(chdir("/") != 0 || rmdir(folder) != 0, "leaves nothing behind");
}

int main(void)
{
    if (!mkdtemp(folder) || chdir(folder) != 0) return 1;
    test_files();
    test_below();
    remove_all();
    return gsl_test_summary();
}
