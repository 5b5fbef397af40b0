/* FOCUS-shaped forecast rows: the columns of FOCUS 1.2 in the order of its specification, then ours. They are no billing data
 * and say so in x_IsForecast. Source of the columns: FinOps Open Cost and Usage Specification, version 1.2 (May 2025). */
#include "common/text.h"
#include "report/cells.h"
#include "report/csv_safe.h"
#include "report/dossier.h"
#include "report/quote.h"
#include <math.h>
#include <string.h>

/* clang-format off */
#define FOCUS_COLUMNS(X) \
    X(AvailabilityZone) X(BilledCost) X(BillingAccountId) X(BillingAccountName) X(BillingAccountType) X(BillingCurrency) \
    X(BillingPeriodEnd) X(BillingPeriodStart) X(CapacityReservationId) X(CapacityReservationStatus) X(ChargeCategory) \
    X(ChargeClass) X(ChargeDescription) X(ChargeFrequency) X(ChargePeriodEnd) X(ChargePeriodStart) \
    X(CommitmentDiscountCategory) X(CommitmentDiscountId) X(CommitmentDiscountName) X(CommitmentDiscountQuantity) \
    X(CommitmentDiscountStatus) X(CommitmentDiscountType) X(CommitmentDiscountUnit) X(ConsumedQuantity) X(ConsumedUnit) \
    X(ContractedCost) X(ContractedUnitPrice) X(EffectiveCost) X(InvoiceId) X(InvoiceIssuerName) X(ListCost) X(ListUnitPrice) \
    X(PricingCategory) X(PricingCurrency) X(PricingCurrencyContractedUnitPrice) X(PricingCurrencyEffectiveCost) \
    X(PricingCurrencyListUnitPrice) X(PricingQuantity) X(PricingUnit) X(ProviderName) X(PublisherName) X(RegionId) \
    X(RegionName) X(ResourceId) X(ResourceName) X(ResourceType) X(ServiceCategory) X(ServiceName) X(ServiceSubcategory) \
    X(SkuId) X(SkuMeter) X(SkuPriceDetails) X(SkuPriceId) X(SubAccountId) X(SubAccountName) X(SubAccountType) X(Tags) \
    X(x_IsForecast) X(x_Scenario) X(x_Variant) X(x_Workload) X(x_Job) X(x_Part) X(x_IsEstimatedPrice) X(x_CostP10) X(x_CostP90)

enum focus_column {
#define X(name) C_##name,
    FOCUS_COLUMNS(X)
#undef X
    N_FOCUS
};

static const char *const names[N_FOCUS] = {
#define X(name) [C_##name] = #name,
    FOCUS_COLUMNS(X)
#undef X
};

/* Columns of the type decimal: written as they are, never guarded. */
static const enum focus_column decimals[] = {
    C_BilledCost, C_CommitmentDiscountQuantity, C_ConsumedQuantity, C_ContractedCost, C_ContractedUnitPrice, C_EffectiveCost,
    C_ListCost, C_ListUnitPrice, C_PricingCurrencyContractedUnitPrice, C_PricingCurrencyEffectiveCost,
    C_PricingCurrencyListUnitPrice, C_PricingQuantity, C_x_CostP10, C_x_CostP90,
};

/* What a part of the ledger is in the words of the specification. */
struct kind {
    const char *part, *charge, *frequency, *service, *category, *subcategory, *meter;
    bool machine; /* the quantity is time of a machine */
};

static const struct kind kinds[] = {
    {"compute", "Usage", "Usage-Based", "Elastic Compute Service", "Compute", "Virtual Machines", "Machine time", true},
    {"start", "Usage", "Usage-Based", "Elastic Compute Service", "Compute", "Virtual Machines", "Machine time of starts", true},
    {"discount", "Credit", "Usage-Based", "Elastic Compute Service", "Compute", "Virtual Machines", "Discount", false},
    {"committed", "Purchase", "Recurring", "Elastic Compute Service", "Compute", "Virtual Machines", "Commitment held", false},
    {"commitment_new", "Purchase", "Recurring", "Elastic Compute Service", "Compute", "Virtual Machines", "Commitment bought", false},
    {"disk", "Usage", "Usage-Based", "Block Storage", "Storage", "Block Storage", "Disk", false},
    {"storage", "Usage", "Usage-Based", NULL, "Storage", NULL, "Capacity", false},
    {"egress", "Usage", "Usage-Based", NULL, "Networking", "Other (Networking)", "Traffic out", false},
    {"retrieval", "Usage", "Usage-Based", NULL, "Storage", NULL, "Retrieval", false},
    {"licence", "Usage", "Usage-Based", "Licence", "Other", "Other (Other)", "Licence", false},
    {"late", "Adjustment", "One-Time", "Cost of lateness", "Other", "Other (Other)", "Lateness", false},
    {"unserved", "Adjustment", "One-Time", "Cost of load left unserved", "Other", "Other (Other)", "Load left unserved", false},
};

/* Storage classes by the beginning of their names. */
static const struct {
    const char *begin, *service, *subcategory;
} stores[] = {
    {"oss", "Object Storage Service", "Object Storage"}, {"cpfs", "Cloud Parallel File Storage", "File Storage"},
    {"nas", "File Storage NAS", "File Storage"},         {"essd", "Block Storage", "Block Storage"},
    {"", "Storage", "Other (Storage)"},
};

/* Units of our ledger as FOCUS writes them. */
static const struct {
    const char *ours, *focus;
} units[] = {{"machine-h", "Hours"}, {"GiB-h", "GiB-Hours"}, {"GiB", "GiB"},         {"seat-h", "Seat-Hours"},
             {"requests", "Requests"}, {"h late", "Hours"},  {"money", "Currency Units"}};
/* clang-format on */

struct row {
    const struct dossier *dossier;
    const struct saved_run *run;
    const struct saved_entry *entry;
    const char *cells[N_FOCUS];
    struct arena *arena;
};

static const struct kind *kind_of(const char *part)
{
    static const struct kind other = {NULL,    "Usage",         "Usage-Based", "Other",
                                      "Other", "Other (Other)", NULL,          false};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].part, part) == 0) return &kinds[i];
    return &other;
}

static const char *unit_of(const char *unit)
{
    for (size_t i = 0; unit && i < sizeof units / sizeof *units; i++)
        if (strcmp(units[i].ours, unit) == 0) return units[i].focus;
    return unit;
}

/* Local time as UTC: "2026-11-30T16:00:00Z". */
static const char *utc_text(const struct row *r, moment_t local)
{
    char buffer[32];
    moment_print(buffer, sizeof buffer, local - r->run->offset_us);
    return arena_printf(r->arena, "%.10sT%.5s:00Z", buffer, buffer + 11);
}

/* The calendar month of the entry, and what of it lies within the horizon. An entry of no month is one of the whole horizon,
 * billed with its first month. */
static void periods_fill(struct row *r)
{
    moment_t start = 0, end = 0, month = 0;
    if (r->run->start) (void)moment_parse(&start, r->run->start);
    if (r->run->end) (void)moment_parse(&end, r->run->end);
    const char *name = r->entry->month;
    if (name && moment_parse(&month, arena_printf(r->arena, "%s-01", name))) {
        if (month > start) start = month;
        if (next_month_start(month) < end || end == 0) end = next_month_start(month);
        if (start >= end) start = month; /* outside the horizon: storage that is kept on */
        if (start >= end) end = next_month_start(month);
    } else {
        month = month_start(start);
    }
    r->cells[C_BillingPeriodStart] = utc_text(r, month);
    r->cells[C_BillingPeriodEnd] = utc_text(r, next_month_start(month));
    r->cells[C_ChargePeriodStart] = utc_text(r, start);
    r->cells[C_ChargePeriodEnd] = utc_text(r, end);
}

/* {"owner": "nlp", "project": "chat"}: the owner and the tags of the workload. */
static const char *tags_text(const struct row *r)
{
    struct arena *a = r->arena;
    const struct saved_entry *e = r->entry;
    const char *tags = "", *owner = e->owner;
    if (owner) tags = arena_printf(a, "\"owner\": %s", quote_json(a, owner));
    if (!e->workload) return arena_printf(a, "{%s}", tags);
    const char *begin = arena_printf(a, "workloads.%s.tags.", e->workload);
    for (size_t i = 0; i < r->run->n_values; i++) {
        const struct saved_value *v = &r->run->values[i];
        if (strncmp(v->path, begin, strlen(begin)) != 0) continue;
        const char *key = v->path + strlen(begin);
        if (strcmp(key, "owner") == 0 && owner) continue;
        tags = arena_printf(a, "%s%s%s: %s", tags, *tags ? ", " : "", quote_json(a, key),
                            quote_json(a, v->value));
    }
    return arena_printf(a, "{%s}", tags);
}

static void money_fill(struct row *r, const struct kind *k)
{
    struct arena *a = r->arena;
    const struct saved_entry *e = r->entry;
    const char *amount = micro_text(a, e->amount);
    const bool usage = strcmp(k->charge, "Usage") == 0;
    r->cells[C_BilledCost] = r->cells[C_EffectiveCost] = r->cells[C_ContractedCost] = amount;
    r->cells[C_PricingCurrencyEffectiveCost] = amount;
    r->cells[C_ListCost] = strcmp(k->charge, "Credit") == 0 ? "0.00" : amount;
    r->cells[C_BillingCurrency] = r->cells[C_PricingCurrency] = r->run->currency;
    if (strcmp(k->charge, "Credit") == 0 || strcmp(k->charge, "Adjustment") == 0) return;
    r->cells[C_PricingQuantity] = real_text(a, e->quantity);
    r->cells[C_PricingUnit] = unit_of(e->unit);
    r->cells[C_ListUnitPrice] = r->cells[C_ContractedUnitPrice] = real_text(a, e->price);
    r->cells[C_PricingCurrencyListUnitPrice] = r->cells[C_PricingCurrencyContractedUnitPrice] =
        r->cells[C_ListUnitPrice];
    if (!usage) return;
    r->cells[C_ConsumedQuantity] = r->cells[C_PricingQuantity];
    r->cells[C_ConsumedUnit] = r->cells[C_PricingUnit];
}

static bool market_is(const struct saved_entry *e, const char *word)
{
    return e->offer.market && strncmp(e->offer.market, word, strlen(word)) == 0;
}

static void pricing_fill(struct row *r, const struct kind *k)
{
    const struct saved_entry *e = r->entry;
    const bool purchase = strcmp(k->charge, "Purchase") == 0;
    const bool committed = purchase || market_is(e, "subscription");
    r->cells[C_PricingCategory] = market_is(e, "spot") ? "Dynamic"
                                  : committed          ? "Committed"
                                                       : "Standard";
    if (strcmp(k->charge, "Adjustment") == 0) r->cells[C_PricingCategory] = "Other";
    if (!committed) return;
    const bool spend = !e->offer.type;
    r->cells[C_CommitmentDiscountCategory] = spend ? "Spend" : "Usage";
    r->cells[C_CommitmentDiscountType] = spend ? "Savings Plan" : "Subscription";
    r->cells[C_CommitmentDiscountId] = r->cells[C_CommitmentDiscountName] =
        spend ? "savings_plan" : arena_printf(r->arena, "subscription/%s", e->offer.type);
}

static void service_fill(struct row *r, const struct kind *k)
{
    const struct saved_entry *e = r->entry;
    r->cells[C_ServiceName] = k->service;
    r->cells[C_ServiceCategory] = k->category;
    r->cells[C_ServiceSubcategory] = k->subcategory;
    r->cells[C_SkuMeter] = k->meter;
    for (size_t i = 0; i < sizeof stores / sizeof *stores && !r->cells[C_ServiceName]; i++) {
        if (e->note && strncmp(e->note, stores[i].begin, strlen(stores[i].begin)) != 0) continue;
        if (!e->note && *stores[i].begin) continue;
        r->cells[C_ServiceName] = stores[i].service;
        if (!k->subcategory) r->cells[C_ServiceSubcategory] = stores[i].subcategory;
    }
    const bool vendor = strcmp(k->charge, "Adjustment") != 0 && strcmp(k->category, "Other") != 0;
    r->cells[C_ProviderName] = vendor ? "Alibaba Cloud" : "Other";
    r->cells[C_PublisherName] = r->cells[C_InvoiceIssuerName] = r->cells[C_ProviderName];
    const bool compute = strcmp(k->category, "Compute") == 0;
    r->cells[C_SkuId] = compute && e->offer.type ? e->offer.type : e->note ? e->note : e->part;
    r->cells[C_SkuPriceId] =
        e->offer.market ? arena_printf(r->arena, "%s/%s", r->cells[C_SkuId], e->offer.market)
                        : r->cells[C_SkuId];
    r->cells[C_ResourceType] = compute ? "Instance" : k->category;
}

static void row_fill(struct row *r)
{
    struct arena *a = r->arena;
    const struct saved_entry *e = r->entry;
    const struct kind *k = kind_of(e->part);
    periods_fill(r);
    money_fill(r, k);
    pricing_fill(r, k);
    service_fill(r, k);
    r->cells[C_ChargeCategory] = k->charge;
    r->cells[C_ChargeFrequency] = k->frequency;
    r->cells[C_ChargeDescription] = arena_printf(
        a, "forecast: %s%s%s%s%s", e->part, e->offer.type ? " " : "",
        e->offer.type ? e->offer.type : "", e->note ? " " : "", e->note ? e->note : "");
    r->cells[C_BillingAccountId] = r->cells[C_BillingAccountName] = "forecast";
    r->cells[C_BillingAccountType] = "Forecast";
    r->cells[C_SubAccountId] = r->cells[C_SubAccountName] = e->owner;
    r->cells[C_SubAccountType] = e->owner ? "Owner" : NULL;
    r->cells[C_RegionId] = r->cells[C_RegionName] = e->offer.region;
    r->cells[C_AvailabilityZone] = e->offer.zone;
    r->cells[C_ResourceId] = r->cells[C_ResourceName] = e->dataset ? e->dataset : e->workload;
    r->cells[C_Tags] = tags_text(r);
    r->cells[C_x_IsForecast] = "true";
    r->cells[C_x_Scenario] = r->dossier->scenario;
    r->cells[C_x_Variant] = r->run->variant;
    r->cells[C_x_Workload] = e->workload;
    r->cells[C_x_Job] = e->job;
    r->cells[C_x_Part] = e->part;
    r->cells[C_x_IsEstimatedPrice] = e->estimated ? "true" : "false";
}

/* The quantiles of its workload, shared out by the planned amounts: added up over a workload they are its quantiles again.
 * Quantiles of several workloads do not add up to that of the total. */
static void luck_fill(struct row *r)
{
    const struct saved_entry *e = r->entry;
    for (size_t i = 0; e->workload && i < r->run->n_lucks; i++) {
        const struct saved_luck *l = &r->run->lucks[i];
        if (strcmp(l->workload, e->workload) != 0 || l->planned <= 0) continue;
        const double part = (double)e->amount / (double)l->planned;
        r->cells[C_x_CostP10] = real_text(r->arena, l->cost.p10 * part);
        r->cells[C_x_CostP90] = real_text(r->arena, l->cost.p90 * part);
    }
}

static bool is_decimal(size_t column)
{
    for (size_t i = 0; i < sizeof decimals / sizeof *decimals; i++)
        if (decimals[i] == column) return true;
    return false;
}

static void row_print(const struct row *r, FILE *out, const char *end)
{
    for (size_t c = 0; c < N_FOCUS; c++) {
        const char *text = r->cells[c] ? r->cells[c] : "";
        if (c) fputc(',', out);
        if (is_decimal(c))
            fputs(text, out);
        else
            csv_safe_text(out, text);
    }
    fputs(end, out);
}

static enum err focus_write(const struct dossier *d, FILE *out, struct arena *a, struct diag *diag)
{
    (void)diag;
    const char *end = d->excel ? "\r\n" : "\n";
    if (d->excel) fputs(CSV_BOM, out);
    for (size_t c = 0; c < N_FOCUS; c++) fprintf(out, "%s%s", c ? "," : "", names[c]);
    fputs(end, out);
    for (size_t i = 0; i < d->n; i++) {
        for (size_t j = 0; j < d->runs[i].n_entries; j++) {
            struct row row = {
                .dossier = d, .run = &d->runs[i], .entry = &d->runs[i].entries[j], .arena = a};
            row_fill(&row);
            luck_fill(&row);
            row_print(&row, out, end);
        }
    }
    return OK;
}

const struct dossier_format report_focus = {
    .name = "focus",
    .one = true,
    .write = focus_write,
};
