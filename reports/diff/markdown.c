/* A diff of two results as Markdown. */
#include "markdown.h"

#include <string.h>

#include "extent.h"
#include "report_diff.h"

static void put_side(FILE *out, const char *label, const struct result *result)
{
    fprintf(out, "- %s: ", label);
    markdown_put(out, result->system);
    fputs(", ", out);
    markdown_put(out, result->processor);
    fputs(", as ", out);
    markdown_put(out, result->profile);
    putc('\n', out);
    struct extent_words words;
    extent_tell(result, &words);
    for (unsigned i = 0; i < words.count; i++) {
        fputs("  - ", out);
        markdown_put(out, words.lines[i]);
        putc('\n', out);
    }
}

static void put_value(FILE *out, const struct result_entry *entry)
{
    fputs(" | ", out);
    if (entry == NULL)
        fputs("as allowed", out);
    else
        markdown_put_code(out, entry->value);
}

static void put_change(FILE *out, const struct change *change)
{
    const struct result_entry *entry = change_entry(change);
    fprintf(out, "| %s | ", change_word(change->kind));
    markdown_put_code(out, entry->path);
    fprintf(out, ", step %u: ", entry->step);
    markdown_put_code(out, entry->call);
    fputs(" | ", out);
    markdown_put(out, entry->what);
    fputs(" | ", out);
    if (*change->allowed != '\0')
        markdown_put_code(out, change->allowed);
    put_value(out, change->then);
    put_value(out, change->now);
    fputs(" |\n", out);
}

static void put_rule(FILE *out, const struct change *change)
{
    fputs("\n## ", out);
    if (change->rule == NULL) {
        fputs("Crashed or timed out\n", out);
    } else {
        markdown_put(out, change->rule->id);
        fputs("\n\n", out);
        markdown_put(out, change->rule->sentence);
        putc('\n', out);
    }
    fputs("\n| change | where | what | allowed | old | new |\n"
          "| --- | --- | --- | --- | --- | --- |\n",
          out);
}

static void put_uncompared(FILE *out, const struct result_diff *diff)
{
    if (diff->uncompared_count != 0)
        fputs("\n## Not compared\n\n", out);
    for (size_t i = 0; i < diff->uncompared_count; i++) {
        fputs("- ", out);
        markdown_put_code(out, diff->uncompared[i].path);
        fprintf(out, ": %s\n", diff->uncompared[i].why);
    }
}

bool report_diff_markdown(const struct result_diff *diff, FILE *out)
{
    fputs("# What changed\n\n", out);
    put_side(out, "old", diff->then);
    put_side(out, "new", diff->now);
    if (diff_note(diff) != NULL)
        fprintf(out, "- %s\n", diff_note(diff));
    if (!diff->same_suite)
        fputs("- run with different suites: only what is in both is compared\n", out);
    if (!diff->same_profile)
        fputs("- judged by different profiles: a change may be one of the law\n", out);
    fprintf(out, "- %zu appeared, %zu changed, %zu gone, %zu as before\n",
            diff->counts[CHANGE_APPEARED], diff->counts[CHANGE_VALUE], diff->counts[CHANGE_GONE],
            diff->same);
    for (size_t i = 0; i < diff->change_count; i++) {
        const struct change *change = &diff->changes[i];
        if (i == 0 || strcmp(change_entry(change)->rule, change_entry(change - 1)->rule) != 0)
            put_rule(out, change);
        put_change(out, change);
    }
    put_uncompared(out, diff);
    return fflush(out) == 0 && !ferror(out);
}
