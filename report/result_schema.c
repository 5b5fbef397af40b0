/* The shape of a JSON result, one row per key: what `gpumix schema result` prints. */
#include "common/text.h"
#include "report/formats.h"
#include <stdbool.h>
#include <string.h>

/* clang-format off */
enum key_type { TEXT, TEXT_OR_NULL, NUMBER, NUMBER_OR_NULL, INTEGER, INTEGER_OR_NULL, FLAG, TEXTS, TEXTS_OR_NULL, NUMBERS, ANY, MAP, OBJECT, LIST, SPREAD_OR_NULL };

static const char *const type_texts[] = {
    [TEXT] = "\"type\": \"string\"", [TEXT_OR_NULL] = "\"type\": [\"string\", \"null\"]",
    [NUMBER] = "\"type\": \"number\"", [NUMBER_OR_NULL] = "\"type\": [\"number\", \"null\"]",
    [INTEGER] = "\"type\": \"integer\"", [INTEGER_OR_NULL] = "\"type\": [\"integer\", \"null\"]",
    [FLAG] = "\"type\": \"boolean\"", [TEXTS] = "\"type\": \"array\", \"items\": {\"type\": \"string\"}",
    [TEXTS_OR_NULL] = "\"type\": [\"array\", \"null\"], \"items\": {\"type\": \"string\"}",
    [NUMBERS] = "\"type\": \"array\", \"items\": {\"type\": [\"number\", \"null\"]}",
    [SPREAD_OR_NULL] = "\"oneOf\": [{\"type\": \"null\"}, {\"$ref\": \"#/$defs/spread\"}]",
    [MAP] = "\"type\": \"object\"",
    [ANY] = "\"type\": [\"string\", \"array\", \"object\"]",
};

struct key {
    const char *object; /* which definition it belongs to */
    const char *name;
    enum key_type type;
    bool required;
    const char *of;     /* OBJECT, LIST: definition of the value or of the entries */
    const char *help;
};

static const struct key keys[] = {
    {"result", "summary", OBJECT, true, "summary", N_("the answer in a few numbers")},
    {"result", "inputs", OBJECT, true, "inputs", N_("everything the answer rests on")},
    {"result", "plan", LIST, false, "plan", N_("what to buy: ledger lines added over months and owners")},
    {"result", "timeline", LIST, false, "timeline", N_("when machines run what")},
    {"result", "jobs", LIST, false, "jobs", N_("when each piece of work begins and ends")},
    {"result", "services", LIST, false, "services", N_("load that is served while it comes: what is held for it, and what a scaling group is told")},
    {"result", "datasets", LIST, false, "datasets", N_("where data lie")},
    {"result", "instance_types", LIST, false, "instance_types", N_("what one machine of each type is that the plan holds or subscribes to")},
    {"result", "subscriptions", LIST, false, "subscriptions", N_("machines bought by month or year")},
    {"result", "commitments", LIST, false, "commitments", N_("subscriptions and savings plans that exist, were bought or come into question, and from when they pay")},
    {"result", "ledger", LIST, false, "ledger", N_("every amount, rounded once; adds up to summary.cost exactly")},
    {"result", "certificate", OBJECT, false, "certificate", N_("what proves the plan; gpumix verify checks it (docs/certificates.md)")},
    {"result", "exact", OBJECT, false, "exact", N_("the exact optimum of the linear program; only with plan --exact")},
    {"result", "budgets", LIST, false, "budgets", N_("limits on money and what the plan takes of them")},
    {"result", "limits", LIST, false, "limits", N_("what one more unit of each limit would save")},
    {"result", "kept", OBJECT, false, "kept", N_("what came of keeping the machines of a saved plan; only with plan --from")},
    {"result", "around", OBJECT, false, "around", N_("plans solved around this one for the sliders and curves of its report; only with plan --what-if")},
    {"result", "promises", LIST, false, "promises", N_("deadlines that were to hold with confidence")},
    {"result", "simulation", OBJECT, false, "simulation", N_("what luck does to the plan")},
    {"result", "assumptions", TEXTS, false, NULL, N_("guesses and defaults behind the numbers")},
    {"result", "sources", LIST, false, "sources", N_("every price the plan pays: where it comes from, how old and how sure it is")},
    {"result", "spot_weeks", LIST, false, "spot_weeks", N_("how spot prices went by hour of the week, of the machines that the plan spends most on; only with catalog.spot_history")},
    {"result", "candidates", LIST, false, "candidates", N_("offers that were considered")},
    {"result", "conflicts", LIST, false, "conflicts", N_("what clashes when no plan exists")},
    {"result", "warnings", LIST, true, "finding", N_("doubts about the inputs")},
    {"result", "errors", LIST, true, "finding", N_("why there is no plan, when the inputs are wrong")},
    {"summary", "status", TEXT, true, NULL, N_("optimal (gap up to --gap), within_gap, feasible (a limit was reached), infeasible, none or error")},
    {"summary", "currency", TEXT, false, NULL, N_("of every amount in this document")},
    {"summary", "cost", NUMBER, false, NULL, N_("ledger total of the executable plan")},
    {"summary", "bound", NUMBER, false, NULL, N_("proven lower bound: no plan can cost less")},
    {"summary", "gap", NUMBER, false, NULL, N_("(cost - bound) / cost")},
    {"summary", "method", TEXT, false, NULL, N_("how the linear program was solved, where not by the simplex: columns or prices (docs/scale.md)")},
    {"summary", "whole_bound", NUMBER, false, NULL, N_("no plan of whole machines and whole purchases costs less; only where that is above bound")},
    {"summary", "machine_hours", NUMBER, false, NULL, N_("paid hours of all machines")},
    {"summary", "estimated_share", NUMBER, false, NULL, N_("part of the cost that rests on estimated prices")},
    {"summary", "machines", INTEGER, false, NULL, N_("most machines held at one time")},
    {"summary", "finish", TEXT_OR_NULL, false, NULL, N_("local time at which the last job is done")},
    {"summary", "late_hours", NUMBER, false, NULL, N_("largest lateness of a job")},
    {"summary", "worlds", INTEGER, false, NULL, N_("simulated; absent without simulation, as all below")},
    {"summary", "expected", NUMBER, false, NULL, N_("mean cost of the worlds")},
    {"summary", "expected_low", NUMBER_OR_NULL, false, NULL, N_("95 % interval of expected")},
    {"summary", "expected_high", NUMBER_OR_NULL, false, NULL, N_("95 % interval of expected")},
    {"summary", "p10", NUMBER, false, NULL, N_("cost at or below which one world in ten stays")},
    {"summary", "p50", NUMBER, false, NULL, N_("median cost")},
    {"summary", "p90", NUMBER, false, NULL, N_("cost at or below which nine worlds in ten stay")},
    {"summary", "p95", NUMBER, false, NULL, N_("cost at or below which 95 worlds in 100 stay")},
    {"summary", "late", NUMBER, false, NULL, N_("probability that a job is late or a service misses its target")},
    {"summary", "late_low", NUMBER, false, NULL, N_("95 % interval of late")},
    {"summary", "late_high", NUMBER, false, NULL, N_("95 % interval of late")},
    {"summary", "over_budget", NUMBER, false, NULL, N_("probability that the budget is passed")},
    {"summary", "over_budget_low", NUMBER, false, NULL, N_("95 % interval of over_budget")},
    {"summary", "over_budget_high", NUMBER, false, NULL, N_("95 % interval of over_budget")},
    {"inputs", "tool", OBJECT, true, "tool", N_("the program")},
    {"inputs", "scenario", TEXT_OR_NULL, true, NULL, N_("name of the scenario")},
    {"inputs", "variant", TEXT, true, NULL, N_("base, or the variant's name")},
    {"inputs", "horizon", OBJECT, false, "horizon", N_("what is planned for")},
    {"inputs", "files", LIST, true, "file", N_("files read, with their checksums")},
    {"inputs", "set", TEXTS, true, NULL, N_("values changed on the command line, PATH=VALUE")},
    {"inputs", "catalogue", OBJECT, false, "catalogue", N_("the price book")},
    {"inputs", "values", LIST, true, "value", N_("the merged scenario: each value with where it was written")},
    {"tool", "name", TEXT, true, NULL, N_("gpumix")},
    {"tool", "version", TEXT, true, NULL, N_("version of the program")},
    {"horizon", "from", TEXT, true, NULL, N_("local time")},
    {"horizon", "to", TEXT, true, NULL, N_("local time")},
    {"horizon", "utc_offset_hours", NUMBER, true, NULL, N_("of local time")},
    {"file", "path", TEXT, true, NULL, N_("as written")},
    {"file", "sha256", TEXT_OR_NULL, true, NULL, N_("of its bytes; null for standard input")},
    {"catalogue", "date", TEXT_OR_NULL, true, NULL, N_("of the newest price")},
    {"catalogue", "sha256", TEXT_OR_NULL, true, NULL, N_("over all tables as loaded")},
    {"value", "path", TEXT, true, NULL, N_("dotted path")},
    {"value", "value", ANY, true, NULL, N_("as written; an empty list or map as such")},
    {"value", "file", TEXT_OR_NULL, true, NULL, N_("null for a default")},
    {"value", "line", INTEGER_OR_NULL, true, NULL, N_("from 1")},
    {"value", "layer", TEXT_OR_NULL, true, NULL, N_("who set it: a template, a variant, the command line ...")},
    {"offer", "instance_type", TEXT_OR_NULL, true, NULL, N_("vendor's name")},
    {"offer", "market", TEXT_OR_NULL, true, NULL, N_("on_demand, spot, spot_unprotected, subscription ...")},
    {"offer", "region", TEXT_OR_NULL, true, NULL, N_("vendor's name")},
    {"offer", "zone", TEXT_OR_NULL, true, NULL, N_("null: any zone of the region")},
    {"plan", "workload", TEXT_OR_NULL, true, NULL, N_("null: of no single workload")},
    {"plan", "part", TEXT, true, NULL, N_("compute, start, discount, storage, late ...")},
    {"plan", "dataset", TEXT_OR_NULL, true, NULL, N_("name under storage")},
    {"plan", "note", TEXT_OR_NULL, true, NULL, N_("what it is, such as the licence's name")},
    {"plan", "machines", INTEGER, true, NULL, N_("most at one time; 0 where it is not about machines")},
    {"plan", "quantity", NUMBER_OR_NULL, true, NULL, N_("in unit")},
    {"plan", "unit", TEXT_OR_NULL, true, NULL, N_("machine-h, GiB-h ...")},
    {"plan", "price", NUMBER_OR_NULL, true, NULL, N_("per unit")},
    {"plan", "cost", NUMBER, true, NULL, N_("amount")},
    {"plan", "estimated", FLAG, true, NULL, N_("rests on an estimated price")},
    {"timeline", "workload", TEXT, true, NULL, N_("name")},
    {"timeline", "job", TEXT_OR_NULL, true, NULL, N_("the workload, or its occurrence or row; null for a service")},
    {"timeline", "machines", INTEGER, true, NULL, N_("identical machines")},
    {"timeline", "starts", INTEGER_OR_NULL, true, NULL, N_("of a service: machines booted to be ready at `from`; null for jobs")},
    {"timeline", "from", TEXT, true, NULL, N_("local time, to the minute")},
    {"timeline", "to", TEXT, true, NULL, N_("local time, to the minute")},
    {"timeline", "from_h", NUMBER, true, NULL, N_("hours from the start of the horizon")},
    {"timeline", "to_h", NUMBER, true, NULL, N_("hours from the start of the horizon")},
    {"timeline", "machine_hours", NUMBER, true, NULL, N_("paid, all machines together, without starts")},
    {"timeline", "start_hours", NUMBER, true, NULL, N_("paid for planned starts")},
    {"timeline", "work", NUMBER_OR_NULL, true, NULL, N_("done, in hours of the reference GPU (or vCPU-hours); null for a service")},
    {"timeline", "commitment", TEXT_OR_NULL, true, NULL, N_("the commitment its machines are of, as certificates name it")},
    {"timeline", "storage", TEXTS_OR_NULL, true, NULL, N_("classes in which its datasets lie, in the order of the workload; null: it has none")},
    {"jobs", "workload", TEXT, true, NULL, N_("name")},
    {"jobs", "job", TEXT, true, NULL, N_("the workload, or its occurrence or row")},
    {"jobs", "work", NUMBER_OR_NULL, true, NULL, N_("to do, in hours of the reference GPU (or vCPU-hours)")},
    {"jobs", "start", TEXT, true, NULL, N_("local time")},
    {"jobs", "finish", TEXT, true, NULL, N_("local time")},
    {"jobs", "deadline", TEXT, true, NULL, N_("local time")},
    {"jobs", "late_hours", NUMBER, true, NULL, N_("behind the deadline")},
    {"jobs", "machine_hours", NUMBER_OR_NULL, true, NULL, N_("paid")},
    {"jobs", "spot_share", NUMBER_OR_NULL, true, NULL, N_("part of the work done on spot machines")},
    {"services", "workload", TEXT, true, NULL, N_("name")},
    {"services", "rule", TEXT, true, NULL, N_("how machines follow from load: wait (requests queue), profile (measured table), blocking (sessions, seats)")},
    {"services", "peak_machines", INTEGER, true, NULL, N_("most held at one time")},
    {"services", "least_machines", INTEGER, true, NULL, N_("fewest held at one time")},
    {"services", "held_hours", NUMBER_OR_NULL, true, NULL, N_("machine-hours, without cold starts")},
    {"services", "start_hours", NUMBER_OR_NULL, true, NULL, N_("machine-hours of cold starts")},
    {"services", "idle_hours", NUMBER_OR_NULL, true, NULL, N_("part of held_hours that the mean load does not need")},
    {"services", "perfect_autoscaler_hours", NUMBER_OR_NULL, true, NULL, N_("machine-hours that an autoscaler without delay, headroom or burst would hold, always of the one type held that needs fewest machines")},
    {"services", "unserved_share", NUMBER_OR_NULL, true, NULL, N_("part of the load left unserved, where that has a price")},
    {"services", "spot_share", NUMBER_OR_NULL, true, NULL, N_("part of held_hours on spot machines")},
    {"services", "peak_load", NUMBER_OR_NULL, true, NULL, N_("highest load of a step that machines are counted for: with growth, burst and headroom; in load_unit")},
    {"services", "load_unit", TEXT, true, NULL, N_("requests/h, or erlang: places busy at a time if none were missing")},
    {"services", "load_by_hour", NUMBERS, false, NULL, N_("mean load in each hour of the week, Monday 0:00 first, in load_unit, with growth, without bursts; null: no such hour")},
    {"services", "needed", LIST, false, "needed", N_("machines that the mean load needs, as perfect_autoscaler_hours counts them, the horizon through")},
    {"services", "answer_time", OBJECT, false, "answer_time", N_("of requests that queue: how long they take in the fullest hour of each hour of the week, with every planned machine at work")},
    {"services", "blocked", OBJECT, false, "blocked", N_("of sessions and seats: how many starts find no place in the fullest hour of each hour of the week")},
    {"services", "pools", LIST, true, "pools", N_("machines of one instance type, market and zone")},
    {"services", "scaling", LIST, true, "scaling", N_("what the scaling group of each region is told; empty when nothing is held")},
    {"needed", "from_h", NUMBER, true, NULL, N_("hours from the start of the horizon")},
    {"needed", "to_h", NUMBER, true, NULL, N_("hours from the start of the horizon")},
    {"needed", "machines", NUMBER, true, NULL, N_("of the type held that needs fewest")},
    {"answer_time", "late_share", NUMBER, true, NULL, N_("share of the requests that takes longer than what mean and sized say")},
    {"answer_time", "limit", NUMBER_OR_NULL, true, NULL, N_("seconds that the scenario allows at that share; null: none")},
    {"answer_time", "mean", NUMBERS, true, NULL, N_("seconds, waiting and service, at the mean load; Monday 0:00 first; null: closed, or more comes than is carried")},
    {"answer_time", "sized", NUMBERS, true, NULL, N_("the same at the load that the plan is sized for, with burst and headroom")},
    {"answer_time", "waiting", NUMBERS, true, NULL, N_("mean number of requests in the queue at the mean load")},
    {"blocked", "limit", NUMBER_OR_NULL, true, NULL, N_("share that the scenario allows")},
    {"blocked", "mean", NUMBERS, true, NULL, N_("share of the starts at the mean load; Monday 0:00 first; null: closed")},
    {"blocked", "sized", NUMBERS, true, NULL, N_("the same at the load that the plan is sized for, with burst and headroom")},
    {"spot_weeks", "instance_type", TEXT, true, NULL, N_("vendor's name")},
    {"spot_weeks", "region", TEXT, true, NULL, N_("vendor's name")},
    {"spot_weeks", "zone", TEXT_OR_NULL, true, NULL, N_("null: any zone of the region")},
    {"spot_weeks", "hours", INTEGER, true, NULL, N_("hours of the history with a known price")},
    {"spot_weeks", "by_hour", NUMBERS, true, NULL, N_("mean price in each hour of the local week as a share of the mean of all hours, Monday 0:00 first; null: not known")},
    {"pools", "least_machines", INTEGER, true, NULL, N_("fewest at one time, over the whole horizon")},
    {"pools", "peak_machines", INTEGER, true, NULL, N_("most at one time")},
    {"pools", "machine_hours", NUMBER, true, NULL, N_("held, without cold starts")},
    {"pools", "starts", INTEGER, true, NULL, N_("machines booted, all times together")},
    {"scaling", "region", TEXT, true, NULL, N_("scaling groups do not reach across regions")},
    {"scaling", "ess", OBJECT, true, "ess", N_("a scaling group of machines")},
    {"scaling", "eas", OBJECT, true, "eas", N_("a model service; a replica is one machine")},
    {"ess", "min_size", INTEGER, true, NULL, N_("fewest machines of the region at one time")},
    {"ess", "max_size", INTEGER, true, NULL, N_("most machines of the region at one time")},
    {"ess", "on_demand_base_capacity", INTEGER, true, NULL, N_("machines outside spot that are always held: fixed, by subscription or autoscaled")},
    {"ess", "on_demand_percentage_above_base", INTEGER, true, NULL, N_("when most machines are held: those outside spot among the machines above the base, rounded up; 100 when there are none above")},
    {"ess", "spot_instance_pools", INTEGER, true, NULL, N_("instance types x zones with spot machines")},
    {"ess", "instance_types", TEXTS, true, NULL, N_("cheapest machine-hour first")},
    {"ess", "cooldown_s", INTEGER, true, NULL, N_("seconds a machine that was booted stays at least")},
    {"ess", "warm_up_s", INTEGER, true, NULL, N_("seconds from ordering a machine until it serves")},
    {"eas", "min_replica", INTEGER, true, NULL, N_("as min_size")},
    {"eas", "max_replica", INTEGER, true, NULL, N_("as max_size")},
    {"eas", "target_load_per_replica", NUMBER_OR_NULL, true, NULL, N_("mean load of one machine in the step of the peak, in load_unit: burst and headroom come on top; null where load is left unserved or nothing is held")},
    {"datasets", "dataset", TEXT_OR_NULL, true, NULL, N_("name under storage")},
    {"datasets", "class", TEXT, true, NULL, N_("storage class")},
    {"datasets", "region", TEXT, true, NULL, N_("vendor's name")},
    {"datasets", "share", NUMBER_OR_NULL, true, NULL, N_("part of the dataset that lies there")},
    {"datasets", "size_gib", NUMBER_OR_NULL, true, NULL, N_("of the dataset")},
    {"datasets", "extra_gib", NUMBER_OR_NULL, true, NULL, N_("bought beyond it, for throughput or a smallest size")},
    {"datasets", "provided_mbps", NUMBER_OR_NULL, true, NULL, N_("throughput that this capacity gives")},
    {"datasets", "needed_mbps", NUMBER_OR_NULL, true, NULL, N_("throughput asked for")},
    {"instance_types", "instance_type", TEXT, true, NULL, N_("vendor's name")},
    {"instance_types", "gpu_model", TEXT_OR_NULL, true, NULL, N_("null: no GPU")},
    {"instance_types", "gpus", NUMBER, true, NULL, N_("of a slice its fraction; 0: no GPU")},
    {"instance_types", "gpu_memory_gib", NUMBER_OR_NULL, true, NULL, N_("per GPU, or of the slice")},
    {"instance_types", "vcpus", INTEGER_OR_NULL, true, NULL, N_("null: not known")},
    {"instance_types", "memory_gib", NUMBER_OR_NULL, true, NULL, N_("null: not known")},
    {"subscriptions", "count", INTEGER, true, NULL, N_("machines")},
    {"subscriptions", "relaxed", NUMBER_OR_NULL, true, NULL, N_("what the linear program would take")},
    {"subscriptions", "existing", FLAG, true, NULL, N_("already bought")},
    {"commitments", "kind", TEXT, true, NULL, N_("subscription or savings_plan")},
    {"commitments", "commitment", TEXT_OR_NULL, true, NULL, N_("its name in certificates; null for a savings plan")},
    {"commitments", "count", NUMBER_OR_NULL, true, NULL, N_("machines; of a savings plan money per hour; 0: not bought")},
    {"commitments", "existing", FLAG, true, NULL, N_("already bought")},
    {"commitments", "term_hours", NUMBER_OR_NULL, true, NULL, N_("shortest time paid for")},
    {"commitments", "break_even", NUMBER_OR_NULL, true, NULL, N_("part of its time in use from which it costs no more than on demand")},
    {"commitments", "break_even_hours", NUMBER_OR_NULL, true, NULL, N_("the same in hours of its term")},
    {"commitments", "used", NUMBER_OR_NULL, true, NULL, N_("part of what is paid within the horizon that the plan uses")},
    {"commitments", "one_more_used", NUMBER_OR_NULL, true, NULL, N_("part of the horizon in which one machine more would replace one that is paid as it goes")},
    {"commitments", "cheapest_count", INTEGER_OR_NULL, true, NULL, N_("cheapest number for the use of this type in this region alone, all terms together (newsvendor)")},
    {"certificate", "form", INTEGER, true, NULL, N_("1")},
    {"certificate", "bound", TEXT, false, NULL, N_("the proven lower bound, in decimals; absent where no plan is possible")},
    {"certificate", "gamma", MAP, false, NULL, N_("per workload: what an hour of spot counts as, from simulation")},
    {"certificate", "prices", MAP, true, NULL, N_("one object per kind of row; in it a price per row, or a list of [hour, price]")},
    {"certificate", "derived", LIST, false, "derived", N_("what an hour of the machines in the timeline is worth, as it follows from the inputs")},
    {"derived", "workload", TEXT, true, NULL, N_("name")},
    {"derived", "job", TEXT_OR_NULL, true, NULL, N_("the first of all that see the same choices; null for a service")},
    {"derived", "commitment", TEXT_OR_NULL, true, NULL, N_("the commitment its machines are of, as certificates name it")},
    {"derived", "storage", TEXTS_OR_NULL, true, NULL, N_("classes in which its datasets lie, in the order of the workload; null: it has none")},
    {"derived", "useful", NUMBER, true, NULL, N_("u: useful hours per paid machine-hour; of a service the part of the paid time that serves")},
    {"derived", "clock", NUMBER, true, NULL, N_("w: clock hours per paid hour of one machine")},
    {"derived", "stall", NUMBER, true, NULL, N_("share of the time in which it computes and does not wait for data")},
    {"certificate", "accepted", FLAG, true, NULL, N_("every claim was checked and found true when the plan was made")},
    {"certificate", "proven", TEXTS, true, NULL, N_("bound, work, limits, services, storage, bill, budgets; or infeasible")},
    {"certificate", "not_proven", TEXTS, true, NULL, N_("claims that this kind of plan gives no proof of")},
    {"exact", "status", TEXT, true, NULL, N_("optimal, infeasible, or unknown: errors say why")},
    {"exact", "rows", INTEGER, true, NULL, N_("of the linear program; 0: some work has no machine at all")},
    {"exact", "columns", INTEGER, true, NULL, N_("of the linear program")},
    {"exact", "reduced", FLAG, true, NULL, N_("of the reduced program, which has the same optimum, because the plain one is too large")},
    {"exact", "optimum", TEXT, false, NULL, N_("15 digits behind the point, rounded down; absent where there is none")},
    {"exact", "fraction", TEXT_OR_NULL, false, NULL, N_("the same as numerator/denominator; null: longer than 1000 characters")},
    {"exact", "equal", FLAG, false, NULL, N_("the optimum in floating point is the same to 1e-9")},
    {"exact", "float_difference", NUMBER_OR_NULL, false, NULL, N_("how far the optimum in floating point lies above, as a share of the exact one (at least of 1)")},
    {"exact", "bound_difference", NUMBER_OR_NULL, false, NULL, N_("the same of the proven bound; null: no plan")},
    {"exact", "cost_difference", NUMBER_OR_NULL, false, NULL, N_("the same of the cost; null: no plan")},
    {"exact", "widened", NUMBER, false, NULL, N_("share of themselves by which the sides of rows were moved apart, because doubles contradict each other in their last digits; 0: not at all")},
    {"ledger", "part", TEXT, true, NULL, N_("compute, start, discount, storage, late ...")},
    {"ledger", "workload", TEXT_OR_NULL, true, NULL, N_("null: of no single workload")},
    {"ledger", "job", TEXT_OR_NULL, true, NULL, N_("null: of no single job")},
    {"ledger", "dataset", TEXT_OR_NULL, true, NULL, N_("name under storage")},
    {"ledger", "owner", TEXT_OR_NULL, true, NULL, N_("who pays")},
    {"ledger", "month", TEXT_OR_NULL, true, NULL, N_("calendar month")},
    {"ledger", "price", NUMBER_OR_NULL, true, NULL, N_("per unit")},
    {"ledger", "unit", TEXT_OR_NULL, true, NULL, N_("machine-h, GiB-h ...")},
    {"ledger", "quantity", NUMBER_OR_NULL, true, NULL, N_("in unit")},
    {"ledger", "amount", NUMBER, true, NULL, N_("price x quantity, rounded once to a millionth")},
    {"ledger", "estimated", FLAG, true, NULL, N_("rests on an estimated price")},
    {"ledger", "note", TEXT_OR_NULL, true, NULL, N_("what it is, such as the licence's name")},
    {"ledger", "exact", TEXT, true, NULL, N_("the quantity as a fraction")},
    {"ledger", "commitment", TEXT_OR_NULL, true, NULL, N_("the commitment its machines are of, as certificates name it")},
    {"budgets", "owner", TEXT_OR_NULL, true, NULL, N_("null: all")},
    {"budgets", "month", TEXT_OR_NULL, true, NULL, N_("the month nearest to the limit; null: the whole plan")},
    {"budgets", "planned", NUMBER, true, NULL, N_("amount")},
    {"budgets", "limit", NUMBER, true, NULL, N_("amount")},
    {"budgets", "state", TEXT, true, NULL, N_("ok, warn or over")},
    {"limits", "limit", TEXT_OR_NULL, true, NULL, N_("in words of the scenario")},
    {"limits", "saves", NUMBER_OR_NULL, true, NULL, N_("money per unit more; 0: not reached; null: it allows nothing now, so this is not known")},
    {"limits", "unit", TEXT_OR_NULL, true, NULL, N_("of the limit")},
    {"limits", "up_to", NUMBER_OR_NULL, true, NULL, N_("units more for which that holds; null: not known (`explain` finds it), or however many")},
    {"limits", "then_saves", NUMBER_OR_NULL, true, NULL, N_("money per unit beyond those")},
    {"limits", "costs", NUMBER_OR_NULL, true, NULL, N_("money that one unit less costs")},
    {"limits", "down_to", NUMBER_OR_NULL, true, NULL, N_("units less for which that holds")},
    {"limits", "reason", TEXT_OR_NULL, true, NULL, N_("why something of it is not known")},
    {"limits", "file", TEXT_OR_NULL, true, NULL, N_("where it was written")},
    {"limits", "line", INTEGER_OR_NULL, true, NULL, N_("from 1")},
    {"candidates", "workload", TEXT, true, NULL, N_("name")},
    {"candidates", "usable", FLAG, true, NULL, N_("may serve this workload")},
    {"candidates", "reason", TEXT_OR_NULL, true, NULL, N_("why not")},
    {"candidates", "cost_per_useful_hour", NUMBER_OR_NULL, true, NULL, N_("per useful hour of the reference GPU")},
    {"candidates", "price_part", NUMBER_OR_NULL, true, NULL, N_("of it: the machine")},
    {"candidates", "rework_part", NUMBER_OR_NULL, true, NULL, N_("of it: interruptions and checkpoints")},
    {"candidates", "licence_part", NUMBER_OR_NULL, true, NULL, N_("of it: licences")},
    {"candidates", "disk_part", NUMBER_OR_NULL, true, NULL, N_("of it: disks")},
    {"candidates", "enters_below", NUMBER_OR_NULL, true, NULL, N_("price per machine-hour below which it would be used; null: not looked for (`explain` does)")},
    {"candidates", "enters_speed", NUMBER_OR_NULL, true, NULL, N_("speed from which it would be used at its price; null: not looked for, or not known")},
    {"candidates", "dominated", FLAG, true, NULL, N_("another offer is at least as good in every respect")},
    {"candidates", "chosen", FLAG, true, NULL, N_("the plan buys it")},
    {"conflicts", "what", TEXT_OR_NULL, true, NULL, N_("a demand or limit, in words of the scenario")},
    {"conflicts", "change", TEXT_OR_NULL, true, NULL, N_("value with which a plan was found, alone or together with the other changes")},
    {"conflicts", "set", TEXT_OR_NULL, true, NULL, N_("the change as a --set option")},
    {"conflicts", "short_by", NUMBER_OR_NULL, true, NULL, N_("in unit")},
    {"conflicts", "unit", TEXT_OR_NULL, true, NULL, N_("of short_by")},
    {"conflicts", "limit", TEXT_OR_NULL, true, NULL, N_("key of the limit in the scenario; null: a demand")},
    {"conflicts", "clash", INTEGER, true, NULL, N_("limits of the same number clash: none of them can be spared; 0: a demand")},
    {"conflicts", "together", FLAG, true, NULL, N_("the changes are enough only all together")},
    {"conflicts", "cost", NUMBER_OR_NULL, true, NULL, N_("of the plan with the change")},
    {"conflicts", "file", TEXT_OR_NULL, true, NULL, N_("where it was written")},
    {"conflicts", "line", INTEGER_OR_NULL, true, NULL, N_("from 1")},
    {"kept", "from", TEXT, true, NULL, N_("the saved run, as written")},
    {"kept", "state", TEXT, true, NULL, N_("kept: this plan is on its machines; changed: leaving them saves more than a change costs; new: they no longer do")},
    {"kept", "change_saves", NUMBER_OR_NULL, true, NULL, N_("what the plan that is free to change costs less than the kept one; null: there is no kept one")},
    {"kept", "change_price", NUMBER, true, NULL, N_("amount that a change must save to be made")},
    {"promises", "workload", TEXT, true, NULL, N_("name")},
    {"promises", "asked", NUMBER, true, NULL, N_("window.confidence")},
    {"promises", "kept", NUMBER, true, NULL, N_("share of worlds in which its jobs are in time")},
    {"promises", "kept_low", NUMBER, true, NULL, N_("95 % interval of kept")},
    {"promises", "kept_high", NUMBER, true, NULL, N_("95 % interval of kept")},
    {"promises", "spot_gamma", NUMBER, true, NULL, N_("share of its expectation that an hour of spot counts as; 0: no spot")},
    {"promises", "worlds", INTEGER, true, NULL, N_("simulated; none of them was used to choose spot_gamma")},
    {"simulation", "worlds", INTEGER, true, NULL, N_("simulated")},
    {"simulation", "first_world", INTEGER, true, NULL, N_("number of the first one")},
    {"simulation", "seed", INTEGER, true, NULL, N_("of all draws")},
    {"simulation", "spot_price", TEXT, true, NULL, N_("model of spot prices: fixed, model, history")},
    {"simulation", "lives", TEXT, true, NULL, N_("model of the time until a machine is taken back")},
    {"simulation", "policy", TEXT, true, NULL, N_("what decides when plan and world part")},
    {"simulation", "converged", FLAG, true, NULL, N_("stopped because the mean was precise enough")},
    {"simulation", "interrupted", FLAG, true, NULL, N_("stopped by a signal: fewer worlds than asked for")},
    {"simulation", "cost", OBJECT, true, "spread", N_("in all")},
    {"simulation", "distribution", OBJECT, false, "distribution", N_("worlds by their cost; absent when all cost the same")},
    {"simulation", "idle", OBJECT, true, "spread", N_("commitments that nobody uses")},
    {"simulation", "workloads", LIST, true, "simulated_workload", N_("in the order of the file")},
    {"simulation", "totals", NUMBERS, false, NULL, N_("cost of each world, from first_world on; absent above 20,000 worlds")},
    {"distribution", "from", NUMBER, true, NULL, N_("where the first step begins")},
    {"distribution", "width", NUMBER, true, NULL, N_("of each step")},
    {"distribution", "counts", NUMBERS, true, NULL, N_("worlds in each step")},
    {"sources", "what", TEXT_OR_NULL, true, NULL, N_("instance type, or the wider group that the row is about, or storage class")},
    {"sources", "market", TEXT_OR_NULL, true, NULL, N_("null: of storage")},
    {"sources", "region", TEXT_OR_NULL, true, NULL, N_("region or zone")},
    {"sources", "source", TEXT_OR_NULL, true, NULL, N_("as the price book names it")},
    {"sources", "date", TEXT_OR_NULL, true, NULL, N_("day of the price")},
    {"sources", "confidence", TEXT, true, NULL, N_("quoted, quoted_secondary, measured, derived, estimated or unverified")},
    {"sources", "user", FLAG, true, NULL, N_("from a file of the user")},
    {"simulated_workload", "workload", TEXT, true, NULL, N_("name")},
    {"simulated_workload", "planned", NUMBER, true, NULL, N_("cost of the plan")},
    {"simulated_workload", "cost", OBJECT, true, "spread", N_("of the worlds")},
    {"simulated_workload", "parts", LIST, true, "simulated_part", N_("where it goes; parts add up to the cost in every world")},
    {"simulated_workload", "finish_hours", SPREAD_OR_NULL, true, NULL, N_("end of the last job, from the start of the horizon; null for a service")},
    {"simulated_workload", "late_hours", SPREAD_OR_NULL, true, NULL, N_("of the latest job; null for a service")},
    {"simulated_workload", "interruptions", OBJECT, true, "spread", N_("reclaims that stopped something")},
    {"simulated_workload", "missed", NUMBER, true, NULL, N_("probability that a job is late; of a service, that its target is missed")},
    {"simulated_workload", "missed_low", NUMBER, true, NULL, N_("95 % interval of missed")},
    {"simulated_workload", "missed_high", NUMBER, true, NULL, N_("95 % interval of missed")},
    {"simulated_workload", "late_jobs", NUMBER_OR_NULL, true, NULL, N_("per world")},
    {"simulated_workload", "jobs_given_up", INTEGER, true, NULL, N_("not done long after the horizon, in all worlds")},
    {"simulated_workload", "offered", NUMBER_OR_NULL, true, NULL, N_("load of a service per world: requests, session starts or seat-hours")},
    {"simulated_workload", "served", NUMBER_OR_NULL, true, NULL, N_("of offered")},
    {"simulated_workload", "late", NUMBER_OR_NULL, true, NULL, N_("of served: above the limit of latency")},
    {"simulated_workload", "lost", NUMBER_OR_NULL, true, NULL, N_("of offered: not served")},
    {"simulated_part", "part", TEXT, true, NULL, N_("on_demand, spot, lost, start, storage ...")},
    {"simulated_part", "cost", OBJECT, true, "spread", N_("of the worlds")},
    {"spread", "mean", NUMBER_OR_NULL, true, NULL, N_("over all worlds")},
    {"spread", "mean_low", NUMBER_OR_NULL, true, NULL, N_("95 % interval of the mean")},
    {"spread", "mean_high", NUMBER_OR_NULL, true, NULL, N_("95 % interval of the mean")},
    {"spread", "least", NUMBER_OR_NULL, true, NULL, N_("of all worlds")},
    {"spread", "p10", NUMBER_OR_NULL, true, NULL, N_("one world in ten is at or below")},
    {"spread", "p50", NUMBER_OR_NULL, true, NULL, N_("median")},
    {"spread", "p90", NUMBER_OR_NULL, true, NULL, N_("nine worlds in ten are at or below")},
    {"spread", "p95", NUMBER_OR_NULL, true, NULL, N_("95 worlds in 100 are at or below")},
    {"spread", "p99", NUMBER_OR_NULL, true, NULL, N_("99 worlds in 100 are at or below")},
    {"spread", "most", NUMBER_OR_NULL, true, NULL, N_("of all worlds")},
    {"spread", "cvar95", NUMBER_OR_NULL, true, NULL, N_("mean of the worst 5 in 100")},
    {"around", "plans", INTEGER, true, NULL, N_("that might be solved for the sliders: how fine they are")},
    {"around", "points", LIST, true, "point", N_("what came of each")},
    {"point", "set", TEXTS, true, NULL, N_("what was changed, as --set takes it")},
    {"point", "status", TEXT, true, NULL, N_("as in summary; error: the values are not valid")},
    {"point", "message", TEXT_OR_NULL, false, NULL, N_("why there is no plan")},
    {"point", "cost", NUMBER, false, NULL, N_("ledger total; absent without a plan, as all below")},
    {"point", "bound", NUMBER, false, NULL, N_("proven lower bound: no plan can cost less")},
    {"point", "gap", NUMBER, false, NULL, N_("(cost - bound) / cost")},
    {"point", "machine_hours", NUMBER, false, NULL, N_("paid hours of all machines")},
    {"point", "machines", INTEGER, false, NULL, N_("most machines held at one time")},
    {"point", "has_jobs", FLAG, false, NULL, N_("whether it has work with an end")},
    {"point", "finish", TEXT_OR_NULL, false, NULL, N_("local time at which the last job is done")},
    {"point", "worlds", INTEGER, false, NULL, N_("simulated; absent without simulation, as all below")},
    {"point", "expected", NUMBER, false, NULL, N_("mean cost of the worlds")},
    {"point", "expected_low", NUMBER_OR_NULL, false, NULL, N_("95 % interval of expected")},
    {"point", "expected_high", NUMBER_OR_NULL, false, NULL, N_("95 % interval of expected")},
    {"point", "p10", NUMBER, false, NULL, N_("cost at or below which one world in ten stays")},
    {"point", "p50", NUMBER, false, NULL, N_("median cost")},
    {"point", "p90", NUMBER, false, NULL, N_("cost at or below which nine worlds in ten stay")},
    {"point", "p95", NUMBER, false, NULL, N_("cost at or below which 95 worlds in 100 stay")},
    {"point", "late", NUMBER_OR_NULL, false, NULL, N_("probability that a job is late")},
    {"point", "late_low", NUMBER_OR_NULL, false, NULL, N_("95 % interval of late")},
    {"point", "late_high", NUMBER_OR_NULL, false, NULL, N_("95 % interval of late")},
    {"finding", "code", TEXT, true, NULL, N_("see `gpumix help CODE`")},
    {"finding", "message", TEXT_OR_NULL, true, NULL, N_("what is wrong")},
    {"finding", "why", TEXT_OR_NULL, true, NULL, N_("why it matters")},
    {"finding", "fix", TEXT_OR_NULL, true, NULL, N_("how to put it right")},
    {"finding", "file", TEXT_OR_NULL, true, NULL, N_("where")},
    {"finding", "line", INTEGER_OR_NULL, true, NULL, N_("from 1")},
};

/* Definitions whose objects also say which offer they mean. */
static const char *const with_offer[] = {"plan", "timeline", "subscriptions", "commitments", "ledger", "candidates", "pools", "derived"};
/* clang-format on */

enum { N_KEYS = sizeof keys / sizeof *keys };

static bool has_offer(const char *object)
{
    for (size_t i = 0; i < sizeof with_offer / sizeof *with_offer; i++)
        if (strcmp(object, with_offer[i]) == 0) return true;
    return false;
}

static bool belongs(const struct key *k, const char *object)
{
    return strcmp(k->object, object) == 0 || (strcmp(k->object, "offer") == 0 && has_offer(object));
}

static void key_print(const struct key *k, FILE *out)
{
    fprintf(out, "    \"%s\": {", k->name);
    if (k->type == OBJECT)
        fprintf(out, "\"$ref\": \"#/$defs/%s\"", k->of);
    else if (k->type == LIST)
        fprintf(out, "\"type\": \"array\", \"items\": {\"$ref\": \"#/$defs/%s\"}", k->of);
    else
        fputs(type_texts[k->type], out);
    fprintf(out, ", \"description\": \"%s\"}", _(k->help));
}

static void object_print(const char *object, FILE *out)
{
    fprintf(out,
            "  \"%s\": {\n   \"type\": \"object\",\n   \"additionalProperties\": false,\n   "
            "\"required\": [",
            object);
    const char *separator = "";
    for (size_t i = 0; i < N_KEYS; i++) {
        if (!belongs(&keys[i], object) || !keys[i].required) continue;
        fprintf(out, "%s\"%s\"", separator, keys[i].name);
        separator = ", ";
    }
    fputs("],\n   \"properties\": {\n", out);
    separator = "";
    for (size_t i = 0; i < N_KEYS; i++) {
        if (!belongs(&keys[i], object)) continue;
        fputs(separator, out);
        key_print(&keys[i], out);
        separator = ",\n";
    }
    fputs("\n   }\n  }", out);
}

enum err result_schema_print(FILE *out)
{
    fputs(
        "{\n \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
        " \"title\": \"gpumix result\",\n"
        " \"description\": \"What `gpumix plan --json` and `--save` write; several variants are a "
        "list.\",\n"
        " \"oneOf\": [\n"
        "  {\"$ref\": \"#/$defs/result\"},\n"
        "  {\"type\": \"object\", \"additionalProperties\": false, \"required\": [\"variants\"],\n"
        "   \"properties\": {\"variants\": {\"type\": \"array\", \"items\": {\"$ref\": "
        "\"#/$defs/result\"}}}}\n"
        " ],\n \"$defs\": {\n",
        out);
    const char *last = "";
    for (size_t i = 0; i < N_KEYS; i++) {
        if (strcmp(keys[i].object, last) == 0 || strcmp(keys[i].object, "offer") == 0) continue;
        if (*last) fputs(",\n", out);
        last = keys[i].object;
        object_print(last, out);
    }
    fputs("\n }\n}\n", out);
    return OK;
}
