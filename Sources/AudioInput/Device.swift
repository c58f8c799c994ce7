// One thing that can be heard.

/// A source that is there now, as `timbre devices` shows it.
public struct Device: Equatable, Sendable {
    /// The name to put into a configuration. It stays the same when devices are plugged in another order.
    public var specification: SourceSpecification
    /// What a person calls it, on one line.
    public var label: String
}
