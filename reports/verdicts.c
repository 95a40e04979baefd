/* The words of the verdicts, and of what a baseline says. */
#include "reports.h"

#include <assert.h>

static const char *const words[VERDICT_END] = {
    [VERDICT_AGREE] = "agree",
    [VERDICT_UNSPECIFIED] = "unspecified",
    [VERDICT_UNSUPPORTED] = "unsupported",
    [VERDICT_KNOWN] = "known",
    [VERDICT_DIFFER] = "differ",
    [VERDICT_CRASHED] = "crashed",
    [VERDICT_TIMED_OUT] = "timed out",
};

const char *report_verdict_word(enum verdict verdict)
{
    assert(verdict < VERDICT_END);
    return words[verdict];
}

const char *report_standing_word(enum standing standing)
{
    static const char *const standings[STANDING_END] = {
        [STANDING_NEW] = "new", [STANDING_KNOWN] = "known", [STANDING_DRIFT] = "drift"};
    assert(standing < STANDING_END);
    return standings[standing];
}
