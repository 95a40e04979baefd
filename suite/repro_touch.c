/* Touches as statements of a C program. */
#include <inttypes.h>

#include "pagelaw/constants.h"
#include "repro.h"

static void add_condition(struct repro *repro)
{
    const struct subject_exception *own = &repro->own->exception;
    text_add(&repro->out, "raised == 0x%" PRIX32, own->code);
    if (own->code == 0)
        return;
    text_add(&repro->out, " && raised_by == %" PRIu32 " && raised_at == ", own->access);
    if (!repro_add_address(repro, own->address))
        text_add(&repro->out, "raised_at");
}

static bool reads_one_byte(const struct repro *repro)
{
    const struct trace_step *own = repro->own;
    return repro->step->operation == OP_READ && own->exception.code == 0 && own->touched == 1 &&
           !repro->after_reset;
}

/* Whether the code can be read is one thing on which sources differ: then either is taken. */
static void expect_exception(struct repro *repro)
{
    const struct pagelaw_touch *law = &repro->laws[repro->index].touch;
    bool open = repro->step->unsettled || law->either || (law->or_read && law->exception.code != 0);
    text_add(&repro->out, open ? "    if (!(" : "    expect(");
    add_condition(repro);
    if (open) {
        text_add(&repro->out, "))\n        return finish(); /* allowed as well */\n");
        return;
    }
    bool one = reads_one_byte(repro);
    if (one)
        text_add(&repro->out, " && last_byte == 0x%02X", repro->own->runs[0].value);
    text_add(&repro->out, ",\n           ");
    repro_add_law(repro);
    text_add(&repro->out, one ? ", raised != 0 ? raised : last_byte);\n" : ", raised);\n");
}

static void add_call(struct repro *repro, const char *how, uint64_t offset)
{
    text_add(&repro->out, "    touch(%s, ", how);
    repro_add_argument(repro, 0);
    if (offset != 0)
        text_add(&repro->out, " + %" PRIu64, offset);
}

static void expect_bytes(struct repro *repro)
{
    uint64_t offset = 0;
    if (repro->own->exception.code != 0 || reads_one_byte(repro))
        return;
    if (repro->after_reset) {
        text_add(&repro->out, "    /* After MEM_RESET the bytes may be gone. */\n");
        return;
    }
    for (unsigned i = 0; i < repro->own->run_count && !repro->own->runs_cut; i++) {
        text_add(&repro->out, "    expect(equal(");
        repro_add_argument(repro, 0);
        text_add(&repro->out, " + %" PRIu64 ", %" PRIu64 ", 0x%02X),\n           ", offset,
                 repro->own->runs[i].count, repro->own->runs[i].value);
        repro_add_law(repro);
        text_add(&repro->out, ", last_byte);\n");
        offset += repro->own->runs[i].count;
    }
}

/* The shortest function that only returns, byte by byte. */
static void add_code(struct repro *repro)
{
    size_t length;
    const uint8_t *code = pagelaw_return_code(repro->profile->processor, &length);
    for (size_t i = 0; i < length; i++) {
        add_call(repro, "TO_WRITE", i);
        text_add(&repro->out, ", 1, 0x%02X);\n", code[i]);
        if (i == 0)
            expect_exception(repro);
        if (repro->own->exception.code != 0)
            return;
    }
    text_add(&repro->out, "    FlushInstructionCache(GetCurrentProcess(), (void *)(");
    repro_add_argument(repro, 0);
    text_add(&repro->out, "), %zu);\n", length);
}

static void add_size(struct repro *repro, unsigned index)
{
    text_add(&repro->out, ", ");
    if (index < repro->step->argument_count)
        repro_add_argument(repro, index);
    else
        text_add(&repro->out, "1");
}

void repro_add_touch(struct repro *repro)
{
    switch (repro->step->operation) {
    case OP_CODE:
        add_code(repro);
        return;
    case OP_EXECUTE:
        add_call(repro, "TO_EXECUTE", 0);
        text_add(&repro->out, ", 1, 0);\n");
        break;
    case OP_WRITE:
        add_call(repro, "TO_WRITE", 0);
        add_size(repro, 2);
        add_size(repro, 1);
        text_add(&repro->out, ");\n");
        break;
    default:
        add_call(repro, "TO_READ", 0);
        add_size(repro, 1);
        text_add(&repro->out, ", 0);\n");
    }
    expect_exception(repro);
    if (repro->step->operation == OP_READ)
        expect_bytes(repro);
}
