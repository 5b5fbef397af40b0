/* Price books with one mistake each, made from the incidents of cost tools: every one is caught by its own name and place
 * (tests/wrong_books/NAME/ with prices.csv, storage.csv or gpu_speed.csv, and `expected`), and none of tests/right_books, which are odd but right, nor the built-in book
 * is accused. GPUMIX_ACCEPT=1 writes what is expected anew. */
#include "pricing/price_book.h"
#include <dirent.h>
#include <gsl/gsl_test.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEXT_BYTES = 65536 };

static void findings_print(const struct diag *d, char *text)
{
    size_t used = 0;
    text[0] = '\0';
    for (const struct finding *f = d->first; f && used < TEXT_BYTES; f = f->next)
        used +=
            (size_t)snprintf(text + used, TEXT_BYTES - used, "%s %s %zu:%zu %s%s%s%s -> %s\n",
                             f->severity == SEVERITY_ERROR ? "error" : "warning", err_code(f->code),
                             f->place.line, f->place.column, f->what, f->why ? " (" : "",
                             f->why ? f->why : "", f->why ? ")" : "", f->fix ? f->fix : "");
}

static const char *table_in(const char *folder, const char *table, struct arena *a)
{
    const char *path = arena_printf(a, "%s/%s", folder, table);
    return access(path, F_OK) == 0 ? path : NULL;
}

/* What is said about a book with the tables of one folder; NULL: about the built-in one alone. */
static char *book_findings(const char *path, struct arena *a)
{
    const char *prices[] = {path ? table_in(path, "prices.csv", a) : NULL, NULL};
    const char *storage[] = {path ? table_in(path, "storage.csv", a) : NULL, NULL};
    const char *speeds[] = {path ? table_in(path, "gpu_speed.csv", a) : NULL, NULL};
    gsl_test(path && !prices[0] && !storage[0] && !speeds[0], "%s: a table", path ? path : "");
    const struct book_sources sources = {.builtin = true,
                                         .prices = prices[0] ? prices : NULL,
                                         .storage = storage[0] ? storage : NULL,
                                         .gpu_speed = speeds[0] ? speeds : NULL};
    struct diag d = {.arena = a};
    struct price_book *book;
    moment_t today = 0;
    /* built-in prices are old, which is no matter here */
    const double max_age_days = path ? 400 : 1e6;
    if (!moment_parse(&today, "2026-11-22")) abort();
    const enum err code = price_book_load(&book, &sources, today, max_age_days, a, &d);
    char *text = ARENA_NEW(a, char, TEXT_BYTES);
    findings_print(&d, text);
    gsl_test((code != OK) != (d.n_errors > 0), "%s: status and findings agree", path ? path : "");
    return text;
}

/* Findings of the file itself: the built-in prices' own age has no line. */
static const char *own_findings(char *text)
{
    char *built_in = strstr(text, "warning E2156 0:0");
    if (!built_in) return text;
    char *end = strchr(built_in, '\n');
    memmove(built_in, end + 1, strlen(end + 1) + 1);
    return text;
}

static void wrong_test(const char *name)
{
    struct arena *a = arena_new();
    char expected[TEXT_BYTES] = "";
    const char *path = arena_printf(a, "tests/wrong_books/%s/expected", name);
    const char *is = own_findings(book_findings(arena_printf(a, "tests/wrong_books/%s", name), a));
    if (getenv("GPUMIX_ACCEPT")) {
        FILE *out = fopen(path, "w");
        fputs(is, out);
        fclose(out);
    }
    FILE *in = fopen(path, "r");
    if (in) expected[fread(expected, 1, sizeof expected - 1, in)] = '\0';
    if (in) fclose(in);
    gsl_test(!in || !*expected || strcmp(is, expected) != 0, "%s is: %s wanted: %s", name, is,
             expected);
    arena_free(a);
}

static void right_test(const char *name)
{
    struct arena *a = arena_new();
    const char *is = own_findings(book_findings(arena_printf(a, "tests/right_books/%s", name), a));
    gsl_test(*is != '\0', "%s is right, but: %s", name, is);
    arena_free(a);
}

static size_t each_book(const char *folder, void (*test)(const char *name))
{
    struct dirent **names;
    const int n = scandir(folder, &names, NULL, alphasort);
    size_t tested = 0;
    for (int i = 0; i < n; i++) {
        if (names[i]->d_name[0] != '.') {
            test(names[i]->d_name);
            tested++;
        }
        free(names[i]);
    }
    if (n >= 0) free(names);
    return tested;
}

int main(void)
{
    gsl_test(each_book("tests/wrong_books", wrong_test) < 80, "80 wrong books and more");
    gsl_test(each_book("tests/right_books", right_test) < 20, "20 right books and more");
    struct arena *a = arena_new();
    const char *built_in = book_findings(NULL, a);
    gsl_test(*built_in != '\0', "the built-in book: %s", built_in);
    arena_free(a);
    return gsl_test_summary();
}
