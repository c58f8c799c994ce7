// The MIDI messages for each event.

import Events

/// Converts events to MIDI: a note for as long as an instrument is on in any stream, a controller for its level. A
/// pure value.
struct MIDIWording {
    private let map: MIDIMap
    /// Streams in which an instrument is on.
    private var lit: [String: Set<String>] = [:]
    /// Levels by instrument and stream, 0...1.
    private var levels: [String: [String: Float]] = [:]
    /// The controller values sent last.
    private var told: [String: UInt8] = [:]

    init(_ map: MIDIMap) {
        self.map = map
    }

    /// Returns the messages of one event, in order.
    mutating func messages(_ event: Event) -> [MIDIMessage] {
        guard let stream = event.position?.stream else { return [] }
        switch event.body {
        case .on(let on):
            guard let entry = map[on.instrument] else { return [] }
            let isNew = lit[on.instrument, default: []].isEmpty
            lit[on.instrument, default: []].insert(stream)
            guard isNew else { return [] }
            return [.noteOn(channel: entry.channel, note: entry.note, velocity: max(1, Self.seven(on.confidence)))]
        case .off(let off):
            guard let entry = map[off.instrument], lit[off.instrument]?.remove(stream) != nil else { return [] }
            guard lit[off.instrument]?.isEmpty == true else { return [] }
            // Another instrument may hold the same note.
            let isHeld = lit.contains { name, streams in
                !streams.isEmpty && map[name].map { $0.channel == entry.channel && $0.note == entry.note } == true
            }
            guard !isHeld else { return [] }
            return [.noteOff(channel: entry.channel, note: entry.note)]
        case .activity(let activity):
            var messages: [MIDIMessage] = []
            for (instrument, level) in zip(activity.instruments, activity.levels) {
                guard let entry = map[instrument] else { continue }
                levels[instrument, default: [:]][stream] = level
                let value = Self.seven(levels[instrument]?.values.max() ?? 0)
                // MIDI is slow, so only changed values are sent.
                guard told[instrument] ?? 0 != value else { continue }
                told[instrument] = value
                messages.append(.control(channel: entry.channel, controller: entry.controller, value: value))
            }
            return messages
        default: return []
        }
    }

    /// Converts 0...1 to 0...127.
    private static func seven(_ value: Float) -> UInt8 { UInt8(min(1, max(0, value)) * 127 + 0.5) }
}

/// The messages that are sent. Channels count from 0 as on the wire; user interfaces count from 1.
enum MIDIMessage: Equatable {
    case noteOn(channel: UInt8, note: UInt8, velocity: UInt8)
    case noteOff(channel: UInt8, note: UInt8)
    case control(channel: UInt8, controller: UInt8, value: UInt8)
}
