/* Files that are saved whole or not at all, and where they go. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "save.h"
#include "sample_results.h"
#include "started.h"

static void begin(void)
{
    folder_make();
    cr_assert_eq(chdir(folder_path()), 0);
}

TestSuite(save, .init = begin, .fini = folder_remove, .timeout = 60);

static bool put(const void *text, FILE *out)
{
    fputs(text, out);
    return !ferror(out);
}

static void expect_text(const char *path, const char *wanted)
{
    char text[64] = "";
    FILE *file = fopen(path, "rb");
    cr_assert_not_null(file, "%s is not there", path);
    cr_assert_eq(fread(text, 1, sizeof text - 1, file), strlen(wanted), "%s", path);
    fclose(file);
    cr_assert_str_eq(text, wanted, "%s", path);
}

static void expect_no_temporary(void)
{
    cr_assert_eq(system("test -z \"$(find . -name '*.tmp')\""), 0, "a temporary file was left");
}

static mode_t kind_of(const char *path)
{
    struct stat status;
    cr_assert_eq(lstat(path, &status), 0);
    return status.st_mode & S_IFMT;
}

Test(save, a_link_stays_and_its_target_is_written)
{
    static const struct {
        const char *commands, *path, *target;
    } cases[] = {
        {"echo old > real; ln -s real one", "one", "real"},
        {"mkdir a b; echo old > b/real; ln -s ../b/real a/two", "a/two", "b/real"},
        {"echo old > third; ln -s \"$PWD/third\" x; ln -s x three", "three", "third"},
        {"ln -s not-yet four", "four", "not-yet"},
        {"mkdir deep; ln -s deep folder; ln -s ../fifth deep/five", "folder/five", "fifth"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        cr_assert_eq(system(cases[i].commands), 0);
        cr_assert(save_file(cases[i].path, put, "new"), "%s: %s", cases[i].path, strerror(errno));
        cr_assert_eq(kind_of(cases[i].path), S_IFLNK, "%s", cases[i].path);
        cr_assert_eq(kind_of(cases[i].target), S_IFREG, "%s", cases[i].target);
        expect_text(cases[i].target, "new");
    }
    expect_no_temporary();
}

Test(save, links_without_an_end_are_told)
{
    cr_assert_eq(system("ln -s b a; ln -s a b; ln -s nowhere/x c; mkdir d; ln -s d e"), 0);
    static const struct {
        const char *path;
        int problem;
    } cases[] = {{"a", ELOOP}, {"c", ENOENT}, {"d", EISDIR}, {"e", EISDIR}, {"c/x", ENOENT}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        errno = 0;
        cr_assert_not(save_file(cases[i].path, put, "new"), "%s", cases[i].path);
        cr_assert_eq(errno, cases[i].problem, "%s: %s", cases[i].path, strerror(errno));
    }
    expect_no_temporary();
}

static void save_to_pipe(const char *path)
{
    char text[8] = "";
    pid_t reader = fork();
    if (reader == 0) {
        FILE *file = fopen("pipe", "rb");
        bool good = file != NULL && fread(text, 1, 7, file) == 3 && strcmp(text, "new") == 0;
        _exit(good ? 0 : 1);
    }
    int status;
    cr_assert(save_file(path, put, "new"));
    cr_assert_eq(waitpid(reader, &status, 0), reader);
    cr_assert_eq(status, 0, "the reader did not get the text");
}

Test(save, a_pipe_is_written_to)
{
    cr_assert_eq(mkfifo("pipe", 0600), 0);
    cr_assert_eq(symlink("pipe", "link"), 0);
    save_to_pipe("pipe");
    save_to_pipe("link");
    cr_assert_eq(kind_of("pipe"), S_IFIFO);
    cr_assert_eq(kind_of("link"), S_IFLNK);
    expect_no_temporary();
}

Test(save, a_door_of_the_system_is_written_to)
{
    cr_assert_eq(system("ln -s /dev/null null"), 0);
    cr_assert(save_file("null", put, "new"));
    cr_assert_eq(kind_of("null"), S_IFLNK);
    int file = open("opened", O_RDWR | O_CREAT, 0600);
    struct stat before, after;
    char door[32];
    snprintf(door, sizeof door, "/dev/fd/%d", file);
    cr_assert_eq(fstat(file, &before), 0);
    if (access(door, F_OK) == 0) {
        cr_assert(save_file(door, put, "new"));
        cr_assert_eq(stat("opened", &after), 0);
        cr_assert_eq(before.st_ino, after.st_ino, "the file that is open was replaced");
        expect_text("opened", "new");
    }
    close(file);
}

/* One who saves while another does. */
static bool put_within(const void *text, FILE *out)
{
    return put(text, out) && save_file("result", put, "inner") && put(text, out);
}

Test(save, two_at_once_do_not_mix)
{
    cr_assert(save_file("result", put_within, "outer"));
    expect_text("result", "outerouter");
    expect_no_temporary();
}

Test(save, what_is_called_as_a_temporary_file_stays)
{
    folder_write("result.tmp", "mine");
    cr_assert_eq(symlink("mine", "result.1.tmp"), 0);
    cr_assert(save_file("result", put, "new"));
    expect_text("result", "new");
    expect_text("result.tmp", "mine");
    cr_assert_neq(access("mine", F_OK), 0);
    cr_assert_neq(access("result.2.tmp", F_OK), 0);
}

static bool put_and_fail(const void *text, FILE *out)
{
    put(text, out);
    errno = ENOSPC;
    return false;
}

Test(save, what_fails_changes_nothing)
{
    folder_write("result", "old");
    cr_assert_not(save_file("result", put_and_fail, "half"));
    cr_assert_eq(errno, ENOSPC);
    expect_text("result", "old");
    expect_no_temporary();
}

Test(save, rights_stay)
{
    struct stat status;
    folder_write("result", "old");
    cr_assert_eq(chmod("result", 0640), 0);
    umask(0);
    cr_assert(save_file("result", put, "new"));
    cr_assert_eq(stat("result", &status), 0);
    cr_assert_eq(status.st_mode & 07777, 0640);
    cr_assert(save_file("fresh", put, "new"));
    cr_assert_eq(stat("fresh", &status), 0);
    cr_assert_eq(status.st_mode & 07777, 0666);
}

Test(save, what_may_not_be_written_to_stays)
{
    folder_write("result", "old");
    cr_assert_eq(chmod("result", 0444), 0);
    if (geteuid() == 0) {
        cr_assert_eq(chmod(".", 0777), 0);
        cr_assert_eq(seteuid(65534), 0);
    }
    cr_assert_not(save_file("result", put, "new"));
    cr_assert_eq(errno, EACCES);
    if (getuid() == 0)
        cr_assert_eq(seteuid(0), 0);
    expect_text("result", "old");
}

static bool put_and_be_ended(const void *text, FILE *out)
{
    return raise(SIGTERM) == 0 && put(text, out);
}

Test(save, a_signal_waits_for_the_file)
{
    int status;
    pid_t ended = fork();
    if (ended == 0) {
        signal(SIGTERM, SIG_DFL);
        save_file("result", put_and_be_ended, "whole");
        _exit(0);
    }
    cr_assert_eq(waitpid(ended, &status, 0), ended);
    cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
    expect_text("result", "whole");
    expect_no_temporary();
}
