// Calls the C parts that stand before other libraries: ffmpeg's with whole, cut and damaged files, PipeWire's with a remote that does
// not exist. The tests of AudioInput call the second with a real server.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CLibAV.h"
#include "CPipeWire.h"
#include "edges.h"

// Bytes that are read as a recording.
struct bytes {
    const unsigned char *start;
    size_t size;
};

static size_t read_bytes(void *opaque, uint8_t *destination, size_t count, int64_t position) {
    const struct bytes *bytes = opaque;
    MUST(position >= 0);
    const size_t there = (size_t)position < bytes->size ? bytes->size - (size_t)position : 0;
    if (count > there) count = there;
    if (count > 0) memcpy(destination, bytes->start + position, count);
    return count;
}

// Reads all of it, `capacity` frames at a time; how many frames there were, -1 where it could not be opened.
static long decode(const unsigned char *bytes, size_t size, int capacity) {
    char why[64];
    struct bytes all = {bytes, size};
    timbre_av *file = timbre_av_open(read_bytes, &all, (int64_t)size, why, sizeof why);
    long frames = -1;
    if (file) {
        frames = 0;
        // Damaged files may have no end of faults.
        for (int turn = 0; turn < 100000; turn++) {
            const int channels = timbre_av_channels(file);
            MUST(timbre_av_rate(file) >= 0 && timbre_av_duration(file) >= 0 && channels >= 0);
            float *samples = malloc(sizeof(float) * (size_t)capacity * (size_t)channels);
            const int count = timbre_av_read(file, samples, capacity);
            free(samples);
            MUST(count <= capacity && count >= TIMBRE_AV_DAMAGED);
            if (count == TIMBRE_AV_END) break;
            if (count > 0) frames += count;
        }
    }
    timbre_av_close(file);
    return frames;
}

static unsigned next(unsigned *state) { return (*state = *state * 1664525u + 1013904223u) >> 8; }

void decoders(int count, char **paths) {
    char why[4];
    MUST(!timbre_av_load());
    struct bytes none = {NULL, 0};
    MUST(!timbre_av_open(read_bytes, &none, 0, why, sizeof why) && strlen(why) < sizeof why);
    timbre_av_close(NULL);
    int whole = 0, damaged = 0;
    for (int i = 0; i < count; i++) {
        FILE *input = fopen(paths[i], "rb");
        MUST(input);
        unsigned char *bytes = malloc(1 << 20);
        const size_t size = fread(bytes, 1, 1 << 20, input);
        fclose(input);
        const long frames = decode(bytes, size, 4096);
        if (frames > 0) whole++;
        MUST(decode(bytes, size, 7) == frames);
        unsigned state = 1;
        for (int variant = 0; frames > 0 && variant < 60; variant++) {
            decode(bytes, size * (size_t)variant / 60, 4096);
            unsigned char *copy = malloc(size);
            memcpy(copy, bytes, size);
            for (int change = 0; change <= variant; change++) copy[next(&state) % size] ^= (unsigned char)(1u << next(&state) % 8);
            if (decode(copy, size, 100) >= 0) damaged++;
            free(copy);
        }
        free(bytes);
    }
    printf("libraries.c: %d files and %d damaged ones were decoded\n", whole, damaged);
    MUST(whole > 0 && damaged > 0);
}

void pipewire(void) {
    MUST(!timbre_pipewire_connect("/nowhere/timbre"));
    timbre_pipewire_close(NULL);
}
