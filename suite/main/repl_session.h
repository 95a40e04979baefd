/* What somebody has typed so far, and what came of it.
 *
 * A session is a scenario in the making: its statements are one text, which runs from the start
 * each time a statement is added or taken back. So what is shown is what the saved file will do, on
 * any subject, and no statement can harm the session. */
#ifndef MAIN_REPL_SESSION_H
#define MAIN_REPL_SESSION_H

#include "subject.h"
#include "suite/judge.h"

/* What the law says of a step, as the judge's model decided it. */
struct decision {
    bool is_call, is_touch; /* neither: a step that no plan or touch decides */
    struct pagelaw_plan plan;
    struct pagelaw_touch touch;
};

/* One run of all statements. */
struct outcome {
    struct scenario *scenario;
    struct trace *trace;
    struct judgement *judgement;
    struct decision *decisions; /* one for each step */
    unsigned first;             /* the first step of the newest statement */
};

struct session {
    const struct started_subject *subject;
    unsigned timeout_ms;
    char *text;    /* the header, and each statement on lines of its own */
    size_t length; /* bytes of `text` */
    size_t *ends;  /* of the header, then of each statement: the length of the text so far */
    size_t count;  /* of the ends */
    struct outcome outcome; /* of all statements; no scenario: there are none yet */
    char saved_as[OWN_PATH_MAX];
};

enum session_answer {
    SESSION_DONE,
    SESSION_INCOMPLETE, /* the statement goes on in the next line */
    SESSION_REFUSED     /* `error` says why; the session is as it was */
};

struct session_error {
    int line, column; /* in the statement, from 1; 0: no place in it */
    char message[512];
};

/* False if memory is short. */
bool session_begin(struct session *session, const struct started_subject *subject,
                   unsigned timeout_ms);
void session_end(struct session *session);

/* Adds a statement of one or more lines, without a '\n' at the end, and runs the session. */
enum session_answer session_add(struct session *session, const char *statement, size_t length,
                                struct session_error *error);

/* Takes the newest statement back. False, with the reason in `error`, if it cannot be done. */
bool session_undo(struct session *session, struct session_error *error);

/* Takes all back. */
void session_clear(struct session *session);

/* How many statements there are, and the text of one; its length in *length. */
size_t session_count(const struct session *session);
const char *session_statement(const struct session *session, size_t index, size_t *length);

/* Writes the session as a scenario with what came back as its pins. A file that is there already is
 * left alone, unless this session wrote it. False, with words in `error`. */
bool session_save(struct session *session, const char *path, const char *title,
                  struct session_error *error);

#endif
