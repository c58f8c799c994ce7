// The recordings of an evaluation set and their references.

import Annotations

/// An evaluation set: a manifest or a folder.
public struct EvaluationSet: Equatable, Sendable {
    /// One recording.
    public struct Item: Equatable, Sendable {
        /// Its name, which is unique in the set.
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
    /// The recordings that cannot be evaluated, and the reasons.
    public internal(set) var leftOut: [LeftOut] = []
    /// What is to be known of the set although it can be evaluated.
    public internal(set) var notices: [String] = []

    /// Reads a manifest or a folder.
    public init(path: String, vocabulary: Vocabulary) throws(EvaluationError) {
        if FileContent.isFolder(path) {
            try self.init(folder: path, vocabulary)
        } else {
            try self.init(manifest: path, vocabulary)
        }
        var names: Set<String> = []
        for item in items where !names.insert(item.name).inserted {
            throw .content(file: path, problem: "duplicate recording \(item.name): list each recording once")
        }
        guard !items.isEmpty || !leftOut.isEmpty else {
            throw .content(file: path, problem: "it contains no recordings")
        }
    }

    init() {}

    /// Reads the annotations of a recording and combines them with its labels.
    ///
    /// - Parameter duration: seconds of audio; nil where it is unknown.
    public static func reference(
        of item: Item, duration: Double?, vocabulary: Vocabulary
    ) throws -> Reference {
        var annotations: ReferenceAnnotations?
        if let path = item.reference {
            let bytes = try FileContent.read(path)
            guard let format = ReferenceFormat(path: path, bytes: bytes) else {
                throw EvaluationError.content(
                    file: path,
                    problem: "unknown suffix; expected one of \(ReferenceFormat.endings.joined(separator: ", "))")
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
    static func table(
        _ path: String, _ vocabulary: Vocabulary, _ files: NamedFiles = .onDisk
    ) throws(EvaluationError) -> ClipTable {
        let bytes = try files.read(path)
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

/// A recording that was left out of a set, and the reason.
public struct LeftOut: Equatable, Sendable {
    /// The recording's name, or the line of the manifest.
    public var recording: String
    /// A message with file and line.
    public var problem: String

    /// Creates an entry.
    public init(_ recording: String, _ problem: String) {
        self.recording = recording
        self.problem = problem
    }
}
