// The errors of audio files, with a message for each.

import Glibc
import WholeFiles

/// The reason why an audio file could not be opened, read or written.
public enum AudioFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file does not exist.
    case missing(path: String, detail: String)
    /// The file exists but is not readable audio.
    case unusable(path: String, detail: String)
    /// The file could not be written; data written before is kept.
    case unwritable(path: String, detail: String)

    /// The message: the problem, its place and the remedy.
    public var description: String {
        switch self {
        case .missing(let path, _): "\(path) does not exist: check the path"
        case .unusable(let path, let detail): "\(path) cannot be used: \(detail)"
        case .unwritable(let path, let detail): "\(path) cannot be written: \(detail)"
        }
    }
}

extension AudioFileError {
    /// Opens the regular file at `path` and returns its descriptor and size; rejects all other kinds of files without
    /// waiting.
    static func opening(_ path: String, _ flags: Int32 = O_RDONLY) throws(AudioFileError) -> (
        descriptor: Int32, size: Int
    ) {
        do throws(FileFailure) {
            return try RegularFile.open(path, flags)
        } catch {
            if error.isMissing { throw .missing(path: path, detail: error.reason) }
            guard error.code == 0 else { throw .unusable(path: path, detail: error.reason) }
            var facts = stat()
            let isFolder = stat(path, &facts) == 0 && facts.st_mode & S_IFMT == S_IFDIR
            throw .unusable(
                path: path,
                detail: isFolder
                    ? "it is a folder; 'timbre annotate' takes folders"
                    : "\(error.reason); use stdin: to read raw PCM from a pipe")
        }
    }
}
