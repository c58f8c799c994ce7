// A file that is written whole or not at all.

import CommandLine
import Glibc

/// Output files.
enum WholeFile {
    /// Writes `bytes` to `path`: into a new file beside it, which takes its name when it is complete. What stood there
    /// before stays until then, and stays for good when the disk is full. A device or pipe is written directly.
    static func write(_ bytes: [UInt8], to path: String) throws(Failure) {
        var facts = stat()
        if stat(path, &facts) == 0, facts.st_mode & S_IFMT != S_IFREG {
            try fill(path, with: bytes, O_WRONLY, naming: path)
            return
        }
        let temporary = "\(path).\(getpid()).part"
        do throws(Failure) {
            try fill(temporary, with: bytes, O_WRONLY | O_CREAT | O_EXCL, naming: path)
            guard rename(temporary, path) == 0 else { throw failure(path, errno) }
        } catch {
            unlink(temporary)
            throw error
        }
    }

    private static func fill(_ file: String, with bytes: [UInt8], _ flags: Int32, naming path: String) throws(Failure) {
        let descriptor = open(file, flags | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw failure(path, errno) }
        let isWritten = writeAll(bytes, to: descriptor)
        let code = errno
        let isClosed = close(descriptor) == 0
        guard isWritten else { throw failure(path, code) }
        guard isClosed else { throw failure(path, errno) }
    }

    private static func failure(_ path: String, _ code: Int32) -> Failure {
        Failure("\(path): cannot be written: \(String(cString: strerror(code)))", .io)
    }
}
