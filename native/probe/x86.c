/* The leaves for 32-bit x86. They take their arguments in registers (fastcall: ECX, EDX), so that
 * the touch is the first instruction and nothing but the return address is on the stack. */
#include "probe.h"

__asm__(".text\n"
        ".globl pagelaw_leaf_read\n"
        "pagelaw_leaf_read:\n"
        "    movzbl (%ecx), %eax\n"
        "    ret\n"
        ".globl pagelaw_leaf_write\n"
        "pagelaw_leaf_write:\n"
        "    movb %dl, (%ecx)\n"
        "    ret\n"
        ".globl pagelaw_leaf_execute\n"
        "pagelaw_leaf_execute:\n"
        "    jmp *%ecx\n");

const char probe_processor[] = "x86";

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
