// Magnitudes of a 512-point spectrum and logarithmic band sums; see CVector.h.
//
// Two real samples make one complex number, so 256 complex points do. The transform is Stockham's, which needs no
// reordering, with four-way butterflies and separate real and imaginary parts, so that neighbours fill a vector.
#include "Vector.h"

#include <math.h>
#include <string.h>

enum { POINTS = timbre_spectrum_points / 2 };

void timbre_spectrum_prepare(TimbreSpectrum *tables) {
    const double pi = 3.14159265358979323846;
    size_t entry = 0;
    for (size_t n = POINTS; n > 1; n /= 4)
        for (size_t p = 0; p < n / 4; p++, entry++)
            for (size_t power = 1; power < 4; power++) {
                tables->cosine[power - 1][entry] = cos(2 * pi * (double)(power * p) / (double)n);
                tables->sine[power - 1][entry] = -sin(2 * pi * (double)(power * p) / (double)n);
            }
    for (size_t k = 0; k < POINTS; k++) {
        tables->unfoldCosine[k] = cos(pi * (double)k / POINTS);
        tables->unfoldSine[k] = -sin(pi * (double)k / POINTS);
    }
}

/// One pass of butterflies: `n` points between each of which `stride` transforms lie.
static inline __attribute__((always_inline)) void pass(
    const TimbreSpectrum *tables, size_t entry, size_t n, size_t stride, const float *restrict re,
    const float *restrict im, float *restrict toRe, float *restrict toIm) {
    const size_t quarter = n / 4, step = stride * quarter;
    for (size_t p = 0; p < quarter; p++) {
        float c[3], s[3];
        for (int power = 0; power < 3; power++) {
            c[power] = tables->cosine[power][entry + p];
            s[power] = tables->sine[power][entry + p];
        }
        for (size_t q = 0; q < stride; q++) {
            const size_t from = q + stride * p, to = q + stride * 4 * p;
            const float ar = re[from] + re[from + 2 * step], ai = im[from] + im[from + 2 * step];
            const float br = re[from] - re[from + 2 * step], bi = im[from] - im[from + 2 * step];
            const float cr = re[from + step] + re[from + 3 * step], ci = im[from + step] + im[from + 3 * step];
            const float dr = re[from + step] - re[from + 3 * step], di = im[from + step] - im[from + 3 * step];
            const float r1 = br + di, i1 = bi - dr, r2 = ar - cr, i2 = ai - ci, r3 = br - di, i3 = bi + dr;
            toRe[to] = ar + cr;
            toIm[to] = ai + ci;
            toRe[to + stride] = c[0] * r1 - s[0] * i1;
            toIm[to + stride] = c[0] * i1 + s[0] * r1;
            toRe[to + 2 * stride] = c[1] * r2 - s[1] * i2;
            toIm[to + 2 * stride] = c[1] * i2 + s[1] * r2;
            toRe[to + 3 * stride] = c[2] * r3 - s[2] * i3;
            toIm[to + 3 * stride] = c[2] * i3 + s[2] * r3;
        }
    }
}

/// The first pass, in which neighbours are of different butterflies.
static inline __attribute__((always_inline)) void firstPass(
    const TimbreSpectrum *tables, const float *restrict re, const float *restrict im, float *restrict toRe,
    float *restrict toIm) {
    enum { QUARTER = POINTS / 4 };
    for (size_t p = 0; p < QUARTER; p++) {
        const float ar = re[p] + re[p + 2 * QUARTER], ai = im[p] + im[p + 2 * QUARTER];
        const float br = re[p] - re[p + 2 * QUARTER], bi = im[p] - im[p + 2 * QUARTER];
        const float cr = re[p + QUARTER] + re[p + 3 * QUARTER], ci = im[p + QUARTER] + im[p + 3 * QUARTER];
        const float dr = re[p + QUARTER] - re[p + 3 * QUARTER], di = im[p + QUARTER] - im[p + 3 * QUARTER];
        const float r1 = br + di, i1 = bi - dr, r2 = ar - cr, i2 = ai - ci, r3 = br - di, i3 = bi + dr;
        const float *c1 = tables->cosine[0], *c2 = tables->cosine[1], *c3 = tables->cosine[2];
        const float *s1 = tables->sine[0], *s2 = tables->sine[1], *s3 = tables->sine[2];
        toRe[4 * p] = ar + cr;
        toIm[4 * p] = ai + ci;
        toRe[4 * p + 1] = c1[p] * r1 - s1[p] * i1;
        toIm[4 * p + 1] = c1[p] * i1 + s1[p] * r1;
        toRe[4 * p + 2] = c2[p] * r2 - s2[p] * i2;
        toIm[4 * p + 2] = c2[p] * i2 + s2[p] * r2;
        toRe[4 * p + 3] = c3[p] * r3 - s3[p] * i3;
        toIm[4 * p + 3] = c3[p] * i3 + s3[p] * r3;
    }
}

EVERY_MACHINE
void timbre_spectrum(const TimbreSpectrum *tables, const float *samples, const float *window, size_t length,
                     float *magnitudes) {
    float re[2][POINTS], im[2][POINTS];
    const size_t half = length / 2;
    for (size_t n = 0; n < half; n++) {
        re[0][n] = samples[2 * n] * window[2 * n];
        im[0][n] = samples[2 * n + 1] * window[2 * n + 1];
    }
    memset(re[0] + half, 0, (POINTS - half) * sizeof(float));
    memset(im[0] + half, 0, (POINTS - half) * sizeof(float));

    firstPass(tables, re[0], im[0], re[1], im[1]);
    pass(tables, 64, 64, 4, re[1], im[1], re[0], im[0]);
    pass(tables, 80, 16, 16, re[0], im[0], re[1], im[1]);
    pass(tables, 84, 4, 64, re[1], im[1], re[0], im[0]);

    const float *r = re[0], *i = im[0];
    magnitudes[0] = fabsf(r[0] + i[0]);
    magnitudes[POINTS] = fabsf(r[0] - i[0]);
    for (size_t k = 1; k < POINTS; k++) {
        const float evenRe = 0.5f * (r[k] + r[POINTS - k]), evenIm = 0.5f * (i[k] - i[POINTS - k]);
        const float oddRe = 0.5f * (i[k] + i[POINTS - k]), oddIm = 0.5f * (r[POINTS - k] - r[k]);
        const float c = tables->unfoldCosine[k], s = tables->unfoldSine[k];
        const float x = evenRe + c * oddRe - s * oddIm, y = evenIm + c * oddIm + s * oddRe;
        magnitudes[k] = sqrtf(x * x + y * y);
    }
}

EVERY_MACHINE
void timbre_log_bands(const float *magnitudes, const TimbreBand *bands, size_t count, const float *weights, float offset,
                      float *output) {
    for (size_t b = 0; b < count; b++) {
        float sum = offset;
        for (size_t k = 0; k < bands[b].count; k++) sum += weights[k] * magnitudes[bands[b].first + k];
        weights += bands[b].count;
        output[b] = logf(sum);
    }
}
