// One place where calls of the kernel are repeated after a signal and their errno is taken.

import Glibc

/// A call of the kernel that failed.
public struct SystemError: Error, Equatable, CustomStringConvertible {
    /// The errno of the call.
    public let code: Int32

    /// Creates the error of an errno.
    public init(code: Int32) { self.code = code }

    /// The error of the call that just failed on this thread.
    public static var last: SystemError { SystemError(code: errno) }

    /// Whether the call would have had to wait on a descriptor that does not block.
    public var wouldBlock: Bool { code == EAGAIN || code == EWOULDBLOCK }

    /// The system's text for the errno: "No space left on device".
    public var description: String { String(cString: strerror(code)) }
}

/// Runs a system call again while it fails with EINTR, and takes its errno. Any thread; it blocks for as long as the call.
///
/// - Parameter call: returns what the call returns, which is negative on failure with `errno` set.
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
