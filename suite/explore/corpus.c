/* The corpus as a file. */
#include "corpus.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct reader {
    struct corpus *corpus;
    const struct alphabet *alphabet;
    const char *path;
    unsigned line;
    char *error;
    size_t capacity;
};

static bool refuse(const struct reader *reader, const char *found, const char *wanted)
{
    snprintf(reader->error, reader->capacity, "%s:%u:1: found \"%.60s\", wanted %s", reader->path,
             reader->line, found, wanted);
    return false;
}

static bool find_act(const struct alphabet *alphabet, const struct act *act, unsigned *index)
{
    for (*index = 0; *index < alphabet->count; ++*index)
        if (act_equals(act, &alphabet->acts[*index]))
            return true;
    return false;
}

static bool take_act(const struct reader *reader, const char *line, struct kept_sequence *sequence)
{
    struct act act;
    unsigned index;
    if (!act_read(&act, line))
        return refuse(reader, line, "eight hexadecimal numbers, as --corpus writes an act");
    if (!find_act(reader->alphabet, &act, &index))
        return refuse(reader, line,
                      "an act of this run: with the same --pages, --granules and --profile, and "
                      "functions that the subject has");
    if (sequence->length == CORPUS_LENGTH_MAX)
        return refuse(reader, line, "an empty line: a sequence has at most 40 acts");
    sequence->acts[sequence->length++] = index;
    return true;
}

static bool take_end(const struct reader *reader, struct kept_sequence *sequence)
{
    struct corpus *corpus = reader->corpus;
    if (sequence->length == 0)
        return true;
    if (corpus->count == CORPUS_MAX)
        return refuse(reader, "", "no more than 4096 sequences");
    corpus->sequences[corpus->count++] = *sequence;
    sequence->length = 0;
    return true;
}

static bool read_lines(struct reader *reader, FILE *file)
{
    struct kept_sequence sequence = {.length = 0};
    char line[256];
    bool good = true;
    while (good && fgets(line, sizeof line, file) != NULL) {
        reader->line++;
        line[strcspn(line, "\r\n")] = '\0';
        good = line[0] == '\0' ? take_end(reader, &sequence) : take_act(reader, line, &sequence);
    }
    return good && take_end(reader, &sequence);
}

bool corpus_read(struct corpus *corpus, const struct alphabet *alphabet, const char *path,
                 char *error, size_t capacity)
{
    struct reader reader = {corpus, alphabet, path, 0, error, capacity};
    FILE *file = fopen(path, "rb");
    if (file == NULL && errno == ENOENT)
        return true;
    bool read = file != NULL && read_lines(&reader, file);
    if (file == NULL || ferror(file)) {
        snprintf(error, capacity, "%s: %s", path, strerror(errno));
        read = false;
    }
    if (file != NULL)
        fclose(file);
    return read;
}

/* What `write_lines` writes. */
struct written {
    const struct corpus *corpus;
    const struct alphabet *alphabet;
};

static bool write_lines(const void *what, FILE *out)
{
    const struct written *written = what;
    for (unsigned i = 0; i < written->corpus->count; i++) {
        const struct kept_sequence *sequence = &written->corpus->sequences[i];
        for (unsigned j = 0; j < sequence->length; j++) {
            char line[256];
            struct text text = text_begin(line, sizeof line);
            act_write(&text, &written->alphabet->acts[sequence->acts[j]]);
            fputs(line, out);
        }
        fputc('\n', out);
    }
    return !ferror(out);
}

bool corpus_write(const struct corpus *corpus, const struct alphabet *alphabet, const char *path,
                  explore_save *save)
{
    const struct written written = {corpus, alphabet};
    return save(path, write_lines, &written);
}
