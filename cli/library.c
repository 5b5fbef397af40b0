#include "cli/library.h"
#include "common/output.h"
#include "common/text.h"
#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const struct library_file *library_find(const char *name)
{
    const struct library_file *file = library_files;
    while (file->name && strcmp(file->name, name) != 0) file++;
    return file->name ? file : NULL;
}

static int entry_remove(const char *path, const struct stat *info, int type, struct FTW *walk)
{
    (void)info;
    (void)type;
    (void)walk;
    return remove(path);
}

enum { OPEN_FOLDERS = 8 };

static void folder_remove(void *folder)
{
    (void)nftw(folder, entry_remove, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}

static enum err unpack_failed(const char *path, struct diag *d)
{
    const enum err code = diag_error(d, ERR_OUTPUT, (struct place){0},
                                     _("\"%s\" cannot be written: %s"), path, strerror(errno));
    diag_fix(d, "%s", _("set TMPDIR to a folder in which files may be written"));
    return code;
}

static enum err file_unpack(const char *folder, const struct library_file *file, struct arena *a,
                            struct diag *d)
{
    char *path = arena_printf(a, "%s/%s", folder, file->name);
    char *slash = strrchr(path, '/');
    *slash = '\0';
    if (mkdir(path, 0700) != 0 && errno != EEXIST) return unpack_failed(path, d);
    *slash = '/';
    FILE *out = fopen(path, "we");
    if (!out) return unpack_failed(path, d);
    const bool written = fwrite(file->text, 1, file->bytes, out) == file->bytes;
    if (fclose(out) != 0 || !written) return unpack_failed(path, d);
    return OK;
}

enum err library_unpack(const char **folder, struct arena *a, struct diag *d)
{
    char *path = arena_printf(a, "%s/gpumix-XXXXXX", temporary_folder());
    if (!mkdtemp(path)) return unpack_failed(path, d);
    arena_defer(a, folder_remove, path);
    for (const struct library_file *file = library_files; file->name; file++)
        TRY(file_unpack(path, file, a, d));
    *folder = path;
    return OK;
}
