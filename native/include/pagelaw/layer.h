/* The emulation layer's own settings: what a program may ask of it that Windows has no function
 * for.
 */
#ifndef PAGELAW_LAYER_H
#define PAGELAW_LAYER_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The most that the commit charge of this process may reach, in bytes; UINT64_MAX: no limit, as at
 * first. A commit beyond it fails with ERROR_COMMITMENT_LIMIT and changes nothing; a limit below
 * the present charge takes nothing away. The variable PAGELAW_COMMIT_LIMIT of the environment sets
 * it before the first call: bytes, or 64K, 256M, 2G, 1T. False if the layer cannot be had here. */
bool pagelaw_layer_set_commit_limit(uint64_t bytes);

/* The commit charge in bytes: what all committed pages cost, touched or not. */
uint64_t pagelaw_layer_commit_charge(void);

#ifdef __cplusplus
}
#endif

#endif
