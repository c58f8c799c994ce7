// `jsonl:`: a log file with rotation.

import Events
import Glibc
import JSON
import System
import WholeFiles

/// Appends the daemon's lines to a file, with its own sequence numbers.
final class JSONLinesSink: EventSink {
    static let scheme = "jsonl"
    static let form = "jsonl:FILE"
    static let summary = "a log file of JSON lines, with rotation"
    static let options = [
        SinkOption(
            "max_bytes", .integer(1024...1_000_000_000_000), "104857600",
            help: "size in bytes at which the file is rotated"),
        SinkOption(
            "keep", .integer(0...1000), "5", help: "number of rotated files to keep, as FILE.1, FILE.2 and so on"),
    ]

    private let path: String
    private let limit: Int
    private let keep: Int
    private var descriptor: Int32 = -1
    private var size = 0
    private var sequence: Int64 = 0
    private var encoder = EventEncoder()

    init(_ settings: SinkSettings, _ context: SinkContext) throws(SinkProblem) {
        path = settings.address
        guard !path.isEmpty, !path.hasSuffix("/") else { throw SinkProblem("the file is missing: write \(Self.form)") }
        limit = settings.integer("max_bytes")
        keep = settings.integer("keep")
    }

    deinit {
        close()
    }

    func open() throws(SinkFailure) {
        close()
        try openFile()
        // A line truncated by a crash or a full disk must not run into the next line.
        var last: UInt8 = 0x0A
        if size > 0, pread(descriptor, &last, 1, off_t(size - 1)) == 1, last != 0x0A { try write([0x0A]) }
        sequence = 0
    }

    func send(_ events: [SinkEvent]) throws(SinkFailure) {
        var writer = JSONWriter()
        for item in events {
            sequence += 1
            EventEncoder.lineStart(sequence, into: &writer)
            writer.bytes += item.body(&encoder)
        }
        if size > 0, size + writer.bytes.count > limit { try turnOver() }
        try write(writer.bytes)
    }

    func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    private func openFile() throws(SinkFailure) {
        do throws(FileFailure) {
            (descriptor, size) = try RegularFile.open(path, O_RDWR | O_CREAT | O_APPEND, mode: 0o640)
        } catch {
            throw SinkFailure("\(error)")
        }
    }

    private func write(_ bytes: [UInt8]) throws(SinkFailure) {
        do throws(SystemError) {
            try WholeFile.writeAll(bytes, to: descriptor)
        } catch {
            throw SinkFailure("\(path): \(error)")
        }
        size += bytes.count
    }

    private func turnOver() throws(SinkFailure) {
        close()
        if keep == 0 {
            unlink(path)
        } else {
            for number in stride(from: keep - 1, to: 0, by: -1) { rename("\(path).\(number)", "\(path).\(number + 1)") }
            guard rename(path, "\(path).1") == 0 else {
                throw SinkFailure("\(path): cannot be rotated: \(SystemError.last)")
            }
        }
        try openFile()
    }
}
