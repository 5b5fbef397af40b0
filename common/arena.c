#include "common/arena.h"
#include "common/error.h"
#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK_BYTES = 1 << 16, OWN_BLOCK_BYTES = BLOCK_BYTES / 4, FIRST_CAPACITY = 8 };

struct block {
    struct block *next, *before; /* before: of a block for one object only */
    size_t used, size;
    alignas(max_align_t) unsigned char data[];
};

struct deferred {
    struct deferred *next;
    void (*release)(void *);
    void *object;
};

struct arena {
    struct block *blocks; /* the first one is being filled */
    struct deferred *deferred;
};

/* Nothing here may allocate, so the text is put together by the compiler and stays English. */
_Noreturn static void end_without_memory(void)
{
    static const char *const texts[] = {
#define X(name, code, title, why) [name] = "gpumix: error[" code "]: " title "\n  why: " why "\n",
        ERR_LIST(X)
#undef X
    };
    const char *text = texts[ERR_MEMORY];
    size_t left = strlen(text);
    while (left > 0) {
        const ssize_t written = write(STDERR_FILENO, text, left);
        if (written <= 0) break;
        text += written;
        left -= (size_t)written;
    }
    _exit(err_exit_status(ERR_MEMORY));
}

static void *given_or_end(void *memory)
{
    if (!memory) end_without_memory();
    return memory;
}

static void *memory_or_end(size_t bytes)
{
    return given_or_end(calloc(1, bytes));
}

struct arena *arena_new(void)
{
    return memory_or_end(sizeof(struct arena));
}

static struct block *block_new(size_t bytes)
{
    struct block *b = memory_or_end(sizeof *b + bytes);
    b->size = bytes;
    return b;
}

/* A large object gets its own block behind the one being filled, whose rest stays in use. */
static void *alloc_large(struct arena *a, size_t bytes)
{
    struct block *b = block_new(bytes);
    b->used = bytes;
    struct block **where = a->blocks ? &a->blocks->next : &a->blocks;
    b->before = a->blocks;
    b->next = *where;
    if (b->next) b->next->before = b;
    *where = b;
    return b->data;
}

void *arena_alloc(struct arena *a, size_t count, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size > 0 && count > (PTRDIFF_MAX - 2 * (size_t)BLOCK_BYTES) / size) end_without_memory();
    const size_t bytes = (count * size + align - 1) / align * align;
    if (bytes >= OWN_BLOCK_BYTES) return alloc_large(a, bytes);
    struct block *b = a->blocks;
    if (!b || b->size - b->used < bytes) {
        b = block_new(BLOCK_BYTES);
        b->next = a->blocks;
        if (b->next) b->next->before = b;
        a->blocks = b;
    }
    void *memory = b->data + b->used;
    b->used += bytes;
    return memory;
}

char *arena_strndup(struct arena *a, const char *s, size_t bytes)
{
    const size_t length = strnlen(s, bytes);
    char *copy = arena_alloc(a, length + 1, 1);
    memcpy(copy, s, length);
    return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return arena_strndup(a, s, strlen(s));
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list arguments;
    va_start(arguments, fmt);
    const int length = vsnprintf(NULL, 0, fmt, arguments);
    va_end(arguments);
    if (length < 0) end_without_memory();
    char *text = arena_alloc(a, (size_t)length + 1, 1);
    va_start(arguments, fmt);
    vsnprintf(text, (size_t)length + 1, fmt, arguments);
    va_end(arguments);
    return text;
}

void arena_defer(struct arena *a, void (*release)(void *), void *object)
{
    struct deferred *d = ARENA_NEW(a, struct deferred, 1);
    *d = (struct deferred){a->deferred, release, object};
    a->deferred = d;
}

void *arena_grow(struct arena *a, void *array, size_t n, size_t size)
{
    const bool full = n == 0 || (n >= FIRST_CAPACITY && (n & (n - 1)) == 0);
    if (!full) return array;
    void *larger = arena_alloc(a, n == 0 ? FIRST_CAPACITY : 2 * n, size);
    if (n > 0) memcpy(larger, array, n * size);
    return larger;
}

/* Makes the one object of a block larger, where the system can without copying it. */
static void *resize_large(struct arena *a, void *object, size_t bytes)
{
    struct block *old = (struct block *)((unsigned char *)object - offsetof(struct block, data));
    struct block *b = given_or_end(realloc(old, sizeof *b + bytes));
    b->used = b->size = bytes;
    if (b->next) b->next->before = b;
    if (b->before)
        b->before->next = b;
    else
        a->blocks = b;
    return b->data;
}

void *arena_grow_alone(struct arena *a, void *array, size_t n, size_t size)
{
    const bool full = n == 0 || (n >= FIRST_CAPACITY && (n & (n - 1)) == 0);
    if (!full || n == 0 || n * size < OWN_BLOCK_BYTES) return arena_grow(a, array, n, size);
    if (n > (PTRDIFF_MAX - sizeof(struct block)) / 2 / size) end_without_memory();
    return resize_large(a, array, 2 * n * size);
}

void arena_free(struct arena *a)
{
    if (!a) return;
    for (const struct deferred *d = a->deferred; d; d = d->next) d->release(d->object);
    for (struct block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(a);
}
