/* Result files from the command line. */
#include "load_result.h"

#include "commands.h"

struct result *load_result(const char *path)
{
    struct read_error error;
    struct result *result = result_load(path, &error);
    if (result == NULL && error.line != 0)
        complain("%s:%d:%d: %s", path, error.line, error.column, error.message);
    else if (result == NULL)
        complain("%s: the result cannot be read: %s", path, error.message);
    return result;
}
