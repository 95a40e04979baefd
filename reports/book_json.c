/* The rule book as JSON, as reports/BOOK.md describes it. */
#include "json_write.h"
#include "report_book.h"

#define FORMAT_VERSION 1

static void write_scenarios(struct json *json, const struct book_rule *rule)
{
    json_array(json, "scenarios");
    for (size_t i = 0; i < rule->scenario_count; i++) {
        json_object(json, NULL);
        json_text(json, "path", rule->scenarios[i]->path);
        json_text(json, "title", rule->scenarios[i]->title);
        json_end_object(json);
    }
    json_end_array(json);
}

static void write_rule(struct json *json, const struct book_rule *rule)
{
    json_object(json, NULL);
    json_text(json, "id", rule->id);
    json_text(json, "area", rule->area);
    json_text(json, "grade", rule->grade);
    json_text(json, "sentence", rule->sentence);
    json_text(json, "source", rule->source);
    json_text(json, "versions", rule->versions);
    json_text(json, "contradiction", rule->contradiction);
    json_text(json, "uncovered", rule->uncovered);
    write_scenarios(json, rule);
    json_end_object(json);
}

static void write_outside(struct json *json, const struct book_outside *outside)
{
    json_object(json, NULL);
    json_text(json, "subject", outside->subject);
    json_text(json, "facts", outside->facts);
    json_text(json, "reason", outside->reason);
    json_end_object(json);
}

bool report_book_json(const struct book *book, FILE *out)
{
    struct json json;
    json_begin(&json, out);
    json_object(&json, NULL);
    json_number(&json, "pagelaw-rules", FORMAT_VERSION);
    json_text(&json, "version", book->version);
    json_array(&json, "rules");
    for (size_t i = 0; i < book->rule_count; i++)
        write_rule(&json, &book->rules[i]);
    json_end_array(&json);
    json_array(&json, "outside");
    for (size_t i = 0; i < book->outside_count; i++)
        write_outside(&json, &book->outside[i]);
    json_end_array(&json);
    json_end_object(&json);
    return json_end(&json);
}
