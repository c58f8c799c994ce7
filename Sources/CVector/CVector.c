// Inner products and the element-wise steps of a network; see CVector.h.
// `target_clones` makes one copy of each function per instruction set.
#include "Vector.h"

#include <math.h>

EVERY_MACHINE
float timbre_dot(const float *a, const float *b, size_t count) {
    Vector sums[4] = {{0}, {0}, {0}, {0}};
    size_t i = 0;
    for (; i + 4 * LANES <= count; i += 4 * LANES)
        for (int s = 0; s < 4; s++)
            sums[s] += *(const Vector *)(a + i + s * LANES) * *(const Vector *)(b + i + s * LANES);
    for (; i + LANES <= count; i += LANES) sums[0] += *(const Vector *)(a + i) * *(const Vector *)(b + i);
    Vector sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    for (int width = LANES / 2; width; width /= 2)
        for (int lane = 0; lane < width; lane++) sum[lane] += sum[lane + width];
    float total = sum[0];
    for (; i < count; i++) total += a[i] * b[i];
    return total;
}

EVERY_MACHINE
void timbre_dot_pair(const float *a, const float *b, const float *x, size_t count, float *first, float *second) {
    Vector sums[4] = {{0}, {0}, {0}, {0}};
    size_t i = 0;
    for (; i + 2 * LANES <= count; i += 2 * LANES)
        for (int s = 0; s < 2; s++) {
            const Vector samples = *(const Vector *)(x + i + s * LANES);
            sums[s] += *(const Vector *)(a + i + s * LANES) * samples;
            sums[2 + s] += *(const Vector *)(b + i + s * LANES) * samples;
        }
    for (; i + LANES <= count; i += LANES) {
        const Vector samples = *(const Vector *)(x + i);
        sums[0] += *(const Vector *)(a + i) * samples;
        sums[2] += *(const Vector *)(b + i) * samples;
    }
    Vector sum = sums[0] + sums[1], other = sums[2] + sums[3];
    for (int width = LANES / 2; width; width /= 2)
        for (int lane = 0; lane < width; lane++) {
            sum[lane] += sum[lane + width];
            other[lane] += other[lane + width];
        }
    float total = sum[0], otherTotal = other[0];
    for (; i < count; i++) {
        total += a[i] * x[i];
        otherTotal += b[i] * x[i];
    }
    *first = total;
    *second = otherTotal;
}

enum { HALFBAND_BLOCK = 256 };

EVERY_MACHINE
void timbre_halfband(const float *input, float *output, size_t outputs, const float *coefficients, size_t taps,
                     float center) {
    // Only the even samples meet coefficients: side by side, they let one vector serve as many outputs as it has lanes.
    float even[HALFBAND_BLOCK + 2 * taps];
    size_t n = 0;
    while (outputs - n >= LANES) {
        const size_t count = (outputs - n < HALFBAND_BLOCK ? outputs - n : HALFBAND_BLOCK) / LANES * LANES;
        for (size_t i = 0; i < count + 2 * taps - 1; i++) even[i] = input[2 * (n + i)];
        for (size_t first = 0; first < count; first += LANES, n += LANES) {
            Vector sum;
            for (int lane = 0; lane < LANES; lane++) sum[lane] = center * input[2 * (n + lane + taps) - 1];
            for (size_t i = 0; i < taps; i++)
                sum += coefficients[i] *
                       (*(const Vector *)(even + first + i) + *(const Vector *)(even + first + 2 * taps - 1 - i));
            *(Vector *)(output + n) = sum;
        }
    }
    for (; n < outputs; n++) {
        const float *x = input + 2 * n;
        float sum = center * x[2 * taps - 1];
        for (size_t i = 0; i < taps; i++) sum += coefficients[i] * (x[2 * i] + x[4 * taps - 2 - 2 * i]);
        output[n] = sum;
    }
}

EVERY_MACHINE
void timbre_affine(const float *input, float *output, size_t frames, size_t channels, const float *scale,
                   const float *shift) {
    for (size_t f = 0; f < frames; f++, input += channels, output += channels)
        for (size_t c = 0; c < channels; c++) output[c] = input[c] * scale[c] + shift[c];
}

EVERY_MACHINE
void timbre_maximum(const float *a, const float *b, float *output, size_t count) {
    for (size_t i = 0; i < count; i++) output[i] = a[i] > b[i] ? a[i] : b[i];
}

EVERY_MACHINE
void timbre_rectify(const float *input, float *output, size_t count) {
    for (size_t i = 0; i < count; i++) output[i] = input[i] > 0 ? input[i] : 0;
}

EVERY_MACHINE
void timbre_rectify_leaky(const float *input, float *output, size_t count, float slope) {
    for (size_t i = 0; i < count; i++) output[i] = input[i] > 0 ? input[i] : slope * input[i];
}

EVERY_MACHINE
void timbre_rectify_apart(const float *input, float *output, size_t frames, size_t channels, size_t stride) {
    for (size_t f = 0; f < frames; f++, input += channels, output += stride)
        for (size_t c = 0; c < channels; c++) output[c] = input[c] > 0 ? input[c] : 0;
}

EVERY_MACHINE
void timbre_rectify_pool(const float *upper, const float *lower, float *output, size_t frames, size_t channels,
                         size_t stride) {
    for (size_t f = 0; f < frames; f++, upper += 2 * channels, lower += 2 * channels, output += stride)
        for (size_t c = 0; c < channels; c++) {
            const float a = upper[c] > upper[c + channels] ? upper[c] : upper[c + channels];
            const float b = lower[c] > lower[c + channels] ? lower[c] : lower[c + channels];
            const float most = a > b ? a : b;
            output[c] = most > 0 ? most : 0;
        }
}

void timbre_sigmoid(const float *input, float *output, size_t count) {
    for (size_t i = 0; i < count; i++) output[i] = 1 / (1 + expf(-input[i]));
}
