/* The model's tables: profiles, rules, statuses, protections. */
#include <criterion/criterion.h>
#include <ctype.h>
#include <string.h>

#include "internal.h"
#include "pagelaw/constants.h"

/* ---- Profiles ---- */

Test(profile, is_found_by_name_and_whole)
{
    size_t count = 0;
    const struct pagelaw_profile *profile;
    for (; (profile = pagelaw_profile_at(count)) != NULL; count++) {
        cr_assert_eq(pagelaw_profile_find(profile->name), profile);
        cr_assert(profile->page_size >= 4096 && profile->granule % profile->page_size == 0);
        cr_assert_eq(profile->address_min % profile->granule, 0);
        cr_assert_eq((profile->address_max + 1) % profile->granule, 0);
        cr_assert_gt(strlen(profile->system), 0);
        cr_assert(profile->pointer_bytes == 8 || profile->address_max <= UINT32_MAX);
    }
    cr_assert_geq(count, 2);
    cr_assert_null(pagelaw_profile_find("windows-12"));
}

Test(profile, ranges_are_documented)
{
    const struct pagelaw_profile *x64 = pagelaw_profile_find("windows-11-x64");
    const struct pagelaw_profile *x86 = pagelaw_profile_find("windows-10-x86");
    cr_assert_eq(x64->address_min, 0x10000);
    cr_assert_eq(x64->address_max, 0x7FFFFFFEFFFF);
    cr_assert_eq(x86->address_min, 0x10000);
    cr_assert_eq(x86->address_max, 0x7FFEFFFF);
}

Test(profile, stands_for_the_versions_from_its_own_on)
{
    static const struct {
        enum pagelaw_processor processor;
        struct pagelaw_version version;
        const char *name;
    } rows[] = {
        {PAGELAW_X64, {10, 0, 22000}, "windows-11-x64"},
        {PAGELAW_X64, {10, 0, 26100}, "windows-11-x64"},
        {PAGELAW_X64, {11, 0, 1}, "windows-11-x64"},
        {PAGELAW_X64, {10, 0, 21999}, "windows-10-x64"},
        {PAGELAW_X64, {10, 0, 17763}, "windows-10-1809-x64"},
        {PAGELAW_X64, {10, 0, 17134}, "windows-10-1709-x64"},
        {PAGELAW_X64, {6, 3, 9600}, "windows-8.1-x64"},
        {PAGELAW_X64, {6, 2, 9200}, "windows-7-x64"},
        {PAGELAW_X64, {5, 2, 3790}, "windows-7-x64"}, /* older than all: the oldest */
        {PAGELAW_X86, {10, 0, 19045}, "windows-10-x86"},
        {PAGELAW_X86, {6, 1, 7601}, "windows-7-x86"},
        {PAGELAW_X86, {5, 1, 2600}, "windows-xp-x86"},
        {PAGELAW_X86, {4, 10, 1998}, "windows-2000-x86"}, /* 98 only by its name */
        {PAGELAW_ARM64, {10, 0, 26100}, "windows-11-arm64"},
        {PAGELAW_IA64, {6, 1, 7601}, "windows-2003-ia64"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct pagelaw_profile *profile =
            pagelaw_profile_for(rows[i].processor, rows[i].version);
        cr_assert_str_eq(profile->name, rows[i].name, "row %zu: %s", i, profile->name);
    }
}

/* Of two quirks of which one is that nobody knows of the other, a profile has one. */
static uint32_t quirk_instead_of(enum pagelaw_quirk quirk)
{
    const uint32_t both = PAGELAW_QUIRK_ZEROBITS_ONE_OPEN | PAGELAW_QUIRK_ZEROBITS_ONE_REFUSED;
    return ((uint32_t)quirk & both) != 0 ? both & ~(uint32_t)quirk : 0;
}

Test(profile, has_the_quirks_of_its_version)
{
    const struct pagelaw_profile *profile;
    const struct pagelaw_quirk_info *quirk;
    for (size_t i = 0; (profile = pagelaw_profile_at(i)) != NULL; i++) {
        for (size_t j = 0; (quirk = pagelaw_quirk_at(j)) != NULL; j++) {
            bool holds = pagelaw_version_compare(quirk->first, profile->version) <= 0 &&
                         pagelaw_version_compare(profile->version, quirk->last) <= 0 &&
                         (profile->quirks & quirk_instead_of(quirk->quirk)) == 0;
            bool has = (profile->quirks & (uint32_t)quirk->quirk) != 0;
            cr_assert_eq(holds, has, "%s: %s", profile->name, quirk->what);
        }
    }
}

Test(profile, lies_on_granules_and_has_whole_pages)
{
    const struct pagelaw_profile *profile;
    for (size_t i = 0; (profile = pagelaw_profile_at(i)) != NULL; i++) {
        cr_assert_eq(profile->address_min % profile->granule, 0, "%s", profile->name);
        cr_assert_eq((profile->address_max + 1) % profile->granule, 0, "%s", profile->name);
        cr_assert_eq(profile->granule % profile->page_size, 0, "%s", profile->name);
        cr_assert_eq(pagelaw_profile_find(profile->name), profile);
    }
}

/* ---- Rules ---- */

static const char *const names[] = {
    "",
#define RULE(name, ...) #name,
#include "pagelaw/rules.def"
};

static bool matches(const char *name, const char *id)
{
    for (; *name != 0 && *id != 0; name++, id++) {
        if (*name == '_' ? *id != '-' : *name != *id)
            return false;
    }
    return *name == *id;
}

Test(rules, have_ids_of_one_shape)
{
    for (int rule = PAGELAW_NO_RULE + 1; rule < PAGELAW_RULE_END; rule++) {
        const char *id = pagelaw_rule_info((enum pagelaw_rule)rule)->id;
        cr_assert(matches(names[rule], id), "%s is not %s", id, names[rule]);
        for (const char *c = id; *c != 0; c++)
            cr_assert(isupper((unsigned char)*c) || isdigit((unsigned char)*c) || *c == '-');
        cr_assert_eq((int)pagelaw_rule_find(id), rule, "%s is there twice", id);
    }
    cr_assert_eq(pagelaw_rule_find("VA-NO-SUCH-RULE"), PAGELAW_NO_RULE);
    cr_assert_eq(pagelaw_rule_find(""), PAGELAW_NO_RULE);
}

Test(rules, say_one_sentence_and_their_source)
{
    for (int rule = PAGELAW_NO_RULE + 1; rule < PAGELAW_RULE_END; rule++) {
        const struct pagelaw_rule_info *info = pagelaw_rule_info((enum pagelaw_rule)rule);
        size_t length = strlen(info->sentence);
        cr_assert(length > 10 && length <= 104, "%s: %zu characters", info->id, length);
        cr_assert_eq(info->sentence[length - 1], '.', "%s has no full stop", info->id);
        cr_assert_gt(strlen(info->source), 5, "%s has no source", info->id);
        cr_assert_gt(strlen(pagelaw_grade_name(info->grade)), 5);
    }
}

/* ---- Statuses ---- */

Test(status, stands_for_an_error)
{
    static const uint32_t rows[][2] = {
        {STATUS_SUCCESS, 0},
        {STATUS_INFO_LENGTH_MISMATCH, 24},
        {STATUS_ACCESS_VIOLATION, 998},
        {STATUS_INVALID_PARAMETER, 87},
        {STATUS_NO_MEMORY, 8},
        {STATUS_CONFLICTING_ADDRESSES, 487},
        {STATUS_NOT_MAPPED_VIEW, 487},
        {STATUS_UNABLE_TO_FREE_VM, 87},
        {STATUS_UNABLE_TO_DELETE_SECTION, 87},
        {STATUS_ALREADY_COMMITTED, 5},
        {STATUS_ACCESS_DENIED, 5},
        {STATUS_NOT_COMMITTED, 487},
        {STATUS_INVALID_PAGE_PROTECTION, 87},
        {STATUS_INSUFFICIENT_RESOURCES, 1450},
        {STATUS_FREE_VM_NOT_AT_BASE, 487},
        {STATUS_MEMORY_NOT_ALLOCATED, 487},
        {STATUS_COMMITMENT_LIMIT, 1455},
        {0xC0000123, ERROR_MR_MID_NOT_FOUND},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_assert_eq(pagelaw_error_from_status(rows[i][0]), rows[i][1], "%x", rows[i][0]);
    for (uint32_t status = STATUS_INVALID_PARAMETER_1; status <= STATUS_INVALID_PARAMETER_12;
         status++)
        cr_assert_eq(pagelaw_error_from_status(status), 87);
}

/* ---- Protections ---- */

/* One base bit; no modifier with PAGE_NOACCESS, nor two modifiers together. */
static bool naive_legal(uint32_t protect)
{
    unsigned bases = 0, modifiers = 0;
    for (unsigned bit = 0; bit < 11; bit++) {
        bool set = (protect >> bit & 1) != 0;
        bases += set && bit < 8;
        modifiers += set && bit >= 8;
    }
    return bases == 1 && (modifiers == 0 || (modifiers == 1 && !(protect & PAGE_NOACCESS)));
}

Test(protection, is_legal_by_its_bits)
{
    for (uint32_t protect = 0; protect < 0x800; protect++)
        cr_assert_eq(protection_fault(protect) == PAGELAW_NO_RULE, naive_legal(protect), "%x",
                     protect);
    for (unsigned bit = 11; bit < 32; bit++)
        cr_assert_eq(protection_fault(PAGE_READWRITE | (uint32_t)1 << bit), PAGELAW_PR_SCOPE);
}

Test(protection, names_the_rule_that_it_breaks)
{
    static const struct {
        uint32_t protect;
        enum pagelaw_rule rule;
    } rows[] = {
        {0, PAGELAW_PR_ONE_BASE},
        {PAGE_READONLY | PAGE_READWRITE, PAGELAW_PR_ONE_BASE},
        {PAGE_GUARD, PAGELAW_PR_MODIFIER_NEEDS_BASE},
        {PAGE_NOCACHE, PAGELAW_PR_MODIFIER_NEEDS_BASE},
        {PAGE_GUARD | PAGE_NOACCESS, PAGELAW_PR_GUARD_NOACCESS},
        {PAGE_NOCACHE | PAGE_NOACCESS, PAGELAW_PR_NOCACHE_COMBO},
        {PAGE_NOCACHE | PAGE_GUARD | PAGE_READWRITE, PAGELAW_PR_NOCACHE_COMBO},
        {PAGE_WRITECOMBINE | PAGE_NOACCESS, PAGELAW_PR_WC_COMBO},
        {PAGE_WRITECOMBINE | PAGE_GUARD | PAGE_READONLY, PAGELAW_PR_WC_COMBO},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_assert_eq(protection_fault(rows[i].protect), rows[i].rule, "%x", rows[i].protect);
}
