/* Kubernetes: a Deployment with its autoscaler per service, a Job per batch workload, and Terraform of the node pools of an ACK
 * cluster they run on. Arguments: registry of the provider aliyun/alicloud, resource alicloud_cs_kubernetes_node_pool (2026-11). */
#include "common/text.h"
#include "report/export.h"
#include "report/quote.h"
#include <math.h>
#include <string.h>

struct yaml {
    FILE *out;
    struct arena *arena;
    const struct dossier *dossier;
    const struct export_plan *plan;
};

static const char *quoted(const struct yaml *y, const char *text)
{
    return quote_json(y->arena, text);
}

static void metadata_print(const struct yaml *y, const struct export_group *g)
{
    fprintf(y->out,
            "metadata:\n"
            "  name: %s\n"
            "  labels:\n"
            "    gpumix/workload: %s\n"
            "  annotations:\n"
            "    gpumix/scenario: %s\n"
            "    gpumix/variant: %s\n"
            "    gpumix/workload-name: %s\n",
            quoted(y, g->slug), quoted(y, g->slug), quoted(y, y->dossier->scenario),
            quoted(y, y->plan->run->variant), quoted(y, g->workload));
    if (g->owner) fprintf(y->out, "    gpumix/owner: %s\n", quoted(y, g->owner));
}

/* The pod of a worker. `in`: blanks before it. */
static void pod_print(const struct yaml *y, const struct export_group *g, bool restarts)
{
    fprintf(y->out,
            "  template:\n"
            "    metadata:\n"
            "      labels:\n"
            "        gpumix/workload: %s\n"
            "    spec:\n"
            "      nodeSelector:\n"
            "        gpumix/workload: %s\n"
            "      tolerations:\n"
            "      - key: \"gpumix/workload\"\n"
            "        operator: \"Equal\"\n"
            "        value: %s\n"
            "        effect: \"NoSchedule\"\n",
            quoted(y, g->slug), quoted(y, g->slug), quoted(y, g->slug));
    if (restarts) fputs("      restartPolicy: \"OnFailure\"\n", y->out);
    if (g->spot_places > 0)
        fprintf(y->out, "      terminationGracePeriodSeconds: 240 # %s\n",
                _("a spot machine is taken about five minutes after its notice"));
    fprintf(y->out,
            "      containers:\n"
            "      - name: \"worker\"\n"
            "        image: \"registry.example.com/%s:latest\" # %s\n"
            "        resources:\n"
            "          limits:\n",
            g->slug, _("put your own image here"));
    if (g->gpus_per_worker > 0)
        fprintf(y->out, "            nvidia.com/gpu: %ld\n", g->gpus_per_worker);
    else
        fprintf(y->out, "            cpu: %ld\n", g->vcpu > 0 ? g->vcpu : 1);
}

static void service_print(const struct yaml *y, const struct export_group *g)
{
    const long each = export_workers_per_machine(y->plan, g);
    fputs("apiVersion: \"apps/v1\"\nkind: \"Deployment\"\n", y->out);
    metadata_print(y, g);
    fprintf(y->out,
            "spec:\n"
            "  replicas: %ld # %s\n"
            "  selector:\n"
            "    matchLabels:\n"
            "      gpumix/workload: %s\n",
            g->least * each, _("the fewest of the plan; the autoscaler below takes over"),
            quoted(y, g->slug));
    pod_print(y, g, false);
    if (!isfinite(g->target_load) || g->most == 0) return;
    const bool requests = g->load_unit && strncmp(g->load_unit, "requests", 8) == 0;
    const double target = g->target_load / (double)each / (requests ? 3600 : 1);
    fputs("---\napiVersion: \"autoscaling/v2\"\nkind: \"HorizontalPodAutoscaler\"\n", y->out);
    metadata_print(y, g);
    fprintf(y->out,
            "spec:\n"
            "  scaleTargetRef:\n"
            "    apiVersion: \"apps/v1\"\n"
            "    kind: \"Deployment\"\n"
            "    name: %s\n"
            "  minReplicas: %ld\n"
            "  maxReplicas: %ld\n"
            "  metrics:\n"
            "  - type: \"Pods\"\n"
            "    pods:\n"
            "      metric:\n"
            "        name: \"%s\" # %s\n"
            "      target:\n"
            "        type: \"AverageValue\"\n"
            "        averageValue: \"%ldm\"\n",
            quoted(y, g->slug), g->least * each > 0 ? g->least * each : 1, g->most * each,
            requests ? "requests_per_second" : "sessions",
            _("of one worker, from your own metrics; the plan counted on this load"),
            lround(target * 1000));
}

static void job_print(const struct yaml *y, const struct export_group *g)
{
    const long each = export_workers_per_machine(y->plan, g);
    const long workers = g->workers > 0 ? g->workers : g->most * each;
    fputs("apiVersion: \"batch/v1\"\nkind: \"Job\"\n", y->out);
    metadata_print(y, g);
    fprintf(y->out,
            "spec:\n"
            "  suspend: true # %s\n"
            "  backoffLimit: %ld\n"
            "  parallelism: %ld\n",
            _("false starts it"), g->spot_places > 0 ? 1000L : 6L, workers);
    if (g->workers > 0)
        fprintf(y->out, "  completions: %ld # %s\n  completionMode: \"Indexed\"\n", workers,
                _("a gang: all workers run together or none"));
    pod_print(y, g, true);
}

static enum err manifests_make(struct export_file *file, const struct dossier *d,
                               const struct export_plan *e, struct arena *a, struct diag *diag)
{
    struct export_text text;
    TRY(export_begin(&text, diag));
    const struct yaml y = {text.out, a, d, e};
    export_head(y.out, "# ", d, e, a);
    for (size_t i = 0; i < e->n_groups; i++) {
        const struct export_group *g = &e->groups[i];
        fputs("---\n", y.out);
        export_why(y.out, "# ", d, g, a);
        if (g->service)
            service_print(&y, g);
        else
            job_print(&y, g);
    }
    return export_end(file, &text, a, diag);
}

/* ---- node pools ---- */

static void pool_print(const struct yaml *y, const struct export_group *g,
                       const struct export_pool *p)
{
    struct arena *a = y->arena;
    const bool spot = is_spot_market(p->offer.market);
    char *name = arena_strdup(a, p->slug);
    for (char *s = name; *s; s++)
        if (*s == '-') *s = '_';
    const bool prepaid = p->offer.market && strcmp(p->offer.market, "subscription") == 0;
    if (prepaid)
        fprintf(y->out, "# %s\n",
                _("Paid in advance: attach the machines that are subscribed to."));
    if (p->offer.market && strcmp(p->offer.market, "spot_unprotected") == 0)
        fprintf(y->out, "# %s\n",
                _("The plan counts on spot machines without the protected first hour."));
    fprintf(y->out,
            "resource \"alicloud_cs_kubernetes_node_pool\" \"%s\" {\n"
            "  node_pool_name       = %s\n"
            "  cluster_id           = var.cluster_id[%s]\n"
            "  vswitch_ids          = var.vswitch_ids[%s]\n"
            "  instance_types       = [%s]\n"
            "  instance_charge_type = \"PostPaid\"\n"
            "  spot_strategy        = \"%s\"\n"
            "  system_disk_category = \"cloud_essd\"\n"
            "  system_disk_size     = var.system_disk_gib\n\n",
            name, quote_hcl(a, arena_printf(a, "gpumix-%s", p->slug)),
            quote_hcl(a, p->offer.region), quote_hcl(a, p->offer.region),
            quote_hcl(a, p->offer.type),
            !spot              ? "NoSpot"
            : g->max_price > 0 ? "SpotWithPriceLimit"
                               : "SpotAsPriceGo");
    if (spot && g->max_price > 0)
        fprintf(y->out,
                "  spot_price_limit {\n    instance_type = %s\n    price_limit   = %s\n  }\n\n",
                quote_hcl(a, p->offer.type), arena_printf(a, "\"%.15g\"", g->max_price));
    fprintf(y->out,
            "  scaling_config {\n"
            "    enable   = true\n"
            "    min_size = %ld\n"
            "    max_size = %ld\n"
            "    type     = \"%s\"\n"
            "  }\n\n"
            "  labels {\n"
            "    key   = \"gpumix/workload\"\n"
            "    value = %s\n"
            "  }\n\n"
            "  taints {\n"
            "    key    = \"gpumix/workload\"\n"
            "    value  = %s\n"
            "    effect = \"NoSchedule\"\n"
            "  }\n"
            "}\n\n",
            g->service ? p->least : 0, p->most,
            spot                 ? "spot"
            : g->gpus_per_worker ? "gpu"
                                 : "cpu",
            quote_hcl(a, g->slug), quote_hcl(a, g->slug));
}

static enum err pools_make(struct export_file *file, const struct dossier *d,
                           const struct export_plan *e, struct arena *a, struct diag *diag)
{
    struct export_text text;
    TRY(export_begin(&text, diag));
    const struct yaml y = {text.out, a, d, e};
    export_head(y.out, "# ", d, e, a);
    fputs("\nterraform {\n"
          "  required_providers {\n"
          "    alicloud = {\n"
          "      source  = \"aliyun/alicloud\"\n"
          "      version = \">= 1.230\"\n"
          "    }\n"
          "  }\n"
          "}\n\n",
          y.out);
    fprintf(y.out, "# %s\n",
            _("By region: the cluster whose node pools these are, and where they stand."));
    fputs("variable \"cluster_id\" {\n  type = map(string)\n}\n\n"
          "variable \"vswitch_ids\" {\n  type = map(list(string))\n}\n\n"
          "variable \"system_disk_gib\" {\n  type    = number\n  default = 120\n}\n\n",
          y.out);
    for (size_t i = 0; i < e->n_groups; i++) {
        export_why(y.out, "# ", d, &e->groups[i], a);
        for (size_t j = 0; j < e->groups[i].n_pools; j++)
            pool_print(&y, &e->groups[i], &e->groups[i].pools[j]);
    }
    return export_end(file, &text, a, diag);
}

static enum err k8s_make(struct export_file **files, size_t *n, const struct dossier *d,
                         struct arena *a, struct diag *diag)
{
    struct export_plan plan;
    export_plan_make(&plan, &d->runs[0], a);
    *files = ARENA_NEW(a, struct export_file, 2);
    *n = 2;
    (*files)[0].name = "manifests.yaml";
    (*files)[1].name = "node_pools.tf";
    TRY(manifests_make(&(*files)[0], d, &plan, a, diag));
    return pools_make(&(*files)[1], d, &plan, a, diag);
}

const struct export_format export_k8s = {
    .name = "k8s",
    .make = k8s_make,
};
