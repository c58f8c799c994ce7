// The formats that annotations can be written in, by name.

/// A format of other programs.
public enum ExportFormat: String, CaseIterable, Sendable {
    /// JSON Annotated Music Specification.
    case jams
    /// A label track of Audacity.
    case audacity
    /// A region layer of Sonic Visualiser.
    case sonicVisualiser = "sv"
    /// A table with the columns start, end and class.
    case csv
    /// Rich Transcription Time Marked.
    case rttm
    /// A Standard MIDI File.
    case midi
    /// Captions for video and audio on the web.
    case webVTT = "webvtt"

    /// What the file is about, for formats that say so.
    public struct Subject: Equatable, Sendable {
        /// Name of the recording, without folder and ending.
        public var title: String
        /// Program and version that made the annotations: "timbred 0.1.0".
        public var software: String

        /// Creates the facts.
        public init(title: String, software: String) {
            self.title = title
            self.software = software
        }
    }

    /// Whether marks are kept; the other formats have no place for them.
    public var carriesMarks: Bool {
        switch self {
        case .jams, .audacity, .midi, .webVTT: true
        case .sonicVisualiser, .csv, .rttm: false
        }
    }

    /// The file's bytes.
    public func encode(_ set: AnnotationSet, about subject: Subject) -> [UInt8] {
        switch self {
        case .jams: JAMSWriter.encode(set, about: subject)
        case .audacity: Array(AudacityWriter.text(set).utf8)
        case .sonicVisualiser: Array(SonicVisualiserWriter.text(set).utf8)
        case .csv: Array(CSVWriter.text(set).utf8)
        case .rttm: Array(RTTMWriter.text(set, about: subject).utf8)
        case .midi: MIDIWriter.encode(set, about: subject)
        case .webVTT: Array(WebVTTWriter.text(set).utf8)
        }
    }
}
