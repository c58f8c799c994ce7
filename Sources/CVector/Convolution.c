// Packed convolutions: register-blocked kernels that read every weight once per few frames; see CVector.h.
#include "Vector.h"

#include <string.h>

#define INLINE static inline __attribute__((always_inline))

typedef _Float16 Half __attribute__((vector_size(LANES * sizeof(_Float16)), aligned(2)));

typedef struct {
    const TimbreConvolution *convolution;
    const float *input;
    size_t frameStride, tapStride;
    float *output;
    bool accumulate;
} Job;

/// Puts the sums of a tile where they belong, or adds them; rows beyond the last are only padding.
__attribute__((noinline)) static void deliver(const Job *job, const Vector *sums, size_t panel, size_t panels,
                                              size_t frame, size_t frames) {
    const size_t rows = job->convolution->outputs, first = panel * LANES;
    const size_t count = rows - first < panels * LANES ? rows - first : panels * LANES;
    for (size_t f = 0; f < frames; f++) {
        const float *sum = (const float *)(sums + f * panels);
        float *y = job->output + (frame + f) * rows + first;
        if (job->accumulate)
            for (size_t r = 0; r < count; r++) y[r] += sum[r];
        else
            memcpy(y, sum, count * sizeof(float));
    }
}

/// `panels` panels times `frames` frames, kept in registers: both are constants wherever this is inlined.
INLINE void tile(const Job *job, bool half, size_t panel, size_t panels, size_t frame, size_t frames) {
    const TimbreConvolution *c = job->convolution;
    const size_t inputs = c->inputs, taps = c->taps, panelSize = inputs * taps, frameStride = job->frameStride;
    const Vector *single = (const Vector *)c->weights + panel * panelSize;
    const Half *halves = (const Half *)c->weights + panel * panelSize;
    const float *x = job->input + frame * frameStride;
    Vector sums[frames][panels], weights[panels];

    for (size_t f = 0; f < frames; f++)
        for (size_t p = 0; p < panels; p++) sums[f][p] = ((const Vector *)c->bias)[panel + p];
    for (size_t tap = 0; tap < taps; tap++, x += job->tapStride, single += inputs, halves += inputs)
#pragma clang loop unroll(disable)
        for (size_t k = 0; k < inputs; k++) {
            for (size_t p = 0; p < panels; p++)
                weights[p] =
                    half ? __builtin_convertvector(halves[p * panelSize + k], Vector) : single[p * panelSize + k];
            for (size_t f = 0; f < frames; f++)
                for (size_t p = 0; p < panels; p++) sums[f][p] += weights[p] * x[f * frameStride + k];
        }
    deliver(job, &sums[0][0], panel, panels, frame, frames);
}

/// As many whole groups of `frames` frames as there are from `frame` to `end`, panels outermost so that their weights
/// stay in the nearest cache; answers with the first frame that is left.
INLINE size_t sweep(const Job *job, bool half, size_t panels, size_t frame, size_t end, size_t frames) {
    const size_t all = (job->convolution->outputs + LANES - 1) / LANES, last = end - (end - frame) % frames;
    for (size_t panel = 0, count; panel < all; panel += count) {
        const size_t rest = all - panel;
        // A last panel alone would wait for each of its own sums, so it is never left alone.
        count = rest < panels ? rest : rest == panels + 1 && panels > 2 ? panels - 1 : panels;
        for (size_t f = frame; f < last; f += frames) {
            // Every `tile` wants a constant.
            if (count == panels) tile(job, half, panel, panels, f, frames);
            else if (panels > 7 && count == 7) tile(job, half, panel, 7, f, frames);
            else if (panels > 6 && count == 6) tile(job, half, panel, 6, f, frames);
            else if (panels > 5 && count == 5) tile(job, half, panel, 5, f, frames);
            else if (panels > 4 && count == 4) tile(job, half, panel, 4, f, frames);
            else if (panels > 3 && count == 3) tile(job, half, panel, 3, f, frames);
            else if (panels > 2 && count == 2) tile(job, half, panel, 2, f, frames);
            else tile(job, half, panel, 1, f, frames);
        }
    }
    return last;
}

/// `most` frames by `panels` panels fill the registers; `lone` panels hide the latency of a sum for a single frame.
INLINE void convolve(const Job *job, size_t frames, size_t most, size_t panels, size_t lone) {
    size_t f = 0;
    if (job->convolution->half) {
        f = sweep(job, true, panels, f, frames, most);
        if (most > 4) f = sweep(job, true, lone / 4, f, frames, 4);
        if (most > 2) f = sweep(job, true, lone / 2, f, frames, 2);
        sweep(job, true, lone, f, frames, 1);
    } else {
        f = sweep(job, false, panels, f, frames, most);
        if (most > 4) f = sweep(job, false, lone / 4, f, frames, 4);
        if (most > 2) f = sweep(job, false, lone / 2, f, frames, 2);
        sweep(job, false, lone, f, frames, 1);
    }
}

#if defined(__x86_64__)
// Without the minimum, the compiler would split 512-bit vectors in two and run out of registers.
__attribute__((target("arch=x86-64-v4"), min_vector_width(512))) static void convolve512(const Job *job,
                                                                                         size_t frames) {
    convolve(job, frames, 12, 2, 8);
}

__attribute__((target("arch=x86-64-v3"))) static void convolve256(const Job *job, size_t frames) {
    convolve(job, frames, 6, 1, 4);
}

static void convolve128(const Job *job, size_t frames) { convolve(job, frames, 2, 1, 2); }

typedef void (*Convolve)(const Job *, size_t);

// The dynamic linker calls this once, as it does for the functions with `target_clones`.
static Convolve chooseConvolve(void) {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("x86-64-v4")) return convolve512;
    if (__builtin_cpu_supports("x86-64-v3")) return convolve256;
    return convolve128;
}

static void convolveHere(const Job *job, size_t frames) __attribute__((ifunc("chooseConvolve")));

bool timbre_half_is_fast(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("x86-64-v3");
}
#else
static void convolveHere(const Job *job, size_t frames) { convolve(job, frames, 6, 1, 4); }

bool timbre_half_is_fast(void) { return true; }
#endif

void timbre_convolve(const TimbreConvolution *convolution, const float *input, size_t frameStride, size_t tapStride,
                     float *output, size_t frames, bool accumulate) {
    Job job = {convolution, input, frameStride, tapStride, output, accumulate};
    convolveHere(&job, frames);
}

void timbre_widen_half(const uint16_t *halves, float *output, size_t count) {
    for (size_t i = 0; i < count; i++) output[i] = ((const _Float16 *)halves)[i];
}

size_t timbre_packed_count(size_t outputs, size_t inputs, size_t taps) {
    return (outputs + LANES - 1) / LANES * LANES * inputs * taps;
}

#define PACK(name, Element)                                                                                \
    void name(const Element *weights, size_t outputs, size_t inputs, size_t taps, Element *packed) {       \
        for (size_t panel = 0; panel < outputs; panel += LANES)                                            \
            for (size_t tap = 0; tap < taps; tap++)                                                        \
                for (size_t input = 0; input < inputs; input++)                                            \
                    for (size_t row = panel; row < panel + LANES; row++)                                   \
                        *packed++ = row < outputs ? weights[(row * inputs + input) * taps + tap] : 0;      \
    }

PACK(timbre_pack_float, float)
PACK(timbre_pack_half, uint16_t)
