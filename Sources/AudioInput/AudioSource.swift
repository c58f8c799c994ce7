// The interface of every backend: open, read and close, on the capture thread.

import AudioCore
import Synchronization

/// Where audio comes from. One file per backend implements it.
///
/// The capture thread owns a source and alone calls it. `open` and `close` may allocate and block; `read` may not
/// allocate, lock or log, blocks for `timeout` at most, and makes no system call but the device's own.
public protocol AudioSource: AnyObject {
    /// True for a device that runs on whether we read or not; false for a file or a pipe, which waits for us.
    var isLive: Bool { get }

    /// Opens the device and says what it will deliver. Called again after a loss. A backend that has to wait
    /// looks at `stop` at least every 50 ms and gives up when it is raised.
    func open(stop: StopFlag) throws(AudioInputError) -> AudioFormat

    /// Reads at most `capacity` frames of interleaved floats, waiting at most `timeout` milliseconds.
    func read(_ destination: UnsafeMutablePointer<Float>, capacity: Int, timeout: Int) -> ReadResult

    /// The device that is open, where the name of the source leaves that to the server: "the default" is one today and
    /// another tomorrow. nil where the name says it all.
    var device: String? { get }

    /// What was wrong, in words that name the file and the position, after a read that failed; nil where the code of that read
    /// says it all.
    var failure: String? { get }

    /// Releases the device; harmless when it is not open.
    func close()
}

extension AudioSource {
    /// The name says it all.
    public var device: String? { nil }
    /// The code says it all.
    public var failure: String? { nil }
}

/// What one `AudioSource.read` brought.
public enum ReadResult: Equatable, Sendable {
    /// This many frames were written; at least one.
    case frames(Int)
    /// Nothing came within the timeout; the device may still be well.
    case nothing
    /// The device lost about this many frames (an xrun) and goes on; 0 when it cannot say.
    case lost(Int)
    /// From the next read on the frames have this format; a file of several recordings says so between them.
    case reformatted(AudioFormat)
    /// The end of a file or pipe.
    case end
    /// The device is gone or broken, or the file is damaged from here on. The code is the backend's own;
    /// `SourceSpecification.explain` puts it into words, on another thread.
    case failed(code: Int32)
}

/// A flag that is raised once and seen by every thread.
public final class StopFlag: Sendable {
    private let flag = Atomic<Bool>(false)

    /// Creates a lowered flag.
    public init() {}

    /// True from `raise` on.
    public var isRaised: Bool { flag.load(ordering: .acquiring) }

    /// Asks to stop.
    public func raise() {
        flag.store(true, ordering: .releasing)
    }
}
