#include "proof/run_file.h"
#include "common/text.h"
#include <string.h>

enum { BLOCK = 1 << 16, END = -1 };

/* Values inside each other that jansson reads: the outermost counts as one, and so does what is in the innermost. */
enum { MOST_OPEN = 2048 };

/* How deep values are in the file. A piece gets so many brackets around it, so that it is as deep for the parser. */
enum depth { OF_MEMBER = 1, OF_ENTRY = 2 };

/* Lists of a plan with an entry per stretch, job, line of the bill or candidate. */
static const char *const long_names[] = {"timeline", "ledger", "plan", "jobs", "candidates"};
enum { N_LONG = sizeof long_names / sizeof *long_names };
/* What a check reads of them; the others are no claims, and only have to be JSON. */
enum { N_READ_AGAIN = 2 };

struct spot {
    int64_t offset; /* of the next byte */
    int line;       /* its, from 1 */
    int64_t column; /* characters before it in its line */
};

struct run_file {
    const char *path;
    FILE *file;
    struct arena *arena;
    char block[BLOCK];
    size_t used, n; /* bytes of the block that were taken, and that it has */
    struct spot at;
    char *text; /* [n_text] of the piece read last in its brackets, which began at `began` */
    size_t n_text, room;
    struct spot began;
    bool strict; /* every entry is parsed the first time */
    bool held[N_LONG];
    struct spot lists[N_LONG]; /* behind the bracket of each */
};

static void release_file(void *file)
{
    (void)fclose(file);
}

static void release_tree(void *root)
{
    json_decref(root);
}

static int peek(struct run_file *f)
{
    if (f->used < f->n) return (unsigned char)f->block[f->used];
    f->used = 0;
    f->n = fread(f->block, 1, sizeof f->block, f->file);
    return f->n ? (unsigned char)f->block[0] : END;
}

/* The byte that was seen. */
static void take(struct run_file *f, int c)
{
    f->used++;
    f->at.offset++;
    f->at.column += (c & 0xC0) != 0x80; /* not within a character of several bytes */
    if (c != '\n') return;
    f->at.line++;
    f->at.column = 0;
}

static int next_word(struct run_file *f)
{
    int c = peek(f);
    while (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
        take(f, c);
        c = peek(f);
    }
    return c;
}

static bool take_if(struct run_file *f, char wanted)
{
    const bool is = next_word(f) == wanted;
    if (is) take(f, wanted);
    return is;
}

static enum err unreadable(const char *path, struct diag *d)
{
    return diag_error(d, ERR_FILE, (struct place){0}, _("\"%s\" cannot be read"), path);
}

static enum err wrong(const struct run_file *f, int line, int64_t column, struct diag *d)
{
    if (ferror(f->file)) return unreadable(f->path, d);
    return diag_error(d, ERR_PROOF_RUN, (struct place){0},
                      _("\"%s\", line %d, column %d: not valid JSON"), f->path, line, (int)column);
}

static enum err wrong_here(struct run_file *f, struct diag *d)
{
    return wrong(f, f->at.line, f->at.column + (peek(f) != END), d);
}

static void keep_byte(struct run_file *f, int c)
{
    if (f->n_text == f->room) {
        f->room = 2 * f->room + BLOCK;
        char *larger = arena_alloc(f->arena, f->room, 1);
        if (f->n_text) memcpy(larger, f->text, f->n_text);
        f->text = larger;
    }
    f->text[f->n_text++] = (char)c;
}

static void keep(struct run_file *f, int c)
{
    keep_byte(f, c);
    take(f, c);
}

/* From the quote to the one that ends it, or to what no text may hold. */
static bool keep_string(struct run_file *f)
{
    keep(f, '"');
    for (int c; (c = peek(f)) >= ' ';) {
        keep(f, c);
        if (c == '"') return true;
        if (c == '\\' && (c = peek(f)) >= ' ') keep(f, c);
    }
    return false;
}

static bool ends_word(int c)
{
    switch (c) {
    case END:
    case ' ':
    case '\n':
    case '\t':
    case '\r':
    case ',':
    case ':':
    case '[':
    case ']':
    case '{':
    case '}':
    case '"':
        return true;
    default:
        return false;
    }
}

static void keep_word(struct run_file *f, int c)
{
    const bool word = !ends_word(c);
    keep(f, c);
    while (word && !ends_word(peek(f))) keep(f, peek(f));
}

static bool begins_value(int c)
{
    return c != END && c != ']' && c != '}' && c != ',' && c != ':';
}

/* The text of the next value, of which only the ends are known to be right; false: it has no end. */
static bool keep_value(struct run_file *f, enum depth depth)
{
    size_t open = 0;
    int c = next_word(f);
    f->n_text = 0;
    f->began = f->at;
    for (int i = 0; i < (int)depth; i++) keep_byte(f, '[');
    if (!begins_value(c)) return false;
    do {
        if (c == END || open > MOST_OPEN) return false;
        open += c == '{' || c == '[';
        if (c == '}' || c == ']') open -= open > 0;
        if (c != '"')
            keep_word(f, c);
        else if (!keep_string(f))
            return false;
        c = peek(f);
    } while (open > 0);
    for (int i = 0; i < (int)depth; i++) keep_byte(f, ']');
    return true;
}

/* The value that was kept, to be released; NULL: its text is none. */
static json_t *parse(struct run_file *f, enum depth depth, struct diag *d)
{
    json_error_t e;
    if (f->n_text == depth) {
        (void)wrong_here(f, d);
        return NULL;
    }
    json_t *outer = json_loadb(f->text, f->n_text, JSON_REJECT_DUPLICATES, &e), *value = outer;
    if (!outer) {
        const int64_t before = e.line <= 1 ? f->began.column - depth : 0;
        (void)wrong(f, f->began.line + (e.line > 1 ? e.line - 1 : 0), before + e.column, d);
        return NULL;
    }
    for (int i = 0; i < (int)depth; i++) value = json_array_get(value, 0);
    json_incref(value);
    json_decref(outer);
    return value;
}

static json_t *read_value(struct run_file *f, enum depth depth, struct diag *d)
{
    (void)keep_value(f, depth); /* where it has no end the parser says so */
    return parse(f, depth, d);
}

static bool skip_entry(struct run_file *f, struct diag *d)
{
    return keep_value(f, OF_ENTRY) || parse(f, OF_ENTRY, d) != NULL;
}

static bool check_entry(struct run_file *f, struct diag *d)
{
    json_t *value = read_value(f, OF_ENTRY, d);
    json_decref(value);
    return value != NULL;
}

static size_t find_long(const char *name)
{
    size_t k = 0;
    while (k < N_LONG && strcmp(long_names[k], name) != 0) k++;
    return k;
}

/* The first time. What is parsed when it is read again is passed over: it is read where there is a timeline. */
static enum err pass_list(struct run_file *f, size_t k, struct diag *d)
{
    take(f, '[');
    f->lists[k] = f->at;
    f->held[k] = true;
    const bool again = k < N_READ_AGAIN && f->held[0] && !f->strict;
    if (take_if(f, ']')) return OK;
    do {
        if (!(again ? skip_entry(f, d) : check_entry(f, d))) return d->code;
    } while (take_if(f, ','));
    return take_if(f, ']') ? OK : wrong_here(f, d);
}

static enum err read_member(struct run_file *f, json_t *root, struct diag *d)
{
    if (next_word(f) != '"') return wrong_here(f, d);
    json_t *key = read_value(f, OF_MEMBER, d);
    if (!key) return d->code;
    const char *name = arena_strdup(f->arena, json_string_value(key));
    const size_t k = find_long(name);
    json_decref(key);
    if (json_object_get(root, name) || !take_if(f, ':')) return wrong_here(f, d);
    if (k < N_LONG && next_word(f) == '[') {
        (void)json_object_set_new(root, name, json_array());
        return pass_list(f, k, d);
    }
    json_t *value = read_value(f, OF_MEMBER, d);
    if (!value) return d->code;
    (void)json_object_set_new(root, name, value);
    return OK;
}

static enum err read_members(struct run_file *f, json_t *root, struct diag *d)
{
    take(f, '{');
    if (!take_if(f, '}')) {
        do TRY(read_member(f, root, d));
        while (take_if(f, ','));
        if (!take_if(f, '}')) return wrong_here(f, d);
    }
    return next_word(f) == END && !ferror(f->file) ? OK : wrong_here(f, d);
}

/* The first time entries are passed over that may be wrong before what is found to be wrong: what is told is the first. */
static enum err read_strictly(struct run_file *f, json_t *root, struct diag *d)
{
    (void)json_object_clear(root);
    rewind(f->file);
    *f = (struct run_file){
        .path = f->path, .file = f->file, .arena = f->arena, .at = {.line = 1}, .strict = true};
    return next_word(f) == '{' ? read_members(f, root, d) : wrong_here(f, d);
}

/* Not an object: jansson says what is wrong with it, or its caller. */
static enum err read_other(struct run_file *f, json_t **root, struct diag *d)
{
    json_error_t e;
    rewind(f->file);
    *root = json_loadf(f->file, JSON_REJECT_DUPLICATES, &e);
    if (!*root) return wrong(f, e.line, e.column, d);
    arena_defer(f->arena, release_tree, *root);
    return OK;
}

/* What can be read only once is copied. */
static FILE *seekable(FILE *file)
{
    if (fseeko(file, 0, SEEK_SET) == 0) return file;
    FILE *copy = tmpfile();
    char block[4096];
    for (size_t n; copy && (n = fread(block, 1, sizeof block, file)) > 0;)
        if (fwrite(block, 1, n, copy) != n) break;
    const bool whole = copy && feof(file) && fflush(copy) == 0;
    if (copy && !whole) (void)fclose(copy);
    (void)fclose(file);
    if (!whole) return NULL;
    rewind(copy);
    return copy;
}

enum err run_file_open(struct run_file **out, json_t **root, const char *path, struct arena *a,
                       struct diag *d)
{
    FILE *file = fopen(path, "rb");
    if (file) file = seekable(file);
    if (!file) return unreadable(path, d);
    arena_defer(a, release_file, file);
    struct run_file *f = ARENA_NEW(a, struct run_file, 1);
    *f = (struct run_file){.path = path, .file = file, .arena = a, .at = {.line = 1}};
    *out = f;
    if (next_word(f) != '{') return read_other(f, root, d);
    *root = json_object();
    arena_defer(a, release_tree, *root);
    struct diag quiet = {.arena = a};
    return read_members(f, *root, &quiet) == OK ? OK : read_strictly(f, *root, d);
}

bool run_file_holds(const struct run_file *f, const char *list)
{
    const size_t k = find_long(list);
    return k < N_READ_AGAIN && f->held[k];
}

enum err run_file_each(struct run_file *f, const char *list, run_entry_fn *each, void *context,
                       struct diag *d)
{
    const size_t k = find_long(list);
    if (fseeko(f->file, (off_t)f->lists[k].offset, SEEK_SET) != 0) return unreadable(f->path, d);
    f->used = f->n = 0;
    f->at = f->lists[k];
    if (take_if(f, ']')) return OK;
    size_t number = 0;
    do {
        json_t *entry = read_value(f, OF_ENTRY, d);
        if (!entry) return d->code;
        const enum err code = each(context, entry, number++);
        json_decref(entry);
        if (code != OK) return code;
    } while (take_if(f, ','));
    return take_if(f, ']') ? OK : wrong_here(f, d);
}
