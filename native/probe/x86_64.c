/* The leaves for x86-64, with the System V calling convention on every system, so that one
 * file serves Linux and Windows. */
#include "probe.h"

__asm__(".text\n"
        ".globl pagelaw_leaf_read\n"
        "pagelaw_leaf_read:\n"
        "    movzbl (%rdi), %eax\n"
        "    ret\n"
        ".globl pagelaw_leaf_write\n"
        "pagelaw_leaf_write:\n"
        "    movb %sil, (%rdi)\n"
        "    ret\n"
        ".globl pagelaw_leaf_execute\n"
        "pagelaw_leaf_execute:\n"
        "    jmp *%rdi\n");

const char probe_processor[] = "x64";

void probe_return(struct probe_frame *frame)
{
    frame->pc = *(const uintptr_t *)frame->sp;
    frame->sp += sizeof(uintptr_t);
}

const uint8_t *probe_return_code(size_t *length)
{
    static const uint8_t code[] = {0xC3};
    *length = sizeof code;
    return code;
}
