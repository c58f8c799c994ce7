// The log on a standard error that nobody reads.

import Foundation
import Testing

@testable import timbred

@Suite("Journal") struct JournalTests {
    @Test("Promise 13: a reader of the log that stopped reading delays nobody, and learns how much was left out")
    func stuck() throws {
        let pipe = Pipe()
        let journal = Journal(level: .info, descriptor: pipe.fileHandleForWriting.fileDescriptor, stream: nil)
        let text = String(repeating: "x", count: 200)
        for number in 0..<5000 { journal.info("\(number) \(text)") }
        // The reader goes on.
        let reading = pipe.fileHandleForReading
        var bytes = Data()
        var number = 0
        while !String(decoding: bytes, as: UTF8.self).contains("the end"), number < 1000 {
            bytes += reading.availableData
            journal.info("the end")
            number += 1
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        #expect(lines.first == "timbred: 0 \(text)")
        let leftOut = lines.compactMap { line -> Int? in
            guard line.hasSuffix(" messages were dropped: standard error was not read in time") else { return nil }
            return Int(line.dropFirst("timbred: ".count).prefix { $0.isNumber })
        }
        let read = lines.count { $0.contains(text) }
        #expect(leftOut.reduce(0, +) > 1000 && read + leftOut.reduce(0, +) >= 5000)
    }

    @Test("prefixes of priority are for the journal alone") func prefixes() throws {
        let pipe = Pipe()
        var facts = stat()
        fstat(pipe.fileHandleForWriting.fileDescriptor, &facts)
        for (stream, start) in [
            ("\(facts.st_dev):\(facts.st_ino)", "<4>said"), ("1:2", "timbred: said"), (nil, "timbred: said"),
        ] {
            let journal = Journal(level: .info, descriptor: pipe.fileHandleForWriting.fileDescriptor, stream: stream)
            journal.warning("said")
            journal.flush(withinMilliseconds: 5000)
            #expect(String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self) == start + "\n")
        }
    }
}
