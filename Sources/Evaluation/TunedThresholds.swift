// Thresholds that were tuned on a set, in the format of the daemon, with the recordings of that set.

/// A thresholds file: `[instrument.NAME]` tables, with the hashes of its development set in comments.
public struct TunedThresholds: Equatable, Sendable {
    /// The beginning of a comment line that names a recording.
    private static let mark = "# tuned on "

    /// The thresholds of one class.
    public struct Choice: Equatable, Sendable {
        /// The class.
        public var instrument: String
        /// The thresholds at which it comes on and goes off.
        public var on: Double, off: Double
        /// The basis of the choice, for display.
        public var remark: String

        /// Creates a choice.
        public init(instrument: String, on: Double, off: Double, remark: String) {
            self.instrument = instrument
            self.on = on
            self.off = off
            self.remark = remark
        }
    }

    /// SHA-256 of the audio of the development set.
    public let recordings: Set<String>

    /// Parses the recordings on which a thresholds file was tuned; none when it was written by hand.
    public init(_ bytes: [UInt8]) {
        recordings = Set(
            String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).compactMap { line in
                guard line.hasPrefix(Self.mark) else { return nil }
                return line.dropFirst(Self.mark.count).split(separator: " ").first.map(String.init)
            })
    }

    /// Returns the text of a thresholds file.
    ///
    /// - Parameters:
    ///   - head: lines that describe the origin of the file.
    ///   - recordings: hash and name of each recording of the development set.
    public static func text(
        head: [String], choices: [Choice], recordings: [(sha256: String, name: String)]
    ) -> String {
        var text = head.map { "# \($0)\n" }.joined()
        for choice in choices {
            text += "\n# \(choice.remark)\n[instrument.\(choice.instrument)]\n"
            text += "on = \(choice.on)\noff = \(choice.off)\n"
        }
        text +=
            "\n# The recordings used for tuning; timbre evaluate refuses to evaluate on them.\n"
        for (sha256, name) in recordings {
            // A name is free text; a comment must be one line.
            text += mark + sha256 + " " + String(name.map { $0.isNewline ? " " : $0 }) + "\n"
        }
        return text
    }
}
