/* Mutants of rules that say of answers what follows from other rules: which statuses there are,
 * what a function returns, what Windows 98 refuses. */
#include "answer.h"
#include "pagelaw/constants.h"

static bool fails(const struct answer *answer, enum pagelaw_function native)
{
    return answer->status != STATUS_SUCCESS && native_function(answer->call.function) == native;
}

/* ---- Native calls ---- */

static bool next_number(struct answer *answer)
{
    return answer_is_native(answer) && answer->status >= STATUS_INVALID_PARAMETER_1 &&
           answer->status < STATUS_INVALID_PARAMETER_12 && answer_fail(answer, answer->status + 1);
}

static bool fails_natively(const struct answer *answer)
{
    return fails(answer, PAGELAW_NT_ALLOCATE) && answer_is_native(answer);
}

static bool size_zero_taken(struct answer *answer)
{
    return fails_natively(answer) && answer->call.size == 0 && answer_succeed(answer);
}

static bool any_type_taken(struct answer *answer)
{
    return fails_natively(answer) && answer->status == STATUS_INVALID_PARAMETER_5 &&
           answer_succeed(answer);
}

static bool invalid_parameter_for_all(struct answer *answer)
{
    return fails_natively(answer) && answer_fail(answer, STATUS_INVALID_PARAMETER);
}

static bool has_zero_bits(const struct answer *answer)
{
    return answer->call.function == PAGELAW_NT_ALLOCATE && answer->call.zero_bits != 0;
}

static bool zero_bits_bind_address(struct answer *answer)
{
    return has_zero_bits(answer) && answer->call.address != 0 &&
           answer_fail(answer, STATUS_INVALID_PARAMETER_3);
}

static bool chooses_by_both(const struct answer *answer)
{
    return has_zero_bits(answer) && answer->call.address == 0 &&
           (answer->call.type & MEM_TOP_DOWN) != 0;
}

static bool top_down_forgets_bits(struct answer *answer)
{
    bool strikes = chooses_by_both(answer);
    if (strikes)
        answer->call.zero_bits = 0;
    return strikes;
}

static bool bits_forget_top_down(struct answer *answer)
{
    bool strikes = chooses_by_both(answer);
    if (strikes)
        answer->call.type &= ~MEM_TOP_DOWN;
    return strikes;
}

/* ---- VirtualFree ---- */

static bool failure_returns_true(struct answer *answer)
{
    return answer->call.function == PAGELAW_VIRTUAL_FREE && answer->status != STATUS_SUCCESS &&
           answer_succeed(answer);
}

static bool success_returns_false(struct answer *answer)
{
    return answer->call.function == PAGELAW_VIRTUAL_FREE && answer->status == STATUS_SUCCESS &&
           answer_fail(answer, STATUS_ACCESS_DENIED);
}

/* ---- Windows 98 ---- */

static bool is_9x(const struct answer *answer)
{
    return (pagelaw_model_profile(answer->model)->quirks & PAGELAW_QUIRK_9X) != 0;
}

static bool is_shared(const struct answer *answer)
{
    return is_9x(answer) && fails(answer, PAGELAW_NT_PROTECT) &&
           answer->call.address >= UINT32_C(0x80000000);
}

static bool shared_protected(struct answer *answer)
{
    return is_shared(answer) && answer_succeed(answer);
}

static bool shared_is_invalid_address(struct answer *answer)
{
    return is_shared(answer) && answer_fail(answer, STATUS_CONFLICTING_ADDRESSES);
}

static bool taken_address_given(struct answer *answer)
{
    return is_9x(answer) && fails(answer, PAGELAW_NT_ALLOCATE) &&
           (answer->call.type & MEM_RESERVE) != 0 && answer_succeed(answer);
}

static bool decommits_two(struct answer *answer)
{
    return is_9x(answer) && fails(answer, PAGELAW_NT_FREE) && answer->call.type == MEM_DECOMMIT &&
           answer_succeed(answer);
}

static const struct kind list[] = {
    {"the next number", OWN = PAGELAW_NT_PARAMETER_NUMBER, .answer = next_number},
    {"taken", OWN = PAGELAW_NT_SIZE_NONZERO, .answer = size_zero_taken},
    {"any is taken", OWN = PAGELAW_NT_TYPE, .answer = any_type_taken},
    {"STATUS_INVALID_PARAMETER for all", OWN = PAGELAW_NT_ALLOC_STATUS,
     .answer = invalid_parameter_for_all},
    {"they bind the address", OWN = PAGELAW_NT_ZEROBITS_ADDRESS, .answer = zero_bits_bind_address},
    {"the bits are forgotten", OWN = PAGELAW_NT_TOPDOWN_ZEROBITS, .call = top_down_forgets_bits},
    {"the flag is forgotten", OWN = PAGELAW_NT_TOPDOWN_ZEROBITS, .call = bits_forget_top_down},
    {"failure returns TRUE", OWN = PAGELAW_VF_RETURN, .answer = failure_returns_true},
    {"success returns FALSE", OWN = PAGELAW_VF_RETURN, .answer = success_returns_false},
    {"protected", OWN = PAGELAW_9X_PROTECT_SHARED, .answer = shared_protected},
    {"ERROR_INVALID_ADDRESS", OWN = PAGELAW_9X_PROTECT_SHARED, .answer = shared_is_invalid_address},
    {"what is taken is given", OWN = PAGELAW_9X_PAGER, .answer = taken_address_given},
    {"decommits two", OWN = PAGELAW_9X_PAGER, .answer = decommits_two},
};

const struct kinds kinds_of_answers = {list, sizeof list / sizeof *list};

/* ---- The table of errors ---- */

static bool other_row(struct answer *answer)
{
    if (answer_is_native(answer) || answer->status != answer->mutant->row ||
        pagelaw_error_allowed(&answer->plan, ERROR_INVALID_HANDLE))
        return false;
    answer->error = ERROR_INVALID_HANDLE;
    return true;
}

static const struct kind errors[] = {
    {"another error", OWN = PAGELAW_ERR_MAP, .answer = other_row},
};

const struct kinds kinds_of_errors = {errors, sizeof errors / sizeof *errors};
