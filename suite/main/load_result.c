/* Result files from the command line. */
#include "load_result.h"

#include "commands.h"

void complain_of_file(const char *path, const char *what, const struct read_error *error)
{
    if (error->line != 0)
        complain("%s:%d:%d: %s", path, error->line, error->column, error->message);
    else
        complain("%s: %s cannot be read: %s", path, what, error->message);
}

struct result *load_result(const char *path)
{
    struct read_error error;
    struct result *result = result_load(path, &error);
    if (result == NULL)
        complain_of_file(path, "the result", &error);
    return result;
}

bool result_has_checked(const struct result *result)
{
    for (size_t i = 0; i < result->scenario_count; i++)
        if (result->scenarios[i].verdict != VERDICT_UNSUPPORTED)
            return true;
    return false;
}

int status_of_result(const struct result *result)
{
    int status = result->baseline.fixed_count != 0 ? STATUS_DIFFERENCES : STATUS_NO_DIFFERENCE;
    for (size_t i = 0; i < result->scenario_count; i++) {
        if (result->scenarios[i].verdict >= VERDICT_DIFFER)
            status = STATUS_DIFFERENCES;
    }
    return status;
}
