#include "cli/language.h"
#include "common/text.h"
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct language_source language_source(const char *wanted)
{
    static const char *const variables[] = {"GPUMIX_LANG", "LC_ALL", "LC_MESSAGES", "LANG"};
    if (wanted) return (struct language_source){"--lang", wanted};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *value = getenv(variables[i]);
        if (value && *value) return (struct language_source){variables[i], value};
    }
    return (struct language_source){NULL, "en"};
}

/* Translations lie beside the program where it was built, else where it was installed. */
static void translations_find(void)
{
    char path[4096], folder[4200];
    const ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length <= 0) return;
    path[length] = '\0';
    char *slash = strrchr(path, '/');
    if (!slash) return;
    *slash = '\0';
    /* Not "locale" itself: /usr/bin/locale is a program. */
    (void)snprintf(folder, sizeof folder, "%s/locale/zh_CN", path);
    const bool beside = access(folder, R_OK) == 0;
    (void)snprintf(folder, sizeof folder, beside ? "%s/locale" : "%s/../share/locale", path);
    (void)bindtextdomain("gpumix", folder);
    (void)bind_textdomain_codeset("gpumix", "UTF-8");
}

const char *language_file(struct arena *a)
{
    return arena_printf(a, "%s/zh_CN/LC_MESSAGES/gpumix.mo", bindtextdomain("gpumix", NULL));
}

bool language_choose(const char *wanted)
{
    const bool chinese = strncmp(language_source(wanted).value, "zh", 2) == 0;
    /* A slim system has no zh_CN.UTF-8; C.UTF-8 with LANGUAGE set shows Chinese all the same, plain C does not. */
    if (!setlocale(LC_CTYPE, "") || strcmp(setlocale(LC_CTYPE, NULL), "C") == 0)
        (void)setlocale(LC_CTYPE, "C.UTF-8");
    (void)setlocale(LC_MESSAGES, "C.UTF-8");
    translations_find();
    text_language(chinese);
    return chinese;
}
