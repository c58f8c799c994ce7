// The errors of source names and of opening sources, with a message for each.

/// The reason why a source could not be parsed or opened.
public enum AudioInputError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The device, server or file does not exist (yet).
    case missing(source: String, detail: String)
    /// The device exists but another program uses it.
    case busy(source: String, detail: String)
    /// The source exists but its format or setup is not supported.
    case unusable(source: String, detail: String)
    /// The text does not name a source or a channel.
    case malformed(text: String, detail: String)
    /// The capture thread could not be started.
    case thread(detail: String)

    /// The message: the problem, its place and the remedy.
    public var description: String {
        switch self {
        case .missing(let source, let detail): "\(source) is not available: \(detail)"
        case .busy(let source, let detail): "\(source) is in use by another program: \(detail)"
        case .unusable(let source, let detail): "\(source) cannot be used: \(detail)"
        case .malformed(let text, let detail): "invalid source \"\(text)\": \(detail)"
        case .thread(let detail): "the capture thread could not be started: \(detail)"
        }
    }
}
