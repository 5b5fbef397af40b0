#include "common/calendar.h"
#include <string.h>

/* Names of the IANA time zone database 2025b (public domain). Fixed: the offset from UTC never
 * changes between 2025 and 2037; the others have summer time in some form. Each name is followed
 * by a blank. */

/* clang-format off */
static const struct {
    int offset_min;
    const char *names;
} fixed_zones[] = {
    {480,
     "Antarctica/Casey Asia/Brunei Asia/Choibalsan Asia/Chongqing Asia/Chungking Asia/Harbin "
     "Asia/Hong_Kong Asia/Irkutsk Asia/Kuala_Lumpur Asia/Kuching Asia/Macao Asia/Macau "
     "Asia/Makassar Asia/Manila Asia/Shanghai Asia/Singapore Asia/Taipei Asia/Ujung_Pandang "
     "Asia/Ulaanbaatar Asia/Ulan_Bator Australia/Perth Australia/West Etc/GMT-8 Hongkong PRC ROC "
     "Singapore "},
    {-720,
     "Etc/GMT+12 "},
    {-660,
     "Etc/GMT+11 Pacific/Midway Pacific/Niue Pacific/Pago_Pago Pacific/Samoa US/Samoa "},
    {-600,
     "Etc/GMT+10 HST Pacific/Honolulu Pacific/Johnston Pacific/Rarotonga Pacific/Tahiti "
      "US/Hawaii "},
    {-570,
     "Pacific/Marquesas "},
    {-540,
     "Etc/GMT+9 Pacific/Gambier "},
    {-480,
     "Etc/GMT+8 Pacific/Pitcairn "},
    {-420,
     "America/Creston America/Dawson America/Dawson_Creek America/Fort_Nelson America/Hermosillo "
     "America/Mazatlan America/Phoenix America/Whitehorse Canada/Yukon Etc/GMT+7 MST "
     "Mexico/BajaSur US/Arizona "},
    {-360,
     "America/Bahia_Banderas America/Belize America/Chihuahua America/Costa_Rica "
     "America/El_Salvador America/Guatemala America/Managua America/Merida America/Mexico_City "
     "America/Monterrey America/Regina America/Swift_Current America/Tegucigalpa "
     "Canada/Saskatchewan Etc/GMT+6 Mexico/General Pacific/Galapagos "},
    {-300,
     "America/Atikokan America/Bogota America/Cancun America/Cayman America/Coral_Harbour "
     "America/Eirunepe America/Guayaquil America/Jamaica America/Lima America/Panama "
     "America/Porto_Acre America/Rio_Branco Brazil/Acre EST Etc/GMT+5 Jamaica "},
    {-240,
     "America/Anguilla America/Antigua America/Aruba America/Barbados America/Blanc-Sablon "
     "America/Boa_Vista America/Campo_Grande America/Caracas America/Cuiaba America/Curacao "
     "America/Dominica America/Grenada America/Guadeloupe America/Guyana America/Kralendijk "
     "America/La_Paz America/Lower_Princes America/Manaus America/Marigot America/Martinique "
     "America/Montserrat America/Port_of_Spain America/Porto_Velho America/Puerto_Rico "
     "America/Santo_Domingo America/St_Barthelemy America/St_Kitts America/St_Lucia "
     "America/St_Thomas America/St_Vincent America/Tortola America/Virgin Brazil/West Etc/GMT+4 "},
    {-180,
     "America/Araguaina America/Argentina/Buenos_Aires America/Argentina/Catamarca "
     "America/Argentina/ComodRivadavia America/Argentina/Cordoba America/Argentina/Jujuy "
     "America/Argentina/La_Rioja America/Argentina/Mendoza America/Argentina/Rio_Gallegos "
     "America/Argentina/Salta America/Argentina/San_Juan America/Argentina/San_Luis "
     "America/Argentina/Tucuman America/Argentina/Ushuaia America/Asuncion America/Bahia "
     "America/Belem America/Buenos_Aires America/Catamarca America/Cayenne America/Cordoba "
     "America/Coyhaique America/Fortaleza America/Jujuy America/Maceio America/Mendoza "
     "America/Montevideo America/Paramaribo America/Punta_Arenas America/Recife America/Rosario "
     "America/Santarem America/Sao_Paulo Antarctica/Palmer Antarctica/Rothera Atlantic/Stanley "
     "Brazil/East Etc/GMT+3 "},
    {-120,
     "America/Noronha Atlantic/South_Georgia Brazil/DeNoronha Etc/GMT+2 "},
    {-60,
     "Atlantic/Cape_Verde Etc/GMT+1 "},
    {0,
     "Africa/Abidjan Africa/Accra Africa/Bamako Africa/Banjul Africa/Bissau Africa/Conakry "
     "Africa/Dakar Africa/Freetown Africa/Lome Africa/Monrovia Africa/Nouakchott "
     "Africa/Ouagadougou Africa/Sao_Tome Africa/Timbuktu America/Danmarkshavn Atlantic/Reykjavik "
     "Atlantic/St_Helena Etc/GMT Etc/GMT+0 Etc/GMT-0 Etc/GMT0 Etc/Greenwich Etc/UCT Etc/UTC "
     "Etc/Universal Etc/Zulu GMT GMT+0 GMT-0 GMT0 Greenwich Iceland UCT UTC Universal Zulu "},
    {60,
     "Africa/Algiers Africa/Bangui Africa/Brazzaville Africa/Douala Africa/Kinshasa Africa/Lagos "
     "Africa/Libreville Africa/Luanda Africa/Malabo Africa/Ndjamena Africa/Niamey "
     "Africa/Porto-Novo Africa/Tunis Etc/GMT-1 "},
    {120,
     "Africa/Blantyre Africa/Bujumbura Africa/Gaborone Africa/Harare Africa/Johannesburg "
     "Africa/Juba Africa/Khartoum Africa/Kigali Africa/Lubumbashi Africa/Lusaka Africa/Maputo "
     "Africa/Maseru Africa/Mbabane Africa/Tripoli Africa/Windhoek Etc/GMT-2 Europe/Kaliningrad "
     "Libya "},
    {180,
     "Africa/Addis_Ababa Africa/Asmara Africa/Asmera Africa/Dar_es_Salaam Africa/Djibouti "
     "Africa/Kampala Africa/Mogadishu Africa/Nairobi Antarctica/Syowa Asia/Aden Asia/Amman "
     "Asia/Baghdad Asia/Bahrain Asia/Damascus Asia/Istanbul Asia/Kuwait Asia/Qatar Asia/Riyadh "
     "Etc/GMT-3 Europe/Istanbul Europe/Kirov Europe/Minsk Europe/Moscow Europe/Simferopol "
     "Europe/Volgograd Indian/Antananarivo Indian/Comoro Indian/Mayotte Turkey W-SU "},
    {210,
     "Asia/Tehran Iran "},
    {240,
     "Asia/Baku Asia/Dubai Asia/Muscat Asia/Tbilisi Asia/Yerevan Etc/GMT-4 Europe/Astrakhan "
     "Europe/Samara Europe/Saratov Europe/Ulyanovsk Indian/Mahe Indian/Mauritius Indian/Reunion "},
    {270,
     "Asia/Kabul "},
    {300,
     "Antarctica/Mawson Antarctica/Vostok Asia/Almaty Asia/Aqtau Asia/Aqtobe Asia/Ashgabat "
     "Asia/Ashkhabad Asia/Atyrau Asia/Dushanbe Asia/Karachi Asia/Oral Asia/Qostanay "
     "Asia/Qyzylorda Asia/Samarkand Asia/Tashkent Asia/Yekaterinburg Etc/GMT-5 Indian/Kerguelen "
     "Indian/Maldives "},
    {330,
     "Asia/Calcutta Asia/Colombo Asia/Kolkata "},
    {345,
     "Asia/Kathmandu Asia/Katmandu "},
    {360,
     "Asia/Bishkek Asia/Dacca Asia/Dhaka Asia/Kashgar Asia/Omsk Asia/Thimbu Asia/Thimphu "
     "Asia/Urumqi Etc/GMT-6 Indian/Chagos "},
    {390,
     "Asia/Rangoon Asia/Yangon Indian/Cocos "},
    {420,
     "Antarctica/Davis Asia/Bangkok Asia/Barnaul Asia/Ho_Chi_Minh Asia/Hovd Asia/Jakarta "
     "Asia/Krasnoyarsk Asia/Novokuznetsk Asia/Novosibirsk Asia/Phnom_Penh Asia/Pontianak "
     "Asia/Saigon Asia/Tomsk Asia/Vientiane Etc/GMT-7 Indian/Christmas "},
    {525,
     "Australia/Eucla "},
    {540,
     "Asia/Chita Asia/Dili Asia/Jayapura Asia/Khandyga Asia/Pyongyang Asia/Seoul Asia/Tokyo "
     "Asia/Yakutsk Etc/GMT-9 Japan Pacific/Palau ROK "},
    {570,
     "Australia/Darwin Australia/North "},
    {600,
     "Antarctica/DumontDUrville Asia/Ust-Nera Asia/Vladivostok Australia/Brisbane "
     "Australia/Lindeman Australia/Queensland Etc/GMT-10 Pacific/Chuuk Pacific/Guam "
     "Pacific/Port_Moresby Pacific/Saipan Pacific/Truk Pacific/Yap "},
    {660,
     "Asia/Magadan Asia/Sakhalin Asia/Srednekolymsk Etc/GMT-11 Pacific/Bougainville Pacific/Efate "
     "Pacific/Guadalcanal Pacific/Kosrae Pacific/Noumea Pacific/Pohnpei Pacific/Ponape "},
    {720,
     "Asia/Anadyr Asia/Kamchatka Etc/GMT-12 Kwajalein Pacific/Fiji Pacific/Funafuti "
     "Pacific/Kwajalein Pacific/Majuro Pacific/Nauru Pacific/Tarawa Pacific/Wake Pacific/Wallis "},
    {780,
     "Etc/GMT-13 Pacific/Apia Pacific/Enderbury Pacific/Fakaofo Pacific/Kanton Pacific/Tongatapu "},
    {840,
     "Etc/GMT-14 Pacific/Kiritimati "},
};

static const char summer_time_zones[] =
    "Africa/Cairo Africa/Casablanca Africa/Ceuta Africa/El_Aaiun America/Adak America/Anchorage "
    "America/Atka America/Boise America/Cambridge_Bay America/Chicago America/Ciudad_Juarez "
    "America/Denver America/Detroit America/Edmonton America/Ensenada America/Fort_Wayne "
    "America/Glace_Bay America/Godthab America/Goose_Bay America/Grand_Turk America/Halifax "
    "America/Havana America/Indiana/Indianapolis America/Indiana/Knox America/Indiana/Marengo "
    "America/Indiana/Petersburg America/Indiana/Tell_City America/Indiana/Vevay "
    "America/Indiana/Vincennes America/Indiana/Winamac America/Indianapolis America/Inuvik "
    "America/Iqaluit America/Juneau America/Kentucky/Louisville America/Kentucky/Monticello "
    "America/Knox_IN America/Los_Angeles America/Louisville America/Matamoros America/Menominee "
    "America/Metlakatla America/Miquelon America/Moncton America/Montreal America/Nassau "
    "America/New_York America/Nipigon America/Nome America/North_Dakota/Beulah "
    "America/North_Dakota/Center America/North_Dakota/New_Salem America/Nuuk America/Ojinaga "
    "America/Pangnirtung America/Port-au-Prince America/Rainy_River America/Rankin_Inlet "
    "America/Resolute America/Santa_Isabel America/Santiago America/Scoresbysund America/Shiprock "
    "America/Sitka America/St_Johns America/Thule America/Thunder_Bay America/Tijuana "
    "America/Toronto America/Vancouver America/Winnipeg America/Yakutat America/Yellowknife "
    "Antarctica/Macquarie Antarctica/McMurdo Antarctica/South_Pole Antarctica/Troll "
    "Arctic/Longyearbyen Asia/Beirut Asia/Famagusta Asia/Gaza Asia/Hebron Asia/Jerusalem "
    "Asia/Nicosia Asia/Tel_Aviv Atlantic/Azores Atlantic/Bermuda Atlantic/Canary Atlantic/Faeroe "
    "Atlantic/Faroe Atlantic/Jan_Mayen Atlantic/Madeira Australia/ACT Australia/Adelaide "
    "Australia/Broken_Hill Australia/Canberra Australia/Currie Australia/Hobart Australia/LHI "
    "Australia/Lord_Howe Australia/Melbourne Australia/NSW Australia/South Australia/Sydney "
    "Australia/Tasmania Australia/Victoria Australia/Yancowinna CET CST6CDT Canada/Atlantic "
    "Canada/Central Canada/Eastern Canada/Mountain Canada/Newfoundland Canada/Pacific "
    "Chile/Continental Chile/EasterIsland Cuba EET EST5EDT Egypt Eire Europe/Amsterdam "
    "Europe/Andorra Europe/Athens Europe/Belfast Europe/Belgrade Europe/Berlin Europe/Bratislava "
    "Europe/Brussels Europe/Bucharest Europe/Budapest Europe/Busingen Europe/Chisinau "
    "Europe/Copenhagen Europe/Dublin Europe/Gibraltar Europe/Guernsey Europe/Helsinki "
    "Europe/Isle_of_Man Europe/Jersey Europe/Kiev Europe/Kyiv Europe/Lisbon Europe/Ljubljana "
    "Europe/London Europe/Luxembourg Europe/Madrid Europe/Malta Europe/Mariehamn Europe/Monaco "
    "Europe/Nicosia Europe/Oslo Europe/Paris Europe/Podgorica Europe/Prague Europe/Riga "
    "Europe/Rome Europe/San_Marino Europe/Sarajevo Europe/Skopje Europe/Sofia Europe/Stockholm "
    "Europe/Tallinn Europe/Tirane Europe/Tiraspol Europe/Uzhgorod Europe/Vaduz Europe/Vatican "
    "Europe/Vienna Europe/Vilnius Europe/Warsaw Europe/Zagreb Europe/Zaporozhye Europe/Zurich GB "
    "GB-Eire Israel MET MST7MDT Mexico/BajaNorte NZ NZ-CHAT Navajo PST8PDT Pacific/Auckland "
    "Pacific/Chatham Pacific/Easter Pacific/Norfolk Poland Portugal US/Alaska US/Aleutian "
    "US/Central US/East-Indiana US/Eastern US/Indiana-Starke US/Michigan US/Mountain US/Pacific "
    "WET ";
/* clang-format on */

static bool holds_name(const char *names, const char *name)
{
    const size_t bytes = strlen(name);
    if (bytes == 0 || strchr(name, ' ')) return false;
    for (const char *at = names; (at = strstr(at, name)); at += bytes) {
        const bool begins = at == names || at[-1] == ' ';
        if (begins && at[bytes] == ' ') return true;
    }
    return false;
}

enum zone_answer zone_offset(int64_t *offset_us, const char *name)
{
    for (size_t i = 0; i < sizeof fixed_zones / sizeof *fixed_zones; i++) {
        if (!holds_name(fixed_zones[i].names, name)) continue;
        *offset_us = fixed_zones[i].offset_min * (US_PER_H / 60);
        return ZONE_OK;
    }
    return holds_name(summer_time_zones, name) ? ZONE_SUMMER_TIME : ZONE_UNKNOWN;
}
