// Before a program under test: writes the path of every file that it opens into the file TIMBRE_OPENED, one a line.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int open(const char *path, int flags, ...) {
    static int (*original)(const char *, int, ...);
    if (!original) original = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open");
    va_list list;
    va_start(list, flags);
    const mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0;
    va_end(list);
    const char *log = getenv("TIMBRE_OPENED");
    const int descriptor = log ? original(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    if (descriptor >= 0) {
        // One write a line, whole or not at all.
        char line[4096];
        const size_t length = strnlen(path, sizeof line - 1);
        memcpy(line, path, length);
        line[length] = '\n';
        if (write(descriptor, line, length + 1) < 0) abort();
        close(descriptor);
    }
    return original(path, flags, mode);
}
