// Converts levels to the channels of a universe.

import Events

/// The 512 channels of a universe, computed from the levels of instruments and families. A pure value.
struct DMXLevels {
    /// The source of a channel's value.
    enum Source: Hashable {
        case instrument(String)
        case family(String)
    }

    /// The quantity that determines the value.
    enum Follow: String {
        /// The level of the activity.
        case level
        /// Full scale while the instrument is on.
        case on
        /// The level while the instrument is on.
        case both
    }

    /// Number of channels of DMX512.
    static let channels = 512

    private let map: [(source: Source, channel: Int)]
    private let follow: Follow
    private let maximum: Double
    /// Rates of change, in units of full scale per second.
    private let attack: Double
    private let release: Double
    private var lit: [String: Set<String>] = [:]
    private var levels: [String: [String: Float]] = [:]
    private var families: [String: String] = [:]
    private var heights: [Double]

    /// - Parameters:
    ///   - attack: milliseconds from 0 to full scale.
    ///   - release: milliseconds from full scale to 0.
    init(_ map: [(source: Source, channel: Int)], _ follow: Follow, maximum: Int, attack: Double, release: Double) {
        self.map = map
        self.follow = follow
        self.maximum = Double(maximum)
        self.attack = 1000 / max(1, attack)
        self.release = 1000 / max(1, release)
        heights = [Double](repeating: 0, count: map.count)
    }

    /// Says which names of the map the daemon does not know.
    func unknownNames(_ hello: Hello) -> [String] {
        var (instruments, families): (Set<String>, Set<String>) = ([], [])
        for case (.instrument(let name), _) in map { instruments.insert(name) }
        for case (.family(let name), _) in map { families.insert(name) }
        return SinkFilter.unknown(instruments, "map", hello.instruments.map(\.name))
            + SinkFilter.unknown(families, "map", hello.instruments.map(\.family))
    }

    /// Updates the state with an event.
    mutating func note(_ event: Event) {
        switch event.body {
        case .hello(let hello):
            for instrument in hello.instruments { families[instrument.name] = instrument.family }
        case .on(let on):
            families[on.instrument] = on.family
            if let stream = event.position?.stream { lit[on.instrument, default: []].insert(stream) }
        case .off(let off):
            if let stream = event.position?.stream { lit[off.instrument]?.remove(stream) }
        case .activity(let activity):
            guard let stream = event.position?.stream else { return }
            for (instrument, level) in zip(activity.instruments, activity.levels) {
                levels[instrument, default: [:]][stream] = level
            }
        case .closing:
            lit = [:]
            levels = [:]
        default: break
        }
    }

    /// Returns the target value of a channel, 0...1.
    private func goal(_ source: Source) -> Double {
        switch source {
        case .instrument(let name): height(name)
        case .family(let name): families.filter { $0.value == name }.keys.map(height).max() ?? 0
        }
    }

    private func height(_ instrument: String) -> Double {
        let isOn = lit[instrument]?.isEmpty == false
        let level = Double(levels[instrument]?.values.max() ?? 0)
        return switch follow {
        case .level: level
        case .on: isOn ? 1 : 0
        case .both: isOn ? level : 0
        }
    }

    /// Whether every channel has reached its target.
    var isSettled: Bool { map.indices.allSatisfy { goal(map[$0].source) == heights[$0] } }

    /// Advances the time; returns true when a channel changed or has not reached its target.
    mutating func advance(seconds: Double) -> Bool {
        var isMoving = false
        for (index, entry) in map.enumerated() {
            let goal = goal(entry.source)
            let step = (goal > heights[index] ? attack : release) * seconds
            let next = heights[index] + min(step, max(-step, goal - heights[index]))
            if next != heights[index] { isMoving = true }
            heights[index] = next
        }
        return isMoving
    }

    /// Sets all channels to 0 at once.
    mutating func blackOut() {
        lit = [:]
        levels = [:]
        for index in heights.indices { heights[index] = 0 }
    }

    /// The values of the universe, channel 1 first. Where two sources share a channel the higher value is used.
    var data: [UInt8] {
        var data = [UInt8](repeating: 0, count: Self.channels)
        for (index, entry) in map.enumerated() {
            let value = UInt8(min(255, max(0, (heights[index] * maximum).rounded())))
            data[entry.channel - 1] = max(data[entry.channel - 1], value)
        }
        return data
    }

    /// Parses `violin@1`, `family.strings@10-12`; returns the default map for an empty list: families in score order
    /// from channel 1.
    static func map(_ words: [String]) throws(SinkProblem) -> [(source: Source, channel: Int)] {
        guard !words.isEmpty else {
            let order = [
                "voice", "woodwind", "brass", "strings", "plucked", "keyboard", "percussion", "electronic",
            ]
            return order.enumerated().map { (.family($0.element), $0.offset + 1) }
        }
        var map: [(source: Source, channel: Int)] = []
        for word in words {
            let parts = word.split(separator: "@", omittingEmptySubsequences: false)
            let range = parts.count == 2 ? parts[1].split(separator: "-", omittingEmptySubsequences: false) : []
            guard parts.count == 2, !parts[0].isEmpty, let first = range.first.flatMap({ Int($0) }),
                let last = range.last.flatMap({ Int($0) }), range.count <= 2, first <= last, first >= 1,
                last <= channels
            else {
                throw SinkProblem(
                    "map has \"\(word)\": write INSTRUMENT@CHANNEL or family.NAME@CHANNEL, channels from 1 to 512")
            }
            let name = String(parts[0])
            let source: Source =
                name.hasPrefix("family.") ? .family(String(name.dropFirst("family.".count))) : .instrument(name)
            for channel in first...last { map.append((source, channel)) }
        }
        return map
    }
}
