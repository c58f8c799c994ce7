// The few lines of C that Swift cannot say.
#pragma once
#include <stdint.h>
#include <sys/types.h>

/// Peer credentials of a connected AF_UNIX socket; 0 or -1 with errno.
int timbre_peer_credentials(int fd, pid_t *pid, uid_t *uid, gid_t *gid);

/// Supplementary groups of the peer of a connected AF_UNIX socket: how many were written, or -1 with errno
/// (ERANGE when there are more than `capacity`).
int timbre_peer_groups(int fd, gid_t *groups, int capacity);

/// Accepts a connection as a non-blocking, close-on-exec descriptor; -1 with errno.
int timbre_accept(int fd);

/// A non-blocking, close-on-exec eventfd; -1 with errno.
int timbre_eventfd(void);

/// Names the calling thread (at most 15 bytes).
int timbre_thread_name(const char *name);

/// Asks for SCHED_FIFO at `priority` for the calling thread; 0 or an errno.
int timbre_thread_realtime(int priority);

/// CPU seconds used by the calling thread.
double timbre_thread_cpu_seconds(void);

/// Blocks `signals` in the calling thread and returns a non-blocking signalfd for them; -1 with errno.
int timbre_signalfd(const int *signals, int count);

/// The number of the oldest signal that waits on a signalfd, 0 when none does.
int timbre_signalfd_read(int fd);
