// Adapts push devices, whose drivers use callbacks, to the interface of a source.

import AudioCore

/// The driver of a push device: a library that calls back on its own thread.
///
/// The capture thread calls `start` and `stop`, which may block; between them the library's thread pushes frames to
/// the queue.
protocol CallbackDriver: AnyObject {
    /// Connects the device and pushes its frames to `queue`, possibly before this call returns. Returns early with an
    /// error when `stop` is raised.
    func start(_ queue: CallbackQueue, stop: StopFlag) throws(AudioInputError) -> AudioFormat
    /// Disconnects the device; the library makes no more callbacks when this returns. Has no effect when it is not
    /// connected.
    func stop()
}

/// An `AudioSource` for a push device: its frames pass through a lock-free ring, and an eventfd ends the wait for
/// them.
final class CallbackSource: AudioSource {
    let isLive = true
    private let driver: any CallbackDriver
    private var queue: CallbackQueue?
    private var channels = 1

    init(_ driver: any CallbackDriver) { self.driver = driver }

    deinit { driver.stop() }

    func open(stop: StopFlag) throws(AudioInputError) -> AudioFormat {
        close()
        let queue = try CallbackQueue()
        do throws(AudioInputError) {
            let format = try driver.start(queue, stop: stop)
            channels = format.channels
            self.queue = queue
            return format
        } catch {
            driver.stop()
            throw error
        }
    }

    func read(_ destination: UnsafeMutablePointer<Float>, capacity: Int, timeout: Int) -> ReadResult {
        guard let queue else { return .failed(code: CallbackQueue.closed) }
        let result = queue.take(destination, capacity: capacity, channels: channels)
        guard result == .nothing, queue.wait(milliseconds: timeout) else { return result }
        return queue.take(destination, capacity: capacity, channels: channels)
    }

    func close() {
        driver.stop()
        queue = nil
    }
}
