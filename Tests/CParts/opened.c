// Before a program under test: writes the path of every file that it opens into the file TIMBRE_OPENED, one a line.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// The function behind the one of this name here.
#define BEHIND(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static void note(const char *path) {
    const char *log = getenv("TIMBRE_OPENED");
    const int descriptor = log ? BEHIND(open)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    if (descriptor < 0) return;
    // One write a line, whole or not at all.
    char line[4096];
    const size_t length = strnlen(path, sizeof line - 1);
    memcpy(line, path, length);
    line[length] = '\n';
    if (write(descriptor, line, length + 1) < 0) abort();
    close(descriptor);
}

static mode_t mode_of(int flags, va_list list) { return flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0; }

#define OPEN(name)                                                                                                     \
    int name(const char *path, int flags, ...) {                                                                       \
        va_list list;                                                                                                  \
        va_start(list, flags);                                                                                         \
        const mode_t mode = mode_of(flags, list);                                                                      \
        va_end(list);                                                                                                  \
        note(path);                                                                                                    \
        return BEHIND(name)(path, flags, mode);                                                                        \
    }
OPEN(open)
OPEN(open64)

#define OPEN_AT(name)                                                                                                  \
    int name(int folder, const char *path, int flags, ...) {                                                           \
        va_list list;                                                                                                  \
        va_start(list, flags);                                                                                         \
        const mode_t mode = mode_of(flags, list);                                                                      \
        va_end(list);                                                                                                  \
        note(path);                                                                                                    \
        return BEHIND(name)(folder, path, flags, mode);                                                                \
    }
OPEN_AT(openat)
OPEN_AT(openat64)

#define OPEN_STREAM(name)                                                                                              \
    FILE *name(const char *path, const char *mode) {                                                                   \
        note(path);                                                                                                    \
        return BEHIND(name)(path, mode);                                                                               \
    }
OPEN_STREAM(fopen)
OPEN_STREAM(fopen64)
