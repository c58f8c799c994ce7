// The OSC messages for each event.

import AudioCore
import Events

/// Converts events to OSC messages, and records the current state so that it can be sent again. A pure value.
struct OSCWording {
    private let prefix: String
    private let filter: SinkFilter
    private var families: [String: String] = [:]
    private var active: [(stream: String, instrument: String, family: String, confidence: Float)] = []
    private var known: [String: [(instrument: String, family: String)]] = [:]
    private var health: [String: SourceState] = [:]
    private var isConnected = false

    /// `prefix` begins with a slash and does not end with one; it may be empty.
    init(prefix: String, filter: SinkFilter = SinkFilter()) {
        self.prefix = prefix
        self.filter = filter
    }

    /// Returns the messages of one event, in order.
    mutating func messages(_ event: Event) -> [OSCMessage] {
        switch event.body {
        case .hello(let hello):
            begin(hello)
            return renewal()
        case .closing(let reason):
            isConnected = false
            return [OSCMessage("\(prefix)/daemon", .integer(0), .string(reason))]
        case .snapshot, .lagged, .reply: return []
        default:
            guard let position = event.position else { return [] }
            return messages(event.body, position.stream)
        }
    }

    /// Returns the current state as messages: for a receiver that started late or lost a packet.
    func renewal() -> [OSCMessage] {
        var messages = [OSCMessage("\(prefix)/daemon", .integer(isConnected ? 1 : 0))]
        for stream in known.keys.sorted() {
            for (instrument, _) in known[stream] ?? [] {
                let isOn = active.contains { $0.stream == stream && $0.instrument == instrument }
                messages.append(on(stream, instrument, isOn))
            }
            for family in familyNames(stream) { messages.append(familyOn(stream, family)) }
        }
        for (stream, state) in health.sorted(by: { $0.key < $1.key }) { messages.append(self.state(stream, state)) }
        return messages
    }

    private mutating func begin(_ hello: Hello) {
        isConnected = true
        health = health.filter { hello.streams.contains($0.key) }
        families = [:]
        known = [:]
        for instrument in hello.instruments {
            families[instrument.name] = instrument.family
            guard filter.admits(instrument: instrument.name, family: instrument.family) else { continue }
            for stream in hello.streams where filter.admits(stream: stream) {
                known[stream, default: []].append((instrument.name, instrument.family))
            }
        }
    }

    private func address(_ stream: String, _ rest: String) -> String {
        "\(prefix)/\(OSCMessage.part(stream))/\(rest)"
    }

    private func on(_ stream: String, _ instrument: String, _ isOn: Bool) -> OSCMessage {
        OSCMessage(address(stream, "\(OSCMessage.part(instrument))/on"), .integer(isOn ? 1 : 0))
    }

    private func familyOn(_ stream: String, _ family: String) -> OSCMessage {
        let count = active.count { $0.stream == stream && $0.family == family }
        return OSCMessage(address(stream, "family/\(OSCMessage.part(family))"), .integer(count > 0 ? 1 : 0))
    }

    private func state(_ stream: String, _ state: SourceState) -> OSCMessage {
        OSCMessage(address(stream, "health"), .string(state.description))
    }

    private func familyNames(_ stream: String) -> [String] {
        var names: [String] = []
        for (_, family) in known[stream] ?? [] where !names.contains(family) { names.append(family) }
        return names
    }

    private mutating func messages(_ body: Event.Body, _ stream: String) -> [OSCMessage] {
        switch body {
        case .on(let on):
            active.append((stream, on.instrument, on.family, on.confidence))
            return [
                self.on(stream, on.instrument, true),
                OSCMessage(address(stream, "\(OSCMessage.part(on.instrument))/confidence"), .float(on.confidence)),
                familyOn(stream, on.family),
            ]
        case .off(let off):
            active.removeAll { $0.stream == stream && $0.instrument == off.instrument }
            return [self.on(stream, off.instrument, false), familyOn(stream, off.family)]
        case .activity(let activity): return levels(activity, stream)
        case .tags(let tags):
            return tags.tags.map {
                OSCMessage(address(stream, "\(OSCMessage.part($0.instrument))/tag"), .float($0.probability))
            }
        case .health(let health):
            self.health[stream] = health.state
            return [state(stream, health.state)]
        case .discontinuity(let gap):
            return [OSCMessage(address(stream, "gap"), .float(Float(gap.lostSeconds)), .string(gap.reason.rawValue))]
        case .mark(let text): return [OSCMessage(address(stream, "mark"), .string(text))]
        case .recording(let change):
            return [OSCMessage(address(stream, "recording"), .string(change.state.rawValue))]
        case .hello, .snapshot, .lagged, .closing, .reply: return []
        }
    }

    private func levels(_ activity: Activity, _ stream: String) -> [OSCMessage] {
        var messages: [OSCMessage] = []
        var highest: [(family: String, level: Float)] = []
        for (instrument, level) in zip(activity.instruments, activity.levels) {
            messages.append(OSCMessage(address(stream, "\(OSCMessage.part(instrument))/level"), .float(level)))
            guard let family = families[instrument] else { continue }
            if let index = highest.firstIndex(where: { $0.family == family }) {
                highest[index].level = max(highest[index].level, level)
            } else {
                highest.append((family, level))
            }
        }
        for (family, level) in highest {
            messages.append(OSCMessage(address(stream, "family/\(OSCMessage.part(family))/level"), .float(level)))
        }
        messages.append(OSCMessage(address(stream, "peak"), .float(activity.peak)))
        messages.append(OSCMessage(address(stream, "rms"), .float(activity.rms)))
        return messages
    }
}
