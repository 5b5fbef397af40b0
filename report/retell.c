#include "report/retell.h"
#include "common/text.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ENGLISH, CHINESE, N_LANGUAGES };
enum {
    MOST_ARGUMENTS = 12,
    MOST_TEXT_BYTES = 8192, /* longer ones are none of ours */
    MOST_FILE_BYTES = 1 << 24,
    MOST_TRIES = 20000, /* of one message with one text */
    MOST_DEPTH = 3,
    FEWEST_WORDS_BYTES = 9 /* of a message inside another that has no place for anything */
};

/* Literal text, or the place of an argument. */
struct piece {
    int argument; /* -1: literal */
    bool number, quoted;
    const char *text;
    size_t bytes;
};

struct phrase {
    size_t n;
    struct piece *pieces;
    size_t literal_bytes;
    int n_arguments;
};

struct message {
    struct phrase in[N_LANGUAGES];
};

struct retell {
    size_t n;
    struct message *messages;
};

struct span {
    const char *text;
    size_t bytes;
};

/* --- messages --- */

static void literal_add(struct phrase *p, const char *text, size_t bytes, struct arena *a)
{
    if (bytes == 0) return;
    p->literal_bytes += bytes;
    struct piece *last = p->n > 0 ? &p->pieces[p->n - 1] : NULL;
    if (last && last->argument < 0) { /* a percent sign divides what is one text */
        last->text = arena_printf(a, "%.*s%.*s", (int)last->bytes, last->text, (int)bytes, text);
        last->bytes += bytes;
        return;
    }
    *ARENA_PUSH(a, p->pieces, p->n) = (struct piece){.argument = -1, .text = text, .bytes = bytes};
}

/* One conversion after its '%': where it ends; NULL: one that cannot be read back. */
static const char *conversion_read(struct piece *piece, const char *s, int *next)
{
    char *end;
    const long position = strtol(s, &end, 10);
    piece->argument = *next;
    if (end > s && *end == '$' && position > 0) {
        piece->argument = (int)position - 1;
        s = end + 1;
    }
    s += strspn(s, "-+ #0'123456789.");
    s += strspn(s, "hlzjtL");
    if (!*s || !strchr("diouxXeEfFgGs", *s) || piece->argument >= MOST_ARGUMENTS) return NULL;
    piece->number = *s != 's';
    (*next)++;
    return s + 1;
}

static bool phrase_read(struct phrase *p, const char *format, struct arena *a)
{
    *p = (struct phrase){0};
    for (const char *s = format; *s;) {
        const size_t plain = strcspn(s, "%\n");
        literal_add(p, s, plain, a);
        s += plain;
        if (!*s) break;
        if (*s == '\n') return false;
        if (s[1] == '%') {
            literal_add(p, s, 1, a);
            s += 2;
            continue;
        }
        struct piece piece = {.quoted = s > format && (s[-1] == '"' || s[-1] == '`')};
        if (p->n > 0 && p->pieces[p->n - 1].argument >= 0) return false; /* nothing between two */
        s = conversion_read(&piece, s + 1, &p->n_arguments);
        if (!s) return false;
        *ARENA_PUSH(a, p->pieces, p->n) = piece;
    }
    return p->n > 0;
}

/* Every argument once in both, so that what is read in one language can be told in the other. */
static bool phrases_agree(const struct message *m)
{
    for (int language = 0; language < N_LANGUAGES; language++) {
        unsigned seen = 0;
        for (size_t i = 0; i < m->in[language].n; i++) {
            const int argument = m->in[language].pieces[i].argument;
            if (argument < 0) continue;
            if (argument >= m->in[ENGLISH].n_arguments || (seen >> argument & 1)) return false;
            seen |= 1U << argument;
        }
        if (m->in[language].n_arguments != m->in[ENGLISH].n_arguments) return false;
    }
    return true;
}

static void message_add(struct retell *r, const char *english, const char *chinese, struct arena *a)
{
    struct message m;
    if (!*english || !*chinese) return;
    if (!phrase_read(&m.in[ENGLISH], english, a) || !phrase_read(&m.in[CHINESE], chinese, a))
        return;
    if (phrases_agree(&m)) *ARENA_PUSH(a, r->messages, r->n) = m;
}

/* Number `at` of the words of a .mo file; 0 beyond its end. */
static uint32_t word_at(const char *mo, size_t bytes, size_t at)
{
    uint32_t word = 0;
    if (at <= bytes && sizeof word <= bytes - at) memcpy(&word, mo + at, sizeof word);
    return word;
}

/* Text number i of a table of a .mo file: length and place; "" where that is not in the file or does not end. */
static const char *text_at(const char *mo, size_t bytes, size_t table, size_t i)
{
    const size_t length = word_at(mo, bytes, table + 8 * i),
                 at = word_at(mo, bytes, table + 8 * i + 4);
    if (at >= bytes || length >= bytes - at || mo[at + length] != '\0') return "";
    return mo + at;
}

const struct retell *retell_read(const char *mo, size_t bytes, struct arena *a)
{
    static const uint32_t magic = 0x950412de;
    struct retell *r = ARENA_NEW(a, struct retell, 1);
    if (word_at(mo, bytes, 0) != magic) return r;
    const size_t n = word_at(mo, bytes, 8), english = word_at(mo, bytes, 12),
                 chinese = word_at(mo, bytes, 16);
    for (size_t i = 0; i < n && i < bytes / 16; i++)
        message_add(r, text_at(mo, bytes, english, i), text_at(mo, bytes, chinese, i), a);
    return r;
}

const struct retell *retell_new(struct arena *a)
{
    const char *folder = bindtextdomain("gpumix", NULL);
    const char *path = arena_printf(a, "%s/zh_CN/LC_MESSAGES/gpumix.mo", folder ? folder : "");
    FILE *in = fopen(path, "rb");
    if (!in) return ARENA_NEW(a, struct retell, 1);
    char *mo = NULL;
    size_t bytes = 0;
    if (fseek(in, 0, SEEK_END) == 0) {
        const long size = ftell(in);
        if (size > 0 && size < MOST_FILE_BYTES && fseek(in, 0, SEEK_SET) == 0) {
            mo = arena_alloc(a, (size_t)size + 1, 1);
            bytes = fread(mo, 1, (size_t)size, in);
        }
    }
    (void)fclose(in);
    return retell_read(mo ? mo : "", bytes, a);
}

/* --- reading a text back --- */

struct reading {
    const struct phrase *phrase;
    struct span *found; /* [n_arguments] */
    int tries;
};

static bool read_from(struct reading *r, size_t piece, const char *text);

static bool read_number(struct reading *r, size_t piece, const char *text)
{
    struct span *found = &r->found[r->phrase->pieces[piece].argument];
    for (size_t bytes = strspn(text, "0123456789.,+-einfa"); bytes > 0; bytes--) {
        *found = (struct span){text, bytes};
        if (read_from(r, piece + 1, text + bytes)) return true;
    }
    return false;
}

/* As short as the text after it allows. */
static bool read_words(struct reading *r, size_t piece, const char *text)
{
    const struct piece *p = &r->phrase->pieces[piece];
    struct span *found = &r->found[p->argument];
    if (piece + 1 == r->phrase->n) {
        *found = (struct span){text, strlen(text)};
        return true;
    }
    const struct piece *next = p + 1;
    for (const char *at = text; (at = memmem(at, strlen(at), next->text, next->bytes)); at++) {
        *found = (struct span){text, (size_t)(at - text)};
        if (read_from(r, piece + 1, at)) return true;
        if (r->tries > MOST_TRIES) return false;
    }
    return false;
}

static bool read_from(struct reading *r, size_t piece, const char *text)
{
    if (++r->tries > MOST_TRIES) return false;
    if (piece == r->phrase->n) return *text == '\0';
    const struct piece *p = &r->phrase->pieces[piece];
    if (p->argument >= 0)
        return p->number ? read_number(r, piece, text) : read_words(r, piece, text);
    return strncmp(text, p->text, p->bytes) == 0 && read_from(r, piece + 1, text + p->bytes);
}

/* The message that says most of the text itself; NULL: none does. */
static const struct message *message_of(const struct retell *r, const char *text, int language,
                                        struct span *found)
{
    const struct message *best = NULL;
    struct span spans[MOST_ARGUMENTS];
    for (size_t i = 0; i < r->n; i++) {
        const struct phrase *p = &r->messages[i].in[language];
        if (best && p->literal_bytes <= best->in[language].literal_bytes) continue;
        if (p->literal_bytes == 0) continue;
        struct reading reading = {.phrase = p, .found = spans};
        if (!read_from(&reading, 0, text)) continue;
        best = &r->messages[i];
        memcpy(found, spans, sizeof spans);
    }
    return best;
}

static size_t literal_of(const struct message *m, int language)
{
    return m ? m->in[language].literal_bytes : 0;
}

/* A message inside another: one with a place for something, or one of several words, so that no name is taken for one. */
static bool is_inner(const struct message *m, int language)
{
    const struct phrase *p = &m->in[language];
    if (p->n_arguments > 0) return p->literal_bytes >= 4;
    return p->literal_bytes >= FEWEST_WORDS_BYTES &&
           (language == CHINESE || memchr(p->pieces[0].text, ' ', p->literal_bytes));
}

static const char *told(const struct retell *r, const char *text, int to, int depth,
                        struct arena *a);

static const char *phrase_print(const struct retell *r, const struct phrase *p,
                                const struct span *found, int to, int depth, struct arena *a)
{
    const char *out = "";
    for (size_t i = 0; i < p->n; i++) {
        const struct piece *piece = &p->pieces[i];
        if (piece->argument < 0) {
            out = arena_printf(a, "%s%.*s", out, (int)piece->bytes, piece->text);
            continue;
        }
        const struct span *s = &found[piece->argument];
        const char *words = arena_strndup(a, s->text, s->bytes);
        if (r && !piece->number && !piece->quoted) words = told(r, words, to, depth + 1, a);
        out = arena_printf(a, "%s%s", out, words);
    }
    return out;
}

static const char *told(const struct retell *r, const char *text, int to, int depth,
                        struct arena *a)
{
    struct span found[MOST_ARGUMENTS], same[MOST_ARGUMENTS];
    const int from = to == CHINESE ? ENGLISH : CHINESE;
    if (depth > MOST_DEPTH || !*text || strlen(text) > MOST_TEXT_BYTES) return text;
    const struct message *m = message_of(r, text, from, found);
    if (!m || (depth > 0 && !is_inner(m, from))) return text;
    if (literal_of(message_of(r, text, to, same), to) >= literal_of(m, from)) return text;
    return phrase_print(r, &m->in[to], found, to, depth, a);
}

const char *retell_text(const struct retell *r, const char *text, bool chinese, struct arena *a)
{
    return text ? told(r, text, chinese ? CHINESE : ENGLISH, 0, a) : NULL;
}

size_t retell_count(const struct retell *r)
{
    return r->n;
}

const char *retell_message(const struct retell *r, size_t i, bool chinese,
                           const char *const *arguments, size_t n, struct arena *a)
{
    const struct message *m = &r->messages[i];
    struct span spans[MOST_ARGUMENTS];
    if ((size_t)m->in[ENGLISH].n_arguments > n) return NULL;
    for (size_t k = 0; k < n && k < MOST_ARGUMENTS; k++)
        spans[k] = (struct span){arguments[k], strlen(arguments[k])};
    return phrase_print(NULL, &m->in[chinese ? CHINESE : ENGLISH], spans, 0, 0, a);
}
