/* The leaves for aarch64, where the return address is in the link register. */
#include "probe.h"

__asm__(".text\n"
        ".p2align 2\n"
        ".globl pagelaw_leaf_read\n"
        "pagelaw_leaf_read:\n"
        "    ldrb w0, [x0]\n"
        "    ret\n"
        ".globl pagelaw_leaf_write\n"
        "pagelaw_leaf_write:\n"
        "    strb w1, [x0]\n"
        "    ret\n"
        ".globl pagelaw_leaf_execute\n"
        "pagelaw_leaf_execute:\n"
        "    br x0\n");

const char probe_processor[] = "arm64";

void probe_return(struct probe_frame *frame)
{
    frame->pc = frame->link;
}

const uint8_t *probe_return_code(size_t *length)
{
    static const uint8_t code[] = {0xC0, 0x03, 0x5F, 0xD6};
    *length = sizeof code;
    return code;
}
