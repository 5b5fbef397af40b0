/* What is said of answers of the vendor's API that cannot be taken, of the rows that are left out, and of books of one's own that an
 * import would spoil: each text word by word. tests/pricing/test_import.c has the answers themselves. */
#include "pricing/user_book.h"
#include "tests/common/findings.h"
#include <gsl/gsl_test.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct trial {
    struct arena *arena;
    struct diag diag;
    struct price_book *book;
    struct imported in;
    enum err code;
};

static moment_t today(void)
{
    moment_t day = 0;
    moment_parse(&day, "2026-10-01");
    return day;
}

static void trial_start(struct trial *t)
{
    *t = (struct trial){.arena = arena_new()};
    t->diag.arena = t->arena;
    const struct book_sources builtin = {.builtin = true};
    const enum err code = price_book_load(&t->book, &builtin, today(), 1e6, t->arena, &t->diag);
    gsl_test(code != OK, "the built-in book loads");
    t->in = (struct imported){.arena = t->arena, .date = "2026-10-01"};
}

static void file_write(const char *path, const char *text)
{
    FILE *out = fopen(path, "w");
    fputs(text, out);
    fclose(out);
}

static void trial_read(struct trial *t, const char *text, const char *const *request)
{
    trial_start(t);
    file_write("answer.json", text);
    t->code = import_read(&t->in, "answer.json", request, t->book, &t->diag);
}

#define LIST(rows, more)   "{\"pricingInfo\":{" rows "}," more "}"
#define LISTED(key, terms) "\"cn-beijing::" key "\":{" terms "}"
#define HOUR(price)        "\"hours\":[{\"price\":\"" price "\",\"period\":\"1\"}]"
#define ASKED(members, price)                                                                      \
    "{\"request\":{\"RegionId\":\"cn-beijing\",\"InstanceType\":\"ecs.c7.large\"," members         \
    "},\"response\":{\"PriceInfo\":{\"Price\":{\"Currency\":\"CNY\",\"TradePrice\":" price "}}}}"
#define ADVICE(members)                                                                            \
    "{\"AvailableSpotZones\":{\"AvailableSpotZone\":[{\"AvailableSpotResources\":"                 \
    "{\"AvailableSpotResource\":[{\"InstanceType\":\"ecs.c7.large\"" members "}]}"
#define STOCK(status, type)                                                                        \
    "{\"AvailableZones\":{\"AvailableZone\":[{\"ZoneId\":\"cn-beijing-h\",\"AvailableResources\":" \
    "{\"AvailableResource\":[{\"Type\":\"" type                                                    \
    "\",\"SupportedResources\":{\"SupportedResource\":[{\"Value\":\"ecs.c7.large\",\"Status\":"    \
    "\"" status "\"}]}}]}}]}}"

/* clang-format off */
static const struct {
    const char *name, *text, *what; /* the only warning; its remedy is the same for all */
} refused[] = {
    {"a key of four parts", LIST("\"cn-beijing::ecs.c7.large::vpc::linux\":{" HOUR("1") "}", "\"currency\":\"CNY\""),
     "\"cn-beijing::ecs.c7.large::vpc::linux\" is not region::type::network::system::optimised"},
    {"a day that is none", LIST(LISTED("ecs.c7.large::vpc::linux::optimized", HOUR("1")), "\"currency\":\"CNY\",\"publicationDate\":\"last week\""),
     "\"last week\" is no day such as 2026-01-31"},
    {"a currency the book does not know", LIST(LISTED("ecs.c7.large::vpc::linux::optimized", HOUR("1")), "\"currency\":\"EUR\""),
     "prices in \"EUR\" cannot be used: give CNY or USD"},
    {"a term of a week", "[" ASKED("\"PriceUnit\":\"Week\",\"Period\":1", "70") "]",
     "a term of 1 Week has no place in a price book, which knows a month and a year"},
    {"half a machine", "[" ASKED("\"PriceUnit\":\"Hour\",\"Amount\":\"0.5\"", "7") "]",
     "\"0.5\" is no number of machines or of periods"},
    {"nothing to pay", "[" ASKED("\"PriceUnit\":\"Hour\"", "0") "]", "the price of ecs.c7.large is zero"},
    {"a band of words", ADVICE(",\"InterruptRateDesc\":\"seldom\"") ",\"ZoneId\":\"cn-beijing-h\"}]}}",
     "\"seldom\" is no band of interruptions, such as 3-5%"},
    {"more than the price", ADVICE(",\"AverageSpotDiscount\":120") ",\"ZoneId\":\"cn-beijing-h\"}]}}",
     "AverageSpotDiscount 120 is no percentage of a price"},
    {"advice for nowhere", ADVICE("") "}]}}", "machines without a zone"},
    {"a name with a blank", "{\"AvailableZones\":{\"AvailableZone\":[{\"ZoneId\":\"cn beijing h\"}]}}",
     "ZoneId \"cn beijing h\" is no name"},
    {"an odd state", STOCK("Plenty", "InstanceType"), "\"Plenty\" is no state of a stock"},
    {"a card of somebody else",
     "{\"InstanceTypes\":{\"InstanceType\":[{\"InstanceTypeId\":\"ecs.x1.large\",\"CpuCoreCount\":4,\"MemorySize\":16,"
     "\"GPUAmount\":1,\"GPUSpec\":\"Nobody Z1\"}]}}",
     "ecs.x1.large has a GPU the book does not know: \"Nobody Z1\""},
};

static const struct {
    const char *name, *text, *reason;
} skipped[] = {
    {"windows", LIST(LISTED("ecs.c7.large::vpc::windows::optimized", HOUR("1")), "\"currency\":\"CNY\""),
     "prices of other systems and networks"},
    {"three years", LIST(LISTED("ecs.c7.large::vpc::linux::optimized", "\"years\":[{\"price\":\"9\",\"period\":\"3\"}]"), "\"currency\":\"CNY\""),
     "prices of terms other than a month and a year"},
    {"a type of nobody", LIST(LISTED("ecs.nobody.large::vpc::linux::optimized", HOUR("1")), "\"currency\":\"CNY\""),
     "prices of types the book does not know"},
    {"free", LIST(LISTED("ecs.c7.large::vpc::linux::optimized", HOUR("0")), "\"currency\":\"CNY\""), "prices of zero"},
    {"unknown to others", "{\"cn-beijing\":{\"instanceTypePrices\":{\"ecs.c7.large\":{\"onDemandPricePerHour\":0}}}}",
     "prices that are unknown (0)"},
    {"a disk", "[" ASKED("\"PriceUnit\":\"Hour\",\"ResourceType\":\"disk\"", "7") "]", "prices of something that is no machine"},
    {"the old network",
     "{\"Currency\":\"CNY\",\"SpotPrices\":{\"SpotPriceType\":[{\"InstanceType\":\"ecs.c7.large\",\"ZoneId\":\"cn-beijing-h\","
     "\"NetworkType\":\"classic\",\"Timestamp\":\"2026-09-30T07:00:00Z\",\"SpotPrice\":1.5}]}}",
     "prices of the classic network"},
    {"stock of disks", STOCK("Available", "SystemDisk"), "stock of something that is no machine"},
};
/* clang-format on */

static void test_refused(void)
{
    for (size_t k = 0; k < sizeof refused / sizeof *refused; k++) {
        struct trial t;
        trial_read(&t, refused[k].text, NULL);
        const struct finding *f = t.diag.first;
        gsl_test_int((int)t.code, OK, "%s: the rest is read", refused[k].name);
        gsl_test_str(f ? f->what : "", refused[k].what, "%s", refused[k].name);
        gsl_test_str(f && f->fix ? f->fix : "",
                     "the row is left out; fetch the answer again, or enter the price by hand",
                     "%s: remedy", refused[k].name);
        gsl_test_int((int)t.in.n_refused, 1, "%s: once", refused[k].name);
        gsl_test(t.in.n_prices + t.in.n_stocks + t.in.n_types + t.in.n_advices != 0,
                 "%s: nothing is taken", refused[k].name);
        arena_free(t.arena);
    }
}

static void test_skipped(void)
{
    for (size_t k = 0; k < sizeof skipped / sizeof *skipped; k++) {
        struct trial t;
        trial_read(&t, skipped[k].text, NULL);
        gsl_test_int((int)t.code, OK, "%s: the rest is read", skipped[k].name);
        gsl_test_str(findings_text(&t.diag), "", "%s: no finding", skipped[k].name);
        gsl_test_str(t.in.n_skipped == 1 ? t.in.skipped[0].reason : "", skipped[k].reason, "%s",
                     skipped[k].name);
        gsl_test(t.in.n_prices + t.in.n_samples + t.in.n_stocks != 0, "%s: nothing is taken",
                 skipped[k].name);
        arena_free(t.arena);
    }
}

static void test_request(void)
{
    struct trial t;
    const char *const request[] = {"RegionId", NULL};
    trial_read(&t, "{}", request);
    gsl_test_int((int)t.code, ERR_OPTION_VALUE, "a question without a value");
    gsl_test_str(findings_text(&t.diag),
                 "E1004 0:0 --request RegionId is not NAME=VALUE -> write --request "
                 "RegionId=cn-shanghai, as in the call of the API\n",
                 "a question without a value");
    arena_free(t.arena);
}

static void test_depth(void)
{
    struct trial t;
    char text[402];
    memset(text, '[', 400);
    text[400] = '\n';
    text[401] = '\0';
    trial_read(&t, text, NULL);
    gsl_test_int((int)t.code, ERR_JSON, "brackets without end");
    gsl_test_str(findings_text(&t.diag),
                 "E2100 1:65 JSON nests more than 64 deep here -> give the answer of the API as it "
                 "came\n",
                 "brackets without end");
    arena_free(t.arena);
}

/* --- history.csv --- */

#define HISTORY_HEADER "instance_type,zone,time,spot,on_demand,currency\n"
#define HISTORY_ROW    HISTORY_HEADER "ecs.c7.large,cn-beijing-h,"

static void test_history(void)
{
    static const struct {
        const char *text, *findings;
    } cases[] = {
        {HISTORY_ROW "yesterday,0.2,0.4,CNY\n",
         "E2103 2:27 \"yesterday\" is no time such as 2026-01-31T06:00:00Z -> \n"},
        {HISTORY_ROW "2026-09-30T06:00:00Z,cheap,0.4,CNY\n",
         "E2103 2:48 \"cheap\" is no price -> \n"},
        {HISTORY_ROW "2026-09-30T06:00:00Z,0.2,-1,CNY\n", "E2103 2:52 \"-1\" is no price -> \n"},
        {HISTORY_ROW "2026-09-30T06:00:00Z,0.2,0.4,EUR\n",
         "E2103 2:56 prices in \"EUR\" cannot be used: give CNY or USD -> \n"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct arena *a = arena_new();
        struct diag d = {.arena = a};
        struct history h;
        file_write("history.csv", cases[k].text);
        gsl_test_int((int)history_read(&h, "history.csv", a, &d), ERR_IMPORT_VALUE, "row %zu", k);
        gsl_test_str(findings_text(&d), cases[k].findings, "row %zu", k);
        arena_free(a);
    }
}

/* --- the user's book --- */

static void test_book_header(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct user_book *b;
    mkdir("book", 0700);
    file_write("book/stock.csv",
               "start,name,place,available,why\n2026-10-01,x,cn-beijing,0,sold\n");
    gsl_test_int((int)user_book_read(&b, "book", a, &d), ERR_CSV_HEADER, "a column of one's own");
    gsl_test_str(findings_text(&d),
                 "E2004 2:1 stock.csv has a column \"why\" that an import would lose -> take the "
                 "column out, or import into another folder with --book\n",
                 "a column of one's own");
    unlink("book/stock.csv");
    rmdir("book");
    arena_free(a);
}

static void test_book_folder(void)
{
    struct trial t;
    struct user_book *b;
    trial_read(&t, STOCK("SoldOut", "InstanceType"), NULL);
    gsl_test_int((int)user_book_read(&b, "/no/such/book", t.arena, &t.diag), OK, "no book yet");
    user_book_merge(b, &t.in, t.book);
    gsl_test_int((int)user_book_write(b, today(), &t.diag), ERR_OUTPUT,
                 "a folder that cannot be made");
    gsl_test_str(
        findings_text(&t.diag),
        "E7001 0:0 \"/no/such/book\" cannot be made: No such file or directory -> check the "
        "folder, the rights and the free space, then run again\n",
        "a folder that cannot be made");
    arena_free(t.arena);
}

static void test_book_merge(void)
{
    struct trial t;
    trial_read(&t, ADVICE("") ",\"ZoneId\":\"cn-beijing-h\"}]}}", NULL);
    struct user_book *b;
    gsl_test_int((int)user_book_read(&b, "none", t.arena, &t.diag), OK, "no book yet");
    user_book_merge(b, &t.in, t.book);
    gsl_test_str(t.in.n_skipped ? t.in.skipped[0].reason : "",
                 "advice on machines whose spot price is not in the book: import "
                 "DescribeSpotPriceHistory first",
                 "advice without a price");
    arena_free(t.arena);
    static const char *const names[N_ROW_CHANGES] = {"added", "changed", "same",
                                                     "older than the book's", "as built in"};
    for (enum row_change c = 0; c < N_ROW_CHANGES; c++)
        gsl_test_str(row_change_name(c), names[c], "what became of a row");
}

int main(void)
{
    char folder[] = "/tmp/test_import_messages_XXXXXX";
    gsl_test(!mkdtemp(folder) || chdir(folder) != 0, "a folder for the test");
    test_refused();
    test_skipped();
    test_request();
    test_depth();
    test_history();
    test_book_header();
    test_book_folder();
    test_book_merge();
    unlink("answer.json");
    unlink("history.csv");
    gsl_test(chdir("/") != 0 || rmdir(folder) != 0, "nothing is left behind");
    return gsl_test_summary();
}
