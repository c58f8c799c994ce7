// The recordings of a set and where their references are.

import Annotations

/// A set to evaluate on: a manifest or a folder.
public struct EvaluationSet: Equatable, Sendable {
    /// One recording.
    public struct Item: Equatable, Sendable {
        /// Its name, which no other recording of the set has.
        public var name: String
        /// Path of the audio.
        public var audio: String
        /// Path of the annotations in time, if there are any.
        public var reference: String?
        /// Labels of the whole recording, if there are any.
        public var labels: [String: Bool]?

        /// Its name in tables and RTTM files.
        public var stem: String { ClipTableReader.recordingName(audio) }
    }

    /// The recordings, in the order of the manifest or of their names.
    public internal(set) var items: [Item] = []
    /// What cannot be evaluated, and why.
    public internal(set) var leftOut: [LeftOut] = []

    /// Reads a manifest, or looks through a folder.
    public init(path: String, vocabulary: Vocabulary) throws(EvaluationError) {
        if FileContent.isFolder(path) {
            try self.init(folder: path, vocabulary)
        } else {
            try self.init(manifest: path, vocabulary)
        }
        var names: Set<String> = []
        for item in items where !names.insert(item.name).inserted {
            throw .content(file: path, problem: "\(item.name) stands in it twice: give each recording once")
        }
        guard !items.isEmpty || !leftOut.isEmpty else {
            throw .content(file: path, problem: "there are no recordings in it")
        }
    }

    init() {}

    /// Reads the annotations of a recording, and brings them together with its labels.
    ///
    /// - Parameter duration: seconds of audio; nil where unknown.
    public static func reference(
        of item: Item, duration: Double?, vocabulary: Vocabulary
    ) throws -> Reference {
        var annotations: ReferenceAnnotations?
        if let path = item.reference {
            let bytes = try FileContent.read(path)
            guard let format = ReferenceFormat(path: path, bytes: bytes) else {
                throw EvaluationError.content(
                    file: path, problem: "its ending is none of \(ReferenceFormat.endings.joined(separator: ", "))")
            }
            annotations = try format.read(
                bytes, ReadingContext(file: path, vocabulary: vocabulary, duration: duration, recording: item.stem))
        }
        do throws(EvaluationError) {
            return try Reference(annotations, labels: item.labels, classes: vocabulary.names)
        } catch {
            throw EvaluationError.content(file: item.reference ?? item.audio, problem: error.description)
        }
    }

    /// Reads a table of labels.
    static func table(_ path: String, _ vocabulary: Vocabulary) throws(EvaluationError) -> ClipTable {
        let bytes = try FileContent.read(path)
        do throws(AnnotationsError) {
            return try ClipTableReader.read(bytes, ReadingContext(file: path, vocabulary: vocabulary))
        } catch {
            guard case .line(let file, let line, let problem) = error else {
                throw .content(file: path, problem: error.description)
            }
            throw .line(file: file, line: line, problem: problem)
        }
    }
}

/// What was left out of a set and why.
public struct LeftOut: Equatable, Sendable {
    /// The recording's name, or the line of the manifest.
    public var recording: String
    /// A sentence with file and line.
    public var problem: String

    /// Creates an entry.
    public init(_ recording: String, _ problem: String) {
        self.recording = recording
        self.problem = problem
    }
}
