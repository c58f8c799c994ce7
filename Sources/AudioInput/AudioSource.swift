// The interface of every backend: open, read and close, on the capture thread.

import AudioCore
import Synchronization

/// A source of audio. Each backend implements it in its own folder.
///
/// The capture thread owns a source and is the only thread that calls it. `open` and `close` may allocate and block.
/// `read` must not allocate, lock or log, blocks for at most `timeout`, and makes no system calls except the device's
/// own.
public protocol AudioSource: AnyObject {
    /// True for a device that continues whether it is read or not; false for a file or a pipe, which waits for its
    /// reader.
    var isLive: Bool { get }

    /// Opens the device and returns the format that it will deliver. The supervisor calls it again after a loss. A
    /// backend that waits must check `stop` at least every 50 ms and return when it is raised.
    func open(stop: StopFlag) throws(AudioInputError) -> AudioFormat

    /// Reads at most `capacity` frames of interleaved floats, and waits at most `timeout` milliseconds.
    func read(_ destination: UnsafeMutablePointer<Float>, capacity: Int, timeout: Int) -> ReadResult

    /// The open device, where the name of the source leaves the choice to the server: the default device may change.
    /// nil where the name already identifies the device.
    var device: String? { get }

    /// The error after a failed read, as a message with the file and the position; nil where the code of that read is
    /// sufficient.
    var failure: String? { get }

    /// Releases the device; has no effect when it is not open.
    func close()
}

extension AudioSource {
    /// Returns nil: the name identifies the device.
    public var device: String? { nil }
    /// Returns nil: the code is sufficient.
    public var failure: String? { nil }
}

/// The result of one `AudioSource.read`.
public enum ReadResult: Equatable, Sendable {
    /// This many frames were written; at least one.
    case frames(Int)
    /// No frames arrived within the timeout; the device may still be working.
    case nothing
    /// The device lost approximately this many frames (an xrun) and continues; 0 when the number is unknown.
    case lost(Int)
    /// The frames of the following reads have this format; returned between the recordings of a file that contains
    /// several.
    case reformatted(AudioFormat)
    /// The end of a file or pipe was reached.
    case end
    /// The device is gone or broken, or the file is damaged from here on. The code is specific to the backend;
    /// `SourceSpecification.explain` converts it to text on another thread.
    case failed(code: Int32)
}

/// A flag that is raised once and that every thread can read.
public final class StopFlag: Sendable {
    private let flag = Atomic<Bool>(false)

    /// Creates a lowered flag.
    public init() {}

    /// True from `raise` on.
    public var isRaised: Bool { flag.load(ordering: .acquiring) }

    /// Raises the flag.
    public func raise() {
        flag.store(true, ordering: .releasing)
    }
}
