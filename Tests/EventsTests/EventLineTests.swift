// Events as lines and back.

import Events
import Foundation
import TestSupport
import Testing

@Suite("Event lines") struct EventLineTests {
    private func line(_ event: Event, _ sequence: Int64 = 1) -> String {
        var encoder = EventEncoder()
        return String(decoding: encoder.line(event, sequence: sequence), as: UTF8.self)
    }

    @Test("look exactly as documented") func exact() {
        let time = EventExamples.clock.time(at: 54_432)
        let on = Event(
            stream: "main", time: time, .on(.init(instrument: "violin", family: "strings", confidence: 0.8714)))
        #expect(
            line(on, 12)
                == #"{"seq":12,"type":"on","stream":"main","t":1.234286,"frame":54432,"wall":"2026-11-21T06:00:01.357Z","#
                + #""instrument":"violin","family":"strings","confidence":0.871}"# + "\n")
        let activity = Event(
            stream: "main", time: StreamClock(rate: 44_100).time(at: 0),
            .activity(.init(instruments: ["piano", "violin"], levels: [0.0004, 0.9996], peak: -.infinity, rms: .nan)))
        #expect(
            line(activity)
                == #"{"seq":1,"type":"activity","stream":"main","t":0.000000,"frame":0,"#
                + #""levels":{"piano":0.000,"violin":1.000},"peak_dbfs":-120.0,"rms_dbfs":-120.0}"# + "\n")
    }

    @Test("come back as the same event, every kind of them") func roundTrip() throws {
        #expect(Set(EventExamples.all.map(\.kind)) == Set(EventKind.allCases))
        for (index, event) in EventExamples.all.enumerated() {
            let decoded = try NumberedEvent(line: line(event, Int64(index)))
            #expect(decoded.sequence == index)
            #expect(line(decoded.event, Int64(index)) == line(event, Int64(index)))
        }
    }

    @Test("are what Foundation's JSON reader reads, hard strings included") func foundation() throws {
        for event in EventExamples.all {
            let text = line(event)
            #expect(text.utf8.last == 0x0A && text.utf8.count { $0 == 0x0A } == 1)
            let object = try #require(
                JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
            #expect(object["type"] as? String == event.kind.rawValue)
            if case .mark = event.body { #expect(object["text"] as? String == EventExamples.nasty) }
        }
    }

    @Test("with a confidence, probability or level outside 0 to 1 are refused by the name of the field")
    func shares() {
        let head =
            #"{"seq":2,"type":"snapshot","health":{},"active":[{"stream":"main","instrument":"violin","family":"strings","#
        #expect(throws: EventsError.event(problem: "its field \"confidence\" is not a number from 0 to 1")) {
            try NumberedEvent(line: head + #""since":1.5,"confidence":3e36}]}"#)
        }
        let activity =
            #"{"seq":3,"type":"activity","stream":"main","t":1,"frame":1,"peak_dbfs":-6,"rms_dbfs":-9,"levels":{"harp":-0.1}}"#
        #expect(throws: EventsError.event(problem: "its field \"harp\" is not a number from 0 to 1")) {
            try NumberedEvent(line: activity)
        }
    }

    @Test("carry stream, t and frame exactly when their kind is timed") func places() {
        for event in EventExamples.all { #expect((event.position != nil) == event.kind.isTimed) }
    }

    @Test("of a newer daemon are read past what is unknown, those of another protocol are refused") func newer() throws
    {
        let mark = #"{"seq":3,"type":"mark","stream":"main","t":1,"frame":44100,"text":"x","colour":[1,{"a":2}]}"#
        #expect(try NumberedEvent(line: mark).event.body == .mark(text: "x"))
        let hello = line(EventExamples.all[0]).replacing("\"protocol\":1", with: "\"protocol\":2")
        #expect(throws: EventsError.event(problem: "it has protocol version 2, and this program supports 1")) {
            try NumberedEvent(line: hello)
        }
    }

    @Test(
        "Promise 7: that are wrong are refused with the field or the byte",
        arguments: [
            (#"{"type":"mark"}"#, #"not an event: its field "seq" is missing"#),
            (#"{"seq":1.5,"type":"mark"}"#, #"not an event: its field "seq" is not a whole number"#),
            (#"{"seq":1,"type":"dance"}"#, #"not an event: its type "dance" is unknown"#),
            (
                #"{"seq":1,"type":"health","state":"fine"}"#,
                #"not an event: its field "state" is not one of its known words"#
            ),
            (
                #"{"seq":1,"type":"mark","text":"","stream":"s","t":0,"frame":0,"wall":"2026-02-30T00:00:00.000Z"}"#,
                #"not an event: its field "wall" is not an RFC 3339 time"#
            ),
            (#"{"seq":1,"type":"mark","#, "not valid JSON at byte 23: expected a name in double quotes"),
            ("", "not valid JSON at byte 0: unexpected end of the text: expected a value"),
        ])
    func refused(_ line: String, _ sentence: String) {
        do {
            _ = try NumberedEvent(line: line)
            Issue.record("it was accepted")
        } catch {
            #expect(error.description == sentence)
        }
    }

    @Test("Promise 7: that are damaged are read or refused, never a crash") func mutations() {
        var generator = SeededGenerator(11)
        let lines = EventExamples.all.map { Array(line($0).utf8) }
        var refused = 0
        for round in 0..<6000 {
            let damaged = mutated(lines[round % lines.count], using: &generator)
            do {
                _ = try NumberedEvent(line: damaged[...])
            } catch {
                refused += 1
            }
        }
        #expect(refused > 3000)
    }
}
