#include "report/html.h"
#include "common/arena.h"
#include "common/sha256.h"
#include "report/wording.h"
#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

void html_text(FILE *out, const char *text, struct arena *a)
{
    for (const char *s = safe_text(a, text ? text : ""); *s; s++) {
        switch (*s) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        case '\'':
            fputs("&#39;", out);
            break;
        default:
            fputc(*s, out);
        }
    }
}

void html_prose(FILE *out, const char *text, struct arena *a)
{
    for (const char *s = text ? text : ""; *s;) {
        const char *open = strchr(s, '`');
        const char *close = open ? strchr(open + 1, '`') : NULL;
        if (!close) {
            html_text(out, s, a);
            return;
        }
        html_text(out, arena_printf(a, "%.*s", (int)(open - s), s), a);
        fputs("<code>", out);
        html_text(out, arena_printf(a, "%.*s", (int)(close - open - 1), open + 1), a);
        fputs("</code>", out);
        s = close + 1;
    }
}

void html_json(FILE *out, const char *json)
{
    for (const char *s = json; *s; s++) {
        if (*s == '<' || *s == '>' || *s == '&') {
            fprintf(out, "\\u%04x", (unsigned)*s);
        } else if (strncmp(s, "\xe2\x80\xa8", 3) == 0 || strncmp(s, "\xe2\x80\xa9", 3) == 0) {
            fprintf(out, "\\u20%02x", s[2] == '\xa8' ? 0x28U : 0x29U);
            s += 2;
        } else {
            fputc(*s, out);
        }
    }
}

void html_print(FILE *out, struct arena *a, const char *markup, ...)
{
    va_list values;
    va_start(values, markup);
    for (const char *s = markup; *s; s++) {
        if (*s != '%') {
            fputc(*s, out);
            continue;
        }
        s++;
        assert(*s == 's' || *s == 'd' || *s == '%');
        if (*s == 's') html_text(out, va_arg(values, const char *), a);
        if (*s == 'd') fprintf(out, "%d", va_arg(values, int));
        if (*s == '%') fputc('%', out);
    }
    va_end(values);
}

static unsigned digit_of(char hex)
{
    return (unsigned)(hex <= '9' ? hex - '0' : hex - 'a' + 10);
}

const char *html_hash(struct arena *a, const char *text, size_t bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    enum { N_BYTES = (SHA256_HEX_BYTES - 1) / 2 };
    char hex[SHA256_HEX_BYTES];
    uint8_t sum[N_BYTES + 1] = {0}; /* 33: whole groups of three */
    sha256_text(hex, text, bytes);
    for (size_t i = 0; i < N_BYTES; i++)
        sum[i] = (uint8_t)(digit_of(hex[2 * i]) << 4 | digit_of(hex[2 * i + 1]));
    char base64[(N_BYTES + 1) / 3 * 4 + 1];
    char *end = base64;
    for (size_t i = 0; i <= N_BYTES - 2; i += 3) {
        const unsigned group = (unsigned)sum[i] << 16 | (unsigned)sum[i + 1] << 8 | sum[i + 2];
        for (int shift = 18; shift >= 0; shift -= 6) *end++ = digits[group >> shift & 63];
    }
    end[-1] = '='; /* 32 bytes fill the last group but for one */
    *end = '\0';
    return arena_printf(a, "sha256-%s", base64);
}
