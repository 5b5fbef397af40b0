#include "common/field.h"
#include "common/yaml_hint.h"
#include <math.h>
#include <string.h>

enum { SHOWN_BYTES = 80, LISTED_KEYS = 30 };

/* --- where we are, for messages --- */

size_t field_enter(struct field_reader *r, const char *key)
{
    const size_t mark = strlen(r->path);
    if (!*key) return mark; /* an element of a list, whose number is there already */
    snprintf(r->path + mark, sizeof r->path - mark, "%s%s", mark ? "." : "", key);
    return mark;
}

void field_leave(struct field_reader *r, size_t mark)
{
    r->path[mark] = '\0';
}

const char *field_path(const struct node *n, struct field_reader *r)
{
    if (!n->key) return arena_strdup(r->arena, *r->path ? r->path : _("the file"));
    return arena_printf(r->arena, "%s%s%s", r->path, *r->path ? "." : "", n->key);
}

const char *words_join(const char *const *words, size_t n, struct arena *a)
{
    size_t bytes = 1, used = 0;
    for (size_t i = 0; i < n; i++) bytes += strlen(words[i]) + 2;
    char *text = ARENA_NEW(a, char, bytes);
    for (size_t i = 0; i < n; i++)
        used += (size_t)snprintf(text + used, bytes - used, "%s%s", i ? ", " : "", words[i]);
    return text;
}

/* The value as quoted in a message: one line, cut at a character. */
static const char *shown(const char *text, struct arena *a)
{
    size_t bytes = strcspn(text, "\n");
    if (bytes > SHOWN_BYTES) bytes = SHOWN_BYTES;
    while (text[bytes] && bytes > 0 && ((unsigned char)text[bytes] & 0xc0) == 0x80) bytes--;
    return arena_printf(a, "%.*s%s", (int)bytes, text, text[bytes] ? "..." : "");
}

/* --- forms --- */

bool field_is_text(const struct node *n, struct field_reader *r)
{
    static const char *const nothing[] = {"", "~", "null", "Null", "NULL"};
    if (n->type != NODE_TEXT) {
        diag_error(r->diag, ERR_VALUE_FORM, node_place(n), _("%s must be a single value"),
                   field_path(n, r));
        diag_fix(r->diag, _("write one value without brackets"));
        return false;
    }
    for (size_t i = 0; !n->quoted && i < sizeof nothing / sizeof *nothing; i++) {
        if (strcmp(n->text, nothing[i]) != 0) continue;
        diag_error(r->diag, ERR_VALUE_FORM, node_key_place(n), _("%s has no value"),
                   field_path(n, r));
        diag_fix(r->diag, _("give it a value, or remove the key"));
        return false;
    }
    return true;
}

bool field_is_map(const struct node *n, struct field_reader *r)
{
    if (n->type == NODE_MAP) return true;
    if (n->type == NODE_TEXT && yaml_explain_colon(n->text, node_place(n), r->diag)) return false;
    const bool empty = n->type == NODE_TEXT && !*n->text;
    diag_error(r->diag, ERR_VALUE_FORM, empty ? node_key_place(n) : node_place(n),
               _("%s must hold keys and values"), field_path(n, r));
    diag_fix(r->diag, _("write {key: value}, or one 'key: value' a line, indented below it"));
    return false;
}

bool field_is_list(const struct node *n, struct field_reader *r)
{
    if (n->type == NODE_LIST) return true;
    const bool empty = n->type == NODE_TEXT && !*n->text;
    diag_error(r->diag, ERR_VALUE_FORM, empty ? node_key_place(n) : node_place(n),
               _("%s must be a list"), field_path(n, r));
    if (n->type == NODE_TEXT && !empty)
        diag_fix(r->diag, _("write [%s]"), shown(n->text, r->arena));
    else
        diag_fix(r->diag, _("write [a, b], or one '- a' a line, indented below it"));
    return false;
}

void field_bad_value(const struct node *n, const char *expected, struct field_reader *r)
{
    diag_error(r->diag, ERR_VALUE, node_place(n), _("%s cannot be '%s'"), field_path(n, r),
               shown(n->text, r->arena));
    diag_fix(r->diag, _("write %s"), expected);
}

void field_bad_name(const struct node *n, const char *expected, struct field_reader *r)
{
    diag_error(r->diag, ERR_VALUE, node_key_place(n), _("'%s' cannot be a name in %s"),
               shown(n->key, r->arena), r->path);
    diag_why(r->diag, _("names stand in paths, in files and in other programs"));
    diag_fix(r->diag, _("write %s"), expected);
}

void field_bad_choice(const struct node *n, const char *const *words, struct field_reader *r)
{
    size_t count = 0;
    while (words[count]) count++;
    diag_error(r->diag, ERR_VALUE_CHOICE, node_place(n), _("%s cannot be '%s'"), field_path(n, r),
               shown(n->text, r->arena));
    const char *near = nearest_name(n->text, words, count);
    if (near)
        diag_fix(r->diag, _("did you mean '%s'?"), near);
    else
        diag_fix(r->diag, _("write one of: %s"), words_join(words, count, r->arena));
}

static void free_pattern(void *object)
{
    regfree(object);
}

/* Compiled once per reading; a pattern is a constant of a table, so its address names it. */
static const regex_t *pattern_compiled(const char *pattern, struct field_reader *r)
{
    for (size_t i = 0; i < r->n_patterns; i++)
        if (r->patterns[i].pattern == pattern) return r->patterns[i].compiled;
    regex_t *compiled = ARENA_NEW(r->arena, regex_t, 1);
    if (regcomp(compiled, pattern, REG_EXTENDED | REG_NOSUB) != 0) return NULL;
    arena_defer(r->arena, free_pattern, compiled);
    if (r->n_patterns < sizeof r->patterns / sizeof *r->patterns)
        r->patterns[r->n_patterns++] = (struct field_pattern){pattern, compiled};
    return compiled;
}

bool field_matches(const char *pattern, const char *text, struct field_reader *r)
{
    const regex_t *compiled = pattern_compiled(pattern, r);
    return compiled && !strchr(text, '\n') && regexec(compiled, text, 0, NULL, 0) == 0;
}

/* --- ranges --- */

static const char *bound_text(const struct field *f, double bound, struct arena *a)
{
    static const char *const units[] = {
        [DURATION_H] = "h",   [SIZE_GIB] = "GB", [BANDWIDTH_MBPS] = "MB/s", [RATE_PER_H] = "/h",
        [PERCENT_FRAC] = "%", [TIMES] = "x",     [GROWTH] = "%/month",      [NUMBER_FRAC] = NULL};
    const bool percent = f->dimension == PERCENT_FRAC || f->dimension == GROWTH;
    const char *unit = units[f->dimension];
    return arena_printf(a, "%.15g%s", percent ? bound * 100 : bound, unit ? unit : "");
}

bool field_in_range(const struct field *f, double value, const struct node *n,
                    struct field_reader *r)
{
    const bool low = value < f->min || (f->above_min && value <= f->min);
    const bool high = f->max > 0 && value > f->max;
    if (f->dimension == GROWTH || (!low && !high)) return true;
    const char *path = field_path(n, r), *text = shown(n->text, r->arena);
    const char *bound = bound_text(f, low ? f->min : f->max, r->arena);
    if (high)
        diag_error(r->diag, ERR_VALUE_RANGE, node_place(n), _("%s is %s, more than %s"), path, text,
                   bound);
    else if (f->above_min)
        diag_error(r->diag, ERR_VALUE_RANGE, node_place(n), _("%s is %s, but must be above %s"),
                   path, text, bound);
    else
        diag_error(r->diag, ERR_VALUE_RANGE, node_place(n), _("%s is %s, less than %s"), path, text,
                   bound);
    const char *least = bound_text(f, f->min, r->arena), *most = bound_text(f, f->max, r->arena);
    if (f->max <= 0)
        diag_fix(r->diag, _("write a larger value"));
    else if (f->above_min)
        diag_fix(r->diag, _("write a value above %s, at most %s"), least, most);
    else
        diag_fix(r->diag, _("write a value from %s to %s"), least, most);
    return false;
}

bool field_number(const struct field *f, double *value, const struct node *n,
                  struct field_reader *r)
{
    if (!field_is_text(n, r)) return false;
    if (!quantity_parse(value, n->text, f->dimension)) {
        field_bad_value(n, quantity_expected(f->dimension), r);
        return false;
    }
    return field_in_range(f, *value, n, r);
}

/* Whole numbers are read as such: a double would lose the last digits of a seed. */
bool field_whole(const struct field *f, int64_t *value, const struct node *n,
                 struct field_reader *r)
{
    if (!field_is_text(n, r)) return false;
    const char *digits = n->text + (*n->text == '-');
    const size_t length = strspn(digits, "0123456789");
    if (length == 0 || length > 18 || digits[length]) {
        field_bad_value(n, _("a whole number, for example 8"), r);
        return false;
    }
    int64_t whole = 0;
    for (size_t i = 0; i < length; i++) whole = whole * 10 + (digits[i] - '0');
    *value = *n->text == '-' ? -whole : whole;
    return f->type == &field_int64 || field_in_range(f, (double)*value, n, r);
}

/* --- tables --- */

const struct field *fields_find(const struct field *fields, const char *key)
{
    for (; fields->key; fields++)
        if (!strcmp(fields->key, key)) return fields;
    return NULL;
}

/* Keys of a table, up to `room`; returns how many. */
static size_t list_keys(const struct field *fields, const char **keys, size_t room)
{
    size_t n = 0;
    for (; fields->key && n < room; fields++) keys[n++] = fields->key;
    return n;
}

/* A misspelt or misplaced key: looks in this table first, then in its sections. */
static void suggest_key(const struct field *fields, const char *key, struct field_reader *r)
{
    const char *keys[64];
    const size_t n = list_keys(fields, keys, sizeof keys / sizeof *keys);
    const char *near = nearest_name(key, keys, n);
    for (const struct field *f = fields; !near && f->key; f++) {
        if (!f->fields) continue;
        if (fields_find(f->fields, key)) {
            diag_fix(r->diag, _("write it under '%s'"), f->key);
            return;
        }
    }
    for (const struct field *f = fields; !near && f->key; f++) {
        const char *inner[64];
        if (!f->fields) continue;
        near = nearest_name(key, inner, list_keys(f->fields, inner, sizeof inner / sizeof *inner));
    }
    if (near)
        diag_fix(r->diag, _("did you mean '%s'?"), near);
    else
        diag_fix(r->diag, _("keys here are: %s"), words_join(keys, n, r->arena));
}

static void unknown_key(const struct field *fields, const struct node *n, struct field_reader *r)
{
    if (yaml_explain_colon(n->key, node_key_place(n), r->diag)) return;
    const char *key = shown(n->key, r->arena);
    if (*r->path)
        diag_error(r->diag, ERR_KEY_UNKNOWN, node_key_place(n), _("unknown key '%s' in %s"), key,
                   r->path);
    else
        diag_error(r->diag, ERR_KEY_UNKNOWN, node_key_place(n), _("unknown key '%s'"), key);
    const bool cut = *key >= '0' && *key <= '9' && n->type == NODE_TEXT && !*n->text;
    if (cut)
        diag_fix(r->diag,
                 _("put a value that holds a comma in quotes, or write it without the comma"));
    else
        suggest_key(fields, n->key, r);
}

static void missing_key(const struct field *f, const struct node *map, struct field_reader *r)
{
    if (r->let_off && !strcmp(r->let_off, f->key)) return;
    if (*r->path)
        diag_error(r->diag, ERR_KEY_MISSING, node_key_place(map),
                   _("the key '%s' is missing in %s"), f->key, r->path);
    else
        diag_error(r->diag, ERR_KEY_MISSING, (struct place){.source = map->source},
                   _("the key '%s' is missing"), f->key);
    diag_fix(r->diag, _("add '%s: ...'"), f->key);
}

static void *member_of(const struct field *f, void *target)
{
    return target && f->offset != FIELD_CHECK ? (char *)target + f->offset : NULL;
}

struct node *field_fallback_node(const struct field *f, struct arena *a)
{
    const char *text = f->fallback;
    struct node *n = node_new(*text == '[' ? NODE_LIST : NODE_TEXT, a);
    n->key = f->key;
    n->layer = N_("built-in default");
    if (n->type == NODE_TEXT) {
        n->text = text;
        return n;
    }
    for (text++; *text && *text != ']';) {
        const size_t length = strcspn(text, ",]");
        struct node *entry = node_append(n, node_text("", false, a));
        entry->text = arena_strndup(a, text, length);
        entry->layer = n->layer;
        text += length;
        text += strspn(text, ", ");
    }
    return n;
}

void field_read(const struct field *f, void *target, const struct node *n, struct field_reader *r)
{
    f->type->read(f, member_of(f, target), n, r);
    if (target && f->given) *((bool *)target + f->given) = true;
}

void fields_read(const struct field *fields, void *target, const struct node *map,
                 struct field_reader *r)
{
    static const struct node nothing = {
        .type = NODE_MAP}; /* an absent section: its defaults hold too */
    for (const struct node *n = map->first; n; n = n->next) {
        const struct field *f = fields_find(fields, n->key);
        if (f)
            field_read(f, target, n, r);
        else
            unknown_key(fields, n, r);
    }
    for (const struct field *f = fields; f->key; f++) {
        const bool section = f->type == &field_section && member_of(f, target);
        if (!f->required && !f->fallback && !section) continue;
        if (node_get(map, f->key)) continue;
        if (f->required)
            missing_key(f, map, r);
        else if (section)
            fields_read(f->fields, member_of(f, target), &nothing, r);
        else if (target)
            f->type->read(f, member_of(f, target), field_fallback_node(f, r->arena), r);
    }
}
