// Events and states for the tests of the views.

import AudioCore
import Events

@testable import timbre

/// An event of the stream "main" at `seconds`.
func at(_ seconds: Double, _ body: Event.Body, stream: String = "main") -> Event {
    Event(stream: stream, time: StreamTime(frame: Int64(seconds * 44_100), seconds: seconds, wall: nil), body)
}

func on(_ instrument: String) -> Event.Body {
    .on(InstrumentOn(instrument: instrument, family: "strings", confidence: 0.8))
}

func off(_ instrument: String, after duration: Double) -> Event.Body {
    .off(InstrumentOff(instrument: instrument, family: "strings", confidence: 0.8, duration: duration))
}

func activity(_ levels: KeyValuePairs<String, Float>, peak: Float = -9.4) -> Event.Body {
    .activity(Activity(instruments: levels.map(\.key), levels: levels.map(\.value), peak: peak, rms: peak - 10))
}

func health(_ state: SourceState, _ message: String = "") -> Event.Body {
    .health(Health(state: state, source: "alsa:default", message: message))
}

let hello = Event(
    .hello(
        Hello(
            software: "timbred 0", stream: "main", source: "alsa:default", rate: 44_100, hop: 512,
            instruments: [
                .init(name: "cello", family: "strings"), .init(name: "drums", family: "percussion"),
                .init(name: "flute", family: "woodwind"), .init(name: "violin", family: "strings"),
            ], model: .init(name: "first", sha256: ""), latencyMilliseconds: 23.2, streams: ["main"])))

/// A watcher's state after these events.
func state(after events: Event...) -> WatchState {
    events.reduce(into: WatchState()) { $0.apply($1) }
}
