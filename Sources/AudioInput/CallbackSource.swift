// Push devices, whose driver calls back, read like all others.

import AudioCore

/// The driver of a push device: a library that calls back on a thread of its own.
///
/// `start` and `stop` are called on the capture thread and may block; between them the library's thread gives frames to
/// the queue.
protocol CallbackDriver: AnyObject {
    /// Connects the device and lets frames flow into `queue`, which may begin before this returns. Gives up when `stop` is
    /// raised.
    func start(_ queue: CallbackQueue, stop: StopFlag) throws(AudioInputError) -> AudioFormat
    /// Disconnects the device; the library calls back no more when this returns. Harmless when it is not connected.
    func stop()
}

/// Makes an `AudioSource` of a push device: its frames cross a lock-free ring, and an eventfd ends the wait for them.
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
