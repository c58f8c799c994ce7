// Writes down what a program does to the files below a folder, so that a test can cut the power at any moment of it.
//
// Compiled by the test and loaded with LD_PRELOAD. POWERCUT_ROOT is the folder, without a slash at its end;
// POWERCUT_LOG the file that the record goes to. One record an operation, in the order in which they happened:
//   u32 kind, u64 nanoseconds (CLOCK_MONOTONIC), u64 inode, i64 offset or size, u32 length, u32 length, two byte strings
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { CREATE = 1, WRITE, TRUNCATE, RENAME, UNLINK, MKDIR, RMDIR, SYNC, SYNC_FOLDER };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *root;
static size_t root_length;
static int record = -1;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("POWERCUT_LOG");
    const char *folder = getenv("POWERCUT_ROOT");
    if (!path || !folder) return;
    root_length = strlen(folder);
    record = REAL(open)(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    root = folder;
}

static int is_inside(const char *path) {
    return root && record >= 0 && !strncmp(path, root, root_length) && (path[root_length] == '/' || !path[root_length]);
}

static int path_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, 4095);
    if (length < 0) return 0;
    path[length] = 0;
    return is_inside(path);
}

static uint64_t inode_of(int fd, int *is_folder) {
    struct stat facts;
    if (fstat(fd, &facts) != 0) return 0;
    if (is_folder) *is_folder = S_ISDIR(facts.st_mode);
    return facts.st_ino;
}

static void put(uint32_t kind, uint64_t inode, int64_t offset, const void *a, uint32_t na, const void *b, uint32_t nb) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    struct __attribute__((packed)) {
        uint32_t kind;
        uint64_t time, inode;
        int64_t offset;
        uint32_t na, nb;
    } head = {kind, (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec, inode, offset, na, nb};
    struct iovec parts[3] = {{&head, sizeof head}, {(void *)a, na}, {(void *)b, nb}};
    int saved = errno;
    if (writev(record, parts, 3) < 0) abort();
    errno = saved;
}

#define LOCKED(call) ({ pthread_mutex_lock(&lock); __typeof__(call) result_ = (call); result_; })
#define UNLOCK pthread_mutex_unlock(&lock)

static int note_open(int fd, int flags) {
    char path[4096];
    if (fd >= 0 && (flags & (O_CREAT | O_TRUNC)) && path_of(fd, path)) {
        put(CREATE, inode_of(fd, NULL), (flags & O_TRUNC) ? 1 : 0, path, (uint32_t)strlen(path), NULL, 0);
    }
    UNLOCK;
    return fd;
}

#define MODE(flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }

int open(const char *path, int flags, ...) { MODE(flags) return note_open(LOCKED(REAL(open)(path, flags, mode)), flags); }
int open64(const char *path, int flags, ...) { MODE(flags) return note_open(LOCKED(REAL(open64)(path, flags, mode)), flags); }
int openat(int at, const char *path, int flags, ...) { MODE(flags) return note_open(LOCKED(REAL(openat)(at, path, flags, mode)), flags); }
int openat64(int at, const char *path, int flags, ...) { MODE(flags) return note_open(LOCKED(REAL(openat64)(at, path, flags, mode)), flags); }

ssize_t write(int fd, const void *bytes, size_t count) {
    char path[4096];
    if (fd == record || !path_of(fd, path)) return REAL(write)(fd, bytes, count);
    ssize_t done = LOCKED(REAL(write)(fd, bytes, count));
    if (done > 0) put(WRITE, inode_of(fd, NULL), lseek(fd, 0, SEEK_CUR) - done, bytes, (uint32_t)done, NULL, 0);
    UNLOCK;
    return done;
}

static ssize_t note_pwrite(int fd, const void *bytes, ssize_t done, off_t offset) {
    char path[4096];
    if (done > 0 && path_of(fd, path)) put(WRITE, inode_of(fd, NULL), offset, bytes, (uint32_t)done, NULL, 0);
    UNLOCK;
    return done;
}
ssize_t pwrite(int fd, const void *b, size_t n, off_t o) { return note_pwrite(fd, b, LOCKED(REAL(pwrite)(fd, b, n, o)), o); }
ssize_t pwrite64(int fd, const void *b, size_t n, off64_t o) { return note_pwrite(fd, b, LOCKED(REAL(pwrite64)(fd, b, n, o)), o); }

static int note_truncate(int fd, int result, off_t size) {
    char path[4096];
    if (result == 0 && path_of(fd, path)) put(TRUNCATE, inode_of(fd, NULL), size, NULL, 0, NULL, 0);
    UNLOCK;
    return result;
}
int ftruncate(int fd, off_t size) { return note_truncate(fd, LOCKED(REAL(ftruncate)(fd, size)), size); }
int ftruncate64(int fd, off64_t size) { return note_truncate(fd, LOCKED(REAL(ftruncate64)(fd, size)), size); }

static int note_sync(int fd, int result) {
    char path[4096];
    int is_folder = 0;
    if (result == 0 && path_of(fd, path)) {
        uint64_t inode = inode_of(fd, &is_folder);
        put(is_folder ? SYNC_FOLDER : SYNC, inode, 0, path, (uint32_t)strlen(path), NULL, 0);
    }
    UNLOCK;
    return result;
}
int fsync(int fd) { return note_sync(fd, LOCKED(REAL(fsync)(fd))); }
int fdatasync(int fd) { return note_sync(fd, LOCKED(REAL(fdatasync)(fd))); }

static int note_name(uint32_t kind, int result, const char *path) {
    if (result == 0 && is_inside(path)) put(kind, 0, 0, path, (uint32_t)strlen(path), NULL, 0);
    UNLOCK;
    return result;
}
int unlink(const char *path) { return note_name(UNLINK, LOCKED(REAL(unlink)(path)), path); }
int rmdir(const char *path) { return note_name(RMDIR, LOCKED(REAL(rmdir)(path)), path); }
int mkdir(const char *path, mode_t mode) { return note_name(MKDIR, LOCKED(REAL(mkdir)(path, mode)), path); }
int rename(const char *from, const char *to) {
    int result = LOCKED(REAL(rename)(from, to));
    if (result == 0 && is_inside(from)) put(RENAME, 0, 0, from, (uint32_t)strlen(from), to, (uint32_t)strlen(to));
    UNLOCK;
    return result;
}
