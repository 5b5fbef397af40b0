#include "common/csv.h"
#include "tests/common/printed.h"
#include <stdint.h>
#include <string.h>
#include <unistd.h>

static const struct csv_column columns[] = {{"id", true}, {"gpu_hours", true}, {"priority", false}};
enum { ID, GPU_HOURS, PRIORITY, N_COLUMNS };

/* What a reader of rows saw, and which answers it gives. */
struct seen {
    struct arena *arena;
    struct diag *diag;
    const char *rows;   /* "line:id|gpu_hours|priority;" for each row */
    const char *refuse; /* the id to complain about, or NULL */
    enum err refusal;
    size_t place_of; /* the column to complain about */
};

static enum err see(const struct csv_row *row, void *context)
{
    struct seen *s = context;
    s->rows = arena_printf(s->arena, "%s%zu:%s|%s|%s;", s->rows, row->line, row->field[ID],
                           row->field[GPU_HOURS], row->field[PRIORITY]);
    if (!s->refuse || strcmp(row->field[ID], s->refuse) != 0) return OK;
    diag_error(s->diag, s->refusal, csv_place(row, s->place_of), "odd");
    diag_fix(s->diag, "mend it");
    return s->refusal;
}

static enum err read_bytes(const char *text, size_t bytes, struct seen *s)
{
    s->rows = "";
    return csv_read_text("jobs.csv", text, bytes, columns, N_COLUMNS, see, s, s->arena, s->diag);
}

static void test_accepted(void)
{
    static const struct {
        const char *text, *rows, *name;
    } cases[] = {
        {"id,gpu_hours,priority\na,2.385,3\n", "2:a|2.385|3;", "plain"},
        {"id,gpu_hours\na,2.385\n", "2:a|2.385|;", "an absent optional column"},
        {"priority,x,gpu_hours,id\n3,y,2.385,a\n", "2:a|2.385|3;", "any order, more columns"},
        {"id,gpu_hours\na,2.385", "2:a|2.385|;", "no line end at the end"},
        {"id,gpu_hours\n", "", "no rows"},
        {"id,gpu_hours", "", "a header without line end"},
        {"id,gpu_hours\r\na,2.385\r\nb,1\r\n", "2:a|2.385|;3:b|1|;", "CRLF"},
        {"\xef\xbb\xbfid,gpu_hours\na,1\n", "2:a|1|;", "byte-order mark"},
        {"\xef\xbb\xbf\"id\",gpu_hours\na,1\n", "2:a|1|;", "byte-order mark and quote"},
        {"# jobs\n#, \"\n\nid,gpu_hours\n#a,1\n", "5:#a|1|;", "comments only before the header"},
        {"\n  \nid,gpu_hours\n\na,1\n\t\n\r\nb,2\n\n", "5:a|1|;8:b|2|;", "blank lines"},
        {"id,gpu_hours\n a\t,  b c  \n", "2:a|b c|;", "blanks around fields"},
        {"id,gpu_hours\n\"a\",\"2,5\"\n", "2:a|2,5|;", "quotes"},
        {"id,gpu_hours\n \"a\" , \" b \" \n", "2:a| b |;", "blanks outside and inside quotes"},
        {"id,gpu_hours\n\"say \"\"a\"\"\",\"\"\"\"\n", "2:say \"a\"|\"|;", "doubled quotes"},
        {"id,gpu_hours\n\"a\nb\",1\nc,2\n", "2:a\nb|1|;4:c|2|;", "a line end inside quotes"},
        {"id,gpu_hours\n\"a\r\nb\",1\r\nc,2", "2:a\r\nb|1|;4:c|2|;", "CRLF inside quotes"},
        {"id,gpu_hours,priority\n,,\n\"\",\"\",\n", "2:||;3:||;", "empty fields"},
        {"id,gpu_hours,priority\na,1,", "2:a|1|;", "an empty field at the very end"},
        {"id,,gpu_hours,\na,x,1,y\n", "2:a|1|;", "columns without a name"},
        {"\"id\",\"gpu_hours\"\n\u663e\u5361,1\n", "2:\u663e\u5361|1|;", "Chinese"},
        {" id , gpu_hours \na,1\n", "2:a|1|;", "blanks around names"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_new();
        struct diag d = {.arena = a};
        struct seen s = {.arena = a, .diag = &d};
        const enum err code = read_bytes(cases[i].text, strlen(cases[i].text), &s);
        gsl_test_int(code, OK, "%s: accepted", cases[i].name);
        gsl_test_str(s.rows, cases[i].rows, "%s: rows", cases[i].name);
        expect_printed(&d, "", cases[i].name);
        arena_free(a);
    }
}

#define WHY_ENCODING "  why: names and numbers would be read as other characters than you wrote\n"
#define FIX_ENCODING                                                                               \
    "  fix: save the file again as UTF-8 text (in Excel: \"CSV UTF-8\")   (see `gpumix help "      \
    "E2001`)\n"
#define WHY_QUOTE "  why: everything behind it could end up in the wrong field\n"
#define FIX_QUOTE                                                                                  \
    "  fix: put the whole field in quotes and write each quote inside it twice   (see `gpumix "    \
    "help E2002`)\n"
#define WHY_FIELDS    "  why: its values could belong to other columns than you meant\n"
#define WHY_HEADER    "  why: columns are found by their names, never by their order\n"
#define WHY_SEPARATOR "  why: every row would be read as one long field\n"
#define FIX_SEPARATOR                                                                              \
    "  fix: save the file with commas between the fields   (see `gpumix help E2005`)\n"
#define WHY_LINE_END "  why: rows could be joined or split in other places than you see\n"

struct refused {
    const char *text;
    size_t bytes; /* 0: up to the NUL */
    enum err code;
    const char *rows, *message, *name;
};

static void test_refused(const struct refused *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct arena *a = arena_new();
        struct diag d = {.arena = a};
        struct seen s = {.arena = a, .diag = &d};
        const size_t bytes = cases[i].bytes ? cases[i].bytes : strlen(cases[i].text);
        const enum err code = read_bytes(cases[i].text, bytes, &s);
        gsl_test_int(code, cases[i].code, "%s: code", cases[i].name);
        gsl_test_str(s.rows, cases[i].rows, "%s: rows read", cases[i].name);
        expect_printed(&d, cases[i].message, cases[i].name);
        arena_free(a);
    }
}

static void test_encodings(void)
{
    static const struct refused cases[] = {
        {"\xff\xfei\0d\0,\0", 8, ERR_CSV_ENCODING, "",
         "jobs.csv: error[E2001]: the file is UTF-16 text, not UTF-8\n" WHY_ENCODING FIX_ENCODING,
         "UTF-16 with mark"},
        {"\xfe\xff\0i\0d", 6, ERR_CSV_ENCODING, "",
         "jobs.csv: error[E2001]: the file is UTF-16 text, not UTF-8\n" WHY_ENCODING FIX_ENCODING,
         "UTF-16, high byte first"},
        {"i\0d\0,\0g\0", 8, ERR_CSV_ENCODING, "",
         "jobs.csv: error[E2001]: the file is UTF-16 text, not UTF-8\n" WHY_ENCODING FIX_ENCODING,
         "UTF-16 without mark"},
        {"id,gpu_hours\na,1.5\0garbage\n", 26, ERR_CSV_ENCODING, "",
         "jobs.csv:2:6: error[E2001]: a NUL byte stands in the text\n"
         "     2 | a,1.5\\x00garbage\n"
         "       |      ^~~~\n" WHY_ENCODING FIX_ENCODING,
         "NUL"},
        {"id,gpu_hours\n\u663e\u5361,\xe6\x98\n", 0, ERR_CSV_ENCODING, "",
         "jobs.csv:2:4: error[E2001]: the text is neither UTF-8 nor GB18030\n"
         "     2 | \u663e\u5361,\\xe6\\x98\n"
         "       |      ^~~~\n" WHY_ENCODING FIX_ENCODING,
         "damaged UTF-8"},
        {"\xef\xbb\xbfid,gpu_hours\n\xb2\xe2,1\n", 0, ERR_CSV_ENCODING, "",
         "jobs.csv:2:1: error[E2001]: the text is neither UTF-8 nor GB18030\n"
         "     2 | \\xb2\\xe2,1\n"
         "       | ^~~~\n" WHY_ENCODING FIX_ENCODING,
         "a byte-order mark that promises UTF-8"},
        {"id,gpu_hours\n\xff\xff,1\n", 0, ERR_CSV_ENCODING, "",
         "jobs.csv:2:1: error[E2001]: the text is neither UTF-8 nor GB18030\n"
         "     2 | \\xff\\xff,1\n"
         "       | ^~~~\n" WHY_ENCODING FIX_ENCODING,
         "neither"},
        {"id,gpu_hours\na,1\n\xcf\xd4\xbf\xa8,2\n", 0, OK, "2:a|1|;3:\u663e\u5361|2|;",
         "jobs.csv:3:1: warning[E2001]: the file is not UTF-8 text and was read as GB18030\n"
         "     3 | \u663e\u5361,2\n"
         "       | ^~\n" WHY_ENCODING
         "  fix: check the characters shown, and save the file as UTF-8 text   (see `gpumix help "
         "E2001`)\n",
         "GB18030"},
        {"id,gpu_hours\na,1\rb,2\n", 0, ERR_CSV_LINE_END, "",
         "jobs.csv:2:4: error[E2007]: a carriage return stands without a line feed\n"
         "     2 | a,1\\x0db,2\n"
         "       |    ^~~~\n" WHY_LINE_END
         "  fix: save the file with LF or CRLF line ends   (see `gpumix help E2007`)\n",
         "lone CR"},
    };
    test_refused(cases, sizeof cases / sizeof *cases);
}

static void test_quotes(void)
{
    static const struct refused cases[] = {
        {"id,gpu_hours\na,1\nb\"c\",2\nd,3\n", 0, ERR_CSV_QUOTE, "2:a|1|;",
         "jobs.csv:3:2: error[E2002]: a quote stands inside a field that does not begin with one\n"
         "     3 | b\"c\",2\n"
         "       |  ^\n" WHY_QUOTE FIX_QUOTE,
         "a quote inside"},
        {"id,gpu_hours\n\u663e\"c\",2\n", 0, ERR_CSV_QUOTE, "",
         "jobs.csv:2:2: error[E2002]: a quote stands inside a field that does not begin with one\n"
         "     2 | \u663e\"c\",2\n"
         "       |   ^\n" WHY_QUOTE FIX_QUOTE,
         "a quote behind a double-width letter"},
        {"id,gpu_hours\n\"b\"c,2\n", 0, ERR_CSV_QUOTE, "",
         "jobs.csv:2:4: error[E2002]: text stands behind the closing quote of a field\n"
         "     2 | \"b\"c,2\n"
         "       |    ^\n" WHY_QUOTE
         "  fix: write each quote inside the field twice, or put a comma behind the field   (see "
         "`gpumix help E2002`)\n",
         "text behind"},
        {"id,gpu_hours\n\"a\nb\" \"c\",2\n", 0, ERR_CSV_QUOTE, "",
         "jobs.csv:3:4: error[E2002]: text stands behind the closing quote of a field\n"
         "     3 | b\" \"c\",2\n"
         "       |    ^\n" WHY_QUOTE
         "  fix: write each quote inside the field twice, or put a comma behind the field   (see "
         "`gpumix help E2002`)\n",
         "a second quoted part, on the second line of a row"},
        {"id,gpu_hours\na,1\n\"b,2\nc,3\n", 0, ERR_CSV_QUOTE, "2:a|1|;",
         "jobs.csv:3:1: error[E2002]: the quote that opens here is never closed\n"
         "     3 | \"b,2\n"
         "       | ^\n" WHY_QUOTE
         "  fix: close the field with a quote   (see `gpumix help E2002`)\n",
         "never closed"},
    };
    test_refused(cases, sizeof cases / sizeof *cases);
}

static void test_rows(void)
{
    static const struct refused cases[] = {
        {"id,gpu_hours\na,3,45\nb,1\nc\n", 0, ERR_CSV_FIELDS, "3:b|1|;",
         "jobs.csv:2:5: error[E2003]: the row has 3 fields, the header has 2\n"
         "     2 | a,3,45\n"
         "       |     ^~\n" WHY_FIELDS
         "  fix: put a field that holds commas in quotes   (see `gpumix help E2003`)\n"
         "jobs.csv:4:1: error[E2003]: the row has 1 field, the header has 2\n"
         "     4 | c\n"
         "       | ^\n" WHY_FIELDS
         "  fix: write a comma for every field, also for an empty one   (see `gpumix help "
         "E2003`)\n",
         "ragged rows"},
        {"", 0, ERR_CSV_HEADER, "",
         "jobs.csv: error[E2004]: the file is empty\n" WHY_HEADER
         "  fix: begin the file with a line that names its columns   (see `gpumix help E2004`)\n",
         "empty"},
        {"# only a comment\n\n", 0, ERR_CSV_HEADER, "",
         "jobs.csv: error[E2004]: the file has no line with column names\n" WHY_HEADER
         "  fix: begin the file with a line that names its columns   (see `gpumix help E2004`)\n",
         "only comments"},
        {"name,gpu-hours\na,1\n", 0, ERR_CSV_HEADER, "",
         "jobs.csv:1:1: error[E2004]: column \"id\" is missing\n"
         "     1 | name,gpu-hours\n"
         "       | ^~~~~~~~~~~~~~\n" WHY_HEADER
         "  fix: add a column named \"id\"   (see `gpumix help E2004`)\n"
         "jobs.csv:1:6: error[E2004]: column \"gpu_hours\" is missing\n"
         "     1 | name,gpu-hours\n"
         "       |      ^~~~~~~~~\n" WHY_HEADER
         "  fix: if \"gpu-hours\" is meant, rename it to \"gpu_hours\"   (see `gpumix help "
         "E2004`)\n",
         "missing columns"},
        {"id,gpu_hours,prioirty\na,1,2\n", 0, OK, "2:a|1|;",
         "jobs.csv:1:14: warning[E2004]: column \"prioirty\" is not read\n"
         "     1 | id,gpu_hours,prioirty\n"
         "       |              ^~~~~~~~\n" WHY_HEADER
         "  fix: if \"priority\" is meant, rename it   (see `gpumix help E2004`)\n",
         "a misspelt optional column"},
        {"id,gpu_hours,\"id\",x,x\na,1,b,2,3\n", 0, ERR_CSV_HEADER, "",
         "jobs.csv:1:14: error[E2004]: column \"id\" stands twice in the header\n"
         "     1 | id,gpu_hours,\"id\",x,x\n"
         "       |              ^~~~\n" WHY_HEADER
         "  fix: rename or delete one of them; the other is at 1:1   (see `gpumix help E2004`)\n"
         "jobs.csv:1:21: error[E2004]: column \"x\" stands twice in the header\n"
         "     1 | id,gpu_hours,\"id\",x,x\n"
         "       |                     ^\n" WHY_HEADER
         "  fix: rename or delete one of them; the other is at 1:19   (see `gpumix help E2004`)\n",
         "columns twice"},
        {"id;gpu_hours\na;1\n", 0, ERR_CSV_SEPARATOR, "",
         "jobs.csv:1:3: error[E2005]: the fields are separated by semicolons\n"
         "     1 | id;gpu_hours\n"
         "       |   ^\n" WHY_SEPARATOR FIX_SEPARATOR,
         "semicolons"},
        {"# x\nid\tgpu_hours\na\t1\n", 0, ERR_CSV_SEPARATOR, "",
         "jobs.csv:2:3: error[E2005]: the fields are separated by tabs\n"
         "     2 | id      gpu_hours\n"
         "       |   ^~~~~~\n" WHY_SEPARATOR FIX_SEPARATOR,
         "tabs"},
    };
    test_refused(cases, sizeof cases / sizeof *cases);
}

#define WHY_LIMIT "  why: hostile or broken files must not take all memory\n"

/* Text in front, the same letter n times, text behind. */
static char *repeated(struct arena *a, const char *front, const char *unit, size_t n,
                      const char *behind)
{
    const size_t bytes = strlen(unit);
    char *middle = arena_alloc(a, n * bytes + 1, 1);
    for (size_t i = 0; i < n * bytes; i++) middle[i] = unit[i % bytes];
    return arena_printf(a, "%s%s%s", front, middle, behind);
}

static void test_limits(void)
{
    enum { MOST = 64 << 10 };
    struct arena *a = arena_new();
    const char *head = "id,gpu_hours\n";
    const struct {
        const char *text, *message, *name;
    } cases[] = {
        {repeated(a, "id,gpu_hours\n", "x", MOST, ",1\n"), "", "the longest field"},
        {repeated(a, "id,gpu_hours\n\"", "x", MOST - 2, "\",1\n"), "", "the longest quoted field"},
        {repeated(a, "id,gpu_hours\n", "x", MOST + 1, ",1\n"), "2:1", "a field too long"},
        {repeated(a, "id,gpu_hours\n\"", "x", MOST - 1, "\",1\n"), "2:1", "a quoted one"},
        {repeated(a, "id,gpu_hours\n\"", "x", (size_t)3 * MOST, ",1\n"), "2:1", "one never closed"},
        {repeated(a, "id,gpu_hours\n  \"", "\"\"", MOST, "\",1\n"), "2:3", "doubled quotes"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct diag d = {.arena = a};
        struct seen s = {.arena = a, .diag = &d};
        const bool ok = *cases[i].message == '\0';
        const enum err code = read_bytes(cases[i].text, strlen(cases[i].text), &s);
        gsl_test_int(code, ok ? OK : ERR_CSV_LIMIT, "%s: code", cases[i].name);
        const char *expected = arena_printf(
            a, "jobs.csv:%s: error[E2006]: the field that begins here is longer than 64 KiB\n",
            cases[i].message);
        const char *printed = diag_printed(&d, DIAG_TEXT);
        gsl_test(strncmp(printed, ok ? "" : expected, ok ? 1 : strlen(expected)) != 0,
                 "%s: message", cases[i].name);
        const char *fix =
            "\n" WHY_LIMIT "  fix: shorten the field; if it begins with a quote, its closing quote "
            "may be missing   (see `gpumix help E2006`)\n";
        gsl_test(!ok && !strstr(printed, fix), "%s: reason and remedy", cases[i].name);
    }

    struct diag d = {.arena = a};
    struct seen s = {.arena = a, .diag = &d};
    const char *wide = repeated(a, "id,gpu_hours", ",", 1022, "\n");
    gsl_test_int(read_bytes(wide, strlen(wide), &s), OK, "1,024 columns");
    wide = repeated(a, "id,gpu_hours", ",", 1023, "\n");
    gsl_test_int(read_bytes(wide, strlen(wide), &s), ERR_CSV_LIMIT, "1,025 columns");
    const char *printed = diag_printed(&d, DIAG_TEXT);
    const char *first = "jobs.csv:1:1036: error[E2006]: the row has more than 1,024 fields\n";
    gsl_test(strncmp(printed, first, strlen(first)) != 0, "1,025 columns: message");
    const char *last =
        "\n" WHY_LIMIT
        "  fix: leave out the columns that are not needed   (see `gpumix help E2006`)\n";
    gsl_test(!strstr(printed, last), "1,025 columns: reason and remedy");

    /* many rows whose fields need a larger buffer each time */
    const char *rows = repeated(a, head, "\"12\"\"34\",5\n", 2000, "");
    struct diag many = {.arena = a};
    s = (struct seen){.arena = a, .diag = &many};
    gsl_test_int(read_bytes(rows, strlen(rows), &s), OK, "many rows");
    arena_free(a);
}

static void test_places(void)
{
    static const struct {
        const char *text;
        size_t column;
        const char *message, *name;
    } cases[] = {
        {"id,gpu_hours,priority\n\u663e\u5361, 3 ,\nbad, \"2,5\" ,9\n", GPU_HOURS,
         "jobs.csv:3:6: error[E3001]: odd\n"
         "     3 | bad, \"2,5\" ,9\n"
         "       |      ^~~~~\n",
         "quotes belong to the place"},
        {"gpu_hours,id\n\"\u663e\u5361\n\u663e\u5361\" , bad \n", ID,
         "jobs.csv:3:7: error[E3001]: odd\n"
         "     3 | \u663e\u5361\" , bad \n"
         "       |         ^~~\n",
         "behind a field of two lines"},
        {"id,gpu_hours\nbad,\"a\nb\"\n", GPU_HOURS,
         "jobs.csv:2:5: error[E3001]: odd\n"
         "     2 | bad,\"a\n"
         "       |     ^~\n",
         "a field of two lines"},
        {"id,gpu_hours\r\n\r\nbad,\r\n", GPU_HOURS,
         "jobs.csv:3:5: error[E3001]: odd\n"
         "     3 | bad,\n"
         "       |     ^\n",
         "an empty field"},
        {"id,gpu_hours\n  bad  ,17  ", PRIORITY,
         "jobs.csv:2:3: error[E3001]: odd\n"
         "     2 |   bad  ,17  \n"
         "       |   ^~~~~~~~\n",
         "an absent column: the row"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_new();
        struct diag d = {.arena = a};
        struct seen s = {.arena = a, .diag = &d, .refuse = "bad", .refusal = ERR_FILE};
        s.place_of = cases[i].column;
        gsl_test_int(read_bytes(cases[i].text, strlen(cases[i].text), &s), ERR_FILE,
                     "%s: the code of the row function", cases[i].name);
        const char *printed = diag_printed(&d, DIAG_TEXT), *end = strstr(printed, "  why:");
        gsl_test_str(arena_strndup(a, printed, (size_t)(end - printed)), cases[i].message, "%s",
                     cases[i].name);
        arena_free(a);
    }
}

static enum err count_rows(const struct csv_row *row, void *context)
{
    size_t *n = context;
    ++*n;
    return csv_has_column(row, ID) && !csv_has_column(row, PRIORITY) ? OK : ERR_INTERNAL;
}

static void test_row_errors(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    const char *text = "id,gpu_hours\na,1\nbad,2\nc,3\nbad,4\n";
    struct seen s = {.arena = a, .diag = &d, .refuse = "bad", .refusal = ERR_FILE};
    gsl_test_int(read_bytes(text, strlen(text), &s), ERR_FILE, "the first error is returned");
    gsl_test_str(s.rows, "2:a|1|;3:bad|2|;4:c|3|;5:bad|4|;", "an error does not stop the reading");
    gsl_test_int((int)d.n_errors, 2, "both are found");
    s.refusal = ERR_INTERNAL;
    gsl_test_int(read_bytes(text, strlen(text), &s), ERR_INTERNAL, "an internal error");
    gsl_test_str(s.rows, "2:a|1|;3:bad|2|;", "stops the reading");
    size_t n = 0;
    gsl_test_int(csv_read_text("x", text, strlen(text), columns, N_COLUMNS, count_rows, &n, a, &d),
                 OK, "columns that are there are known");
    gsl_test_int((int)n, 4, "rows");
    arena_free(a);
}

/* Writes a file for one test. */
static char *write_file(struct arena *a, const char *text, size_t bytes)
{
    char *path = arena_strdup(a, "/tmp/test_csv_XXXXXX");
    const int fd = mkstemp(path);
    gsl_test(fd < 0 || write(fd, text, bytes) != (ssize_t)bytes, "a file to read");
    close(fd);
    return path;
}

static void test_files(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct seen s = {.arena = a, .diag = &d, .rows = ""};
    const char text[] = "id,gpu_hours\na,1\nb,2\n";
    const char *path = write_file(a, text, sizeof text - 1);
    gsl_test_int(csv_read(path, columns, N_COLUMNS, NULL, see, &s, a, &d), OK, "a file");
    gsl_test_str(s.rows, "2:a|1|;3:b|2|;", "its rows");

    const struct csv_options exact = {.max_bytes = sizeof text - 1, .max_rows = 2};
    gsl_test_int(csv_read(path, columns, N_COLUMNS, &exact, see, &s, a, &d), OK, "at its limits");
    expect_printed(&d, "", "no finding");
    const struct csv_options fewer_rows = {.max_rows = 1};
    enum err code = csv_read(path, columns, N_COLUMNS, &fewer_rows, see, &s, a, &d);
    gsl_test_int(code, ERR_CSV_LIMIT, "too many rows");
    const struct csv_options fewer_bytes = {.max_bytes = sizeof text - 2};
    code = csv_read(path, columns, N_COLUMNS, &fewer_bytes, see, &s, a, &d);
    gsl_test_int(code, ERR_CSV_LIMIT, "too many bytes");
    expect_printed(&d,
                   arena_printf(a,
                                "%s:3:1: error[E2006]: the file has more than 1 rows\n"
                                "     3 | b,2\n"
                                "       | ^\n" WHY_LIMIT
                                "  fix: split the file, or leave out what is not needed   (see "
                                "`gpumix help E2006`)\n"
                                "%s: error[E2006]: the file has more than 20 bytes\n" WHY_LIMIT
                                "  fix: split the file, or leave out what is not needed   (see "
                                "`gpumix help E2006`)\n",
                                path, path),
                   "limits");
    unlink(path);
    arena_free(a);
}

static void test_unreadable(void)
{
    static const struct {
        const char *path, *reason;
    } cases[] = {
        {"no/such/file.csv", "No such file or directory"},
        {"/", "Is a directory"},
        {"/dev/zero", "Invalid argument"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_new();
        struct diag d = {.arena = a};
        struct seen s = {.arena = a, .diag = &d, .rows = ""};
        gsl_test_int(csv_read(cases[i].path, columns, N_COLUMNS, NULL, see, &s, a, &d), ERR_FILE,
                     "%s", cases[i].path);
        expect_printed(&d,
                       arena_printf(a,
                                    "%s: error[E3001]: the file cannot be read: %s\n"
                                    "  why: without it the plan would rest on nothing\n"
                                    "  fix: check the name of the file and the right to read it   "
                                    "(see `gpumix help E3001`)\n",
                                    cases[i].path, cases[i].reason),
                       cases[i].path);
        arena_free(a);
    }
}

/* A pipe on standard input, longer than one read. */
static void test_standard_input(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    size_t n = 0;
    const char *text = repeated(a, "id,gpu_hours\n", "abcdefghi,17.5\n", 20000, "x\n");
    int ends[2];
    if (pipe(ends) != 0) gsl_test(1, "a pipe");
    if (fork() == 0) {
        const char *at = text;
        for (size_t left = strlen(text); left > 0;) {
            const ssize_t written = write(ends[1], at, left);
            if (written <= 0) _exit(1);
            at += written;
            left -= (size_t)written;
        }
        _exit(0);
    }
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    gsl_test_int(csv_read("-", columns, N_COLUMNS, NULL, count_rows, &n, a, &d), ERR_CSV_FIELDS,
                 "standard input");
    gsl_test_int((int)n, 20000, "all its rows");
    expect_printed(&d,
                   "standard input:20002:1: error[E2003]: the row has 1 field, the header has 2\n"
                   " 20002 | x\n"
                   "       | ^\n" WHY_FIELDS
                   "  fix: write a comma for every field, also for an empty one   (see `gpumix "
                   "help E2003`)\n",
                   "its line can be shown");
    arena_free(a);
}

/* The scan and libcsv agree on any text: 20,000 short files of the characters that matter. */
static void test_agreement(void)
{
    static const char letters[] = "a1,,\"\"\n \t;#\r\n";
    uint64_t state = 42;
    size_t n_internal = 0, n_accepted = 0;
    for (int i = 0; i < 20000; i++) {
        struct arena *a = arena_new();
        struct diag d = {.arena = a};
        struct seen s = {.arena = a, .diag = &d};
        char text[64] = "id,gpu_hours\n";
        size_t n = strlen(text);
        for (const size_t end = n + (size_t)i % 24; n < end; n++) {
            state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            text[n] = letters[(state >> 33) % (sizeof letters - 1)];
        }
        n_accepted += read_bytes(text, n, &s) == OK && *s.rows != '\0';
        n_internal += d.code == ERR_INTERNAL;
        arena_free(a);
    }
    gsl_test_int((int)n_internal, 0, "the scan and libcsv agree");
    gsl_test(n_accepted < 500, "many of the texts were good: %zu", n_accepted);
}

int main(void)
{
    test_accepted();
    test_encodings();
    test_quotes();
    test_rows();
    test_limits();
    test_places();
    test_row_errors();
    test_files();
    test_unreadable();
    test_standard_input();
    test_agreement();
    return gsl_test_summary();
}
