/* Traces in the words of the scenario language: what is printed can be parsed again.
 *
 * The printing functions write at most `capacity` bytes with the terminator and return, as snprintf
 * does, the length that the whole text has, so that NULL and 0 measure it. */
#ifndef SUITE_PRINT_H
#define SUITE_PRINT_H

#include <stddef.h>
#include <stdint.h>

#include "suite/backend.h"
#include "suite/scenario.h"
#include "suite/trace.h"

/* What a step's expressions and pins see: the subject's numbers, and the variables as they are
 * before the step. A target of an NtAllocate-, NtFree- or NtProtectVirtualMemory holds BaseAddress
 * as written back, any other the return value; one whose step was not done holds 0. */
void trace_environment(const struct scenario *scenario, const struct trace *trace,
                       const struct subject_info *info, unsigned step,
                       struct environment *environment);

/* An address as a reader knows it, by the variables and watches of that step: "h", "p + 8K", NULL,
 * "MIN_ADDRESS", "MAX_ADDRESS + 1 - 64K". In a range that this very step began to watch, the step's
 * target stands for its new value. An address that is near none of these prints as a plain number;
 * between MIN_ADDRESS and MAX_ADDRESS such a number is the host's choice, and the only text here
 * that can change from one run to the next. Returns the buffer. */
const char *format_address(const struct trace *trace, const struct scenario *scenario,
                           const struct environment *environment, unsigned step, uint64_t address,
                           char *buffer, size_t capacity);

/* A step as it was written, then "=>" and what came back. What is the host's choice is left out: an
 * address that no variable is near is "above NULL" as a result, and no field; so is the RegionSize
 * of free pages that go on past the watched range. A step that was not done has a comment instead
 * of an outcome. */
size_t print_step(const struct scenario *scenario, const struct trace *trace,
                  const struct subject_info *info, unsigned step, char *buffer, size_t capacity);

/* The first `step_count` steps, a line or two each: a scenario without its header. */
size_t print_trace(const struct scenario *scenario, const struct trace *trace,
                   const struct subject_info *info, unsigned step_count, char *buffer,
                   size_t capacity);

/* The header of a scenario: with a trace below it, one that can be parsed. */
size_t print_header(const struct scenario *scenario, char *buffer, size_t capacity);

/* The call with its arguments' values: VirtualAlloc(0x7f2a40002000, 0xf800, MEM_RESERVE,
 * PAGE_READWRITE). */
size_t print_call_with_numbers(const struct step *step, const struct environment *environment,
                               char *buffer, size_t capacity);

#endif
