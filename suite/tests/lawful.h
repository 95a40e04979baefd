/* A subject that keeps the law of a profile and does, wherever the law leaves a choice, otherwise
 * than the model. */
#ifndef TESTS_LAWFUL_H
#define TESTS_LAWFUL_H

#include "pagelaw/profile.h"
#include "suite/backend.h"

enum whim {
    OTHER_ANSWERS, /* of what is allowed the last; what is bound by nothing comes back as nonsense
                    */
    OPEN_REFUSED,  /* and what no source settles fails */
    OPEN_PLAIN,    /* and what no source settles is done, with no modifier of the protection */
    WHIM_END
};

/* Valid until the next call. */
const struct backend *lawful_backend(const struct pagelaw_profile *profile, enum whim whim);

#endif
