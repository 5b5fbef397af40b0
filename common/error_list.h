/* The list of error codes; included by error.h only. */
#ifndef COMMON_ERROR_LIST_H
#define COMMON_ERROR_LIST_H

#include "common/text.h"

/* clang-format off */
#define ERR_LIST(X)                                                                                \
    X(ERR_USAGE,        "E1001", N_("the command line is not understood"),                         \
                        N_("a guess could run something you did not ask for"))                     \
    X(ERR_COMMAND,      "E1002", N_("unknown command"),                                            \
                        N_("commands are never abbreviated or guessed"))                           \
    X(ERR_OPTION,       "E1003", N_("unknown option"),                                             \
                        N_("an option that is left out could change what is computed"))            \
    X(ERR_OPTION_VALUE, "E1004", N_("an option's value is missing or not understood"),             \
                        N_("another value than the one you meant could be used"))                  \
    X(ERR_ARGUMENTS,    "E1005", N_("too few or too many files or names"),                         \
                        N_("the program would work on something else than you meant"))             \
    X(ERR_GATE,         "E1006", N_("a --fail-if condition is not understood"),                    \
                        N_("a gate that never closes would let everything pass"))                  \
    X(ERR_NOT_FOUND,    "E1007", N_("there is nothing of this name"),                              \
                        N_("an answer about something else would mislead"))                        \
    X(ERR_EXISTS, "E1020", N_("a file exists already"),                                            \
                        N_("what you wrote before would be lost"))                                 \
    X(ERR_ANSWER, "E1022", N_("an answer is missing"),                                             \
                        N_("a guess would recommend machines for other work than yours"))          \
    X(ERR_ANSWERS_CLASH, "E1023", N_("two answers exclude each other"),                            \
                        N_("only one of the two can hold, and which one would be a guess"))        \
    X(ERR_NO_MACHINE, "E1024", N_("no machine of the price book fits"),                            \
                        N_("a machine that does not fit cannot do the work at any price"))         \
    X(ERR_AXIS, "E1030", N_("the values of a sweep are not understood"),                           \
                        N_("other points than the ones you meant would be computed"))              \
    X(ERR_CSV_ENCODING,  "E2001", N_("a CSV file is not UTF-8 or GB18030 text"),                     \
                        N_("names and numbers would be read as other characters than you wrote"))  \
    X(ERR_CSV_QUOTE,     "E2002", N_("a quote is out of place in a CSV file"),                     \
                        N_("everything behind it could end up in the wrong field"))                \
    X(ERR_CSV_FIELDS,    "E2003", N_("a CSV row has another number of fields than the header"),    \
                        N_("its values could belong to other columns than you meant"))             \
    X(ERR_CSV_HEADER,    "E2004", N_("the header of a CSV file is not as expected"),               \
                        N_("columns are found by their names, never by their order"))              \
    X(ERR_CSV_SEPARATOR, "E2005", N_("a CSV file is not separated by commas"),                     \
                        N_("every row would be read as one long field"))                           \
    X(ERR_CSV_LIMIT,     "E2006", N_("a CSV file is larger than gpumix reads"),                    \
                        N_("hostile or broken files must not take all memory"))                    \
    X(ERR_CSV_LINE_END,  "E2007", N_("a line of a CSV file ends in a carriage return alone"),      \
                        N_("rows could be joined or split in other places than you see"))          \
    X(ERR_JSON,          "E2100", N_("not valid JSON"),                                             \
                        N_("an answer that is half read gives half the prices"))                   \
    X(ERR_IMPORT_FORMAT, "E2101", N_("a file of no known kind"),                                   \
                        N_("guessing what a number means is how wrong prices are made"))           \
    X(ERR_IMPORT_ANSWER, "E2102", N_("an error message of the API instead of an answer"),          \
                        N_("there are no prices in it"))                                           \
    X(ERR_IMPORT_VALUE,  "E2103", N_("a value of an import is not understood"),                    \
                        N_("a row that cannot be read whole is not taken at all"))                 \
    X(ERR_IMPORT_REQUEST, "E2104", N_("an answer without its question"),                           \
                        N_("the answer does not say what it is the price of"))                     \
    X(ERR_SPEND_VALUE,   "E2110", N_("a value of a bill is not understood"),                       \
                        N_("a sum that leaves rows out is no sum"))                                \
    X(ERR_SPEND_CURRENCY, "E2111", N_("a bill in two currencies"),                                 \
                        N_("their amounts cannot be added"))                                       \
    X(ERR_BOOK_EMPTY,    "E2120", N_("a cell of a price table is empty"),                          \
                        N_("there is no safe value to assume for it"))                             \
    X(ERR_BOOK_NUMBER,   "E2121", N_("a number of a price table is not understood"),               \
                        N_("a half-read number would change what a machine can do"))               \
    X(ERR_BOOK_AMOUNT,   "E2122", N_("an amount of a price table is not understood"),              \
                        N_("a half-read price would be planned with"))                             \
    X(ERR_BOOK_WORD,     "E2123", N_("a word of a price table is not understood"),                 \
                        N_("a guess could mean the opposite"))                                     \
    X(ERR_BOOK_TYPE,     "E2130", N_("unknown instance type"),                                     \
                        N_("a price for a machine that is not described is never used"))           \
    X(ERR_BOOK_GPU,      "E2131", N_("unknown GPU model"),                                         \
                        N_("what is said about it would be lost"))                                 \
    X(ERR_BOOK_PLACE,    "E2132", N_("unknown region or zone"),                                    \
                        N_("no price of another place stands in for it"))                          \
    X(ERR_BOOK_MARKET,   "E2133", N_("unknown market"),                                            \
                        N_("a price taken for another market's is the costliest mistake of all"))  \
    X(ERR_BOOK_UNIT,     "E2134", N_("unknown unit"),                                              \
                        N_("an hour taken for a month is wrong by a factor of 720"))               \
    X(ERR_BOOK_CURRENCY, "E2135", N_("unknown or mixed currency"),                                 \
                        N_("amounts in different currencies cannot be added up"))                  \
    X(ERR_BOOK_CONFIDENCE, "E2136", N_("unknown confidence"),                                      \
                        N_("the plan says how much of its cost rests on estimates"))               \
    X(ERR_BOOK_FEATURE,  "E2137", N_("unknown feature"),                                           \
                        N_("a machine without it would not be found, or one that lacks it would")) \
    X(ERR_BOOK_CLASS,    "E2138", N_("unknown workload class"),                                    \
                        N_("no workload would ever use this speed"))                               \
    X(ERR_BOOK_ITEM,     "E2139", N_("unknown storage item"),                                      \
                        N_("what it says would be left out of the tariff"))                        \
    X(ERR_BOOK_DATE,     "E2140", N_("a date is not understood"),                                  \
                        N_("the age of a price decides how far it can be trusted"))                \
    X(ERR_BOOK_FUTURE,   "E2141", N_("a date lies in the future"),                                 \
                        N_("nothing can have been observed then; the year may be a slip"))         \
    X(ERR_BOOK_SCOPE,    "E2142", N_("a default row that stands for nothing"),                     \
                        N_("it would never be used"))                                              \
    X(ERR_BOOK_MEMORY,   "E2143", N_("the GPU memory does not fit the model"),                     \
                        N_("jobs would be planned on cards that cannot hold them"))                \
    X(ERR_BOOK_STORAGE,  "E2144", N_("a storage class contradicts itself"),                        \
                        N_("no size would meet both values"))                                      \
    X(ERR_BOOK_NOTHING,  "E2145", N_("the price book is empty"),                                   \
                        N_("nothing could be bought"))                                             \
    X(ERR_BOOK_NEW_PLACE, "E2146", N_("a region the book does not know"),                          \
                        N_("a slip in its name would make a region of its own"))                   \
    X(ERR_BOOK_NEW_GPU,  "E2147", N_("a GPU model the book does not know"),                        \
                        N_("a slip in its name would make a model of its own"))                    \
    X(ERR_BOOK_DUPLICATE, "E2150", N_("the same thing is given twice"),                            \
                        N_("only one can hold, and which one would be a guess"))                   \
    X(ERR_LINT_ZERO,     "E2151", N_("a price is zero"),                                           \
                        N_("a missing price read as zero makes the dearest machine the cheapest")) \
    X(ERR_LINT_UNIT,     "E2152", N_("a price looks like a month's given for an hour, or the reverse"),\
                        N_("it would be wrong by a factor of 720"))                                \
    X(ERR_LINT_OUTLIER,  "E2153", N_("a price is far from all others of the same GPU"),            \
                        N_("a wrong column or digit looks like this"))                             \
    X(ERR_LINT_SPOT,     "E2154", N_("spot costs more than on-demand"),                            \
                        N_("the vendor never charges that; one of the two prices is wrong"))       \
    X(ERR_LINT_SUBSCRIPTION, "E2155", N_("a subscription costs more than on-demand"),              \
                        N_("nobody would buy it; one of the two prices is wrong"))                 \
    X(ERR_LINT_STALE,    "E2156", N_("old prices"),                                                \
                        N_("prices move; a plan with old ones shows an order of size, not a bill"))\
    X(ERR_OFFER_PLACE,   "E2160", N_("a place is not in the price book"),                          \
                        N_("nothing could be bought there"))                                       \
    X(ERR_OFFER_OVERRIDE, "E2161", N_("a price of your own cannot be used"),                       \
                        N_("it is applied or refused, never ignored"))                             \
    X(ERR_LINT_CENTS,    "E2162", N_("a price in fen instead of yuan, or the reverse"),            \
                        N_("it would be wrong by a factor of 100"))                                \
    X(ERR_LINT_DIGITS,   "E2163", N_("a price with three digits too few or too many"),             \
                        N_("a lost separator looks like this"))                                    \
    X(ERR_LINT_DOLLARS,  "E2164", N_("a price in another currency than it says"),                  \
                        N_("it would be wrong by the rate of exchange"))                           \
    X(ERR_LINT_CARD,     "E2165", N_("the price of one GPU for a machine with several"),           \
                        N_("prices are per machine; the plan would be short of the rest"))         \
    X(ERR_LINT_MARKET,   "E2166", N_("a price that is another market's"),                          \
                        N_("a spot price taken for on-demand is the costliest mistake of all"))    \
    X(ERR_LINT_REGION,   "E2167", N_("a price that is another region's"),                          \
                        N_("rows that were swapped look like this"))                               \
    X(ERR_LINT_TAX,      "E2168", N_("a price with another tax than the others"),                  \
                        N_("prices with and without tax cannot be compared"))                      \
    X(ERR_LINT_HAZARD,   "E2169", N_("very many reclaims"),                                        \
                        N_("a share of machines in a month is no rate per hour"))                  \
    X(ERR_FILE,         "E3001", N_("a file cannot be read"),                                      \
                        N_("without it the plan would rest on nothing"))                           \
    X(ERR_YAML,         "E3002", N_("not valid YAML"),                                             \
                        N_("the rest of the file could be read in a way you did not mean"))        \
    X(ERR_VERSION,       "E3003", N_("the format version is missing or unknown"),                  \
                        N_("keys may mean something else in another version, so nothing is guessed"))\
    X(ERR_INCLUDE,       "E3004", N_("an included file cannot be used"),                           \
                        N_("without it the scenario would be planned in part only"))               \
    X(ERR_TOO_LARGE,     "E3005", N_("the scenario is larger or deeper than gpumix reads"),        \
                        N_("hostile or broken files must not take all memory; long lists belong in CSV files"))\
    X(ERR_ENCODING,      "E3006", N_("the file is not UTF-8 text"),                                \
                        N_("names and amounts would be read as other characters than you wrote"))  \
    X(ERR_YAML_FEATURE,  "E3007", N_("anchors, aliases, tags and merge keys are not read"),        \
                        N_("they hide where a value comes from; templates and `extends` say it openly"))\
    X(ERR_DUPLICATE_KEY, "E3010", N_("a key is set twice"),                                        \
                        N_("only one of the two values can hold, and which one would be a guess")) \
    X(ERR_KEY_UNKNOWN,   "E3020", N_("unknown key"),                                               \
                        N_("a key that is not understood would leave the work at nothing"))        \
    X(ERR_KEY_MISSING,   "E3021", N_("a required key is missing"),                                 \
                        N_("there is no safe value to assume for it"))                             \
    X(ERR_VALUE_FORM,    "E3022", N_("a value has the wrong form"),                                \
                        N_("a list, a map and a single value mean different things here"))         \
    X(ERR_VALUE,         "E3030", N_("a value is not understood"),                                 \
                        N_("a guess at its meaning could change the plan"))                        \
    X(ERR_VALUE_RANGE,   "E3031", N_("a value is out of range"),                                   \
                        N_("a number that cannot be meant would give a plan that cannot be bought"))\
    X(ERR_VALUE_CHOICE,  "E3032", N_("a value is not one of the choices"),                         \
                        N_("an unknown word would be planned as if nothing had been said"))        \
    X(ERR_NAME_UNDEFINED, "E3040", N_("a name is not defined"),                                    \
                        N_("what it stands for would be missing from the plan"))                   \
    X(ERR_PATH_UNKNOWN,  "E3041", N_("a path matches nothing"),                                    \
                        N_("the change would have no effect, and the plan would look as if it had"))\
    X(ERR_CYCLE,         "E3042", N_("a chain of names returns to its start"),                     \
                        N_("there is no first value to start from"))                               \
    X(ERR_CONTRADICTION, "E3050", N_("two values exclude each other"),                             \
                        N_("only one of the two can hold, and which one would be a guess"))        \
    X(ERR_EXCHANGE_RATE, "E3051", N_("an exchange rate is missing or unlikely"),                   \
                        N_("amounts in another currency cannot be added up without it"))           \
    X(ERR_TIMEZONE,      "E3052", N_("the time zone cannot be used"),                              \
                        N_("hours and months are counted in a zone with a fixed offset from UTC")) \
    X(ERR_HORIZON,       "E3053", N_("the horizon cannot be planned"),                             \
                        N_("every price, window and budget is counted over it"))                   \
    X(ERR_OWNER_UNKNOWN, "E3060", N_("no workload has this owner"),                                \
                        N_("a limit for nobody never binds"))                                      \
    X(ERR_WORK_MISSING, "E3100", N_("no amount of work is given"),                                 \
                        N_("a workload without work would cost nothing and look done"))            \
    X(ERR_WORK_TWICE, "E3101", N_("the work is given twice"),                                      \
                        N_("only one of the two amounts can be planned, and which one would be a guess"))\
    X(ERR_WORK_PART, "E3102", N_("the work is given in part only"),                                \
                        N_("a missing factor would make the amount a guess"))                      \
    X(ERR_MEASURED_ON, "E3103", N_("the reference GPU is missing"),                                \
                        N_("the same work takes three times as long on another card"))             \
    X(ERR_GPU_NAME, "E3104", N_("a GPU name is not known"),                                        \
                        N_("the plan would go without that card, or without its speed"))           \
    X(ERR_TYPE_NAME, "E3105", N_("an instance type is not known"),                                 \
                        N_("the plan would go without it, as if it were too dear"))                \
    X(ERR_PEAK, "E3106", N_("the peak rate of a GPU is not known"),                                \
                        N_("tokens become hours by the peak rate of the reference GPU"))           \
    X(ERR_GANG, "E3107", N_("workers contradict each other"),                                      \
                        N_("a gang runs together or not at all, divisible work does not"))         \
    X(ERR_LOSS, "E3108", N_("the loss of an interruption is not said"),                            \
                        N_("spot would look cheaper than it is"))                                  \
    X(WARN_NOT_SOLD, "E3109", N_("a GPU is not sold"),                                             \
                        N_("the card is never offered, whatever the scenario allows"))             \
    X(WARN_NOT_TOLERANT, "E3110", N_("spot without tolerance of interruptions"),                   \
                        N_("spot machines are taken back, so such work is never planned on them")) \
    X(WARN_KEY_UNUSED, "E3111", N_("a key is not used"),                                           \
                        N_("you may count on something that has no effect"))                       \
    X(ERR_WINDOW, "E3120", N_("a window is empty"),                                                \
                        N_("no machine could do the work in no time"))                             \
    X(ERR_WINDOW_CLOSED, "E3121", N_("a window never opens"),                                      \
                        N_("work without an allowed hour can never be done"))                      \
    X(WARN_WINDOW_CUT, "E3122", N_("a window reaches outside the horizon"),                        \
                        N_("the plan covers the horizon only"))                                    \
    X(ERR_REPEAT, "E3123", N_("repeated work cannot be laid out"),                                 \
                        N_("every occurrence needs a window of its own within the horizon"))       \
    X(WARN_OCCURRENCES, "E3124", N_("occurrences are left out"),                                   \
                        N_("the plan holds less work than the scenario may seem to ask for"))      \
    X(ERR_LATE_COST, "E3126", N_("the price of lateness cannot be used"),                          \
                        N_("lateness would be weighed against machines at a wrong price"))         \
    X(ERR_LICENCE, "E3127", N_("a licence cannot be priced"),                                      \
                        N_("its cost would be missing from the plan"))                             \
    X(ERR_SPOT_HISTORY, "E3128", N_("spot prices of the past cannot be used"),                     \
                        N_("prices of worlds would be drawn from something else"))                 \
    X(ERR_RELAXED, "E3129", N_("fractional machines cannot be simulated"),                         \
                        N_("no machine could follow such a plan event by event"))                  \
    X(ERR_JOB_COLUMNS, "E3140", N_("the columns of a job list do not fit"),                        \
                        N_("jobs would be read without the values you meant"))                     \
    X(ERR_JOB_CELL, "E3141", N_("a value of a job list is not understood"),                        \
                        N_("a guess at its meaning could change the plan"))                        \
    X(ERR_JOB_ID, "E3142", N_("the id of a job is missing or not its own"),                        \
                        N_("a job could not be told from another in the plan"))                    \
    X(ERR_JOB_EMPTY, "E3143", N_("a job list is empty"),                                           \
                        N_("a workload without work would cost nothing and look done"))            \
    X(ERR_LOAD, "E3150", N_("a load is missing or given in part only"),                            \
                        N_("a service without its load would be sized for nothing"))               \
    X(ERR_CURVE, "E3151", N_("a load curve cannot be read"),                                       \
                        N_("machines would be missing in the hours that are not understood"))      \
    X(ERR_LATENCY, "E3152", N_("a limit of latency is missing"),                                   \
                        N_("without a limit any number of machines would do"))                     \
    X(ERR_SERVICE_TIME, "E3153", N_("the time of service is missing"),                             \
                        N_("what one machine carries follows from it"))                            \
    X(ERR_PROFILE, "E3154", N_("a table of measured rates cannot be used"),                        \
                        N_("what one machine carries would be a guess"))                           \
    X(ERR_MIX, "E3155", N_("the shares of request classes cannot be used"),                        \
                        N_("part of the load would be lost or counted twice"))                     \
    X(ERR_SEATS, "E3156", N_("seats cannot be planned"),                                           \
                        N_("the number of places follows from seats, hours and days"))             \
    X(ERR_AUTOSCALE, "E3157", N_("limits on the number of machines exclude each other"),           \
                        N_("no number of machines would keep both"))                               \
    X(ERR_UNSERVED, "E3158", N_("the price of unserved load cannot be used"),                      \
                        N_("unserved load would be weighed against machines at a wrong price"))    \
    X(WARN_CURVE_HELD, "E3160", N_("a load curve ends long before the horizon"),                   \
                        N_("the rest of the plan rests on a single rate"))                         \
    X(WARN_FRAME, "E3161", N_("limits of latency cannot be checked"),                              \
                        N_("a card too slow for its frames would not be noticed"))                 \
    X(ERR_TRACE, "E3201", N_("an availability trace cannot be used"),                              \
                        N_("a replay would rest on something that was not observed"))              \
    X(ERR_WINDOWS, "E3202", N_("windows of a trace cannot be used"),                               \
                        N_("jobs would run where nothing was observed"))                           \
    X(ERR_JOB_TERMS, "E3203", N_("the terms of a job exclude its end in time"),                    \
                        N_("every policy would miss the deadline"))                                \
    X(ERR_RUN_FILE, "E3211", N_("a saved run cannot be used"),                                     \
                        N_("a comparison would set against each other what is not comparable"))    \
    X(ERR_PLACE_UNKNOWN, "E3301", N_("a region or zone is not known"),                              \
                        N_("offers there would be left out without a word"))                       \
    X(ERR_OVERRIDE,     "E3302", N_("a price override cannot be applied"),                         \
                        N_("the plan would use another price than you meant"))                     \
    X(ERR_LIMIT_NAME,   "E3303", N_("a limit or commitment names nothing that exists"),             \
                        N_("the limit would bind nothing"))                                        \
    X(ERR_COMMITMENT,   "E3304", N_("a commitment cannot be used"),                                \
                        N_("its cost would be missing from the plan"))                             \
    X(ERR_STORAGE,      "E3305", N_("a dataset cannot be placed"),                                 \
                        N_("its cost and its speed would be missing from the plan"))               \
    X(ERR_TERM,         "E4101", N_("a term outlives the horizon"),                                 \
                        N_("that money is owed although it is not in the plan's total"))           \
    X(ERR_STALL,        "E4102", N_("machines wait for their data"),                               \
                        N_("they are paid while they wait"))                                      \
    X(ERR_EGRESS,       "E4103", N_("traffic to the internet has no price"),                       \
                        N_("it would be free in the plan and not on the bill"))                   \
    X(ERR_CONFIDENCE,   "E4104", N_("a deadline cannot be kept with the confidence asked for"),     \
                        N_("even without spot it is missed more often"))                           \
    X(WARN_T4_DEARER, "E4110", N_("a T4 costs more than an A10"),                                  \
                        N_("the older card is slower, and in mainland regions it is not even cheaper"))\
    X(WARN_OSS_FARM, "E4111", N_("object storage is slower than its readers"),                     \
                        N_("machines are paid while they wait for data"))                          \
    X(WARN_NO_CHECKPOINTS, "E4112", N_("a gang on spot without checkpoints"),                      \
                        N_("one reclaim loses everything done so far"))                            \
    X(WARN_INTERVAL, "E4113", N_("the checkpoint interval is far from the best"),                  \
                        N_("too many checkpoints or too much lost work is paid for"))              \
    X(WARN_IDLE, "E4114", N_("a subscription is used too little"),                                 \
                        N_("it is paid whether it is used or not"))                                \
    X(WARN_ESTIMATED, "E4115", N_("most of the cost rests on estimates"),                          \
                        N_("an estimate may be wrong by a factor of 1.5 or more"))                 \
    X(WARN_CPU_REAL_TIME, "E4116", N_("real-time work on machines without a GPU"),                 \
                        N_("a CPU rarely answers or draws in time"))                               \
    X(WARN_GRAPHICS, "E4117", N_("graphics on a compute card"),                                    \
                        N_("what it lacks is done slowly, or not at all"))                          \
    X(ERR_LP_SIZE,      "E5001", N_("the plan is too large to solve"),                             \
                        N_("the solver cannot number that many rows and columns"))                 \
    X(ERR_TOO_MANY_SITES, "E5002", N_("too many placements of datasets"),                          \
                        N_("each is a choice of its own in the linear program"))                   \
    X(ERR_MODEL_SIZE,   "E5003", N_("the linear program is too large"),                            \
                        N_("it would not fit into memory"))                                        \
    X(ERR_AMOUNT,       "E5004", N_("an amount is too large"),                                      \
                        N_("it would wrap around and look small"))                                 \
    X(ERR_NO_SCHEDULE,  "E5005", N_("no executable timeline was found"),                           \
                        N_("a plan that machines cannot follow is not shown"))                     \
    X(ERR_RUN_SIZE,     "E5006", N_("too many worlds to keep"),                                    \
                        N_("every world is kept for quantiles and comparisons"))                   \
    X(ERR_NO_EXACT,     "E5007", N_("no exact optimum was found"),                                 \
                        N_("the plan is shown without it; its proven bound does not need it"))     \
    X(ERR_PROOF_RUN,     "E6001", N_("a saved run has no certificate, or a broken one"),               \
                        N_("nothing can be checked about a plan that does not say what it claims"))    \
    X(ERR_PROOF_INPUT,   "E6002", N_("an input is not the one that was planned with"),                 \
                        N_("the plan may be right for other files than these"))                        \
    X(ERR_PROOF_NAME,    "E6003", N_("a saved run names what the inputs do not have"),                 \
                        N_("a price or machine of something unknown proves nothing"))                  \
    X(ERR_PROOF_PRICE,   "E6004", N_("a price of a certificate cannot be one"),                        \
                        N_("the bound is proven by prices with the signs of their rows only"))         \
    X(ERR_PROOF_WORK,    "E6005", N_("a job is not done by its machines"),                             \
                        N_("a plan that leaves work undone looks cheaper than it is"))                 \
    X(ERR_PROOF_WINDOW,  "E6006", N_("a job works outside its hours"),                                 \
                        N_("the plan cannot be carried out as it is written"))                         \
    X(ERR_PROOF_LIMIT,   "E6007", N_("machines pass a limit"),                                         \
                        N_("the plan cannot be carried out as it is written"))                         \
    X(ERR_PROOF_STORAGE, "E6008", N_("a dataset lies or is read as its class does not allow"),         \
                        N_("work would wait for its data, or the class could not be bought"))          \
    X(ERR_PROOF_SERVICE, "E6009", N_("machines do not carry the load of a service"),                   \
                        N_("requests would be later, or more of them lost, than the scenario allows")) \
    X(ERR_PROOF_BILL,    "E6010", N_("a line of the bill is not what it should be"),                   \
                        N_("money is signed by its lines"))                                            \
    X(ERR_PROOF_COST,    "E6011", N_("the cost is not the sum of the bill"),                           \
                        N_("every total has to add up to the millionth"))                              \
    X(ERR_PROOF_BUDGET,  "E6012", N_("a budget is passed"),                                            \
                        N_("a plan above its budget is no plan"))                                      \
    X(ERR_PROOF_BOUND,   "E6013", N_("the lower bound is not proven"),                                 \
                        N_("a plan could be called optimal that is not"))                              \
    X(ERR_PROOF_GAP,     "E6014", N_("the gap is not that of cost and bound"),                         \
                        N_("the gap says how much at most could be saved"))                            \
    X(ERR_PROOF_EXACT,   "E6015", N_("the exact optimum contradicts the plan"),                        \
                        N_("one of the two is wrong, and nobody should sign it"))                      \
    X(ERR_OUTPUT,       "E7001", N_("an output cannot be written"),                                \
                        N_("a result that is not whole on disk is as good as lost"))               \
    X(ERR_CREATE, "E7010", N_("a new file cannot be written"),                                     \
                        N_("a scenario that is not whole on disk is as good as lost"))             \
    X(ERR_SERVE,        "E7011", N_("the page cannot be served"),                                   \
                        N_("nobody could look at it"))                                             \
    X(ERR_INTERNAL,     "E8001", N_("internal error"),                                             \
                        N_("this is a fault of gpumix, not of your input"))                        \
    X(ERR_MEMORY,       "E9001", N_("out of memory"),                                              \
                        N_("nothing was written; previous outputs are intact"))
/* clang-format on */

#endif
