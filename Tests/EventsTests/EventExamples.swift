// One event of every kind and state, with text that is hard to quote.

import AudioCore
import Events

/// Examples that between them use every type, word and optional field of the protocol.
enum EventExamples {
    static let nasty = "Grüße \"quoted\" back\\slash\ttab\nline \u{1}\u{7F} \u{1F3BB} e\u{301} </script>"

    static let hello = Hello(
        software: "timbred 0.1.0", stream: "main", source: "alsa:default", rate: 44_100, hop: 512,
        instruments: [.init(name: "piano", family: "keyboard"), .init(name: "violin", family: "strings")],
        model: .init(name: "first", sha256: String(repeating: "0f", count: 32)),
        tagModel: .init(name: "second", sha256: String(repeating: "a1", count: 32)), latencyMilliseconds: 62.5,
        streams: ["main", "desk.1"])

    static var clock: StreamClock {
        var clock = StreamClock(rate: 44_100)
        clock.setAnchor(frame: 0, wall: WallTime(nanoseconds: 1_795_240_800_123_000_000))
        return clock
    }

    static var all: [Event] {
        var loading = hello
        loading.instruments = []
        loading.model = nil
        loading.tagModel = nil
        let time = clock.time(at: 54_432)
        let replayed = StreamClock(rate: 44_100).time(at: 0)
        var events: [Event] = [
            Event(.hello(hello)), Event(.hello(loading)),
            Event(.snapshot(.init(active: [], health: []))),
            Event(
                .snapshot(
                    .init(
                        active: [
                            .init(
                                stream: "desk.1", instrument: "violin", family: "strings", since: 1.5, confidence: 0.871
                            )
                        ], health: [.init(stream: "main", state: .running), .init(stream: "desk.1", state: .waiting)]))),
            Event(
                stream: "main", time: time,
                .on(.init(instrument: "violin", family: "strings", confidence: 0.871, onset: 1.125))),
            Event(
                stream: "main", time: replayed, .on(.init(instrument: "violin", family: "strings", confidence: 1))),
            Event(
                stream: "main", time: time,
                .off(.init(instrument: "violin", family: "strings", confidence: 0.5, duration: 1.25, offset: 1.109))),
            Event(
                stream: "main", time: time,
                .activity(.init(instruments: ["piano", "violin"], levels: [0, 0.812], peak: -3.2, rms: -120))),
            Event(
                stream: "main", time: time,
                .tags(
                    .init(
                        start: 0, end: 1.234286,
                        tags: [
                            .init(
                                instrument: "violin", family: "strings", probability: 0.871,
                                attention: .init(time: 0.4, low: 752, high: 1947)),
                            .init(instrument: "voice", family: "voice", probability: 0.012, attention: nil),
                        ]))),
            Event(stream: "main", time: time, .mark(text: nasty)),
            Event(.lagged(.init(skipped: 12, from: 8, to: 19))),
            Event(.closing(reason: "shutting down")),
            Event(.reply(.init(command: "subscribe", outcome: .done([])))),
            Event(
                .reply(
                    .init(
                        command: "status",
                        outcome: .done([.init("status", .object([.init("uptime_seconds", .number(1.5))]))])))),
            Event(.reply(.init(command: "metrics", outcome: .done([.init("metrics", .string("a 1\nb 2\n"))])))),
            Event(.reply(.init(command: "", outcome: .refused(nasty)))),
        ]
        for state in RecordingChange.State.allCases {
            events.append(
                Event(
                    stream: "main", time: time,
                    .recording(.init(state: state, session: "/var/lib/timbred/2026", message: nasty))))
        }
        for state in SourceState.allCases {
            events.append(
                Event(
                    stream: "main", time: time,
                    .health(.init(state: state, source: "alsa:hw:\"1\"", message: "a sentence"))))
        }
        for reason in GapCause.allCases {
            events.append(
                Event(stream: "main", time: time, .discontinuity(.init(reason: reason, lostSeconds: 0.032))))
        }
        return events
    }
}
