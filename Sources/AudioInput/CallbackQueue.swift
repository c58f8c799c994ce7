// The way of frames from a driver's thread to the capture thread.

import AudioCore
import CLinux
import Glibc
import Synchronization
import System

/// One opening of a push device: a ring of interleaved floats, what was lost, and how it ended.
///
/// The driver's thread calls `push`, `lose` and `fail`, which take no lock and allocate nothing; the only system call is
/// the write to the eventfd. The capture thread calls `take` and `wait`.
///
/// Frames that find the ring full are counted and not written, nor are those that follow, until the capture thread has
/// emptied the ring and told of the loss: so the gap stands where the frames are missing.
///
/// `@unchecked Sendable`, the proof: `producer` is used by the driver's thread alone and `consumer` by the capture thread
/// alone, as `CallbackDriver` demands; the rest is atomic or constant.
final class CallbackQueue: @unchecked Sendable {
    /// Code of a read from a source that is not open.
    static let closed = EBADF

    private var producer: RingProducer<Float>
    private var consumer: RingConsumer<Float>
    /// Floats that were lost since the capture thread last told of it; `xruns` counts losses of unknown size.
    private let lost = Atomic<Int>(0)
    private let xruns = Atomic<Int>(0)
    private let failure = Atomic<Int32>(0)
    private let wakeup: Int32

    /// Allocates a queue for `capacity` floats; 2^19 are 5 s of stereo at 48 kHz in 2 MiB.
    init(capacity: Int = 1 << 19) throws(AudioInputError) {
        let ring = Ring<Float>(minimumCapacity: capacity)
        producer = ring.producer
        consumer = ring.consumer
        do throws(SystemError) {
            wakeup = try systemCall { timbre_eventfd() }
        } catch {
            throw .unusable(source: "the device", detail: "eventfd: \(error)")
        }
    }

    deinit {
        Glibc.close(wakeup)
    }

    /// Takes interleaved frames from the driver. Driver's thread.
    func push(_ frames: UnsafeBufferPointer<Float>, channels: Int) {
        if lost.load(ordering: .acquiring) > 0 || frames.count > producer.vacancy {
            lost.wrappingAdd(frames.count, ordering: .acquiringAndReleasing)
        } else {
            _ = producer.push(frames, stride: channels)
        }
        signal()
    }

    /// The driver has lost frames, and does not say how many. Driver's thread.
    func lose() {
        xruns.wrappingAdd(1, ordering: .releasing)
        signal()
    }

    /// The device is gone; `code`, not 0, is the backend's own. Any thread.
    func fail(_ code: Int32) {
        failure.store(code, ordering: .releasing)
        signal()
    }

    /// What is there now, in order: frames, then what was lost behind them, then the failure. Capture thread.
    func take(_ destination: UnsafeMutablePointer<Float>, capacity: Int, channels: Int) -> ReadResult {
        // Read before the ring is found empty: what was pushed before the failure is delivered before it.
        let code = failure.load(ordering: .acquiring)
        let room = UnsafeMutableBufferPointer(start: destination, count: capacity * channels)
        let missing = lost.load(ordering: .acquiring)
        let count = consumer.pop(into: room)
        if count > 0 { return .frames(count / channels) }
        if missing > 0 {
            return .lost(lost.exchange(0, ordering: .acquiringAndReleasing) / channels)
        }
        if xruns.exchange(0, ordering: .acquiring) > 0 { return .lost(0) }
        return code == 0 ? .nothing : .failed(code: code)
    }

    /// Waits for the driver; false when nothing came in time. Capture thread.
    func wait(milliseconds: Int) -> Bool {
        var request = pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0)
        guard let ready = try? systemCall({ poll(&request, 1, Int32(milliseconds)) }), ready > 0 else { return false }
        var count: UInt64 = 0
        _ = Glibc.read(wakeup, &count, MemoryLayout<UInt64>.size)
        return true
    }

    private func signal() {
        var one: UInt64 = 1
        // It fails only when the counter is full, and then the reader is awake anyway.
        _ = write(wakeup, &one, MemoryLayout<UInt64>.size)
    }
}
