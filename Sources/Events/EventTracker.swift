// Converts activities to events: gate, smoothing, hysteresis and pairing for one stream.

import AudioCore
import Glibc

/// Tracks the activities of one stream and emits its events.
///
/// The tracker is deterministic: the same frames, activities and levels give the same events, independent of the
/// system clock. Every `on` that it emits is followed by an `off`, which is caused by the activity, the gate, a
/// discontinuity or `end`.
///
/// `feed` allocates nothing as long as `emit` does not keep an `activity` event. Only one thread at a time may use a
/// tracker.
public struct EventTracker {
    /// The stream's name, as in its events.
    public let stream: String
    /// The clock of the stream; the owner anchors it to wall time.
    public var clock: StreamClock
    /// The position after the last frame that `feed` processed.
    public private(set) var position: Int64 = 0

    /// The noise floor in dBFS; nil while it is unknown.
    public var noiseFloor: Float? { floor.level }
    /// True while the level is far enough above the noise floor for instruments to be on.
    public var isGateOpen: Bool { gate.isOpen }

    private let instruments: [Hello.Instrument]
    private let frameRate: Double
    private var settings: TrackerSettings
    /// The thresholds in force; those of the settings while no support is set.
    private var thresholds: [HysteresisSettings]
    private var support: [Float] = []
    private var supportedUntil = Int64.min
    private var gate = LevelGate()
    private var floor: NoiseFloor
    private var smoother: ActivitySmoother
    private var states: [InstrumentHysteresis]
    private var edges: [SegmentEdges]
    /// Frame of each instrument's newest `on`, and the estimated frames at which its newest sound began and ended.
    private var since: [Int64]
    private var onsets: [Int64]
    private var offsets: [Int64]
    /// The first frame of the audio that continues without a gap.
    private var unbroken: Int64 = 0
    /// The last frame whose level kept the gate open.
    private var lastLoud: Int64 = 0
    private var activity: Activity
    private var nextActivity: Int64 = 0
    private var meanSquareSum = 0.0
    private var meanSquareCount = 0

    /// Creates the tracker of a stream of `clock.rate` samples per second with an activity every `hop` samples.
    ///
    /// Throws when the number of instruments in the settings differs from that of `instruments`.
    public init(
        stream: String, instruments: [Hello.Instrument], clock: StreamClock, hop: Int, settings: TrackerSettings
    ) throws(EventsError) {
        try Self.check(settings, instruments)
        self.stream = stream
        self.instruments = instruments
        self.clock = clock
        self.frameRate = Double(clock.rate) / Double(max(1, hop))
        self.settings = settings
        thresholds = settings.instruments
        let count = instruments.count
        smoother = ActivitySmoother(count: count, milliseconds: settings.smoothing, frameRate: frameRate)
        floor = NoiseFloor(frameRate: frameRate)
        states = Array(repeating: InstrumentHysteresis(), count: count)
        edges = Array(repeating: SegmentEdges(), count: count)
        since = Array(repeating: 0, count: count)
        onsets = since
        offsets = since
        activity = Activity(
            instruments: instruments.map(\.name), levels: Array(repeating: 0, count: count),
            peak: Activity.lowestLevel, rms: Activity.lowestLevel)
    }

    private static func check(
        _ settings: TrackerSettings, _ instruments: [Hello.Instrument]
    ) throws(EventsError) {
        guard settings.instruments.count == instruments.count else {
            throw .setting(
                name: "instruments",
                problem: "has thresholds for \(settings.instruments.count) classes and the model \(instruments.count)")
        }
    }

    /// Changes the settings while running; an instrument that is on stays on until its new thresholds switch it off.
    public mutating func apply(_ settings: TrackerSettings) throws(EventsError) {
        try Self.check(settings, instruments)
        self.settings = settings
        smoother.set(milliseconds: settings.smoothing, frameRate: frameRate)
        nextActivity = position
        weigh()
    }

    /// Moves the thresholds of instruments according to a model with a longer window, until frame `end`.
    ///
    /// - Parameter support: one number for each instrument, by which `HysteresisSettings.supported` moves its
    ///   thresholds. An instrument that is on stays on until its new thresholds switch it off.
    public mutating func support(_ support: [Float], until end: Int64) {
        precondition(support.count == instruments.count)
        self.support = support
        supportedUntil = end
        weigh()
    }

    private mutating func weigh() {
        thresholds = settings.instruments
        guard position < supportedUntil else { return }
        for (index, support) in support.enumerated() { thresholds[index] = thresholds[index].supported(by: support) }
    }

    /// Processes one frame: the position at the end of its newest sample, one activity (0...1) for each instrument,
    /// and the peak and root mean square of the hop in dBFS. Positions never decrease.
    public mutating func feed(
        frame: Int64, activities: UnsafePointer<Float>, peak: Float, rms: Float, emit: (Event) -> Void
    ) {
        position = max(position, frame)
        if position >= supportedUntil { withdrawSupport() }
        floor.step(rms, highest: settings.gate.highestFloor, isHeard: states.contains(where: \.isOn))
        if rms >= settings.gate.shutting(over: floor) { lastLoud = position }
        if gate.step(rms, over: floor, settings: settings.gate, frameRate: frameRate) {
            smoother.step(activities)
            for index in states.indices { decide(index, emit) }
        } else {
            closeAll(sounding: lastLoud, emit)
            smoother.reset()
            for index in edges.indices { edges[index].silence(position: position) }
        }
        measure(peak: peak, rms: rms)
        reportActivity(emit)
    }

    private mutating func decide(_ index: Int, _ emit: (Event) -> Void) {
        let level = smoother.levels[index]
        let change = states[index].step(level, settings: thresholds[index], frameRate: frameRate)
        report(change, of: index, sounding: edges[index].fall(before: position), emit)
        edges[index].step(
            level, threshold: settings.instruments[index].on, position: position, isOn: states[index].isOn)
    }

    /// Reports that audio is missing before `frame`: emits `off` for every active instrument, then `discontinuity`.
    /// `anchor` is the wall time at `frame`, where the stream continues; it is `nil` in a replay.
    public mutating func discontinuity(
        _ reason: GapCause, lostSeconds: Double, frame: Int64, anchor: WallTime? = nil,
        emit: (Event) -> Void
    ) {
        end(emit)
        position = max(position, frame)
        unbroken = position
        if let anchor { reanchor(at: anchor, reason) }
        emit(
            Event(
                stream: stream, time: clock.time(at: position),
                .discontinuity(.init(reason: reason, lostSeconds: lostSeconds))))
        nextActivity = position
    }

    /// Corrects the anchor after a gap. A wall time less than one second before the shown time is treated as late and
    /// ignored, unless the cause is a clock jump.
    private mutating func reanchor(at wall: WallTime, _ reason: GapCause) {
        let shown = clock.time(at: position).wall ?? wall
        let isLate = shown > wall && shown.nanoseconds - wall.nanoseconds < 1_000_000_000
        clock.setAnchor(frame: position, wall: isLate && reason != .clockJump ? shown : wall)
    }

    /// Reports that the stream ends or pauses at the current position: emits `off` for every active instrument and
    /// resets the state.
    public mutating func end(_ emit: (Event) -> Void) {
        closeAll(sounding: position, emit)
        gate.reset()
        floor.reset()
        smoother.reset()
        withdrawSupport()
    }

    private mutating func withdrawSupport() {
        guard supportedUntil != .min else { return }
        supportedUntil = .min
        weigh()
    }

    private mutating func closeAll(sounding end: Int64, _ emit: (Event) -> Void) {
        for index in states.indices { report(states[index].forceOff(), of: index, sounding: end, emit) }
    }

    /// - Parameter end: the last position at which the instrument sounded, for the offset of an `off`.
    private mutating func report(
        _ change: InstrumentHysteresis.Change?, of index: Int, sounding end: Int64, _ emit: (Event) -> Void
    ) {
        guard let change else { return }
        let instrument = instruments[index]
        let time = clock.time(at: position)
        switch change {
        case .on(let confidence):
            since[index] = position
            onsets[index] = onset(of: index)
            emit(
                Event(
                    stream: stream, time: time,
                    .on(
                        .init(
                            instrument: instrument.name, family: instrument.family, confidence: confidence,
                            onset: clock.seconds(onsets[index])))))
        case .off(let confidence):
            offsets[index] = min(position, max(onsets[index], end))
            emit(
                Event(
                    stream: stream, time: time,
                    .off(
                        .init(
                            instrument: instrument.name, family: instrument.family, confidence: confidence,
                            duration: clock.seconds(position - since[index]), offset: clock.seconds(offsets[index])))))
        }
    }

    /// Returns the estimated position at which the sound of an instrument began: where its activity began to rise,
    /// minus the delay of its class, not before the last gap and not before the end of the instrument's previous
    /// sound.
    private func onset(of index: Int) -> Int64 {
        let reach = Int64(saturating: SegmentEdges.reach * Double(clock.rate))
        let delay =
            settings.delays.isEmpty
            ? 0 : Int64(saturating: (settings.delays[index] * Double(clock.rate) / 1000).rounded())
        let begun = edges[index].rise(to: position, reach: reach) - delay
        return min(position, max(begun, unbroken, offsets[index]))
    }

    private mutating func measure(peak: Float, rms: Float) {
        if peak > activity.peak { activity.peak = peak }
        if rms > Activity.lowestLevel { meanSquareSum += pow(10, Double(rms) / 10) }
        meanSquareCount += 1
    }

    private mutating func reportActivity(_ emit: (Event) -> Void) {
        guard settings.activityRate > 0, position >= nextActivity else { return }
        for index in activity.levels.indices { activity.levels[index] = smoother.levels[index] }
        let meanSquare = meanSquareSum / Double(meanSquareCount)
        activity.rms = meanSquare > 0 ? Float(10 * log10(meanSquare)) : Activity.lowestLevel
        emit(Event(stream: stream, time: clock.time(at: position), .activity(activity)))
        activity.peak = Activity.lowestLevel
        meanSquareSum = 0
        meanSquareCount = 0
        // The next time is computed from the grid, not from this frame, so that the mean rate is the requested rate. A
        // rate near 0 gives a step longer than any stream; the limit keeps the sum below within 64 bits.
        let step = min(1 << 60, max(1, Int64(saturating: (Double(clock.rate) / settings.activityRate).rounded())))
        nextActivity += ((position - nextActivity) / step + 1) * step
    }
}
