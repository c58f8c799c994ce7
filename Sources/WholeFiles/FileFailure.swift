// The reason why a file could not be read or written.

import Glibc
import System

/// The path of a file, and the problem as the end of a sentence.
public struct FileFailure: Error, Equatable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// For example "No such file or directory", "it is not a regular file".
    public let reason: String
    /// The errno; 0 where the problem is not a system error.
    public let code: Int32

    init(_ path: String, _ reason: String, code: Int32 = 0) {
        self.path = path
        self.reason = reason
        self.code = code
    }

    /// Creates the failure of a call with this errno.
    public init(_ path: String, code: Int32 = errno) {
        self.init(path, SystemError(code: code).description, code: code)
    }

    /// Whether the file does not exist.
    public var isMissing: Bool { code == ENOENT }

    /// The path and the reason.
    public var description: String { "\(path): \(reason)" }
}
