// Stores the transcript of each recording, so that an interrupted run can resume.

import Annotations
import Digests

/// A folder with two files per recording: `NAME.json` contains the segments and the cache key, `NAME.npy` contains the
/// activities in NumPy's format.
public struct TranscriptStore: Sendable {
    /// The longest name that is used as it is, in bytes: a file name has 255 at most, its suffixes included.
    private static let longestName = 220

    /// Path of the folder.
    public let folder: String

    /// Uses an existing folder.
    public init(folder: String) {
        self.folder = folder
    }

    /// Returns the stored transcript of a recording; nil when there is none, when it has another cache key, or when
    /// the files are damaged. The recording is then processed again.
    ///
    /// - Parameter cacheKey: identifies the audio, the model and the settings; a change in any of them changes this
    ///   text.
    public func load(_ recording: String, cacheKey: String) -> Transcript? {
        guard let description = try? FileContent.read(path(recording) + ".json"),
            let activities = try? FileContent.read(path(recording) + ".npy")
        else { return nil }
        return Transcript(description: description, activities: activities, cacheKey: cacheKey)
    }

    /// Stores a transcript; the description is written last, so its presence implies that the activities are complete.
    public func save(_ heard: Transcript, of recording: String, cacheKey: String) throws(EvaluationError) {
        let shape = [heard.frames, heard.classes.count]
        try FileContent.write(NumpyFile.encode(heard.activities, shape: shape), to: path(recording) + ".npy")
        try FileContent.write(heard.description(of: recording, cacheKey: cacheKey), to: path(recording) + ".json")
    }

    /// Returns the path for a recording; `/` in its name is replaced, and a name that is too long for a file ends in
    /// its hash.
    private func path(_ recording: String) -> String {
        let name = String(recording.map { $0 == "/" ? "%" : $0 })
        guard name.utf8.count > Self.longestName else { return "\(folder)/\(name)" }
        return "\(folder)/\(name.prefix(40))%\(Digest.sha256(Array(recording.utf8)))"
    }
}
