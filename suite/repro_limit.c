/* A limit on what the program may commit, as a part of a C program. */
#include "repro.h"

/* Over the emulation layer its own function sets it. Windows has a limit for the processes of a job
 * object, which is believed only if it is enforced: Wine takes it and does not keep to it. */
static const char limiting[] =
    "\n"
    "#ifdef PAGELAW_WIN32_WINDOWS_H\n"
    "#include \"../layer.h\"\n"
    "\n"
    "static int limit_commit(SIZE_T bytes)\n"
    "{\n"
    "    return pagelaw_layer_set_commit_limit(pagelaw_layer_commit_charge() + bytes);\n"
    "}\n"
    "#else\n"
    "#include <psapi.h>\n"
    "\n"
    "/* The process may commit so much more: by a job object, and tried at once. */\n"
    "static int limit_commit(SIZE_T bytes)\n"
    "{\n"
    "    static JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits;\n"
    "    PROCESS_MEMORY_COUNTERS_EX counters;\n"
    "    HANDLE job = CreateJobObject(NULL, NULL);\n"
    "    void *block;\n"
    "    counters.cb = sizeof counters;\n"
    "    if (job == NULL || !AssignProcessToJobObject(job, GetCurrentProcess()) ||\n"
    "        !K32GetProcessMemoryInfo(GetCurrentProcess(), (PROCESS_MEMORY_COUNTERS *)&counters,\n"
    "                                 sizeof counters))\n"
    "        return 0;\n"
    "    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_PROCESS_MEMORY;\n"
    "    limits.ProcessMemoryLimit = counters.PrivateUsage + bytes;\n"
    "    if (!SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits,\n"
    "                                 sizeof limits))\n"
    "        return 0;\n"
    "    block = VirtualAlloc(NULL, bytes + 65536, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);\n"
    "    if (block != NULL)\n"
    "        VirtualFree(block, 0, MEM_RELEASE);\n"
    "    return block == NULL;\n"
    "}\n"
    "#endif\n";

void repro_add_limiting(struct repro *repro)
{
    text_add(&repro->out, "%s", limiting);
}

void repro_add_limit(struct repro *repro)
{
    text_add(&repro->out, "    if (!limit_commit(");
    repro_add_argument(repro, 0);
    text_add(&repro->out, ")) {\n"
                          "        puts(\"not shown: this system limits no commit\");\n"
                          "        return 2;\n"
                          "    }\n");
}
