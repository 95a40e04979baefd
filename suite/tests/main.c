/* The test program: Criterion's tests, or one of the agents that they start. */
#include <criterion/criterion.h>
#include <string.h>

#include "subjects.h"

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "fake-agent") == 0)
        return fake_agent(argv[2], argv[3]);
    if (argc == 3 && strcmp(argv[1], "bad-backend") == 0)
        return bad_backend_agent(argv[2]);
    struct criterion_test_set *tests = criterion_initialize();
    int status = 0;
    if (criterion_handle_args(argc, argv, true))
        status = !criterion_run_all_tests(tests);
    criterion_finalize(tests);
    return status;
}
