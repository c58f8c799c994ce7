// Labels of whole recordings, with what is not known left open.

/// Which classes are present, which absent, and by their lack which unknown, for each of several recordings.
public struct ClipTable: Equatable, Sendable {
    /// The labels of one recording.
    public struct Row: Equatable, Sendable {
        /// The recording's name, without folder and ending.
        public var recording: String
        /// The line on which it stands first.
        public var line: Int
        /// True for present, false for absent; a class that is not here is unknown.
        public var presence: [String: Bool]

        /// Creates a row.
        public init(recording: String, line: Int, presence: [String: Bool]) {
            self.recording = recording
            self.line = line
            self.presence = presence
        }
    }

    /// In the order of the file.
    public var rows: [Row]

    /// Creates a table.
    public init(_ rows: [Row]) {
        self.rows = rows
    }

    /// The row of a recording.
    public func row(of recording: String) -> Row? {
        rows.first { $0.recording == recording }
    }
}
