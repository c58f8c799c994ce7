// Damaged references never crash a reader, and what a reader lets pass makes sense.

import TestSupport
import Testing

@testable import Annotations

@Suite("Damaged references") struct ReaderMutationTests {
    private static let samples: [(ReferenceFormat, [UInt8])] = [
        (.csv, Array("start,end,class,confidence,pitch\n0.5,2,violin,0.5,60\n1,3,\"cello\",,\n".utf8)),
        (.audacity, Array("0.5\t2\tviolin\n\\\t10\t20\n3\t3\tmark\n".utf8)),
        (
            .rttm,
            Array("SPEAKER x 1 1.5 2.0 <NA> <NA> violin 0.9 <NA>\nSPEAKER y 1 1.5 2.0 <NA> <NA> cello <NA> <NA>\n".utf8)
        ),
        (.musicNet, Array("start_time,end_time,instrument,note,a\n44100,88200,41,60,0\n0,22050,1,48,1\n".utf8)),
        (
            .jams,
            Array(
                "{\"annotations\":[{\"namespace\":\"tag_open\",\"data\":[{\"time\":0,\"duration\":1,\"value\":\"violin\"}]}]}"
                    .utf8)
        ),
        (
            .midi,
            MIDIReaderTests.file([
                [
                    0x00, 0xFF, 0x51, 0x03, 0x0F, 0x42, 0x40, 0x00, 0xC0, 40, 0x00, 0x90, 60, 100, 0x60, 60, 0, 0x00,
                    0xFF, 0x2F, 0x00,
                ]
            ])
        ),
    ]

    @Test("are refused, or read as stretches within the audio", arguments: ReferenceFormat.allCases)
    func damaged(format: ReferenceFormat) throws {
        let sample = try #require(Self.samples.first { $0.0 == format }).1
        #expect(try !format.read(sample, context("x")).set.annotations.isEmpty)
        var generator = SeededGenerator(UInt64(format.rawValue.utf8.count))
        for _ in 0..<3000 {
            guard let read = try? format.read(mutated(sample, using: &generator), context("x")) else { continue }
            for one in read.set.annotations {
                #expect(one.start >= 0 && one.end >= one.start && one.end <= 10)
                #expect(vocabulary.names.contains(one.instrument))
            }
        }
    }

    @Test("Damaged tables of labels are refused, or name known classes")
    func tables() {
        let samples = [
            "clip,source,violin,cello,violin_mask\na,\"b, c\",1,0,1\nd,,,0.5,0\n",
            "sample_key,instrument,relevance,num_responses\na,voice,0.08,3\nb,piano,1.0,3\n",
        ]
        var generator = SeededGenerator(7)
        for sample in samples {
            for _ in 0..<3000 {
                let bytes = mutated(Array(sample.utf8), using: &generator)
                guard let table = try? ClipTableReader.read(bytes, context("labels.csv")) else { continue }
                for row in table.rows { #expect(row.presence.keys.allSatisfy(vocabulary.names.contains)) }
            }
        }
    }
}
