// How long a recording is, from its header.

import AudioFiles

extension SourceSpecification {
    /// Seconds of a file; nil when it cannot be read or does not know, and for everything that is no file.
    public var duration: Double? {
        guard case .file(let path) = self else { return nil }
        return try? AudioFileReader(path: path).duration
    }
}
