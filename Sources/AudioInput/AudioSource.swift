// What every backend is: something that can be opened, read and closed on the capture thread.

import AudioCore

/// Where audio comes from. One file per backend implements it.
///
/// A source is used from the capture thread alone. `open` and `close` may allocate and block; `read` may not
/// allocate, lock or log, and makes no system call but the device's own.
public protocol AudioSource: AnyObject {
    /// True for a device that runs on whether we read or not; false for a file or a pipe, which waits for us.
    var isLive: Bool { get }

    /// Opens the device and says what it will deliver. Called again after a loss. A backend that has to wait for
    /// somebody looks at `stop` at least every 50 ms and gives up when it is raised.
    func open(stop: StopFlag) throws(AudioInputError) -> AudioFormat

    /// Reads at most `capacity` frames of interleaved floats, waiting at most `timeout` milliseconds.
    func read(_ destination: UnsafeMutablePointer<Float>, capacity: Int, timeout: Int) -> ReadResult

    /// Releases the device; harmless when it is not open.
    func close()
}
