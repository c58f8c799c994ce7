#include "CPipeWire.h"

#include <errno.h>
#include <pipewire/pipewire.h>
#include <pthread.h>
#include <spa/param/audio/format-utils.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Longest wait for an answer, in slices of 50 ms.
enum { SLICES = 40 };

struct timbre_pipewire {
    struct pw_thread_loop *loop;
    struct pw_context *context;
    struct pw_core *core;
    struct spa_hook core_listener;
    struct pw_registry *registry;
    struct spa_hook registry_listener;
    struct pw_stream *stream;
    struct spa_hook stream_listener;
    timbre_pipewire_events events;
    void (*take)(void *, const timbre_pipewire_node *);
    void *taker;
    int pending, done;
    /// The negotiated format; 0 before.
    int rate, channels;
    /// Positive errno of what broke, 0 for nothing.
    int code;
    char message[256];
};

static void initialize(void) { pw_init(NULL, NULL); }

static void note(timbre_pipewire *self, int code, const char *message) {
    if (self->code == 0) {
        self->code = code > 0 ? code : EIO;
        snprintf(self->message, sizeof self->message, "%s", message ? message : "");
        if (self->stream && self->rate > 0) self->events.failed(self->events.context, self->code);
    }
    pw_thread_loop_signal(self->loop, false);
}

static void core_done(void *data, uint32_t id, int sequence) {
    timbre_pipewire *self = data;
    if (id == PW_ID_CORE && sequence == self->pending) {
        self->done = 1;
        pw_thread_loop_signal(self->loop, false);
    }
}

static void core_error(void *data, uint32_t id, int sequence, int result, const char *message) {
    (void)sequence;
    if (id == PW_ID_CORE) note(data, -result, message);
}

static const struct pw_core_events core_events = {PW_VERSION_CORE_EVENTS, .done = core_done, .error = core_error};

static void global(void *data, uint32_t id, uint32_t permissions, const char *type, uint32_t version,
                   const struct spa_dict *properties) {
    (void)id, (void)permissions, (void)version;
    timbre_pipewire *self = data;
    if (!self->take || !properties || strcmp(type, PW_TYPE_INTERFACE_Node) != 0) return;
    const char *class = spa_dict_lookup(properties, PW_KEY_MEDIA_CLASS);
    const char *name = spa_dict_lookup(properties, PW_KEY_NODE_NAME);
    if (!class || !name) return;
    bool is_sink = strcmp(class, "Audio/Sink") == 0;
    if (!is_sink && strncmp(class, "Audio/Source", 12) != 0 && strcmp(class, "Audio/Duplex") != 0) return;
    const char *label = spa_dict_lookup(properties, PW_KEY_NODE_DESCRIPTION);
    timbre_pipewire_node node = {.name = name, .label = label ? label : name, .is_sink = is_sink};
    self->take(self->taker, &node);
}

static const struct pw_registry_events registry_events = {PW_VERSION_REGISTRY_EVENTS, .global = global};

static void state_changed(void *data, enum pw_stream_state old, enum pw_stream_state state, const char *error) {
    timbre_pipewire *self = data;
    if (state == PW_STREAM_STATE_ERROR) {
        note(self, ENODEV, error);
    } else if (state == PW_STREAM_STATE_UNCONNECTED && old != PW_STREAM_STATE_UNCONNECTED) {
        note(self, ENODEV, "the stream was disconnected");
    } else if (state == PW_STREAM_STATE_PAUSED && old == PW_STREAM_STATE_STREAMING) {
        // Its node went away: there is nothing to capture from, and no other node shall take its place.
        note(self, ENODEV, "the node was removed or suspended");
    }
    pw_thread_loop_signal(self->loop, false);
}

static void parameter_changed(void *data, uint32_t id, const struct spa_pod *parameter) {
    timbre_pipewire *self = data;
    if (!parameter || id != SPA_PARAM_Format) return;
    struct spa_audio_info_raw format = {0};
    if (spa_format_audio_raw_parse(parameter, &format) < 0) return;
    if (self->rate > 0 && ((int)format.rate != self->rate || (int)format.channels != self->channels)) {
        note(self, ESTALE, "the format changed");
        return;
    }
    self->rate = (int)format.rate;
    self->channels = (int)format.channels;
    pw_thread_loop_signal(self->loop, false);
}

static void process(void *data) {
    timbre_pipewire *self = data;
    struct pw_buffer *buffer = pw_stream_dequeue_buffer(self->stream);
    if (!buffer) {
        self->events.frames(self->events.context, NULL, 0, self->channels);
        return;
    }
    struct spa_data *plane = &buffer->buffer->datas[0];
    if (plane->data && plane->chunk && self->channels > 0) {
        uint32_t offset = SPA_MIN(plane->chunk->offset, plane->maxsize);
        uint32_t size = SPA_MIN(plane->chunk->size, plane->maxsize - offset);
        int count = (int)(size / (sizeof(float) * (unsigned)self->channels));
        const float *frames = SPA_PTROFF(plane->data, offset, const float);
        if (count > 0) self->events.frames(self->events.context, frames, count, self->channels);
    }
    pw_stream_queue_buffer(self->stream, buffer);
}

static const struct pw_stream_events stream_events = {
    PW_VERSION_STREAM_EVENTS,
    .state_changed = state_changed,
    .param_changed = parameter_changed,
    .process = process,
};

/// Waits, with the loop locked, for a slice of 50 ms or until something was signalled.
static void wait_slice(timbre_pipewire *self) {
    struct timespec end;
    pw_thread_loop_get_time(self->loop, &end, 50 * SPA_NSEC_PER_MSEC);
    pw_thread_loop_timed_wait_full(self->loop, &end);
}

timbre_pipewire *timbre_pipewire_connect(const char *remote) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, initialize);
    timbre_pipewire *self = calloc(1, sizeof *self);
    if (!self) return NULL;
    self->loop = pw_thread_loop_new("pipewire", NULL);
    if (self->loop) self->context = pw_context_new(pw_thread_loop_get_loop(self->loop), NULL, 0);
    if (!self->context || pw_thread_loop_start(self->loop) < 0) {
        int code = errno ? errno : ENOMEM;
        timbre_pipewire_close(self);
        errno = code;
        return NULL;
    }
    pw_thread_loop_lock(self->loop);
    struct pw_properties *properties = pw_properties_new(NULL, NULL);
    if (remote) pw_properties_set(properties, PW_KEY_REMOTE_NAME, remote);
    self->core = pw_context_connect(self->context, properties, 0);
    int code = errno;
    if (self->core) pw_core_add_listener(self->core, &self->core_listener, &core_events, self);
    pw_thread_loop_unlock(self->loop);
    if (!self->core) {
        timbre_pipewire_close(self);
        errno = code ? code : EHOSTDOWN;
        return NULL;
    }
    return self;
}

int timbre_pipewire_list(timbre_pipewire *self, void (*take)(void *, const timbre_pipewire_node *), void *context) {
    pw_thread_loop_lock(self->loop);
    self->take = take;
    self->taker = context;
    self->done = 0;
    self->registry = pw_core_get_registry(self->core, PW_VERSION_REGISTRY, 0);
    if (self->registry) {
        pw_registry_add_listener(self->registry, &self->registry_listener, &registry_events, self);
        self->pending = pw_core_sync(self->core, PW_ID_CORE, 0);
        for (int slice = 0; slice < SLICES && !self->done && !self->code; slice++) wait_slice(self);
        spa_hook_remove(&self->registry_listener);
        pw_proxy_destroy((struct pw_proxy *)self->registry);
    }
    self->registry = NULL;
    self->take = NULL;
    int code = self->code ? self->code : self->done ? 0 : ETIMEDOUT;
    pw_thread_loop_unlock(self->loop);
    return code;
}

int timbre_pipewire_capture(timbre_pipewire *self, const char *node, bool is_sink, int rate,
                            const timbre_pipewire_events *events, int *agreed_rate, int *agreed_channels) {
    self->events = *events;
    pw_thread_loop_lock(self->loop);
    struct pw_properties *properties = pw_properties_new(
        PW_KEY_MEDIA_TYPE, "Audio", PW_KEY_MEDIA_CATEGORY, "Capture", PW_KEY_MEDIA_ROLE, "Production",
        PW_KEY_NODE_NAME, "timbre", PW_KEY_NODE_DONT_RECONNECT, "true", NULL);
    pw_properties_setf(properties, PW_KEY_NODE_LATENCY, "256/%d", rate);
    if (node) pw_properties_set(properties, PW_KEY_TARGET_OBJECT, node);
    if (is_sink) pw_properties_set(properties, PW_KEY_STREAM_CAPTURE_SINK, "true");
    self->stream = pw_stream_new(self->core, "timbre", properties);
    if (!self->stream) {
        int code = errno ? errno : ENOMEM;
        pw_thread_loop_unlock(self->loop);
        return code;
    }
    pw_stream_add_listener(self->stream, &self->stream_listener, &stream_events, self);

    // Rate and channels are left to the node: what it has needs no conversion but ours.
    uint8_t bytes[1024];
    struct spa_pod_builder builder = SPA_POD_BUILDER_INIT(bytes, sizeof bytes);
    struct spa_audio_info_raw wanted = SPA_AUDIO_INFO_RAW_INIT(.format = SPA_AUDIO_FORMAT_F32);
    const struct spa_pod *parameters[1] = {spa_format_audio_raw_build(&builder, SPA_PARAM_EnumFormat, &wanted)};
    int result = pw_stream_connect(
        self->stream, PW_DIRECTION_INPUT, PW_ID_ANY,
        PW_STREAM_FLAG_AUTOCONNECT | PW_STREAM_FLAG_MAP_BUFFERS | PW_STREAM_FLAG_RT_PROCESS
            | PW_STREAM_FLAG_DONT_RECONNECT,
        parameters, 1);
    int code = result < 0 ? -result : 0;
    for (int slice = 0; slice < SLICES && !code && !self->code && self->rate == 0; slice++) {
        if (events->is_cancelled(events->context)) code = ECANCELED;
        if (!code) wait_slice(self);
    }
    if (!code) code = self->code ? self->code : self->rate == 0 ? ETIMEDOUT : 0;
    *agreed_rate = self->rate;
    *agreed_channels = self->channels;
    pw_thread_loop_unlock(self->loop);
    return code;
}

const char *timbre_pipewire_message(timbre_pipewire *self) { return self->message; }

void timbre_pipewire_close(timbre_pipewire *self) {
    if (!self) return;
    if (self->loop) pw_thread_loop_stop(self->loop);
    if (self->stream) pw_stream_destroy(self->stream);
    if (self->core) pw_core_disconnect(self->core);
    if (self->context) pw_context_destroy(self->context);
    if (self->loop) pw_thread_loop_destroy(self->loop);
    free(self);
}
