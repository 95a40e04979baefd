/* Things that are found by a number, however many there are: a recording may have as many processes
 * as its author likes.
 *
 * What is short of memory is told: HASH_ADD leaves `hh.tbl` NULL then, and nothing was added. */
#ifndef RECORDING_NUMBERED_H
#define RECORDING_NUMBERED_H

#define HASH_NONFATAL_OOM 1
#include "uthash.h"

#endif
