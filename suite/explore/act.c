/* Acts in the words of the language and of the wire. */
#include "act.h"

#include <inttypes.h>
#include <stdio.h>

#include "operations.h"
#include "pagelaw/constants.h"

bool act_is_touch(const struct act *act)
{
    return operation_info(act->operation)->group == GROUP_TOUCH;
}

bool act_equals(const struct act *one, const struct act *other)
{
    return one->operation == other->operation && one->anchor == other->anchor &&
           one->address == other->address && one->size == other->size && one->type == other->type &&
           one->protect == other->protect && one->value == other->value &&
           one->null_output == other->null_output;
}

uint64_t act_address(const struct act *act, uint64_t hole)
{
    return act->anchor == ANCHOR_HOLE ? hole + act->address : act->address;
}

struct pagelaw_call act_call(const struct act *act, uint64_t hole)
{
    return (struct pagelaw_call){.function = operation_function(act->operation),
                                 .address = act_address(act, hole),
                                 .size = act->size,
                                 .type = act->type,
                                 .protect = act->protect,
                                 .no_old_protect = act->null_output};
}

static void add_address(struct text *text, const struct act *act)
{
    char size[24];
    if (act->anchor == ANCHOR_CHOSEN || (act->anchor == ANCHOR_ZERO && act->address == 0))
        text_add(text, "NULL");
    else if (act->anchor == ANCHOR_ZERO)
        text_add(text, "0x%" PRIx64, act->address);
    else if (act->address == 0)
        text_add(text, "h");
    else
        text_add(text, "h + %s", size_format(act->address, size, sizeof size));
}

/* A protection whose names would be refused as a slip is written as a number. */
static void add_flags(struct text *text, enum argument_kind kind, uint32_t value)
{
    char words[256];
    text_add(text, ", %s", constant_format(kind, value, words, sizeof words));
}

static void add_argument(struct text *text, const struct act *act, enum argument_kind kind)
{
    char size[24];
    if (kind == ARGUMENT_SIZE && act->operation == OP_COMMIT_LIMIT) {
        text_add(text, "%s", size_format(act->size, size, sizeof size));
        return;
    }
    if (kind == ARGUMENT_SIZE)
        text_add(text, ", %s", size_format(act->size, size, sizeof size));
    else if (kind == ARGUMENT_NUMBER)
        text_add(text, act->operation == OP_WRITE ? ", 0x%x" : ", 0",
                 act->operation == OP_WRITE ? act->value : 0);
    else
        add_flags(text, kind, kind == ARGUMENT_PROTECT ? act->protect : act->type);
}

void act_print(struct text *text, const struct act *act)
{
    const struct operation_info *info = operation_info(act->operation);
    text_add(text, "%s%s(", act->anchor == ANCHOR_CHOSEN ? "p = " : "", info->name);
    for (int i = 0; i < info->least; i++) {
        if (i == 0 && info->arguments[0] == ARGUMENT_ADDRESS)
            add_address(text, act);
        else
            add_argument(text, act, info->arguments[i]);
    }
    text_add(text, act->null_output ? ", NULL)\n" : ")\n");
    if (act->anchor == ANCHOR_CHOSEN)
        text_add(text, "VirtualQuery(p)\nVirtualFree(p, 0, MEM_RELEASE)\n");
}

void act_write(struct text *text, const struct act *act)
{
    text_add(text, "%x %x %" PRIx64 " %" PRIx64 " %" PRIx32 " %" PRIx32 " %x %x\n",
             (unsigned)act->operation, (unsigned)act->anchor, act->address, act->size, act->type,
             act->protect, act->value, act->null_output);
}

bool act_read(struct act *act, const char *line)
{
    unsigned operation, anchor, value, null_output;
    *act = (struct act){.operation = OP_HOLE};
    if (sscanf(line, "%x %x %" SCNx64 " %" SCNx64 " %" SCNx32 " %" SCNx32 " %x %x", &operation,
               &anchor, &act->address, &act->size, &act->type, &act->protect, &value,
               &null_output) != 8)
        return false;
    act->operation = (enum operation)operation;
    act->anchor = (enum anchor)anchor;
    act->value = (uint8_t)value;
    act->null_output = null_output != 0;
    return operation > OP_COMMIT_LIMIT && operation < OPERATION_END && anchor <= ANCHOR_CHOSEN;
}
