// What can go wrong with an audio file, as sentences a person can act on.

import Glibc
import WholeFiles

/// Why an audio file could not be opened, read or written.
public enum AudioFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no such file.
    case missing(path: String, detail: String)
    /// It exists but is no audio that can be read.
    case unusable(path: String, detail: String)
    /// It could not be written; what was written before is kept.
    case unwritable(path: String, detail: String)

    /// A sentence that says what was wrong, where, and what to do.
    public var description: String {
        switch self {
        case .missing(let path, let detail): "\(path) is not there: \(detail)"
        case .unusable(let path, let detail): "\(path) cannot be used: \(detail)"
        case .unwritable(let path, let detail): "\(path) cannot be written: \(detail)"
        }
    }
}

extension AudioFileError {
    /// Opens the regular file at `path` and returns its descriptor and size; what else there is is refused without waiting.
    static func opening(_ path: String, _ flags: Int32 = O_RDONLY) throws(AudioFileError) -> (
        descriptor: Int32, size: Int
    ) {
        do throws(FileFailure) {
            return try RegularFile.open(path, flags)
        } catch {
            if error.isMissing { throw .missing(path: path, detail: error.reason) }
            let remedy = error.code == 0 ? "; raw PCM from a pipe goes through stdin:" : ""
            throw .unusable(path: path, detail: error.reason + remedy)
        }
    }
}
