/* Addresses in the words of the language. */
#include "print_address.h"

#include <inttypes.h>

#include "environment.h"
#include "suite/print.h"

const struct trace_watch *place_watch(const struct place *place, uint64_t address)
{
    const struct trace_watch *ended = NULL;
    for (unsigned i = 0; i < place->trace->watch_count; i++) {
        const struct trace_watch *watch = &place->trace->watches[i];
        if (watch->step > place->step || address < watch->base)
            continue;
        if (address - watch->base < watch->size)
            return watch;
        if (address - watch->base == watch->size)
            ended = watch;
    }
    return ended;
}

static void add_sum(struct text *text, const char *name, uint64_t offset)
{
    char size[24];
    if (offset == 0)
        text_add(text, "%s", name);
    else
        text_add(text, "%s + %s", name, size_format(offset, size, sizeof size));
}

static bool is_usable(const struct environment *environment, uint64_t address)
{
    return address >= environment->address_min && address <= environment->address_max;
}

/* Outside the watches only a variable with that very value is near. Of two variables with one value
 * the older names it. */
static bool add_near_variable(struct text *text, const struct place *place, uint64_t address)
{
    const struct trace_watch *watch = place_watch(place, address);
    const char *name = NULL;
    uint64_t nearest = watch ? watch->base : address;
    if (!watch && !is_usable(place->environment, address))
        return false;
    for (unsigned i = 0; i < place->scenario->variable_count; i++) {
        uint64_t value = place->environment->variables[i];
        if (value == 0 || value > address || value < nearest || (name && value == nearest))
            continue;
        nearest = value;
        name = place->scenario->variables[i];
    }
    if (name)
        add_sum(text, name, address - nearest);
    return name != NULL;
}

/* The ends of what a program may use, and what lies within a granule of them. */
static bool add_near_end(struct text *text, const struct environment *environment, uint64_t address)
{
    char size[24];
    uint64_t end = environment->address_max + 1;
    if (address - environment->address_min < environment->granule)
        add_sum(text, "MIN_ADDRESS", address - environment->address_min);
    else if (address == environment->address_max)
        text_add(text, "MAX_ADDRESS");
    else if (address == end)
        text_add(text, "MAX_ADDRESS + 1");
    else if (end - address <= environment->granule)
        text_add(text, "MAX_ADDRESS + 1 - %s", size_format(end - address, size, sizeof size));
    else
        return false;
    return true;
}

bool place_add(struct text *text, const struct place *place, uint64_t address)
{
    if (address == 0) {
        text_add(text, "NULL");
        return true;
    }
    if (add_near_variable(text, place, address) || add_near_end(text, place->environment, address))
        return true;
    if (is_usable(place->environment, address))
        return false;
    text_add(text, "0x%" PRIx64, address);
    return true;
}

bool place_add_target(struct text *text, const struct place *place, uint64_t address)
{
    const struct trace_watch *watch = place_watch(place, address);
    const struct step *step = &place->scenario->steps[place->step];
    uint64_t given = environment_given(step, &place->trace->steps[place->step]);
    if (!watch || watch->step != place->step || step->target < 0)
        return false;
    if (given < watch->base || given > address)
        return false;
    add_sum(text, place->scenario->variables[step->target], address - given);
    return true;
}

const char *format_address(const struct trace *trace, const struct scenario *scenario,
                           const struct environment *environment, unsigned step, uint64_t address,
                           char *buffer, size_t capacity)
{
    struct text text = text_begin(buffer, capacity);
    struct place place = {trace, scenario, environment, step};
    if (!place_add(&text, &place, address) && !place_add_target(&text, &place, address))
        text_add(&text, "0x%" PRIx64, address);
    return buffer;
}
