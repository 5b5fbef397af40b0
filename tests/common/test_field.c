#include "common/field.h"
#include "common/source.h"
#include "tests/common/findings.h"
#include <gsl/gsl_test.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A table with every type of the module. */
enum colour { RED = 3, GREEN, BLUE };

struct part {
    const char *name;
    double length_h;
    struct place at;
    const struct node *node;
};

struct thing {
    const char *text, *file, *word;
    long count;
    int64_t seed;
    double share_frac, time_h, plain;
    bool flag, has_count, has_box;
    enum colour colour;
    unsigned set;
    size_t n_parts, n_list;
    struct part *parts, *list;
};

static const char *const colours[] = {"red", "green", "blue", NULL};

/* clang-format off */
#define AT(member) .offset = offsetof(struct thing, member)
static const struct field part_fields[] = {
    {.key = "length", .type = &field_real, .offset = offsetof(struct part, length_h), .dimension = DURATION_H, .required = true, .min = 0.5, .max = 48},
    FIELDS_END
};
static const struct field part_entry = {.type = &field_section, .fields = part_fields};
static const struct field length_entry = {.type = &field_real, .offset = offsetof(struct part, length_h), .dimension = DURATION_H};
static const struct field_array parts_array = {offsetof(struct thing, n_parts), offsetof(struct thing, parts), sizeof(struct part), offsetof(struct part, at), offsetof(struct part, node)};
static const struct field_array list_array = {offsetof(struct thing, n_list), offsetof(struct thing, list), sizeof(struct part), offsetof(struct part, at), 0};
static const struct field box_fields[] = {
    {.key = "plain", .type = &field_real, AT(plain), .above_min = true, .max = 2.5, .fallback = "1.25", .help = "Plain."},
    {.key = "flag", .type = &field_flag, AT(flag), .fallback = "true"},
    FIELDS_END
};
static const struct field thing_fields[] = {
    {.key = "text", .type = &field_text, AT(text), .required = true, .pattern = "^[a-z]+$", .expected = "small letters"},
    {.key = "file", .type = &field_file, AT(file)},
    {.key = "word", .type = &field_word, AT(word), .words = colours},
    {.key = "count", .type = &field_long, AT(count), .given = offsetof(struct thing, has_count), .min = 2, .max = 1000},
    {.key = "seed", .type = &field_int64, AT(seed), .fallback = "-7"},
    {.key = "share", .type = &field_real, AT(share_frac), .dimension = PERCENT_FRAC, .max = 1},
    {.key = "time", .type = &field_real, AT(time_h), .dimension = DURATION_H, .min = 1},
    {.key = "colour", .type = &field_choice, AT(colour), .words = colours, .first_word = RED, .fallback = "green"},
    {.key = "set", .type = &field_choices, AT(set), .words = colours, .not_empty = true, .unique = true, .fallback = "[red, blue]"},
    {.key = "box", .type = &field_section, .fields = box_fields, .given = offsetof(struct thing, has_box)},
    {.key = "parts", .type = &field_map, .array = &parts_array, .entry = &part_entry, .pattern = "^[a-z]$", .expected = "one letter"},
    {.key = "list", .type = &field_list, .array = &list_array, .entry = &length_entry, .not_empty = true},
    FIELDS_END
};
/* clang-format on */

static const char *read_thing(struct thing *t, const char *text, struct arena *a)
{
    struct diag d = {.arena = a};
    struct field_reader r = {.arena = a, .diag = &d};
    struct node *root = NULL;
    if (node_read(&root, source_of_text("dir/t.yaml", text, a), a, &d) != OK)
        return findings_text(&d);
    if (t) memset(t, 0, sizeof *t);
    fields_read(thing_fields, t, root, &r);
    gsl_test(*r.path != '\0', "the path is left as it was");
    return findings_text(&d);
}

static void same(const char *got, const char *wanted, const char *what)
{
    gsl_test(!got || strcmp(got, wanted) != 0, "%s: %s is %s", what, got ? got : "(null)", wanted);
}

static void test_values(void)
{
    struct arena *a = arena_new();
    struct thing t = {0};
    same(
        read_thing(
            &t,
            "text: abc\nfile: x.csv\nword: blue\ncount: 385\nseed: 9007199254740993\nshare: 12.5%\n"
            "time: 90min\ncolour: blue\nset: [green]\nbox: {plain: 2.385, flag: false}\n"
            "parts: {q: {length: 2h}, p: {length: 30min}}\nlist: [1d, 2d]\n",
            a),
        "", "no findings");
    same(t.text, "abc", "text");
    same(t.file, "dir/x.csv", "file");
    same(t.word, "blue", "word");
    gsl_test(t.count != 385 || !t.has_count || t.seed != INT64_C(9007199254740993),
             "whole numbers");
    gsl_test_rel(t.share_frac, 0.125, 0, "share");
    gsl_test_rel(t.time_h, 1.5, 0, "time");
    gsl_test_rel(t.plain, 2.385, 0, "plain");
    gsl_test(t.colour != BLUE || t.set != 2 || t.flag || !t.has_box, "words");
    gsl_test(t.n_parts != 2 || strcmp(t.parts[0].name, "q") != 0 || t.parts[1].at.column != 26 ||
                 t.parts[1].node->n != 1,
             "map: names, places and nodes");
    gsl_test_rel(t.parts[1].length_h, 0.5, 0, "element of a map");
    gsl_test(t.n_list != 2 || t.list[1].at.column != 12, "list");
    gsl_test_rel(t.list[1].length_h, 48, 0, "element of a list");
    arena_free(a);
}

static void test_defaults(void)
{
    struct arena *a = arena_new();
    struct thing t = {0};
    same(read_thing(&t, "text: abc\n", a), "", "no findings");
    gsl_test(t.seed != -7 || t.colour != GREEN || t.set != 5, "defaults");
    gsl_test(!t.flag || fabs(t.plain - 1.25) > 0, "defaults in a section that is not given");
    gsl_test(t.has_count || t.has_box || t.n_parts || t.file, "what has no default stays zero");
    same(read_thing(NULL, "text: abc\n", a), "", "check only");
    arena_free(a);
}

static const char *const messages[][2] = {
    {"a: 1\n", "E3020 1:1 unknown key 'a' -> keys here are: text, file, word, count, seed, share, "
               "time, colour, set, box, parts, list\n"
               "E3021 0:0 the key 'text' is missing -> add 'text: ...'\n"},
    {"text: abc\ncuont: 5\n", "E3020 2:1 unknown key 'cuont' -> did you mean 'count'?\n"},
    {"text: abc\nplain: 5\n", "E3020 2:1 unknown key 'plain' -> write it under 'box'\n"},
    {"text: abc\nplian: 5\n", "E3020 2:1 unknown key 'plian' -> did you mean 'plain'?\n"},
    {"text: abc\nbox: {plane: 5}\n",
     "E3020 2:7 unknown key 'plane' in box -> did you mean 'plain'?\n"},
    {"text: abc\nfile： x\ncount: 5\n",
     "E3002 2:5 not valid YAML (full-width colon '：' found; the key and its value run together) "
     "-> write 'file: x' with an ASCII ': '\n"},
    {"text: Abc\n", "E3030 1:7 text cannot be 'Abc' -> write small letters\n"},
    {"text: \"a\\nb\"\n", "E3030 1:7 text cannot be 'a...' -> write small letters\n"},
    {"text:\n", "E3022 1:1 text has no value -> give it a value, or remove the key\n"},
    {"text: ~\n", "E3022 1:1 text has no value -> give it a value, or remove the key\n"},
    {"text: {}\n", "E3022 1:7 text must be a single value -> write one value without brackets\n"},
    {"text: abc\nword: gren\n", "E3032 2:7 word cannot be 'gren' -> did you mean 'green'?\n"},
    {"text: abc\nword: mauve\n",
     "E3032 2:7 word cannot be 'mauve' -> write one of: red, green, blue\n"},
    {"text: abc\ncount: 1\n",
     "E3031 2:8 count is 1, less than 2 -> write a value from 2 to 1000\n"},
    {"text: abc\ncount: 1001\n",
     "E3031 2:8 count is 1001, more than 1000 -> write a value from 2 to 1000\n"},
    {"text: abc\ncount: 5x\n",
     "E3030 2:8 count cannot be '5x' -> write a whole number, for example 8\n"},
    {"text: abc\ncount: 1e3\n",
     "E3030 2:8 count cannot be '1e3' -> write a whole number, for example 8\n"},
    {"text: abc\ncount: 1000000000000000000\n",
     "E3030 2:8 count cannot be '1000000000000000000' -> write a whole number, for example 8\n"},
    {"text: abc\nshare: 0.5\n",
     "E3030 2:8 share cannot be '0.5' -> write a percentage with its sign, for example 30%\n"},
    {"text: abc\nshare: 130%\n",
     "E3031 2:8 share is 130%, more than 100% -> write a value from 0% to 100%\n"},
    {"text: abc\ntime: 30min\n", "E3031 2:7 time is 30min, less than 1h -> write a larger value\n"},
    {"text: abc\nbox: {plain: 0}\n",
     "E3031 2:14 box.plain is 0, but must be above 0 -> write a value above 0, at most 2.5\n"},
    {"text: abc\nbox: {plain: 2.6}\n",
     "E3031 2:14 box.plain is 2.6, more than 2.5 -> write a value above 0, at most 2.5\n"},
    {"text: abc\nbox: {flag: yes}\n",
     "E3032 2:13 box.flag cannot be 'yes' -> write one of: true, false\n"},
    {"text: abc\nbox: 5\n", "E3022 2:6 box must hold keys and values -> write {key: value}, or one "
                            "'key: value' a line, indented below it\n"},
    {"text: abc\nbox:\n", "E3022 2:1 box must hold keys and values -> write {key: value}, or one "
                          "'key: value' a line, indented below it\n"},
    {"text: abc\nset: red\n", "E3022 2:6 set must be a list -> write [red]\n"},
    {"text: abc\nset: {a: b}\n",
     "E3022 2:6 set must be a list -> write [a, b], or one '- a' a line, indented below it\n"},
    {"text: abc\nset: []\n", "E3022 2:1 set is empty -> write at least one entry\n"},
    {"text: abc\nset: [red, pink, red]\n",
     "E3032 2:12 set cannot be 'pink' -> write one of: red, green, blue\n"
     "E3010 2:18 set holds 'red' twice -> delete one of the two\n"},
    {"text: abc\nparts: {pq: {length: 1h}, r: {}, s: {length: 3d}}\n",
     "E3030 2:9 'pq' cannot be a name in parts (names stand in paths, in files and in other "
     "programs) -> write one letter\n"
     "E3021 2:27 the key 'length' is missing in parts.r -> add 'length: ...'\n"
     "E3031 2:46 parts.s.length is 3d, more than 48h -> write a value from 0.5h to 48h\n"},
    {"text: abc\nlist: []\n", "E3022 2:1 list is empty -> write at least one entry\n"},
    {"text: abc\nlist: [5]\n",
     "E3030 2:8 list.0 cannot be '5' -> write a length of time with its unit, for example 90min\n"},
};

static void test_messages(void)
{
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        struct arena *a = arena_new();
        struct thing t = {0};
        same(read_thing(&t, messages[i][0], a), messages[i][1], messages[i][0]);
        same(read_thing(NULL, messages[i][0], a), messages[i][1], "the same when only checked");
        arena_free(a);
    }
}

static void test_schema(void)
{
    struct arena *a = arena_new();
    struct node *out = node_new(NODE_MAP, a);
    fields_schema(thing_fields, out, a);
    static const char *const values[][2] = {
        {"type", "object"},
        {"additionalProperties", "false"},
        {"required.0", "text"},
        {"properties.text.pattern", "^[a-z]+$"},
        {"properties.count.type", "integer"},
        {"properties.count.minimum", "2"},
        {"properties.count.maximum", "1000"},
        {"properties.seed.default", "-7"},
        {"properties.share.$ref", "#/definitions/percent"},
        {"properties.colour.enum.2", "blue"},
        {"properties.colour.default", "green"},
        {"properties.set.items.enum.0", "red"},
        {"properties.set.minItems", "1"},
        {"properties.set.uniqueItems", "true"},
        {"properties.set.default.1", "blue"},
        {"properties.box.properties.plain.exclusiveMinimum", "0"},
        {"properties.box.properties.plain.description", "Plain."},
        {"properties.box.properties.flag.type", "boolean"},
        {"properties.parts.propertyNames.pattern", "^[a-z]$"},
        {"properties.parts.additionalProperties.required.0", "length"},
        {"properties.list.items.$ref", "#/definitions/duration"}};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        const struct node *n = node_find(out, values[i][0]);
        same(n ? n->text : NULL, values[i][1], values[i][0]);
    }
    gsl_test(node_find(out, "properties.seed.default")->quoted ||
                 !node_find(out, "properties.colour.default")->quoted,
             "numbers are numbers, words are strings");
    arena_free(a);
}

int main(void)
{
    test_values();
    test_defaults();
    test_messages();
    test_schema();
    return gsl_test_summary();
}
