// Counts the allocations of every thread, for the programs that link it; glibc only.
#pragma once
#include <stddef.h>

/// Calls of malloc, calloc, realloc and the aligned ones by the calling thread since it began.
size_t timbre_allocations(void);
