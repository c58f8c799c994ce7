// Labels of whole recordings, with unknown labels.

/// The classes that are present or absent in each of several recordings; a class that is missing is unknown.
public struct ClipTable: Equatable, Sendable {
    /// The labels of one recording.
    public struct Row: Equatable, Sendable {
        /// The recording's name, without folder and extension.
        public var recording: String
        /// The line of its first occurrence.
        public var line: Int
        /// True for present, false for absent; a missing class is unknown.
        public var presence: [String: Bool]

        /// Creates a row.
        public init(recording: String, line: Int, presence: [String: Bool]) {
            self.recording = recording
            self.line = line
            self.presence = presence
        }
    }

    /// In file order.
    public let rows: [Row]
    private let indices: [String: Int]

    /// Creates a table.
    public init(_ rows: [Row]) {
        self.rows = rows
        indices = Dictionary(zip(rows.map(\.recording), rows.indices)) { first, _ in first }
    }

    /// Returns the row of a recording.
    public func row(of recording: String) -> Row? {
        indices[recording].map { rows[$0] }
    }
}
