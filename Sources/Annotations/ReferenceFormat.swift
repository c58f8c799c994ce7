// Selects the reader for a file of annotations.

import WholeFiles

/// The formats of references.
public enum ReferenceFormat: String, CaseIterable, Sendable {
    case csv, musicNet, jams, audacity, rttm, midi

    /// The extensions of reference files in the order of the search; the first file found is used.
    public static let endings = ["csv", "jams", "rttm", "mid", "midi", "txt"]

    /// Determines the format of a file by its extension, and for tables by their header; nil for an unknown extension.
    public init?(path: String, bytes: [UInt8]) {
        switch path.split(separator: "/").last?.split(separator: ".").last?.lowercased() {
        case "csv": self = Self.isMusicNet(bytes) ? .musicNet : .csv
        case "jams", "json": self = .jams
        case "txt": self = .audacity
        case "rttm": self = .rttm
        case "mid", "midi": self = .midi
        default: return nil
        }
    }

    private static func isMusicNet(_ bytes: [UInt8]) -> Bool {
        let header = String(decoding: bytes.withoutByteOrderMark.prefix { $0 != 0x0A }, as: UTF8.self)
        let columns = CSVFields.split(header) ?? []
        return MusicNetReader.columns.allSatisfy(columns.contains)
    }

    /// Reads a reference in this format.
    public func read(_ bytes: [UInt8], _ context: ReadingContext) throws(AnnotationsError) -> ReferenceAnnotations {
        var read =
            switch self {
            case .csv: try CSVReader.read(bytes, context)
            case .musicNet: try MusicNetReader.read(bytes, context)
            case .jams: try JAMSReader.read(bytes, context)
            case .audacity: try AudacityReader.read(bytes, context)
            case .rttm: try RTTMReader.read(bytes, context)
            case .midi: try MIDIReader.read(bytes, context)
            }
        // What lies in the slack beyond the end has no audio.
        if let duration = context.duration { read.set.annotations.removeAll { $0.start >= duration } }
        return read
    }
}
