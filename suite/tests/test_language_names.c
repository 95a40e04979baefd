/* Names and values of the scenario language, and the profiles that a scenario is for. */
#include <criterion/criterion.h>

#include "pagelaw/constants.h"
#include "parsing.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* ---- Profiles ---- */

Test(language_names, patterns)
{
    static const struct {
        const char *pattern, *name;
        bool matches;
    } cases[] = {
        {"a", "a", true},
        {"a", "b", false},
        {"a", "ab", false},
        {"ab", "a", false},
        {"*", "", true},
        {"*", "abc", true},
        {"**", "abc", true},
        {"", "", true},
        {"", "a", false},
        {"a*", "a", true},
        {"a*", "abc", true},
        {"a*", "ba", false},
        {"*c", "abc", true},
        {"*c", "abcd", false},
        {"a*c", "abc", true},
        {"a*c", "ac", true},
        {"a*b*c", "aXbYc", true},
        {"a*b*c", "aXcYb", false},
        {"*ab", "aab", true},
        {"*ab*ab", "abab", true},
        {"*ab*ab", "ab", false},
        {"windows-10-*", "windows-10-x64", true},
        {"windows-10-*", "windows-11-x64", false},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        cr_expect_eq(pattern_matches(cases[i].pattern, cases[i].name), cases[i].matches, "%s of %s",
                     cases[i].pattern, cases[i].name);
}

Test(language_names, profiles)
{
    struct scenario *scenario = parse_text("scenario \"T\"\nrules R\nsource \"S\"\nprofiles a*, b\n"
                                           "read(0) => RETURNED for a1, b => bytes 1");
    cr_expect(scenario_is_for(scenario, "a2"));
    cr_expect(scenario_is_for(scenario, "b"));
    cr_expect_not(scenario_is_for(scenario, "c"));
    cr_expect(pin_is_for(&scenario->steps[0].pins[0], "a1"));
    cr_expect_not(pin_is_for(&scenario->steps[0].pins[0], "a2"));
    cr_expect(pin_is_for(&scenario->steps[0].pins[1], "a2"));
    scenario_free(scenario);
    scenario = parse_lines("");
    cr_expect(scenario_is_for(scenario, "anything"));
    scenario_free(scenario);
}

/* ---- Names and values ---- */

struct format_case {
    enum argument_kind kind;
    uint64_t value;
    const char *words;
};

static const struct format_case format_cases[] = {
    {ARGUMENT_ALLOCATION_TYPE, MEM_RESERVE, "MEM_RESERVE"},
    {ARGUMENT_ALLOCATION_TYPE, MEM_RESERVE | MEM_COMMIT, "MEM_COMMIT | MEM_RESERVE"},
    {ARGUMENT_ALLOCATION_TYPE, 0, "0"},
    {ARGUMENT_ALLOCATION_TYPE, MEM_COMMIT | 0x40, "MEM_COMMIT | 0x40"},
    {ARGUMENT_ALLOCATION_TYPE, MEM_RESET_UNDO, "MEM_RESET_UNDO"},
    {ARGUMENT_ALLOCATION_TYPE, UINT64_C(1) << 40, "0x10000000000"},
    {ARGUMENT_FREE_TYPE, MEM_DECOMMIT | MEM_RELEASE, "MEM_DECOMMIT | MEM_RELEASE"},
    {ARGUMENT_FREE_TYPE, 1, "1"},
    {ARGUMENT_PROTECT, PAGE_READWRITE, "PAGE_READWRITE"},
    {ARGUMENT_PROTECT, PAGE_READWRITE | PAGE_GUARD, "PAGE_READWRITE | PAGE_GUARD"},
    {ARGUMENT_PROTECT, 0, "0"},
    {ARGUMENT_PROTECT, 0x12345000, "0x12345000"},
    {ARGUMENT_ADDRESS, 0, "NULL"},
    {ARGUMENT_ADDRESS, 0x7F2A40002000, "0x7f2a40002000"},
    {ARGUMENT_SIZE, 63488, "62K"},
    {ARGUMENT_NUMBER, 9, "9"},
    {ARGUMENT_NUMBER, 0x61, "0x61"},
    {ARGUMENT_ERROR, ERROR_INVALID_ADDRESS, "ERROR_INVALID_ADDRESS"},
    {ARGUMENT_ERROR, 1234, "1234"},
    {ARGUMENT_NULL, 0, "NULL"},
};

Test(language_names, values_have_names)
{
    char words[128];
    for (size_t i = 0; i < COUNT(format_cases); i++) {
        const struct format_case *it = &format_cases[i];
        constant_format(it->kind, it->value, words, sizeof words);
        cr_expect_str_eq(words, it->words);
    }
    cr_expect_str_eq(status_format(STATUS_NO_MEMORY, words, sizeof words), "STATUS_NO_MEMORY");
    cr_expect_str_eq(status_format(0xC0001234, words, sizeof words), "0xc0001234");
    cr_expect_str_eq(error_format(8, words, sizeof words), "ERROR_NOT_ENOUGH_MEMORY");
    cr_expect_str_eq(error_format(1234, words, sizeof words), "1234");
    cr_expect_str_eq(state_format(MEM_FREE, words, sizeof words), "MEM_FREE");
    cr_expect_str_eq(state_format(MEM_IMAGE, words, sizeof words), "MEM_IMAGE");
    cr_expect_str_eq(state_format(0, words, sizeof words), "0");
    cr_expect_str_eq(state_format(MEM_COMMIT | MEM_FREE, words, 5), "0x11");
}

Test(language_names, sizes)
{
    static const struct {
        uint64_t size;
        const char *words;
    } cases[] = {
        {0, "0"},
        {1, "1"},
        {1023, "1023"},
        {1024, "1K"},
        {1025, "0x401"},
        {63488, "62K"},
        {1 << 20, "1M"},
        {3 << 19, "1536K"},
        {UINT64_C(5) << 30, "5G"},
        {UINT64_C(128) << 40, "128T"},
        {UINT64_C(1) << 60, "1048576T"},
        {UINT64_MAX, "0xffffffffffffffff"},
    };
    char words[32];
    for (size_t i = 0; i < COUNT(cases); i++)
        cr_expect_str_eq(size_format(cases[i].size, words, sizeof words), cases[i].words);
}

Test(language_names, names_have_values)
{
    uint64_t value = 0;
    cr_expect(constant_find("MEM_TOP_DOWN", 12, &value));
    cr_expect_eq(value, MEM_TOP_DOWN);
    cr_expect(constant_find("MEM_RESERVED", 11, &value));
    cr_expect_eq(value, MEM_RESERVE);
    cr_expect_not(constant_find("MEM_RESERVED", 12, &value));
    cr_expect_not(constant_find("MEM_", 4, &value));
    cr_expect_not(constant_find("", 0, &value));
}

Test(language_names, operations_have_their_table)
{
    cr_expect_str_eq(operation_info(OP_HOLE)->name, "hole");
    cr_expect_eq(operation_info(OP_NT_ALLOCATE)->group, GROUP_NT);
    cr_expect_eq(operation_info(OP_NT_ALLOCATE)->least, 5);
    cr_expect_eq(operation_info(OP_READ)->most, 2);
    cr_expect_eq(operation_info(OP_VIRTUAL_PROTECT)->arguments[3], ARGUMENT_NULL);
    cr_expect_str_eq(field_name(FIELD_MAXIMUM_ADDRESS), "MaximumApplicationAddress");
}
