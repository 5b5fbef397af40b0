#include "common/output.h"
#include "common/text.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_TEMPORARY = 1000 }; /* names tried before giving up: left over from killed runs */

/* What is left to undo when neither commit nor discard was called. The first byte of the name is
 * cleared when there is nothing any more. */
struct pending {
    FILE *stream;
    char *temporary;
};

static void pending_release(void *object)
{
    const struct pending *p = object;
    if (p->temporary[0] == '\0') return;
    fclose(p->stream);
    unlink(p->temporary);
}

static enum err output_error(const char *path, int error, struct diag *d)
{
    const char *reason = strerror(error);
    if (path)
        diag_error(d, ERR_OUTPUT, (struct place){0}, _("\"%s\" cannot be written: %s"), path,
                   reason);
    else
        diag_error(d, ERR_OUTPUT, (struct place){0}, _("standard output cannot be written: %s"),
                   reason);
    diag_fix(d, _("check the folder, the rights and the free space, then run again"));
    return ERR_OUTPUT;
}

/* The folder of `path` with its slash, or "./". */
static char *folder_of(const char *path, struct arena *a)
{
    const char *slash = strrchr(path, '/');
    return slash ? arena_strndup(a, path, (size_t)(slash - path) + 1) : arena_strdup(a, "./");
}

/* A new file beside `path`, with the rights of the file it will replace or else those of any new
 * file. -1: errno says why. */
static int open_temporary(char **temporary, const char *path, const struct stat *old,
                          struct arena *a)
{
    const char *folder = folder_of(path, a);
    int fd = -1;
    for (int i = 0; i < MAX_TEMPORARY && fd < 0; i++) {
        *temporary = arena_printf(a, "%s.gpumix-%ld-%d.tmp", folder, (long)getpid(), i);
        fd = open(*temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd < 0 && errno != EEXIST) return -1;
    }
    if (fd < 0 || !old || fchmod(fd, old->st_mode & 07777) == 0) return fd;
    const int error = errno;
    close(fd);
    unlink(*temporary);
    errno = error;
    return -1;
}

/* A symbolic link is followed, so that the file behind it is replaced and not the link. */
static char *resolve(const char *path, struct arena *a)
{
    struct stat status;
    const bool link = lstat(path, &status) == 0 && S_ISLNK(status.st_mode);
    char *real = link ? realpath(path, NULL) : NULL;
    if (!real) return arena_strdup(a, path);
    arena_defer(a, free, real);
    return real;
}

enum err output_open(struct output *o, const char *path, struct arena *a, struct diag *d)
{
    *o = (struct output){.stream = stdout};
    if (!path || strcmp(path, "-") == 0) return OK;
    o->path = resolve(path, a);
    struct stat old;
    const bool exists = stat(o->path, &old) == 0;
    int fd;
    if (exists && S_ISDIR(old.st_mode)) {
        fd = -1;
        errno = EISDIR;
    } else if (exists &&
               !S_ISREG(old.st_mode)) { /* a device or pipe is written to, never replaced */
        fd = open(o->path, O_WRONLY | O_CLOEXEC);
    } else {
        fd = open_temporary(&o->temporary, o->path, exists ? &old : NULL, a);
    }
    o->stream = fd < 0 ? NULL : fdopen(fd, "w");
    if (!o->stream) {
        const int error = errno;
        if (fd >= 0) close(fd);
        if (fd >= 0 && o->temporary) unlink(o->temporary);
        o->temporary = NULL;
        return output_error(path, error, d);
    }
    if (!o->temporary) return OK;
    struct pending *p = ARENA_NEW(a, struct pending, 1);
    *p = (struct pending){o->stream, o->temporary};
    arena_defer(a, pending_release, p);
    return OK;
}

/* Everything to disk. fclose may answer success after a failed fflush, so each step is looked
 * at. */
static int flush_error(const struct output *o)
{
    if (fflush(o->stream) != 0) return errno;
    if (ferror(o->stream)) return EIO; /* an earlier write failed; why is not known any more */
    if (o->temporary && fsync(fileno(o->stream)) != 0) return errno;
    return 0;
}

static int sync_folder(const char *path)
{
    char folder[4096];
    const char *slash = strrchr(path, '/');
    const size_t bytes = slash ? (size_t)(slash - path) + 1 : 0;
    if (bytes >= sizeof folder) return ENAMETOOLONG;
    memcpy(folder, path, bytes);
    memcpy(folder + bytes, ".", 2);
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return errno;
    const int error =
        fsync(fd) == 0 || errno == EINVAL ? 0 : errno; /* EINVAL: nothing to sync here */
    close(fd);
    return error;
}

enum err output_commit(struct output *o, struct diag *d)
{
    int error = flush_error(o);
    if (o->stream == stdout) {
        clearerr(stdout);
        return error == 0 ? OK : output_error(NULL, error, d);
    }
    if (fclose(o->stream) != 0 && error == 0) error = errno;
    o->stream = NULL;
    if (!o->temporary) return error == 0 ? OK : output_error(o->path, error, d);
    if (error == 0 && rename(o->temporary, o->path) != 0) error = errno;
    if (error != 0) unlink(o->temporary);
    o->temporary[0] = '\0';
    if (error == 0) error = sync_folder(o->path);
    return error == 0 ? OK : output_error(o->path, error, d);
}

void output_discard(struct output *o)
{
    if (!o->stream || o->stream == stdout) return;
    fclose(o->stream);
    o->stream = NULL;
    if (!o->temporary || o->temporary[0] == '\0') return;
    unlink(o->temporary);
    o->temporary[0] = '\0';
}

const char *temporary_folder(void)
{
    const char *set = getenv("TMPDIR");
    return set && *set ? set : "/tmp";
}
