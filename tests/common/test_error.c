#include "common/error.h"
#include <ctype.h>
#include <gsl/gsl_test.h>
#include <stddef.h>
#include <string.h>

static const enum err all[] = {
#define X(name, code, title, why) name,
    ERR_LIST(X)
#undef X
};
enum { N_ALL = sizeof all / sizeof *all };

static void test_list(void)
{
    for (size_t i = 0; i < N_ALL; i++) {
        const char *code = err_code(all[i]);
        size_t digits = 1;
        while (isdigit((unsigned char)code[digits])) digits++;
        gsl_test(*code != 'E' || digits != 5 || code[5] != '\0', "%s is E and four digits", code);
        gsl_test(err_by_code(code) != all[i], "%s is found by its code", code);
        gsl_test(*err_title(all[i]) == '\0' || *err_why(all[i]) == '\0', "%s has texts", code);
        gsl_test(i > 0 && strcmp(err_code(all[i - 1]), code) >= 0, "%s stands in order", code);
    }
}

static void test_exit_status(void)
{
    static const struct {
        const char *first; /* digit */
        int status;
    } cases[] = {{"1", 2}, {"2", 3}, {"3", 3}, {"4", 4}, {"5", 5},
                 {"6", 6}, {"7", 7}, {"8", 8}, {"9", 9}};
    for (size_t i = 0; i < N_ALL; i++)
        for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
            if (err_code(all[i])[1] == *cases[k].first)
                gsl_test_int(err_exit_status(all[i]), cases[k].status, "exit status of %s",
                             err_code(all[i]));
    gsl_test_int(err_exit_status(OK), 0, "exit status of no error");
}

int main(void)
{
    test_list();
    test_exit_status();
    gsl_test_str(err_code(ERR_MEMORY), "E9001", "code of ERR_MEMORY");
    gsl_test_str(err_title(ERR_USAGE), "the command line is not understood", "title");
    gsl_test_str(err_why(ERR_FILE), "without it the plan would rest on nothing", "why");
    gsl_test_str(err_code(OK), "E0000", "code of no error");
    gsl_test_str(err_title(OK), "no error", "title of no error");
    gsl_test_str(err_why(OK), "nothing is wrong", "reason of no error");
    gsl_test_int(err_by_code("E0000"), OK, "no error has no code to look up");
    gsl_test_int(err_by_code("E900"), OK, "a part of a code is no code");
    gsl_test_int(err_by_code(""), OK, "no code");
    return gsl_test_summary();
}
