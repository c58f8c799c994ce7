// What a person asks of a recorder.

/// An order to a recorder.
public enum RecordingAction: String, CaseIterable, Sendable {
    /// Record, from now (and the seconds before) until told otherwise.
    case start
    /// Do not record, whatever the configuration says, until told otherwise.
    case stop
    /// Record when the configuration says so.
    case auto
}
