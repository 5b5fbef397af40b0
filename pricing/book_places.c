/* Regions and zones: those of the built-in table, and what files of the user add. */
#include "pricing/book.h"
#include "pricing/region_titles.h"
#include <ctype.h>
#include <string.h>

enum { MAX_REGIONS = 500 }; /* each new one is compared with all others */

bool region_is_mainland(const char *region)
{
    return strncmp(region, "cn-", 3) == 0 && strcmp(region, "cn-hongkong") != 0;
}

size_t region_add(struct loader *l, const char *name)
{
    struct price_book *b = l->book;
    const size_t known = names_find(&b->region_names, name);
    if (known != SIZE_MAX) return known;
    const size_t region = names_add(&b->region_names, name);
    *ARENA_PUSH(l->arena, b->regions, b->n_regions) = (struct region_entry){
        .region = {.name = b->region_names.items[region], .mainland = region_is_mainland(name)}};
    return region;
}

void zone_add(struct loader *l, size_t region, const char *zone)
{
    struct price_book *b = l->book;
    if (names_find(&b->zone_names, zone) != SIZE_MAX) return;
    const size_t number = names_add(&b->zone_names, zone);
    size_t n = number;
    *ARENA_PUSH(l->arena, b->zone_region, n) = region;
    struct region_entry *r = &b->regions[region];
    *ARENA_PUSH(l->arena, r->zones, r->region.n_zones) = b->zone_names.items[number];
    r->region.zones = r->zones;
}

/* A zone is named after its region: cn-beijing-h, ap-southeast-1a. */
static bool zone_fits(const char *zone, const char *region)
{
    const size_t length = strlen(region);
    if (strncmp(zone, region, length) != 0) return false;
    const char *rest = zone + length + (zone[length] == '-');
    return islower((unsigned char)rest[0]) && rest[1] == '\0';
}

/* Names that differ in digits only (ap-southeast-1, ap-southeast-2) are no slips. */
static bool differs_in_digits_only(const char *a, const char *b)
{
    while (*a || *b) {
        while (isdigit((unsigned char)*a)) a++;
        while (isdigit((unsigned char)*b)) b++;
        if (*a != *b) return false;
        if (!*a) return true;
        a++;
        b++;
    }
    return true;
}

/* Small letters and digits with a hyphen inside. */
static bool name_is_region(const char *name)
{
    const size_t length = strlen(name);
    const bool shape = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
    return shape && strchr(name, '-') && name[0] != '-' && name[length - 1] != '-';
}

/* May a file bring this region in? */
static bool region_new(struct loader *l, const struct csv_row *row, size_t c)
{
    const char *name = row->field[c];
    if (l->book->n_regions >= MAX_REGIONS) {
        diag_error(l->diag, ERR_BOOK_PLACE, csv_place(row, c),
                   _("\"%s\" would be region number %d"), name, MAX_REGIONS + 1);
        diag_fix(l->diag, _("check that the column holds regions"));
        return false;
    }
    const struct names *known = &l->book->region_names;
    const char *nearest = cell_nearest(l, name, known->items, known->n);
    const bool slip = nearest && !differs_in_digits_only(name, nearest);
    const bool unseen = l->diag->n_errors >= DIAG_MAX_ERRORS; /* and so not worth a search */
    if (slip || unseen || !name_is_region(name)) {
        diag_error(l->diag, ERR_BOOK_PLACE, csv_place(row, c), _("\"%s\" is no region of the book"),
                   name);
        const char *titled = region_by_title(name);
        if (slip || titled)
            cell_suggest(l, titled ? titled : nearest);
        else
            diag_fix(l->diag, _("write a region such as cn-beijing"));
        return false;
    }
    diag_warning(l->diag, ERR_BOOK_NEW_PLACE, csv_place(row, c),
                 _("region \"%s\" is new to the book"), name);
    diag_fix(l->diag, _("check the spelling; nothing else is known about it"));
    return true;
}

bool cell_region(const char **out, struct loader *l, const struct csv_row *row, size_t c)
{
    const char *name = row->field[c];
    if (!*name) return cell_text(l, row, c) != NULL;
    struct price_book *b = l->book;
    size_t region = names_find(&b->region_names, name);
    if (region == SIZE_MAX) {
        if (!region_new(l, row, c)) return false;
        region = region_add(l, name);
    }
    b->regions[region].region.user |= l->user;
    *out = b->regions[region].region.name;
    return true;
}

bool cell_zone(const char **out, struct loader *l, const struct csv_row *row, size_t c,
               const char *region)
{
    const char *zone = row->field[c];
    *out = zone;
    if (!*zone) return true;
    if (zone_fits(zone, region)) {
        zone_add(l, region_add(l, region), zone);
        return true;
    }
    diag_error(l->diag, ERR_BOOK_PLACE, csv_place(row, c), _("\"%s\" is no zone of %s"), zone,
               region);
    const size_t number = region_add(l, region);
    const struct region *r = &l->book->regions[number].region;
    const char *nearest = cell_nearest(l, zone, r->zones, r->n_zones);
    if (nearest)
        cell_suggest(l, nearest);
    else
        diag_fix(l->diag, _("a zone is the region and a letter, such as cn-beijing-h"));
    return false;
}

size_t book_region_count(const struct price_book *b)
{
    return b->n_regions;
}

const struct region *book_region(const struct price_book *b, size_t region)
{
    return &b->regions[region].region;
}

size_t book_region_find(const struct price_book *b, const char *name)
{
    const size_t region = names_find(&b->region_names, name);
    if (region != SIZE_MAX) return region;
    const size_t zone = names_find(&b->zone_names, name);
    if (zone != SIZE_MAX) return b->zone_region[zone];
    for (size_t i = 0; i < b->n_regions; i++) { /* a region whose zones are not known */
        const struct region *r = &b->regions[i].region;
        if (r->n_zones == 0 && zone_fits(name, r->name)) return i;
    }
    return SIZE_MAX;
}

const char *book_place_nearest(const struct price_book *b, const char *name)
{
    const char *region = nearest_name(name, b->region_names.items, b->region_names.n);
    return region ? region : nearest_name(name, b->zone_names.items, b->zone_names.n);
}
