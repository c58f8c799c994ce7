// Lines to a descriptor.

import Events
import Foundation
import Glibc
import Testing

@Suite("A line sink") struct LineSinkTests {
    @Test("numbers its lines from 1 and writes each at once") func numbers() throws {
        let pipe = Pipe()
        var sink = LineSink(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        for (index, event) in EventExamples.all.prefix(5).enumerated() {
            #expect(sink.write(event) == 0)
            let line = String(decoding: read(pipe.fileHandleForReading.fileDescriptor), as: UTF8.self)
            #expect(try NumberedEvent(line: line).sequence == index + 1)
        }
    }

    @Test("says with the errno that a disk is full") func full() throws {
        let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        var sink = LineSink(descriptor: full.fileDescriptor)
        #expect(sink.write(Event(.closing(reason: "x"))) == ENOSPC)
    }

    /// One read(2); Foundation's own stops the process when a signal interrupts it.
    private func read(_ descriptor: Int32) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            return Array(buffer.prefix(count))
        }
    }
}
