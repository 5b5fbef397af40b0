#include "common/sha256.h"
#include "tests/common/printed.h"
#include <string.h>
#include <unistd.h>

/* FIPS 180-4 examples. */
static const struct {
    const char *text, *hex;
} cases[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};
static const char million_a[] = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

static void expect_file_hash(const char *text, size_t bytes, const char *hex)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    char path[] = "/tmp/test_sha256_XXXXXX", seen[SHA256_HEX_BYTES] = "";
    const int fd = mkstemp(path);
    gsl_test(fd < 0 || write(fd, text, bytes) != (ssize_t)bytes, "a file to read");
    close(fd);
    gsl_test_int(sha256_file(seen, path, &d), OK, "file of %zu bytes: read", bytes);
    gsl_test_str(seen, hex, "file of %zu bytes: hash", bytes);
    unlink(path);
    arena_free(a);
}

int main(void)
{
    char hex[SHA256_HEX_BYTES];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const size_t bytes = strlen(cases[i].text);
        gsl_test_str(sha256_text(hex, cases[i].text, bytes), cases[i].hex, "text %zu", i);
        expect_file_hash(cases[i].text, bytes, cases[i].hex);
    }
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    char *text = arena_alloc(a, 1000000, 1);
    memset(text, 'a', 1000000);
    gsl_test_str(sha256_text(hex, text, 1000000), million_a, "a million letters");
    expect_file_hash(text, 1000000, million_a);

    gsl_test_int(sha256_file(hex, "no/such/file", &d), ERR_FILE, "no such file");
    gsl_test_int(sha256_file(hex, "/", &d), ERR_FILE, "a folder");
    expect_printed(
        &d,
        "gpumix: error[E3001]: the file \"no/such/file\" cannot be read: No such file or "
        "directory\n"
        "  why: without it the plan would rest on nothing\n"
        "  fix: check the name of the file and the right to read it   (see `gpumix help "
        "E3001`)\n"
        "gpumix: error[E3001]: the file \"/\" cannot be read: Is a directory\n"
        "  why: without it the plan would rest on nothing\n"
        "  fix: check the name of the file and the right to read it   (see `gpumix help "
        "E3001`)\n",
        "unreadable files");
    arena_free(a);
    return gsl_test_summary();
}
