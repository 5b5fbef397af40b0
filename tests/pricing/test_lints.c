/* Every finding about the tables of the user, with its exact place and text. */
#include "tests/pricing/fixture.h"

struct wrong {
    const char *name, *rows, *findings;
};

#define EXTENDED_HEADER                                                                            \
    "instance_type,region,zone,market,price,currency,unit,date,source,confidence,hazard_per_h,"    \
    "offered,free,checked\n"

/* clang-format off */
static const struct wrong prices[] = {
    {"unknown type", "ecs.gn7i-c16g1.4xlarg,cn-beijing,,on_demand,9.1,CNY,h,2026-10-09,mine,quoted\n",
     "E2130 prices.csv:2:1 \"ecs.gn7i-c16g1.4xlarg\" is no instance type of the book | write \"ecs.gn7i-c16g1.4xlarge\" if that is meant"},
    {"type far from all", "machine,cn-beijing,,on_demand,9.1,CNY,h,2026-10-09,mine,quoted\n",
     "E2130 prices.csv:2:1 \"machine\" is no instance type of the book | describe it in a file of `catalog.instances`, or take the row out"},
    {"empty type", ",cn-beijing,,on_demand,9.1,CNY,h,2026-10-09,mine,quoted\n",
     "E2120 prices.csv:2:1 column `instance_type` is empty | fill it in, or take the row out"},
    {"slip in a region", "ecs.c7.large,cn-beijin,,on_demand,0.4,CNY,h,2026-10-09,mine,quoted\n",
     "E2132 prices.csv:2:14 \"cn-beijin\" is no region of the book | write \"cn-beijing\" if that is meant"},
    {"not a region", "ecs.c7.large,any,,on_demand,0.4,CNY,h,2026-10-09,mine,quoted\n",
     "E2132 prices.csv:2:14 \"any\" is no region of the book | write a region such as cn-beijing"},
    {"new region", "ecs.c7.large,ap-southeast-2,,on_demand,0.41,CNY,h,2026-10-09,mine,quoted\n",
     "E2146 prices.csv:2:14 region \"ap-southeast-2\" is new to the book | check the spelling; nothing else is known about it"},
    {"empty region", "ecs.c7.large,,,on_demand,0.4,CNY,h,2026-10-09,mine,quoted\n",
     "E2120 prices.csv:2:14 column `region` is empty | fill it in, or take the row out"},
    {"zone of another region", "ecs.c7.large,cn-beijing,cn-hangzhou-h,on_demand,0.4,CNY,h,2026-10-09,mine,quoted\n",
     "E2132 prices.csv:2:25 \"cn-hangzhou-h\" is no zone of cn-beijing | a zone is the region and a letter, such as cn-beijing-h"},
    {"slip in a zone", "ecs.c7.large,cn-hangzhou,cn-hangzou-h,on_demand,0.4,CNY,h,2026-10-09,mine,quoted\n",
     "E2132 prices.csv:2:26 \"cn-hangzou-h\" is no zone of cn-hangzhou | write \"cn-hangzhou-h\" if that is meant"},
    {"zone of the mainland", "ecs.c7.large,cn-mainland,cn-beijing-h,on_demand,0.4,CNY,h,2026-10-09,mine,quoted\n",
     "E2132 prices.csv:2:26 \"cn-beijing-h\" is no zone of cn-mainland | leave the zone empty, or name its region"},
    {"slip in a market", "ecs.c7.large,cn-beijing,,ondemand,0.4,CNY,h,2026-10-09,mine,quoted\n",
     "E2133 prices.csv:2:26 \"ondemand\" is no market | write \"on_demand\" if that is meant"},
    {"unknown market", "ecs.c7.large,cn-beijing,,auction,0.4,CNY,h,2026-10-09,mine,quoted\n",
     "E2133 prices.csv:2:26 \"auction\" is no market | markets are on_demand, spot, subscription and savings_plan"},
    {"autoscaled rows", "ecs.c7.large,cn-beijing,,autoscaled,0.4,CNY,h,2026-10-09,mine,quoted\n",
     "E2133 prices.csv:2:26 autoscaled machines have no price of their own | write on_demand: they pay that price"},
    {"empty price", "ecs.c7.large,cn-beijing,,on_demand,,CNY,h,2026-10-09,mine,quoted\n",
     "E2120 prices.csv:2:36 column `price` is empty (a missing price would be planned as if it were free) | fill it in, or take the row out"},
    {"negative price", "ecs.c7.large,cn-beijing,,on_demand,-0.4,CNY,h,2026-10-09,mine,quoted\n",
     "E2122 prices.csv:2:36 `price` is \"-0.4\", not an amount such as 9.5326 | write digits with a point: no sign, unit, exponent or thousands separator"},
    {"nan", "ecs.c7.large,cn-beijing,,on_demand,nan,CNY,h,2026-10-09,mine,quoted\n",
     "E2122 prices.csv:2:36 `price` is \"nan\", not an amount such as 9.5326 | write digits with a point: no sign, unit, exponent or thousands separator"},
    {"half a number", "ecs.c7.large,cn-beijing,,on_demand,0.4 CNY,CNY,h,2026-10-09,mine,quoted\n",
     "E2122 prices.csv:2:36 `price` is \"0.4 CNY\", not an amount such as 9.5326 | write digits with a point: no sign, unit, exponent or thousands separator"},
    {"zero", "ecs.c7.large,cn-beijing,,on_demand,0.00,CNY,h,2026-10-09,mine,quoted\n",
     "E2151 prices.csv:2:36 the price is zero | write the price; if it costs nothing, add a column `free` with yes"},
    {"slip in a currency", "ecs.c7.large,cn-beijing,,on_demand,0.4,CN,h,2026-10-09,mine,quoted\n",
     "E2135 prices.csv:2:40 \"CN\" is no currency of the price book | write \"CNY\" if that is meant"},
    {"unknown currency", "ecs.c7.large,cn-beijing,,on_demand,0.4,EURO,h,2026-10-09,mine,quoted\n",
     "E2135 prices.csv:2:40 \"EURO\" is no currency of the price book | write CNY, USD, or ratio for a share of the on-demand price"},
    {"unknown unit", "ecs.c7.large,cn-beijing,,on_demand,0.4,CNY,/hour,2026-10-09,mine,quoted\n",
     "E2134 prices.csv:2:44 \"/hour\" is no unit of a price | write h, month (720 h) or year (8,760 h)"},
    {"slip in a unit", "ecs.c7.large,cn-beijing,,subscription,290,CNY,mont,2026-10-09,mine,quoted\n",
     "E2134 prices.csv:2:47 \"mont\" is no unit of a price | write \"month\" if that is meant"},
    {"subscription by the hour", "ecs.c7.large,cn-beijing,,subscription,0.3,CNY,h,2026-10-09,mine,quoted\n",
     "E2134 prices.csv:2:47 a subscription is priced by the month or year, not by the hour | write the price of the whole term, with the unit month or year"},
    {"on-demand by the month", "ecs.c7.large,cn-beijing,,on_demand,290,CNY,month,2026-10-09,mine,quoted\n",
     "E2134 prices.csv:2:44 the market on_demand is priced by the hour | write the price of one hour, with the unit h"},
    {"no date", "ecs.c7.large,cn-beijing,,on_demand,0.4,CNY,h,,mine,quoted\n",
     "E2120 prices.csv:2:46 column `date` is empty | fill it in, or take the row out"},
    {"not a date", "ecs.c7.large,cn-beijing,,on_demand,0.4,CNY,h,2026-13-09,mine,quoted\n",
     "E2140 prices.csv:2:46 \"2026-13-09\" is no date | write the day on which the figure held, such as 2024-10-09, 2024-10 or 2024"},
    {"future", "ecs.c7.large,cn-beijing,,on_demand,0.4,CNY,h,2027-01-09,mine,quoted\n",
     "E2141 prices.csv:2:46 \"2027-01-09\" is in the future | write the day on which the figure held"},
    {"no source", "ecs.c7.large,cn-beijing,,on_demand,0.4,CNY,h,2026-10-09,,quoted\n",
     "E2120 prices.csv:2:57 column `source` is empty | fill it in, or take the row out"},
    {"slip in a confidence", "ecs.c7.large,cn-beijing,,on_demand,0.4,CNY,h,2026-10-09,mine,qoted\n",
     "E2136 prices.csv:2:62 \"qoted\" is no confidence word | write \"quoted\" if that is meant"},
    {"unknown confidence", "ecs.c7.large,cn-beijing,,on_demand,0.4,CNY,h,2026-10-09,mine,high\n",
     "E2136 prices.csv:2:62 \"high\" is no confidence word | write quoted, quoted_secondary, measured, derived, estimated or unverified"},
    {"share of itself", "ecs.c7.large,cn-beijing,,on_demand,0.4,ratio,h,2026-10-09,mine,quoted\n",
     "E2135 prices.csv:2:40 the on-demand price cannot be a share of itself | write the amount, with CNY or USD"},
    {"share above one", "ecs.c7.large,cn-beijing,,spot,35,ratio,h,2026-10-09,mine,quoted\n",
     "E2122 prices.csv:2:31 a share of the on-demand price is at most 1, not 35 | write 0.35 for 35% of the on-demand price"},
    {"default with an amount", "default:GPU,any,,spot,3,CNY,h,2026-10-09,mine,quoted\n",
     "E2135 prices.csv:2:25 a default row is a share of the on-demand price, not CNY | write ratio and a price such as 0.35, or name an instance type"},
    {"slip in a default", "default:A10-24G,any,,spot,0.3,ratio,h,2026-10-09,mine,quoted\n",
     "E2142 prices.csv:2:1 \"A10-24G\" is no GPU model or instance family | write \"A10-24GB\" if that is meant"},
    {"default for nothing", "default:everything,any,,spot,0.3,ratio,h,2026-10-09,mine,quoted\n",
     "E2142 prices.csv:2:1 \"everything\" is no GPU model or instance family | after default: write a GPU model, an instance family, GPU, CPU or any"},
    {"two defaults", "default:GPU,any,,spot,0.3,ratio,h,2026-10-09,mine,quoted\ndefault:GPU,any,,spot,0.3,ratio,h,2026-10-09,mine,quoted\n",
     "E2150 prices.csv:3:23 default:GPU is given for the market spot in line 2 of prices.csv already | keep the right one"},
    {"month for hour", "ecs.gn7i-c8g1.2xlarge,cn-shanghai,,on_demand,12800,CNY,h,2026-10-09,mine,quoted\n",
     "E2152 prices.csv:2:46 ecs.gn7i-c8g1.2xlarge: 718.4 times the median per GPU of others (17.82 CNY/h), as a month is to an hour | correct the price or its unit; if both are right, say why in a column `checked`"},
    {"hour for month", "ecs.gn8is.2xlarge,cn-shanghai,,subscription,9.61,CNY,month,2026-10-09,mine,quoted\n",
     "E2152 prices.csv:2:45 ecs.gn8is.2xlarge: 0.001389 times its known price (9.61 CNY/h), as an hour is to a month | correct the price; if it is right, say why in a column `checked`"},
    {"month for hour of a CPU", "ecs.c7.large,cn-nanjing,,on_demand,376,CNY,h,2026-10-09,mine,quoted\n",
     "E2152 prices.csv:2:36 ecs.c7.large: 687.6 times its known price (0.5468 CNY/h), as a month is to an hour | correct the price; if it is right, say why in a column `checked`"},
    {"month for hour of another CPU", "ecs.c7.12xlarge,cn-nanjing,,on_demand,9024,CNY,h,2026-10-09,mine,quoted\n",
     "E2152 prices.csv:2:39 ecs.c7.12xlarge: 718.6 times the median per vCPU of others (0.2616 CNY/h), as a month is to an hour | correct the price or its unit; if both are right, say why in a column `checked`"},
    {"outlier", "ecs.gn7i-c8g1.2xlarge,cn-shanghai,,on_demand,95.3,CNY,h,2026-10-09,mine,quoted\n",
     "E2153 prices.csv:2:46 ecs.gn7i-c8g1.2xlarge: 5.349 times the median per GPU of others (17.82 CNY/h) | correct the price; if it is right, say why in a column `checked`"},
    {"bid floor", "ecs.c7.large,cn-beijing,,on_demand,0.01,CNY,h,2026-10-09,mine,quoted\n",
     "E2153 prices.csv:2:36 ecs.c7.large: 0.01911 times the median per vCPU of others (0.2616 CNY/h) | correct the price; if it is right, say why in a column `checked`"},
    {"spot above on-demand", "ecs.gn7i-c8g1.2xlarge,cn-shanghai,,spot,9.64,CNY,h,2026-10-09,mine,quoted\n",
     "E2154 prices.csv:2:41 spot costs CNY 9.64/h, on-demand only 9.53 (line 868 of built-in prices.csv) | correct the price, unit or market; if it is right, say why in a column `checked`"},
    {"subscription above on-demand", "ecs.gn7i-c8g1.2xlarge,cn-shanghai,,subscription,6912,CNY,month,2026-10-09,mine,quoted\n",
     "E2155 prices.csv:2:49 the subscription costs CNY 9.6/h, on-demand only 9.53 (line 868 of built-in prices.csv) | correct the price, unit or market; if it is right, say why in a column `checked`"},
    {"two prices", "ecs.c7.large,cn-beijing,cn-beijing-h,on_demand,0.41,CNY,h,2026-10-09,mine,quoted\necs.c7.large,cn-beijing,cn-beijing-h,on_demand,0.42,CNY,h,2026-10-09,mine,quoted\n",
     "E2150 prices.csv:3:48 the on_demand price of ecs.c7.large in cn-beijing-h is another one in line 2 of prices.csv | keep the right one"},
    {"the same price twice", "ecs.c7.large,cn-beijing,,on_demand,0.41,CNY,h,2026-10-09,mine,quoted\necs.c7.large,cn-beijing,,on_demand,0.410,CNY,h,2026-10-10,mine,quoted\n",
     "E2150 prices.csv:3:36 the on_demand price of ecs.c7.large in cn-beijing is given twice | take one of the two rows out; the other is line 2 of prices.csv"},
    {"old", "ecs.c7.large,cn-beijing,,on_demand,0.41,CNY,h,2026-10-09,mine,quoted\necs.c7.large,cn-hangzhou,,on_demand,0.41,CNY,h,2024,mine,quoted\n",
     "E2156 prices.csv:3:37 1 of 2 prices of this file are older than 400 days; the oldest is of 2024 | give current prices with `catalog.prices`, or a longer `catalog.max_age`"},
    {"good", "ecs.c7.large,cn-beijing,,on_demand,0.41,CNY,h,2026-10-09,mine,quoted\n",
     ""},
    {"two faults in a row", "ecs.c7.larg,cn-beijing,,on_deman,0.41,CNY,h,2026-10-09,mine,quoted\n",
     "E2130 prices.csv:2:1 \"ecs.c7.larg\" is no instance type of the book | write \"ecs.c7.large\" if that is meant\n"
     "E2133 prices.csv:2:25 \"on_deman\" is no market | write \"on_demand\" if that is meant"},
};

static const struct wrong extended_prices[] = {
    {"free", "ecs.c7.large,cn-beijing,,on_demand,0,CNY,h,2026-10-09,mine,quoted,,,yes,\n",
     ""},
    {"free of nonsense", "ecs.c7.large,cn-beijing,,on_demand,0,CNY,h,2026-10-09,mine,quoted,,,maybe,\n",
     "E2123 prices.csv:2:69 `free` is \"maybe\", not yes or no | write yes or no, or leave it empty"},
    {"hazard on demand", "ecs.c7.large,cn-beijing,,on_demand,0.4,CNY,h,2026-10-09,mine,quoted,0.1,,,\n",
     "E2133 prices.csv:2:69 only spot machines are reclaimed | leave `hazard_per_h` empty in rows of other markets"},
    {"hazard not a number", "ecs.c7.large,cn-beijing,,spot,0.1,CNY,h,2026-10-09,mine,quoted,-1,,,\n",
     "E2121 prices.csv:2:64 `hazard_per_h` is \"-1\", not a number from 0 to 3600 | write digits with a point, without unit or thousands separator"},
    {"price of what is not offered", "ecs.c7.large,cn-beijing,,spot,0.1,CNY,h,2026-10-09,mine,quoted,,no,,\n",
     "E2122 prices.csv:2:31 there is a price for what is not offered | leave the price empty, or `offered`"},
    {"checked outlier", "ecs.gn7i-c8g1.2xlarge,cn-shanghai,,on_demand,95.3,CNY,h,2026-10-09,mine,quoted,,,,a contract\n",
     ""},
    {"checked month", "ecs.gn7i-c8g1.2xlarge,cn-shanghai,,on_demand,12800,CNY,h,2026-10-09,mine,quoted,,,,a contract\n",
     ""},
    {"checked spot", "ecs.gn7i-c8g1.2xlarge,cn-shanghai,,spot,9.64,CNY,h,2026-10-09,mine,quoted,,,,a contract\n",
     ""},
};

static const struct wrong instances[] = {
    {"no family", "my.big,,A10-24GB,1,24,no,8,30,16,,mine,quoted\n",
     "E2120 instances.csv:2:8 column `family` is empty | fill it in, or take the row out"},
    {"gpus not a number", "my.big,my,A10-24GB,one,24,no,8,30,16,,mine,quoted\n",
     "E2121 instances.csv:2:20 `gpus` is \"one\", not a number from 0.001 to 1024 | write digits with a point, without unit or thousands separator"},
    {"gpus too many", "my.big,my,A10-24GB,2048,24,no,8,30,16,,mine,quoted\n",
     "E2121 instances.csv:2:20 `gpus` is \"2048\", not a number from 0.001 to 1024 | write digits with a point, without unit or thousands separator"},
    {"one and a half GPUs", "my.big,my,A10-24GB,1.5,24,no,8,30,16,,mine,quoted\n",
     "E2121 instances.csv:2:20 `gpus` is 1.5: only a part of one GPU can be a fraction | write whole GPUs, or the fraction of one that a slice is"},
    {"CPU with GPUs", "my.big,my,none,1,24,no,8,30,16,,mine,quoted\n",
     "E2121 instances.csv:2:16 `gpus` is 1, but no GPU model is named | name the model in `gpu_model`, or write 0"},
    {"new GPU", "my.big,my,A11-24GB,1,24,no,8,30,16,,mine,quoted\n",
     "E2147 instances.csv:2:11 GPU model \"A11-24GB\" is new to the book | write \"A10-24GB\" if that is meant; a new model has the features and speeds you give, no others"},
    {"new GPU, like nothing", "my.big,my,Quantum-7,1,24,no,8,30,16,,mine,quoted\n",
     "E2147 instances.csv:2:11 GPU model \"Quantum-7\" is new to the book | check the spelling; a new model has the features and speeds you give, no others"},
    {"memory of another model", "my.big,my,A10-24GB,1,48,no,8,30,16,,mine,quoted\n",
     "E2143 instances.csv:2:22 `gpu_mem_gb` is 48, but the A10-24GB has 24 | write the memory of one GPU, or the name of the other model"},
    {"vcpu not whole", "my.big,my,none,0,0,,8.5,30,16,,mine,quoted\n",
     "E2121 instances.csv:2:21 `vcpu` is 8.5, not whole | write the number of vCPU, or unknown"},
    {"vcpu missing", "my.big,my,none,0,0,,,30,16,,mine,quoted\n",
     "E2120 instances.csv:2:21 column `vcpu` is empty | fill it in, or take the row out"},
    {"slip in a feature", "my.big,my,A10-24GB,1,24,no,8,30,16,nvec,mine,quoted\n",
     "E2137 instances.csv:2:36 \"nvec\" is no feature | write \"nvenc\" if that is meant"},
    {"unknown feature", "my.big,my,A10-24GB,1,24,no,8,30,16,nvenc raytracing,mine,quoted\n",
     "E2137 instances.csv:2:36 \"raytracing\" is no feature | features are nvenc, av1_encode, rt_cores, ecc, fp64, grid_driver, nvlink and rdma"},
    {"nvlink of nonsense", "my.big,my,A10-24GB,1,24,perhaps,8,30,16,,mine,quoted\n",
     "E2123 instances.csv:2:25 `nvlink` is \"perhaps\", not yes, no, n/a or unknown | write yes if the GPUs of the machine are linked, else no"},
    {"twice alike", "my.big,my,none,0,0,,8,30,16,,mine,quoted\nmy.big,my,none,0,0,,8,30,16,,mine,quoted\n",
     "E2150 instances.csv:3:1 my.big is given twice | take one of the two rows out"},
    {"twice different", "my.big,my,none,0,0,,8,30,16,,mine,quoted\nmy.big,my,none,0,0,,8,32,16,,mine,quoted\n",
     "E2150 instances.csv:3:1 my.big is described differently in line 2 of instances.csv | take one of the two rows out"},
    {"confidence", "my.big,my,none,0,0,,8,30,16,,mine,medium\n",
     "E2136 instances.csv:2:35 \"medium\" is no confidence word | write quoted, quoted_secondary, measured, derived, estimated or unverified"},
    {"replaces", "ecs.c7.large,c7,none,0,0,,2,5,3,,mine,quoted\n",
     ""},
};

static const struct wrong storage[] = {
    {"slip in an item", "oss-standard,price_mont,0.11,CNY/GB-month,cn-beijing,2026-10-09,mine,quoted\n",
     "E2139 storage.csv:2:14 \"price_mont\" is no storage item | write \"price_month\" if that is meant"},
    {"unknown item", "oss-standard,colour,0.11,CNY/GB-month,cn-beijing,2026-10-09,mine,quoted\n",
     "E2139 storage.csv:2:14 \"colour\" is no storage item | items are price_month, price_hour, egress, retrieval, requests, min_size, step, max_size, throughput_base, throughput_slope, throughput_max, client_max, write_max, min_days and per_machine"},
    {"unit of another item", "oss-standard,price_month,0.11,CNY/TB-month,cn-beijing,2026-10-09,mine,quoted\n",
     "E2134 storage.csv:2:31 \"CNY/TB-month\" is no unit of `price_month` | write \"CNY/GB-month\""},
    {"free storage", "oss-standard,price_month,0,CNY/GB-month,cn-beijing,2026-10-09,mine,quoted\n",
     "E2151 storage.csv:2:26 the price is zero | write the price, or take the row out"},
    {"per machine of two", "mine,per_machine,2,,any,2026-10-09,mine,quoted\n",
     "E2121 storage.csv:2:18 `per_machine` is 1 for a disk of one machine, 0 for shared storage, not 2 | write 1 or 0"},
    {"empty class", ",price_month,0.11,CNY/GB-month,cn-beijing,2026-10-09,mine,quoted\n",
     "E2120 storage.csv:2:1 column `class` is empty | fill it in, or take the row out"},
    {"twice alike", "oss-standard,price_month,0.11,CNY/GB-month,cn-beijing,2026-10-09,mine,quoted\noss-standard,price_month,0.110,CNY/GiB-month,cn-beijing,2026-10-09,mine,quoted\n",
     "E2150 storage.csv:3:26 `price_month` of oss-standard in cn-beijing is given twice | take one of the two rows out"},
    {"twice different", "oss-standard,price_month,0.11,CNY/GB-month,cn-beijing,2026-10-09,mine,quoted\noss-standard,price_month,0.12,CNY/GB-month,cn-beijing,2026-10-09,mine,quoted\n",
     "E2150 storage.csv:3:26 `price_month` of oss-standard in cn-beijing is another one in line 2 of storage.csv | take one of the two rows out"},
    {"mixed currencies", "oss-standard,price_month,0.02,USD/GB-month,cn-beijing,2026-10-09,mine,quoted\n",
     "E2135 storage.csv:2:26 the price of oss-standard in cn-beijing and its `egress` have different currencies | give both in one currency"},
    {"sizes", "nas-extreme,min_size,300,TiB,any,2026-10-09,mine,quoted\n",
     "E2144 storage.csv:2:22 the smallest size of nas-extreme (307200 GiB) is above its largest (262144 GiB) | correct one of the two\n"
     "E2153 storage.csv:2:22 nas-extreme `min_size`: 3072 times what is known (100) | correct the value; if it is right, say why in a column `checked`"},
    {"throughput", "nas-extreme,throughput_base,1500,MB/s,any,2026-10-09,mine,quoted\n",
     "E2144 storage.csv:2:29 `throughput_base` of nas-extreme (1500 MB/s) is above `throughput_max` (1200 MB/s) | correct one of the two\n"
     "E2153 storage.csv:2:29 nas-extreme `throughput_base`: 14.56 times what is known (103) | correct the value; if it is right, say why in a column `checked`"},
    {"old", "oss-standard,price_month,0.11,CNY/GB-month,cn-beijing,2023-10,mine,quoted\n",
     "E2156 storage.csv:2:26 1 of 1 prices of this file are older than 400 days; the oldest is of 2023-10 | give current prices with `catalog.prices`, or a longer `catalog.max_age`"},
    {"class of a long name", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx,price_month,0.11,CNY/GB-month,cn-beijing,2026-10-09,mine,quoted\n",
     "E2123 storage.csv:2:1 the name of the class is too long | write a name of at most 128 letters"},
};

static const struct wrong speeds[] = {
    {"unknown GPU", "A10-24G,train_mixed,1.1,mine,quoted\n",
     "E2131 speed.csv:2:1 \"A10-24G\" is no GPU of the book | write \"A10-24GB\" if that is meant"},
    {"GPU like nothing", "Quantum-7,train_mixed,1.1,mine,quoted\n",
     "E2131 speed.csv:2:1 \"Quantum-7\" is no GPU of the book | name a GPU model of the book or of your instance files, or CPU-FAMILY"},
    {"slip in a class", "A10-24GB,train_mix,1.1,mine,quoted\n",
     "E2138 speed.csv:2:10 \"train_mix\" is no workload class | write \"train_mixed\" if that is meant"},
    {"unknown class", "A10-24GB,chess,1.1,mine,quoted\n",
     "E2138 speed.csv:2:10 \"chess\" is no workload class | classes are train_mixed, lora_sft, infer_small, infer_llm_7b, infer_llm_70b_per_gpu, image_gen, render_optix, realtime_3d, cad_viz, encode_h264 and cpu_etl"},
    {"too fast", "A10-24GB,train_mixed,1001,mine,quoted\n",
     "E2121 speed.csv:2:22 `relative_throughput` is \"1001\", not a number from 0 to 1000 | write digits with a point, without unit or thousands separator"},
    {"twice alike", "A10,train_mixed,1.1,mine,quoted\nA10-24GB,train_mixed,1.10,mine,quoted\n",
     "E2150 speed.csv:3:22 this speed is given twice | take one of the two rows out"},
    {"twice different", "A10,train_mixed,1.1,mine,quoted\nA10-24GB,train_mixed,1.2,mine,quoted\n",
     "E2150 speed.csv:3:22 the speed is 1.2 here and 1.1 in line 2 of speed.csv | take one of the two rows out"},
};

/* One kind of file: its header, which text of the sources it is, and its cases. */
static const struct kind { const char *name, *header; size_t text; const struct wrong *cases; size_t n; } kinds[] = {
    {"PRICES", PRICE_HEADER, 1, prices, sizeof prices / sizeof *prices},
    {"EXTENDED", EXTENDED_HEADER, 1, extended_prices, sizeof extended_prices / sizeof *extended_prices},
    {"INSTANCES", INSTANCE_HEADER, 0, instances, sizeof instances / sizeof *instances},
    {"STORAGE", STORAGE_HEADER, 2, storage, sizeof storage / sizeof *storage},
    {"SPEED", SPEED_HEADER, 3, speeds, sizeof speeds / sizeof *speeds},
};
/* clang-format on */

static void test_case(const struct kind *kind, const struct wrong *w)
{
    char text[4096];
    struct fixture f;
    snprintf(text, sizeof text, "%s%s", kind->header, w->rows);
    const char *texts[4] = {NULL};
    texts[kind->text] = text;
    fixture_load(&f, &(struct texts){false, texts[0], texts[1], texts[2], texts[3]});
    gsl_test(strcmp(f.findings, w->findings) != 0, "%s: %s", kind->name, w->name);
    if (strcmp(f.findings, w->findings) != 0) printf("--- found\n%s\n--- end\n", f.findings);
    const bool error = f.diag.n_errors > 0;
    gsl_test((f.code != OK) != error, "%s: %s returns an error if and only if it says one",
             kind->name, w->name);
    gsl_test(error && err_exit_status(f.code) != 3, "%s: %s has exit status 3", kind->name,
             w->name);
    fixture_free(&f);
}

static void test_stale_builtin(void)
{
    struct fixture f;
    fixture_load(&f, &(struct texts){0});
    const struct finding *x = f.diag.first;
    gsl_test(f.diag.n_warnings != 1 || f.diag.n_errors != 0, "the built-in book has one warning");
    gsl_test(!x ||
                 strcmp(x->what, "1053 of 1089 built-in prices are older than 400 days; the oldest "
                                 "is of 2021") != 0,
             "and it says how many prices are old: %s", x ? x->what : "");
    fixture_free(&f);
    fixture_load_aged(&f, &(struct texts){0}, 10000);
    gsl_test(f.diag.n_warnings != 0, "a longer max_age takes it away");
    fixture_free(&f);
}

static void test_empty_books(void)
{
    struct fixture f;
    fixture_load(&f, &(struct texts){.no_builtin = true});
    gsl_test(strcmp(f.findings, "E2145 -:0:0 the price book has no instance types | take `builtin: "
                                "false` out, or name files in `catalog.instances` and "
                                "`catalog.prices`") != 0,
             "nothing at all: %s", f.findings);
    fixture_free(&f);
    fixture_load(&f, &(struct texts){.no_builtin = true,
                                     .instances = INSTANCE_HEADER
                                     "my.big,my,none,0,0,,8,30,16,,mine,quoted\n"});
    gsl_test(strcmp(f.findings,
                    "E2145 -:0:0 the price book has no prices | take `builtin: false` "
                    "out, or name files in `catalog.instances` and `catalog.prices`") != 0,
             "types without prices: %s", f.findings);
    fixture_free(&f);
}

/* Without built-in rows the user's own are held against each other. */
static void test_peers_of_the_user(void)
{
    struct fixture f;
    fixture_load(
        &f, &(struct texts){.no_builtin = true,
                            .instances =
                                INSTANCE_HEADER "my.a,my,A10-24GB,1,24,no,8,30,16,,mine,quoted\n"
                                                "my.b,my,A10-24GB,2,24,no,8,30,16,,mine,quoted\n"
                                                "my.c,my,A10-24GB,4,24,no,8,30,16,,mine,quoted\n",
                            .prices = PRICE_HEADER
                            "my.a,cn-beijing,,on_demand,9.5,CNY,h,2026-10-09,mine,quoted\n"
                            "my.b,cn-beijing,,on_demand,19.4,CNY,h,2026-10-09,mine,quoted\n"
                            "my.c,cn-beijing,,on_demand,27648,CNY,h,2026-10-09,mine,quoted\n"});
    gsl_test(strcmp(f.findings,
                    "E2152 prices.csv:4:28 my.c: 712.6 times the median per GPU of others "
                    "(9.7 CNY/h), as a month is to an hour | correct the price or its "
                    "unit; if both are right, say why in a column `checked`") != 0,
             "a month among hours: %s", f.findings);
    fixture_free(&f);
}

static void test_many_defaults(void)
{
    enum { N = 1001, ROW = 80 };
    static const char row[] = "default:GPU,ap-x%d-1,,spot,0.3,ratio,h,2026-10-09,mine,quoted\n";
    char *text = calloc(N + 2, ROW);
    if (!text) abort();
    size_t used = (size_t)snprintf(text, ROW, "%s", PRICE_HEADER);
    for (int i = 0; i < N; i++) used += (size_t)snprintf(text + used, ROW, row, i % 450 + 1);
    struct fixture f;
    fixture_load(&f, &(struct texts){.prices = text});
    gsl_test(!strstr(f.findings,
                     "E2142 prices.csv:987:1 there are more than 1000 default rows | give "
                     "the price of each instance type instead"),
             "default rows have a limit");
    fixture_free(&f);
    free(text);
}

static void test_many_regions(void)
{
    enum { N = 700, ROW = 90 };
    static const char row[] =
        "ecs.c7.large,ap-x%d-1,,on_demand,0.41,CNY,h,2026-10-09,mine,quoted\n";
    char *text = calloc(N + 2, ROW);
    if (!text) abort();
    size_t used = (size_t)snprintf(text, ROW, "%s", PRICE_HEADER);
    for (int i = 0; i < N; i++) used += (size_t)snprintf(text + used, ROW, row, i);
    struct fixture f;
    fixture_load(&f, &(struct texts){.prices = text});
    gsl_test(!strstr(f.findings,
                     "E2132 prices.csv:480:14 \"ap-x478-1\" would be region number 501 | "
                     "check that the column holds regions"),
             "regions have a limit");
    fixture_free(&f);
    free(text);
}

int main(void)
{
    fixture_folder();
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        for (size_t i = 0; i < kinds[k].n; i++) test_case(&kinds[k], &kinds[k].cases[i]);
    }
    test_stale_builtin();
    test_empty_books();
    test_peers_of_the_user();
    test_many_defaults();
    test_many_regions();
    fixture_leave();
    return gsl_test_summary();
}
