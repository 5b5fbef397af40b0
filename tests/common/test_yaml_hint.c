#include "common/node.h"
#include "common/source.h"
#include "common/yaml_hint.h"
#include "tests/common/findings.h"
#include <gsl/gsl_test.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Every message of the readers, with place, reason and remedy. The file is called plan.yaml. */
/* clang-format off */
static const struct message {
    const char *name, *text;
    const char *findings;
} messages[] = {
    {"wide",
     "version: 1\n"
     "workloads:\n"
     "  a:\n"
     "    kind： training\n"
     "    work: {gpu_hours: 1}\n",
     "E3002 4:9 not valid YAML (full-width colon '：' found; the key and its value run together) -> write 'kind: training' with an ASCII ': '\n"},
    {"tab",
     "version: 1\n"
     "workloads:\n"
     "  a:\n"
     "\tkind: training\n",
     "E3002 4:1 not valid YAML (this line is indented with a tab; YAML counts spaces) -> indent with spaces\n"},
    {"misscolon",
     "version: 1\n"
     "workloads:\n"
     "  a:\n"
     "    kind training\n"
     "    work: {gpu_hours: 1}\n",
     "E3002 4:5 not valid YAML (a ':' seems to be missing after 'kind') -> write 'kind: training'\n"},
    {"nospace",
     "version: 1\n"
     "workloads:\n"
     "  a:\n"
     "    kind:training\n"
     "    work: {gpu_hours: 1}\n",
     "E3002 4:5 not valid YAML (there is no space after ':', so this is one long word and no key) -> write 'kind: training'\n"},
    {"percent",
     "version: 1\n"
     "workloads:\n"
     "  a:\n"
     "    kind: %training\n",
     "E3002 4:11 not valid YAML (a value without quotes cannot start with '%') -> put it in quotes: \"%training\"\n"},
    {"at",
     "version: 1\n"
     "workloads:\n"
     "  a:\n"
     "    kind: [x, @training]\n",
     "E3002 4:15 not valid YAML (a value without quotes cannot start with '@') -> put it in quotes: \"@training\"\n"},
    {"star",
     "version: 1\n"
     "include: [*.yaml]\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n",
     "E3002 2:11 not valid YAML (a value without quotes cannot start with '*') -> put it in quotes: \"*.yaml\"\n"},
    {"quote",
     "version: 1\n"
     "name: \"abc\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n",
     "E3002 2:7 not valid YAML (the quote that opens here is never closed) -> close the quote at the end of the value\n"},
    {"quote2",
     "version: 1\n"
     "name: 'abc\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n",
     "E3002 2:7 not valid YAML (the quote that opens here is never closed) -> close the quote at the end of the value\n"},
    {"bracket",
     "version: 1\n"
     "workloads:\n"
     "  a:\n"
     "    purchase: [spot, on_demand\n"
     "    kind: etl\n",
     "E3002 4:15 not valid YAML (the bracket that opens here is never closed) -> close it with ']' or '}'\n"},
    {"brace",
     "version: 1\n"
     "workloads:\n"
     "  a: {kind: etl, work: {gpu_hours: 1}\n",
     "E3002 3:6 not valid YAML (the bracket that opens here is never closed) -> close it with ']' or '}'\n"},
    {"comma",
     "version: 1\n"
     "workloads:\n"
     "  a: {kind: etl work: {gpu_hours: 1}}\n",
     "E3002 3:21 not valid YAML (a ',' is missing before this, or the bracket closes in another place than meant) -> separate the entries with ', '\n"},
    {"colon2",
     "version: 1\n"
     "name: a: b\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n",
     "E3002 2:8 not valid YAML (a value without quotes cannot hold ': ') -> put the whole value in quotes\n"},
    {"indent",
     "version: 1\n"
     "name: a\n"
     "  currency: CNY\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n",
     "E3002 3:11 not valid YAML (this line is indented deeper than the line above, which has a value already) -> give both lines the same indent, or take the value away from the line above\n"},
    {"dedent",
     "version: 1\n"
     "workloads:\n"
     "    a:\n"
     "        kind: etl\n"
     "      work: {gpu_hours: 1}\n",
     "E3002 5:7 not valid YAML (the indent of this line fits no line above) -> check the indent of this line and of the line above\n"},
    {"anchor",
     "version: 1\n"
     "name: &x a\n"
     "description: *x\n"
     "currency: !!str CNY\n"
     "<<: {name: b}\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n",
     "E3007 2:7 anchors ('&name') are not read -> write the value out, or share it with `templates:` and `extends:`\n"
     "E3007 3:14 aliases ('*name') are not read -> write the value out, or share it with `templates:` and `extends:`\n"
     "E3007 4:11 tags ('!name') are not read -> write the value out, or share it with `templates:` and `extends:`\n"
     "E3007 5:1 merge keys ('<<') are not read -> write the value out, or share it with `templates:` and `extends:`\n"},
    {"dup",
     "version: 1\n"
     "horizon: {start: 2026-12-01, length: 30d}\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n"
     "name: a\n"
     "name: b\n"
     "workloads: {}\n",
     "E3010 8:1 key 'name' is set twice -> it is set first at plan.yaml:7:1; delete one of the two\n"
     "E3010 9:1 key 'workloads' is set twice -> it is set first at plan.yaml:3:1; delete one of the two\n"},
    {"empty",
     "",
     "E3022 0:0 the file is empty -> a scenario starts with 'version: 1' and has 'workloads:'\n"},
    {"text",
     "hello\n",
     "E3022 1:1 the file holds no keys and values -> a scenario starts with 'version: 1' and has 'workloads:'\n"},
    {"list",
     "- a\n"
     "- b\n",
     "E3022 1:1 the file holds no keys and values -> a scenario starts with 'version: 1' and has 'workloads:'\n"},
    {"gbk",
     "version: 1\n"
     "name: \321\265\301\267\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n",
     "E3006 2:8 the file is not UTF-8 text (the bytes look like GBK or GB18030) -> save it as UTF-8, or run: iconv -f GB18030 -t UTF-8 FILE\n"},
    {"latin",
     "version: 1\n"
     "name: \377\376\n",
     "E3006 2:7 the file is not UTF-8 text -> save it as UTF-8\n"},
    {"utf16",
     "\377\376v\000e\000r\000s\000i\000o\000n\000:\000 \0001\000\n"
     "\000w\000o\000r\000k\000l\000o\000a\000d\000s\000:\000\n"
     "\000 \000 \000a\000:\000\n"
     "\000 \000 \000 \000 \000k\000i\000n\000d\000:\000 \000t\000r\000a\000i\000n\000i\000n\000g\000\n"
     "\000 \000 \000 \000 \000w\000o\000r\000k\000:\000 \000{\000g\000p\000u\000_\000h\000o\000u\000r\000s\000:\000 \0001\0000\0000\000}\000\n"
     "\000",
     "E3006 1:1 the file is not UTF-8 text (it starts with the mark of UTF-16) -> save it as UTF-8, or run: iconv -f UTF-16 -t UTF-8 FILE\n"},
    {"nul_escape",
     "version: 1\n"
     "name: \"a\\0b\"\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n",
     "E3002 2:7 not valid YAML (the text holds the character U+0000) -> take the escape out of the text\n"},
    {"ctrl",
     "version: 1\n"
     "name: a\001b\n",
     "E3002 2:8 not valid YAML (the character U+0001 does not belong into a text file) -> delete it, or write it as an escape in double quotes\n"},
    {"ls",
     "version: 1\n"
     "name: a\342\200\250b\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n",
     "E3002 2:8 not valid YAML (the character U+2028 does not belong into a text file) -> delete it, or write it as an escape in double quotes\n"},
    {"cr",
     "version: 1\n"
     "name: a\rb\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n",
     "E3002 2:8 not valid YAML (the character U+000D does not belong into a text file) -> delete it, or write it as an escape in double quotes\n"},
    {"twodocs",
     "version: 1\n"
     "workloads:\n"
     "  a:\n"
     "    kind: training\n"
     "    work: {gpu_hours: 100}\n"
     "---\n"
     "version: 1\n",
     "E3002 6:1 not valid YAML (a second document starts here; a scenario is one document) -> put it into a file of its own\n"},
    {"complexkey",
     "version: 1\n"
     "{a: b}: c\n",
     "E3002 2:1 not valid YAML (a key must be plain text, not a map or a list) -> write 'key: value'; text with brackets needs quotes\n"},
    {"wide_top",
     "version： 1\n",
     "E3002 1:8 not valid YAML (full-width colon '：' found; the key and its value run together) -> write 'version: 1' with an ASCII ': '\n"},
    {"escape",
     "a: \"\\q\"\n",
     "E3002 1:5 not valid YAML (text in double quotes holds an escape here that YAML does not know) -> write \\\\ for a backslash, or use single quotes\n"},
    {"behind",
     "a: {b: c}}\n",
     "E3002 1:10 not valid YAML (the value has ended before this) -> take away what stands behind it, or put the whole value in quotes\n"},
    {"behind_quote",
     "a: 'it's'\n",
     "E3002 1:8 not valid YAML (the value has ended before this) -> take away what stands behind it, or put the whole value in quotes\n"},
    {"reader",
     "a: ]\n",
     "E3002 1:4 not valid YAML (the YAML reader says: did not find expected node content) -> check this line and the line above\n"},
    {"flow_node",
     "a: {b: [}\n",
     "E3002 1:9 not valid YAML (a value or a closing bracket is missing before this) -> write the value, or close the inner bracket first\n"},
    {"wide_item",
     "a:\n"
     "  - b： 1\n"
     "    c: 2\n",
     "E3002 2:6 not valid YAML (full-width colon '：' found; the key and its value run together) -> write 'b: 1' with an ASCII ': '\n"},
    {"tag_map",
     "a: !!map {b: 1}\n"
     "c: &x [1]\n",
     "E3007 1:4 tags ('!name') are not read -> write the value out, or share it with `templates:` and `extends:`\n"
     "E3007 2:4 anchors ('&name') are not read -> write the value out, or share it with `templates:` and `extends:`\n"},
    {"bom_middle",
     "a: \357\273\277b\n",
     "E3002 1:4 not valid YAML (the character U+FEFF does not belong into a text file) -> delete it, or write it as an escape in double quotes\n"},
    {"tab_value",
     "a: b\n"
     "\tc: d\n",
     "E3002 2:1 not valid YAML (this line is indented with a tab; YAML counts spaces) -> indent with spaces\n"},
    {"star_key",
     "*x : 1\n",
     "E3007 1:1 aliases ('*name') are not read -> write the value out, or share it with `templates:` and `extends:`\n"},
    {"wide_long",
     "kind： 训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训训\n"
     "a: b\n",
     "E3002 1:5 not valid YAML (full-width colon '：' found; the key and its value run together) -> write 'kind: 训训训训训训训训训训训训训训训训训训训训训训训训训训' with an ASCII ': '\n"},
};
/* clang-format on */

static char folder[] = "/tmp/gpumix-hint-XXXXXX";

static void write_file(const char *path, const char *text, size_t bytes)
{
    FILE *f = fopen(path, "wb");
    if (f) fwrite(text, 1, bytes, f);
    if (!f || fclose(f) != 0) gsl_test(1, "cannot write %s", path);
}

static void test_messages(void)
{
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        struct arena *a = arena_new();
        struct diag d = {.arena = a};
        const struct source *s = NULL;
        struct node *root = NULL;
        write_file("plan.yaml", messages[i].text, strlen(messages[i].text));
        enum err e = source_read(&s, "plan.yaml", a, &d);
        if (e == OK) e = node_read(&root, s, a, &d);
        gsl_test(e == OK || e != d.code, "%s is refused with the code of the first finding",
                 messages[i].name);
        gsl_test(strcmp(findings_text(&d), messages[i].findings) != 0, "%s: got %s",
                 messages[i].name, findings_text(&d));
        arena_free(a);
    }
}

int main(void)
{
    if (!mkdtemp(folder) || chdir(folder) != 0) return 1;
    test_messages();
    remove("plan.yaml");
    gsl_test(chdir("/") != 0 || rmdir(folder) != 0, "leaves nothing behind");
    return gsl_test_summary();
}
