// ffmpeg's libraries behind seven functions; see the header.
#include "CLibAV.h"

#include <dlfcn.h>
#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/opt.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Structures are laid out as in the headers, so only the libraries of the same major version will do.
#define SONAME(name, major) "lib" name ".so." AV_STRINGIFY(major)
// Bytes read at once.
#define BLOCK 65536
// Containers that may be opened: sound, and films with sound. None of them refers to other files.
#define CONTAINERS                                                                                                     \
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dsf,dts,eac3,flac,flv,loas,matroska,mov,mp3,mpc,mpc8,mpeg,mpegts,ogg,oma,tak," \
    "truehd,tta,voc,w64,wav,wv"

#define FORMAT_FUNCTIONS(use)                                                                                          \
    use(avformat_alloc_context) use(avformat_open_input) use(avformat_find_stream_info) use(avformat_close_input)      \
        use(avformat_free_context) use(av_find_best_stream) use(av_read_frame) use(avio_alloc_context)                 \
            use(avio_context_free)
#define CODEC_FUNCTIONS(use)                                                                                           \
    use(avcodec_alloc_context3) use(avcodec_free_context) use(avcodec_parameters_to_context) use(avcodec_open2)        \
        use(avcodec_send_packet) use(avcodec_receive_frame) use(av_packet_alloc) use(av_packet_free)                   \
            use(av_packet_unref)
#define UTIL_FUNCTIONS(use)                                                                                            \
    use(av_malloc) use(av_freep) use(av_frame_alloc) use(av_frame_free) use(av_dict_set) use(av_dict_free)             \
        use(av_strerror) use(av_log_set_level)

#define DECLARE(name) __typeof__(name) *name;
static struct {
    FORMAT_FUNCTIONS(DECLARE)
    CODEC_FUNCTIONS(DECLARE)
    UTIL_FUNCTIONS(DECLARE)
} av;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char problem[256];

static void *library(const char *name) {
    void *handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!handle && !problem[0]) snprintf(problem, sizeof problem, "%s", dlerror());
    return handle;
}

static void *function(void *handle, const char *name) {
    void *found = handle ? dlsym(handle, name) : NULL;
    if (handle && !found && !problem[0]) snprintf(problem, sizeof problem, "%s", dlerror());
    return found;
}

static void load(void) {
    void *util = library(SONAME("avutil", LIBAVUTIL_VERSION_MAJOR));
    void *codec = library(SONAME("avcodec", LIBAVCODEC_VERSION_MAJOR));
    void *format = library(SONAME("avformat", LIBAVFORMAT_VERSION_MAJOR));
#define FROM_FORMAT(name) av.name = (__typeof__(name) *)function(format, #name);
#define FROM_CODEC(name) av.name = (__typeof__(name) *)function(codec, #name);
#define FROM_UTIL(name) av.name = (__typeof__(name) *)function(util, #name);
    FORMAT_FUNCTIONS(FROM_FORMAT)
    CODEC_FUNCTIONS(FROM_CODEC)
    UTIL_FUNCTIONS(FROM_UTIL)
    if (!problem[0]) av.av_log_set_level(AV_LOG_QUIET);
}

const char *timbre_av_load(void) {
    pthread_once(&once, load);
    return problem[0] ? problem : NULL;
}

struct timbre_av {
    timbre_av_reader reader;
    void *opaque;
    int64_t position, size;
    AVIOContext *io;
    AVFormatContext *container;
    AVCodecContext *codec;
    AVPacket *packet;
    AVFrame *frame;
    int stream;
    /// Frames of `frame` that were handed out.
    int used;
    int rate, channels;
    int is_drained;
};

static int read_file(void *opaque, uint8_t *buffer, int size) {
    timbre_av *file = opaque;
    const size_t count = file->reader(file->opaque, buffer, (size_t)size, file->position);
    if (count == 0) return AVERROR_EOF;
    file->position += (int64_t)count;
    return (int)count;
}

static int64_t seek_file(void *opaque, int64_t offset, int whence) {
    timbre_av *file = opaque;
    switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE: return file->size;
    case SEEK_SET: break;
    case SEEK_CUR: offset += file->position; break;
    case SEEK_END: offset += file->size; break;
    default: return AVERROR(EINVAL);
    }
    if (offset < 0) return AVERROR(EINVAL);
    return file->position = offset;
}

static int begin(timbre_av *file) {
    uint8_t *buffer = av.av_malloc(BLOCK);
    file->io = buffer ? av.avio_alloc_context(buffer, BLOCK, 0, file, read_file, NULL, seek_file) : NULL;
    file->container = av.avformat_alloc_context();
    file->packet = av.av_packet_alloc();
    file->frame = av.av_frame_alloc();
    if (!file->io || !file->container || !file->packet || !file->frame) return AVERROR(ENOMEM);
    file->container->pb = file->io;
    AVDictionary *options = NULL;
    av.av_dict_set(&options, "format_whitelist", CONTAINERS, 0);
    av.av_dict_set(&options, "protocol_whitelist", "none", 0);
    // Frees the container when it fails.
    int code = av.avformat_open_input(&file->container, NULL, NULL, &options);
    av.av_dict_free(&options);
    if (code < 0) return code;
    if ((code = av.avformat_find_stream_info(file->container, NULL)) < 0) return code;
    const AVCodec *decoder = NULL;
    file->stream = av.av_find_best_stream(file->container, AVMEDIA_TYPE_AUDIO, -1, -1, &decoder, 0);
    if (file->stream < 0) return file->stream;
    for (unsigned i = 0; i < file->container->nb_streams; i++)
        if ((int)i != file->stream) file->container->streams[i]->discard = AVDISCARD_ALL;
    AVStream *stream = file->container->streams[file->stream];
    file->codec = av.avcodec_alloc_context3(decoder);
    if (!file->codec) return AVERROR(ENOMEM);
    if ((code = av.avcodec_parameters_to_context(file->codec, stream->codecpar)) < 0) return code;
    file->codec->pkt_timebase = stream->time_base;
    // One thread: the same samples every time.
    file->codec->thread_count = 1;
    if ((code = av.avcodec_open2(file->codec, decoder, NULL)) < 0) return code;
    file->rate = file->codec->sample_rate;
    file->channels = file->codec->ch_layout.nb_channels;
    return 0;
}

timbre_av *timbre_av_open(timbre_av_reader reader, void *opaque, int64_t size, char *why, size_t capacity) {
    const char *missing = timbre_av_load();
    timbre_av *file = missing ? NULL : calloc(1, sizeof *file);
    if (!file) {
        snprintf(why, capacity, "%s", missing ? missing : "out of memory");
        return NULL;
    }
    file->reader = reader;
    file->opaque = opaque;
    file->size = size;
    int code = begin(file);
    if (code >= 0) return file;
    if (av.av_strerror(code, why, capacity) < 0) snprintf(why, capacity, "error %d", code);
    timbre_av_close(file);
    return NULL;
}

int timbre_av_rate(const timbre_av *file) { return file->rate; }

int timbre_av_channels(const timbre_av *file) { return file->channels; }

double timbre_av_duration(const timbre_av *file) {
    const AVStream *stream = file->container->streams[file->stream];
    if (file->container->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE) return 0;
    if (stream->duration != AV_NOPTS_VALUE && stream->duration > 0)
        return (double)stream->duration * stream->time_base.num / stream->time_base.den;
    return file->container->duration > 0 ? (double)file->container->duration / AV_TIME_BASE : 0;
}

static float sample(const timbre_av *file, int channel, int index) {
    const AVFrame *frame = file->frame;
    const int planar = frame->format >= AV_SAMPLE_FMT_U8P && frame->format != AV_SAMPLE_FMT_S64;
    const uint8_t *plane = frame->extended_data[planar ? channel : 0];
    const int place = planar ? index : index * file->channels + channel;
    switch (frame->format) {
    case AV_SAMPLE_FMT_U8:
    case AV_SAMPLE_FMT_U8P: return (float)(plane[place] - 128) / 128;
    case AV_SAMPLE_FMT_S16:
    case AV_SAMPLE_FMT_S16P: return (float)((const int16_t *)plane)[place] / 32768;
    case AV_SAMPLE_FMT_S32:
    case AV_SAMPLE_FMT_S32P: return (float)((const int32_t *)plane)[place] / 2147483648.0f;
    case AV_SAMPLE_FMT_S64:
    case AV_SAMPLE_FMT_S64P: return (float)((const int64_t *)plane)[place] / 9223372036854775808.0f;
    case AV_SAMPLE_FMT_FLT:
    case AV_SAMPLE_FMT_FLTP: return ((const float *)plane)[place];
    case AV_SAMPLE_FMT_DBL:
    case AV_SAMPLE_FMT_DBLP: return (float)((const double *)plane)[place];
    default: return 0;
    }
}

/// Gets the next decoded frame: 1, or what `timbre_av_read` returns.
static int advance(timbre_av *file) {
    for (;;) {
        int code = av.avcodec_receive_frame(file->codec, file->frame);
        file->used = 0;
        if (code == 0) return 1;
        if (code == AVERROR_EOF) return TIMBRE_AV_END;
        if (code != AVERROR(EAGAIN)) return file->is_drained ? TIMBRE_AV_END : TIMBRE_AV_DAMAGED;
        code = av.av_read_frame(file->container, file->packet);
        if (code < 0) {
            const int is_end = code == AVERROR_EOF || file->is_drained;
            if (!file->is_drained) av.avcodec_send_packet(file->codec, NULL);
            file->is_drained = 1;
            if (!is_end) return TIMBRE_AV_DAMAGED;
            continue;
        }
        code = file->packet->stream_index == file->stream ? av.avcodec_send_packet(file->codec, file->packet) : 0;
        av.av_packet_unref(file->packet);
        if (code < 0 && code != AVERROR_EOF) return TIMBRE_AV_DAMAGED;
    }
}

int timbre_av_read(timbre_av *file, float *destination, int capacity) {
    while (file->used >= file->frame->nb_samples) {
        int code = advance(file);
        if (code != 1) {
            file->frame->nb_samples = file->used = 0;
            return code;
        }
    }
    const AVFrame *frame = file->frame;
    if (frame->sample_rate != file->rate || frame->ch_layout.nb_channels != file->channels) {
        file->rate = frame->sample_rate;
        file->channels = frame->ch_layout.nb_channels;
        return TIMBRE_AV_FORMAT;
    }
    int count = frame->nb_samples - file->used;
    if (count > capacity) count = capacity;
    for (int index = 0; index < count; index++)
        for (int channel = 0; channel < file->channels; channel++)
            destination[index * file->channels + channel] = sample(file, channel, file->used + index);
    file->used += count;
    return count;
}

void timbre_av_close(timbre_av *file) {
    if (!file) return;
    av.avcodec_free_context(&file->codec);
    av.avformat_close_input(&file->container);
    if (file->io) av.av_freep(&file->io->buffer);
    av.avio_context_free(&file->io);
    av.av_packet_free(&file->packet);
    av.av_frame_free(&file->frame);
    free(file);
}
