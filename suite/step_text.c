/* A step in the words of the language. */
#include "step_text.h"

#include "expression.h"

void step_text_add(struct text *text, const struct step *step, const struct scenario *scenario)
{
    if (step->target >= 0)
        text_add(text, "%s = ", scenario->variables[step->target]);
    text_add(text, "%s(", operation_info(step->operation)->name);
    for (unsigned i = 0; i < step->argument_count; i++) {
        if (i > 0)
            text_add(text, ", ");
        expression_add(text, step->arguments[i], scenario);
    }
    text_add(text, ")");
}
