#include "common/arena.h"
#include <gsl/gsl_test.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_memory(void)
{
    struct arena *a = arena_new();
    bool zeroed = true, aligned = true;
    for (size_t i = 0; i < 3000; i++) {
        const size_t bytes = (i * 977) % 40000; /* small, large and empty objects in turn */
        unsigned char *p = arena_alloc(a, bytes, 1);
        aligned &= (uintptr_t)p % _Alignof(max_align_t) == 0;
        for (size_t k = 0; k < bytes; k += 97) zeroed &= p[k] == 0;
        memset(p, 0xa5, bytes);
    }
    gsl_test(!zeroed, "memory is zeroed");
    gsl_test(!aligned, "memory is aligned for any type");
    gsl_test(!arena_alloc(a, 0, 24), "an empty object has an address");
    arena_free(a);
    arena_free(NULL);
}

static void test_text(void)
{
    struct arena *a = arena_new();
    gsl_test_str(arena_strdup(a, "gn7e"), "gn7e", "strdup");
    gsl_test_str(arena_strndup(a, "ecs.gn7e", 3), "ecs", "strndup cuts");
    gsl_test_str(arena_strndup(a, "ecs", 30), "ecs", "strndup stops at the end");
    gsl_test_str(arena_printf(a, "%s#%03d", "shot", 17), "shot#017", "printf");
    const char *text = arena_printf(a, "%70000d", 7);
    gsl_test_int((int)strlen(text), 70000, "a text longer than a block");
    arena_free(a);
}

struct log {
    char text[8];
    size_t n;
};
struct entry {
    struct log *log;
    char letter;
};

static void write_letter(void *object)
{
    const struct entry *e = object;
    e->log->text[e->log->n++] = e->letter;
}

static void test_defer(void)
{
    struct log log = {0};
    struct entry entries[] = {{&log, 'a'}, {&log, 'b'}, {&log, 'c'}};
    struct arena *a = arena_new();
    for (size_t i = 0; i < 3; i++) arena_defer(a, write_letter, &entries[i]);
    gsl_test_str(log.text, "", "nothing is released before its time");
    arena_free(a);
    gsl_test_str(log.text, "cba", "last registered, first released");
}

static void test_grow(void)
{
    struct arena *a = arena_new();
    size_t *numbers = NULL, n = 0, moves = 0;
    bool kept = true;
    while (n < 10000) {
        const size_t *before = numbers;
        const size_t number = n * 7;
        *ARENA_PUSH(a, numbers, n) = number;
        moves += numbers != before;
    }
    for (size_t i = 0; i < n; i++) kept &= numbers[i] == i * 7;
    gsl_test(!kept, "a growing array keeps its elements");
    gsl_test_int((int)moves, 12, "8, 16, ... 16384: the array moves 12 times");
    arena_free(a);
}

/* Two arrays and small objects between them: moving one leaves the others alone. */
static void test_grow_alone(void)
{
    struct arena *a = arena_new();
    size_t *one = NULL, *two = NULL, n_one = 0, n_two = 0;
    const char *last = "";
    bool kept = true;
    while (n_one < 50000) {
        const size_t number = n_one * 7;
        *ARENA_PUSH_ALONE(a, one, n_one) = number;
        *ARENA_PUSH_ALONE(a, two, n_two) = number + 1;
        if (number % 5 == 0) last = arena_printf(a, "%zu", number);
    }
    for (size_t i = 0; i < n_one; i++) kept &= one[i] == i * 7 && two[i] == i * 7 + 1;
    gsl_test(!kept, "arrays that move alone keep their elements");
    gsl_test_str(last, "349965", "objects between them stay");
    arena_free(a);
}

/* The process that runs out of memory ends with the message and status 9. */
static void test_out_of_memory(size_t count, size_t size, const char *name)
{
    int ends[2];
    if (pipe(ends) != 0) {
        gsl_test(1, "%s: no pipe", name);
        return;
    }
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        arena_alloc(arena_new(), count, size);
        _exit(0);
    }
    close(ends[1]);
    char text[256] = "";
    size_t n = 0;
    for (ssize_t got; (got = read(ends[0], text + n, sizeof text - 1 - n)) > 0;) n += (size_t)got;
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    gsl_test_int(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 9, "%s: exit status", name);
    gsl_test_str(text,
                 "gpumix: error[E9001]: out of memory\n"
                 "  why: nothing was written; previous outputs are intact\n",
                 "%s: message", name);
}

int main(void)
{
    test_memory();
    test_text();
    test_defer();
    test_grow();
    test_grow_alone();
    test_out_of_memory(SIZE_MAX / 16, 24, "a size that does not fit in a size_t");
    test_out_of_memory(PTRDIFF_MAX, 1, "a size no machine has");
    return gsl_test_summary();
}
