// A small report for the tests of the page and the picture.

import Annotations
import Events

@testable import Reports

/// Contents that between them show everything a report can show.
enum ReportExamples {
    static let nasty = "</script><script>alert(\"1\")</script> <b>'&amp;'\u{1}\r\n Grüße"

    static let hello = Hello(
        software: "timbred 0.1.0", stream: "main", source: "alsa:default", rate: 100, hop: 1,
        instruments: [
            .init(name: "cello", family: "strings"), .init(name: "flute", family: "woodwind"),
            .init(name: "piano", family: "keyboard"),
        ], model: .init(name: "first", sha256: String(repeating: "0f", count: 32)), latencyMilliseconds: 1,
        streams: ["main"])

    static func log(stream: String = "main") throws -> EventLog {
        var log = EventLog()
        var encoder = EventEncoder()
        func take(_ event: Event) throws { try log.take(encoder.line(event, sequence: 1)[...]) }
        func at(_ seconds: Double, _ body: Event.Body) throws {
            let time = StreamTime(frame: Int64(seconds * 100), seconds: seconds, wall: nil)
            try take(Event(stream: stream, time: time, body))
        }
        func change(_ seconds: Double, _ instrument: String, _ family: String, after duration: Double?) throws {
            try at(
                seconds,
                duration.map {
                    .off(.init(instrument: instrument, family: family, confidence: 0.75, duration: $0))
                } ?? .on(.init(instrument: instrument, family: family, confidence: 0.5)))
        }
        try take(Event(.hello(hello)))
        try change(1, "cello", "strings", after: nil)
        for tenth in 0...100 {
            let levels: [Float] = [tenth % 2 == 0 ? 0.5 : 0.25, 0, 0.125]
            try at(
                Double(tenth) / 10,
                .activity(.init(instruments: ["cello", "flute", "piano"], levels: levels, peak: -10, rms: -30)))
            if tenth == 20 { try change(2, "flute", "woodwind", after: nil) }
            if tenth == 30 { try change(3, "cello", "strings", after: 2) }
            if tenth == 40 { try change(4, "flute", "woodwind", after: 2) }
            if tenth == 50 { try change(5, "cello", "strings", after: nil) }
            if tenth == 60 { try at(6, .mark(text: nasty)) }
            if tenth == 70 { try at(7, .discontinuity(.init(reason: .xrun, lostSeconds: 0.25))) }
            if tenth == 80 { try change(8, "cello", "strings", after: 3) }
        }
        let tags = """
            {"seq":1,"type":"tags","stream":"\(stream)","t":9.0,"frame":900,"window":{"start":0,"end":9},"tags":[\
            {"instrument":"cello","family":"strings","probability":0.9,"attention":{"time":2,"low_hz":65,"high_hz":2000}},\
            {"instrument":"piano","family":"keyboard","probability":0.05}]}
            """
        try log.take(ArraySlice(tags.utf8))
        return log
    }

    static func content(streams: [String] = ["main"]) throws -> ReportContent {
        ReportContent(
            title: nasty, facts: [("software", "timbred & co")], end: 10,
            streams: try streams.map { StreamContent(try log(stream: $0), stream: $0, until: 10) })
    }
}
