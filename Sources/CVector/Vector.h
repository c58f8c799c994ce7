// What the kernels share: the vector type and the instruction sets every function is compiled for.
#pragma once
#include "CVector.h"

#if defined(__x86_64__)
#define EVERY_MACHINE __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define EVERY_MACHINE
#endif

enum { LANES = 16 };  // floats per vector: one AVX-512 register, two AVX ones, four SSE ones
typedef float Vector __attribute__((vector_size(LANES * sizeof(float)), aligned(4)));
