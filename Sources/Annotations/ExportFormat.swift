// The output formats of annotations, and the table of them.

/// A format of other programs. Each format is declared in the file of its writer.
public struct ExportFormat: Sendable {
    /// Its name on the command line.
    public let name: String
    /// The file name extension, with the dot.
    public let ending: String
    /// Its description, where the name is not sufficient: the end of the sentence "NAME is ...".
    public let meaning: String?
    /// Whether the format stores marks.
    public let carriesMarks: Bool
    /// Whether the format is text, which a terminal can display.
    public let isText: Bool
    private let write: @Sendable (AnnotationSet, Subject) -> [UInt8]

    /// The facts about the recording, for formats that contain them.
    public struct Subject: Equatable, Sendable {
        /// Name of the recording, without folder and extension.
        public var title: String
        /// Program and version that made the annotations: "timbred 0.2.0".
        public var software: String

        /// Creates the facts.
        public init(title: String, software: String) {
            self.title = title
            self.software = software
        }
    }

    /// Creates a format. `write` returns the complete file; it may allocate.
    public init(
        _ name: String, ending: String, meaning: String? = nil, carriesMarks: Bool, isText: Bool = true,
        write: @escaping @Sendable (AnnotationSet, Subject) -> [UInt8]
    ) {
        self.name = name
        self.ending = ending
        self.meaning = meaning
        self.carriesMarks = carriesMarks
        self.isText = isText
        self.write = write
    }

    /// Creates a text format.
    init(
        _ name: String, ending: String, meaning: String? = nil, carriesMarks: Bool,
        text: @escaping @Sendable (AnnotationSet, Subject) -> String
    ) {
        self.init(name, ending: ending, meaning: meaning, carriesMarks: carriesMarks) { Array(text($0, $1).utf8) }
    }

    /// All formats, in the order of the help. A new format is a file and its entry here.
    public static let all: [ExportFormat] = [.jams, .audacity, .sonicVisualiser, .csv, .rttm, .midi, .webVTT]

    /// Returns the format of this name; nil when there is none.
    public init?(named name: String, among formats: [ExportFormat] = all) {
        guard let format = formats.first(where: { $0.name == name }) else { return nil }
        self = format
    }

    /// Returns the file's bytes.
    public func encode(_ set: AnnotationSet, about subject: Subject) -> [UInt8] { write(set, subject) }
}

extension ExportFormat: Hashable, CustomStringConvertible {
    /// Formats are equal when their names are.
    public static func == (left: ExportFormat, right: ExportFormat) -> Bool { left.name == right.name }
    /// Hashes the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
    /// The name.
    public var description: String { name }
}
