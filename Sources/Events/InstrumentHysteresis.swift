// Decides whether one instrument is on; a pure function of activity, state and settings.

/// A Schmitt trigger with a minimum time in each direction, for one instrument.
///
/// The trigger switches on at `on` and off below `off`; a switch is reported once it has lasted the minimum time.
/// Segments shorter than `minimumOn` and gaps shorter than `minimumOff` are therefore never reported, as with
/// `min_duration_on` and `min_duration_off` in pyannote's binarisation. Unlike pyannote's, this method is causal: it
/// reports a switch later by the minimum time.
public struct InstrumentHysteresis: Equatable, Sendable {
    /// A reported change.
    public enum Change: Equatable, Sendable {
        /// The instrument went on; the confidence is the activity at this moment.
        case on(confidence: Float)
        /// The instrument went off; the confidence is the mean activity of the frames on which it was on.
        case off(confidence: Float)
    }

    /// True between a reported `on` and its reported `off`.
    public private(set) var isOn = false
    private var triggered = false
    private var lasted = 0
    private var sum = 0.0
    private var count = 0

    /// Creates the state of an instrument that is off.
    public init() {}

    /// Processes one activity, 0...1 (NaN counts as 0), and returns the change, or nil. The minimum times are rounded
    /// up to whole frames of `frameRate` frames per second.
    public mutating func step(_ activity: Float, settings: HysteresisSettings, frameRate: Double) -> Change? {
        let activity = activity >= 0 ? activity : 0
        let wanted = triggered ? activity >= settings.off : activity >= settings.on
        lasted = wanted == triggered ? lasted + 1 : 1
        triggered = wanted
        let minimum = triggered ? settings.minimumOn : settings.minimumOff
        let changes = triggered != isOn && Double(lasted) * 1000 >= minimum * frameRate
        if changes, isOn { return forceOff() }
        if changes {
            isOn = true
            sum = 0
            count = 0
        }
        if isOn {
            sum += Double(activity)
            count += 1
        }
        return changes ? .on(confidence: activity) : nil
    }

    /// Switches off at once, when the gate shuts, at a gap or at the end; returns `nil` when the instrument was off.
    public mutating func forceOff() -> Change? {
        let change: Change? = isOn ? .off(confidence: Float(sum / Double(count))) : nil
        self = InstrumentHysteresis()
        return change
    }
}
