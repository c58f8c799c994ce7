// The formats that annotations can be written in, and the one table of them.

/// A format of other programs. Each is declared beside its writer.
public struct ExportFormat: Sendable {
    /// Its name on the command line.
    public let name: String
    /// What the name of such a file ends in, with the dot.
    public let ending: String
    /// What it is, where the name does not say: the end of the sentence "NAME is ...".
    public let meaning: String?
    /// Whether marks are kept; the other formats have no place for them.
    public let carriesMarks: Bool
    /// Whether it is text, which a terminal can show.
    public let isText: Bool
    private let write: @Sendable (AnnotationSet, Subject) -> [UInt8]

    /// What the file is about, for formats that say so.
    public struct Subject: Equatable, Sendable {
        /// Name of the recording, without folder and ending.
        public var title: String
        /// Program and version that made the annotations: "timbred 0.2.0".
        public var software: String

        /// Creates the facts.
        public init(title: String, software: String) {
            self.title = title
            self.software = software
        }
    }

    /// A format whose file `write` makes, whole; it may allocate as it pleases.
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

    /// A format of text.
    init(
        _ name: String, ending: String, meaning: String? = nil, carriesMarks: Bool,
        text: @escaping @Sendable (AnnotationSet, Subject) -> String
    ) {
        self.init(name, ending: ending, meaning: meaning, carriesMarks: carriesMarks) { Array(text($0, $1).utf8) }
    }

    /// Every format, in the order of the help. A new one is a file and its line here.
    public static let all: [ExportFormat] = [.jams, .audacity, .sonicVisualiser, .csv, .rttm, .midi, .webVTT]

    /// The format of this name.
    public init?(named name: String, among formats: [ExportFormat] = all) {
        guard let format = formats.first(where: { $0.name == name }) else { return nil }
        self = format
    }

    /// The file's bytes.
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
