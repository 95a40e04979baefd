/* uthash's tables, which tell when memory is short: HASH_ADD leaves `hh.tbl` NULL then, and nothing
 * was added; else it would end the process. */
#ifndef SUITE_HASH_H
#define SUITE_HASH_H

#define HASH_NONFATAL_OOM 1
#include "uthash.h"

#endif
