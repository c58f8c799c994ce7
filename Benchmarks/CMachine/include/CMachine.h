// What one core does at its best: arithmetic that never leaves the registers.
#pragma once
#include <stddef.h>

/// Products and sums of one round of `timbre_peak_float`.
size_t timbre_peak_float_operations(void);
/// The same for `timbre_peak_bytes`; 0 where the processor has no instruction for them.
size_t timbre_peak_bytes_operations(void);

/// Fused multiply-adds in single precision, `rounds` rounds of them. The result is of no interest.
float timbre_peak_float(size_t rounds);
/// Products of bytes, summed as integers.
int timbre_peak_bytes(size_t rounds);
