#include "common/csv_text.h"
#include "common/text.h"
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utf8proc.h>

enum { PIPE_BYTES = 1 << 16 }; /* first read of a file of unknown size */

struct bytes {
    char *data; /* room for one more, the end */
    size_t n;
};

static struct place whole_file(const struct source *source)
{
    return (struct place){.source = source};
}

static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

struct place csv_text_place(const struct source *source, size_t known, size_t known_line,
                            size_t from, size_t to)
{
    const char *text = source->text;
    size_t line = known_line, line_from = from, column = 1;
    for (size_t i = known; i < from; i++) line += text[i] == '\n';
    while (line_from > 0 && text[line_from - 1] != '\n') line_from--;
    for (size_t i = line_from; i < from; i++) column += !is_continuation(text[i]);
    size_t end_column = column;
    for (size_t i = from; i < to && text[i] != '\n' && text[i] != '\r'; i++)
        end_column += !is_continuation(text[i]);
    if (to > from && end_column == column) end_column++; /* a stray byte is one column, too */
    return (struct place){source, line, column, end_column};
}

static struct place byte_place(const struct source *source, size_t at)
{
    return csv_text_place(source, 0, 1, at, at + 1);
}

static enum err unreadable(const struct source *source, int error, struct diag *d)
{
    const enum err code = diag_error(d, ERR_FILE, whole_file(source),
                                     _("the file cannot be read: %s"), strerror(error));
    diag_fix(d, _("check the name of the file and the right to read it"));
    return code;
}

/* Reads until the end or until one byte more than max_bytes; false on a read error (errno). */
static bool read_all(struct bytes *b, int fd, size_t capacity, size_t max_bytes, struct arena *a)
{
    b->data = arena_alloc(a, capacity + 1, 1);
    for (b->n = 0; b->n <= max_bytes;) {
        if (b->n == capacity) {
            char *larger = arena_alloc(a, 2 * capacity + 1, 1);
            memcpy(larger, b->data, b->n);
            b->data = larger;
            capacity *= 2;
        }
        const ssize_t got = read(fd, b->data + b->n, capacity - b->n);
        if (got == 0) return true;
        if (got < 0 && errno != EINTR) return false;
        if (got > 0) b->n += (size_t)got;
    }
    return true;
}

/* Opens without waiting for a writer; only files and pipes are read. -1: errno says why. */
static int open_input(const char *path, struct stat *status)
{
    const bool standard = strcmp(path, "-") == 0;
    const int fd = standard ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return -1;
    int error = fstat(fd, status) == 0 ? 0 : errno;
    if (error == 0 && S_ISDIR(status->st_mode)) error = EISDIR;
    const bool input = S_ISREG(status->st_mode) || S_ISFIFO(status->st_mode) || standard;
    if (error == 0 && !input) error = EINVAL;
    if (error == 0 && S_ISFIFO(status->st_mode) && fcntl(fd, F_SETFL, 0) != 0) error = errno;
    if (error == 0) return fd;
    close(fd);
    errno = error;
    return -1;
}

/* Places where the text is not UTF-8, and what speaks for UTF-8 all the same: whole characters of several
 * bytes. In GB18030 text every tenth pair of bytes looks like one of two bytes, longer ones are rare. */
struct utf8_check {
    size_t first_bad, n_bad, evidence;
};

enum { EVIDENCE_OF_TWO_BYTES = 1, EVIDENCE_OF_MORE = 3, EVIDENCE_PER_BAD = 3 };

static struct utf8_check utf8_check(const char *text, size_t bytes)
{
    struct utf8_check check = {.first_bad = SIZE_MAX};
    for (size_t i = 0; i < bytes;) {
        uint64_t eight;
        if (bytes - i >= sizeof eight) {
            memcpy(&eight, text + i, sizeof eight);
            if ((eight & UINT64_C(0x8080808080808080)) == 0) {
                i += sizeof eight;
                continue;
            }
        }
        utf8proc_int32_t c;
        const utf8proc_ssize_t n =
            utf8proc_iterate((const utf8proc_uint8_t *)text + i, (utf8proc_ssize_t)(bytes - i), &c);
        if (n <= 0 && check.n_bad++ == 0) check.first_bad = i;
        if (n > 1) check.evidence += n == 2 ? EVIDENCE_OF_TWO_BYTES : EVIDENCE_OF_MORE;
        i += n > 0 ? (size_t)n : 1;
        while (n <= 0 && i < bytes && is_continuation(text[i])) i++; /* one broken character */
    }
    return check;
}

/* Converts GB18030 to UTF-8; false when the bytes are something else. */
static bool convert_gb18030(struct bytes *b, struct arena *a)
{
    iconv_t converter = iconv_open("UTF-8", "GB18030");
    if ((intptr_t)converter == -1) return false;
    const size_t room = b->n / 2 * 3 + 4; /* two bytes become at most three */
    struct bytes utf8 = {.data = arena_alloc(a, room + 1, 1)};
    char *in = b->data, *out = utf8.data;
    size_t in_left = b->n, out_left = room;
    const bool converted = iconv(converter, &in, &in_left, &out, &out_left) != (size_t)-1;
    iconv_close(converter);
    if (!converted || in_left > 0) return false;
    utf8.n = room - out_left;
    utf8.data[utf8.n] = '\0';
    *b = utf8;
    return true;
}

/* UTF-16 by its byte-order mark or by a NUL in one of the first two bytes, which plain text
 * never has. */
static bool is_utf16(const struct bytes *b)
{
    if (b->n < 2) return false;
    const unsigned char first = (unsigned char)b->data[0], second = (unsigned char)b->data[1];
    if ((first == 0xff && second == 0xfe) || (first == 0xfe && second == 0xff)) return true;
    return (first == 0) != (second == 0);
}

static enum err refuse_encoding(struct diag *d, struct place at, const char *what)
{
    const enum err code = diag_error(d, ERR_CSV_ENCODING, at, "%s", what);
    diag_fix(d, _("save the file again as UTF-8 text (in Excel: \"CSV UTF-8\")"));
    return code;
}

static enum err decode(struct bytes *b, bool marked, struct source *source, struct arena *a,
                       struct diag *d)
{
    const struct utf8_check check = utf8_check(b->data, b->n);
    if (check.n_bad == 0) return OK;
    const bool damaged = marked || check.evidence >= EVIDENCE_PER_BAD * check.n_bad;
    if (damaged || !convert_gb18030(b, a))
        return refuse_encoding(d, byte_place(source, check.first_bad),
                               _("the text is neither UTF-8 nor GB18030"));
    source->text = b->data;
    source->bytes = b->n;
    size_t first = 0; /* shown, so that the reader can see whether the guess is right */
    while (((unsigned char)b->data[first] & 0x80) == 0) first++;
    diag_warning(d, ERR_CSV_ENCODING, byte_place(source, first),
                 _("the file is not UTF-8 text and was read as GB18030"));
    diag_fix(d, _("check the characters shown, and save the file as UTF-8 text"));
    return OK;
}

static size_t find_lone_return(const char *text)
{
    const char *at = text;
    while ((at = strchr(at, '\r')))
        if (*++at != '\n') return (size_t)(at - 1 - text);
    return SIZE_MAX;
}

/* The checks of csv_text_read on bytes that are in memory. */
static enum err accept(struct source *source, struct bytes b, struct arena *a, struct diag *d)
{
    static const char mark[] = "\xef\xbb\xbf";
    if (is_utf16(&b))
        return refuse_encoding(d, whole_file(source), _("the file is UTF-16 text, not UTF-8"));
    const bool marked = b.n >= sizeof mark - 1 && memcmp(b.data, mark, sizeof mark - 1) == 0;
    if (marked) {
        b.data += sizeof mark - 1;
        b.n -= sizeof mark - 1;
    }
    source->text = b.data;
    source->bytes = b.n;
    const char *nul = memchr(b.data, '\0', b.n);
    if (nul)
        return refuse_encoding(d, byte_place(source, (size_t)(nul - b.data)),
                               _("a NUL byte stands in the text"));
    TRY(decode(&b, marked, source, a, d));
    const size_t lone = find_lone_return(source->text);
    if (lone == SIZE_MAX) return OK;
    const enum err code = diag_error(d, ERR_CSV_LINE_END, byte_place(source, lone),
                                     _("a carriage return stands without a line feed"));
    diag_fix(d, _("save the file with LF or CRLF line ends"));
    return code;
}

static struct source *new_source(const char *name, struct arena *a)
{
    struct source *source = ARENA_NEW(a, struct source, 1);
    source->path = arena_strdup(a, name);
    return source;
}

enum err csv_text_read(const struct source **source, const char *path, size_t max_bytes,
                       struct arena *a, struct diag *d)
{
    struct source *s = new_source(strcmp(path, "-") == 0 ? _("standard input") : path, a);
    *source = s;
    struct stat status = {0};
    const int fd = open_input(path, &status);
    if (fd < 0) return unreadable(s, errno, d);
    struct bytes b = {0};
    const bool sized = S_ISREG(status.st_mode) && status.st_size > 0;
    const size_t size = sized ? (size_t)status.st_size : 0;
    bool read = true;
    if (size <= max_bytes) read = read_all(&b, fd, sized ? size + 1 : PIPE_BYTES, max_bytes, a);
    const int error = errno;
    close(fd);
    if (!read) return unreadable(s, error, d);
    if (size <= max_bytes && b.n <= max_bytes) return accept(s, b, a, d);
    const enum err code = diag_error(d, ERR_CSV_LIMIT, whole_file(s),
                                     _("the file has more than %zu bytes"), max_bytes);
    diag_fix(d, _("split the file, or leave out what is not needed"));
    return code;
}

enum err csv_text_copy(const struct source **source, const char *name, const char *text,
                       size_t bytes, struct arena *a, struct diag *d)
{
    struct source *s = new_source(name, a);
    *source = s;
    struct bytes b = {arena_alloc(a, bytes + 1, 1), bytes};
    memcpy(b.data, text, bytes);
    return accept(s, b, a, d);
}
