// Why a file could not be read or written.

import Glibc
import System

/// A file, and what is wrong with it as the end of a sentence.
public struct FileFailure: Error, Equatable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// "No such file or directory", "it is not a regular file".
    public let reason: String
    /// The system's number for it; 0 where the system had no objection.
    public let code: Int32

    init(_ path: String, _ reason: String, code: Int32 = 0) {
        self.path = path
        self.reason = reason
        self.code = code
    }

    /// The failure of a call with this errno.
    public init(_ path: String, code: Int32 = errno) {
        self.init(path, SystemError(code: code).description, code: code)
    }

    /// Whether there is no such file.
    public var isMissing: Bool { code == ENOENT }

    /// The path and the reason.
    public var description: String { "\(path): \(reason)" }
}
