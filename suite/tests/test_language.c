/* The scenario language: every production of its grammar, and what it comes to. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "pagelaw/constants.h"
#include "parsing.h"
#include "text.h"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static const struct environment environment = {
    .page = 4096,
    .granule = 65536,
    .address_min = 0x10000,
    .address_max = 0x7FFFFFFEFFFF,
    .pointer_bytes = 8,
    .variables = {0x200000, 0x210000},
};

/* ---- Expressions ---- */

struct expression_case {
    const char *text;
    uint64_t value, value_32; /* with pointers of 8 and of 4 bytes */
    const char *printed;      /* NULL: as written */
};

static const struct expression_case expression_cases[] = {
    {"0", 0, 0, NULL},
    {"4096", 4096, 4096, NULL},
    {"0x61", 0x61, 0x61, NULL},
    {"0xaBcDeF", 0xABCDEF, 0xABCDEF, NULL},
    {"62K", 63488, 63488, NULL},
    {"3M", 3 << 20, 3 << 20, NULL},
    {"1G", 1 << 30, 1 << 30, NULL},
    {"2T", UINT64_C(2) << 40, 0, NULL},
    {"0x10K", 16384, 16384, NULL},
    {"18446744073709551615", UINT64_MAX, UINT32_MAX, NULL},
    {"0xFFFFFFFFFFFFFFFF", UINT64_MAX, UINT32_MAX, NULL},
    {"16777215T", UINT64_C(16777215) << 40, 0, NULL},
    {"PAGE", 4096, 4096, NULL},
    {"GRANULE", 65536, 65536, NULL},
    {"MIN_ADDRESS", 0x10000, 0x10000, NULL},
    {"MAX_ADDRESS", 0x7FFFFFFEFFFF, 0xFFFEFFFF, NULL},
    {"SIZE_MAX", UINT64_MAX, UINT32_MAX, NULL},
    {"MBI_SIZE", 48, 28, NULL},
    {"NULL", 0, 0, NULL},
    {"TRUE", 1, 1, NULL},
    {"FALSE", 0, 0, NULL},
    {"MEM_RESERVE", MEM_RESERVE, MEM_RESERVE, NULL},
    {"STATUS_NO_MEMORY", STATUS_NO_MEMORY, STATUS_NO_MEMORY, NULL},
    {"ERROR_INVALID_ADDRESS", 487, 487, NULL},
    {"h", 0x200000, 0x200000, NULL},
    {"p", 0x210000, 0x210000, NULL},
    {"h+8192", 0x202000, 0x202000, "h + 8192"},
    {"h - PAGE", 0x1FF000, 0x1FF000, NULL},
    {"-1", UINT64_MAX, UINT32_MAX, NULL},
    {"-PAGE", UINT64_C(0) - 4096, UINT32_C(0) - 4096, NULL},
    {"-(-1)", 1, 1, NULL},
    {"2 - -1", 3, 3, NULL},
    {"1 + 2 * 3", 7, 7, NULL},
    {"(1 + 2) * 3", 9, 9, NULL},
    {"10 - 3 - 2", 5, 5, NULL},
    {"10 - (3 - 2)", 9, 9, NULL},
    {"100 / 7 % 5", 4, 4, NULL},
    {"100 / (7 * 2)", 7, 7, NULL},
    {"7 / 0", 0, 0, NULL},
    {"7 % 0", 0, 0, NULL},
    {"(5)", 5, 5, "5"},
    {"((1)) + (2 * 3)", 7, 7, "1 + 2 * 3"},
    {"1 | 2 & 2", 2, 2, NULL},
    {"1 | (2 & 2)", 3, 3, NULL},
    {"1|4+8", 13, 13, "1 | 4 + 8"},
    {"4 + (1 | 2)", 7, 7, NULL},
    {"SIZE_MAX + 2", 1, 1, NULL},
    {"(SIZE_MAX + 1) / 2", 0, 0, NULL},
    {"SIZE_MAX / 2", UINT64_MAX / 2, UINT32_MAX / 2, NULL},
    {"0x100000000 / 2", UINT64_C(1) << 31, 0, NULL},
    {"MEM_RESERVE | MEM_COMMIT", 0x3000, 0x3000, NULL},
    {"MEM_RESERVE |\n  MEM_COMMIT", 0x3000, 0x3000, "MEM_RESERVE | MEM_COMMIT"},
    {"(1 # one\n + 2)", 3, 3, "1 + 2"},
};

static void check_expression(const struct expression_case *it)
{
    char lines[256], printed[256];
    struct environment environment_32 = environment;
    environment_32.pointer_bytes = 4;
    snprintf(lines, sizeof lines, "SetLastError(%s)\n", it->text);
    struct scenario *scenario = parse_lines(lines);
    const struct expression *expression = scenario->steps[BEFORE_STEPS].arguments[0];
    cr_expect_eq(expression_value(expression, &environment), it->value, "%s", it->text);
    cr_expect_eq(expression_value(expression, &environment_32), it->value_32, "%s of 32", it->text);
    expression_format(expression, scenario, printed, sizeof printed);
    cr_expect_str_eq(printed, it->printed ? it->printed : it->text);
    scenario_free(scenario);
}

Test(language, expressions)
{
    for (size_t i = 0; i < COUNT(expression_cases); i++)
        check_expression(&expression_cases[i]);
}

Test(language, an_expression_prints_into_little_room)
{
    struct scenario *scenario = parse_lines("SetLastError(MEM_RESERVE | 62K)\n");
    const struct expression *expression = scenario->steps[BEFORE_STEPS].arguments[0];
    char room[8];
    cr_expect_str_eq(expression_format(expression, scenario, room, sizeof room), "MEM_RES");
    cr_expect_str_eq(expression_format(expression, scenario, room, 1), "");
    scenario_free(scenario);
}

Test(language, a_number_nobody_wrote_prints_as_a_size)
{
    char room[32];
    struct expression number = {.kind = EXPRESSION_NUMBER, .number = 63488};
    cr_expect_str_eq(expression_format(&number, NULL, room, sizeof room), "62K");
}

/* ---- Steps and pins ---- */

static void add_expression(struct text *text, const struct scenario *scenario,
                           const struct expression *expression)
{
    char words[256];
    text_add(text, " %s", expression_format(expression, scenario, words, sizeof words));
}

static void add_fields(struct text *text, const struct scenario *scenario, const struct pin *pin)
{
    for (unsigned i = 0; i < pin->field_count; i++) {
        text_add(text, " %s:", field_name(pin->fields[i].field));
        if (pin->fields[i].untouched)
            text_add(text, " untouched");
        else
            add_expression(text, scenario, pin->fields[i].value);
    }
}

static void add_pin(struct text *text, const struct scenario *scenario, const struct pin *pin)
{
    static const char *const kinds[] = {
        [PIN_VALUE] = "value",   [PIN_ABOVE] = "above",      [PIN_BELOW] = "below",
        [PIN_STATUS] = "status", [PIN_EXCEPTION] = "raises", [PIN_RETURNED] = "returned",
        [PIN_BYTES] = "bytes",   [PIN_ANY] = "any",
    };
    text_add(text, " {%s", pin->has_kind ? kinds[pin->kind] : "fields");
    if (pin->has_kind && pin->kind == PIN_EXCEPTION)
        text_add(text, " %08X %u", pin->exception, pin->access);
    if (pin->value)
        add_expression(text, scenario, pin->value);
    if (pin->has_error)
        text_add(text, " error %u", pin->error);
    for (unsigned i = 0; i < pin->byte_count; i++) {
        text_add(text, " %u x", pin->bytes[i].value);
        add_expression(text, scenario, pin->bytes[i].count);
    }
    add_fields(text, scenario, pin);
    for (unsigned i = 0; i < pin->profile_count; i++)
        text_add(text, " for %s", pin->profiles[i]);
    text_add(text, "}");
}

/* The steps after BEFORE, with all that was understood of their pins. */
static void describe(const struct scenario *scenario, char *buffer, size_t capacity)
{
    struct text text = text_begin(buffer, capacity);
    for (unsigned i = BEFORE_STEPS; i < scenario->step_count; i++) {
        const struct step *step = &scenario->steps[i];
        text_add(&text, "%s%s%s", i > BEFORE_STEPS ? "; " : "", step->text,
                 step->unsettled ? " unsettled" : "");
        for (unsigned k = 0; k < step->pin_count; k++)
            add_pin(&text, scenario, &step->pins[k]);
    }
}

struct lines_case {
    const char *lines, *understood;
};

static void check_lines(const struct lines_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char understood[2048];
        struct scenario *scenario = parse_lines(cases[i].lines);
        describe(scenario, understood, sizeof understood);
        cr_expect_str_eq(understood, cases[i].understood, "%s\nis:  %s\nnot: %s", cases[i].lines,
                         understood, cases[i].understood);
        scenario_free(scenario);
    }
}

static const struct lines_case pin_cases[] = {
    {"VirtualAlloc(h, 1, MEM_COMMIT, 4) => NULL ERROR_INVALID_ADDRESS",
     "VirtualAlloc(h, 1, MEM_COMMIT, 4) {value NULL error 487}"},
    {"VirtualAlloc(h, 1, MEM_COMMIT, 4) => 0 1234",
     "VirtualAlloc(h, 1, MEM_COMMIT, 4) {value 0 error 1234}"},
    {"VirtualAlloc(h, 1, 2, 3) => NULL", "VirtualAlloc(h, 1, 2, 3) {value NULL}"},
    {"VirtualAlloc(h, 1, 2, 3) => h + PAGE", "VirtualAlloc(h, 1, 2, 3) {value h + PAGE}"},
    {"VirtualAlloc(h, 1, 2, 3) => above h", "VirtualAlloc(h, 1, 2, 3) {above h}"},
    {"VirtualAlloc(h, 1, 2, 3) => below h + 4 * GRANULE",
     "VirtualAlloc(h, 1, 2, 3) {below h + 4 * GRANULE}"},
    {"VirtualFree(p, 0, MEM_RELEASE) => TRUE", "VirtualFree(p, 0, MEM_RELEASE) {value TRUE}"},
    {"VirtualFree(p, 0, MEM_RELEASE) => FALSE ERROR_INVALID_PARAMETER",
     "VirtualFree(p, 0, MEM_RELEASE) {value FALSE error 87}"},
    {"VirtualProtect(p, 1, PAGE_READONLY) => TRUE, OldProtect: PAGE_READWRITE | PAGE_GUARD",
     "VirtualProtect(p, 1, PAGE_READONLY) {value TRUE OldProtect: PAGE_READWRITE | PAGE_GUARD}"},
    {"VirtualProtect(p, 1, 2) => FALSE 487, OldProtect: untouched",
     "VirtualProtect(p, 1, 2) {value FALSE error 487 OldProtect: untouched}"},
    {"VirtualProtect(p, 1, 2, NULL) => FALSE ERROR_NOACCESS",
     "VirtualProtect(p, 1, 2, NULL) {value FALSE error 998}"},
    {"VirtualQuery(p) => MBI_SIZE, State: MEM_FREE",
     "VirtualQuery(p) {value MBI_SIZE State: MEM_FREE}"},
    {"VirtualQuery(p, 1) => 0 ERROR_BAD_LENGTH", "VirtualQuery(p, 1) {value 0 error 24}"},
    {"VirtualQuery(p) => BaseAddress: p, AllocationBase: p, AllocationProtect: 4, RegionSize: 4K,"
     "\n  State: 1, Protect: 0, Type: MEM_PRIVATE",
     "VirtualQuery(p) {fields BaseAddress: p AllocationBase: p AllocationProtect: 4 RegionSize: 4K"
     " State: 1 Protect: 0 Type: MEM_PRIVATE}"},
    {"GetSystemInfo() => PageSize: 4K, AllocationGranularity: 64K, MinimumApplicationAddress: 1,"
     " MaximumApplicationAddress: 2",
     "GetSystemInfo() {fields PageSize: 4K AllocationGranularity: 64K"
     " MinimumApplicationAddress: 1 MaximumApplicationAddress: 2}"},
    {"GetLastError() => ERROR_SUCCESS", "GetLastError() {value ERROR_SUCCESS}"},
    {"GetLastError() => 1234", "GetLastError() {value 1234}"},
    {"SetLastError(ERROR_NOACCESS)", "SetLastError(ERROR_NOACCESS)"},
    {"commit_limit(1M)", "commit_limit(1M)"},
    {"NtAllocateVirtualMemory(h, 0, 4K, MEM_COMMIT, 4) => STATUS_SUCCESS, BaseAddress: h,"
     " RegionSize: 4K",
     "NtAllocateVirtualMemory(h, 0, 4K, MEM_COMMIT, 4) {status STATUS_SUCCESS BaseAddress: h"
     " RegionSize: 4K}"},
    {"NtFreeVirtualMemory(h, 0, MEM_RELEASE) => 0xC0000099",
     "NtFreeVirtualMemory(h, 0, MEM_RELEASE) {status 0xC0000099}"},
    {"NtFreeVirtualMemory(h, 0, 0) => STATUS_INVALID_PARAMETER_4, BaseAddress: untouched,"
     " RegionSize: untouched",
     "NtFreeVirtualMemory(h, 0, 0) {status STATUS_INVALID_PARAMETER_4 BaseAddress: untouched"
     " RegionSize: untouched}"},
    {"NtProtectVirtualMemory(h, 1, 2, NULL) => STATUS_ACCESS_VIOLATION",
     "NtProtectVirtualMemory(h, 1, 2, NULL) {status STATUS_ACCESS_VIOLATION}"},
    {"NtQueryVirtualMemory(h) => State: MEM_FREE", "NtQueryVirtualMemory(h) {fields State: "
                                                   "MEM_FREE}"},
    {"read(p) => bytes 0", "read(p) {bytes 0 x 1}"},
    {"read(p, 2 * PAGE) => bytes 1, 0x61 * 4K, 255 * PAGE, 0 * (PAGE - 4097)",
     "read(p, 2 * PAGE) {bytes 1 x 1 97 x 4K 255 x PAGE 0 x PAGE - 4097}"},
    {"read(p) => ACCESS_VIOLATION read p", "read(p) {raises C0000005 0 p}"},
    {"read(p) => RETURNED", "read(p) {returned}"},
    {"write(p, 1) => GUARD_PAGE_VIOLATION write p", "write(p, 1) {raises 80000001 1 p}"},
    {"write(p, 1, 2) => RETURNED", "write(p, 1, 2) {returned}"},
    {"code(p) => 0xC0000006 write p + 1", "code(p) {raises C0000006 1 p + 1}"},
    {"execute(p) => ACCESS_VIOLATION execute p", "execute(p) {raises C0000005 8 p}"},
    {"execute(p) => RETURNED", "execute(p) {returned}"},
    {"execute(p) => ?", "execute(p) unsettled {any}"},
    {"execute(p) => ? for wine-*", "execute(p) unsettled {any for wine-*}"},
    {"execute(p) => RETURNED for windows-11-x64, windows-10-*",
     "execute(p) {returned for windows-11-x64 for windows-10-*}"},
    {"VirtualFree(p, 0, 1) => TRUE for a => FALSE for b*, *c => ?",
     "VirtualFree(p, 0, 1) unsettled {value TRUE for a} {value FALSE for b* for *c} {any}"},
};

Test(language, pins)
{
    check_lines(pin_cases, COUNT(pin_cases));
}

static const struct lines_case layout_cases[] = {
    {"read(p)\n=> bytes 0", "read(p) {bytes 0 x 1}"},
    {"read(p)   # the first\n\n# more\n   => bytes 0 for a\n \t\n => bytes 1",
     "read(p) {bytes 0 x 1 for a} {bytes 1 x 1}"},
    {"read(\n  p # where\n  ,\n\n 2\n)\n=> RETURNED", "read(p, 2) {returned}"},
    {"VirtualFree( p,0 ,MEM_RELEASE )", "VirtualFree( p,0 ,MEM_RELEASE )"},
    {"\tread(p)\t=>\tRETURNED\t", "read(p) {returned}"},
    {"read(p) => RETURNED for a,\n b", "read(p) {returned for a for b}"},
    {"read(p) => bytes 0,\n 1", "read(p) {bytes 0 x 1 1 x 1}"},
    {"read(p)\r\n  => RETURNED\r\nread(h)\r\n", "read(p) {returned}; read(h)"},
    {"read(p) # => TRUE\nread(h)# \"\n", "read(p); read(h)"},
    {"q = VirtualAlloc(h, 1, 2, 3)", "q = VirtualAlloc(h, 1, 2, 3)"},
    {"p = VirtualAlloc(p, 1, 2, 3) => p", "p = VirtualAlloc(p, 1, 2, 3) {value p}"},
};

Test(language, layout)
{
    check_lines(layout_cases, COUNT(layout_cases));
}

static const struct lines_case each_cases[] = {
    {"each v in 1, PAGE - 1, PAGE\nread(p, v * 2)\nend\n",
     "read(p, 1 * 2); read(p, (PAGE - 1) * 2); read(p, PAGE * 2)"},
    {"each v in PAGE_READONLY\n  VirtualProtect(p, PAGE, v) => TRUE, OldProtect: v\nend\n",
     "VirtualProtect(p, PAGE, PAGE_READONLY) {value TRUE OldProtect: PAGE_READONLY}"},
    {"each e in 87, ERROR_NOACCESS\nVirtualFree(p, 0, 1) => FALSE e\nend",
     "VirtualFree(p, 0, 1) {value FALSE error 87}; VirtualFree(p, 0, 1) {value FALSE error 998}"},
    {"each s in STATUS_SUCCESS\nNtFreeVirtualMemory(h, 0, 1) => s\nend",
     "NtFreeVirtualMemory(h, 0, 1) {status STATUS_SUCCESS}"},
    {"each b in 7\nread(h) => bytes b, b * b\nend", "read(h) {bytes 7 x 1 7 x 7}"},
    {"each a in 1,\n  2 # two\n\n each b in a * 10, 5\n\n read(h, a + b)\n end\nend",
     "read(h, 1 + 1 * 10); read(h, 1 + 5); read(h, 2 + 2 * 10); read(h, 2 + 5)"},
    {"each a in 1\neach b in 2\neach c in 3, 4\nread(a + b, c)\nend\nend\nend\nread(h)",
     "read(1 + 2, 3); read(1 + 2, 4); read(h)"},
    {"each v in -1, h\nread(v)\nend\neach v in 1|2\nread(v + 1)\nend",
     "read(-1); read(h); read((1 | 2) + 1)"},
    {"each v in 1, 2\nq = VirtualAlloc(v, 1, 2, 3)\nread(q)\nend",
     "q = VirtualAlloc(1, 1, 2, 3); read(q); q = VirtualAlloc(2, 1, 2, 3); read(q)"},
};

Test(language, each)
{
    check_lines(each_cases, COUNT(each_cases));
}

/* ---- The scenario as a whole ---- */

Test(language, header)
{
    struct scenario *scenario =
        parse_text("\xEF\xBB\xBF# a comment with \"quotes\" and =>\n\n"
                   "scenario \"A \\\"title\\\" # with a \\\\ and => \xC3\xA9\"  # the title\n"
                   "profiles windows-10-*, windows-11-x64\nrules VA-ONE VA_TWO.3\n"
                   "source \"first\"\nrules VA-THREE\nsource \"second\"\nprofiles *\n"
                   "execute(0) => ?");
    cr_expect_str_eq(scenario->path, "area/case.va");
    cr_expect_str_eq(scenario->title, "A \"title\" # with a \\ and => \xC3\xA9");
    cr_assert_eq(scenario->rule_count, 3);
    cr_expect_str_eq(scenario->rules[0], "VA-ONE");
    cr_expect_str_eq(scenario->rules[1], "VA_TWO.3");
    cr_expect_str_eq(scenario->rules[2], "VA-THREE");
    cr_assert_eq(scenario->source_count, 2);
    cr_expect_str_eq(scenario->sources[1], "second");
    cr_assert_eq(scenario->profile_count, 3);
    cr_expect_str_eq(scenario->profiles[1], "windows-11-x64");
    cr_expect_eq(scenario->step_count, 1);
    scenario_free(scenario);
}

Test(language, steps_know_their_place_and_their_parts)
{
    struct scenario *scenario =
        parse_lines("\n  q = VirtualProtect(p, 1, 2, NULL)\n => TRUE for a\n  => FALSE\nread(p)\n");
    const struct step *step = &scenario->steps[BEFORE_STEPS];
    cr_expect_eq(step->line, BEFORE_LINES + 2);
    cr_expect_eq(step->column, 3);
    cr_expect_eq(step->operation, OP_VIRTUAL_PROTECT);
    cr_expect_eq(step->argument_count, 4);
    cr_expect(step->null_output);
    cr_expect_str_eq(scenario->variables[step->target], "q");
    cr_assert_eq(step->pin_count, 2);
    cr_expect_eq(step->pins[1].line, BEFORE_LINES + 4);
    cr_expect_eq(step->pins[1].column, 3);
    cr_expect_eq(step[1].target, -1);
    cr_expect_not(step[1].null_output);
    scenario_free(scenario);
}

Test(language, a_variable_keeps_its_slot)
{
    struct scenario *scenario =
        parse_lines("p = VirtualAlloc(p, 1, 2, 3)\nq = hole(1)\nh = hole(2)\n");
    cr_expect_eq(scenario->variable_count, 3);
    cr_expect_eq(scenario->steps[2].target, 1);
    cr_expect_eq(scenario->steps[3].target, 2);
    cr_expect_eq(scenario->steps[4].target, 0);
    scenario_free(scenario);
}
