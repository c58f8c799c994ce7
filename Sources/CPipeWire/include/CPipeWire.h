// PipeWire's capture stream as plain C: its headers are macros and inline functions that Swift cannot import.
#pragma once
#include <stdbool.h>

/// A connection with one capture stream, or with none for a listing.
typedef struct timbre_pipewire timbre_pipewire;

/// Who is told what. `context` is passed to all of them.
typedef struct {
    void *context;
    /// PipeWire's real-time thread: `count` frames of interleaved floats; null when some were lost.
    void (*frames)(void *context, const float *frames, int count, int channels);
    /// A thread of PipeWire: the stream is over, for a reason from errno.
    void (*failed)(void *context, int code);
    /// The opening thread, at least every 50 ms: whether to give up.
    bool (*is_cancelled)(void *context);
} timbre_pipewire_events;

/// A node that can be captured from.
typedef struct {
    const char *name;
    const char *label;
    /// A sink, whose monitor is captured.
    bool is_sink;
} timbre_pipewire_node;

/// Connects to the daemon called `remote` (null: as the environment says). Null with errno when there is none.
timbre_pipewire *timbre_pipewire_connect(const char *remote);

/// Calls `take` for every node that can be captured from; 0, or an errno. Waits for at most two seconds.
int timbre_pipewire_list(timbre_pipewire *self, void (*take)(void *context, const timbre_pipewire_node *node),
                         void *context);

/// Starts a stream that is pinned to a node (null: the session's default source), asks for `rate`, and waits for
/// the format that was agreed on. 0, or an errno: ETIMEDOUT when nothing connects it within two seconds.
int timbre_pipewire_capture(timbre_pipewire *self, const char *node, bool is_sink, int rate,
                            const timbre_pipewire_events *events, int *agreed_rate, int *agreed_channels);

/// What PipeWire said last when a call failed; "" for nothing. Valid until the next call.
const char *timbre_pipewire_message(timbre_pipewire *self);

/// Ends the stream and the connection; no callback runs once this has returned.
void timbre_pipewire_close(timbre_pipewire *self);
