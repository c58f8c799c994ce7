// The inner products of the hot path, compiled once per instruction set and chosen when the program loads.
//
// Swift has no function multiversioning, and a binary for every x86-64 may not assume AVX. All functions are pure
// arithmetic: no allocation, no lock, no system call; safe on any thread. Sums run in an order that depends only on
// the shape, never on how many frames are processed together, so results are bit-identical for every block size.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The sum over i < count of a[i] * b[i].
float timbre_dot(const float *a, const float *b, size_t count);

/// The sums over i < count of a[i] * x[i] and of b[i] * x[i], in one pass over x: a complex kernel on a real signal.
void timbre_dot_pair(const float *a, const float *b, const float *x, size_t count, float *first, float *second);

/// Halves the rate of a signal by a symmetric half-band filter.
///
/// output[n] = center * input[2n + taps*2 - 1] + sum over i < taps of
///   coefficients[i] * (input[2n + 2i] + input[2n + 4*taps - 2 - 2i])
/// where the filter spans 4*taps - 1 inputs.
void timbre_halfband(const float *input, float *output, size_t outputs, const float *coefficients, size_t taps,
                     float center);

/// output[f][c] = input[f][c] * scale[c] + shift[c]; `input` may be `output`.
void timbre_affine(const float *input, float *output, size_t frames, size_t channels, const float *scale,
                   const float *shift);

/// output[i] = the larger of a[i] and b[i]; `output` may be one of them.
void timbre_maximum(const float *a, const float *b, float *output, size_t count);

/// output[i] = input[i] where that is above zero, else 0 (NaN included); `input` may be `output`.
void timbre_rectify(const float *input, float *output, size_t count);

/// output[i] = input[i] where that is above zero, else slope * input[i]; `input` may be `output`.
void timbre_rectify_leaky(const float *input, float *output, size_t count, float slope);

/// output[f * stride + c] = input[f * channels + c] where that is above zero, else 0.
void timbre_rectify_apart(const float *input, float *output, size_t frames, size_t channels, size_t stride);

/// output[f * stride + c] = the largest of zero and the frames 2f and 2f + 1 of two rows, in channel c.
void timbre_rectify_pool(const float *upper, const float *lower, float *output, size_t frames, size_t channels,
                         size_t stride);

/// output[i] = 1 / (1 + exp(-input[i])); `input` may be `output`.
void timbre_sigmoid(const float *input, float *output, size_t count);

/// Points of the spectrum that `timbre_spectrum` makes.
enum { timbre_spectrum_points = 512 };

/// The factors of its butterflies, filled in once by `timbre_spectrum_prepare`.
typedef struct {
    /// The factors of every pass and their squares and cubes, pass after pass.
    float cosine[3][85], sine[3][85];
    /// The factors that part the spectra of the even and the odd samples.
    float unfoldCosine[256], unfoldSine[256];
} TimbreSpectrum;

/// Fills in the factors.
void timbre_spectrum_prepare(TimbreSpectrum *tables);

/// The magnitudes of the spectrum of samples[n] * window[n], n < length, padded with zeros to 512 points.
///
/// `length` is even and at most 512; `magnitudes` has room for 257.
void timbre_spectrum(const TimbreSpectrum *tables, const float *samples, const float *window, size_t length,
                     float *magnitudes);

/// The points of a spectrum that fall into one band.
typedef struct {
    size_t first, count;
} TimbreBand;

/// output[b] = the natural logarithm of offset + the weighted sum of the magnitudes of band b; `weights` holds the
/// weights of one band behind those of the other.
void timbre_log_bands(const float *magnitudes, const TimbreBand *bands, size_t count, const float *weights, float offset,
                      float *output);

/// Rows of weights that lie side by side in a packed panel.
enum { timbre_panel = 16 };

/// One convolution (or, with one tap, one matrix) in the order in which the kernels read it.
///
/// `weights` is [panel][tap][input][timbre_panel], the rows of the last panel padded with zeros: float, or IEEE half
/// precision when `half`, which is widened on the way into the registers. The arithmetic is single precision always,
/// so a weight that is exact in half precision gives the same bits either way, for half the memory traffic.
typedef struct {
    const void *weights;
    /// One per row, padded like the weights.
    const float *bias;
    bool half;
    size_t outputs, inputs, taps;
} TimbreConvolution;

/// Elements of the packed form of [outputs][inputs][taps] weights.
size_t timbre_packed_count(size_t outputs, size_t inputs, size_t taps);

/// Packs [outputs][inputs][taps] weights, the order of PyTorch, into `packed`.
void timbre_pack_float(const float *weights, size_t outputs, size_t inputs, size_t taps, float *packed);
/// The same for half precision.
void timbre_pack_half(const uint16_t *weights, size_t outputs, size_t inputs, size_t taps, uint16_t *packed);

/// Whether this processor widens half precision in hardware, so that packed halves are worth having.
bool timbre_half_is_fast(void);

/// Widens half precision to single precision.
void timbre_widen_half(const uint16_t *halves, float *output, size_t count);

/// output[f][r] = bias[r] + sum over taps t and inputs c of weights[r][c][t] * input[f*frameStride + t*tapStride + c]
///
/// The sum runs over t, then c. With `accumulate` the result is added to what stands in `output` already; `output` has
/// `outputs` floats per frame.
void timbre_convolve(const TimbreConvolution *convolution, const float *input, size_t frameStride, size_t tapStride,
                     float *output, size_t frames, bool accumulate);

/// The byte that stands for an input of zero, and the largest distance from it: inputs are 1 to 255.
enum { timbre_quantized_zero = 128, timbre_quantized_most = 127 };

/// One convolution with 8-bit weights, in the order in which the kernels read it.
///
/// A weight is a whole number from -127 to 127 times the scale of its row. `weights` is [panel][tap][ceil(inputs /
/// 4)][timbre_panel][4], filled up with zeros.
typedef struct {
    const int8_t *weights;
    /// [panel][tap][timbre_panel]: what the zero of the inputs adds to the sum, taken off.
    const int32_t *corrections;
    /// One per row, filled up to whole panels.
    const float *scales, *bias;
    size_t outputs, inputs, taps;
} TimbreQuantized;

/// Bytes of the packed form of [outputs][inputs][taps] weights.
size_t timbre_quantized_count(size_t outputs, size_t inputs, size_t taps);

/// Rounds and packs weights [outputs][inputs][taps]. `corrections` has taps * timbre_panel numbers and `scales` has
/// timbre_panel for each panel.
void timbre_pack_quantized(const float *weights, size_t outputs, size_t inputs, size_t taps, int8_t *packed,
                           int32_t *corrections, float *scales);

/// Whether this processor multiplies bytes faster than numbers of single precision (AVX-512 VNNI).
bool timbre_quantized_is_fast(void);

/// Rounds a frame to bytes; returns the scale: input[i] is nearly (output[i] - timbre_quantized_zero) * scale. A frame of
/// zeros, or with a number that is not finite, gives zeros.
float timbre_quantize(const float *input, size_t count, uint8_t *output);

/// output[row][r] = bias[r] + scale of r * sum over taps t of scales[t][row] * sum over inputs c of
///   weight[r][t][c] * (frames[t][row][c] - timbre_quantized_zero)
///
/// `frames` is [taps][rows] pointers, each to `inputs` bytes, of which up to three more are read and have no effect;
/// `scales` is [taps][rows]. With `accumulate` the result is added to what stands in `output`. `anywhere` takes the code
/// that runs on every machine; the bits are the same.
void timbre_convolve_quantized(const TimbreQuantized *convolution, const uint8_t *const *frames, const float *scales,
                               float *output, size_t rows, bool accumulate, bool anywhere);
