/* The layer's own recording. */
#define _GNU_SOURCE 1
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "complain.h"
#include "pagelaw/constants.h"

#define LINE_SIZE 512

/* Programs that close descriptors which they do not know begin with the low ones. */
#define LOWEST_DESCRIPTOR 200

#define OPEN_FLAGS (O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY)

static struct {
    bool on;
    int descriptor;
    dev_t device; /* which file it is, should the descriptor ever be another's */
    ino_t node;
    pid_t process; /* whose state the lines so far tell */
    const struct arena *arena;
    const char *profile;
    char path[PATH_MAX];
} trace;

/* ---- Lines ----------------------------------------------------------------------------------- */

struct line {
    char text[LINE_SIZE];
    size_t length;
};

static void put(struct line *line, const char *text)
{
    size_t length = strlen(text);
    if (length > sizeof line->text - line->length)
        length = sizeof line->text - line->length;
    memcpy(line->text + line->length, text, length);
    line->length += length;
}

static void put_digits(struct line *line, uint64_t number, unsigned base)
{
    char digits[24], *digit = digits + sizeof digits - 1;
    *digit = '\0';
    do
        *--digit = "0123456789abcdef"[number % base];
    while ((number /= base) != 0);
    put(line, digit);
}

static void put_number(struct line *line, const char *before, uint64_t number)
{
    put(line, before);
    put(line, "0x");
    put_digits(line, number, 16);
}

static void put_decimal(struct line *line, const char *before, uint64_t number)
{
    put(line, before);
    put_digits(line, number, 10);
}

/* ---- The file -------------------------------------------------------------------------------- */

static bool is_own(int descriptor)
{
    struct stat file;
    return fstat(descriptor, &file) == 0 && file.st_dev == trace.device &&
           file.st_ino == trace.node;
}

static bool open_file(void)
{
    struct stat file;
    int low = open(trace.path, OPEN_FLAGS, 0666);
    if (low < 0)
        return false;
    int high = fcntl(low, F_DUPFD_CLOEXEC, LOWEST_DESCRIPTOR);
    trace.descriptor = high < 0 ? low : high;
    if (high >= 0)
        close(low);
    if (fstat(trace.descriptor, &file) != 0)
        return false;
    trace.device = file.st_dev;
    trace.node = file.st_ino;
    return true;
}

/* One write, so that lines of several processes do not mix. */
static void end_line(struct line *line)
{
    int error = errno;
    ssize_t written;
    if (line->length == sizeof line->text)
        line->length--;
    line->text[line->length++] = '\n';
    trace.on = is_own(trace.descriptor) || open_file();
    do
        written = trace.on ? write(trace.descriptor, line->text, line->length) : -1;
    while (trace.on && written < 0 && errno == EINTR);
    if (written != (ssize_t)line->length) {
        trace.on = false;
        complain_of_host("PAGELAW_TRACE: cannot write to \"", trace.path,
                         "\": the recording ends here");
    }
    errno = error;
}

/* Whose line it is. */
static void end_event(struct line *line)
{
    put_decimal(line, " # p", (uint64_t)trace.process);
    put_decimal(line, " t", (uint64_t)syscall(SYS_gettid));
    end_line(line);
}

/* ---- Processes ------------------------------------------------------------------------------- */

static void tell_process(const char *how)
{
    struct line line = {.length = 0};
    trace.process = getpid();
    put_decimal(&line, "# p", (uint64_t)trace.process);
    put(&line, how);
    put(&line, trace.profile);
    put_number(&line, ", arena ", trace.arena->base);
    put_number(&line, " to ", trace.arena->end);
    end_line(&line);
}

/* Relative to where the program is now, not to where it will be. */
static void make_absolute(const char *path)
{
    size_t length = 0, room = sizeof trace.path - 1;
    if (path[0] != '/' && getcwd(trace.path, room - 1) != NULL) {
        length = strlen(trace.path);
        trace.path[length++] = '/';
    }
    size_t rest = strlen(path);
    if (rest > room - length)
        rest = room - length;
    memcpy(trace.path + length, path, rest);
    trace.path[length + rest] = '\0';
}

void record_open(const struct pagelaw_profile *profile, const struct arena *arena)
{
    int error = errno;
    const char *path = secure_getenv("PAGELAW_TRACE");
    if (path == NULL || path[0] == '\0')
        return;
    trace.profile = profile->name;
    trace.arena = arena;
    make_absolute(path);
    trace.on = open_file();
    if (trace.on)
        tell_process(" begins as ");
    else
        complain_of_host("PAGELAW_TRACE: nothing is recorded, \"", trace.path,
                         "\" cannot be opened for writing");
    errno = error;
}

/* ---- Outcomes -------------------------------------------------------------------------------- */

static void put_region(struct line *line, const struct pagelaw_region *region)
{
    put_number(line, ", BaseAddress: ", region->base);
    put_number(line, ", AllocationBase: ", region->allocation_base);
    put_number(line, ", AllocationProtect: ", region->allocation_protect);
    put_number(line, ", RegionSize: ", region->size);
    put_number(line, ", State: ", region->state);
    put_number(line, ", Protect: ", region->protect);
    put_number(line, ", Type: ", region->type);
}

static bool is_query(const struct pagelaw_call *call)
{
    return call->function == PAGELAW_NT_QUERY || call->function == PAGELAW_VIRTUAL_QUERY;
}

static void put_native_outcome(struct line *line, const struct pagelaw_call *call,
                               const struct pagelaw_plan *plan)
{
    put_number(line, " => ", plan->status[0]);
    if (plan->status[0] != STATUS_SUCCESS || is_query(call))
        return;
    put_number(line, ", BaseAddress: ", plan->base);
    put_number(line, ", RegionSize: ", plan->size);
}

static void put_win32_outcome(struct line *line, const struct pagelaw_call *call,
                              const struct pagelaw_plan *plan)
{
    bool is_bool =
        call->function == PAGELAW_VIRTUAL_FREE || call->function == PAGELAW_VIRTUAL_PROTECT;
    if (plan->status[0] != STATUS_SUCCESS)
        put_decimal(line,
                    is_bool          ? " => FALSE "
                    : is_query(call) ? " => 0 "
                                     : " => NULL ",
                    pagelaw_error_from_status(plan->status[0]));
    else if (is_bool)
        put(line, " => TRUE");
    else
        put_number(line, " => ", plan->value);
}

static void put_outcome(struct line *line, const struct pagelaw_call *call,
                        const struct pagelaw_plan *plan)
{
    if (call->function <= PAGELAW_NT_QUERY)
        put_native_outcome(line, call, plan);
    else
        put_win32_outcome(line, call, plan);
    if (is_query(call) && plan->status[0] == STATUS_SUCCESS)
        put_region(line, &plan->region);
    else if (plan->old_protect_freedom == PAGELAW_EXACT && !call->no_old_protect)
        put_number(line, ", OldProtect: ", plan->old_protect);
}

/* ---- Calls ----------------------------------------------------------------------------------- */

static void put_call(struct line *line, const struct pagelaw_call *call, bool lost_output)
{
    static const char *const names[PAGELAW_FUNCTION_END] = {
        [PAGELAW_NT_ALLOCATE] = "NtAllocateVirtualMemory",
        [PAGELAW_NT_FREE] = "NtFreeVirtualMemory",
        [PAGELAW_NT_PROTECT] = "NtProtectVirtualMemory",
        [PAGELAW_NT_QUERY] = "NtQueryVirtualMemory",
        [PAGELAW_VIRTUAL_ALLOC] = "VirtualAlloc",
        [PAGELAW_VIRTUAL_FREE] = "VirtualFree",
        [PAGELAW_VIRTUAL_PROTECT] = "VirtualProtect",
        [PAGELAW_VIRTUAL_QUERY] = "VirtualQuery",
    };
    bool protects =
        call->function == PAGELAW_NT_PROTECT || call->function == PAGELAW_VIRTUAL_PROTECT;
    bool allocates =
        call->function == PAGELAW_NT_ALLOCATE || call->function == PAGELAW_VIRTUAL_ALLOC;
    put(line, names[call->function]);
    put_number(line, "(", call->address);
    if (call->function == PAGELAW_NT_ALLOCATE)
        put_number(line, ", ", call->zero_bits);
    put_number(line, ", ", call->size);
    if (!protects && !is_query(call))
        put_number(line, ", ", call->type);
    if (protects || allocates)
        put_number(line, ", ", call->protect);
    put(line, (protects && call->no_old_protect) || lost_output ? ", NULL)" : ")");
}

/* The copy of the parent's address space, told as if by queries of it. */
static void tell_inherited(struct pagelaw_model *model)
{
    const struct pagelaw_profile *profile = pagelaw_model_profile(model);
    struct pagelaw_call call = {.function = PAGELAW_VIRTUAL_QUERY,
                                .address = profile->address_min,
                                .size = pagelaw_mbi_size(profile->pointer_bytes)};
    while (call.address <= profile->address_max && trace.on) {
        struct pagelaw_plan plan;
        struct line line = {.length = 0};
        pagelaw_plan(model, &call, &plan);
        if (plan.status[0] != STATUS_SUCCESS)
            break;
        if (plan.region.state != MEM_FREE) {
            put_call(&line, &call, false);
            put_outcome(&line, &call, &plan);
            put_decimal(&line, " # p", (uint64_t)trace.process);
            put(&line, " inherited");
            end_line(&line);
        }
        call.address = plan.region.base + plan.region.size;
    }
}

bool record_is_on(void)
{
    return trace.on;
}

void record_prepare(struct pagelaw_model *model)
{
    if (!trace.on || getpid() == trace.process)
        return;
    tell_process(" is forked as ");
    tell_inherited(model);
}

void record_call(const struct pagelaw_call *call, const struct pagelaw_plan *plan, bool lost_output)
{
    struct line line = {.length = 0};
    if (!trace.on)
        return;
    put_call(&line, call, lost_output);
    put_outcome(&line, call, plan);
    end_event(&line);
}

/* ---- Touches --------------------------------------------------------------------------------- */

void record_touch(enum pagelaw_access access, uint64_t address,
                  const struct pagelaw_exception *exception)
{
    static const char *const names[] = {
        [PAGELAW_READ] = "read", [PAGELAW_WRITE] = "write", [PAGELAW_EXECUTE] = "execute"};
    struct line line = {.length = 0};
    if (!trace.on || exception->code == 0)
        return;
    put(&line, names[access]);
    put_number(&line, "(", address);
    put(&line, access == PAGELAW_WRITE ? ", 0x0)" : ")");
    if (exception->code == STATUS_ACCESS_VIOLATION)
        put(&line, " => ACCESS_VIOLATION");
    else if (exception->code == STATUS_GUARD_PAGE_VIOLATION)
        put(&line, " => GUARD_PAGE_VIOLATION");
    else
        put_number(&line, " => ", exception->code);
    put(&line, " ");
    put(&line, names[exception->access]);
    put_number(&line, " ", exception->address);
    end_event(&line);
}
