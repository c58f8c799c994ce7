// Reads a whole regular file, with an error that says why not.

import Glibc

/// The bytes of a file that is small enough to be held in memory.
public enum FileBytes {
    /// Files above this many bytes are refused: no model this project can run comes near.
    public static let limit = 1 << 29

    /// Reads `path` from beginning to end.
    ///
    /// The file is copied rather than mapped: a mapped file that somebody truncates kills its reader.
    public static func read(_ path: String) throws(NetworkError) -> [UInt8] {
        func failure() -> NetworkError { .unreadable(file: path, reason: String(cString: strerror(errno))) }
        // Non-blocking, so that opening a FIFO comes back instead of waiting for a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }

        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure() }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable(file: path, reason: "it is not a regular file")
        }
        guard status.st_size <= limit else {
            throw .unreadable(file: path, reason: "its \(status.st_size) bytes are above the limit of \(limit)")
        }

        let size = Int(status.st_size)
        var error: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size, let start = buffer.baseAddress {
                let got = Glibc.read(descriptor, start + count, size - count)
                if got < 0, errno == EINTR { continue }
                if got < 0 { error = errno }
                if got <= 0 { break }
                count += got
            }
        }
        guard error == 0 else { throw .unreadable(file: path, reason: String(cString: strerror(error))) }
        return bytes
    }
}
