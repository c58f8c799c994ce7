// Everything that can go wrong when a source is named or opened, as sentences a person can act on.

/// Why a source could not be understood or opened.
public enum AudioInputError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The device, server or file does not exist (yet).
    case missing(source: String, detail: String)
    /// The device exists and something else holds it.
    case busy(source: String, detail: String)
    /// It exists but cannot be understood or set up.
    case unusable(source: String, detail: String)
    /// The text does not name a source or a channel.
    case malformed(text: String, detail: String)
    /// The capture thread could not be started.
    case thread(detail: String)

    /// A sentence that says what was wrong, where, and what to do.
    public var description: String {
        switch self {
        case .missing(let source, let detail): "\(source) is not there: \(detail)"
        case .busy(let source, let detail): "\(source) is in use by something else: \(detail)"
        case .unusable(let source, let detail): "\(source) cannot be used: \(detail)"
        case .malformed(let text, let detail): "\"\(text)\" is not understood: \(detail)"
        case .thread(let detail): "the capture thread could not be started: \(detail)"
        }
    }
}
