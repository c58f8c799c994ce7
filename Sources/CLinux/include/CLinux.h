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

/// Names the calling thread; of a long name the kernel keeps the first 15 bytes.
int timbre_thread_name(const char *name);

/// CPU seconds used by the calling thread.
double timbre_thread_cpu_seconds(void);

/// 1 when a signal is ignored, as nohup(1) and shells leave it to what they start in the background; else 0.
int timbre_signal_is_ignored(int number);

/// Blocks `signals` in the calling thread and returns a non-blocking signalfd for them; -1 with errno.
int timbre_signalfd(const int *signals, int count);

/// The number of the oldest signal that waits on a signalfd, 0 when none does.
int timbre_signalfd_read(int fd);

/// What the source was when the program was built, as `git describe` prints it; empty when it is unknown.
const char *timbre_revision(void);

/// The size of a part of the program whose file is open as `file`, by number from 0, and its offset there; 0 when there are
/// no more. The parts are all that decides what the program does: machine code, constants, tables, and the addresses in
/// them. What differs between builds of the same sources is none: the revision, a hash that the compiler leaves, the
/// build ID, debugging information.
size_t timbre_program_part(int file, int number, off_t *offset);
