#include "common/calendar.h"
#include <gsl/gsl_test.h>
#include <stddef.h>

static const struct {
    const char *name;
    enum zone_answer answer;
    int offset_min;
} cases[] = {
    {"Asia/Shanghai", ZONE_OK, 480},
    {"Asia/Urumqi", ZONE_OK, 360},
    {"Asia/Hong_Kong", ZONE_OK, 480},
    {"Asia/Singapore", ZONE_OK, 480},
    {"Asia/Tokyo", ZONE_OK, 540},
    {"Asia/Kolkata", ZONE_OK, 330},
    {"Asia/Kathmandu", ZONE_OK, 345},
    {"Asia/Dubai", ZONE_OK, 240},
    {"Asia/Almaty", ZONE_OK, 300},
    {"Australia/Brisbane", ZONE_OK, 600},
    {"America/Phoenix", ZONE_OK, -420},
    {"America/Caracas", ZONE_OK, -240},
    {"Pacific/Marquesas", ZONE_OK, -570},
    {"Pacific/Kiritimati", ZONE_OK, 840},
    {"Etc/GMT-8", ZONE_OK, 480}, /* the sign of these names is turned round */
    {"Etc/GMT+8", ZONE_OK, -480},
    {"UTC", ZONE_OK, 0},
    {"Etc/UTC", ZONE_OK, 0},
    {"Zulu", ZONE_OK, 0},
    {"PRC", ZONE_OK, 480},
    {"Europe/Istanbul", ZONE_OK, 180},
    {"Europe/Moscow", ZONE_OK, 180},
    {"Europe/Berlin", ZONE_SUMMER_TIME, 0},
    {"Europe/London", ZONE_SUMMER_TIME, 0},
    {"Europe/Dublin", ZONE_SUMMER_TIME, 0},
    {"America/New_York", ZONE_SUMMER_TIME, 0},
    {"America/Los_Angeles", ZONE_SUMMER_TIME, 0},
    {"America/Santiago", ZONE_SUMMER_TIME, 0},
    {"Australia/Sydney", ZONE_SUMMER_TIME, 0},
    {"Africa/Casablanca", ZONE_SUMMER_TIME, 0}, /* an hour less in Ramadan */
    {"Asia/Jerusalem", ZONE_SUMMER_TIME, 0},
    {"WET", ZONE_SUMMER_TIME, 0},
    {"Asia/Beijing", ZONE_UNKNOWN, 0}, /* the database has no such zone */
    {"asia/shanghai", ZONE_UNKNOWN, 0},
    {"Shanghai", ZONE_UNKNOWN, 0},
    {"Asia", ZONE_UNKNOWN, 0},
    {"Asia/", ZONE_UNKNOWN, 0},
    {"Asia/Shangha", ZONE_UNKNOWN, 0},
    {"Asia/Shanghai ", ZONE_UNKNOWN, 0},
    {"Asia/Shanghai Asia/Taipei", ZONE_UNKNOWN, 0},
    {"+08:00", ZONE_UNKNOWN, 0},
    {"", ZONE_UNKNOWN, 0},
    {" ", ZONE_UNKNOWN, 0},
};

int main(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t offset_us = 0;
        gsl_test_int((int)zone_offset(&offset_us, cases[i].name), (int)cases[i].answer,
                     "answer for \"%s\"", cases[i].name);
        gsl_test_int((int)(offset_us / 60000000), cases[i].offset_min, "offset of \"%s\"",
                     cases[i].name);
    }
    return gsl_test_summary();
}
