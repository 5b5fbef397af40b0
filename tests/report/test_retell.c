/* Findings told again in the other language: every message of the program both ways, and what is no message. */
#include "report/retell.h"
#include <gsl/gsl_test.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of the translations in the tree. */
static const struct retell *messages(struct arena *a)
{
    char *mo = NULL;
    size_t bytes = 0, room = 1 << 22;
    FILE *in = popen("msgfmt -o - po/zh_CN.po", "r");
    if (!in) exit(1);
    mo = arena_alloc(a, room, 1);
    bytes = fread(mo, 1, room, in);
    if (pclose(in) != 0) exit(1);
    return retell_read(mo, bytes, a);
}

/* Two messages that are the same in Chinese are told as either in English. */
static bool same_in_chinese(const struct retell *r, const char *told, const char *chinese,
                            struct arena *a)
{
    return strcmp(retell_text(r, told, true, a), chinese) == 0;
}

static void test_every(const struct retell *r)
{
    static const char *const arguments[] = {"17",  "203", "3.5", "41",  "59",  "67",
                                            "7.1", "83",  "97",  "103", "109", "1.13"};
    const size_t n = sizeof arguments / sizeof *arguments, all = retell_count(r);
    size_t wrong = 0;
    for (size_t i = 0; i < all; i++) {
        struct arena *a = arena_new();
        const char *english = retell_message(r, i, false, arguments, n, a);
        const char *chinese = retell_message(r, i, true, arguments, n, a);
        const char *to_english = retell_text(r, chinese, false, a);
        const char *to_chinese = retell_text(r, english, true, a);
        if (strcmp(to_chinese, chinese) != 0)
            wrong++, printf("%s\n  is told as %s\n  not as %s\n", english, to_chinese, chinese);
        if (strcmp(to_english, english) != 0 && !same_in_chinese(r, to_english, chinese, a))
            wrong++, printf("%s\n  is told as %s\n  not as %s\n", chinese, to_english, english);
        arena_free(a);
    }
    gsl_test(wrong > 0, "%zu of %zu messages are not told again as they are", wrong, all);
    gsl_test(all < 2000, "%zu messages", all);
}

static void test_texts(const struct retell *r, struct arena *a)
{
    static const struct {
        const char *english, *chinese;
    } texts[] = {
        {"1089 of 1089 built-in prices are older than 14 days; the oldest is of 2021",
         "内置的 1089 个价格中有 1089 个超过 14 天;最旧的日期是 2021"},
        /* a message inside another */
        {"pretrain.work.gpu_hours 6000, given as 5200 to 7400 (line 21)",
         "pretrain.work.gpu_hours 6000,给定范围 5200 至 7400(第 21 行)"},
        /* names that are words of the program stay what they are, in quotes or not */
        {"chat: checkpoints on the machine's disk at 200 MB/s (no dataset \"checkpoints\")",
         "chat:检查点以 200 MB/s 写到机器磁盘(没有数据集\"checkpoints\")"},
        {"planned: checkpoints on the machine's disk at 200 MB/s (no dataset \"checkpoints\")",
         "planned:检查点以 200 MB/s 写到机器磁盘(没有数据集\"checkpoints\")"},
        {"largest throughput of oss-standard in cn-shenzhen",
         "oss-standard 在 cn-shenzhen 的最大吞吐"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        gsl_test_str(retell_text(r, texts[i].english, true, a), texts[i].chinese, "into Chinese");
        gsl_test_str(retell_text(r, texts[i].chinese, false, a), texts[i].english, "into English");
        gsl_test_str(retell_text(r, texts[i].chinese, true, a), texts[i].chinese,
                     "Chinese already");
        gsl_test_str(retell_text(r, texts[i].english, false, a), texts[i].english,
                     "English already");
    }
}

static void test_others(const struct retell *r, struct arena *a)
{
    static const char *const texts[] = {"",
                                        "<script>x</script>",
                                        "quota.A10-24GB",
                                        "budget.limit",
                                        "Nobody says this about %s and %zu.",
                                        "没有这样的句子,谁也不会这么说"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (int chinese = 0; chinese < 2; chinese++)
            gsl_test_str(retell_text(r, texts[i], chinese, a), texts[i], "no message");
    gsl_test(retell_text(r, NULL, true, a) != NULL, "no text");
    char *long_one = arena_alloc(a, 1 << 20, 1);
    memset(long_one, 'a', (1 << 20) - 1);
    gsl_test_str(retell_text(r, long_one, true, a), long_one, "a megabyte");
    long_one[8000] = '\0';
    gsl_test_str(retell_text(r, long_one, true, a), long_one, "eight kilobytes");
}

/* Whatever is in the file: nothing is read beyond it. */
static void test_broken(struct arena *a)
{
    static const char heads[][29] = {
        "", "\xde\x12\x04\x95", "\xde\x12\x04\x95\0\0\0\0\xff\xff\xff\xff\x1c\0\0\0\x1c\0\0\0",
        "\xde\x12\x04\x95\0\0\0\0\1\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        for (size_t n = 0; n < sizeof heads[i]; n++) {
            char *bytes = malloc(n + 1);
            memcpy(bytes, heads[i], n);
            gsl_test_int((int)retell_count(retell_read(bytes, n, a)), 0, "broken file %zu", i);
            free(bytes);
        }
}

int main(void)
{
    struct arena *a = arena_new();
    const struct retell *r = messages(a);
    test_every(r);
    test_texts(r, a);
    test_others(r, a);
    test_broken(a);
    arena_free(a);
    return gsl_test_summary();
}
