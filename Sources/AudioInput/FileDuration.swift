// How long a recording is, from its header.

import CSndFile

extension SourceSpecification {
    /// Seconds of a file; nil when it cannot be read or does not know, and for everything that is no file.
    public var duration: Double? {
        guard case .file(let path) = self else { return nil }
        var info = SF_INFO()
        guard let file = sf_open(path, Int32(SFM_READ), &info) else { return nil }
        defer { sf_close(file) }
        // libsndfile says the largest number there is for a length that it cannot know.
        guard info.frames > 0, info.frames < Int64.max / 2, info.samplerate > 0 else { return nil }
        return Double(info.frames) / Double(info.samplerate)
    }
}
