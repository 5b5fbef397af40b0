#include "common/text_stream.h"
#include "common/text.h"
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utf8proc.h>

enum {
    PIECE_BYTES = 1 << 20,
    PIPE_BYTES = 1 << 16, /* read at a time of a whole file of unknown size */
    SLACK_BYTES = 8,      /* for a character that is cut */
};

/* Where the bytes come from, and how far they are decoded. */
struct text_input {
    int fd;
    size_t piece;             /* bytes read at a time */
    size_t n_read, max_bytes; /* of the file */
    char *
        window; /* [room + 1] the decoded text, and behind it undecoded bytes unless `raw` is in use */
    size_t room;
    char *raw; /* undecoded GB18030, a piece and a character; NULL while the text is UTF-8 */
    size_t n_raw;
    char cut[4]; /* [n_cut] the beginning of a character of UTF-8 at the end of the last piece */
    size_t n_cut;
    iconv_t converter;
    bool started, marked;
    size_t evidence; /* for UTF-8, of the text decoded so far */
    struct arena *arena;
    struct diag *diag;
};

static struct place whole_file(const struct source *source)
{
    return (struct place){.source = source};
}

static bool is_continuation(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

static size_t count_lines(const char *text, size_t bytes)
{
    size_t n = 0;
    for (size_t i = 0; i < bytes; i++) n += text[i] == '\n';
    return n;
}

static size_t count_columns(const char *text, size_t bytes)
{
    size_t n = 0;
    for (size_t i = 0; i < bytes; i++) n += !is_continuation(text[i]);
    return n;
}

struct place text_place(const struct source *source, size_t known, size_t known_line, size_t from,
                        size_t to)
{
    const char *text = source->text;
    const struct source_start start = source->start;
    size_t line_from = from;
    if (known_line == 0) known_line = start.line ? start.line : 1;
    const size_t line = known_line + count_lines(text + known, from - known);
    while (line_from > 0 && text[line_from - 1] != '\n') line_from--;
    size_t column = line_from == 0 && start.line ? start.column : 1;
    column += count_columns(text + line_from, from - line_from);
    size_t end_column = column;
    for (size_t i = from; i < to && text[i] != '\n' && text[i] != '\r'; i++)
        end_column += !is_continuation(text[i]);
    if (to > from && end_column == column) end_column++; /* a stray byte is one column, too */
    return (struct place){source, line, column, end_column};
}

static struct place byte_place(const struct source *source, size_t at)
{
    return text_place(source, 0, 0, at, at + 1);
}

/* --- bytes --- */

static enum err unreadable(const struct source *source, int error, struct diag *d)
{
    const enum err code = diag_error(d, ERR_FILE, whole_file(source),
                                     _("the file cannot be read: %s"), strerror(error));
    diag_fix(d, _("check the name of the file and the right to read it"));
    return code;
}

static enum err too_long(const struct text_stream *s)
{
    const struct text_input *in = s->input;
    const enum err code = diag_error(in->diag, ERR_CSV_LIMIT, whole_file(&s->source),
                                     _("the file has more than %zu bytes"), in->max_bytes);
    diag_fix(in->diag, _("split the file, or leave out what is not needed"));
    return code;
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

/* A larger window; what is in it, decoded or not, moves along. */
static void window_reserve(struct text_stream *s, size_t room)
{
    struct text_input *in = s->input;
    if (in->window && room <= in->room) return;
    const size_t used = s->source.bytes + (in->raw ? 0 : in->n_raw);
    char *larger = arena_alloc(in->arena, room + 1, 1);
    if (in->window) memcpy(larger, in->window, used);
    in->window = larger;
    in->room = room;
    s->source.text = larger;
}

/* Reads up to one piece behind the undecoded bytes; sets `ended` at the end. */
static enum err piece_read(struct text_stream *s)
{
    struct text_input *in = s->input;
    size_t before = s->source.bytes + in->n_raw;
    if (!in->raw && before + in->piece + SLACK_BYTES > in->room)
        window_reserve(s, 2 * (in->room ? in->room : in->piece + SLACK_BYTES));
    if (in->n_cut > 0) memcpy(in->window + before, in->cut, in->n_cut);
    in->n_raw += in->n_cut;
    before += in->n_cut;
    in->n_cut = 0;
    char *to = in->raw ? in->raw + in->n_raw : in->window + before;
    for (size_t left = in->piece; left > 0;) {
        const ssize_t got = read(in->fd, to, left);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return unreadable(&s->source, errno, in->diag);
        s->ended = got == 0;
        if (got == 0) break;
        to += got;
        left -= (size_t)got;
        in->n_raw += (size_t)got;
        in->n_read += (size_t)got;
    }
    return in->n_read > in->max_bytes ? too_long(s) : OK;
}

/* --- encodings --- */

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

/* Bytes at the end that may be the beginning of a character of UTF-8. */
static size_t cut_character(const char *text, size_t bytes)
{
    for (size_t back = 1; back <= 3 && back <= bytes; back++) {
        const unsigned char c = (unsigned char)text[bytes - back];
        const size_t length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
        if (!is_continuation((char)c)) return length > back ? back : 0;
    }
    return 0;
}

/* UTF-16 by its byte-order mark or by a NUL in one of the first two bytes, which plain text
 * never has. */
static bool is_utf16(const char *text, size_t bytes)
{
    if (bytes < 2) return false;
    const unsigned char first = (unsigned char)text[0], second = (unsigned char)text[1];
    if ((first == 0xff && second == 0xfe) || (first == 0xfe && second == 0xff)) return true;
    return (first == 0) != (second == 0);
}

static enum err refuse_encoding(struct diag *d, struct place at, const char *what)
{
    const enum err code = diag_error(d, ERR_CSV_ENCODING, at, "%s", what);
    diag_fix(d, _("save the file again as UTF-8 text (in Excel: \"CSV UTF-8\")"));
    return code;
}

static enum err neither(struct text_stream *s, size_t at)
{
    return refuse_encoding(s->input->diag, byte_place(&s->source, at),
                           _("the text is neither UTF-8 nor GB18030"));
}

/* Converts what is in `raw` behind the window's text, but for a character that is cut at the end of the piece; false when it
 * is no GB18030. */
static bool raw_convert(struct text_stream *s)
{
    struct text_input *in = s->input;
    window_reserve(s, s->source.bytes + in->n_raw / 2 * 3 + 4); /* two bytes become at most three */
    char *from = in->raw, *to = in->window + s->source.bytes;
    size_t left = in->n_raw, room = in->room - s->source.bytes;
    const bool whole = iconv(in->converter, &from, &left, &to, &room) != (size_t)-1;
    const bool cut = !whole && errno == EINVAL && !s->ended;
    s->source.bytes = (size_t)(to - in->window);
    in->window[s->source.bytes] = '\0';
    if (!cut && (!whole || left > 0)) return false;
    memmove(in->raw, from, left);
    in->n_raw = left;
    return true;
}

static void converter_close(void *input)
{
    iconv_close(((struct text_input *)input)->converter);
}

/* The bytes behind the window's text are not UTF-8. GB18030 then, unless characters of UTF-8 were there; bytes counts the text
 * decoded before, all of it ASCII. */
static enum err gb18030_begin(struct text_stream *s, struct utf8_check check)
{
    struct text_input *in = s->input;
    const size_t bytes = s->source.bytes, first_bad = bytes + check.first_bad;
    const size_t evidence = in->evidence + check.evidence;
    const bool told = in->evidence > 0; /* some of it was given out as UTF-8 already */
    in->window[bytes + in->n_raw] = '\0';
    s->source.bytes += in->n_raw; /* shown when refused */
    if (in->marked || told || evidence >= EVIDENCE_PER_BAD * check.n_bad)
        return neither(s, first_bad);
    in->converter = iconv_open("UTF-8", "GB18030");
    if ((intptr_t)in->converter == -1) return neither(s, first_bad);
    arena_defer(in->arena, converter_close, in);
    const struct source as_read = s->source; /* the window changes its place, not its bytes */
    in->raw = in->window + bytes;
    s->source.bytes = bytes;
    char *const ascii = in->window;
    const size_t room = bytes + in->n_raw / 2 * 3 + 4;
    in->window = arena_alloc(in->arena, room + 1, 1);
    in->room = room;
    memcpy(in->window, ascii, bytes);
    s->source.text = in->window;
    if (!raw_convert(s)) {
        s->source = as_read;
        return neither(s, first_bad);
    }
    size_t first = bytes; /* shown, so that the reader can see whether the guess is right */
    while (((unsigned char)in->window[first] & 0x80) == 0 && in->window[first]) first++;
    diag_warning(in->diag, ERR_CSV_ENCODING, byte_place(&s->source, first),
                 _("the file is not UTF-8 text and was read as GB18030"));
    diag_fix(in->diag, _("check the characters shown, and save the file as UTF-8 text"));
    return OK;
}

/* --- pieces --- */

/* What only the first bytes of a file can be. */
static enum err beginning_check(struct text_stream *s)
{
    static const char mark[] = "\xef\xbb\xbf";
    struct text_input *in = s->input;
    enum { MARK_BYTES = sizeof mark - 1 };
    if (is_utf16(in->window, in->n_raw))
        return refuse_encoding(in->diag, whole_file(&s->source),
                               _("the file is UTF-16 text, not UTF-8"));
    in->started = true;
    in->marked = in->n_raw >= MARK_BYTES && memcmp(in->window, mark, MARK_BYTES) == 0;
    if (!in->marked) return OK;
    in->window += MARK_BYTES;
    in->room -= MARK_BYTES;
    in->n_raw -= MARK_BYTES;
    s->source.text = in->window;
    return OK;
}

static enum err nul_check(struct text_stream *s)
{
    const struct text_input *in = s->input;
    const char *raw = in->raw ? in->raw : in->window + s->source.bytes;
    const char *nul = memchr(raw, '\0', in->n_raw);
    if (!nul) return OK;
    const size_t at = s->source.bytes + (in->raw ? 0 : (size_t)(nul - raw));
    if (!in->raw) in->window[s->source.bytes += in->n_raw] = '\0';
    return refuse_encoding(in->diag, byte_place(&s->source, at),
                           _("a NUL byte stands in the text"));
}

/* A carriage return at the end of a piece is looked at with the next one. */
static enum err returns_check(struct text_stream *s, size_t from)
{
    const char *text = s->source.text, *end = text + s->source.bytes;
    if (from > 0 && text[from - 1] == '\r') from--;
    for (const char *at = text + from; (at = memchr(at, '\r', (size_t)(end - at)));) {
        const size_t lone = (size_t)(at - text);
        if (++at == end && !s->ended) return OK;
        if (at < end && *at == '\n') continue;
        const enum err code =
            diag_error(s->input->diag, ERR_CSV_LINE_END, byte_place(&s->source, lone),
                       _("a carriage return stands without a line feed"));
        diag_fix(s->input->diag, _("save the file with LF or CRLF line ends"));
        return code;
    }
    return OK;
}

static enum err utf8_take(struct text_stream *s)
{
    struct text_input *in = s->input;
    const char *text = in->window + s->source.bytes;
    const size_t cut = s->ended ? 0 : cut_character(text, in->n_raw);
    const struct utf8_check check = utf8_check(text, in->n_raw - cut);
    if (check.n_bad > 0) return gb18030_begin(s, check);
    in->evidence += check.evidence;
    s->source.bytes += in->n_raw - cut;
    memcpy(in->cut, in->window + s->source.bytes, cut);
    in->n_cut = cut;
    in->n_raw = 0;
    in->window[s->source.bytes] = '\0';
    return OK;
}

/* Decodes the bytes read. */
static enum err piece_take(struct text_stream *s)
{
    struct text_input *in = s->input;
    if (!in->started) TRY(beginning_check(s));
    const size_t before = s->source.bytes;
    TRY(nul_check(s));
    if (!in->raw) {
        TRY(utf8_take(s));
    } else if (!raw_convert(s)) {
        return neither(s, s->source.bytes);
    }
    return returns_check(s, before);
}

static struct text_stream *stream_new(const char *name, struct arena *a, struct diag *d)
{
    struct text_stream *s = ARENA_NEW(a, struct text_stream, 1);
    s->input = ARENA_NEW(a, struct text_input, 1);
    *s->input = (struct text_input){.fd = -1, .arena = a, .diag = d};
    s->source = (struct source){.path = arena_strdup(a, name), .text = ""};
    return s;
}

static void input_close(void *input)
{
    struct text_input *in = input;
    if (in->fd >= 0) close(in->fd);
    in->fd = -1;
}

static enum err stream_open(struct text_stream **stream, struct stat *status, const char *path,
                            size_t max_bytes, struct arena *a, struct diag *d)
{
    struct text_stream *s = stream_new(strcmp(path, "-") == 0 ? _("standard input") : path, a, d);
    *stream = s;
    s->input->fd = open_input(path, status);
    if (s->input->fd < 0) return unreadable(&s->source, errno, d);
    arena_defer(a, input_close, s->input);
    s->input->max_bytes = max_bytes;
    const bool sized = S_ISREG(status->st_mode) && status->st_size > 0;
    return sized && (size_t)status->st_size > max_bytes ? too_long(s) : OK;
}

enum err text_stream_open(struct text_stream **stream, const char *path, size_t max_bytes,
                          size_t piece, struct arena *a, struct diag *d)
{
    struct stat status = {0};
    TRY(stream_open(stream, &status, path, max_bytes, a, d));
    (*stream)->input->piece = piece ? piece : PIECE_BYTES;
    (*stream)->source.passing = true;
    (*stream)->source.start = (struct source_start){1, 1, 0};
    return OK;
}

static void window_drop(struct text_stream *s, size_t used)
{
    struct text_input *in = s->input;
    struct source_start *start = &s->source.start;
    const size_t lines = count_lines(in->window, used);
    size_t from = used;
    while (lines > 0 && in->window[from - 1] != '\n') from--;
    if (lines > 0) start->column = 1;
    start->column +=
        count_columns(in->window + (lines > 0 ? from : 0), used - (lines > 0 ? from : 0));
    start->line += lines;
    start->byte += used;
    s->source.bytes -= used;
    memmove(in->window, in->window + used, s->source.bytes + 1); /* with its end */
}

enum err text_stream_more(struct text_stream *s, size_t used)
{
    if (used > 0) window_drop(s, used);
    TRY(piece_read(s));
    TRY(piece_take(s));
    if (s->ended) input_close(s->input);
    return OK;
}

enum err text_stream_whole(struct text_stream **stream, const char *path, size_t max_bytes,
                           struct arena *a, struct diag *d)
{
    struct stat status = {0};
    TRY(stream_open(stream, &status, path, max_bytes, a, d));
    struct text_stream *s = *stream;
    const bool sized = S_ISREG(status.st_mode) && status.st_size > 0;
    s->input->piece = sized ? (size_t)status.st_size + 1 : PIPE_BYTES;
    window_reserve(s, s->input->piece + SLACK_BYTES);
    while (!s->ended) TRY(piece_read(s));
    input_close(s->input);
    return piece_take(s);
}

enum err text_stream_copy(struct text_stream **stream, const char *name, const char *text,
                          size_t bytes, struct arena *a, struct diag *d)
{
    struct text_stream *s = stream_new(name, a, d);
    *stream = s;
    window_reserve(s, bytes + SLACK_BYTES); /* room also for nothing */
    memcpy(s->input->window, text, bytes);
    s->input->n_raw = bytes;
    s->ended = true;
    return piece_take(s);
}
