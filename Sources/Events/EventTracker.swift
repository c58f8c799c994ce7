// From activities to events: gate, smoothing, hysteresis and pairing for one stream.

import Glibc

/// Watches the activities of one stream and says what happens in it.
///
/// Deterministic: the same frames, activities and levels give the same events, whatever the clock of the machine
/// does. Every `on` it emits gets its `off`: from the activity, from the gate, from a discontinuity or from `end`.
///
/// Nothing is allocated by `feed` as long as `emit` does not keep an `activity` event. Used from one thread at a time.
public struct EventTracker {
    /// The stream's name, as in every event.
    public let stream: String
    /// Time of the stream; the owner anchors it to wall time.
    public var clock: StreamClock
    /// The position after the last frame that was fed.
    public private(set) var position: Int64 = 0

    private let instruments: [Hello.Instrument]
    private let frameRate: Double
    private var settings: TrackerSettings
    /// The thresholds in force: those of the settings, as long as nobody supports an instrument.
    private var thresholds: [HysteresisSettings]
    private var support: [Float] = []
    private var supportedUntil = Int64.min
    private var gate = LevelGate()
    private var smoother: ActivitySmoother
    private var states: [InstrumentHysteresis]
    private var since: [Int64]
    private var activity: Activity
    private var nextActivity: Int64 = 0
    private var meanSquareSum = 0.0
    private var meanSquareCount = 0

    /// Creates the tracker of a stream of `clock.rate` samples per second with an activity every `hop` samples.
    ///
    /// Refuses settings whose number of instruments is not that of `instruments`.
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
        states = Array(repeating: InstrumentHysteresis(), count: count)
        since = Array(repeating: 0, count: count)
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

    /// Changes the settings while running; what is on stays on until its new thresholds say otherwise.
    public mutating func apply(_ settings: TrackerSettings) throws(EventsError) {
        try Self.check(settings, instruments)
        self.settings = settings
        smoother.set(milliseconds: settings.smoothing, frameRate: frameRate)
        nextActivity = position
        weigh()
    }

    /// Somebody who hears more than the moment speaks for instruments, or against them, until frame `end`.
    ///
    /// - Parameter support: one number for each instrument, by which `HysteresisSettings.supported` moves its thresholds.
    ///   What is on stays on until its new thresholds say otherwise.
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

    /// Takes one frame: the position of its newest sample's end, one activity (0...1) for each instrument, and the
    /// peak and root mean square of the hop in dBFS. Positions never go back.
    public mutating func feed(
        frame: Int64, activities: UnsafePointer<Float>, peak: Float, rms: Float, emit: (Event) -> Void
    ) {
        position = max(position, frame)
        if position >= supportedUntil { withdrawSupport() }
        if gate.step(rms, settings: settings.gate, frameRate: frameRate) {
            smoother.step(activities)
            for index in states.indices {
                let change = states[index].step(
                    smoother.levels[index], settings: thresholds[index], frameRate: frameRate)
                report(change, of: index, emit)
            }
        } else {
            closeAll(emit)
            smoother.reset()
        }
        measure(peak: peak, rms: rms)
        reportActivity(emit)
    }

    /// Audio is missing before `frame`: sends off what was on, then says so. `anchor` is the wall time at `frame`
    /// where the stream goes on, `nil` in a replay.
    public mutating func discontinuity(
        _ reason: Discontinuity.Reason, lostSeconds: Double, frame: Int64, anchor: WallTime? = nil,
        emit: (Event) -> Void
    ) {
        end(emit)
        position = max(position, frame)
        if let anchor { clock.setAnchor(frame: position, wall: anchor) }
        emit(
            Event(
                stream: stream, time: clock.time(at: position),
                .discontinuity(.init(reason: reason, lostSeconds: lostSeconds))))
        nextActivity = position
    }

    /// The stream ends or halts here: sends off what was on and forgets the past.
    public mutating func end(_ emit: (Event) -> Void) {
        closeAll(emit)
        gate.reset()
        smoother.reset()
        withdrawSupport()
    }

    private mutating func withdrawSupport() {
        guard supportedUntil != .min else { return }
        supportedUntil = .min
        weigh()
    }

    private mutating func closeAll(_ emit: (Event) -> Void) {
        for index in states.indices { report(states[index].forceOff(), of: index, emit) }
    }

    private mutating func report(
        _ change: InstrumentHysteresis.Change?, of index: Int, _ emit: (Event) -> Void
    ) {
        guard let change else { return }
        let instrument = instruments[index]
        let time = clock.time(at: position)
        switch change {
        case .on(let confidence):
            since[index] = position
            emit(
                Event(
                    stream: stream, time: time,
                    .on(.init(instrument: instrument.name, family: instrument.family, confidence: confidence))))
        case .off(let confidence):
            emit(
                Event(
                    stream: stream, time: time,
                    .off(
                        .init(
                            instrument: instrument.name, family: instrument.family, confidence: confidence,
                            duration: clock.seconds(position - since[index])))))
        }
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
        // Counted from the grid, not from this frame, so that the mean rate is the one asked for.
        let step = max(1, Int64((Double(clock.rate) / settings.activityRate).rounded()))
        nextActivity += ((position - nextActivity) / step + 1) * step
    }
}
