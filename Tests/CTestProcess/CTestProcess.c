#include "CTestProcess.h"

#include <signal.h>

__attribute__((constructor)) void timbre_ignore_broken_pipes(void) {
    signal(SIGPIPE, SIG_IGN);
}
