/* What bills and the console call regions: "华东2（上海）", "China (Shanghai)". */
#ifndef PRICING_REGION_TITLES_H
#define PRICING_REGION_TITLES_H

/* Id of the region whose city stands in the text, such as cn-shanghai; NULL: none. Zones are named like their region, so that
 * the text of a zone gives its region. */
const char *region_by_title(const char *text);

#endif
