/* Golden texts. */
#include "golden.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

char *golden_contents(FILE *file)
{
    cr_assert_not_null(file);
    cr_assert_eq(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    rewind(file);
    char *text = calloc((size_t)size + 1, 1);
    cr_assert_not_null(text);
    cr_assert_eq(fread(text, 1, (size_t)size, file), (size_t)size);
    fclose(file);
    return text;
}

static void write_anew(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file, "%s", path);
    fputs(text, file);
    fclose(file);
}

void golden_check(const char *name, const char *text)
{
    char path[512];
    snprintf(path, sizeof path, "suite/tests/golden/%s", name);
    const char *mode = getenv("PAGELAW_GOLDEN");
    if (mode != NULL && strcmp(mode, "write") == 0)
        write_anew(path, text);
    FILE *file = fopen(path, "rb");
    cr_assert_not_null(file, "%s", path);
    char *wanted = golden_contents(file);
    cr_assert_str_eq(text, wanted, "%s has changed:\n%s", path, text);
    free(wanted);
}
