#include "cli/new_file.h"
#include "common/text.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum err exists(const char *path, struct diag *d)
{
    const enum err code = diag_error(d, ERR_EXISTS, (struct place){0},
                                     _("\"%s\" exists already and is not overwritten"), path);
    diag_fix(d, "%s", _("name another folder or file, or move this one away"));
    return code;
}

static enum err not_written(const char *path, int reason, struct diag *d)
{
    const enum err code = diag_error(d, ERR_CREATE, (struct place){0},
                                     _("\"%s\" cannot be written: %s"), path, strerror(reason));
    diag_fix(d, "%s", _("name a folder in which files may be written"));
    return code;
}

enum err new_file_check(const char *path, struct diag *d)
{
    struct stat info;
    return lstat(path, &info) == 0 ? exists(path, d) : OK;
}

/* Every folder above the file. */
static enum err folders_make(const char *path, struct arena *a, struct diag *d)
{
    char *part = arena_strdup(a, path);
    for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST) return not_written(part, errno, d);
        *slash = '/';
    }
    return OK;
}

static bool all_written(int file, const char *text, size_t bytes)
{
    while (bytes > 0) {
        const ssize_t n = write(file, text, bytes);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        text += n;
        bytes -= (size_t)n;
    }
    return fsync(file) == 0 || errno == EINVAL;
}

enum err new_file_write(const char *path, const char *text, size_t bytes, struct arena *a,
                        struct diag *d)
{
    TRY(folders_make(path, a, d));
    const int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0 && errno == EEXIST) return exists(path, d);
    if (file < 0) return not_written(path, errno, d);
    const bool written = all_written(file, text, bytes);
    const int reason = errno;
    if (close(file) == 0 && written) return OK;
    (void)unlink(path);
    return not_written(path, written ? errno : reason, d);
}

const char *yaml_quoted(const char *text, struct arena *a)
{
    const char *out = "\"";
    for (; *text; text++)
        out = arena_printf(a, *text == '"' || *text == '\\' ? "%s\\%c" : "%s%c", out, *text);
    return arena_printf(a, "%s\"", out);
}
