// Independent sums in registers, as many as hide the latency of one; see CMachine.h.
#include "CMachine.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define EVERY_MACHINE __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#define VNNI __attribute__((target("arch=x86-64-v4,avx512vnni"), min_vector_width(512)))
#else
#define EVERY_MACHINE
#endif

enum { SUMS = 12, FLOATS = 16, BYTES = 64 };
typedef float Vector __attribute__((vector_size(FLOATS * sizeof(float))));

size_t timbre_peak_float_operations(void) { return (size_t)SUMS * FLOATS; }

EVERY_MACHINE
float timbre_peak_float(size_t rounds) {
    Vector sums[SUMS], factor, term;
    for (int i = 0; i < FLOATS; i++) factor[i] = 0.999f, term[i] = 0.001f;
    for (int s = 0; s < SUMS; s++) sums[s] = factor + (float)s;
#pragma clang loop unroll(disable)
    for (size_t round = 0; round < rounds; round++)
        for (int s = 0; s < SUMS; s++) sums[s] = sums[s] * factor + term;
    float total = 0;
    for (int s = 0; s < SUMS; s++)
        for (int i = 0; i < FLOATS; i++) total += sums[s][i];
    return total;
}

#if defined(__x86_64__)
VNNI static int peakBytes(size_t rounds) {
    __m512i sums[SUMS];
    const __m512i factor = _mm512_set1_epi8(3), term = _mm512_set1_epi8(5);
    for (int s = 0; s < SUMS; s++) sums[s] = _mm512_set1_epi32(s);
#pragma clang loop unroll(disable)
    for (size_t round = 0; round < rounds; round++)
        for (int s = 0; s < SUMS; s++) {
            sums[s] = _mm512_dpbusd_epi32(sums[s], factor, term);
            // Otherwise the compiler would add them up beforehand.
            __asm__("" : "+v"(sums[s]));
        }
    __m512i total = sums[0];
    for (int s = 1; s < SUMS; s++) total = _mm512_add_epi32(total, sums[s]);
    return _mm512_reduce_add_epi32(total);
}

size_t timbre_peak_bytes_operations(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("x86-64-v4") && __builtin_cpu_supports("avx512vnni") ? (size_t)SUMS * BYTES : 0;
}

int timbre_peak_bytes(size_t rounds) { return timbre_peak_bytes_operations() > 0 ? peakBytes(rounds) : 0; }
#else
size_t timbre_peak_bytes_operations(void) { return 0; }

int timbre_peak_bytes(size_t rounds) { return 0; }
#endif
