/* A scenario as a stand-alone C program: the whole of it. */
#include "suite/repro.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pagelaw/constants.h"
#include "pagelaw/rules.h"
#include "repro.h"
#include "suite/judge.h"
#include "suite/model_backend.h"
#include "suite/print.h"
#include "suite/run.h"

#define WIDTH 96

/* Above the lowest address, in bytes. What a case says of a place of its own, such as the lowest
 * address, would else be about what the model happens to choose there. */
#define CHOICE_OFFSET ((uint64_t)3 << 20)

struct place repro_place(const struct repro *repro)
{
    return (struct place){.trace = repro->trace,
                          .scenario = repro->scenario,
                          .environment = &repro->environment,
                          .step = repro->index};
}

/* ---- The law: what the model answers, and what it would allow -------------------------------- */

static void hear_call(void *user, unsigned step, const struct pagelaw_plan *plan)
{
    ((struct repro *)user)->laws[step].plan = *plan;
}

static void hear_touch(void *user, unsigned step, const struct pagelaw_touch *touch)
{
    ((struct repro *)user)->laws[step].touch = *touch;
}

static void take_line(void *user, const char *line, size_t length)
{
    trace_reader_line(user, line, length - 1);
}

static bool run_on_model(struct repro *repro, char *error, size_t capacity)
{
    const struct backend *backend = model_backend_for(repro->profile);
    struct trace_reader *reader = trace_reader_create(repro->scenario);
    if (reader == NULL || !backend->start(&repro->info, error, capacity))
        return false;
    model_backend_choose_from(repro->info.address_min + CHOICE_OFFSET);
    struct line_sink sink = {take_line, reader};
    execute_scenario(repro->scenario, backend, &repro->info, &sink);
    repro->trace = trace_reader_finish(reader);
    return repro->trace != NULL;
}

static bool hear_law(struct repro *repro)
{
    struct judge_listener listener = {hear_call, hear_touch, repro};
    struct judgement *judgement =
        judge_aloud(repro->scenario, repro->trace, &repro->info, repro->profile, &listener);
    judgement_free(judgement);
    return judgement != NULL;
}

/* ---- The comment on top ---------------------------------------------------------------------- */

/* Words in lines of a comment, which they cannot end. At column 0 a new line begins. */
static void add_wrapped(struct repro *repro, const char *words, size_t column)
{
    while (*words != '\0') {
        size_t length = strcspn(words, " ");
        if (column == 0 || column + 1 + length > WIDTH) {
            text_add(&repro->out, "\n *");
            column = 2;
        }
        text_add(&repro->out, " ");
        for (size_t i = 0; i < length; i++) {
            bool sign =
                i > 0 && strchr("*/", words[i]) != NULL && strchr("*/", words[i - 1]) != NULL;
            text_add(&repro->out, sign ? " %c" : "%c", words[i]);
        }
        column += 1 + length;
        words += length + strspn(words + length, " ");
    }
}

static void add_paragraph(struct repro *repro, const char *head, const char *words)
{
    char whole[4096];
    snprintf(whole, sizeof whole, "%s%s", head, words);
    add_wrapped(repro, whole, 0);
}

static void add_rule(struct repro *repro, const char *id)
{
    enum pagelaw_rule rule = pagelaw_rule_find(id);
    if (rule == PAGELAW_NO_RULE)
        return;
    const struct pagelaw_rule_info *info = pagelaw_rule_info(rule);
    char head[96];
    snprintf(head, sizeof head, "%s (%s): ", info->id, pagelaw_grade_name(info->grade));
    text_add(&repro->out, "\n *");
    add_paragraph(repro, head, info->sentence);
    add_paragraph(repro, "Source: ", info->source);
}

static bool uses(const struct repro *repro, enum operation_group group)
{
    for (unsigned i = 0; i < repro->scenario->step_count; i++)
        if (operation_info(repro->scenario->steps[i].operation)->group == group)
            return true;
    return false;
}

static bool calls(const struct repro *repro, enum operation operation)
{
    for (unsigned i = 0; i < repro->scenario->step_count; i++)
        if (repro->scenario->steps[i].operation == operation)
            return true;
    return false;
}

static void add_head(struct repro *repro)
{
    const struct scenario *scenario = repro->scenario;
    text_add(&repro->out, "/*");
    add_wrapped(repro, scenario->title, 2);
    text_add(&repro->out, ".");
    for (unsigned i = 0; i < scenario->rule_count; i++)
        add_rule(repro, scenario->rules[i]);
    text_add(&repro->out, "\n *");
    for (unsigned i = 0; i < scenario->source_count; i++)
        add_paragraph(repro, "The case: ", scenario->sources[i]);
    add_paragraph(repro, "As it is on: ", repro->profile->system);
    text_add(
        &repro->out,
        "\n *\n * Prints PASS, or what was wanted and what it saw; exits with 0 or 1.%s%s */\n",
        calls(repro, OP_COMMIT_LIMIT) ? "\n * Where nothing limits what a process may commit, "
                                        "says so and exits with 2."
                                      : "",
        uses(repro, GROUP_NT) ? "\n * Link it with ntdll." : "");
}

/* ---- The program around the steps ------------------------------------------------------------ */

static const char includes[] = "#include <stdio.h>\n"
                               "#include <windows.h>\n";

static const char common[] =
    "\n"
    "SIZE_T got;         /* what the last call answered, */\n"
    "static DWORD error;  /* and its last error */\n"
    "static int failures;\n"
    "\n"
    "static void expect(int holds, const char *law, SIZE_T saw)\n"
    "{\n"
    "    if (holds)\n"
    "        return;\n"
    "    printf(\"wanted: %s\\n   saw: 0x%llx, last error %lu\\n\", law, (unsigned long long)saw,\n"
    "           (unsigned long)error);\n"
    "    failures++;\n"
    "}\n"
    "\n"
    "static int finish(void)\n"
    "{\n"
    "    if (failures == 0)\n"
    "        puts(\"PASS\");\n"
    "    return failures != 0;\n"
    "}\n";

static const char one_hole[] = "\n"
                               "static SIZE_T hole(SIZE_T size)\n"
                               "{\n"
                               "    void *room = VirtualAlloc(NULL, size, MEM_RESERVE, "
                               "PAGE_NOACCESS);\n"
                               "    VirtualFree(room, 0, MEM_RELEASE);\n"
                               "    return (SIZE_T)room;\n"
                               "}\n";

/* Two holes are never one. */
static const char many_holes[] =
    "\n"
    "static SIZE_T hole(SIZE_T size)\n"
    "{\n"
    "    static SIZE_T before[64], ends[64];\n"
    "    static int count;\n"
    "    void *held[64], *room;\n"
    "    int tries = 0, i;\n"
    "    do {\n"
    "        room = held[tries++] = VirtualAlloc(NULL, size, MEM_RESERVE, PAGE_NOACCESS);\n"
    "        for (i = 0; i < count; i++)\n"
    "            if ((SIZE_T)room < ends[i] && before[i] < (SIZE_T)room + size)\n"
    "                break;\n"
    "    } while (i < count && tries < 64);\n"
    "    while (tries > 0)\n"
    "        VirtualFree(held[--tries], 0, MEM_RELEASE);\n"
    "    before[count] = (SIZE_T)room;\n"
    "    ends[count++] = (SIZE_T)room + size;\n"
    "    return (SIZE_T)room;\n"
    "}\n";

static const char touching[] =
    "\n"
    "enum { TO_READ, TO_WRITE, TO_EXECUTE };\n"
    "\n"
    "static jmp_buf back;\n"
    "static volatile int touches;\n"
    "static volatile DWORD raised; /* 0, or the exception that the last touch raised: */\n"
    "static volatile SIZE_T raised_by, raised_at; /* 0 a read, 1 a write, 8 an execution; where "
    "*/\n"
    "static volatile unsigned char last_byte; /* that was read */\n"
    "\n"
    "static LONG CALLBACK on_exception(EXCEPTION_POINTERS *exception)\n"
    "{\n"
    "    const EXCEPTION_RECORD *record = exception->ExceptionRecord;\n"
    "    if (!touches || record->NumberParameters < 2)\n"
    "        return EXCEPTION_CONTINUE_SEARCH;\n"
    "    raised = record->ExceptionCode;\n"
    "    raised_by = record->ExceptionInformation[0];\n"
    "    raised_at = record->ExceptionInformation[1];\n"
    "    touches = 0;\n"
    "    longjmp(back, 1);\n"
    "}\n"
    "\n"
    "static void touch(int how, SIZE_T address, SIZE_T size, int value)\n"
    "{\n"
    "    volatile SIZE_T i;\n"
    "    raised = 0;\n"
    "    if (setjmp(back) != 0)\n"
    "        return;\n"
    "    touches = 1;\n"
    "    for (i = 0; i < size; i++) {\n"
    "        if (how == TO_READ)\n"
    "            last_byte = ((volatile unsigned char *)address)[i];\n"
    "        else if (how == TO_WRITE)\n"
    "            ((volatile unsigned char *)address)[i] = (unsigned char)value;\n"
    "        else\n"
    "            ((void (*)(void))address)();\n"
    "    }\n"
    "    touches = 0;\n"
    "}\n";

static const char comparing[] = "\n"
                                "static int equal(SIZE_T address, SIZE_T count, int value)\n"
                                "{\n"
                                "    SIZE_T i;\n"
                                "    for (i = 0; raised == 0 && i < count; i++) {\n"
                                "        touch(TO_READ, address + i, 1, 0);\n"
                                "        if (raised != 0 || last_byte != value)\n"
                                "            return 0;\n"
                                "    }\n"
                                "    return raised == 0;\n"
                                "}\n";

static const struct {
    enum operation operation;
    const char *prototype;
} prototypes[] = {
    {OP_NT_ALLOCATE, "LONG NTAPI NtAllocateVirtualMemory(HANDLE, PVOID *, ULONG_PTR, SIZE_T *, "
                     "ULONG, ULONG);\n"},
    {OP_NT_FREE, "LONG NTAPI NtFreeVirtualMemory(HANDLE, PVOID *, SIZE_T *, ULONG);\n"},
    {OP_NT_PROTECT,
     "LONG NTAPI NtProtectVirtualMemory(HANDLE, PVOID *, SIZE_T *, ULONG, ULONG *);\n"},
    {OP_NT_QUERY,
     "LONG NTAPI NtQueryVirtualMemory(HANDLE, PVOID, int, PVOID, SIZE_T, SIZE_T *);\n"},
};

static void add_prototypes(struct repro *repro)
{
    if (uses(repro, GROUP_NT))
        text_add(&repro->out, "\n");
    for (size_t i = 0; i < sizeof prototypes / sizeof *prototypes; i++)
        if (calls(repro, prototypes[i].operation))
            text_add(&repro->out, "%s", prototypes[i].prototype);
}

static const struct {
    const char *name, *definition;
} macros[] = {
    {"PAGE", "((SIZE_T)machine.dwPageSize)"},
    {"GRANULE", "((SIZE_T)machine.dwAllocationGranularity)"},
    {"MIN_ADDRESS", "((SIZE_T)machine.lpMinimumApplicationAddress)"},
    {"MAX_ADDRESS", "((SIZE_T)machine.lpMaximumApplicationAddress)"},
    {"K", "((SIZE_T)1024)"},
    {"M", "(1024 * K)"},
    {"G", "(1024 * M)"},
    {"T", "(1024 * (unsigned long long)G)"},
};

#define SYSTEM_MACROS 4
#define FIRST_SCALE 4

/* Whether a text has a word. */
static bool has_word(const char *text, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = text; (at = strstr(at, word)) != NULL; at += length) {
        char before = at == text ? ' ' : at[-1], after = at[length];
        if (strchr(" (~,;", before) != NULL && after != '\0' && strchr(" ),;", after) != NULL)
            return true;
    }
    return false;
}

/* The names that the steps need: K for M, M for G. */
static bool add_macros(struct repro *repro, const char *steps)
{
    const size_t count = sizeof macros / sizeof *macros;
    bool needed[sizeof macros / sizeof *macros], system = false;
    for (size_t i = count; i-- > 0;) {
        needed[i] = has_word(steps, macros[i].name);
        if (i >= FIRST_SCALE && i + 1 < count && needed[i + 1])
            needed[i] = true;
        system = system || (i < SYSTEM_MACROS && needed[i]);
    }
    text_add(&repro->out, "\n");
    for (size_t i = 0; i < count; i++)
        if (needed[i])
            text_add(&repro->out, "#define %s %s\n", macros[i].name, macros[i].definition);
    return system;
}

static void add_preparations(struct repro *repro, bool system)
{
    if (system)
        text_add(&repro->out, "    GetSystemInfo(&machine);\n");
    if (uses(repro, GROUP_TOUCH))
        text_add(&repro->out, "    AddVectoredExceptionHandler(1, on_exception);\n");
}

static void add_globals(struct repro *repro)
{
    for (unsigned i = 0; i < repro->scenario->variable_count; i++) {
        text_add(&repro->out, i == 0 ? "\nSIZE_T " : ", ");
        repro_add_variable(repro, i);
    }
    if (repro->scenario->variable_count != 0)
        text_add(&repro->out, ";\n");
}

static void add_declarations(struct repro *repro, const char *steps)
{
    if (has_word(steps, "&info"))
        text_add(&repro->out, "    MEMORY_BASIC_INFORMATION info;\n");
    if (strstr(steps, "    base = ") != NULL)
        text_add(&repro->out, "    PVOID base;\n    SIZE_T size;\n");
    if (strstr(steps, "old = 0x") != NULL)
        text_add(&repro->out, "    DWORD old;\n");
}

static void add_program(struct repro *repro, const char *steps)
{
    bool touches = uses(repro, GROUP_TOUCH);
    add_head(repro);
    text_add(&repro->out, "%s%s", touches ? "#include <setjmp.h>\n" : "", includes);
    bool system = add_macros(repro, steps);
    add_prototypes(repro);
    text_add(&repro->out, "%s%s", system ? "\nstatic SYSTEM_INFO machine;" : "", common);
    if (calls(repro, OP_COMMIT_LIMIT))
        repro_add_limiting(repro);
    unsigned holes = 0;
    for (unsigned i = 0; i < repro->scenario->step_count; i++)
        holes += repro->scenario->steps[i].operation == OP_HOLE;
    text_add(&repro->out, "%s%s%s",
             holes == 0   ? ""
             : holes == 1 ? one_hole
                          : many_holes,
             touches ? touching : "", strstr(steps, "equal(") != NULL ? comparing : "");
    add_globals(repro);
    text_add(&repro->out, "\nint main(void)\n{\n");
    add_declarations(repro, steps);
    add_preparations(repro, system);
    text_add(&repro->out, "%s    return finish();\n}\n", steps);
}

/* ---- Two passes: the first measures ---------------------------------------------------------- */

static void add_steps(struct repro *repro)
{
    repro->after_reset = false;
    for (unsigned i = 0; i < repro->scenario->step_count; i++) {
        repro->index = i;
        repro->step = &repro->scenario->steps[i];
        repro->own = &repro->trace->steps[i];
        trace_environment(repro->scenario, repro->trace, &repro->info, i, &repro->environment);
        repro_add_step(repro);
        repro->after_reset = repro->after_reset || repro->laws[i].plan.effect == PAGELAW_RESETS;
    }
}

static char *print_steps(struct repro *repro)
{
    repro->out = text_begin(NULL, 0);
    add_steps(repro);
    size_t capacity = repro->out.length + 1;
    char *steps = calloc(1, capacity);
    if (steps == NULL)
        return NULL;
    repro->out = text_begin(steps, capacity);
    add_steps(repro);
    return steps;
}

static char *print_program(struct repro *repro)
{
    char *steps = print_steps(repro);
    if (steps == NULL)
        return NULL;
    repro->out = text_begin(NULL, 0);
    add_program(repro, steps);
    size_t capacity = repro->out.length + 1;
    char *program = calloc(1, capacity);
    repro->out = text_begin(program, program == NULL ? 0 : capacity);
    if (program != NULL)
        add_program(repro, steps);
    free(steps);
    return program;
}

static bool can_be_shown(const struct repro *repro, char *error, size_t capacity)
{
    if (!scenario_is_for(repro->scenario, repro->profile->name)) {
        snprintf(error, capacity, "the scenario is not for %s", repro->profile->name);
        return false;
    }
    return true;
}

char *repro_print(const struct scenario *scenario, const struct pagelaw_profile *profile,
                  char *error, size_t capacity)
{
    struct repro repro = {.scenario = scenario, .profile = profile};
    char *program = NULL;
    if (!can_be_shown(&repro, error, capacity))
        return NULL;
    repro.laws = calloc(scenario->step_count, sizeof *repro.laws);
    snprintf(error, capacity, "out of memory");
    if (repro.laws != NULL && run_on_model(&repro, error, capacity) && hear_law(&repro))
        program = print_program(&repro);
    trace_free(repro.trace);
    free(repro.laws);
    return program;
}
