#include "common/sha256.h"
#include "common/text.h"
#include <errno.h>
#include <fcntl.h>
#include <sha2.h>
#include <string.h>
#include <unistd.h>

char *sha256_text(char hex[SHA256_HEX_BYTES], const void *bytes, size_t n)
{
    SHA2_CTX context;
    SHA256Init(&context);
    SHA256Update(&context, bytes, n);
    return SHA256End(&context, hex);
}

/* False on a read error (errno). */
static bool hash_file(char hex[SHA256_HEX_BYTES], int fd)
{
    SHA2_CTX context;
    unsigned char block[1 << 14];
    SHA256Init(&context);
    for (;;) {
        const ssize_t got = read(fd, block, sizeof block);
        if (got < 0 && errno != EINTR) return false;
        if (got > 0) SHA256Update(&context, block, (size_t)got);
        if (got == 0) break;
    }
    SHA256End(&context, hex);
    return true;
}

enum err sha256_file(char hex[SHA256_HEX_BYTES], const char *path, struct diag *d)
{
    const int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    const bool hashed = fd >= 0 && hash_file(hex, fd);
    const int error = errno;
    if (fd >= 0) close(fd);
    if (hashed) return OK;
    const enum err code =
        diag_error(d, ERR_FILE, (struct place){0}, _("the file \"%s\" cannot be read: %s"), path,
                   strerror(error));
    diag_fix(d, _("check the name of the file and the right to read it"));
    return code;
}
