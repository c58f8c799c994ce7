// Whole files, read and written in one piece.

import Glibc

/// Reads files whole, and writes them so that nobody ever finds half of one. For any thread; it waits for the disk.
public enum WholeFile {
    /// The bytes of a file of at most `limit` bytes.
    ///
    /// The file is copied, not mapped: a mapped file that somebody truncates kills its reader. Anything but a regular file is
    /// refused, a FIFO without waiting for its writer. A file that grows meanwhile is read as far as it was at the beginning.
    public static func read(_ path: String, limit: Int) throws(FileFailure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileFailure(path) }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw FileFailure(path) }
        guard facts.st_mode & S_IFMT == S_IFREG else { throw FileFailure(path, "it is not a regular file") }
        let size = Int(facts.st_size)
        guard size <= limit else {
            throw FileFailure(path, "it has \(size) bytes and at most \(limit) are read")
        }
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size, let start = buffer.baseAddress {
                let got = Glibc.read(descriptor, start + count, size - count)
                if got < 0, errno == EINTR { continue }
                if got < 0 { code = errno }
                if got <= 0 { break }
                count += got
            }
        }
        guard code == 0 else { throw FileFailure(path, code: code) }
        return bytes
    }

    /// Writes `bytes` to `path`: into a new file beside it, which takes its name when it is complete.
    ///
    /// What stood there before stays until then, and stays for good when the disk is full. A device or pipe is written
    /// directly.
    public static func write(_ bytes: [UInt8], to path: String) throws(FileFailure) {
        var facts = stat()
        if stat(path, &facts) == 0, facts.st_mode & S_IFMT != S_IFREG {
            let code = store(bytes, at: path, O_WRONLY)
            guard code == 0 else { throw FileFailure(path, code: code) }
            return
        }
        let draft = "\(path).\(getpid()).part"
        var code = store(bytes, at: draft, O_WRONLY | O_CREAT | O_EXCL)
        if code == 0, rename(draft, path) != 0 { code = errno }
        guard code == 0 else {
            unlink(draft)
            throw FileFailure(path, code: code)
        }
    }

    /// Writes all of `bytes`; false, with `errno`, when the disk takes no more.
    public static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }

    /// 0, or what went wrong.
    private static func store(_ bytes: [UInt8], at path: String, _ flags: Int32) -> Int32 {
        let descriptor = open(path, flags | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { return errno }
        let code = writeAll(bytes, to: descriptor) ? 0 : errno
        return close(descriptor) == 0 || code != 0 ? code : errno
    }
}
