/* The reports of the rule book. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden.h"
#include "report_book.h"

static const struct book_scenario down = {"reserve/down.va", "It rounds *down* to <a granule>"};
static const struct book_scenario up = {"reserve/up.va", "It rounds up"};
static const struct book_scenario *const both[] = {&down, &up};

static const char elsewhere[] = "Needs a second process.";

static const struct book_rule rules[] = {
    {.id = "VA-ONE",
     .area = "VirtualAlloc",
     .grade = "documented",
     .sentence = "A range is [a, b).",
     .source = "VirtualAlloc",
     .scenarios = both,
     .scenario_count = 2},
    {.id = "VA-TWO",
     .area = "VirtualAlloc",
     .grade = "observed",
     .sentence = "It was seen.",
     .source = "a test",
     .versions = "Windows 8 and later",
     .contradiction = "Another page denies it; `documented` follows that.",
     .scenarios = both,
     .scenario_count = 1},
    {.id = "VF-ONE",
     .area = "VirtualFree",
     .grade = "inferred",
     .sentence = "It must be so.",
     .source = "reason",
     .uncovered = elsewhere},
    {.id = "VF-TWO",
     .area = "VirtualFree",
     .grade = "inferred",
     .sentence = "And this as well.",
     .source = "reason",
     .uncovered = elsewhere},
};
static const struct book_outside outside[] = {
    {"Write watch", "What marks a page (a test)", "Outside the book."},
};
static const struct book book = {"1.2.3", rules, 4, outside, 1};

static FILE *open_file(void)
{
    FILE *file = tmpfile();
    cr_assert_not_null(file);
    return file;
}

static void check_text(enum book_view view, unsigned width, const char *wanted)
{
    const struct report_style style = {.width = width};
    FILE *file = open_file();
    cr_assert(report_book_text(&book, view, &style, file));
    char *text = golden_contents(file);
    cr_expect_str_eq(text, wanted, "%s", text);
    free(text);
}

static void check_markdown(enum book_view view, const char *wanted)
{
    FILE *file = open_file();
    cr_assert(report_book_markdown(&book, view, file));
    char *text = golden_contents(file);
    cr_expect_str_eq(text, wanted, "%s", text);
    free(text);
}

#define SUM "4 rules: 1 documented, 1 observed, 2 inferred. Of these 2 have scenarios."

/* ---- Text ---- */

Test(book, tells_of_each_rule_by_area)
{
    check_text(BOOK_RULES, 80,
               "--- VirtualAlloc\n\n"
               "VA-ONE (documented)\n"
               "  A range is [a, b).\n"
               "  source      VirtualAlloc\n"
               "  scenarios   reserve/down.va, reserve/up.va\n\n"
               "VA-TWO (observed)\n"
               "  It was seen.\n"
               "  source      a test\n"
               "  versions    Windows 8 and later\n"
               "  against it  Another page denies it; `documented` follows that.\n"
               "  scenarios   reserve/down.va\n\n"
               "--- VirtualFree\n\n"
               "VF-ONE (inferred)\n"
               "  It must be so.\n"
               "  source      reason\n"
               "  uncovered   Needs a second process.\n\n"
               "VF-TWO (inferred)\n"
               "  And this as well.\n"
               "  source      reason\n"
               "  uncovered   Needs a second process.\n\n" SUM "\n");
}

Test(book, tells_what_is_uncovered_by_reason)
{
    check_text(BOOK_UNCOVERED, 80,
               "Needs a second process.\n"
               "  VF-ONE                   It must be so.\n"
               "  VF-TWO                   And this as well.\n\n"
               "--- Facts of Windows that are no part of this book\n\n"
               "Write watch\n"
               "  What marks a page (a test)\n"
               "  Outside the book.\n\n" SUM "\n");
}

Test(book, tells_both_sides_and_wraps)
{
    const struct book one = {"1.2.3", &rules[1], 1, NULL, 0};
    const struct report_style style = {.width = 40};
    FILE *file = open_file();
    cr_assert(report_book_text(&one, BOOK_CONTRADICTIONS, &style, file));
    char *text = golden_contents(file);
    cr_expect_str_eq(text,
                     "VA-TWO (observed)\n"
                     "  It was seen.\n"
                     "  for it      a test\n"
                     "  against it  Another page denies it;\n"
                     "              `documented` follows that.\n\n"
                     "1 rule: 0 documented, 1 observed, 0\n"
                     "inferred. Of these 1 have scenarios.\n",
                     "%s", text);
    free(text);
}

Test(book, is_told_in_colour_only_if_asked)
{
    const struct report_style style = {.colour = true, .width = 80};
    FILE *file = open_file();
    cr_assert(report_book_text(&book, BOOK_RULES, &style, file));
    char *text = golden_contents(file);
    cr_expect_not_null(strstr(text, "\033[1mVA-ONE"));
    free(text);
}

/* ---- Markdown and JSON ---- */

Test(book, is_markdown_with_its_signs_escaped)
{
    const struct book one = {"1.2.3", rules, 1, NULL, 0};
    FILE *file = open_file();
    cr_assert(report_book_markdown(&one, BOOK_RULES, file));
    char *text = golden_contents(file);
    cr_expect_str_eq(text,
                     "# The rules of Windows virtual memory\n\n"
                     "Pagelaw 1.2.3. 1 rule: 1 documented, 0 observed, 0 inferred. "
                     "Of these 1 have scenarios.\n\n"
                     "## VirtualAlloc\n\n"
                     "### VA-ONE\n\n"
                     "A range is \\[a, b).\n\n"
                     "- documented: VirtualAlloc\n"
                     "- `reserve/down.va`: It rounds \\*down\\* to \\<a granule>\n"
                     "- `reserve/up.va`: It rounds up\n\n",
                     "%s", text);
    free(text);
}

Test(book, is_markdown_by_reason_too)
{
    check_markdown(BOOK_UNCOVERED, "# Rules without scenarios\n\n"
                                   "Pagelaw 1.2.3. " SUM "\n\n"
                                   "## Needs a second process.\n\n"
                                   "- VF-ONE: It must be so.\n"
                                   "- VF-TWO: And this as well.\n\n"
                                   "## Facts of Windows that are no part of this book\n\n"
                                   "### Write watch\n\n"
                                   "What marks a page (a test)\n\n"
                                   "Outside the book.\n\n");
}

Test(book, is_json_with_null_for_what_is_not)
{
    const struct book one = {"1.2.3", &rules[2], 1, outside, 1};
    FILE *file = open_file();
    cr_assert(report_book_json(&one, file));
    char *text = golden_contents(file);
    cr_expect_str_eq(text,
                     "{\n"
                     "  \"pagelaw-rules\": 1,\n"
                     "  \"version\": \"1.2.3\",\n"
                     "  \"rules\": [\n"
                     "    {\n"
                     "      \"id\": \"VF-ONE\",\n"
                     "      \"area\": \"VirtualFree\",\n"
                     "      \"grade\": \"inferred\",\n"
                     "      \"sentence\": \"It must be so.\",\n"
                     "      \"source\": \"reason\",\n"
                     "      \"versions\": null,\n"
                     "      \"contradiction\": null,\n"
                     "      \"uncovered\": \"Needs a second process.\",\n"
                     "      \"scenarios\": []\n"
                     "    }\n"
                     "  ],\n"
                     "  \"outside\": [\n"
                     "    {\n"
                     "      \"subject\": \"Write watch\",\n"
                     "      \"facts\": \"What marks a page (a test)\",\n"
                     "      \"reason\": \"Outside the book.\"\n"
                     "    }\n"
                     "  ]\n"
                     "}\n",
                     "%s", text);
    free(text);
}

Test(book, says_when_it_could_not_be_written)
{
    FILE *full = fopen("/dev/full", "w");
    if (full == NULL)
        cr_skip_test("no /dev/full here");
    const struct report_style style = {.width = 80};
    cr_expect_not(report_book_text(&book, BOOK_RULES, &style, full));
    cr_expect_not(report_book_markdown(&book, BOOK_RULES, full));
    cr_expect_not(report_book_json(&book, full));
    fclose(full);
}
