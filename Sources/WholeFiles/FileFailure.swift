// Why a file could not be read or written.

import Glibc

/// A file, and what is wrong with it as the end of a sentence.
public struct FileFailure: Error, Equatable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// "No such file or directory", "it is not a regular file".
    public let reason: String

    init(_ path: String, _ reason: String) {
        self.path = path
        self.reason = reason
    }

    init(_ path: String, code: Int32 = errno) { self.init(path, String(cString: strerror(code))) }

    /// Both.
    public var description: String { "\(path): \(reason)" }
}
