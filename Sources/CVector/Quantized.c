// Convolutions with 8-bit weights and inputs; see CVector.h.
//
// The products are summed as integers, which is exact, so every machine and every order gives the same sums; what is done
// with them in single precision is written as fused multiply-adds, which every machine rounds the same way.
#include "Vector.h"

#include <math.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { QUAD = 4 };  // inputs that one instruction multiplies for each output
#define LEAST 1e-30f  // what is smaller is zero: its inverse might not be finite

typedef struct {
    const TimbreQuantized *convolution;
    const uint8_t *const *frames;
    const float *scales;
    float *output;
    size_t rows;
    bool accumulate;
} Job;

static size_t quads(const TimbreQuantized *c) { return (c->inputs + QUAD - 1) / QUAD; }

/// The definition, for machines without an instruction of their own and as the measure of those that have it.
EVERY_MACHINE
static void convolveAnywhere(const Job *job) {
    const TimbreQuantized *c = job->convolution;
    const size_t depth = quads(c), panels = (c->outputs + LANES - 1) / LANES;
    for (size_t row = 0; row < job->rows; row++)
        for (size_t panel = 0; panel < panels; panel++) {
            float sums[LANES] = {0};
            for (size_t tap = 0; tap < c->taps; tap++) {
                const int8_t *w = c->weights + (panel * c->taps + tap) * depth * LANES * QUAD;
                const uint8_t *x = job->frames[tap * job->rows + row];
                int32_t exact[LANES];
                memcpy(exact, c->corrections + (panel * c->taps + tap) * LANES, sizeof exact);
                for (size_t q = 0; q < depth; q++)
                    for (size_t lane = 0; lane < LANES; lane++)
                        for (size_t i = 0; i < QUAD; i++)
                            exact[lane] += (int32_t)w[(q * LANES + lane) * QUAD + i] * x[q * QUAD + i];
                for (size_t lane = 0; lane < LANES; lane++)
                    sums[lane] = fmaf(job->scales[tap * job->rows + row], (float)exact[lane], sums[lane]);
            }
            for (size_t lane = 0; lane < LANES && panel * LANES + lane < c->outputs; lane++) {
                const size_t output = panel * LANES + lane;
                const float y = fmaf(sums[lane], c->scales[output], c->bias[output]);
                float *place = job->output + row * c->outputs + output;
                *place = job->accumulate ? *place + y : y;
            }
        }
}

#if defined(__x86_64__)
#define VNNI __attribute__((target("arch=x86-64-v4,avx512vnni"), min_vector_width(512)))

/// `panels` panels times `rows` rows, kept in registers: both are constants wherever this is inlined.
VNNI static inline __attribute__((always_inline)) void tile(const Job *job, size_t panel, size_t row, const size_t panels,
                                                            const size_t rows) {
    const TimbreQuantized *c = job->convolution;
    const size_t depth = quads(c), panelSize = c->taps * depth * LANES * QUAD;
    __m512 sums[rows][panels];
    for (size_t r = 0; r < rows; r++)
        for (size_t p = 0; p < panels; p++) sums[r][p] = _mm512_setzero_ps();
    for (size_t tap = 0; tap < c->taps; tap++) {
        const int8_t *w = c->weights + panel * panelSize + tap * depth * LANES * QUAD;
        const uint8_t *x[rows];
        __m512i exact[rows][panels];
        for (size_t r = 0; r < rows; r++) {
            x[r] = job->frames[tap * job->rows + row + r];
            for (size_t p = 0; p < panels; p++)
                exact[r][p] = _mm512_loadu_si512(c->corrections + ((panel + p) * c->taps + tap) * LANES);
        }
#pragma clang loop unroll(disable)
        for (size_t q = 0; q < depth; q++, w += LANES * QUAD) {
            __m512i weights[panels];
            for (size_t p = 0; p < panels; p++) weights[p] = _mm512_loadu_si512(w + p * panelSize);
            for (size_t r = 0; r < rows; r++) {
                int32_t four;
                memcpy(&four, x[r] + q * QUAD, sizeof four);
                const __m512i inputs = _mm512_set1_epi32(four);
                for (size_t p = 0; p < panels; p++) exact[r][p] = _mm512_dpbusd_epi32(exact[r][p], inputs, weights[p]);
            }
        }
        for (size_t r = 0; r < rows; r++) {
            const __m512 scale = _mm512_set1_ps(job->scales[tap * job->rows + row + r]);
            for (size_t p = 0; p < panels; p++)
                sums[r][p] = _mm512_fmadd_ps(scale, _mm512_cvtepi32_ps(exact[r][p]), sums[r][p]);
        }
    }
    for (size_t p = 0; p < panels; p++) {
        const size_t first = (panel + p) * LANES, left = c->outputs - first;
        const __mmask16 mask = left < LANES ? (__mmask16)((1u << left) - 1) : (__mmask16)0xFFFF;
        const __m512 scale = _mm512_loadu_ps(c->scales + first), bias = _mm512_loadu_ps(c->bias + first);
        for (size_t r = 0; r < rows; r++) {
            float *place = job->output + (row + r) * c->outputs + first;
            __m512 y = _mm512_fmadd_ps(sums[r][p], scale, bias);
            if (job->accumulate) y = _mm512_add_ps(_mm512_maskz_loadu_ps(mask, place), y);
            _mm512_mask_storeu_ps(place, mask, y);
        }
    }
}

/// As many whole groups of `rows` rows as there are from `row`, panels outermost so that their weights stay in the nearest
/// cache; answers with the first row that is left.
VNNI static inline __attribute__((always_inline)) size_t sweep(const Job *job, size_t row, const size_t panels,
                                                               const size_t rows) {
    const size_t all = (job->convolution->outputs + LANES - 1) / LANES, last = job->rows - (job->rows - row) % rows;
    size_t panel = 0;
    for (; panel + panels <= all; panel += panels)
        for (size_t r = row; r < last; r += rows) tile(job, panel, r, panels, rows);
    for (; panel < all; panel++)
        for (size_t r = row; r < last; r += rows) tile(job, panel, r, 1, rows);
    return last;
}

// The resolver below runs before that of `convolveAnywhere`, so it may not take its address.
static void convolvePlainly(const Job *job) { convolveAnywhere(job); }

VNNI static void convolveVNNI(const Job *job) {
    size_t row = sweep(job, 0, 2, 6);
    row = sweep(job, row, 4, 2);
    sweep(job, row, 8, 1);
}

static bool hasVNNI(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("x86-64-v4") && __builtin_cpu_supports("avx512vnni");
}

bool timbre_quantized_is_fast(void) { return hasVNNI(); }

typedef void (*Convolve)(const Job *);

// The dynamic linker calls this once, as it does for the functions with `target_clones`.
static Convolve chooseConvolveQuantized(void) {
    return hasVNNI() ? convolveVNNI : convolvePlainly;
}

static void convolveQuantizedHere(const Job *job) __attribute__((ifunc("chooseConvolveQuantized")));
#else
bool timbre_quantized_is_fast(void) { return false; }

static void convolveQuantizedHere(const Job *job) { convolveAnywhere(job); }
#endif

void timbre_convolve_quantized(const TimbreQuantized *convolution, const uint8_t *const *frames, const float *scales,
                               float *output, size_t rows, bool accumulate, bool anywhere) {
    const Job job = {convolution, frames, scales, output, rows, accumulate};
    if (anywhere)
        convolveAnywhere(&job);
    else
        convolveQuantizedHere(&job);
}

EVERY_MACHINE
float timbre_quantize(const float *input, size_t count, uint8_t *output) {
    float most = 0, odd = 0;
    for (size_t i = 0; i < count; i++) {
        most = fmaxf(most, fabsf(input[i]));
        // Zero times what is not finite is no number, and remains none.
        odd += input[i] * 0;
    }
    if (most < LEAST || odd != 0) {
        memset(output, timbre_quantized_zero, count);
        return 0;
    }
    const float factor = timbre_quantized_most / most;
    for (size_t i = 0; i < count; i++) output[i] = (uint8_t)(timbre_quantized_zero + (int)rintf(input[i] * factor));
    return most / timbre_quantized_most;
}

size_t timbre_quantized_count(size_t outputs, size_t inputs, size_t taps) {
    return (outputs + LANES - 1) / LANES * LANES * ((inputs + QUAD - 1) / QUAD * QUAD) * taps;
}

void timbre_pack_quantized(const float *weights, size_t outputs, size_t inputs, size_t taps, int8_t *packed,
                           int32_t *corrections, float *scales) {
    const size_t depth = (inputs + QUAD - 1) / QUAD;
    for (size_t row = 0; row < (outputs + LANES - 1) / LANES * LANES; row++) {
        const size_t panel = row / LANES, lane = row % LANES;
        const float *w = weights + row * inputs * taps;
        float most = 0;
        if (row < outputs)
            for (size_t i = 0; i < inputs * taps; i++) most = fmaxf(most, fabsf(w[i]));
        if (most < LEAST) most = 0;
        scales[row] = most / timbre_quantized_most;
        for (size_t tap = 0; tap < taps; tap++) {
            int32_t sum = 0;
            for (size_t input = 0; input < depth * QUAD; input++) {
                const float exact = row < outputs && input < inputs && most > 0
                                        ? w[input * taps + tap] * (timbre_quantized_most / most)
                                        : 0;
                const int8_t value = (int8_t)rintf(exact);
                sum += value;
                packed[(((panel * taps + tap) * depth + input / QUAD) * LANES + lane) * QUAD + input % QUAD] = value;
            }
            corrections[(panel * taps + tap) * LANES + lane] = -timbre_quantized_zero * sum;
        }
    }
}
