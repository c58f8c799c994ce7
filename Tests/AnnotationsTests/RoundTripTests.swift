// What the writers write, the project's own readers read.

import TestSupport
import Testing

@testable import Annotations

@Suite("Round trip")
struct RoundTripTests {
    private let context = ReadingContext(
        file: "export", vocabulary: Vocabulary(["bassoon", "cello", "drums", "flute", "piano", "trumpet"]), duration: 80
    )

    @Test("what is written as CSV, JAMS, Audacity labels or RTTM is read again to the microsecond", arguments: 0..<20)
    func text(seed: UInt64) throws {
        let set = Examples.random(seed: seed)
        for (format, reader) in [
            (ExportFormat.csv, ReferenceFormat.csv), (.jams, .jams), (.audacity, .audacity), (.rttm, .rttm),
        ] where !set.annotations.isEmpty {
            let bytes = format.encode(set, about: Examples.subject)
            let read = try reader.read(bytes, context).set.annotations
            #expect(read.map(\.instrument) == set.annotations.map(\.instrument), "\(format)")
            for (read, written) in zip(read, set.annotations) {
                #expect(abs(read.start - written.start) < 1.5e-6 && abs(read.end - written.end) < 1.5e-6, "\(format)")
                if format != .audacity { #expect(read.confidence == written.confidence, "\(format)") }
            }
        }
    }

    @Test("what is written as MIDI is read again to the millisecond", arguments: 0..<20)
    func midi(seed: UInt64) throws {
        let set = Examples.random(seed: seed)
        let read = try MIDIReader.read(ExportFormat.midi.encode(set, about: Examples.subject), context).set.annotations
        #expect(read.count == set.annotations.count)
        for segment in set.annotations {
            #expect(
                read.contains {
                    $0.instrument == segment.instrument && abs($0.start - segment.start) <= 0.00051
                        && abs($0.end - segment.end) <= 0.00051
                }, "\(segment)")
        }
    }
}
