// Decodes what libsndfile does not know (AAC, ALAC, WMA, AC-3, Opus in Matroska, ...) with ffmpeg's libraries.
//
// The libraries are loaded when the first such file is opened, not when the program starts: they bring about a hundred others
// with them, which a daemon that listens to a microphone has no use for. They see nothing but the bytes they ask for: no
// protocol, no path. One handle belongs to one thread at a time; every function may allocate and wait for the disk.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// An open recording.
typedef struct timbre_av timbre_av;

/// What `timbre_av_read` returns besides a number of frames.
enum {
    /// The end of the file.
    TIMBRE_AV_END = 0,
    /// Rate or number of channels have changed; the frames that follow have the new ones.
    TIMBRE_AV_FORMAT = -1,
    /// What comes next cannot be decoded and is passed over.
    TIMBRE_AV_DAMAGED = -2,
};

/// Loads the libraries; NULL, or why they cannot be used. Any thread, any number of times.
const char *timbre_av_load(void);

/// Copies at most `count` bytes from a position; how many, 0 at the end.
typedef size_t (*timbre_av_reader)(void *opaque, uint8_t *destination, size_t count, int64_t position);

/// Opens the best audio stream of a recording of `size` bytes, which `reader` is asked for with `opaque` as long as the
/// handle lives. Returns NULL and a reason in `why`, of `capacity` characters, when there is none that can be decoded.
timbre_av *timbre_av_open(timbre_av_reader reader, void *opaque, int64_t size, char *why, size_t capacity);

/// Rate in hertz of the frames to come.
int timbre_av_rate(const timbre_av *file);

/// Channels of the frames to come.
int timbre_av_channels(const timbre_av *file);

/// Seconds that the container states; 0 where it does not know or only guesses.
double timbre_av_duration(const timbre_av *file);

/// Reads at most `capacity` frames of interleaved floats; how many, or one of the values above.
int timbre_av_read(timbre_av *file, float *destination, int capacity);

/// Closes the file and frees the handle; NULL is passed over.
void timbre_av_close(timbre_av *file);
