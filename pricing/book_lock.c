#include "pricing/book_lock.h"
#include "common/text.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

enum { TRIES_PER_S = 10 };

static void folder_release(void *fd)
{
    close(*(int *)fd);
}

static enum err still_held(const char *folder, int wait_s, struct diag *d)
{
    const enum err code = diag_error(
        d, ERR_OUTPUT, (struct place){0},
        _("another import has been writing to \"%s\" for more than %d seconds"), folder, wait_s);
    diag_fix(d, _("wait until it has ended, then run again"));
    return code;
}

enum err book_lock(bool *held, const char *folder, int wait_s, struct arena *a, struct diag *d)
{
    const struct timespec pause = {.tv_nsec = 1000000000L / TRIES_PER_S};
    *held = false;
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return OK; /* not there, or reading will say why not */
    int *kept = ARENA_NEW(a, int, 1);
    *kept = fd;
    arena_defer(a, folder_release, kept);
    *held = true;
    for (int i = 0; flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK; i++) {
        if (i == wait_s * TRIES_PER_S) return still_held(folder, wait_s, d);
        if (nanosleep(&pause, NULL) != 0) return ERR_OUTPUT;
    }
    return OK;
}
