#include "report/quote.h"
#include "report/wording.h"
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

/* Characters that end lines, turn the direction of reading or are no text at all. */
static bool is_odd(utf8proc_int32_t c)
{
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
           (c >= 0xfff0 && c <= 0xffff && c != 0xfffd);
}

/* `templates`: characters that begin a template when a brace follows. */
static const char *quoted(struct arena *a, const char *text, const char *templates)
{
    const size_t n = strlen(text);
    char *out = ARENA_NEW(a, char, 6 * n + 3), *to = out;
    *to++ = '"';
    for (size_t i = 0; i < n;) {
        utf8proc_int32_t c;
        const utf8proc_ssize_t bytes =
            utf8proc_iterate((const utf8proc_uint8_t *)text + i, (utf8proc_ssize_t)(n - i), &c);
        const size_t step = bytes > 0 ? (size_t)bytes : 1;
        const bool begins = bytes == 1 && text[i + 1] == '{' && strchr(templates, text[i]);
        if (bytes <= 0 || is_odd(c) || begins) {
            to += sprintf(to, "\\u%04x", bytes > 0 ? (unsigned)c : 0xfffdu);
        } else {
            if (c == '"' || c == '\\') *to++ = '\\';
            memcpy(to, text + i, step);
            to += step;
        }
        i += step;
    }
    *to++ = '"';
    return out;
}

const char *quote_json(struct arena *a, const char *text)
{
    return quoted(a, text, "");
}

const char *quote_hcl(struct arena *a, const char *text)
{
    return quoted(a, text, "$%");
}

const char *quote_shell(struct arena *a, const char *text)
{
    const char *safe = safe_text(a, text);
    char *out = ARENA_NEW(a, char, 4 * strlen(safe) + 3), *to = out;
    *to++ = '\'';
    for (; *safe; safe++) {
        if (*safe == '\'') {
            to = stpcpy(to, "'\\''");
        } else {
            *to++ = *safe;
        }
    }
    *to++ = '\'';
    return out;
}

const char *quote_shell_word(struct arena *a, const char *text)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./=:,%+-@";
    return *text && !text[strspn(text, plain)] ? text : quote_shell(a, text);
}

const char *quote_comment(struct arena *a, const char *text)
{
    return safe_text(a, text);
}
