#include "pricing/book_lock.h"
#include <gsl/gsl_test.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
    struct arena *a = arena_new(), *other = arena_new();
    struct diag d = {.arena = a};
    char folder[] = "/tmp/test_book_lock_XXXXXX";
    bool held;
    gsl_test_int(book_lock(&held, "/no/such/book", 0, a, &d), OK, "a book that is not there");
    gsl_test(held, "is not held");
    gsl_test(!mkdtemp(folder), "a folder");
    gsl_test_int(book_lock(&held, folder, 0, other, &d), OK, "a book that is free");
    gsl_test(!held, "is held");
    gsl_test_int(book_lock(&held, folder, 0, a, &d), ERR_OUTPUT, "a book that another holds");
    gsl_test(!d.first || !strstr(d.first->what, folder), "is named");
    gsl_test_str(d.first->what,
                 arena_printf(a,
                              "another import has been writing to \"%s\" for more than 0 seconds",
                              folder),
                 "what");
    gsl_test_str(d.first->fix, "wait until it has ended, then run again", "fix");
    arena_free(other);
    gsl_test_int(book_lock(&held, folder, 0, a, &d), OK, "free again when the other has ended");
    arena_free(a);
    rmdir(folder);
    return gsl_test_summary();
}
