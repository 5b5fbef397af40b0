#include "common/source.h"
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utf8proc.h>

enum {
    OPEN_FLAGS = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY,
    MAX_WALK = 64, /* folders deep */
    READ_BYTES = 65536,
};

/* One reading: what to open, and where to complain. */
struct reading {
    const char *path; /* as shown */
    struct place at;  /* where the path was written; zero for the command line */
    struct arena *arena;
    struct diag *diag;
};

static enum err file_error(const struct reading *r, const char *reason)
{
    diag_error(r->diag, ERR_FILE, r->at, _("cannot read '%s': %s"), r->path, reason);
    diag_fix(r->diag, _("check the name and the permissions of the file"));
    return ERR_FILE;
}

static enum err too_large(const struct reading *r)
{
    diag_error(r->diag, ERR_TOO_LARGE, r->at, _("'%s' is larger than 16 MiB"), r->path);
    diag_fix(r->diag, _("put long lists into CSV files"));
    return ERR_TOO_LARGE;
}

static enum err check_regular(const struct reading *r, int fd)
{
    struct stat st;
    if (fstat(fd, &st) != 0) return file_error(r, strerror(errno));
    if (S_ISREG(st.st_mode)) return st.st_size > SOURCE_MAX_BYTES ? too_large(r) : OK;
    diag_error(r->diag, ERR_FILE, r->at, _("'%s' is not a regular file"), r->path);
    diag_why(r->diag,
             _("folders, pipes and devices have no end or no content that could be shown"));
    diag_fix(r->diag, _("give the name of a file"));
    return ERR_FILE;
}

static enum err read_bytes(struct source *s, const struct reading *r, int fd)
{
    size_t capacity = READ_BYTES, n = 0;
    char *text = ARENA_NEW(r->arena, char, capacity + 1);
    for (;;) {
        if (n == capacity) {
            char *larger = ARENA_NEW(r->arena, char, 2 * capacity + 1);
            memcpy(larger, text, n);
            text = larger;
            capacity *= 2;
        }
        const ssize_t got = read(fd, text + n, capacity - n);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return file_error(r, strerror(errno));
        if (got == 0) break;
        n += (size_t)got;
        if (n > SOURCE_MAX_BYTES) return too_large(r);
    }
    text[n] = '\0';
    s->text = text;
    s->bytes = n;
    return OK;
}

/* Place of byte `at`, counted over the valid text before it. */
static struct place place_of(const struct source *s, size_t at)
{
    struct place p = {.source = s, .line = 1, .column = 1};
    for (size_t i = 0; i < at; i++) {
        if (s->text[i] == '\n') {
            p.line++;
            p.column = 1;
        } else if (((unsigned char)s->text[i] & 0xc0) != 0x80) {
            p.column++;
        }
    }
    p.end_column = p.column + 1;
    return p;
}

/* Do the bytes decode as GB18030 from end to end? Then that is what they most likely are. */
static bool is_gb18030(const struct source *s, struct arena *a)
{
    iconv_t decoder = iconv_open("UTF-8", "GB18030");
    if ((intptr_t)decoder == -1) return false;
    char *in = ARENA_NEW(a, char, s->bytes + 1); /* iconv does not take const */
    memcpy(in, s->text, s->bytes);
    size_t left = s->bytes;
    bool ok = true;
    while (ok && left > 0) {
        char buffer[4096], *out = buffer;
        size_t room = sizeof buffer;
        ok = iconv(decoder, &in, &left, &out, &room) != (size_t)-1 || errno == E2BIG;
    }
    iconv_close(decoder);
    return ok;
}

static bool is_utf16(const struct source *s)
{
    return s->bytes >= 2 && (!memcmp(s->text, "\xff\xfe", 2) || !memcmp(s->text, "\xfe\xff", 2));
}

static enum err encoding_error(const struct source *s, size_t at, struct diag *d)
{
    diag_error(d, ERR_ENCODING, place_of(s, at), _("the file is not UTF-8 text"));
    if (is_utf16(s)) {
        diag_why(d, _("it starts with the mark of UTF-16"));
        diag_fix(d, _("save it as UTF-8, or run: iconv -f UTF-16 -t UTF-8 FILE"));
    } else if (is_gb18030(s, d->arena)) {
        diag_why(d, _("the bytes look like GBK or GB18030"));
        diag_fix(d, _("save it as UTF-8, or run: iconv -f GB18030 -t UTF-8 FILE"));
    } else {
        diag_fix(d, _("save it as UTF-8"));
    }
    return ERR_ENCODING;
}

/* What YAML allows, less the line separators that editors do not count as lines. */
static bool is_text(utf8proc_int32_t c)
{
    if (c < 0x20) return c == '\t' || c == '\n' || c == '\r';
    if (c < 0xa0) return c < 0x7f;
    return c != 0x2028 && c != 0x2029 && c != 0xfeff && c != 0xfffe && c != 0xffff;
}

static enum err check_text(const struct source *s, struct diag *d)
{
    const utf8proc_uint8_t *text = (const utf8proc_uint8_t *)s->text;
    if (is_utf16(s)) return encoding_error(s, 0, d);
    for (size_t i = 0; i < s->bytes;) {
        utf8proc_int32_t c;
        const utf8proc_ssize_t n = utf8proc_iterate(text + i, (utf8proc_ssize_t)(s->bytes - i), &c);
        if (n <= 0) return encoding_error(s, i, d);
        const bool lone_return = c == '\r' && (i + 1 == s->bytes || text[i + 1] != '\n');
        if (lone_return || !is_text(c)) {
            diag_error(d, ERR_YAML, place_of(s, i), _("not valid YAML"));
            diag_why(d, _("the character U+%04X does not belong into a text file"), (unsigned)c);
            diag_fix(d, _("delete it, or write it as an escape in double quotes"));
            return ERR_YAML;
        }
        i += (size_t)n;
    }
    return OK;
}

static enum err read_open(const struct source **out, const struct reading *r, int fd)
{
    struct source *s = ARENA_NEW(r->arena, struct source, 1);
    s->path = arena_strdup(r->arena, r->path);
    TRY(read_bytes(s, r, fd));
    if (s->bytes >= 3 && !memcmp(s->text, "\xef\xbb\xbf", 3)) {
        s->text += 3;
        s->bytes -= 3;
    }
    *out = s;
    return check_text(s, r->diag);
}

static enum err read_and_close(const struct source **out, const struct reading *r, int fd)
{
    enum err e = check_regular(r, fd);
    if (e == OK) e = read_open(out, r, fd);
    close(fd);
    return e;
}

enum err source_read(const struct source **out, const char *path, struct arena *a, struct diag *d)
{
    struct reading r = {.path = path, .arena = a, .diag = d};
    if (!strcmp(path, "-")) {
        r.path = "<stdin>";
        return read_open(out, &r, STDIN_FILENO);
    }
    const int fd = open(path, OPEN_FLAGS);
    if (fd < 0) return file_error(&r, strerror(errno));
    return read_and_close(out, &r, fd);
}

/* Leaves `n` open folders in `fds`; the first is not ours. */
static void close_above(int *fds, size_t n)
{
    for (size_t i = 1; i < n; i++) close(fds[i]);
}

/* One component of the walk; "" and "." stay where they are. Returns false with errno set. */
static bool walk_step(int *fds, size_t *n, const char *name)
{
    if (!*name || !strcmp(name, ".")) return true;
    if (!strcmp(name, "..")) {
        if (*n == 1) {
            errno = EXDEV;
            return false;
        }
        close(fds[--*n]);
        return true;
    }
    if (*n == MAX_WALK) {
        errno = ENAMETOOLONG;
        return false;
    }
    fds[*n] = openat(fds[*n - 1], name, O_PATH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC);
    if (fds[*n] < 0) return false;
    ++*n;
    return true;
}

int source_walk_below(int folder_fd, const char *below)
{
    char name[256];
    int fds[MAX_WALK] = {folder_fd};
    size_t n = 1;
    if (*below == '/') {
        errno = EXDEV;
        return -1;
    }
    for (const char *slash = strchr(below, '/'); slash; slash = strchr(below, '/')) {
        const size_t length = (size_t)(slash - below);
        if (length >= sizeof name)
            errno = ENAMETOOLONG;
        else
            memcpy(name, below, length);
        name[length < sizeof name ? length : 0] = '\0';
        if (length >= sizeof name || !walk_step(fds, &n, name)) {
            const int kept = errno;
            close_above(fds, n);
            errno = kept;
            return -1;
        }
        below = slash + 1;
    }
    errno = EISDIR;
    const bool up = !strcmp(below, "..");
    const int fd = up ? -1 : openat(fds[n - 1], *below ? below : ".", OPEN_FLAGS | O_NOFOLLOW);
    const int kept = errno;
    close_above(fds, n);
    errno = kept;
    return fd;
}

static int open_below(int folder_fd, const char *below)
{
    struct open_how how = {.flags = OPEN_FLAGS, .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    for (int attempt = 0; attempt < 8; attempt++) {
        const long fd = syscall(SYS_openat2, folder_fd, below, &how, sizeof how);
        if (fd >= 0) return (int)fd;
        if (errno == ENOSYS || errno == EPERM) return source_walk_below(folder_fd, below);
        if (errno != EAGAIN && errno != EINTR) break;
    }
    return -1;
}

static enum err below_error(const struct reading *r, const char *below, int reason)
{
    if (reason != EXDEV && reason != ELOOP) {
        diag_error(r->diag, ERR_INCLUDE, r->at, _("cannot read the included file '%s': %s"),
                   r->path, strerror(reason));
        diag_fix(r->diag, _("check the name; it is relative to the file that includes it"));
        return ERR_INCLUDE;
    }
    diag_error(r->diag, ERR_INCLUDE, r->at,
               _("the included file '%s' lies outside the folder of the "
                 "scenario"),
               below);
    diag_why(r->diag, _("a scenario from somebody else could read any file of yours"));
    diag_fix(r->diag, _("copy it into the folder of the scenario"));
    return ERR_INCLUDE;
}

enum err source_read_below(const struct source **out, const char *folder, const char *below,
                           struct place at, struct arena *a, struct diag *d)
{
    const char *path = *below == '/' ? below : arena_printf(a, "%s%s", folder, below);
    const struct reading r = {.path = path, .at = at, .arena = a, .diag = d};
    const int folder_fd = open(*folder ? folder : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder_fd < 0) return below_error(&r, below, errno);
    const int fd = open_below(folder_fd, below);
    const int reason = errno;
    close(folder_fd);
    if (fd < 0) return below_error(&r, below, reason);
    return read_and_close(out, &r, fd);
}

const struct source *source_of_text(const char *name, const char *text, struct arena *a)
{
    struct source *s = ARENA_NEW(a, struct source, 1);
    s->path = arena_strdup(a, name);
    s->text = arena_strdup(a, text);
    s->bytes = strlen(text);
    return s;
}

const char *source_folder(const struct source *s, struct arena *a)
{
    const char *slash = strrchr(s->path, '/');
    return slash ? arena_strndup(a, s->path, (size_t)(slash - s->path) + 1) : "";
}
