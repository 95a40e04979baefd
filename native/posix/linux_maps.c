/* The mappings of a process on Linux: asked about only after a call has failed. */
#define _GNU_SOURCE 1
#include "maps.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

/* Splitting out the middle of a mapping makes two more. */
#define MAPS_SPARE 2

static unsigned long count_lines(int file)
{
    char text[4096];
    unsigned long lines = 0;
    ssize_t length;
    while ((length = read(file, text, sizeof text)) > 0)
        for (ssize_t i = 0; i < length; i++)
            lines += text[i] == '\n';
    return lines;
}

static unsigned long read_number(int file)
{
    char text[32];
    unsigned long number = 0;
    ssize_t length = read(file, text, sizeof text);
    for (ssize_t i = 0; i < length && text[i] >= '0' && text[i] <= '9'; i++)
        number = number * 10 + (unsigned long)(text[i] - '0');
    return number;
}

static unsigned long ask(const char *path, unsigned long (*number_in)(int file))
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return 0;
    unsigned long number = number_in(file);
    close(file);
    return number;
}

static bool is_counted_out(void)
{
    unsigned long most = ask("/proc/sys/vm/max_map_count", read_number);
    return most != 0 && ask("/proc/self/maps", count_lines) + MAPS_SPARE >= most;
}

/* Neither takes memory that is charged: a mapping of nothing, and to split it in its middle. To
 * count takes milliseconds, and a program may go on for long after the first failure. */
bool maps_exhausted(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    struct rlimit space;
    char *pages =
        mmap(NULL, 3 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (pages == MAP_FAILED)
        return (getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur == RLIM_INFINITY) ||
               is_counted_out();
    bool splits = mprotect(pages + page, page, PROT_READ) == 0;
    munmap(pages, 3 * page);
    return !splits;
}
