#include "common/arena.h"
#include "report/html.h"
#include <gsl/gsl_test.h>
#include <stdlib.h>
#include <string.h>

static void same(FILE *out, char **text, const char *expected, const char *what)
{
    fflush(out);
    gsl_test_str(*text, expected, "%s", what);
    rewind(out);
    memset(*text, 0, strlen(*text));
}

int main(void)
{
    struct arena *a = arena_new();
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);

    html_text(out, "<b a='1' c=\"2\">&amp;</b>", a);
    same(out, &text, "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;amp;&lt;/b&gt;",
         "signs of markup");
    html_text(out, "x\x1b[31m\xe2\x80\xae\xff", a);
    same(out, &text, "x\\x1b[31m\\u{202e}\\xff", "control, bidi and broken characters");
    html_text(out, NULL, a);
    same(out, &text, "", "no text");
    html_prose(out, "see `a<b`, `--what-if 40` and `c", a);
    same(out, &text, "see <code>a&lt;b</code>, <code>--what-if 40</code> and `c",
         "code between backticks");
    html_json(out, "{\"a\":\"</script><!--&\xe2\x80\xa8\xe2\x80\xa9\xe4\xb8\x87\"}");
    same(out, &text, "{\"a\":\"\\u003c/script\\u003e\\u003c!--\\u0026\\u2028\\u2029\xe4\xb8\x87\"}",
         "JSON inside a script");
    html_print(out, a, "<p title=\"%s\" width=\"%d%%\">%s</p>", "\"", 25, "<i>");
    same(out, &text, "<p title=\"&quot;\" width=\"25%\">&lt;i&gt;</p>", "markup with texts in it");
    fclose(out);
    free(text);

    /* RFC 4634 and FIPS 180-4: of nothing, and of "abc"; in base64. */
    gsl_test_str(html_hash(a, "", 0),
                 "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "empty");
    gsl_test_str(html_hash(a, "abc", 3),
                 "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=", "abc");
    arena_free(a);
    return gsl_test_summary();
}
