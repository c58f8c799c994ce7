// Standard output and error, with every failure seen.

import Glibc

/// Where text goes.
enum Output {
    /// Writes text to standard output.
    static func write(_ text: String) throws(Failure) {
        guard writeAll(text.utf8, to: STDOUT_FILENO) else { throw failure(errno) }
    }

    /// Writes a line to standard output.
    static func line(_ text: String) throws(Failure) {
        try write(text + "\n")
    }

    /// Writes a line to standard error.
    static func complain(_ text: String) {
        _ = writeAll((text + "\n").utf8, to: STDERR_FILENO)
    }

    /// What a failed write to standard output means.
    static func failure(_ code: Int32) -> Failure {
        code == EPIPE
            ? .readerGone : Failure("cannot write to standard output: \(String(cString: strerror(code)))", .io)
    }
}

/// Writes all of `bytes`, waiting for a slow reader; false, with `errno`, when the other end is gone or the disk full.
func writeAll(_ bytes: some Sequence<UInt8>, to descriptor: Int32) -> Bool {
    let bytes = ContiguousArray(bytes)
    var done = 0
    while done < bytes.count {
        let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done) }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        done += count
    }
    return true
}
