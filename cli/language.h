/* The language of messages: interface.md 3.6. */
#ifndef CLI_LANGUAGE_H
#define CLI_LANGUAGE_H

#include "common/arena.h"
#include <stdbool.h>

/* Takes the environment's locale for characters and messages, C.UTF-8 where it is missing, and chooses the
 * language from `wanted` (--lang, may be NULL), GPUMIX_LANG, LC_ALL, LC_MESSAGES, LANG. Numbers keep their dot:
 * LC_NUMERIC is never set. Returns whether the language is Chinese. */
bool language_choose(const char *wanted);

/* Which of them decided: "--lang", or the variable; name NULL: none of them, so English. */
struct language_source {
    const char *name, *value;
};
struct language_source language_source(const char *wanted);

/* The file with the Chinese messages, whether it is there or not. */
const char *language_file(struct arena *a);

#endif
