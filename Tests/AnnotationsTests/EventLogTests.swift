// From saved lines to annotations.

import Events
import Foundation
import TestSupport
import Testing

@testable import Annotations

@Suite("Event log")
struct EventLogTests {
    private static let hello = """
        {"seq":1,"type":"hello","protocol":1,"software":"timbred 0.1.0","stream":"main","source":"file:a.wav","rate":100,\
        "hop":1,"classes":["piano"],"families":{"piano":"keyboard"},"model":null,"latency_ms":1.0,"streams":["main"]}
        """

    private func line(_ seconds: Double, _ type: String, _ rest: String, stream: String = "main") -> String {
        "{\"seq\":1,\"type\":\"\(type)\",\"stream\":\"\(stream)\",\"t\":\(seconds),\"frame\":\(Int(seconds * 100))\(rest)}"
    }

    private func on(_ seconds: Double, _ instrument: String, stream: String = "main") -> String {
        line(
            seconds, "on", ",\"instrument\":\"\(instrument)\",\"family\":\"strings\",\"confidence\":0.5", stream: stream
        )
    }

    private func off(_ seconds: Double, _ instrument: String, after duration: Double, stream: String = "main") -> String
    {
        line(
            seconds, "off",
            ",\"instrument\":\"\(instrument)\",\"family\":\"strings\",\"confidence\":0.75,\"duration\":\(duration)",
            stream: stream)
    }

    private func log(_ lines: String..., clock: EventLog.Clock? = nil) throws -> EventLog {
        var log = clock.map { EventLog(clock: $0) } ?? EventLog()
        for line in lines { try log.take(ArraySlice(line.utf8)) }
        return log
    }

    @Test("on and off are a segment with the confidence of the off, and what is on at the end ends with it")
    func segments() throws {
        let log = try log(
            Self.hello, on(1, "violin"), on(2, "piano"), off(3, "violin", after: 2),
            line(4, "mark", ",\"text\":\"solo\""),
            line(5, "health", ",\"state\":\"ended\",\"source\":\"a\",\"message\":\"\""))
        #expect(
            log.annotations(of: "main")
                == AnnotationSet(
                    [
                        Annotation(start: 1, end: 3, instrument: "violin", confidence: 0.75),
                        Annotation(start: 2, end: 5, instrument: "piano", confidence: 0.5),
                    ], marks: [.init(time: 4, text: "solo")], duration: 5))
        #expect(log.annotations(of: "main", until: 2.5).annotations.map(\.end) == [2.5, 2.5])
        #expect(log.hello?.software == "timbred 0.1.0")
    }

    @Test("a segment is where its sound is estimated to have been, within the audio, on the clock of the audio")
    func estimates() throws {
        let lines = [
            Self.hello,
            line(1, "on", ",\"instrument\":\"violin\",\"family\":\"strings\",\"confidence\":0.5,\"onset\":0.75"),
            line(
                3, "off",
                ",\"instrument\":\"violin\",\"family\":\"strings\",\"confidence\":0.75,\"duration\":2,\"offset\":2.5"),
        ]
        func segments(_ log: EventLog) -> [[Double]] {
            log.annotations(of: "main").annotations.map { [$0.start, $0.end] }
        }
        var log = EventLog()
        var later = EventLog { $0.time.seconds + 10 }
        var earlier = EventLog { $0.time.seconds - 0.875 }
        for line in lines {
            try log.take(Array(line.utf8)[...])
            try later.take(Array(line.utf8)[...])
            try earlier.take(Array(line.utf8)[...])
        }
        #expect(segments(log) == [[0.75, 2.5]])
        #expect(segments(later) == [[10.75, 12.5]])
        #expect(segments(earlier) == [[0, 1.625]])
    }

    @Test("streams are kept apart")
    func streams() throws {
        let log = try log(on(1, "violin", stream: "desk.2"), on(1, "piano", stream: "desk.1"))
        #expect(log.streams == ["desk.2", "desk.1"])
        #expect(log.annotations(of: "desk.1").instruments == ["piano"])
        #expect(log.annotations(of: "nobody").annotations.isEmpty)
    }

    @Test("a snapshot says what is on: at the beginning since when, after lost lines what ended unseen")
    func snapshots() throws {
        let active = """
            {"seq":2,"type":"snapshot","active":[{"stream":"main","instrument":"violin","family":"strings","since":0.25,\
            "confidence":0.5}],"health":{"main":"running"}}
            """
        let log = try log(
            Self.hello, active, on(1, "piano"), line(2, "mark", ",\"text\":\"x\""), active, off(4, "flute", after: 1.5))
        #expect(
            log.annotations(of: "main").annotations.map { [$0.instrument, "\($0.start)", "\($0.end)"] } == [
                ["violin", "0.25", "4.0"], ["piano", "1.0", "2.0"], ["flute", "2.5", "4.0"],
            ])
    }

    @Test("a clock of one's own places everything, tags and the snapshot's times too")
    func clock() throws {
        let tags = line(
            12, "tags",
            """
            ,"window":{"start":10.0,"end":12.0},"tags":[{"instrument":"piano","family":"keyboard","probability":0.9,\
            "attention":{"time":11.5,"low_hz":100,"high_hz":400}},{"instrument":"organ","family":"keyboard","probability":0.2}]
            """)
        let snapshot = """
            {"seq":2,"type":"snapshot","active":[{"stream":"main","instrument":"violin","family":"strings","since":9,\
            "confidence":0.5}],"health":{}}
            """
        let log = try log(Self.hello, snapshot, on(11, "piano"), tags, on(99, "oboe")) { place in
            place.time.frame > 5000 ? nil : Double(place.time.frame) / 100 - 10
        }
        #expect(log.annotations(of: "main").annotations.map(\.start) == [0, 1])
        let window = try #require(log.tags["main"]?.first)
        #expect((window.time, window.start, window.end) == (2, 0, 2))
        #expect(window.tags.map(\.instrument) == ["piano", "organ"])
        #expect(window.tags[0].attention == .init(time: 1.5, low: 100, high: 400) && window.tags[1].attention == nil)
    }

    @Test("lines of a later version are passed over, broken ones are refused with file and line")
    func refusals() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "log-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "events.jsonl").path
        func problem(_ text: String) throws -> String {
            try Data(text.utf8).write(to: URL(filePath: file))
            var log = EventLog()
            do {
                _ = try log.read(path: file)
                return ""
            } catch {
                return error.description
            }
        }
        #expect(try problem("\(Self.hello)\n\n{\"type\":\"dance\",\"seq\":2}\n\(on(1, "piano"))\n") == "")
        #expect(try problem("\(Self.hello)\n{\"type\":\"on\"}\n").hasPrefix("\(file):2: not an event"))
        #expect(try problem("start,end,class\n0,1,piano\n").hasPrefix("\(file):1: not valid JSON"))
        #expect(try problem("RIFF").hasPrefix("\(file):1: not valid JSON"))
        #expect(try problem(String(repeating: " ", count: 3 << 20)).hasPrefix("\(file):1: the line is longer"))
        var log = EventLog()
        #expect(throws: AnnotationsError.unreadable(file: "/no/such", detail: "No such file or directory")) {
            try log.read(path: "/no/such")
        }
    }

    @Test("a last line without its line feed counts when it is whole, and is left out when it was cut off")
    func cutOff() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "cut-\(UUID().uuidString).jsonl")
        defer { try? FileManager.default.removeItem(at: file) }
        let whole = "\(Self.hello)\n\(on(1, "piano"))\n\(off(3, "piano", after: 2))"
        for (text, isCut, end) in [(whole, false, 3.0), (String(whole.dropLast(9)), true, 1), (whole + "\n", false, 3)]
        {
            try Data(text.utf8).write(to: file)
            var log = EventLog()
            #expect(try log.read(path: file.path) == isCut)
            #expect(log.end == end)
        }
    }

    @Test("no damage to the lines makes the log crash, nor the annotations leave their bounds", arguments: 0..<300)
    func mutations(seed: UInt64) {
        var generator = SeededGenerator(seed)
        var log = EventLog(keepsActivity: seed % 2 == 0)
        for line in [Self.hello, on(1, "piano"), on(2, "violin"), off(3, "piano", after: 2), on(4, "piano")] {
            try? log.take(mutated(Array(line.utf8), using: &generator)[...])
        }
        for stream in log.streams {
            let set = log.annotations(of: stream)
            for segment in set.annotations {
                #expect(segment.start >= 0 && segment.start <= segment.end && segment.end <= log.end)
            }
            for format in ExportFormat.all { _ = format.encode(set, about: Examples.subject) }
        }
    }
}
