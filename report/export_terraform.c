/* Terraform for the provider aliyun/alicloud: a scaling group with its configuration per workload and region, instances for
 * subscriptions, scheduled tasks for the times of jobs. Arguments: registry of the provider, resources alicloud_ess_scaling_group,
 * alicloud_ess_scaling_configuration, alicloud_ess_scheduled_task, alicloud_instance (2026-11). */
#include "common/text.h"
#include "report/export.h"
#include "report/quote.h"
#include "report/wording.h"
#include <math.h>
#include <string.h>

/* Limits of the service: types of one configuration; a plan that changes more often is followed by its queue, not by the clock. */
enum { MAX_TYPES = 10, MAX_TASKS = 40 };

struct hcl {
    FILE *out;
    struct arena *arena;
    const struct dossier *dossier;
    const struct export_plan *plan;
};

static const char *quoted(const struct hcl *h, const char *text)
{
    return quote_hcl(h->arena, text);
}

/* "cn-beijing" -> "cn_beijing" */
static const char *alias_of(const struct hcl *h, const char *region)
{
    char *alias = arena_strdup(h->arena, region);
    for (char *s = alias; *s; s++)
        if (!((*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9') || *s == '_')) *s = '_';
    return alias;
}

static const char *name_of(const struct hcl *h, const char *slug)
{
    return alias_of(h, slug);
}

static void providers_print(const struct hcl *h)
{
    fputs("terraform {\n"
          "  required_version = \">= 1.3\"\n"
          "  required_providers {\n"
          "    alicloud = {\n"
          "      source  = \"aliyun/alicloud\"\n"
          "      version = \">= 1.230\"\n"
          "    }\n"
          "  }\n"
          "}\n\n",
          h->out);
    for (size_t i = 0; i < h->plan->n_regions; i++)
        fprintf(h->out, "provider \"alicloud\" {\n  alias  = %s\n  region = %s\n}\n\n",
                quoted(h, alias_of(h, h->plan->regions[i])), quoted(h, h->plan->regions[i]));
}

static void variables_print(const struct hcl *h)
{
    fprintf(h->out, "# %s\n",
            _("By region: where the machines stand, who may reach them, what they start from."));
    fputs("variable \"network\" {\n"
          "  type = map(object({\n"
          "    vswitch_ids       = list(string)\n"
          "    security_group_id = string\n"
          "    image_id          = string\n"
          "  }))\n"
          "}\n\n"
          "variable \"key_name\" {\n"
          "  type    = string\n"
          "  default = null\n"
          "}\n\n"
          "variable \"system_disk_category\" {\n"
          "  type    = string\n"
          "  default = \"cloud_essd\"\n"
          "}\n\n"
          "variable \"system_disk_gib\" {\n"
          "  type    = number\n"
          "  default = 100\n"
          "}\n\n",
          h->out);
}

static void tags_print(const struct hcl *h, const struct export_group *g)
{
    fprintf(h->out, "  tags = {\n    scenario = %s\n    variant  = %s\n    workload = %s\n",
            quoted(h, h->dossier->scenario), quoted(h, h->plan->run->variant),
            quoted(h, g->workload));
    if (g->owner) fprintf(h->out, "    owner    = %s\n", quoted(h, g->owner));
    fputs("  }\n", h->out);
}

static void group_print(const struct hcl *h, const struct export_group *g)
{
    const char *name = name_of(h, g->slug), *region = quoted(h, g->region);
    export_why(h->out, "# ", h->dossier, g, h->arena);
    if (g->base > 0)
        fprintf(h->out, "# %s\n",
                _("The base counts machines outside spot that are always held, subscriptions among "
                  "them: attach those by hand."));
    fprintf(h->out,
            "resource \"alicloud_ess_scaling_group\" \"%s\" {\n"
            "  provider                                 = alicloud.%s\n"
            "  scaling_group_name                       = %s\n"
            "  min_size                                 = %ld\n"
            "  max_size                                 = %ld\n"
            "  default_cooldown                         = %ld\n"
            "  vswitch_ids                              = var.network[%s].vswitch_ids\n"
            "  multi_az_policy                          = \"COMPOSABLE\"\n"
            "  allocation_strategy                      = \"lowestPrice\"\n"
            "  spot_allocation_strategy                 = \"lowestPrice\"\n"
            "  on_demand_base_capacity                  = %ld\n"
            "  on_demand_percentage_above_base_capacity = %d\n",
            name, alias_of(h, g->region), quoted(h, arena_printf(h->arena, "gpumix-%s", g->slug)),
            g->service ? g->least : 0, g->most,
            g->service && g->cooldown_s > 0 ? g->cooldown_s : 300, region, g->base,
            g->on_demand_percent);
    if (g->spot_places > 0)
        fprintf(h->out,
                "  spot_instance_pools                      = %ld\n"
                "  spot_instance_remedy                     = true\n"
                "  compensate_with_on_demand                = true\n",
                g->spot_places < 10 ? g->spot_places : 10);
    fputs("  removal_policies                         = [\"OldestInstance\"]\n\n", h->out);
    tags_print(h, g);
    fputs("}\n\n", h->out);
}

static void types_print(const struct hcl *h, const struct export_group *g)
{
    fputs("  instance_types             = [", h->out);
    for (size_t i = 0; i < g->n_types && i < MAX_TYPES; i++)
        fprintf(h->out, "%s%s", i ? ", " : "", quoted(h, g->types[i]));
    fputs("]\n", h->out);
}

static void configuration_print(const struct hcl *h, const struct export_group *g)
{
    const char *name = name_of(h, g->slug), *region = quoted(h, g->region);
    const bool limited = g->spot_places > 0 && g->max_price > 0;
    if (g->unprotected)
        fprintf(h->out, "# %s\n",
                _("The plan counts on spot machines without the protected first hour: set "
                  "SpotDuration to 0 on this configuration."));
    if (g->n_types > MAX_TYPES)
        fprintf(h->out, "# %s\n",
                _("The plan names more instance types than one configuration takes; the dearest "
                  "are left out."));
    fprintf(h->out,
            "resource \"alicloud_ess_scaling_configuration\" \"%s\" {\n"
            "  provider                   = alicloud.%s\n"
            "  scaling_group_id           = alicloud_ess_scaling_group.%s.id\n"
            "  scaling_configuration_name = %s\n"
            "  image_id                   = var.network[%s].image_id\n"
            "  security_group_id          = var.network[%s].security_group_id\n",
            name, alias_of(h, g->region), name,
            quoted(h, arena_printf(h->arena, "gpumix-%s", g->slug)), region, region);
    types_print(h, g);
    fprintf(h->out,
            "  system_disk_category       = var.system_disk_category\n"
            "  system_disk_size           = var.system_disk_gib\n"
            "  key_name                   = var.key_name\n"
            "  spot_strategy              = \"%s\"\n"
            "  active                     = true\n"
            "  enable                     = true\n"
            "  force_delete               = true\n",
            g->spot_places == 0 ? "NoSpot"
            : limited           ? "SpotWithPriceLimit"
                                : "SpotAsPriceGo");
    for (size_t i = 0; limited && i < g->n_types && i < MAX_TYPES; i++)
        fprintf(h->out,
                "\n  spot_price_limit {\n    instance_type = %s\n    price_limit   = %s\n  }\n",
                quoted(h, g->types[i]), arena_printf(h->arena, "%.15g", g->max_price));
    fputs("\n", h->out);
    tags_print(h, g);
    fputs("}\n\n", h->out);
}

/* Local time as the UTC that scheduled tasks want: "2026-12-01T01:00Z". */
static const char *utc_text(const struct hcl *h, const char *local)
{
    char buffer[32];
    moment_t moment;
    if (!moment_parse(&moment, local)) return local;
    moment_print(buffer, sizeof buffer, moment - h->plan->run->offset_us);
    return arena_printf(h->arena, "%.10sT%.5sZ", buffer, buffer + 11);
}

static void tasks_print(const struct hcl *h, const struct export_group *g)
{
    if (g->service || g->n_steps == 0) return;
    if (g->n_steps > MAX_TASKS) {
        fprintf(h->out,
                _("# The plan changes the number of machines %zu times, from %s on: let a queue "
                  "drive the group.\n\n"),
                g->n_steps, g->steps[0].at);
        return;
    }
    const char *name = name_of(h, g->slug);
    for (size_t i = 0; i < g->n_steps; i++)
        fprintf(h->out,
                "resource \"alicloud_ess_scheduled_task\" \"%s_%zu\" {\n"
                "  provider            = alicloud.%s\n"
                "  scheduled_task_name = %s\n"
                "  scaling_group_id    = alicloud_ess_scaling_group.%s.id\n"
                "  launch_time         = \"%s\" # %s\n"
                "  desired_capacity    = %ld\n"
                "  task_enabled        = false # %s\n"
                "}\n\n",
                name, i + 1, alias_of(h, g->region),
                quoted(h, arena_printf(h->arena, "gpumix-%s-%zu", g->slug, i + 1)), name,
                utc_text(h, g->steps[i].at), quote_comment(h->arena, g->steps[i].at),
                g->steps[i].machines, _("true switches the clock on"));
}

static void subscription_print(const struct hcl *h, const struct export_subscription *s)
{
    const char *region = quoted(h, s->offer.region);
    fprintf(h->out, "# ");
    fprintf(h->out, _("Paid in advance and not given back: %ld x %s for %ld months."), s->count,
            quote_comment(h->arena, s->offer.type), s->months);
    fprintf(h->out,
            "\nresource \"alicloud_instance\" \"%s\" {\n"
            "  provider             = alicloud.%s\n"
            "  count                = %ld\n"
            "  instance_name        = %s\n"
            "  instance_type        = %s\n"
            "  instance_charge_type = \"PrePaid\"\n"
            "  period_unit          = \"Month\"\n"
            "  period               = %ld\n"
            "  renewal_status       = \"Normal\"\n"
            "  vswitch_id           = var.network[%s].vswitch_ids[0]\n"
            "  security_groups      = [var.network[%s].security_group_id]\n"
            "  image_id             = var.network[%s].image_id\n"
            "  key_name             = var.key_name\n"
            "  system_disk_category = var.system_disk_category\n"
            "  system_disk_size     = var.system_disk_gib\n",
            name_of(h, s->slug), alias_of(h, s->offer.region), s->count,
            quoted(h, arena_printf(h->arena, "gpumix-%s", s->slug)), quoted(h, s->offer.type),
            s->months, region, region, region);
    if (s->offer.zone) fprintf(h->out, "  availability_zone    = %s\n", quoted(h, s->offer.zone));
    fprintf(h->out, "\n  tags = {\n    scenario = %s\n    variant  = %s\n  }\n}\n\n",
            quoted(h, h->dossier->scenario), quoted(h, h->plan->run->variant));
}

static void outputs_print(const struct hcl *h)
{
    size_t width = 0; /* names are padded as terraform fmt pads them */
    for (size_t i = 0; i < h->plan->n_groups; i++)
        if (strlen(h->plan->groups[i].slug) > width) width = strlen(h->plan->groups[i].slug);
    fputs("output \"scaling_groups\" {\n  value = {\n", h->out);
    for (size_t i = 0; i < h->plan->n_groups; i++)
        fprintf(h->out, "    %-*s = alicloud_ess_scaling_group.%s.id\n", (int)width,
                name_of(h, h->plan->groups[i].slug), name_of(h, h->plan->groups[i].slug));
    fputs("  }\n}\n", h->out);
}

static enum err main_make(struct export_file *file, const struct dossier *d,
                          const struct export_plan *e, struct arena *a, struct diag *diag)
{
    struct export_text text;
    TRY(export_begin(&text, diag));
    const struct hcl h = {text.out, a, d, e};
    export_head(h.out, "# ", d, e, a);
    fputc('\n', h.out);
    providers_print(&h);
    variables_print(&h);
    for (size_t i = 0; i < e->n_groups; i++) {
        group_print(&h, &e->groups[i]);
        configuration_print(&h, &e->groups[i]);
        tasks_print(&h, &e->groups[i]);
    }
    for (size_t i = 0; i < e->n_subscriptions; i++) subscription_print(&h, &e->subscriptions[i]);
    outputs_print(&h);
    return export_end(file, &text, a, diag);
}

static enum err values_make(struct export_file *file, const struct dossier *d,
                            const struct export_plan *e, struct arena *a, struct diag *diag)
{
    struct export_text text;
    TRY(export_begin(&text, diag));
    const struct hcl h = {text.out, a, d, e};
    export_head(h.out, "# ", d, e, a);
    fprintf(h.out, "# %s\n", _("Copy to terraform.tfvars and fill in."));
    fputs("network = {\n", h.out);
    for (size_t i = 0; i < e->n_regions; i++)
        fprintf(h.out,
                "  %s = {\n"
                "    vswitch_ids       = [\"vsw-\"]\n"
                "    security_group_id = \"sg-\"\n"
                "    image_id          = \"m-\"\n"
                "  }\n",
                quoted(&h, e->regions[i]));
    fputs("}\n", h.out);
    return export_end(file, &text, a, diag);
}

static enum err terraform_make(struct export_file **files, size_t *n, const struct dossier *d,
                               struct arena *a, struct diag *diag)
{
    struct export_plan plan;
    export_plan_make(&plan, &d->runs[0], a);
    *files = ARENA_NEW(a, struct export_file, 2);
    *n = 2;
    (*files)[0].name = "main.tf";
    (*files)[1].name = "terraform.tfvars.example";
    TRY(main_make(&(*files)[0], d, &plan, a, diag));
    return values_make(&(*files)[1], d, &plan, a, diag);
}

const struct export_format export_terraform = {
    .name = "terraform",
    .make = terraform_make,
};
