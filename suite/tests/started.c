/* Starting the program under test, as a person at a shell does. */
#include "started.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "suite/run.h"

#define PATH_BYTES 4096
#define LOOK_MS 20

/* ---- A folder -------------------------------------------------------------------------------- */

static char folder[64];

static const char *path_of(const char *name)
{
    static char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

void folder_make(void)
{
    snprintf(folder, sizeof folder, "/tmp/pagelaw test XXXXXX");
    cr_assert_not_null(mkdtemp(folder), "%s", strerror(errno));
}

static int drop(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status, (void)type, (void)where;
    return remove(path);
}

void folder_remove(void)
{
    nftw(folder, drop, 8, FTW_DEPTH | FTW_PHYS);
}

const char *folder_path(void)
{
    return folder;
}

/* Makes the folders on the way. */
void folder_write(const char *name, const char *text)
{
    char *path = strdup(path_of(name));
    for (char *at = path + strlen(folder) + 1; (at = strchr(at, '/')) != NULL; *at++ = '/') {
        *at = '\0';
        mkdir(path, 0700);
    }
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file, "%s: %s", path, strerror(errno));
    cr_assert_geq(fputs(text, file), 0);
    cr_assert_eq(fclose(file), 0);
    free(path);
}

/* ---- Reading --------------------------------------------------------------------------------- */

struct text {
    char *bytes; /* ends in '\0' */
    size_t length;
};

/* False at the end. */
static bool read_more(int file, struct text *text)
{
    text->bytes = realloc(text->bytes, text->length + PATH_BYTES + 1);
    cr_assert_not_null(text->bytes);
    ssize_t count = read(file, text->bytes + text->length, PATH_BYTES);
    text->length += count > 0 ? (size_t)count : 0;
    text->bytes[text->length] = '\0';
    return count > 0 || (count < 0 && errno == EINTR);
}

char *folder_read(const char *name)
{
    struct text text = {NULL, 0};
    int file = open(path_of(name), O_RDONLY);
    if (file < 0)
        return NULL;
    while (read_more(file, &text))
        continue;
    close(file);
    return text.bytes;
}

void json_drop_hosts(char *json)
{
    for (char *from; (from = strstr(json, "\"host\": {")) != NULL; json = from) {
        char *to = strchr(from, '}') + 1;
        memmove(from, to, strlen(to) + 1);
    }
}

/* ---- Starting -------------------------------------------------------------------------------- */

/* Criterion's mark of its own worker processes must not reach an agent that is this program. */
static void set_environment(void)
{
    char path[PATH_BYTES];
    unsetenv("BXFI_MAP");
    cr_assert_not_null(getenv("PAGELAW"), "PAGELAW must name the program under test");
    cr_assert_not_null(realpath(getenv("PAGELAW"), path), "%s: %s", getenv("PAGELAW"),
                       strerror(errno));
    setenv("PAGELAW", path, 1);
    cr_assert(own_path(path, sizeof path));
    setenv("AGENT", path, 1);
}

static void become(const struct start *start, int out, int err)
{
    setpgid(0, 0);
    signal(SIGHUP, SIG_DFL); /* as at a terminal, whoever runs the tests */
    if (dup2(out, 1) < 0 || dup2(err, 2) < 0 || dup2(open("/dev/null", O_RDONLY), 0) < 0 ||
        (start->folder != NULL && chdir(start->folder) != 0))
        _exit(126);
    execl("/bin/sh", "sh", "-c", start->command, (char *)NULL);
    _exit(127);
}

static void make_pipe(int ends[2])
{
    cr_assert_eq(pipe(ends), 0);
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
}

static long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads both outputs until they are closed. False if the deadline came first. */
static bool hear_out(const struct start *start, pid_t id, struct pollfd files[2],
                     struct text texts[2])
{
    long deadline = now_ms() + (start->limit_s != 0 ? start->limit_s : 30) * 1000L;
    bool sent = start->awaited == NULL;
    while (files[0].fd >= 0 || files[1].fd >= 0) {
        if (now_ms() > deadline)
            return false;
        if (!sent && access(start->awaited, F_OK) == 0)
            sent = kill(id, start->sent != 0 ? start->sent : SIGINT) == 0;
        poll(files, 2, LOOK_MS);
        for (int i = 0; i < 2; i++) {
            if (files[i].fd >= 0 && files[i].revents != 0 && !read_more(files[i].fd, &texts[i]))
                files[i].fd = -1;
        }
    }
    return true;
}

struct started start_and_wait(const struct start *start)
{
    int out[2], err[2], status = 0;
    struct text texts[2] = {{calloc(1, 1), 0}, {calloc(1, 1), 0}};
    set_environment();
    make_pipe(out);
    make_pipe(err);
    if (start->closed_output)
        close(out[0]);
    pid_t id = fork();
    cr_assert_geq(id, 0);
    if (id == 0)
        become(start, out[1], err[1]);
    close(out[1]);
    close(err[1]);
    struct pollfd files[2] = {{start->closed_output ? -1 : out[0], POLLIN, 0}, {err[0], POLLIN, 0}};
    bool late = !hear_out(start, id, files, texts);
    if (late)
        kill(-id, SIGKILL);
    waitpid(id, &status, 0);
    if (!start->closed_output)
        close(out[0]);
    close(err[0]);
    return (struct started){.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
                            .late = late,
                            .out = texts[0].bytes,
                            .err = texts[1].bytes};
}

void started_free(struct started *started)
{
    free(started->out);
    free(started->err);
}

void start_and_expect(const struct start *start, int status, const char *out, const char *err)
{
    const char *command = start->command;
    struct started started = start_and_wait(start);
    cr_assert_not(started.late, "it did not end: %s", command);
    cr_assert_eq(started.status, status, "%s: status %d: %s%s", command, started.status,
                 started.out, started.err);
    cr_assert_not_null(strstr(started.out, out), "%s: %s%s", command, started.out, started.err);
    cr_assert_not_null(strstr(started.err, err), "%s: %s%s", command, started.out, started.err);
    started_free(&started);
}
