// Maps instruments to notes and controllers.

import Spelling

/// The map from instruments to MIDI. The default note is the number of the instrument's General MIDI program, counted
/// from 0; the default controllers are those to which MIDI assigns no function, in order.
struct MIDIMap: Equatable {
    /// The MIDI numbers of one instrument.
    struct Entry: Equatable {
        var note: UInt8
        var controller: UInt8
        /// Counted from 0.
        var channel: UInt8
    }

    private var entries: [String: Entry]

    /// General MIDI programs, by instrument.
    static let programs: [(instrument: String, note: UInt8)] = [
        ("piano", 0), ("mallet_percussion", 12), ("organ", 19), ("accordion", 21), ("guitar", 24), ("mandolin", 25),
        ("ukulele", 26), ("bass", 32), ("violin", 40), ("viola", 41), ("cello", 42), ("voice", 52), ("trumpet", 56),
        ("trombone", 57), ("horn", 60), ("saxophone", 65), ("oboe", 68), ("bassoon", 70), ("clarinet", 71),
        ("flute", 73), ("synthesizer", 80), ("banjo", 105), ("drums", 118), ("cymbals", 119),
    ]

    /// Controllers to which MIDI 1.0 assigns no function.
    static let controllers: [UInt8] =
        Array(20...31) + [3, 9, 14, 15] + Array(85...87) + [89, 90] + Array(102...119)

    /// Creates the default map on a channel, counted from 0.
    init(channel: UInt8) {
        entries = [:]
        for (index, program) in Self.programs.enumerated() {
            entries[program.instrument] = Entry(
                note: program.note, controller: Self.controllers[index], channel: channel)
        }
    }

    /// The entry of an instrument; `nil` for one without an entry.
    subscript(instrument: String) -> Entry? { entries[instrument] }

    /// Changes entries by the lines of a file: `INSTRUMENT NOTE [CONTROLLER [CHANNEL]]`, channels from 1; `#` begins a
    /// comment.
    mutating func read(_ bytes: [UInt8], file: String) throws(SinkFailure) {
        for (number, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            guard let text = String(validating: line, as: UTF8.self) else {
                throw SinkFailure("\(file):\(number + 1): the line is not UTF-8 text")
            }
            let code = text.prefix { $0 != "#" }
            let words = code.split { $0 == " " || $0 == "\t" || $0 == "\r" }
            guard !words.isEmpty else { continue }
            let values = words.dropFirst().map { Int($0) }
            guard (1...3).contains(values.count), !values.contains(nil) else {
                throw SinkFailure(
                    "\(file):\(number + 1): write INSTRUMENT NOTE [CONTROLLER [CHANNEL]], as in: violin 40 20 1")
            }
            let name = String(words[0])
            guard var entry = entries[name] else {
                let remedy = NearestName.remedy(for: name, among: entries.keys.sorted())
                throw SinkFailure("\(file):\(number + 1): unknown instrument \(name): \(remedy)")
            }
            entry.note = try Self.value(values, 0, 0...127, "the note", file, number) ?? entry.note
            entry.controller = try Self.value(values, 1, 0...119, "the controller", file, number) ?? entry.controller
            if let channel = try Self.value(values, 2, 1...16, "the channel", file, number) {
                entry.channel = channel - 1
            }
            entries[name] = entry
        }
    }

    private static func value(
        _ values: [Int?], _ index: Int, _ range: ClosedRange<Int>, _ what: String, _ file: String, _ number: Int
    ) throws(SinkFailure) -> UInt8? {
        guard index < values.count, let value = values[index] else { return nil }
        guard range.contains(value) else {
            throw SinkFailure("\(file):\(number + 1): \(what) must be from \(range.lowerBound) to \(range.upperBound)")
        }
        return UInt8(value)
    }
}
