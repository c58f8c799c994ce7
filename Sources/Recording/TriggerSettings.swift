// What begins a recording by itself.

/// The causes for which a recording is made without being asked for. Any one is enough.
public struct TriggerSettings: Equatable, Sendable {
    /// Instruments whose sounding is recorded.
    public enum Instruments: Equatable, Sendable {
        /// Whichever.
        case any
        /// These classes; none of them for none.
        case these(Set<String>)
    }

    /// Everything is recorded.
    public var always = false
    /// Instruments whose sounding is recorded.
    public var instruments = Instruments.these([])
    /// Sound as loud as this is recorded, in dBFS (root mean square of 50 ms in the loudest channel); `nil` for none.
    public var level: Float?
    /// Times of day that are recorded.
    public var schedule = Schedule()

    /// Settings under which nothing begins by itself.
    public init() {}
}
