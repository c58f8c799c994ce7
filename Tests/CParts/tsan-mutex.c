// What the thread sanitizer cannot see of Swift's Mutex: preloaded by scripts/tsan-test.
//
// The fast path of Synchronization.Mutex is inlined into instrumented code. When a lock is contended, the standard library, which is
// not instrumented, takes and gives it up in _MutexHandle._lockSlow(_:) and _unlockSlow(), and the sanitizer would report what the
// mutex protects as a race. These two stand before those of the library and tell the sanitizer.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

void __tsan_acquire(void *address) __attribute__((weak));
void __tsan_release(void *address) __attribute__((weak));

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

typedef void (*Lock)(uint32_t thread, void *__attribute__((swift_context)) handle) __attribute__((swiftcall));
typedef void (*Unlock)(void *__attribute__((swift_context)) handle) __attribute__((swiftcall));

static void *next(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) abort();
    return found;
}

__attribute__((swiftcall)) void lock(uint32_t thread, __attribute__((swift_context)) void *handle) __asm__(LOCK);
__attribute__((swiftcall)) void lock(uint32_t thread, __attribute__((swift_context)) void *handle) {
    ((Lock)next(LOCK))(thread, handle);
    if (__tsan_acquire) __tsan_acquire(handle);
}

__attribute__((swiftcall)) void unlock(__attribute__((swift_context)) void *handle) __asm__(UNLOCK);
__attribute__((swiftcall)) void unlock(__attribute__((swift_context)) void *handle) {
    if (__tsan_release) __tsan_release(handle);
    ((Unlock)next(UNLOCK))(handle);
}
