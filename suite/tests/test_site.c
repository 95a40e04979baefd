/* The handbook: what its pages say, and that no text of a result does more than be read there. */
#define _POSIX_C_SOURCE 200809L

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden.h"
#include "layout.h"
#include "report_site.h"
#include "sample_results.h"
#include "transcript.h"

#define PAGES_MAX 64

/* ---- A site in memory ---- */

struct pages {
    struct {
        char name[128];
        char *text;
        size_t length;
    } all[PAGES_MAX];
    size_t count;
    size_t room; /* how many files there may be */
};

static bool save_page(void *user, const char *name, bool (*write)(const void *what, FILE *out),
                      const void *what)
{
    struct pages *pages = user;
    if (pages->count == pages->room)
        return false;
    snprintf(pages->all[pages->count].name, sizeof pages->all[0].name, "%s", name);
    FILE *file = open_memstream(&pages->all[pages->count].text, &pages->all[pages->count].length);
    cr_assert_not_null(file);
    pages->count++;
    bool written = write(what, file);
    return fclose(file) == 0 && written;
}

static void free_pages(struct pages *pages)
{
    for (size_t i = 0; i < pages->count; i++)
        free(pages->all[i].text);
    free(pages);
}

static const char *page(const struct pages *pages, const char *name)
{
    for (size_t i = 0; i < pages->count; i++) {
        if (strcmp(pages->all[i].name, name) == 0)
            return pages->all[i].text;
    }
    cr_assert(false, "there is no %s", name);
    return "";
}

/* ---- What the sites are of ---- */

static const struct book_scenario down = {"suite/scenarios/reserve/base-rounds-down.va",
                                          "A reserve address is rounded down to the allocation "
                                          "granularity"};
static const struct book_scenario *const downs[] = {&down};
static const struct book_rule book_rules[] = {
    {"VA-ALIGN-BASE", "VirtualAlloc", "documented",
     "A reserve begins at a multiple of `GRANULE` (VA-ZERO).", "VirtualAlloc", NULL, NULL, NULL,
     downs, 1},
    {"VA-ZERO", "VirtualAlloc", "observed", "Zero & <none>.", "a \"test\"", "Windows 8 and later",
     "Another page denies it.", "It needs a second process.", NULL, 0},
    {"ACC-GUARD-ONCE", "Guard pages", "documented", "A guard fires once.", "Creating Guard Pages",
     NULL, "Windows was seen to fire twice.", NULL, NULL, 0},
};
static const struct book book = {"0.1.0", book_rules, COUNT(book_rules), NULL, 0};

static const char *text_of(void *user, const char *path)
{
    (void)user, (void)path;
    return "scenario \"built in\"\n";
}

static char *program_of(void *user, const char *path, const char *text, const char *profile)
{
    (void)user, (void)path, (void)text, (void)profile;
    return strdup("#include <windows.h>\nint main(void) { return 1 < 2 && \"`\"; }\n");
}

static struct pages *make(enum site_format format, const struct result *const *results,
                          size_t count)
{
    struct pages *pages = calloc(1, sizeof *pages);
    cr_assert_not_null(pages);
    pages->room = PAGES_MAX;
    const struct site_input input = {&book, results, count, NULL, text_of, program_of};
    const struct site_output output = {pages, save_page};
    char error[256];
    cr_assert(report_site(&input, format, &output, error, sizeof error), "%s", error);
    return pages;
}

static const struct result *const good_and_bad[] = {&result_good, &result_bad};

static void wants(const char *text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cr_expect_not_null(strstr(text, words[i]), "%s is not in %s", words[i], text);
}

/* ---- What the pages say ---- */

Test(site, golden)
{
    struct pages *html = make(SITE_HTML, good_and_bad, 2);
    golden_check("site-index.html", page(html, "index.html"));
    golden_check("site-rule.html", page(html, "rules/VA-ALIGN-BASE.html"));
    golden_check("site-changes.html", page(html, "changes.html"));
    golden_check("site-about.html", page(html, "about.html"));
    free_pages(html);
    struct pages *markdown = make(SITE_MARKDOWN, good_and_bad, 2);
    golden_check("site-index.md", page(markdown, "README.md"));
    golden_check("site-rule.md", page(markdown, "rules/VA-ALIGN-BASE.md"));
    free_pages(markdown);
}

Test(site, matrix_counts_scenarios_and_leads_to_the_difference)
{
    static const char *const words[] = {
        "VirtualAlloc <small>2 rules</small></th><td></td><td>1</td></tr>",
        /* Of the bad one two break it, and eight more name it. */
        "<td class=a>2</td><td class=t><a href=\"rules/VA-ALIGN-BASE.html#s",
        "data-f=\"rcb\" data-d=\"\"",
        ">Not in this book <small>2 rules</small>",
        "rules/other-4.html\">NF-WRITE-BACK</a>",
        "<option value=\"1\">Guard pages</option>",
    };
    struct pages *pages = make(SITE_HTML, good_and_bad, 2);
    wants(page(pages, "index.html"), words, COUNT(words));
    free_pages(pages);
}

Test(site, rule_has_all_that_is_known_of_it)
{
    static const char *const words[] = {
        "<code>GRANULE</code> (<a href=\"../rules/VA-ZERO.html\">VA-ZERO</a>)",
        "scenario &quot;told&quot;",
        "return 1 &lt; 2 &amp;&amp; &quot;`&quot;",
        "<caption>The address space</caption>",
        "<mark><span class=\"f0\">FREE</span></mark>",
        "<mark class=\"l w b\">p = VirtualAlloc(h + 8192",
        "rowspan=\"2\"",
    };
    struct pages *pages = make(SITE_HTML, good_and_bad, 2);
    wants(page(pages, "rules/VA-ALIGN-BASE.html"), words, COUNT(words));
    static const char *const bare[] = {
        "Zero &amp; &lt;none&gt;.",
        "It needs a second process.",
        "refuted by Windows",
        "<dt>Versions</dt><dd>Windows 8 and later</dd>",
    };
    wants(page(pages, "rules/VA-ZERO.html"), bare, COUNT(bare));
    free_pages(pages);
}

/* What the model of a Windows does, the documents do not allow. */
Test(site, a_model_of_windows_refutes_the_documents)
{
    struct result model = result_bad;
    model.backend = "model";
    model.subject = "model:windows-7-x64";
    model.profile = "documented";
    const struct result *const results[] = {&model};
    static const char *const words[] = {"data-f=\"r\" data-d=\" 0\"><th scope=\"row\"><a "
                                        "href=\"rules/VA-ALIGN-BASE.html\">",
                                        ">model: windows-7-x64 <small>documented</small></a>"};
    struct pages *pages = make(SITE_HTML, results, 1);
    wants(page(pages, "index.html"), words, COUNT(words));
    free_pages(pages);
}

Test(site, is_the_same_again)
{
    for (int format = SITE_HTML; format <= SITE_MARKDOWN; format++) {
        struct pages *one = make((enum site_format)format, good_and_bad, 2);
        struct pages *other = make((enum site_format)format, good_and_bad, 2);
        cr_assert_eq(one->count, other->count);
        for (size_t i = 0; i < one->count; i++)
            cr_expect_str_eq(one->all[i].text, other->all[i].text, "%s", one->all[i].name);
        free_pages(one);
        free_pages(other);
    }
}

Test(site, says_what_may_not_be_compared)
{
    struct result other = result_bad;
    other.suite.hash = "fedcba9876543210";
    struct result shard = result_good;
    shard.profile = "documented";
    shard.suite.shard = 1;
    shard.suite.shard_count = 2;
    shard.version = "0.0.9";
    const struct result *const results[] = {&result_bad, &other, &shard};
    static const char *const words[] = {"<strong>Different suites.</strong>",
                                        "<strong>Different profiles.</strong>",
                                        "<strong>Different versions of Pagelaw</strong>",
                                        "<strong>Not whole.</strong>",
                                        "#1</a>",
                                        "#2</a>"};
    struct pages *pages = make(SITE_HTML, results, 3);
    wants(page(pages, "index.html"), words, COUNT(words));
    free_pages(pages);
}

/* What was only explored stands beside the suite's results, and nobody takes it for one of them. */
Test(site, says_what_was_explored)
{
    const struct result *const results[] = {&result_bad, &result_explored};
    static const char *const index[] = {", explored <small>",
                                        "<strong>An exploration.</strong> Wine 8.0, explored: "},
                             *const about[] = {
                                 "<dt>Explored</dt><dd>exhaustively: 2 pages, 1 granule, ",
                                 "763442 transitions, 163898 crossed",
                                 "an exploration: its scenarios are the differences that it found",
                                 "<dt>The suite there</dt>", "<dt>Again</dt>"};
    struct pages *pages = make(SITE_HTML, results, 2);
    wants(page(pages, "index.html"), index, COUNT(index));
    wants(page(pages, "about.html"), about, COUNT(about));
    cr_assert_not_null(strstr(page(pages, "changes.html"), "No two of these results"));
    cr_assert_null(strchr(page(pages, "about.html"), '\x1b'));
    free_pages(pages);
    pages = make(SITE_MARKDOWN, results, 2);
    cr_assert_not_null(strstr(page(pages, "README.md"), "**An exploration**: Wine 8"));
    free_pages(pages);
}

/* ---- Texts that are made to harm ---- */

#define ATTACK                                                                                     \
    "\"'></code></pre><script>alert(1)</script><img src=x onerror=alert(1)>&amp;`|\x1b[31m"

static const char *const attack_rules[] = {"../../etc/passwd", "CON", ATTACK, "", "A-\x01"};
static const struct result_entry attack_entry = {
    ATTACK, 0, ATTACK, ATTACK, ATTACK, ATTACK, ATTACK, ATTACK, "javascript:alert(1)", ATTACK};
static const struct result_finding attack_findings[] = {
    {ATTACK, ATTACK, ATTACK, {ATTACK, ATTACK, ATTACK, ATTACK}, STANDING_KNOWN, &attack_entry},
};
static const struct result_region attack_rows[] = {
    {ATTACK, "4K", ATTACK, ATTACK, ATTACK, ATTACK, ATTACK},
    {ATTACK " + 4K", "99999999999999999999T", ATTACK, ATTACK, ATTACK, ATTACK, ATTACK},
};
static const struct result_difference attack_differences[] = {
    {0, 1, ATTACK, ATTACK, attack_findings, 1, 1, MAP(attack_rows), MAP(attack_rows),
     MAP(attack_rows), ATTACK "\n" ATTACK},
};
static const struct result_scenario attack_scenarios[] = {
    {ATTACK, ATTACK, ATTACK, VERDICT_DIFFER, NULL, 1, 0, 0, attack_differences, 1, 0,
     ATTACK "\n```\n</code>", ATTACK "\n```\n<b>", attack_rules, COUNT(attack_rules), NULL, 0,
     STANDING_NONE, NULL},
    {"../x", "", ATTACK, VERDICT_CRASHED, ATTACK, 1, 0, 0, NULL, 0, 0, "", "", attack_rules, 2,
     NULL, 0, STANDING_KNOWN, &attack_entry},
};
static const struct result result_attack = {
    ATTACK,
    ATTACK,
    ATTACK,
    ATTACK,
    ATTACK,
    ATTACK,
    ATTACK,
    ATTACK,
    attack_scenarios,
    2,
    false,
    ATTACK,
    0,
    {ATTACK, 2, 0, 0},
    {NULL, NULL, 0, NULL, 0},
    NULL,
};

static void check_harmless(const char *name, const char *text)
{
    static const char *const forbidden[] = {"<script>", "<img", "javascript:alert(1)\"",
                                            "<b>\n",    "\x1b", "onerror=alert(1)>"};
    cr_assert_eq(strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-."),
                 strlen(name), "%s", name);
    cr_assert_null(strstr(name, ".."), "%s", name);
    bool markdown = strstr(name, ".md") != NULL;
    for (size_t i = 0; i < COUNT(forbidden) && strstr(name, ".html") != NULL; i++)
        cr_assert_null(strstr(text, forbidden[i]), "%s has %s", name, forbidden[i]);
    cr_assert_null(strchr(text, '\x1b'));
    /* In Markdown a text is harmless as code too: in a block that it cannot close. */
    for (const char *at = text; markdown && (at = strstr(at, "<script>")) != NULL; at++) {
        const char *line = at;
        while (line > text && line[-1] != '\n')
            line--;
        cr_assert(strncmp(line, "\"'></code>", 10) == 0, "%s: %.80s", name, line);
    }
}

Test(site, nothing_from_a_result_is_markup)
{
    const struct result *const results[] = {&result_attack, &result_hostile, &result_bad};
    for (int format = SITE_HTML; format <= SITE_MARKDOWN; format++) {
        struct pages *pages = make((enum site_format)format, results, 3);
        for (size_t i = 0; i < pages->count; i++)
            check_harmless(pages->all[i].name, pages->all[i].text);
        free_pages(pages);
    }
}

Test(site, too_many_rules_of_no_book_are_refused)
{
    static char ids[SITE_FOREIGN_MAX + 1][16];
    static const char *list[SITE_FOREIGN_MAX + 1];
    for (size_t i = 0; i < COUNT(list); i++) {
        snprintf(ids[i], sizeof ids[i], "X-%zu", i);
        list[i] = ids[i];
    }
    struct result_scenario scenarios[SITE_FOREIGN_MAX / 200 + 1];
    struct result result = result_good;
    for (unsigned i = 0; i < COUNT(scenarios); i++) {
        scenarios[i] = scenarios_good[0];
        scenarios[i].title = ids[i];
        scenarios[i].rules = list + i * 200;
        scenarios[i].rule_count = i + 1 < COUNT(scenarios) ? 200 : COUNT(list) % 200;
    }
    result.scenarios = scenarios;
    result.scenario_count = COUNT(scenarios);
    const struct result *const results[] = {&result};
    struct pages pages = {.room = 0};
    const struct site_input input = {&book, results, 1, NULL, NULL, NULL};
    const struct site_output output = {&pages, save_page};
    char error[256];
    cr_assert_not(report_site(&input, SITE_HTML, &output, error, sizeof error));
    cr_assert_not_null(strstr(error, "5001 rules that the book does not have"), "%s", error);
}

Test(site, ends_where_a_file_cannot_be)
{
    const struct site_input input = {&book, good_and_bad, 2, NULL, NULL, NULL};
    for (int format = SITE_HTML; format <= SITE_MARKDOWN; format++) {
        struct pages *whole = make((enum site_format)format, good_and_bad, 2);
        for (size_t room = 0; room < whole->count; room++) {
            struct pages *pages = calloc(1, sizeof *pages);
            cr_assert_not_null(pages);
            pages->room = room;
            const struct site_output output = {pages, save_page};
            char error[256];
            cr_expect_not(
                report_site(&input, (enum site_format)format, &output, error, sizeof error));
            cr_expect_str_eq(error, "");
            free_pages(pages);
        }
        free_pages(whole);
    }
}

/* ---- Parts ---- */

Test(site, transcripts_are_alike_but_for_places_of_the_systems_choice)
{
    static const struct {
        const char *one, *other;
        bool alike;
    } rows[] = {
        {"", "", true},
        {"p = f()  => MIN_ADDRESS\n", "p = f()  => above NULL\n", true},
        {"p = f()  => MIN_ADDRESS + 64K\nq", "p = f()\n    => above h\nq", true},
        {"p = f()  => MIN_ADDRESS", "p = f()  => NULL", false},
        {"f()  => S, BaseAddress: MIN_ADDRESS, RegionSize: 4K", "f()  => S, RegionSize: 4K", true},
        {"f()  => S, BaseAddress: p, RegionSize: 4K", "f()  => S, RegionSize: 4K", false},
        {"f()\n\n", "f()\n", false},
        {"f()  => TRUE\ng()", "f()  => TRUE\nh()", false},
        {"f()  => TRUE", "f()  => TRUE\ng()", false},
        {"f()  => p   ", "f()  => p", true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *one = rows[i].one, *other = rows[i].other;
        cr_expect_eq(transcript_alike(one, strlen(one), other, strlen(other)), rows[i].alike, "%s",
                     one);
        cr_expect_eq(transcript_alike(other, strlen(other), one, strlen(one)), rows[i].alike, "%s",
                     one);
    }
}

Test(site, sizes_are_read)
{
    static const struct {
        const char *text;
        uint64_t size; /* 0: it is none */
    } rows[] = {
        {"4K", 4096},     {"0x1800", 0x1800},
        {"3", 3},         {"128T", UINT64_C(128) << 40},
        {"", 0},          {"K", 0},
        {"-4K", 0},       {"4KB", 0},
        {"4k", 0},        {"99999999999999999999999T", 0},
        {"16777216T", 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint64_t size = 0;
        bool read = layout_read_size(rows[i].text, &size);
        cr_expect_eq(read, rows[i].size != 0, "%s", rows[i].text);
        cr_expect_eq(size, rows[i].size, "%s", rows[i].text);
    }
}

#define ROW(start, size, state)                                                                    \
    {                                                                                              \
        start, size, state, "0", "h", "0", "MEM_PRIVATE"                                           \
    }

Test(site, maps_lie_beside_each_other)
{
    static const struct result_region before[] = {ROW("h", "64K", "MEM_FREE")};
    static const struct result_region allowed[] = {
        ROW("h", "16K", "MEM_FREE"), ROW("q", "8K", "MEM_COMMIT"), ROW("q + 8K", "40K", "MEM_FREE"),
        ROW("r", "4K", "MEM_COMMIT")};
    static const struct result_region observed[] = {ROW("h", "20K", "MEM_FREE"),
                                                    ROW("h + 20K", "44K", "MEM_FREE"),
                                                    ROW("r", "4K", "MEM_COMMIT")};
    const struct result_difference difference = {
        .before = MAP(before), .after_allowed = MAP(allowed), .after_observed = MAP(observed)};
    static const struct {
        const char *start;
        uint64_t size;
        int regions[LAYOUT_MAPS]; /* -1: none */
    } rows[] = {
        {"h", 16384, {0, 0, 0}},      {"q", 4096, {0, 1, 0}},  {"h + 20K", 4096, {0, 1, 1}},
        {"q + 8K", 40960, {0, 2, 1}}, {"r", 4096, {-1, 3, 2}},
    };
    struct layout layout;
    cr_assert(layout_create(&layout, &difference));
    cr_assert_eq(layout.count, COUNT(rows));
    for (size_t i = 0; i < COUNT(rows); i++) {
        cr_expect_str_eq(layout.rows[i].start, rows[i].start);
        cr_expect_eq(layout.rows[i].size, rows[i].size, "%s", rows[i].start);
        const struct result_region *const maps[] = {before, allowed, observed};
        for (int map = 0; map < LAYOUT_MAPS; map++)
            cr_expect_eq(layout.rows[i].regions[map],
                         rows[i].regions[map] < 0 ? NULL : maps[map] + rows[i].regions[map], "%s",
                         rows[i].start);
    }
    layout_free(&layout);
}

Test(site, maps_that_are_none_are_not_drawn)
{
    static const struct result_region rows[][1] = {
        {ROW("h", "0", "MEM_FREE")},
        {ROW("", "4K", "MEM_FREE")},
        {ROW("MAX_ADDRESS + 1 - 64K", "64K", "MEM_FREE")},
        {ROW("h + x", "4K", "MEM_FREE")},
    };
    struct layout layout;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct result_difference difference = {.before = {true, rows[i], 1}};
        cr_expect_not(layout_create(&layout, &difference), "%s", rows[i][0].start);
    }
    const struct result_difference none = {.step = 0};
    cr_expect_not(layout_create(&layout, &none));
}
