/* The vectored handlers, and the filter for unhandled exceptions. */
#define _GNU_SOURCE 1
#include <pthread.h>
#include <stdlib.h>

#include "errhandlingapi.h"
#include "seh.h"

/* A handler that was removed stays in the list until nobody is at it. */
struct handler {
    struct handler *before, *after;
    PVECTORED_EXCEPTION_HANDLER call;
    unsigned users;
    bool removed;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct handler *first, *last;

static LPTOP_LEVEL_EXCEPTION_FILTER last_filter;

/* A child has a whole list, and a lock that nobody holds. */
static void before_fork(void)
{
    pthread_mutex_lock(&lock);
}

static void after_fork(void)
{
    pthread_mutex_unlock(&lock);
}

bool seh_prepare_forks(void)
{
    return pthread_atfork(before_fork, after_fork, after_fork) == 0;
}

static void link_first(struct handler *handler)
{
    handler->after = first;
    *(first != NULL ? &first->before : &last) = handler;
    first = handler;
}

static void link_last(struct handler *handler)
{
    handler->before = last;
    *(last != NULL ? &last->after : &first) = handler;
    last = handler;
}

static void unlink_if_unused(struct handler *handler)
{
    if (!handler->removed || handler->users != 0)
        return;
    *(handler->before != NULL ? &handler->before->after : &first) = handler->after;
    *(handler->after != NULL ? &handler->after->before : &last) = handler->before;
    free(handler);
}

PVOID WINAPI AddVectoredExceptionHandler(ULONG First, PVECTORED_EXCEPTION_HANDLER Handler)
{
    struct handler *handler = calloc(1, sizeof *handler);
    seh_start();
    if (handler == NULL)
        return NULL;
    handler->call = Handler;
    pthread_mutex_lock(&lock);
    if (First != 0)
        link_first(handler);
    else
        link_last(handler);
    pthread_mutex_unlock(&lock);
    return handler;
}

ULONG WINAPI RemoveVectoredExceptionHandler(PVOID Handler)
{
    pthread_mutex_lock(&lock);
    struct handler *handler = first;
    while (handler != NULL && (handler != Handler || handler->removed))
        handler = handler->after;
    if (handler != NULL) {
        handler->removed = true;
        unlink_if_unused(handler);
    }
    pthread_mutex_unlock(&lock);
    return handler != NULL;
}

/* Takes the next handler that is there, and lets go of the one before it. */
static struct handler *step(struct handler *at, bool begins)
{
    pthread_mutex_lock(&lock);
    struct handler *next = begins ? first : at->after;
    while (next != NULL && next->removed)
        next = next->after;
    if (next != NULL)
        next->users++;
    if (at != NULL) {
        at->users--;
        unlink_if_unused(at);
    }
    pthread_mutex_unlock(&lock);
    return next;
}

static void let_go(struct handler *at)
{
    pthread_mutex_lock(&lock);
    at->users--;
    unlink_if_unused(at);
    pthread_mutex_unlock(&lock);
}

bool seh_ask_vectored(PEXCEPTION_POINTERS pointers)
{
    for (struct handler *at = step(NULL, true); at != NULL; at = step(at, false)) {
        if (at->call(pointers) != EXCEPTION_CONTINUE_EXECUTION)
            continue;
        let_go(at);
        return true;
    }
    return false;
}

LPTOP_LEVEL_EXCEPTION_FILTER WINAPI
SetUnhandledExceptionFilter(LPTOP_LEVEL_EXCEPTION_FILTER lpTopLevelExceptionFilter)
{
    seh_start();
    return __atomic_exchange_n(&last_filter, lpTopLevelExceptionFilter, __ATOMIC_ACQ_REL);
}

LONG seh_ask_last(PEXCEPTION_POINTERS pointers)
{
    LPTOP_LEVEL_EXCEPTION_FILTER filter = __atomic_load_n(&last_filter, __ATOMIC_ACQUIRE);
    return filter != NULL ? filter(pointers) : EXCEPTION_CONTINUE_SEARCH;
}
