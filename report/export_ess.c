/* Auto Scaling (ESS): the requests CreateScalingGroup and CreateScalingConfiguration as JSON with the vendor's own names, and the
 * vendor's command line that sends them. Names and limits: API reference of ESS, 2022-02-22 version. */
#include "common/text.h"
#include "report/export.h"
#include "report/quote.h"
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TYPES = 10, MAX_POOLS = 10 };

static void put(json_t *o, const char *key, json_t *value)
{
    (void)json_object_set_new(o, key, value);
}

static const char *group_name(const struct export_group *g, struct arena *a)
{
    return arena_printf(a, "gpumix-%s", g->slug);
}

static json_t *tags_json(const struct dossier *d, const struct export_group *g)
{
    json_t *tags = json_array();
    const char *const pairs[][2] = {{"scenario", d->scenario},
                                    {"variant", d->runs[0].variant},
                                    {"workload", g->workload},
                                    {"owner", g->owner}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (!pairs[i][1]) continue;
        json_t *tag = json_object();
        put(tag, "Key", json_string(pairs[i][0]));
        put(tag, "Value", json_string(pairs[i][1]));
        put(tag, "Propagate", json_true());
        json_array_append_new(tags, tag);
    }
    return tags;
}

static json_t *group_json(const struct dossier *d, const struct export_group *g, struct arena *a)
{
    json_t *o = json_object();
    put(o, "RegionId", json_string(g->region));
    put(o, "ScalingGroupName", json_string(group_name(g, a)));
    put(o, "MinSize", json_integer(g->service ? g->least : 0));
    put(o, "MaxSize", json_integer(g->most));
    put(o, "DesiredCapacity", json_integer(g->service ? g->least : 0));
    put(o, "DefaultCooldown", json_integer(g->service && g->cooldown_s > 0 ? g->cooldown_s : 300));
    put(o, "MultiAZPolicy", json_string("COMPOSABLE"));
    put(o, "AllocationStrategy", json_string("lowestPrice"));
    put(o, "SpotAllocationStrategy", json_string("lowestPrice"));
    put(o, "OnDemandBaseCapacity", json_integer(g->base));
    put(o, "OnDemandPercentageAboveBaseCapacity", json_integer(g->on_demand_percent));
    if (g->spot_places > 0) {
        put(o, "SpotInstancePools",
            json_integer(g->spot_places < MAX_POOLS ? g->spot_places : MAX_POOLS));
        put(o, "SpotInstanceRemedy", json_true());
        put(o, "CompensateWithOnDemand", json_true());
    }
    put(o, "Tags", tags_json(d, g));
    return o;
}

static json_t *configuration_json(const struct export_group *g, struct arena *a)
{
    const bool limited = g->spot_places > 0 && g->max_price > 0;
    json_t *o = json_object(), *types = json_array(), *limits = json_array();
    put(o, "ScalingConfigurationName", json_string(group_name(g, a)));
    for (size_t i = 0; i < g->n_types && i < MAX_TYPES; i++) {
        json_t *limit = json_object();
        json_array_append_new(types, json_string(g->types[i]));
        put(limit, "InstanceType", json_string(g->types[i]));
        put(limit, "PriceLimit", json_real(g->max_price));
        json_array_append_new(limits, limit);
    }
    put(o, "InstanceTypes", types);
    put(o, "SpotStrategy",
        json_string(g->spot_places == 0 ? "NoSpot"
                    : limited           ? "SpotWithPriceLimit"
                                        : "SpotAsPriceGo"));
    if (g->spot_places > 0) put(o, "SpotDuration", json_integer(g->unprotected ? 0 : 1));
    if (limited)
        put(o, "SpotPriceLimits", limits);
    else
        json_decref(limits);
    return o;
}

/* Why, in JSON, which has no comments. */
static json_t *notes_json(const struct dossier *d, const struct export_group *g, struct arena *a,
                          struct diag *diag)
{
    struct export_text text;
    struct export_file file;
    json_t *list = json_array();
    if (export_begin(&text, diag) != OK) return list;
    export_why(text.out, "", d, g, a);
    if (export_end(&file, &text, a, diag) != OK) return list;
    char *rest = arena_strdup(a, file.text);
    for (const char *line; (line = strsep(&rest, "\n"));)
        if (*line) json_array_append_new(list, json_string(line));
    return list;
}

static json_t *head_json(const struct dossier *d, const struct export_plan *e, struct arena *a,
                         struct diag *diag)
{
    struct export_text text;
    struct export_file file;
    json_t *list = json_array();
    if (export_begin(&text, diag) != OK) return list;
    export_head(text.out, "", d, e, a);
    if (export_end(&file, &text, a, diag) != OK) return list;
    char *rest = arena_strdup(a, file.text);
    for (const char *line; (line = strsep(&rest, "\n"));)
        if (*line) json_array_append_new(list, json_string(line));
    return list;
}

static json_t *steps_json(const struct export_group *g)
{
    json_t *steps = json_array();
    for (size_t i = 0; i < g->n_steps; i++) {
        json_t *step = json_object();
        put(step, "LocalTime", json_string(g->steps[i].at));
        put(step, "Machines", json_integer(g->steps[i].machines));
        json_array_append_new(steps, step);
    }
    return steps;
}

static json_t *subscriptions_json(const struct export_plan *e)
{
    json_t *list = json_array();
    for (size_t i = 0; i < e->n_subscriptions; i++) {
        const struct export_subscription *s = &e->subscriptions[i];
        json_t *o = json_object();
        put(o, "RegionId", json_string(s->offer.region));
        if (s->offer.zone) put(o, "ZoneId", json_string(s->offer.zone));
        put(o, "InstanceType", json_string(s->offer.type));
        put(o, "InstanceChargeType", json_string("PrePaid"));
        put(o, "PeriodUnit", json_string("Month"));
        put(o, "Period", json_integer(s->months));
        put(o, "Amount", json_integer(s->count));
        json_array_append_new(list, o);
    }
    return list;
}

static enum err json_make(struct export_file *file, const struct dossier *d,
                          const struct export_plan *e, struct arena *a, struct diag *diag)
{
    json_t *root = json_object(), *groups = json_array();
    put(root, "_about", head_json(d, e, a, diag));
    for (size_t i = 0; i < e->n_groups; i++) {
        const struct export_group *g = &e->groups[i];
        json_t *o = json_object();
        put(o, "_why", notes_json(d, g, a, diag));
        put(o, "CreateScalingGroup", group_json(d, g, a));
        put(o, "CreateScalingConfiguration", configuration_json(g, a));
        if (!g->service) put(o, "_timeline", steps_json(g));
        if (g->service && isfinite(g->target_load)) {
            put(o, "_target_load_per_machine", json_real(g->target_load));
            put(o, "_load_unit", g->load_unit ? json_string(g->load_unit) : json_null());
        }
        json_array_append_new(groups, o);
    }
    put(root, "groups", groups);
    put(root, "RunInstances", subscriptions_json(e));
    char *text = json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(15));
    json_decref(root);
    if (!text)
        return diag_error(diag, ERR_MEMORY, (struct place){0}, "%s",
                          _("the text could not be built in memory"));
    arena_defer(a, free, text);
    file->text = arena_printf(a, "%s\n", text);
    return OK;
}

/* "cn-beijing" -> "CN_BEIJING": nothing but capitals, digits and underscores. */
static const char *shell_region(const char *region, struct arena *a)
{
    char *name = arena_strdup(a, region);
    for (char *s = name; *s; s++) {
        if (*s >= 'a' && *s <= 'z') *s = (char)(*s - 'a' + 'A');
        if (!((*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9'))) *s = '_';
    }
    return name;
}

static void variables_print(FILE *out, const struct export_plan *e, struct arena *a)
{
    static const char *const needed[] = {"VSWITCH_IDS", "SECURITY_GROUP", "IMAGE"};
    for (size_t i = 0; i < e->n_regions; i++)
        for (size_t k = 0; k < sizeof needed / sizeof *needed; k++)
            fprintf(out, ": \"${%s_%s:?}\"\n", needed[k], shell_region(e->regions[i], a));
    fputc('\n', out);
}

static void commands_print(FILE *out, const struct dossier *d, const struct export_group *g,
                           struct arena *a)
{
    const char *variable = shell_region(g->region, a), *region = quote_shell(a, g->region);
    const char *name = quote_shell(a, group_name(g, a));
    export_why(out, "# ", d, g, a);
    fprintf(out,
            "group=$($aliyun ess CreateScalingGroup --RegionId %s --ScalingGroupName %s \\\n"
            "    --MinSize %ld --MaxSize %ld --DesiredCapacity %ld --DefaultCooldown %ld \\\n"
            "    --MultiAZPolicy COMPOSABLE --AllocationStrategy lowestPrice "
            "--SpotAllocationStrategy lowestPrice \\\n"
            "    --OnDemandBaseCapacity %ld --OnDemandPercentageAboveBaseCapacity %d \\\n",
            region, name, g->service ? g->least : 0, g->most, g->service ? g->least : 0,
            g->service && g->cooldown_s > 0 ? g->cooldown_s : 300, g->base, g->on_demand_percent);
    if (g->spot_places > 0)
        fprintf(out,
                "    --SpotInstancePools %ld --SpotInstanceRemedy true --CompensateWithOnDemand "
                "true \\\n",
                g->spot_places < MAX_POOLS ? g->spot_places : MAX_POOLS);
    fprintf(out, "    $(numbered VSwitchIds \"$VSWITCH_IDS_%s\") | id ScalingGroupId)\n", variable);
    fprintf(out,
            "configuration=$($aliyun ess CreateScalingConfiguration --RegionId %s "
            "--ScalingGroupId \"$group\" \\\n"
            "    --ScalingConfigurationName %s --ImageId \"$IMAGE_%s\" --SecurityGroupId "
            "\"$SECURITY_GROUP_%s\" \\\n",
            region, name, variable, variable);
    for (size_t i = 0; i < g->n_types && i < MAX_TYPES; i++)
        fprintf(out, "    --InstanceTypes.%zu %s \\\n", i + 1, quote_shell(a, g->types[i]));
    const bool limited = g->spot_places > 0 && g->max_price > 0;
    for (size_t i = 0; limited && i < g->n_types && i < MAX_TYPES; i++)
        fprintf(
            out,
            "    --SpotPriceLimits.%zu.InstanceType %s --SpotPriceLimits.%zu.PriceLimit %.15g \\\n",
            i + 1, quote_shell(a, g->types[i]), i + 1, g->max_price);
    if (g->spot_places > 0)
        fprintf(out, "    --SpotStrategy %s --SpotDuration %d",
                limited ? "SpotWithPriceLimit" : "SpotAsPriceGo", g->unprotected ? 0 : 1);
    else
        fputs("    --SpotStrategy NoSpot", out);
    fprintf(out,
            " | id ScalingConfigurationId)\n"
            "$aliyun ess EnableScalingGroup --RegionId %s --ScalingGroupId \"$group\" "
            "--ActiveScalingConfigurationId \"$configuration\"\n\n",
            region);
}

static enum err script_make(struct export_file *file, const struct dossier *d,
                            const struct export_plan *e, struct arena *a, struct diag *diag)
{
    struct export_text text;
    TRY(export_begin(&text, diag));
    FILE *out = text.out;
    fputs("#!/bin/sh\n", out);
    export_head(out, "# ", d, e, a);
    fprintf(
        out, "# %s\n",
        _("Prints the commands. APPLY=yes sends them: machines are then started and paid for."));
    fprintf(out, "# %s\n\n",
            _("Needs the vendor's command line, jq, and by region what is asked for below."));
    fputs("set -eu\n\n", out);
    variables_print(out, e, a);
    fputs("if [ \"${APPLY:-no}\" = yes ]; then\n"
          "    aliyun=aliyun\n"
          "    id() { jq -er \".$1\"; }\n"
          "else\n"
          "    show() { echo \"aliyun $*\" >&2; }\n"
          "    aliyun=show\n"
          "    id() { echo \"$1\"; }\n"
          "fi\n\n"
          "# numbered NAME \"A B\" -> --NAME.1 A --NAME.2 B\n"
          "numbered() {\n"
          "    n=0\n"
          "    for value in $2; do\n"
          "        n=$((n + 1))\n"
          "        echo \"--$1.$n $value\"\n"
          "    done\n"
          "}\n\n",
          out);
    for (size_t i = 0; i < e->n_groups; i++) commands_print(out, d, &e->groups[i], a);
    for (size_t i = 0; i < e->n_subscriptions; i++) {
        const struct export_subscription *s = &e->subscriptions[i];
        const char *variable = shell_region(s->offer.region, a);
        fprintf(out, "# ");
        fprintf(out, _("Paid in advance and not given back: %ld x %s for %ld months."), s->count,
                quote_comment(a, s->offer.type), s->months);
        fprintf(out,
                "\n$aliyun ecs RunInstances --RegionId %s --InstanceType %s --InstanceChargeType "
                "PrePaid \\\n"
                "    --PeriodUnit Month --Period %ld --Amount %ld --ImageId \"$IMAGE_%s\" \\\n"
                "    --SecurityGroupId \"$SECURITY_GROUP_%s\" --VSwitchId \"${VSWITCH_IDS_%s%%%% "
                "*}\"\n\n",
                quote_shell(a, s->offer.region), quote_shell(a, s->offer.type), s->months, s->count,
                variable, variable, variable);
    }
    file->script = true;
    return export_end(file, &text, a, diag);
}

static enum err ess_make(struct export_file **files, size_t *n, const struct dossier *d,
                         struct arena *a, struct diag *diag)
{
    struct export_plan plan;
    export_plan_make(&plan, &d->runs[0], a);
    *files = ARENA_NEW(a, struct export_file, 2);
    *n = 2;
    (*files)[0].name = "scaling.json";
    (*files)[1].name = "create.sh";
    TRY(json_make(&(*files)[0], d, &plan, a, diag));
    return script_make(&(*files)[1], d, &plan, a, diag);
}

const struct export_format export_ess = {
    .name = "ess",
    .make = ess_make,
};
