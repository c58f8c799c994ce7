// The exit statuses of sysexits(3), so that a script can distinguish a usage error from a missing file.

/// The exit status of a program.
public enum ExitCode: Int32, Error, Sendable, CaseIterable {
    /// Success.
    case success = 0
    /// The command line was wrong (`EX_USAGE`).
    case usage = 64
    /// The input was read but is invalid (`EX_DATAERR`).
    case data = 65
    /// An input file does not exist or cannot be read (`EX_NOINPUT`).
    case noInput = 66
    /// The daemon or a device is not available (`EX_UNAVAILABLE`).
    case unavailable = 69
    /// An internal error occurred (`EX_SOFTWARE`).
    case software = 70
    /// Reading or writing failed after it began (`EX_IOERR`).
    case io = 74
    /// The configuration is invalid (`EX_CONFIG`).
    case configuration = 78

    /// One line for the EXIT STATUS section of a manual page.
    public var meaning: String {
        switch self {
        case .success: "Success."
        case .usage: "The command line is invalid."
        case .data: "The input was read but is invalid: a damaged audio, model or event file."
        case .noInput: "An input file does not exist or cannot be read."
        case .unavailable: "The daemon does not respond, or the device is not available."
        case .software: "An internal error occurred."
        case .io: "Reading or writing failed."
        case .configuration: "The configuration is invalid."
        }
    }
}
