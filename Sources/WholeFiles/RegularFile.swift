// Opens files that the user named without blocking, and rejects all files except regular ones.

import Glibc

/// Opens regular files. Any thread may use it.
///
/// Every path from a command line, a configuration, a manifest or a table that is read is opened here; results may be written
/// into a pipe or a device (`WholeFile.write`). A plain `open` of a FIFO
/// waits for a writer, and of a device for its driver, and a signal does not end that wait.
public enum RegularFile {
    /// Opens a file, close-on-exec.
    ///
    /// The call never waits: the descriptor is non-blocking until the file is known to be regular.
    ///
    /// - Parameters:
    ///   - path: the file; symbolic links are followed.
    ///   - flags: `O_RDONLY`, `O_RDWR` or `O_WRONLY`, and other flags of `open(2)`.
    ///   - mode: the permissions of a file that `O_CREAT` creates.
    /// - Returns: the descriptor, which the caller must close, and the size in bytes.
    /// - Throws: the system's reason, or that the file is a FIFO, a folder, a device or a socket.
    public static func open(_ path: String, _ flags: Int32 = O_RDONLY, mode: mode_t = 0o640) throws(FileFailure) -> (
        descriptor: Int32, size: Int
    ) {
        let descriptor = Glibc.open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, mode)
        // A socket, and a FIFO that is opened for writing, give ENXIO.
        guard descriptor >= 0 else {
            let code = errno
            throw code == ENXIO ? FileFailure(path, "it is not a regular file") : FileFailure(path, code: code)
        }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else {
            let code = errno
            close(descriptor)
            throw FileFailure(path, code: code)
        }
        guard facts.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FileFailure(path, "it is not a regular file")
        }
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
        return (descriptor, Int(facts.st_size))
    }
}
