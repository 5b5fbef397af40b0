#include "cli/present.h"
#include "common/text.h"
#include <assert.h>
#include <string.h>

static enum err formats_clash(const char *name, struct diag *d)
{
    const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                     _("--json and --format %s exclude each other"), name);
    diag_fix(d, "%s", _("leave one of the two out"));
    return code;
}

enum err format_chosen(const struct report_format **format, const struct options *o, struct diag *d)
{
    const char *name = option_value(o, "format");
    *format = &format_table;
    if (option_given(o, "json")) {
        if (name && strcmp(name, "json") != 0) return formats_clash(name, d);
        name = "json";
    }
    if (name) *format = format_find(name);
    assert(*format); /* the option table allows nothing else */
    return OK;
}

static enum err sheet_write(const struct sheet *s, const struct options *o, struct cli *cli)
{
    const struct report_format *format;
    struct output out;
    TRY(format_chosen(&format, o, cli->diag));
    TRY(output_open(&out, option_value(o, "out"), cli->arena, cli->diag));
    const enum err code = format->sheet(s, out.stream, cli->arena, cli->diag);
    if (code != OK) {
        output_discard(&out);
        return code;
    }
    return output_commit(&out, cli->diag);
}

int sheet_present(const struct sheet *s, const struct options *o, struct cli *cli)
{
    return err_exit_status(sheet_write(s, o, cli));
}

static enum err sheets_write(const struct sheet_list *list, const struct options *o,
                             struct cli *cli)
{
    const struct report_format *format;
    struct output out;
    TRY(format_chosen(&format, o, cli->diag));
    TRY(output_open(&out, option_value(o, "out"), cli->arena, cli->diag));
    const enum err code = sheets_print(list, format, out.stream, cli->arena, cli->diag);
    if (code != OK) {
        output_discard(&out);
        return code;
    }
    return output_commit(&out, cli->diag);
}

int sheets_present(const struct sheet_list *list, const struct options *o, struct cli *cli)
{
    return err_exit_status(sheets_write(list, o, cli));
}

enum err plans_present(const struct report *r, const struct report_format *format, const char *path,
                       struct cli *cli)
{
    struct output out;
    TRY(output_open(&out, path, cli->arena, cli->diag));
    const enum err code = format->plans(r, out.stream, cli->arena, cli->diag);
    if (code != OK) {
        output_discard(&out);
        return code;
    }
    return output_commit(&out, cli->diag);
}
