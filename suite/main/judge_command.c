/* `pagelaw judge`. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "pagelaw/profile.h"
#include "reports.h"
#include "suite/recording.h"
#include "suite/scenario.h"
#include "suite/terminal.h"
#include "version.h"

#define PROFILE "windows-11-x64"
#define FIRST_LINES 100                  /* in which the kind of a recording shows */
#define LINE_BYTES_MAX ((size_t)1 << 20) /* bytes; what has longer ones is no recording */

static const char help[] =
    "usage: pagelaw judge [OPTION...] TRACE...\n"
    "\n"
    "Holds calls that were recorded elsewhere against the model: what is known of each is judged,\n"
    "what the recording does not tell is counted, with the reason. TRACE is a file, or - for\n"
    "standard input: a log of Wine (WINEDEBUG=+pid,+virtual, better with +relay), what a program\n"
    "that is linked with libpagelaw.a recorded (PAGELAW_TRACE=FILE), or a trace in the scenario\n"
    "language. `pagelaw record` makes the first two.\n"
    "\n"
    "  --profile NAME    which Windows the model plays (default: " PROFILE ")\n"
    "  --from KIND       what the files are: wine, layer or story (default: as their first\n"
    "                    lines look)\n"
    "  --format FORMAT   on standard output: text (default) or json, a result file\n"
    "  --full            the text report with everything, transcripts too\n"
    "\n"
    "Exit status: 0 no difference, 1 differences, 2 it could not be judged as asked.\n";

static const struct option long_options[] = {
    {"profile", required_argument, NULL, 'p'}, {"from", required_argument, NULL, 'k'},
    {"format", required_argument, NULL, 'f'},  {"full", no_argument, NULL, 'F'},
    {"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0},
};

enum kind { KIND_UNKNOWN, KIND_WINE, KIND_LAYER, KIND_STORY };

static const char *const kind_names[] = {"", "wine", "layer", "story"};

struct judging {
    const struct pagelaw_profile *profile;
    enum kind kind;
    bool json, full;
    struct recording_counts counts; /* of all files */
    struct recording_skipped skipped;
};

/* ---- Reading ---- */

/* A line, or the first lines, in a buffer that grows. */
struct line {
    char *text;
    size_t length, capacity;
    const char *trouble; /* why there is no more of it; NULL: it is whole */
};

static bool line_put(struct line *line, int c)
{
    if (line->length == line->capacity) {
        size_t capacity = line->capacity == 0 ? 4096 : 2 * line->capacity;
        char *text = realloc(line->text, capacity);
        if (text == NULL) {
            line->trouble = "out of memory";
            return false;
        }
        line->text = text;
        line->capacity = capacity;
    }
    line->text[line->length++] = (char)c;
    return true;
}

/* Adds the next line with its '\n'. False at the end of the file, and in trouble. */
static bool line_add(struct line *line, FILE *file)
{
    size_t begin = line->length;
    int c = '\0';
    while (c != '\n' && (c = getc(file)) != EOF) {
        if (line->length - begin == LINE_BYTES_MAX) {
            line->trouble = "found a line of more than 1 MB, wanted a recording";
            return false;
        }
        if (!line_put(line, c))
            return false;
    }
    return line->length != begin;
}

/* All lines from here on, with their ends, behind those that were read already. */
static bool read_rest(struct line *text, FILE *file)
{
    int c;
    while (text->length <= SCENARIO_TEXT_MAX && (c = getc(file)) != EOF) {
        if (!line_put(text, c))
            return false;
    }
    return true;
}

/* A reader of a recording by its lines. */
struct line_reader {
    void *(*begin)(struct recording *recording);
    bool (*line)(void *reader, const char *line, size_t length);
    bool (*end)(void *reader, struct recording_skipped *skipped);
};

static void *begin_wine(struct recording *recording)
{
    return wine_reader_begin(recording);
}

static bool take_wine(void *reader, const char *line, size_t length)
{
    return wine_reader_line(reader, line, length);
}

static bool end_wine(void *reader, struct recording_skipped *skipped)
{
    return wine_reader_end(reader, skipped);
}

static void *begin_layer(struct recording *recording)
{
    return layer_reader_begin(recording);
}

static bool take_layer(void *reader, const char *line, size_t length)
{
    return layer_reader_line(reader, line, length);
}

static bool end_layer(void *reader, struct recording_skipped *skipped)
{
    return layer_reader_end(reader, skipped);
}

static const struct line_reader line_readers[] = {
    [KIND_WINE] = {begin_wine, take_wine, end_wine},
    [KIND_LAYER] = {begin_layer, take_layer, end_layer},
};

static int read_lines(struct judging *judging, const struct line_reader *by,
                      struct recording *recording, const char *path, struct line *head, FILE *file)
{
    void *reader = by->begin(recording);
    struct recording_skipped skipped;
    struct line line = {.text = NULL};
    bool good = reader != NULL;
    for (const char *at = head->text, *end = at + head->length; good && at < end;) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        line_end = line_end == NULL ? end : line_end;
        good = by->line(reader, at, (size_t)(line_end - at));
        at = line_end + 1;
    }
    while (good && line_add(&line, file)) {
        good = by->line(reader, line.text, line.length - (line.text[line.length - 1] == '\n'));
        line.length = 0;
    }
    if (ferror(file))
        line.trouble = strerror(errno);
    good = reader != NULL && by->end(reader, &skipped) && good;
    free(line.text);
    if (!good || line.trouble != NULL) {
        complain("%s: %s", path, good ? line.trouble : "out of memory");
        return STATUS_CANNOT_RUN;
    }
    judging->skipped.lines += skipped.lines;
    judging->skipped.damaged += skipped.damaged;
    if (skipped.damaged != 0)
        complain("%s:%zu: %zu lines of calls cannot be read, this is the first; their calls are "
                 "left out",
                 path, skipped.first_damaged, skipped.damaged);
    return 0;
}

static int read_story(struct recording *recording, const char *path, struct line *text, FILE *file)
{
    struct scenario_error error;
    if (!read_rest(text, file)) {
        complain("%s: out of memory", path);
        return STATUS_CANNOT_RUN;
    }
    if (recording_read_story(recording, text->text, text->length, &error))
        return 0;
    complain("%s:%d:%d: %s", path, error.line, error.column, error.message);
    return STATUS_CANNOT_RUN;
}

/* The first lines, in which the kind of the recording shows. */
static enum kind read_head(struct line *head, FILE *file)
{
    enum kind kind = KIND_STORY;
    for (unsigned i = 0; i < FIRST_LINES; i++) {
        size_t begin = head->length;
        if (!line_add(head, file))
            break;
        if (is_wine_line(head->text + begin, head->length - begin))
            kind = KIND_WINE;
        else if (is_layer_line(head->text + begin, head->length - begin))
            kind = KIND_LAYER;
    }
    return kind;
}

static int read_recording(struct judging *judging, struct recording *recording, const char *path,
                          FILE *file)
{
    struct line head = {.text = NULL};
    enum kind kind = read_head(&head, file);
    int status;
    if (judging->kind != KIND_UNKNOWN)
        kind = judging->kind;
    if (ferror(file) || head.trouble != NULL) {
        complain("%s: %s", path, head.trouble != NULL ? head.trouble : strerror(errno));
        status = STATUS_CANNOT_RUN;
    } else if (kind != KIND_STORY) {
        status = read_lines(judging, &line_readers[kind], recording, path, &head, file);
    } else {
        status = read_story(recording, path, &head, file);
    }
    free(head.text);
    return status;
}

/* ---- Reporting ---- */

static void print_counts(const struct recording_counts *counts)
{
    printf("%" PRIu64 " calls: %" PRIu64 " differ, %" PRIu64 " agree, %" PRIu64
           " could not be judged\n",
           counts->calls, counts->differ, counts->agree, counts->unseen);
    for (unsigned i = 0; i < counts->reason_count; i++)
        printf("%9" PRIu64 "  %s\n", counts->reasons[i].count, counts->reasons[i].reason);
}

static bool print_report(const struct judging *judging, const struct result *result)
{
    struct report_style style = {
        .full = judging->full, .width = terminal_width(), .colour = terminal_colour()};
    return judging->json ? report_json(result, stdout) : report_text(result, &style, stdout);
}

static int report(struct judging *judging, struct recording *recording, const char *path)
{
    size_t count;
    char command[4096];
    struct recording_counts counts;
    struct result_scenario *scenarios = recording_results(recording, &count);
    if (scenarios == NULL) {
        complain("%s: out of memory", path);
        return STATUS_CANNOT_RUN;
    }
    recording_count(recording, &counts);
    snprintf(command, sizeof command, "%s judge --profile %s", program_name(),
             judging->profile->name);
    struct result result = {.version = PAGELAW_VERSION,
                            .subject = path,
                            .backend = "recording",
                            .processor = pagelaw_processor_name(judging->profile->processor),
                            .system = "recorded elsewhere",
                            .profile = judging->profile->name,
                            .profile_reason = "asked for, or the newest",
                            .command = command,
                            .scenarios = scenarios,
                            .scenario_count = count,
                            .host_date = "",
                            .suite = {.hash = ""}};
    bool none = counts.agree + counts.differ == 0;
    bool printed = (none && !judging->json) || print_report(judging, &result);
    if (!judging->json)
        print_counts(&counts);
    if (counts.untold != 0)
        complain("%s: %" PRIu64 " differences more are counted only: the report has the first %d",
                 path, counts.untold, RECORDING_TOLD_MAX);
    free(scenarios);
    if (none) {
        complain("%s: nothing in it could be judged", path);
        return STATUS_CANNOT_RUN;
    }
    return !printed             ? STATUS_CANNOT_RUN
           : counts.differ != 0 ? STATUS_DIFFERENCES
                                : STATUS_NO_DIFFERENCE;
}

static int judge_file(struct judging *judging, const char *path)
{
    bool is_standard = strcmp(path, "-") == 0;
    FILE *file = is_standard ? stdin : fopen(path, "rb");
    if (file == NULL) {
        complain("%s: %s", path, strerror(errno));
        return STATUS_CANNOT_RUN;
    }
    struct recording *recording = recording_begin(path, judging->profile, false);
    int status = STATUS_CANNOT_RUN;
    if (recording == NULL)
        complain("%s: out of memory", path);
    else if (read_recording(judging, recording, path, file) == 0)
        status = report(judging, recording, path);
    recording_free(recording);
    if (!is_standard)
        fclose(file);
    return status;
}

/* ---- Options ---- */

static int read_kind(struct judging *judging, const char *text)
{
    for (int kind = KIND_WINE; kind <= KIND_STORY; kind++) {
        if (strcmp(text, kind_names[kind]) == 0) {
            judging->kind = (enum kind)kind;
            return 0;
        }
    }
    return usage_error("judge", "--from: found \"%s\", wanted wine, layer or story", text);
}

static int read_format(struct judging *judging, const char *text)
{
    judging->json = strcmp(text, "json") == 0;
    return judging->json || strcmp(text, "text") == 0
               ? 0
               : usage_error("judge", "--format: found \"%s\", wanted text or json", text);
}

static int read_profile(struct judging *judging, const char *name)
{
    judging->profile = pagelaw_profile_find(name);
    return judging->profile != NULL ? 0
                                    : usage_error("judge", "--profile: there is no \"%s\"", name);
}

int command_judge(int argc, char **argv)
{
    static struct judging judging;
    int option, status = read_profile(&judging, PROFILE);
    while (status == 0 && (option = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
        if (option == 'p') {
            status = read_profile(&judging, optarg);
        } else if (option == 'k') {
            status = read_kind(&judging, optarg);
        } else if (option == 'f') {
            status = read_format(&judging, optarg);
        } else if (option == 'F') {
            judging.full = true;
        } else if (option == 'h') {
            fputs(help, stdout);
            return 0;
        } else {
            status = option_error("judge", argv);
        }
    }
    if (status == 0 && optind == argc)
        status = usage_error("judge", "found no file, wanted a trace");
    if (status != 0)
        return status;
    for (int i = optind; i < argc; i++) {
        int one = judge_file(&judging, argv[i]);
        status = one > status ? one : status;
    }
    return status;
}
