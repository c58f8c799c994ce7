// Standard output, standard error and files, with every failure seen.

import Glibc
import WholeFiles

/// Where text goes.
enum Output {
    /// Writes text to standard output.
    static func write(_ text: String) throws(Failure) {
        guard WholeFile.writeAll(Array(text.utf8), to: STDOUT_FILENO) else { throw failure(errno) }
    }

    /// Writes a line to standard output.
    static func line(_ text: String) throws(Failure) {
        try write(text + "\n")
    }

    /// Writes a file whole or not at all.
    static func file(_ bytes: [UInt8], to path: String) throws(Failure) {
        do throws(FileFailure) {
            try WholeFile.write(bytes, to: path)
        } catch {
            throw Failure("\(path): cannot be written: \(error.reason)", .io)
        }
    }

    /// Writes a line to standard error.
    static func complain(_ text: String) {
        _ = WholeFile.writeAll(Array((text + "\n").utf8), to: STDERR_FILENO)
    }

    /// What a failed write to standard output means.
    static func failure(_ code: Int32) -> Failure {
        code == EPIPE
            ? .readerGone : Failure("cannot write to standard output: \(String(cString: strerror(code)))", .io)
    }
}
