/* Services lowered: rules, classes, seats, sessions, limits of latency, slices and encoders, and every message. */
#include "demand_support.h"
#include "scenarios/service.h"
#include <stdlib.h>
#include <unistd.h>

struct run {
    struct service_list list;
    struct diag diag;
    enum err e;
};

static char folder[] = "/tmp/gpumix-service-XXXXXX";

static const char *file_of(const char *name, const char *text, struct arena *a)
{
    const char *path = arena_printf(a, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    gsl_test(!f, "%s is written", path);
    if (!f) return path;
    fputs(text, f);
    fclose(f);
    return path;
}

/* Loads a scenario file with one workload, in the words of a user, and lowers it. */
static struct run run_of(const char *workload, const struct price_book *b, struct arena *a)
{
    const char *text = arena_printf(a,
                                    "version: 1\n"
                                    "horizon: {start: 2026-12-01, length: 2w, step: 1h}\n"
                                    "workloads:\n  w:\n%s",
                                    workload);
    const char *path = file_of("scenario.yaml", text, a);
    struct scenario *s = ARENA_NEW(a, struct scenario, 1);
    struct run r = {.diag = diag_of(a)};
    r.e = scenario_load(s, path, NULL, a, &r.diag);
    gsl_test_int((int)r.e, OK, "the scenario loads");
    if (r.e == OK) r.e = services_make(&r.list, s, b, a, &r.diag);
    return r;
}

static const struct service *made(const char *workload, const struct price_book *b, struct arena *a)
{
    const struct run r = run_of(workload, b, a);
    gsl_test_int((int)r.e, OK, "lowered");
    gsl_test_int((int)finding_count(&r.diag), 0, "no findings");
    if (r.diag.first) diag_print(&r.diag, DIAG_TEXT, stdout);
    gsl_test_int((int)r.list.n, 1, "one service");
    gsl_test_int((int)r.list.n_shapes, 1, "one shape");
    return r.e == OK && r.list.n == 1 ? &r.list.items[0] : NULL;
}

static struct fit fit_of(const struct service *s, const char *type, const struct price_book *b,
                         struct arena *a)
{
    const size_t t = book_type_find(b, type);
    gsl_test(t == SIZE_MAX, "%s is in the price book", type);
    return t == SIZE_MAX ? (struct fit){0} : fit_check(s->shape, book_type(b, t), b, a);
}

static void expect_workers(const struct service *s, const char *type, long workers, double speed,
                           const struct price_book *b, struct arena *a)
{
    const struct fit f = fit_of(s, type, b, a);
    gsl_test(!f.ok, "%s fits: %s", type, f.ok ? "" : f.reason);
    gsl_test_int((int)f.workers, (int)workers, "%s: workers", type);
    gsl_test_rel(f.speed, speed, 1e-12, "%s: speed", type);
}

static void expect_out(const struct service *s, const char *type, const char *reason,
                       const struct price_book *b, struct arena *a)
{
    const struct fit f = fit_of(s, type, b, a);
    gsl_test(f.ok, "%s is out", type);
    gsl_test_str(f.reason ? f.reason : "(none)", reason, "reason");
}

/* --- requests --- */

#define CHAT                                                                                       \
    "    kind: inference_online\n"                                                                 \
    "    load: {base: 2.5/s}\n"

static void test_requests(const struct price_book *b, struct arena *a)
{
    const struct service *s = made(
        CHAT "    latency: {p50: 250ms, p99: 800ms, met: 97%}\n"
             "    service: {time: 180ms, cv: 0.8, batch: 4, concurrency: 2}\n"
             "    speed: {A10-24GB: 1.0, L20-48GB: 1.7}\n"
             "    autoscale: {min: 1, max: 40, cold_start: 90s, cooldown: 10min, headroom: 20%}\n"
             "    purchase: [autoscaled, spot]\n"
             "    spot_max_share: 40%\n"
             "    spot: {on_demand_base: 3}\n"
             "    interruption: {tolerant: true, restart: 2min}\n"
             "    unserved_cost: ¥0.05\n",
        b, a);
    if (!s) return;
    gsl_test_str(s->name, "w", "name");
    gsl_test_int((int)s->rule, RULE_WAIT, "requests wait");
    gsl_test_int((int)s->n_classes, 1, "one class");
    gsl_test_str(s->class_names[0], "", "without a name");
    gsl_test_rel(s->class_share[0], 1, 0, "has all the load");
    gsl_test_rel(s->time_h, 0.18 / 3600, 1e-12, "time");
    gsl_test_rel(s->cv2, 0.64, 1e-12, "cv2");
    gsl_test_int((int)s->batch, 4, "batch");
    gsl_test_int((int)s->concurrency, 2, "concurrency");
    gsl_test_int((int)s->n_limits, 2, "limits");
    gsl_test_rel(s->limits[0].limit_h, 0.25 / 3600, 1e-12, "p50");
    gsl_test_rel(s->limits[0].late_frac, 0.5, 1e-12, "share above p50");
    gsl_test_rel(s->limits[1].limit_h, 0.8 / 3600, 1e-12, "p99");
    gsl_test_rel(s->limits[1].late_frac, 0.03, 1e-12, "met replaces the highest percentile");
    gsl_test_int((int)s->limits[1].at.line, 7, "line of p99");
    gsl_test_int((int)s->min_machines, 1, "min");
    gsl_test_int((int)s->max_machines, 40, "max");
    gsl_test_rel(s->cold_start_h, 0.025, 1e-12, "cold start");
    gsl_test_rel(s->cooldown_h, 1.0 / 6, 1e-12, "cooldown");
    gsl_test_rel(s->headroom_frac, 0.2, 1e-12, "headroom");
    gsl_test_rel(s->spot_max_frac, 0.4, 1e-12, "spot share");
    gsl_test_int((int)s->on_demand_base, 3, "base");
    gsl_test_rel(s->restart_h, 1.0 / 30, 1e-12, "restart");
    gsl_test(!s->unserved_priced, "unserved load has a price");
    gsl_test_rel(ratio_value(s->unserved_cost), 0.05, 1e-12, "of five fen");
    gsl_test_rel(service_sizing_load(s, 0, HOURS(1)), 9000 * 1.2, 1e-12, "load");
    gsl_test(s->shape->service != s, "the shape knows its service");
    expect_workers(s, "ecs.gn7i-c16g1.4xlarge", 1, 1, b, a);
    expect_workers(s, "ecs.gn8is.2xlarge", 1, 1.7, b, a);
}

static void test_defaults(const struct price_book *b, struct arena *a)
{
    const struct service *s = made(CHAT "    latency: {p95: 2s}\n"
                                        "    service: {time: 180ms}\n"
                                        "    resources: {gpu: [A10-24GB]}\n",
                                   b, a);
    if (!s) return;
    gsl_test_rel(s->cv2, 1, 0, "exponential");
    gsl_test_int((int)s->batch, 1, "batch");
    gsl_test_int((int)s->concurrency, 1, "concurrency");
    gsl_test_rel(s->burst, 1, 0, "burst");
    gsl_test_rel(s->scale, 1, 0, "scale");
    gsl_test_rel(s->limits[0].late_frac, 0.05, 1e-12, "p95");
    gsl_test(s->unserved_priced, "all load is served");
    gsl_test_int((int)(s->min_machines + s->max_machines + s->on_demand_base), 0, "no limits");
    expect_workers(s, "ecs.gn7i-c16g1.4xlarge", 1, 1, b, a); /* the only card is the reference */
}

/* Bare time against a limit: exponential with mean m is above t with probability exp(-t/m). */
static void test_latency(const struct price_book *b, struct arena *a)
{
    const struct service *s = made(CHAT "    latency: {p99: 900ms}\n"
                                        "    service: {time: 200ms}\n"
                                        "    work: {measured_on: A10-24GB}\n",
                                   b, a);
    const char *reason = NULL;
    if (!s) return;
    /* exp(-4.5) = 1.11%; at speed 1 too slow, above 0.2 ln 100 / 0.9 = 1.0234 fast enough */
    gsl_test(service_fits_latency(s, 1, &reason), "speed 1 misses the limit");
    gsl_test_str(reason ? reason : "(none)",
                 "1.11% of the requests take longer than 900 ms even without waiting, 1% may",
                 "reason");
    gsl_test(service_fits_latency(s, 1.0233, &reason), "speed 1.0233 misses it");
    gsl_test(!service_fits_latency(s, 1.0234, &reason), "speed 1.0234 keeps it");
    s = made(CHAT "    latency: {p95: 500ms, p99: 900ms}\n"
                  "    service: {time: 200ms, cv: 0}\n"
                  "    work: {measured_on: A10-24GB}\n",
             b, a);
    if (!s) return;
    gsl_test(!service_fits_latency(s, 0.4, &reason), "a constant time at the limit keeps it");
    gsl_test(service_fits_latency(s, 0.3999, &reason), "above it misses");
    gsl_test_str(reason ? reason : "(none)",
                 "100% of the requests take longer than 500 ms even without waiting, 5% may",
                 "reason");
}

/* Speeds of one's own without a card of speed 1: other cards have nothing to be relative to. */
static void test_no_reference(const struct price_book *b, struct arena *a)
{
    const struct service *s = made(CHAT "    latency: {p95: 2s}\n"
                                        "    service: {time: 180ms}\n"
                                        "    speed: {A10-24GB: 2}\n",
                                   b, a);
    if (!s) return;
    expect_workers(s, "ecs.gn7i-c16g1.4xlarge", 1, 2, b, a);
    expect_out(s, "ecs.gn8is.2xlarge", "no speed of L20-48GB is known for class infer_llm_7b", b,
               a);
    s = made(CHAT "    latency: {p95: 2s}\n"
                  "    service: {time: 180ms}\n"
                  "    work: {measured_on: A10-24GB}\n",
             b, a);
    if (!s) return;
    expect_workers(s, "ecs.gn8is.2xlarge", 1, 1.7, b, a); /* the book's */
    gsl_test_rel(s->restart_h, 0.05, 1e-12, "3 min restart by default");
}

static void test_cpu(const struct price_book *b, struct arena *a)
{
    const struct service *s = made(CHAT "    latency: {p95: 2s}\n"
                                        "    service: {time: 180ms}\n"
                                        "    resources: {vcpu: 8}\n",
                                   b, a);
    if (!s) return;
    gsl_test(!s->shape->cpu, "vCPUs alone mean machines without a GPU");
    expect_workers(s, "ecs.c7.8xlarge", 4, 1, b, a);
    expect_out(s, "ecs.gn7i-c16g1.4xlarge",
               "the service asks for vCPUs only and runs on machines without a GPU", b, a);
}

/* --- sessions --- */

#define GAME                                                                                       \
    "    kind: render_realtime\n"                                                                  \
    "    load: {base: 120/h}\n"

static void test_sessions(const struct price_book *b, struct arena *a)
{
    const struct service *s =
        made(GAME "    latency: {p95: 40ms, blocked: 0.5%}\n"
                  "    service: {time: 45min, cv: 0.7, frame: 14ms}\n"
                  "    resources: {gpu: [A10-24GB], gpu_share: 0.25, gpu_memory: 6GB, features: "
                  "[nvenc], encoder_share: 0.3}\n"
                  "    licence: {price: ¥140/month, per: seat}\n",
             b, a);
    if (!s) return;
    gsl_test_int((int)s->rule, RULE_BLOCKING, "places block");
    gsl_test_rel(s->time_h, 0.75, 1e-12, "length");
    gsl_test_rel(service_mean_load(s, 0, HOURS(24)), 90, 1e-12, "120 starts an hour of 45 min");
    gsl_test_rel(s->blocked_frac, 0.005, 1e-12, "blocked");
    gsl_test_int((int)s->seats, 0, "no seats");
    gsl_test_rel(s->frame_h, 0.014 / 3600, 1e-12, "frame");
    /* one engine carries 3 sessions of 0.3, so a whole A10 has 3 and not 4 */
    expect_workers(s, "ecs.gn7i-c16g1.4xlarge", 3, 1, b, a);
    expect_workers(s, "ecs.gn7i-4x.8xlarge", 13, 1, b, a);
    expect_workers(s, "ecs.vgn7i-vws-m8.2xlarge", 1, 1, b, a);
    expect_out(s, "ecs.vgn7i-vws-m4.xlarge", "GPU memory 4 GB, needs 6 GB", b, a);
    const char *reason = NULL;
    gsl_test(!service_fits_latency(s, 0.35, &reason), "a frame of 40 ms keeps 40 ms");
    gsl_test(service_fits_latency(s, 0.34, &reason), "one of 41 ms does not");
    gsl_test_str(reason ? reason : "(none)", "a frame takes 41.18 ms, the limit is 40 ms",
                 "reason");
}

static void test_encoder(const struct price_book *b, struct arena *a)
{
    const struct service *s =
        made(GAME "    service: {time: 45min, concurrency: 3}\n"
                  "    resources: {gpu: [A10-24GB, L20-48GB], encoder_share: 0.5}\n",
             b, a);
    if (!s) return;
    expect_out(s, "ecs.gn7i-c16g1.4xlarge", "1 NVENC engines, the 3 places of a worker need 1.5", b,
               a);
    expect_workers(s, "ecs.gn8is.2xlarge", 1, 1, b, a); /* three engines, six places, one worker */
    gsl_test_rel(s->blocked_frac, 0.01, 1e-12, "1% by default");
    const char *reason = NULL;
    gsl_test(!service_fits_latency(s, 0.01, &reason), "without a frame nothing is checked");
    expect_out(s, "ecs.gn7e-c16g1.4xlarge", "0 NVENC engines, the 3 places of a worker need 1.5", b,
               a);
}

/* --- seats --- */

static void test_seats(const struct price_book *b, struct arena *a)
{
    const struct service *s =
        made("    kind: cad\n"
             "    work: {seats: 40, hours_per_day: 7.5, repeat: workdays}\n"
             "    resources: {gpu: [A10-24GB], gpu_share: 0.5, gpu_memory: 12GB, features: "
             "[grid_driver]}\n"
             "    window: {hours: \"08:30-18:30\"}\n",
             b, a);
    if (!s) return;
    gsl_test_int((int)s->rule, RULE_BLOCKING, "places block");
    gsl_test_int((int)s->seats, 40, "seats");
    gsl_test_abs(s->time_h, 0, 0, "no length");
    gsl_test_rel(service_sizing_load(s, 0, HOURS(24)), 30, 1e-12, "40 x 7.5 / 10");
    gsl_test_rel(service_mean_load(s, 0, HOURS(24)), 12.5, 1e-12, "over a day");
    gsl_test_rel(service_sizing_load(s, HOURS(8), HOURS(9)), 30, 1e-12, "half open hour");
    gsl_test_abs(service_sizing_load(s, HOURS(18.5), HOURS(32.5)), 0, 0, "closed at night");
    gsl_test_abs(service_sizing_load(s, HOURS(96), HOURS(144)), 0, 0, "closed at the weekend");
    expect_workers(s, "ecs.vgn7i-vws-m12.3xlarge", 1, 1, b, a);
    expect_workers(s, "ecs.vgn7i-vws-m24.7xlarge", 2, 1, b, a);
    expect_out(s, "ecs.gn7i-c16g1.4xlarge",
               "A10-24GB has grid_driver only with a licence of one's own", b, a);
    s = made("    kind: cad\n"
             "    work: {seats: 3, hours_per_day: 6}\n"
             "    window: {hours: \"20:00-04:00\", days: weekends}\n",
             b, a);
    if (!s) return;
    gsl_test_rel(service_sizing_load(s, 0, HOURS(336)), 2.25, 1e-12, "over midnight");
    gsl_test_rel(service_mean_load(s, 0, HOURS(336)), 2.25 * 32 / 336, 1e-12, "weekend nights");
    expect_out(s, "ecs.gn7e-c16g1.4xlarge", "A100-80GB is unfit for this work: its speed is 0", b,
               a);
}

static void test_dev(const struct price_book *b, struct arena *a)
{
    const struct service *s = made("    kind: dev\n"
                                   "    work: {seats: 12, hours_per_day: 5, repeat: workdays}\n"
                                   "    resources: {vcpu: 4, memory: 16GB}\n"
                                   "    window: {hours: \"09:30-20:00\", days: workdays}\n",
                                   b, a);
    if (!s) return;
    gsl_test_rel(service_sizing_load(s, HOURS(12), HOURS(13)), 12 * 5 / 10.5, 1e-12, "load");
    expect_workers(s, "ecs.g7.4xlarge", 4, 1, b, a);
    expect_workers(s, "ecs.c7.8xlarge", 4, 1, b, a); /* 64 GB carry 4, not 8 */
    const struct run r = run_of("    kind: dev\n"
                                "    work: {vcpu_hours: 2400}\n",
                                b, a);
    gsl_test_int((int)r.e, OK, "dev work");
    gsl_test_int((int)r.list.n, 0, "is no service");
    const struct run batch = run_of("    kind: etl\n"
                                    "    work: {vcpu_hours: 2400}\n",
                                    b, a);
    gsl_test_int((int)(batch.e == OK && batch.list.n == 0), 1, "batch work is no service");
}

/* --- measured tables --- */

static const char *profile_workload(const char *table, const char *mix, const char *latency,
                                    struct arena *a)
{
    (void)file_of("rates.csv", table, a);
    if (mix) (void)file_of("mix.csv", mix, a);
    return arena_printf(a, CHAT "    service: {profile: rates.csv}\n%s%s",
                        mix ? "    request_mix: {from_csv: mix.csv}\n" : "", latency);
}

static double rate_of(const struct service *s, const char *gpu, size_t class_,
                      const struct price_book *b)
{
    for (size_t i = 0; i < s->n_rates; i++)
        if (s->rates[i].gpu == book_gpu_find(b, gpu) && s->rates[i].class_ == class_)
            return s->rates[i].per_h / 3600;
    return 0;
}

static void test_profile(const struct price_book *b, struct arena *a)
{
    const struct service *s = made(profile_workload("gpu,class,max_rate_per_s\n"
                                                    "A10-24GB,short,2\nA10-24GB,long,0\n"
                                                    "A100-80GB,short,20\nA100-80GB,long,40\n"
                                                    "L20-48GB,other,7\n",
                                                    "class,share\nshort,0.3\nlong,70%\n", "", a),
                                   b, a);
    if (!s) return;
    gsl_test_int((int)s->rule, RULE_PROFILE, "a measured table");
    gsl_test_int((int)s->n_classes, 2, "classes");
    gsl_test_str(s->class_names[1], "long", "name");
    gsl_test_rel(s->class_share[1], 0.7, 1e-12, "share");
    gsl_test_int((int)s->n_rates, 3, "rates above 0 of classes with a share");
    gsl_test_rel(rate_of(s, "A10-24GB", 0, b), 2, 1e-12, "A10, short");
    gsl_test_rel(rate_of(s, "A100-80GB", 1, b), 40, 1e-12, "A100, long");
    expect_workers(s, "ecs.gn7i-4x.8xlarge", 4, 1, b, a);
    expect_out(s, "ecs.gn8is.2xlarge", "L20-48GB has no rate in the table of service.profile", b,
               a);
    const char *reason = NULL;
    gsl_test(!service_fits_latency(s, 0.001, &reason), "the table holds the limits");
}

/* Rows name the limits they were measured at. */
static void test_targets(const struct price_book *b, struct arena *a)
{
    static const char table[] = "gpu,max_rate_per_s,target\n"
                                "A10-24GB,9,\n"
                                "A10-24GB,5,p99 1s\nA10-24GB,3,p99 500ms\nA10-24GB,4,p95 500ms\n"
                                "L20-48GB,8,p99 2s\n";
    const struct service *s =
        made(profile_workload(table, NULL, "    latency: {p99: 900ms}\n", a), b, a);
    if (s) gsl_test_rel(rate_of(s, "A10-24GB", 0, b), 3, 1e-12, "measured at a tighter limit");
    if (s) gsl_test_int((int)s->n_rates, 1, "an L20 was measured at a wider one only");
    s = made(profile_workload(table, NULL, "    latency: {p95: 600ms, p99: 1s}\n", a), b, a);
    if (s) gsl_test_rel(rate_of(s, "A10-24GB", 0, b), 4, 1e-12, "the lower of both limits");
    s = made(profile_workload(table, NULL, "", a), b, a);
    if (s) gsl_test_rel(rate_of(s, "A10-24GB", 0, b), 9, 1e-12, "no limits");
}

static void test_profile_errors(const struct price_book *b, struct arena *a)
{
    static const struct {
        const char *table, *mix, *latency;
        enum err code;
        const char *what, *fix;
    } cases[] = {
        {"gpu,max_rate_per_s\nA11-24GB,1\n", NULL, "", ERR_GPU_NAME,
         "the price book knows no GPU 'A11-24GB'", "did you mean 'A10-24GB'?"},
        {"gpu,max_rate_per_s\nabacus,1\n", NULL, "", ERR_GPU_NAME,
         "the price book knows no GPU 'abacus'", "`gpumix catalog gpus` lists the names"},
        {"gpu,max_rate_per_s\nA10-24GB,fast\n", NULL, "", ERR_PROFILE,
         "max_rate_per_s cannot be 'fast'",
         "write requests per second of one worker, 0 where it cannot serve the class"},
        {"gpu,max_rate_per_s,target\nA10-24GB,1,800ms\n", NULL, "", ERR_PROFILE,
         "target cannot be '800ms'",
         "write a percentile and its limit, for example p99 800ms, or leave it empty"},
        {"gpu,max_rate_per_s\nA10-24GB,1\nA10-24GB,2\n", NULL, "", ERR_PROFILE,
         "the rate of A10-24GB for the class '' is given twice", "delete line 2 or line 3"},
        {"gpu,class,max_rate_per_s\nA10-24GB,x,1\nA10-24GB,y,2\n", NULL, "", ERR_MIX,
         "the table of 'w' has several classes, and no request_mix says their shares",
         "write request_mix: {from_csv: FILE} with the columns class and share"},
        {"gpu,class,max_rate_per_s\nA10-24GB,x,1\n", "class,share\nx,0.5\ny,0.5\n", "", ERR_PROFILE,
         "the table of 'w' has no rate for the class 'y' within the limits",
         "add a row with a rate above 0 and, if the table has targets, one the limits of latency "
         "allow"},
        {"gpu,class,max_rate_per_s\nA10-24GB,x,1\n", "class,share\nx,2\n", "", ERR_MIX,
         "share cannot be '2'", "write a share such as 0.2 or 20%"},
        {"gpu,class,max_rate_per_s\nA10-24GB,x,1\n", "class,share\nx,0.5\nx,0.5\n", "", ERR_MIX,
         "the share of the class 'x' is given twice", "give each class once"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct run r =
            run_of(profile_workload(cases[i].table, cases[i].mix, cases[i].latency, a), b, a);
        gsl_test_int((int)r.e, (int)cases[i].code, "refused: %s", cases[i].what);
        expect_finding(&r.diag, 0, cases[i].code, cases[i].what, cases[i].fix);
    }
    struct run r = run_of(profile_workload("gpu,max_rate_per_s\n", NULL, "", a), b, a);
    expect_finding(&r.diag, 0, ERR_PROFILE, "the table of service.profile of 'w' has no rows",
                   arena_printf(a, "add a row per GPU and request class to %s/rates.csv", folder));
    r = run_of(profile_workload("gpu,class,max_rate_per_s\nA10-24GB,x,1\n",
                                "class,share\nx,0.5\ny,0.4\n", "", a),
               b, a);
    expect_finding(&r.diag, 0, ERR_MIX, "the shares of request_mix of 'w' sum to 0.9",
                   arena_printf(a, "write shares in %s/mix.csv that sum to 1", folder));
}

/* --- messages --- */

static const struct message {
    const char *workload;
    enum err code;
    const char *what, *fix;
} errors[] = {
    {CHAT "    latency: {p99: 1s}\n", ERR_SERVICE_TIME, "'w' has no service.time",
     "write service.time, the time of one request on a GPU of speed 1, or service.profile with "
     "measured rates"},
    {CHAT "    service: {time: 100ms}\n    resources: {gpu: [A10-24GB]}\n", ERR_LATENCY,
     "'w' has no limit of latency", "write for example latency: {p99: 800ms}"},
    {CHAT "    service: {time: 100ms}\n    latency: {p99: 1s}\n", ERR_MEASURED_ON,
     "service.time of 'w' is time on a GPU, but measured_on does not say on which",
     "write work.measured_on, for example measured_on: A10-24GB"},
    {GAME "    resources: {gpu: [A10-24GB]}\n", ERR_SERVICE_TIME, "'w' has no service.time",
     "write service.time, the mean length of a session"},
    {GAME "    service: {time: 1h, frame: 5ms}\n    latency: {p99: 10ms}\n", ERR_MEASURED_ON,
     "service.frame of 'w' is time on a GPU, but measured_on does not say on which",
     "write work.measured_on, for example measured_on: A10-24GB"},
    {"    kind: cad\n", ERR_SEATS, "'w' says no seats",
     "write for example work: {seats: 12, hours_per_day: 5}"},
    {"    kind: cad\n    work: {seats: 3}\n", ERR_SEATS, "'w' says no hours_per_day",
     "write the hours that a seat is used on a day"},
    {"    kind: cad\n    work: {seats: 3, hours_per_day: 9}\n"
     "    window: {hours: \"09:00-17:30\"}\n",
     ERR_SEATS, "seats of 'w' are used 9 h a day, and open 8.5 h only",
     "widen window.hours, or write fewer hours_per_day"},
    {"    kind: cad\n    work: {seats: 3, hours_per_day: 9, repeat: weekly}\n", ERR_SEATS,
     "seats of 'w' are repeated neither daily nor on workdays",
     "write repeat: daily or repeat: workdays"},
    {"    kind: cad\n    work: {seats: 3, hours_per_day: 9, repeat: workdays}\n"
     "    window: {days: weekends}\n",
     ERR_SEATS, "seats of 'w' are used on workdays and open at weekends",
     "change window.days or work.repeat"},
    {"    kind: cad\n    work: {seats: 3, hours_per_day: 9}\n    window: {start: 2027-03-01}\n",
     ERR_WINDOW_CLOSED, "'w' is never open within the horizon",
     "widen its window, or move horizon.start"},
    {"    kind: cad\n    work: {seats: 3, hours_per_day: 9}\n    autoscale: {min: 5, max: 4}\n",
     ERR_AUTOSCALE, "autoscale.min of 'w' is 5, above autoscale.max 4",
     "write a smaller min or a larger max"},
    {"    kind: cad\n    work: {seats: 3, hours_per_day: 9}\n    autoscale: {max: 4}\n"
     "    spot: {on_demand_base: 5}\n",
     ERR_AUTOSCALE, "spot.on_demand_base of 'w' is 5, above autoscale.max 4",
     "write a smaller base or a larger max"},
    {CHAT "    service: {time: 100ms}\n    latency: {p99: 1s}\n    resources: {gpu: [A10-24GB]}\n"
          "    licence: {price: ¥140/month, per: seat}\n",
     ERR_LICENCE, "the licence of 'w' is per seat, and requests have no seats",
     "write per: gpu, or per: instance for each machine held"},
    {"    kind: cad\n    work: {seats: 3, hours_per_day: 9}\n    resources: {gpu: [A11-24GB]}\n",
     ERR_GPU_NAME, "the price book knows no GPU 'A11-24GB'", "did you mean 'A10-24GB'?"},
    {"    kind: inference_online\n    service: {time: 100ms}\n    latency: {p99: 1s}\n"
     "    resources: {gpu: [A10-24GB]}\n",
     ERR_LOAD, "'w' says no load",
     "write for example load: {shape: diurnal, base: 2/s, peak: 40/s, peak_at: \"21:00\"}"},
};

static void test_errors(const struct price_book *b, struct arena *a)
{
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        const struct run r = run_of(errors[i].workload, b, a);
        gsl_test_int((int)r.e, (int)errors[i].code, "refused: %s", errors[i].what);
        expect_finding(&r.diag, 0, errors[i].code, errors[i].what, errors[i].fix);
        gsl_test_int((int)r.list.n, 0, "nothing is made");
    }
}

/* A currency without a rate is refused when the file is read; here the amount itself is too large. */
static void test_unserved(const struct price_book *b, struct arena *a)
{
    struct workload w = workload_of("cad", "desk");
    w.seats = 3;
    w.hours_per_day = 8;
    w.unserved_cost = (struct optional_money){
        .money = {{INT64_MAX - 1, INT64_MAX - 6}, CURRENCY_USD, PER_NONE}, .given = true};
    struct scenario s = scenario_of(&w, "2026-12-01", 48);
    s.has_fx = true;
    s.fx_usd = (struct ratio){71, 10};
    struct diag d = diag_of(a);
    struct service_list list;
    gsl_test_int((int)services_make(&list, &s, b, a, &d), ERR_UNSERVED, "too large");
    expect_finding(&d, 0, ERR_UNSERVED,
                   "unserved_cost of 'desk' cannot be converted into the currency of the plan",
                   "write it in that currency, with fewer decimals, or give fx");
    w.unserved_cost.money.amount = (struct ratio){3, 2};
    d = diag_of(a);
    gsl_test_int((int)services_make(&list, &s, b, a, &d), OK, "converted");
    if (list.n == 1) gsl_test_rel(ratio_value(list.items[0].unserved_cost), 10.65, 1e-12, "in CNY");
}

static const struct warning {
    const char *workload;
    enum err code;
    const char *what, *why, *fix;
} warnings[] = {
    {GAME "    service: {time: 1h}\n    latency: {p95: 40ms}\n", WARN_FRAME,
     "the limits of latency of 'w' cannot be checked", NULL,
     "write service.frame, the time to draw and encode one frame on a GPU of speed 1"},
    {GAME "    service: {time: 1h, batch: 2}\n", WARN_KEY_UNUSED,
     "service.batch of 'w' is not used",
     "sessions are sized by places, the key belongs to other workloads",
     "remove the key, or choose the kind that uses it"},
    {"    kind: cad\n    work: {seats: 3, hours_per_day: 9}\n    load: {base: 2/s}\n",
     WARN_KEY_UNUSED, "load of 'w' is not used",
     "seats are sized by places, the key belongs to another service",
     "remove the key, or choose the kind that uses it"},
    {CHAT "    service: {time: 100ms}\n    latency: {p99: 1s, blocked: 1%}\n"
          "    resources: {gpu: [A10-24GB]}\n",
     WARN_KEY_UNUSED, "latency.blocked of 'w' is not used",
     "requests are sized by queueing, the key belongs to other workloads",
     "remove the key, or choose the kind that uses it"},
    {CHAT "    service: {time: 100ms}\n    latency: {p99: 1s}\n    late_cost: ¥5/h\n"
          "    resources: {gpu: [A10-24GB]}\n",
     WARN_KEY_UNUSED, "late_cost of 'w' is not used",
     "requests are sized by queueing, the key belongs to other workloads",
     "remove the key, or choose the kind that uses it"},
    {CHAT "    service: {time: 100ms}\n    latency: {p99: 1s}\n    purchase: [spot]\n"
          "    resources: {gpu: [A10-24GB]}\n",
     WARN_NOT_TOLERANT, "'w' may be bought on spot, but does not say that it stands interruptions",
     NULL,
     "write interruption: {tolerant: true, ...} with what an interruption costs, or take spot out "
     "of purchase"},
};

static void test_warnings(const struct price_book *b, struct arena *a)
{
    for (size_t i = 0; i < sizeof warnings / sizeof *warnings; i++) {
        const struct run r = run_of(warnings[i].workload, b, a);
        gsl_test_int((int)r.e, OK, "no error: %s", warnings[i].what);
        gsl_test_int((int)finding_count(&r.diag), 1, "one finding");
        expect_finding(&r.diag, 0, warnings[i].code, warnings[i].what, warnings[i].fix);
        if (warnings[i].why && r.diag.first)
            gsl_test_str(r.diag.first->why ? r.diag.first->why : "(none)", warnings[i].why, "why");
    }
    const struct run r = run_of(
        profile_workload("gpu,max_rate_per_s\nA10-24GB,5\n", NULL, "    speed: {A10-24GB: 1}\n", a),
        b, a);
    expect_finding(&r.diag, 0, WARN_KEY_UNUSED, "speed of 'w' is not used", NULL);
    if (r.diag.first)
        gsl_test_str(r.diag.first->why, "measured rates hold all that is needed", "why");
}

int main(void)
{
    struct arena *a = arena_new();
    const struct price_book *b = book_of(a);
    gsl_test(!mkdtemp(folder), "a folder for files");
    if (b) {
        test_requests(b, a);
        test_defaults(b, a);
        test_latency(b, a);
        test_no_reference(b, a);
        test_cpu(b, a);
        test_sessions(b, a);
        test_encoder(b, a);
        test_seats(b, a);
        test_dev(b, a);
        test_profile(b, a);
        test_targets(b, a);
        test_profile_errors(b, a);
        test_errors(b, a);
        test_unserved(b, a);
        test_warnings(b, a);
    }
    static const char *const files[] = {"scenario.yaml", "rates.csv", "mix.csv"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        unlink(arena_printf(a, "%s/%s", folder, files[i]));
    rmdir(folder);
    arena_free(a);
    return gsl_test_summary();
}
