/* Results made by hand, for the tests of the reports. */
#ifndef SAMPLE_RESULTS_H
#define SAMPLE_RESULTS_H

#include "result.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- Rules ----------------------------------------------------------------------------------- */

#define RULE_ALIGN                                                                                 \
    {                                                                                              \
        "VA-ALIGN-BASE", "documented",                                                             \
            "A reserve at an address begins at the multiple of the granularity at or below it.",   \
            "VirtualAlloc (memoryapi.h), lpAddress"                                                \
    }
#define RULE_ROUND                                                                                 \
    {                                                                                              \
        "VA-ROUND-SIZE-ADDR", "documented",                                                        \
            "With an address, the region holds every page that has a byte between the address "    \
            "and the "                                                                             \
            "address plus the size.",                                                              \
            "VirtualAlloc (memoryapi.h), dwSize"                                                   \
    }
#define RULE_GUARD                                                                                 \
    {                                                                                              \
        "ACC-GUARD-ONCE", "documented",                                                            \
            "The first touch of a guard page raises STATUS_GUARD_PAGE_VIOLATION and turns the "    \
            "guard of "                                                                            \
            "that page off.",                                                                      \
            "Creating Guard Pages (Memory)"                                                        \
    }
#define RULE_WRITE_BACK                                                                            \
    {                                                                                              \
        "NF-WRITE-BACK", "observed",                                                               \
            "A decommit of size 0 writes back the base of the allocation and 0.",                  \
            "Seen on Windows: ntdll/tests/virtual.c, test_NtAllocateVirtualMemory"                 \
    }

#define NOT_SAID STANDING_NONE, NULL /* by a baseline */

/* ---- Differences ----------------------------------------------------------------------------- */

static const struct result_finding findings_align[] = {
    {"return value", "h", "h + 8K", RULE_ALIGN, NOT_SAID},
    {"map: State", "h .. h + 72K is MEM_RESERVE", "h .. h + 8K is MEM_FREE", RULE_ALIGN, NOT_SAID},
    {"map: RegionSize", "72K", "64K", RULE_ROUND, NOT_SAID},
};
static const struct result_finding findings_align_top[] = {
    {"return value", "above h", "NULL ERROR_INVALID_ADDRESS", RULE_ALIGN, NOT_SAID},
};
static const struct result_finding findings_guard[] = {
    {"exception", "GUARD_PAGE_VIOLATION write p + 4K", "ACCESS_VIOLATION write p + 4K", RULE_GUARD,
     NOT_SAID},
    {"map: Protect", "PAGE_READWRITE", "PAGE_READWRITE | PAGE_GUARD", RULE_GUARD, NOT_SAID},
};
static const struct result_finding findings_write_back[] = {
    {"RegionSize", "0", "64K", RULE_WRITE_BACK, NOT_SAID},
};

#define NO_MAP                                                                                     \
    {                                                                                              \
        false, NULL, 0                                                                             \
    }
#define NO_MAPS NO_MAP, NO_MAP, NO_MAP, NULL
#define MAP(rows)                                                                                  \
    {                                                                                              \
        true, rows, COUNT(rows)                                                                    \
    }

static const struct result_region rows_before[] = {
    {"h", "256K", "MEM_FREE", "PAGE_NOACCESS", "NULL", "0", "0"},
};
static const struct result_region rows_allowed[] = {
    {"h", "72K", "MEM_RESERVE", "0", "h", "PAGE_READWRITE", "MEM_PRIVATE"},
    {"h + 72K", "184K", "MEM_FREE", "PAGE_NOACCESS", "NULL", "0", "0"},
};
static const struct result_region rows_observed[] = {
    {"h", "8K", "MEM_FREE", "PAGE_NOACCESS", "NULL", "0", "0"},
    {"h + 8K", "64K", "MEM_RESERVE", "0", "h + 8K", "PAGE_READWRITE", "MEM_PRIVATE"},
    {"h + 72K", "184K", "MEM_FREE", "PAGE_NOACCESS", "NULL", "0", "0"},
};

#define TRANSCRIPT_ALIGN                                                                           \
    "h = hole(4 * GRANULE)\n"                                                                      \
    "p = VirtualAlloc(h + 8192, 62K, MEM_RESERVE, PAGE_READWRITE)   => h + 8K\n"

#define TRANSCRIPT_ALIGN_TOP                                                                       \
    "h = hole(GRANULE)\n"                                                                          \
    "VirtualAlloc(h + 1, PAGE, MEM_RESERVE | MEM_TOP_DOWN, PAGE_NOACCESS)"                         \
    "   => NULL ERROR_INVALID_ADDRESS\n"                                                           \
    "VirtualFree(h, 0, MEM_RELEASE)   => FALSE ERROR_INVALID_PARAMETER\n"
#define TRANSCRIPT_GUARD                                                                           \
    "p = VirtualAlloc(NULL, 3 * PAGE, MEM_COMMIT, PAGE_READWRITE | PAGE_GUARD)   => p\n"           \
    "write(p + PAGE, 1)   => ACCESS_VIOLATION write p + 4K\n"
#define TRANSCRIPT_WRITE_BACK                                                                      \
    "p = NtAllocateVirtualMemory(NULL, 0, 64K, MEM_COMMIT, PAGE_READWRITE)"                        \
    "   => STATUS_SUCCESS, BaseAddress: p, RegionSize: 64K\n"                                      \
    "NtFreeVirtualMemory(p, 0, MEM_DECOMMIT)   => STATUS_SUCCESS, RegionSize: 64K\n"
#define TRANSCRIPT_CRASH                                                                           \
    "p = VirtualAlloc(NULL, PAGE, MEM_COMMIT, PAGE_EXECUTE_READWRITE)   => p\n"                    \
    "code(p)   => RETURNED\n"                                                                      \
    "execute(p)\n"

static const struct result_difference differences_align[] = {
    {1, 6, "p = VirtualAlloc(h + 8192, 62K, MEM_RESERVE, PAGE_READWRITE)",
     "VirtualAlloc(0x7f3a10002000, 0xf800, 0x2000, 0x4)", findings_align, COUNT(findings_align), 2,
     MAP(rows_before), MAP(rows_allowed), MAP(rows_observed), NULL},
};
static const struct result_difference differences_align_top[] = {
    {2, 9, "VirtualAlloc(h + 1, PAGE, MEM_RESERVE | MEM_TOP_DOWN, PAGE_NOACCESS)",
     "VirtualAlloc(0x7f3a10000001, 0x1000, 0x102000, 0x1)", findings_align_top,
     COUNT(findings_align_top), 1, NO_MAPS},
    {3, 10, "VirtualAlloc(h + 2, PAGE, MEM_RESERVE | MEM_TOP_DOWN, PAGE_NOACCESS)",
     "VirtualAlloc(0x7f3a10000002, 0x1000, 0x102000, 0x1)", findings_align_top,
     COUNT(findings_align_top), 2, NO_MAPS},
};
static const struct result_difference differences_guard[] = {
    {3, 8, "write(p + PAGE, 1)", "write(0x7f3a10001000, 1)", findings_guard, COUNT(findings_guard),
     2, NO_MAPS},
};
static const struct result_difference differences_write_back[] = {
    {2, 7, "NtFreeVirtualMemory(p, 0, MEM_DECOMMIT)",
     "NtFreeVirtualMemory(0x7f3a10000000, 0, 0x4000)", findings_write_back,
     COUNT(findings_write_back), 2, NO_MAPS},
};
static const struct result_difference differences_crash[] = {
    {4, 11, "execute(p)", "execute(0x7f3a10000000)", NULL, 0, 3, NO_MAPS},
};

/* ---- Scenarios ------------------------------------------------------------------------------- */

static const char *const named_rules[] = {"VA-ALIGN-BASE", "ACC-GUARD-ONCE"};
static const char *const named_sources[] = {"Creating Guard Pages (Memory)"};

/* Beyond the verdict: what the scenario is, and what came back. */
#define TOLD(transcript)                                                                           \
    "scenario \"told\"\n# as it is\n", transcript, named_rules, COUNT(named_rules), named_sources, \
        COUNT(named_sources), NOT_SAID

#define AGREES(path, title, area)                                                                  \
    {                                                                                              \
        path, title, area, VERDICT_AGREE, NULL, 6, 6, 0, NULL, 0, 1200,                            \
            TOLD("h = hole(GRANULE)\n")                                                            \
    }
#define DIFFERS(path, title, area, verdict, differences, transcript)                               \
    {                                                                                              \
        path, title, area, verdict, NULL, 7, 6, 0, differences, COUNT(differences), 2300,          \
            TOLD(transcript)                                                                       \
    }
#define UNSUPPORTED(path, title, area, reason)                                                     \
    {                                                                                              \
        path, title, area, VERDICT_UNSUPPORTED, reason, 5, 2, 0, NULL, 0, 900, TOLD("")            \
    }

static const struct result_scenario scenarios_good[] = {
    AGREES("suite/scenarios/commit/zero.va", "A committed page reads as zeros", "commit"),
    {"suite/scenarios/reset/contents.va", "After MEM_RESET the contents are either", "reset",
     VERDICT_UNSPECIFIED, NULL, 8, 7, 1, NULL, 0, 1500, TOLD("")},
    AGREES("suite/scenarios/reserve/base.va", "A reserve begins on a granule", "reserve"),
};

static const struct result_scenario scenarios_bad[] = {
    AGREES("suite/scenarios/commit/zero.va", "A committed page reads as zeros", "commit"),
    {"suite/scenarios/execute/code.va", "Code in a page that may be executed comes back", "execute",
     VERDICT_CRASHED, "the agent died of signal 11 (SIGSEGV)", 6, 4, 0, differences_crash, 1, 3100,
     TOLD(TRANSCRIPT_CRASH)},
    {"suite/scenarios/execute/early.va", "A page without execute is not executed", "execute",
     VERDICT_CRASHED, "the agent ended with status 3 before the first step", 4, 0, 0, NULL, 0, 90,
     TOLD("")},
    DIFFERS("suite/scenarios/decommit/write-back.va",
            "A decommit of the whole allocation writes back what it did", "decommit",
            VERDICT_DIFFER, differences_write_back, TRANSCRIPT_WRITE_BACK),
    DIFFERS("suite/scenarios/guard/middle.va", "A guard page fires for itself only", "guard",
            VERDICT_DIFFER, differences_guard, TRANSCRIPT_GUARD),
    DIFFERS("suite/scenarios/guard/known.va", "A guard page fires once", "guard", VERDICT_KNOWN,
            differences_guard, TRANSCRIPT_GUARD),
    {"suite/scenarios/limits/all.va", "All of the address space can be reserved", "limits",
     VERDICT_TIMED_OUT, "no answer within 10 s", 3, 1, 0, NULL, 0, 10000000, TOLD("")},
    DIFFERS("suite/scenarios/reserve/base-rounds-down.va",
            "A reserve address is rounded down to the allocation granularity", "reserve",
            VERDICT_DIFFER, differences_align, TRANSCRIPT_ALIGN),
    DIFFERS("suite/scenarios/reserve/top-down at.va",
            "MEM_TOP_DOWN does not move a reserve that has an address", "reserve", VERDICT_DIFFER,
            differences_align_top, TRANSCRIPT_ALIGN_TOP),
    {"suite/scenarios/reset/contents.va", "After MEM_RESET the contents are either", "reset",
     VERDICT_UNSPECIFIED, NULL, 8, 7, 1, NULL, 0, 1500, TOLD("")},
    UNSUPPORTED("suite/scenarios/reset/undo.va", "MEM_RESET_UNDO brings the contents back", "reset",
                "the host has nothing like MEM_RESET_UNDO"),
    UNSUPPORTED("suite/scenarios/protect/writecombine.va", "PAGE_WRITECOMBINE is kept", "protect",
                "the subject has no NtProtectVirtualMemory"),
    UNSUPPORTED("suite/scenarios/reset/undo-twice.va", "MEM_RESET_UNDO twice is as once", "reset",
                "the host has nothing like MEM_RESET_UNDO"),
};

/* What a subject may send: control characters, a terminal's title, bytes that are no UTF-8, a
 * surrogate, a character that turns the direction of writing; and a text of real UTF-8. */
#define HOSTILE                                                                                    \
    "a\x1b]0;owned\x07 \"b\\\" \r\n\t \x7f \xc2\x9b"                                               \
    "31m \xff\xc0\xaf \xed\xa0\x80 "                                                               \
    "\xe2\x80\xae"                                                                                 \
    "cba \xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7"

static const struct result_finding findings_hostile[] = {
    {"a name that is longer than there is room for", HOSTILE, HOSTILE, RULE_ALIGN, NOT_SAID},
};
static const struct result_region rows_hostile[] = {
    {HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE},
};
static const struct result_difference differences_hostile[] = {
    {0, 0, HOSTILE, HOSTILE, findings_hostile, 1, 4, MAP(rows_hostile), MAP(rows_hostile), NO_MAP,
     HOSTILE},
};
static const char *const hostile_texts[] = {HOSTILE};

static const struct result_scenario scenarios_hostile[] = {
    {"$(reboot) `reboot` \".va", HOSTILE, "an area with a long name, \x1b[31m", VERDICT_DIFFER,
     NULL, 1, 0, 0, differences_hostile, 1, UINT64_MAX, HOSTILE, HOSTILE "\n" HOSTILE,
     hostile_texts, 1, hostile_texts, 1, NOT_SAID},
    UNSUPPORTED("b.va", "", "", HOSTILE),
    {"c.va", "A verdict of each kind", "c", VERDICT_CRASHED, HOSTILE, 1, 0, 0, NULL, 0, 0, "", "",
     NULL, 0, NULL, 0, NOT_SAID},
};

/* ---- Results --------------------------------------------------------------------------------- */

#define RESULT(name, interrupted, of_suite, extent)                                                \
    {                                                                                              \
        "0.1.0", "exec:wine zig-out/windows/x86_64/pagelaw.exe agent", "win32", "x86_64",          \
            "Wine 8.0, Windows 10.0.19043", "windows-10-x64",                                      \
            "the subject says it is Windows 10.0.19043",                                           \
            "pagelaw check --subject \"exec:wine zig-out/windows/x86_64/pagelaw.exe agent\"",      \
            scenarios_##name, COUNT(scenarios_##name), interrupted, "2024-05-06T07:08:09Z",        \
            1240000, {"0123456789abcdef", of_suite, 0, 0}, {NULL, NULL, 0, NULL, 0}, extent        \
    }

static const struct result result_good = RESULT(good, false, COUNT(scenarios_good), NULL);
static const struct result result_bad = RESULT(bad, false, COUNT(scenarios_bad), NULL);
static const struct result result_interrupted = RESULT(good, true, COUNT(scenarios_good), NULL);
static const struct result result_hostile = RESULT(hostile, false, COUNT(scenarios_hostile), NULL);

/* ---- An exploration -------------------------------------------------------------------------- */

static const struct result_bar bars[] = {{"NF-RELEASE-PART", 1234}, {HOSTILE, 1}};
static const struct result_exploration extent_both = {
    301504,
    1234567890,
    3,
    true,
    true,
    {2, 1, "within", "few", 3, true, 1693, 763442, 163898, 361, 163898, 4696, bars, COUNT(bars)},
    {3, 2, UINT64_MAX, 11093}};
static const struct result result_explored = RESULT(bad, true, 0, &extent_both);

#endif
