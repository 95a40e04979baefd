/* PAGELAW_COMMIT_LIMIT: a number of bytes, with K, M, G or T behind it. */
#include "commit_limit.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"

/* False if the text is no size, or one beyond 64 bits. */
static bool read_size(const char *text, uint64_t *size)
{
    static const char units[] = "KMGT";
    const char *digit = text;
    *size = 0;
    for (; *digit >= '0' && *digit <= '9'; digit++) {
        uint64_t value = (uint64_t)(*digit - '0');
        if (*size > (UINT64_MAX - value) / 10)
            return false;
        *size = *size * 10 + value;
    }
    const char *unit = *digit == '\0' ? NULL : strchr(units, *digit);
    unsigned shift = unit == NULL ? 0 : 10 * (unsigned)(unit - units + 1);
    if (digit == text || *size > UINT64_MAX >> shift)
        return false;
    *size <<= shift;
    return *digit == '\0' || (unit != NULL && digit[1] == '\0');
}

uint64_t commit_limit_from_environment(void)
{
    uint64_t size;
    const char *text = getenv("PAGELAW_COMMIT_LIMIT");
    if (text == NULL)
        return UINT64_MAX;
    if (read_size(text, &size))
        return size;
    complain_of_host(
        "PAGELAW_COMMIT_LIMIT is \"", text,
        "\", wanted a number of bytes such as 268435456, 64K, 256M or 2G: there is no limit");
    return UINT64_MAX;
}
