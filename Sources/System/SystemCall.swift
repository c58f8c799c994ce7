// Repeats system calls that a signal interrupted and converts errno to an error.

import Glibc

/// The error of a system call.
public struct SystemError: Error, Equatable, CustomStringConvertible {
    /// The errno of the call.
    public let code: Int32

    /// Creates the error of an errno.
    public init(code: Int32) { self.code = code }

    /// The error of the last failed call on this thread.
    public static var last: SystemError { SystemError(code: errno) }

    /// Whether the call would block on a non-blocking descriptor.
    public var wouldBlock: Bool { code == EAGAIN || code == EWOULDBLOCK }

    /// The system's text for the errno: "No space left on device".
    public var description: String { String(cString: strerror(code)) }
}

/// Runs a system call again while it fails with EINTR, and throws its errno. Any thread may call it; it blocks for as
/// long as the call.
///
/// - Parameter call: returns the result of the call, which is negative on failure with `errno` set.
/// - Returns: the first result that is not negative.
/// - Throws: the errno of the first failure other than EINTR.
@discardableResult
@inlinable
public func systemCall<Count: SignedInteger>(_ call: () -> Count) throws(SystemError) -> Count {
    while true {
        let result = call()
        if result >= 0 { return result }
        let error = SystemError.last
        if error.code != EINTR { throw error }
    }
}
