#include "CTestProcess.h"

#include <signal.h>

__attribute__((constructor)) void timbre_ignore_broken_pipes(void) {
    signal(SIGPIPE, SIG_IGN);
}

int timbre_add(int a, int b) { return a + b; }

float timbre_element(const float *values, int index) { return values[index]; }
