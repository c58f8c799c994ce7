// How much is logged.

/// Importance of log messages, the most important first.
public enum LogLevel: String, CaseIterable, Comparable, Sendable {
    /// Something does not work.
    case error
    /// Something may go wrong or was worked around.
    case warning
    /// What happened.
    case info
    /// Details for those who look for a fault.
    case debug

    /// More important is smaller.
    public static func < (a: LogLevel, b: LogLevel) -> Bool {
        (allCases.firstIndex(of: a) ?? 0) < (allCases.firstIndex(of: b) ?? 0)
    }
}
