/* Region allocator: everything made during one run is released together. */
#ifndef COMMON_ARENA_H
#define COMMON_ARENA_H

#include <stddef.h>

struct arena; /* opaque: blocks plus a LIFO list of deferred clean-ups */

struct arena *arena_new(void);
void arena_free(struct arena *a);

/* Zeroed memory for `count` objects of `size` bytes, aligned for any type. Never returns NULL:
 * when memory is out it prints E9001 from a static buffer and ends the process with status 9
 * (outputs are written atomically, so nothing is torn). */
void *arena_alloc(struct arena *a, size_t count, size_t size);
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t bytes);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* `release(object)` runs when the arena is freed, last registered first. */
void arena_defer(struct arena *a, void (*release)(void *), void *object);

#define ARENA_NEW(a, type, count) ((type *)arena_alloc((a), (count), sizeof(type)))

/* Room for one more element behind `n` elements of a growing array: capacity is the next power
 * of two, so an array grown one by one costs O(n). Returns the array (moved or not). Start with
 * NULL and n = 0. */
void *arena_grow(struct arena *a, void *array, size_t n, size_t size);
/* The same for a large array into which nobody else points: the memory it moves out of is given back. The new room holds
 * anything, so every element must be assigned whole. The array must have grown by this function alone. */
void *arena_grow_alone(struct arena *a, void *array, size_t n, size_t size);
#define ARENA_PUSH_ALONE(a, array, n)                                                              \
    ((array) = arena_grow_alone((a), (array), (n), sizeof *(array)), &(array)[(n)++])
#define ARENA_PUSH(a, array, n)                                                                    \
    ((array) = arena_grow((a), (array), (n), sizeof *(array)), &(array)[(n)++])

#endif
