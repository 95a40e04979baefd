/* `pagelaw rules`. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "load.h"
#include "pagelaw/rules.h"

static const char help[] =
    "usage: pagelaw rules [ID...]\n"
    "\n"
    "Prints the rule book, or some rules of it: each rule's sentence, how well it is known, its\n"
    "source, and the built-in scenarios that name it.\n";

static void print_scenarios(const struct load *load, const char *id)
{
    for (size_t i = 0; i < load->count; i++) {
        const struct scenario *scenario = load->all[i].scenario;
        for (unsigned j = 0; j < scenario->rule_count; j++) {
            if (strcmp(scenario->rules[j], id) == 0)
                printf("    %s\n", scenario->path);
        }
    }
}

static void print_rule(const struct load *load, enum pagelaw_rule rule)
{
    const struct pagelaw_rule_info *info = pagelaw_rule_info(rule);
    printf("%s (%s)\n  %s\n  %s\n", info->id, pagelaw_grade_name(info->grade), info->sentence,
           info->source);
    print_scenarios(load, info->id);
    putchar('\n');
}

static int print_some(const struct load *load, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        enum pagelaw_rule rule = pagelaw_rule_find(argv[i]);
        if (rule == PAGELAW_NO_RULE)
            return usage_error("rules", "there is no rule \"%s\"", argv[i]);
        print_rule(load, rule);
    }
    return 0;
}

int command_rules(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        fputs(help, stdout);
        return 0;
    }
    struct load load = { .count = 0 };
    int status = 0;
    load_add(&load, NULL);
    load_finish(&load);
    if (argc > 1) {
        status = print_some(&load, argc, argv);
    } else {
        for (int rule = PAGELAW_NO_RULE + 1; rule < PAGELAW_RULE_END; rule++)
            print_rule(&load, (enum pagelaw_rule)rule);
    }
    load_free(&load);
    return status;
}
