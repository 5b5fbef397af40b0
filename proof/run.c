#include "proof/run.h"
#include "common/text.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Times beyond these are none: 2.5e9 hours in microseconds fill 63 bits. */
#define MOST_HOURS 2.5e9
/* Of what an hour of a machine is worth, by two programs. */
#define SAME_WORTH 1e-9

struct reader {
    const struct proof_run *run;
    const struct proof *p;
    struct proof_claim *c;
    struct diag *d;
    struct arena *a;
    size_t n_slots,
        *slots; /* jobs by their names: index + 1, 0: empty; made when the first is asked for */
    const char **workloads, **datasets; /* their names, for the bill */
};

static enum err broken(struct diag *d, const char *what)
{
    return diag_error(d, ERR_PROOF_RUN, (struct place){0}, "%s", what);
}

static const char *text_of(const json_t *o, const char *key)
{
    return json_string_value(json_object_get(o, key));
}

static bool number_of(double *value, const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    *value = json_is_number(v) ? json_number_value(v) : (double)NAN;
    return isfinite(*value);
}

static bool whole_of(long *value, const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    *value = json_is_integer(v) ? (long)json_integer_value(v) : 0;
    return json_is_integer(v) && labs(*value) < 1000000000;
}

/* Times are whole microseconds, printed in hours. */
static bool time_of(int64_t *us, const json_t *o, const char *key)
{
    double hours;
    if (!number_of(&hours, o, key) || fabs(hours) > MOST_HOURS) return false;
    *us = llround(hours * (double)US_PER_H);
    return true;
}

/* Amounts are whole millionths, printed with the 15 digits of a double. */
static bool money_of(micro_t *amount, const json_t *o, const char *key)
{
    double value;
    if (!number_of(&value, o, key) || fabs(value) > 9e9) return false;
    *amount = llround(value * 1e6);
    return true;
}

static enum err inputs_of(struct proof_run *run, struct arena *a, struct diag *d)
{
    const json_t *inputs = json_object_get(run->root, "inputs");
    const json_t *files = json_object_get(inputs, "files"), *set = json_object_get(inputs, "set");
    run->variant = text_of(inputs, "variant");
    run->version = text_of(json_object_get(inputs, "tool"), "version");
    run->book_sha256 = text_of(json_object_get(inputs, "catalogue"), "sha256");
    if (!run->variant || !run->book_sha256 || json_array_size(files) == 0)
        return broken(d, _("its inputs have no variant, no files or no price tables"));
    for (size_t i = 0; i < json_array_size(files); i++) {
        const json_t *f = json_array_get(files, i);
        const char *path = text_of(f, "path"), *sum = text_of(f, "sha256");
        /* Standard input has none. */
        if (path && !sum && strcmp(path, "<stdin>") == 0) sum = "";
        if (!path || !sum) return broken(d, _("a file of its inputs has no path or no checksum"));
        *ARENA_PUSH(a, run->files, run->n_files) =
            (struct proof_file){arena_strdup(a, path), arena_strdup(a, sum)};
    }
    for (size_t i = 0; i < json_array_size(set); i++) {
        const char *one = json_string_value(json_array_get(set, i));
        if (!one) return broken(d, _("a changed value of its inputs is no text"));
        run->set = arena_grow(a, run->set, run->n_set,
                              sizeof *run->set); /* NOLINT(bugprone-sizeof-expression) */
        run->set[run->n_set++] = arena_strdup(a, one);
    }
    return OK;
}

enum err proof_run_of(struct proof_run *run, json_t *root, struct arena *a, struct diag *d)
{
    *run = (struct proof_run){.root = root};
    if (json_object_get(root, "variants"))
        return broken(d, _("it holds several variants; save one at a time to verify it"));
    run->status = text_of(json_object_get(root, "summary"), "status");
    if (!run->status) return broken(d, _("it has no summary"));
    run->has_plan = json_is_array(json_object_get(root, "timeline"));
    if (!json_is_object(json_object_get(root, "certificate")))
        return broken(d, _("it has no certificate; gpumix plan FILE --save RUN.json writes one"));
    return inputs_of(run, a, d);
}

enum err proof_run_read(struct proof_run *run, const char *path, struct arena *a, struct diag *d)
{
    json_t *root;
    struct run_file *file;
    TRY(run_file_open(&file, &root, path, a, d));
    const enum err code = proof_run_of(run, root, a, d);
    run->path = path;
    run->file = file;
    return code;
}

enum err proof_run_gamma(const double **gamma, const struct proof_run *run,
                         const struct scenario *s, struct arena *a, struct diag *d)
{
    json_t *stated = json_object_get(json_object_get(run->root, "certificate"), "gamma");
    const char *name;
    json_t *value;
    *gamma = NULL;
    if (!stated) return OK;
    double *all = ARENA_NEW(a, double, s->n_workloads + 1);
    for (size_t i = 0; i < s->n_workloads; i++) all[i] = 1;
    json_object_foreach(stated, name, value)
    {
        size_t i = 0;
        while (i < s->n_workloads && strcmp(s->workloads[i].name, name) != 0) i++;
        const double number = json_is_number(value) ? json_number_value(value) : -1;
        if (i == s->n_workloads || !(number >= 0 && number <= 1) || s->workloads[i].confidence <= 0)
            return broken(
                d,
                arena_printf(
                    a, _("\"%s\" has no deadline with confidence that spot could count less for"),
                    name));
        all[i] = number;
    }
    *gamma = all;
    return OK;
}

static enum err unknown(const struct reader *r, const char *where, size_t number, const char *what)
{
    return diag_error(r->d, ERR_PROOF_NAME, (struct place){0},
                      _("entry %zu of %s: the inputs have no such %s"), number + 1, where, what);
}

static enum err malformed(const struct reader *r, const char *where, size_t number)
{
    return broken(r->d,
                  arena_printf(r->a, _("entry %zu of %s lacks a value, or has one that cannot be"),
                               number + 1, where));
}

static bool is_text(const json_t *o, const char *key, const char *expected)
{
    const json_t *v = json_object_get(o, key);
    if (!expected || !*expected) return json_is_null(v);
    return json_is_string(v) && strcmp(json_string_value(v), expected) == 0;
}

static bool text_or_null(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return json_is_null(v) || json_is_string(v);
}

/* The offer an entry names; NOWHERE: none does. */
static size_t offer_of(const struct reader *r, const json_t *o)
{
    const struct proof *p = r->p;
    const char *type = text_of(o, "instance_type");
    const size_t t = type ? book_type_find(p->in.book, type) : NOWHERE;
    for (size_t i = 0; t != NOWHERE && i < p->n_offers; i++) {
        const struct offer *f = &p->offers[i];
        if (f->type == t && is_text(o, "market", proof_market_word(f)) &&
            is_text(o, "region", f->region) && is_text(o, "zone", f->zone) &&
            is_text(o, "commitment", proof_commitment_of(p, i)))
            return i;
    }
    return NOWHERE;
}

/* The choice of a group for an offer, where its datasets lie as "storage" says. */
static const struct proof_choice *choice_of(const struct reader *r, const struct proof_group *g,
                                            const json_t *o)
{
    const json_t *classes = json_object_get(o, "storage");
    const size_t offer = offer_of(r, o);
    for (size_t i = 0; offer != NOWHERE && i < g->n_choices; i++) {
        const struct proof_choice *c = &g->choices[i];
        const struct workload *w = g->shape->workload;
        bool same = c->offer == offer && json_array_size(classes) == w->n_uses &&
                    (w->n_uses > 0 || json_is_null(classes));
        for (size_t j = 0; same && j < w->n_uses; j++) {
            const struct proof_store *s = &r->p->stores[proof_store_find(r->p, w->uses[j].use)];
            const char *name = json_string_value(json_array_get(classes, j));
            same = name && strcmp(name, s->homes[g->sites[c->site].home[j]].class_->name) == 0;
        }
        if (same) return c;
    }
    return NULL;
}

static size_t slot_of(const struct reader *r, const char *name)
{
    const struct demand *jobs = r->p->in.demands->items;
    size_t i = proof_name_hash(name) & (r->n_slots - 1);
    while (r->slots[i] && strcmp(jobs[r->slots[i] - 1].name, name) != 0)
        i = (i + 1) & (r->n_slots - 1);
    return i;
}

static void name_jobs(struct reader *r)
{
    const struct demand_list *jobs = r->p->in.demands;
    for (r->n_slots = 16; r->n_slots < 2 * jobs->n;) r->n_slots *= 2;
    r->slots = ARENA_NEW(r->a, size_t, r->n_slots);
    for (size_t i = 0; i < jobs->n; i++) r->slots[slot_of(r, jobs->items[i].name)] = i + 1;
}

static size_t job_of(struct reader *r, const char *name)
{
    if (!name) return NOWHERE;
    if (!r->slots) name_jobs(r);
    const size_t found = r->slots[slot_of(r, name)];
    return found ? found - 1 : NOWHERE;
}

static size_t service_of(const struct reader *r, const char *workload)
{
    for (size_t i = 0; workload && i < r->p->in.services->n; i++)
        if (strcmp(r->p->in.services->items[i].shape->workload->name, workload) == 0) return i;
    return NOWHERE;
}

static enum err read_run(struct reader *r, const json_t *o, size_t number)
{
    struct claim_run x;
    x.job = job_of(r, text_of(o, "job"));
    if (x.job == NOWHERE) return unknown(r, "timeline", number, _("job"));
    if (!is_text(o, "workload", r->p->in.demands->items[x.job].shape->workload->name))
        return unknown(r, "timeline", number, _("job"));
    x.choice = choice_of(r, &r->p->groups[r->p->group_of[x.job]], o);
    if (!x.choice) return unknown(r, "timeline", number, _("machine for it"));
    if (!whole_of(&x.machines, o, "machines") || !time_of(&x.from_us, o, "from_h") ||
        !time_of(&x.to_us, o, "to_h") || !time_of(&x.paid_us, o, "machine_hours") ||
        !time_of(&x.start_us, o, "start_hours") || !number_of(&x.work, o, "work") || x.work < 0 ||
        x.machines < 1 || x.paid_us < 0 || x.start_us < 0 || x.from_us < 0 ||
        x.to_us <= x.from_us || x.to_us > r->p->horizon_us ||
        !json_is_null(json_object_get(o, "starts")))
        return malformed(r, "timeline", number);
    *ARENA_PUSH_ALONE(r->a, r->c->runs, r->c->n_runs) = x;
    return OK;
}

static enum err read_holding(const struct reader *r, const json_t *o, size_t number)
{
    struct claim_holding x;
    x.service = service_of(r, text_of(o, "workload"));
    if (x.service == NOWHERE) return unknown(r, "timeline", number, _("service"));
    x.choice = choice_of(r, &r->p->services[x.service].group, o);
    if (!x.choice) return unknown(r, "timeline", number, _("machine for it"));
    int64_t held_us, start_us;
    const double cold_us = r->p->services[x.service].service->cold_start_h * (double)US_PER_H;
    if (!whole_of(&x.machines, o, "machines") || !whole_of(&x.starts, o, "starts") ||
        !time_of(&x.from_us, o, "from_h") || !time_of(&x.to_us, o, "to_h") || x.machines < 1 ||
        x.starts < 0 || x.starts > x.machines || x.from_us < 0 || x.to_us <= x.from_us ||
        x.to_us > r->p->horizon_us || !json_is_null(json_object_get(o, "work")) ||
        !time_of(&held_us, o, "machine_hours") || !time_of(&start_us, o, "start_hours") ||
        (!r->c->relaxed && held_us != x.machines * (x.to_us - x.from_us)) ||
        start_us != llround((double)x.starts * cold_us))
        return malformed(r, "timeline", number);
    *ARENA_PUSH(r->a, r->c->holdings, r->c->n_holdings) = x;
    return OK;
}

static enum err read_stretch(void *reader, const json_t *o, size_t number)
{
    struct reader *r = reader;
    return json_is_null(json_object_get(o, "job")) ? read_holding(r, o, number)
                                                   : read_run(r, o, number);
}

/* A list of the file, or of the document in memory. */
static enum err read_entries(struct reader *r, const char *name, run_entry_fn *each)
{
    if (r->run->file && run_file_holds(r->run->file, name))
        return run_file_each(r->run->file, name, each, r, r->d);
    const json_t *list = json_object_get(r->run->root, name);
    for (size_t i = 0; i < json_array_size(list); i++) TRY(each(r, json_array_get(list, i), i));
    return OK;
}

static enum err read_datasets(const struct reader *r)
{
    const json_t *list = json_object_get(r->run->root, "datasets");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *o = json_array_get(list, i);
        const char *name = text_of(o, "dataset");
        struct claim_dataset x;
        x.store = name ? proof_store_find(r->p, name) : NOWHERE;
        if (x.store == NOWHERE) return unknown(r, "datasets", i, _("dataset"));
        const struct proof_store *s = &r->p->stores[x.store];
        for (x.home = 0; x.home < s->n_homes; x.home++)
            if (is_text(o, "class", s->homes[x.home].class_->name) &&
                is_text(o, "region", s->homes[x.home].region))
                break;
        if (x.home == s->n_homes) return unknown(r, "datasets", i, _("place for the dataset"));
        if (!number_of(&x.share, o, "share") || !number_of(&x.size_gib, o, "size_gib") ||
            !number_of(&x.extra_gib, o, "extra_gib"))
            return malformed(r, "datasets", i);
        *ARENA_PUSH(r->a, r->c->datasets, r->c->n_datasets) = x;
    }
    return OK;
}

/* Commitments that were bought. */
static enum err read_bought(const struct reader *r)
{
    const json_t *list = json_object_get(r->run->root, "commitments");
    r->c->bought = ARENA_NEW(r->a, double, r->p->n_limits + 1);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *o = json_array_get(list, i);
        const bool plan = is_text(o, "kind", "savings_plan");
        double count;
        if (json_is_true(json_object_get(o, "existing"))) continue;
        if (!number_of(&count, o, "count") || count < 0) return malformed(r, "commitments", i);
        const size_t offer = plan ? NOWHERE : offer_of(r, o);
        size_t found = NOWHERE;
        for (size_t l = 0; l < r->p->n_limits; l++) {
            const struct proof_limit *x = &r->p->limits[l];
            if (!x->buys) continue;
            if (plan ? x->kind == PROOF_SAVINGS
                     : x->kind == PROOF_SUBSCRIPTION && offer != NOWHERE && x->offer == offer)
                found = l;
        }
        if (count == 0) continue;
        if (found == NOWHERE) return unknown(r, "commitments", i, _("commitment"));
        if (!plan && !r->c->relaxed && fabs(count - round(count)) > 1e-9)
            return malformed(r, "commitments", i);
        r->c->bought[found] += count;
    }
    return OK;
}

static size_t named(const json_t *o, const char *key, const char *const *names, size_t n)
{
    const char *name = text_of(o, key);
    for (size_t i = 0; name && i < n; i++)
        if (strcmp(names[i], name) == 0) return i;
    return NOWHERE;
}

/* "5400000000/3600000000": the exact quantity. */
static bool fraction_of(struct claim_line *l, const json_t *o)
{
    const char *text = text_of(o, "exact");
    char *end;
    if (!text || strlen(text) > 45 || (*text != '-' && (*text < '0' || *text > '9'))) return false;
    l->quantity = strtoll(text, &end, 10);
    if (*end != '/' || end[1] < '1' || end[1] > '9') return false;
    l->quantity_den = strtoll(end + 1, &end, 10);
    return *end == '\0' && l->quantity > -INT64_MAX && l->quantity < INT64_MAX &&
           l->quantity_den < INT64_MAX;
}

static enum err read_line(void *reader, const json_t *o, size_t number)
{
    struct reader *r = reader;
    const struct scenario *s = r->p->in.scenario;
    struct claim_line l = {.offer = NOWHERE, .job = NOWHERE};
    const char *month = text_of(o, "month"), *part = text_of(o, "part");
    while (part && l.part < N_DUES && strcmp(due_part_word(l.part), part) != 0) l.part++;
    l.workload = named(o, "workload", r->workloads, s->n_workloads);
    l.dataset = named(o, "dataset", r->datasets, s->n_datasets);
    static const char *const names[] = {"workload", "job", "dataset", "instance_type"};
    bool named_well = true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        named_well = named_well && text_or_null(o, names[i]);
    static const char *const of_offer[] = {"market", "region", "zone", "commitment"};
    for (size_t i = 0; i < sizeof of_offer / sizeof *of_offer; i++)
        named_well = named_well && (json_is_null(json_object_get(o, of_offer[i])) ||
                                    !json_is_null(json_object_get(o, "instance_type")));
    if (!named_well || !part || !month || !fraction_of(&l, o) ||
        !money_of(&l.amount, o, "amount") || !number_of(&l.price, o, "price"))
        return malformed(r, "ledger", number);
    if (json_is_string(json_object_get(o, "workload")) && l.workload == NOWHERE)
        return unknown(r, "ledger", number, _("workload"));
    if (json_is_string(json_object_get(o, "dataset")) && l.dataset == NOWHERE)
        return unknown(r, "ledger", number, _("dataset"));
    if (json_is_string(json_object_get(o, "job"))) {
        l.job = job_of(r, text_of(o, "job"));
        if (l.job == NOWHERE) return unknown(r, "ledger", number, _("job"));
    }
    if (json_is_string(json_object_get(o, "instance_type"))) {
        l.offer = offer_of(r, o);
        if (l.offer == NOWHERE) return unknown(r, "ledger", number, _("offer"));
    }
    l.plan = l.workload == NOWHERE && l.offer == NOWHERE;
    char text[64];
    moment_t at = month_start(s->start);
    for (l.month = 0; l.month < 10000; l.month++, at = next_month_start(at)) {
        moment_print(text, sizeof text, at);
        if (strncmp(text, month, 7) == 0 && strlen(month) == 7) break;
    }
    *ARENA_PUSH_ALONE(r->a, r->c->lines, r->c->n_lines) = l;
    return OK;
}

static enum err read_ledger(struct reader *r)
{
    const struct scenario *s = r->p->in.scenario;
    r->workloads = ARENA_NEW(r->a, const char *, s->n_workloads + 1);
    r->datasets = ARENA_NEW(r->a, const char *, s->n_datasets + 1);
    for (size_t i = 0; i < s->n_workloads; i++) r->workloads[i] = s->workloads[i].name;
    for (size_t i = 0; i < s->n_datasets; i++) r->datasets[i] = s->datasets[i].name;
    return read_entries(r, "ledger", read_line);
}

static enum err wrong_price(const struct reader *r, enum proof_row kind, const char *name)
{
    return diag_error(r->d, ERR_PROOF_PRICE, (struct place){0},
                      _("certificate.prices.%s: the price of \"%s\" is no number, below 0, or not "
                        "in order of time"),
                      proof_row_word(kind), name);
}

static bool price_fits(enum proof_row kind, const json_t *v)
{
    const double value = json_is_number(v) ? json_number_value(v) : (double)NAN;
    return fabs(value) <= 1e15 && (value >= 0 || proof_row_is_signed(kind));
}

static enum err read_price(const struct reader *r, struct proof_prices *out, enum proof_row kind,
                           const char *name, const json_t *v)
{
    struct proof_series *s = proof_prices_add(out, kind, name);
    int64_t before = -1;
    if (!proof_row_is_series(kind)) {
        if (!price_fits(kind, v)) return wrong_price(r, kind, name);
        s->at_us = ARENA_NEW(r->a, int64_t, 1);
        s->value = ARENA_NEW(r->a, double, 1);
        s->value[0] = json_number_value(v);
        s->n = 1;
        return OK;
    }
    if (!json_is_array(v)) return wrong_price(r, kind, name);
    for (size_t i = 0; i < json_array_size(v); i++) {
        const json_t *pair = json_array_get(v, i), *at = json_array_get(pair, 0),
                     *price = json_array_get(pair, 1);
        const double hours = json_is_number(at) ? json_number_value(at) : -1;
        if (json_array_size(pair) != 2 || !(hours >= 0 && hours <= MOST_HOURS) ||
            !price_fits(kind, price))
            return wrong_price(r, kind, name);
        const int64_t us = llround(hours * (double)US_PER_H);
        if (us <= before) return wrong_price(r, kind, name);
        proof_series_push(out, s, us, json_number_value(price));
        before = us;
    }
    return OK;
}

static enum err read_prices(const struct reader *r, struct proof_prices *out)
{
    json_t *prices = json_object_get(json_object_get(r->run->root, "certificate"), "prices");
    const char *word, *name;
    json_t *table, *value;
    if (!json_is_object(prices)) return broken(r->d, _("its certificate has no prices"));
    json_object_foreach(prices, word, table)
    {
        int kind = 0;
        while (kind < N_PRICE_KINDS && strcmp(proof_row_word((enum proof_row)kind), word) != 0)
            kind++;
        if (kind == N_PRICE_KINDS || !json_is_object(table))
            return diag_error(r->d, ERR_PROOF_NAME, (struct place){0},
                              _("certificate.prices has \"%s\", which is no kind of row"), word);
        json_object_foreach(table, name, value)
            TRY(read_price(r, out, (enum proof_row)kind, name, value));
    }
    return OK;
}

/* "12345.678901" in millionths. */
static bool parse_micro(micro_t *out, const char *text)
{
    struct ratio r;
    if (!text || strlen(text) > 20 || !ratio_parse(&r, text)) return false;
    return money_amount(out, r, 1, 1);
}

static enum err read_unserved(const struct reader *r)
{
    for (size_t i = 0; i < r->p->in.services->n; i++) {
        const struct service *s = &r->p->in.services->items[i];
        for (size_t c = 0; c < s->n_classes; c++) {
            const char *name = s->n_classes == 1
                                   ? s->name
                                   : arena_printf(r->a, "%s %s", s->name, s->class_names[c]);
            const struct proof_series *share =
                proof_prices_find(r->c->prices, PRICE_UNSERVED, name);
            if (!share) continue;
            for (size_t k = 0; k < share->n; k++)
                if (!s->unserved_priced || !(share->value[k] <= 1))
                    return wrong_price(r, PRICE_UNSERVED, name);
            *ARENA_PUSH(r->a, r->c->unserved, r->c->n_unserved) =
                (struct claim_unserved){i, c, share};
        }
    }
    return OK;
}

/* What an hour of a choice is worth was computed anew: it has to be what the plan was made with. */
static enum err check_derived(const struct reader *r, const json_t *o, size_t number,
                              const struct proof_choice *c)
{
    const struct {
        const char *key;
        double value;
    } numbers[] = {{"useful", c->u}, {"clock", c->w}, {"stall", c->stall}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        double said;
        if (!number_of(&said, o, numbers[i].key))
            return malformed(r, "certificate.derived", number);
        if (fabs(said - numbers[i].value) > SAME_WORTH * numbers[i].value)
            return diag_error(r->d, ERR_PROOF_WORK, (struct place){0},
                              _("entry %zu of certificate.derived: %s is said to be %.15g, and it "
                                "is %.15g"),
                              number + 1, numbers[i].key, said, numbers[i].value);
    }
    return OK;
}

static enum err read_derived(struct reader *r)
{
    const json_t *list = json_object_get(json_object_get(r->run->root, "certificate"), "derived");
    if (list && !json_is_array(list)) return malformed(r, "certificate.derived", 0);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *o = json_array_get(list, i);
        const bool service = json_is_null(json_object_get(o, "job"));
        const size_t of =
            service ? service_of(r, text_of(o, "workload")) : job_of(r, text_of(o, "job"));
        if (of == NOWHERE)
            return unknown(r, "certificate.derived", i, service ? _("service") : _("job"));
        const struct proof_choice *c = choice_of(
            r, service ? &r->p->services[of].group : &r->p->groups[r->p->group_of[of]], o);
        if (!c) return unknown(r, "certificate.derived", i, _("machine for it"));
        TRY(check_derived(r, o, i, c));
    }
    return OK;
}

enum err proof_run_claims(struct proof_claim *c, const struct proof_run *run, const struct proof *p,
                          struct diag *d)
{
    const json_t *summary = json_object_get(run->root, "summary"),
                 *certificate = json_object_get(run->root, "certificate");
    struct proof_prices *prices = ARENA_NEW(p->arena, struct proof_prices, 1);
    struct reader r = {.run = run, .p = p, .c = c, .d = d, .a = p->arena};
    long form;
    if (run->prices) prices = run->prices;
    prices->arena = p->arena;
    *c = (struct proof_claim){.relaxed = p->in.scenario->relaxed, .prices = prices};
    if (!whole_of(&form, certificate, "form") || form != 1)
        return broken(d, _("the form of its certificate is not known to this version"));
    if (!run->prices) TRY(read_prices(&r, prices));
    if (!run->has_plan) return OK;
    if (!parse_micro(&c->bound, text_of(certificate, "bound")) ||
        !money_of(&c->cost, summary, "cost") || !number_of(&c->gap, summary, "gap"))
        return broken(d, _("it has no cost, bound or gap that could be one"));
    double printed;
    if (!number_of(&printed, summary, "bound") ||
        fabs(printed - (double)c->bound / 1e6) > 1e-14 * fabs(printed))
        return diag_error(d, ERR_PROOF_BOUND, (struct place){0},
                          _("summary.bound is not the bound of the certificate, %s"),
                          text_of(certificate, "bound"));
    TRY(read_derived(&r));
    TRY(read_unserved(&r));
    TRY(read_entries(&r, "timeline", read_stretch));
    TRY(read_datasets(&r));
    TRY(read_bought(&r));
    if (!run->source) return read_ledger(&r);
    c->source = run->source;
    c->n_runs = run->n_runs;
    c->n_lines = run->n_lines;
    return OK;
}
