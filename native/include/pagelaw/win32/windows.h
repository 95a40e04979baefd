/* The memory part of the Windows SDK, for POSIX hosts: see SDK.md.
 *
 * Names, values and layouts are the SDK's; int has 32 bits and long 64, so what the SDK makes a
 * long is an int here. What is missing is not declared: a program that needs it does not compile.
 */
#ifndef PAGELAW_WIN32_WINDOWS_H
#define PAGELAW_WIN32_WINDOWS_H

#include "excpt.h"
#include "pagelaw_stdio.h"
#include "winbase.h"
#include "windef.h"
#include "winerror.h"
#include "winnt.h"

#endif
