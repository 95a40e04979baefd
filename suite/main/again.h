/* The command that runs scenarios on the same subject again. */
#ifndef MAIN_AGAIN_H
#define MAIN_AGAIN_H

/* "pagelaw check --subject ...", to be followed by scenarios: in quotes where a shell needs them,
 * by the name under which `program` was started. A profile of NULL is the subject's own. The caller
 * frees it; NULL if memory is short. */
char *again_command(const char *program, const char *subject, const char *profile);

#endif
