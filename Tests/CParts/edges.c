// Calls every function of the C parts with every small shape, on memory that ends where the function's right to it ends. Run by
// scripts/asan-test, under the address and undefined-behaviour sanitizers; what is computed is tested in Swift.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "CLinux.h"
#include "CVector.h"
#include "edges.h"

// Exactly `count` floats between -1 and 1; the byte behind them belongs to nobody.
static float *floats(size_t count) {
    float *values = malloc(count * sizeof(float));
    for (size_t i = 0; i < count; i++) values[i] = (float)((i * 37 + 11) % 41) / 20 - 1;
    return values;
}

static void vectors(size_t count) {
    float *a = floats(count), *b = floats(count), *x = floats(count), *output = floats(count), first, second;
    timbre_dot(a, b, count);
    timbre_dot_pair(a, b, x, count, &first, &second);
    timbre_maximum(a, b, output, count);
    timbre_rectify(a, output, count);
    timbre_rectify_leaky(a, output, count, 0.1f);
    timbre_sigmoid(a, output, count);
    timbre_sigmoid(output, output, count);
    free(a), free(b), free(x), free(output);
    uint16_t *halves = calloc(count ? count : 1, sizeof(uint16_t));
    float *wide = floats(count);
    timbre_widen_half(halves, wide, count);
    free(halves), free(wide);
}

static void frames(size_t count, size_t channels, size_t stride) {
    // The last frame ends with its channels, not with its stride.
    const size_t apart = count ? (count - 1) * stride + channels : 0;
    float *input = floats(2 * count * channels), *lower = floats(2 * count * channels), *output = floats(apart);
    float *scale = floats(channels), *same = floats(count * channels);
    timbre_affine(input, same, count, channels, scale, scale);
    timbre_rectify_apart(input, output, count, channels, stride);
    timbre_rectify_pool(input, lower, output, count, channels, stride);
    free(input), free(lower), free(output), free(scale), free(same);
}

static void halfband(size_t outputs, size_t taps) {
    float *input = floats(outputs ? 2 * (outputs - 1) + 4 * taps - 1 : 0), *output = floats(outputs), *kernel = floats(taps);
    timbre_halfband(input, output, outputs, kernel, taps, 0.5f);
    free(input), free(output), free(kernel);
}

static void spectrum(size_t length) {
    TimbreSpectrum *tables = malloc(sizeof(TimbreSpectrum));
    timbre_spectrum_prepare(tables);
    float *samples = floats(length), *window = floats(length), *magnitudes = floats(257), output[3];
    timbre_spectrum(tables, samples, window, length, magnitudes);
    const TimbreBand bands[3] = {{0, 1}, {200, 57}, {256, 1}};
    float *weights = floats(59);
    timbre_log_bands(magnitudes, bands, 3, weights, 1, output);
    free(tables), free(samples), free(window), free(magnitudes), free(weights);
}

static void convolution(size_t outputs, size_t inputs, size_t taps, size_t count) {
    const size_t packed = timbre_packed_count(outputs, inputs, taps), rows = (outputs + timbre_panel - 1) / timbre_panel * timbre_panel;
    float *plain = floats(outputs * inputs * taps), *weights = aligned_alloc(64, (packed * sizeof(float) + 63) / 64 * 64);
    float *bias = floats(rows), *input = floats((count + taps - 1) * inputs), *output = floats(count * outputs);
    timbre_pack_float(plain, outputs, inputs, taps, weights);
    TimbreConvolution all = {weights, bias, false, outputs, inputs, taps};
    timbre_convolve(&all, input, inputs, inputs, output, count, false);
    timbre_convolve(&all, input, inputs, inputs, output, count, true);
    if (timbre_half_is_fast()) {
        uint16_t *narrow = calloc(outputs * inputs * taps, sizeof(uint16_t));
        uint16_t *halves = aligned_alloc(64, (packed * sizeof(uint16_t) + 63) / 64 * 64);
        timbre_pack_half(narrow, outputs, inputs, taps, halves);
        all.weights = halves, all.half = true;
        timbre_convolve(&all, input, inputs, inputs, output, count, false);
        free(narrow), free(halves);
    }
    free(plain), free(weights), free(bias), free(input), free(output);
}

static void linux_parts(void) {
    int pair[2];
    pid_t pid;
    uid_t uid;
    gid_t gid, groups[64];
    MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    MUST(timbre_peer_credentials(pair[0], &pid, &uid, &gid) == 0 && pid == getpid());
    MUST(timbre_peer_groups(pair[0], groups, 64) >= 0 || errno == ERANGE);
    timbre_peer_groups(pair[0], groups, 0);
    MUST(timbre_peer_credentials(-1, &pid, &uid, &gid) == -1 && errno == EBADF);
    MUST(timbre_accept(-1) == -1);
    const int event = timbre_eventfd();
    MUST(event >= 0);
    MUST(timbre_thread_name("edges") == 0);
    timbre_thread_name("a name that is longer than fifteen bytes");
    MUST(timbre_thread_cpu_seconds() > 0);
    const int signals[] = {SIGHUP, SIGTERM};
    const int descriptor = timbre_signalfd(signals, 2);
    MUST(descriptor >= 0 && timbre_signalfd_read(descriptor) == 0);
    kill(getpid(), SIGHUP);
    MUST(timbre_signalfd_read(descriptor) == SIGHUP);
    signal(SIGHUP, SIG_DFL);
    MUST(!timbre_signal_is_ignored(SIGHUP));
    signal(SIGHUP, SIG_IGN);
    MUST(timbre_signal_is_ignored(SIGHUP));
    signal(SIGHUP, SIG_DFL);
    close(descriptor), close(event), close(pair[0]), close(pair[1]);
}

static void identity(void) {
    MUST(strlen(timbre_revision()) < 96);
    const int program = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    off_t offset;
    size_t parts = 0, size;
    while ((size = timbre_program_part(program, (int)parts, &offset)) > 0) {
        // Its last byte is in the file.
        char last;
        MUST(pread(program, &last, 1, offset + (off_t)size - 1) == 1);
        parts++;
    }
    MUST(parts > 0);
    close(program);
    // No program, and no file.
    const int other = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    MUST(other >= 0 && timbre_program_part(other, 0, &offset) == 0 && timbre_program_part(-1, 0, &offset) == 0);
    close(other);
}

// Does what the sanitizers are there for.
static int plant(const char *fault) {
    if (strcmp(fault, "overrun") == 0) {
        float *values = floats(7), sum = timbre_dot(values, values, 8);
        return sum > 0;
    }
    volatile int highest = INT_MAX;
    highest = highest + 1;
    return 0;
}

// Frames and packed weights that end with what may be read of them: three bytes behind the inputs.
static void quantized(size_t outputs, size_t inputs, size_t taps, size_t rows) {
    const size_t panels = (outputs + timbre_panel - 1) / timbre_panel;
    float *weights = floats(outputs * inputs * taps), *scales = floats(panels * timbre_panel);
    int8_t *packed = malloc(timbre_quantized_count(outputs, inputs, taps));
    int32_t *corrections = malloc(panels * taps * timbre_panel * sizeof(int32_t));
    // A row of nearly nothing, whose inverse is not finite.
    for (size_t i = 0; i < inputs * taps; i++) weights[i] = 1e-40f;
    timbre_pack_quantized(weights, outputs, inputs, taps, packed, corrections, scales);
    float *bias = floats(panels * timbre_panel);
    const TimbreQuantized convolution = {packed, corrections, scales, bias, outputs, inputs, taps};
    const uint8_t **places = malloc(taps * rows * sizeof(*places));
    float *frameScales = floats(taps * rows), *input = floats(inputs), *output = floats(rows * outputs);
    for (size_t place = 0; place < taps * rows; place++) {
        uint8_t *frame = malloc(inputs + 3);
        memset(frame, 255, inputs + 3);
        if (place % 4 == 1) input[place % inputs] = 0.0f / 0.0f;
        if (place % 4 == 2) input[place % inputs] = 1e30f;
        if (place % 4 == 3)
            for (size_t i = 0; i < inputs; i++) input[i] = -1e-39f;
        frameScales[place] = timbre_quantize(input, inputs, frame);
        places[place] = frame;
    }
    for (int anywhere = 0; anywhere < 2; anywhere++)
        for (int accumulate = 0; accumulate < 2; accumulate++)
            timbre_convolve_quantized(&convolution, places, frameScales, output, rows, accumulate, anywhere);
    for (size_t place = 0; place < taps * rows; place++) free((void *)places[place]);
    free(weights), free(scales), free(packed), free(corrections), free(bias), free(places), free(frameScales), free(input);
    free(output);
}

// main FAULT: plants "overrun" or "overflow". main FILE...: calls everything; the files are for the decoders.
int main(int count, char **words) {
    if (count == 2 && strncmp(words[1], "over", 4) == 0) return plant(words[1]);
    for (size_t length = 0; length <= 200; length++) vectors(length);
    for (size_t length = 0; length <= 5; length++)
        for (size_t channels = 1; channels <= 40; channels++) frames(length, channels, channels + length % 3);
    for (size_t outputs = 0; outputs <= 70; outputs++)
        for (size_t taps = 1; taps <= 20; taps++) halfband(outputs, taps);
    for (size_t length = 0; length <= 512; length += 2) spectrum(length);
    for (size_t outputs = 1; outputs <= 35; outputs += 2)
        for (size_t inputs = 1; inputs <= 20; inputs += 3)
            for (size_t taps = 1; taps <= 3; taps++)
                for (size_t rows = 1; rows <= 9; rows++) convolution(outputs, inputs, taps, rows);
    timbre_quantized_is_fast();
    for (size_t outputs = 1; outputs <= 150; outputs += 7)
        for (size_t inputs = 1; inputs <= 20; inputs += 3)
            for (size_t taps = 1; taps <= 3; taps++)
                for (size_t rows = 1; rows <= 9; rows++) quantized(outputs, inputs, taps, rows);
    linux_parts();
    identity();
    pipewire();
    decoders(count - 1, words + 1);
    puts("edges.c: every function of the C parts was called; no fault");
    return 0;
}
