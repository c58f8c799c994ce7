// Passes frames from a driver's thread to the capture thread.

import AudioCore
import CLinux
import Glibc
import Synchronization
import System

/// One opening of a push device: a ring of interleaved floats, the losses, and the failure.
///
/// The driver's thread calls `push`, `lose` and `fail`, which take no lock and allocate nothing; their only system
/// call is the write to the eventfd. The capture thread calls `take` and `wait`.
///
/// When the ring is full, frames are counted and not written. The same applies to all following frames until the
/// capture thread has emptied the ring and reported the loss. The gap is therefore reported at the position of the
/// missing frames.
///
/// `@unchecked Sendable`, the proof: only the driver's thread uses `producer` and only the capture thread uses
/// `consumer`, as `CallbackDriver` requires; all other members are atomic or constant.
final class CallbackQueue: @unchecked Sendable {
    /// Code of a read from a source that is not open.
    static let closed = EBADF

    private var producer: RingProducer<Float>
    private var consumer: RingConsumer<Float>
    /// Floats that were lost since the capture thread last reported a loss; `xruns` counts losses of unknown size.
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

    /// Pushes interleaved frames. Driver's thread.
    func push(_ frames: UnsafeBufferPointer<Float>, channels: Int) {
        if lost.load(ordering: .acquiring) > 0 || frames.count > producer.vacancy {
            lost.wrappingAdd(frames.count, ordering: .acquiringAndReleasing)
        } else {
            _ = producer.push(frames, stride: channels)
        }
        signal()
    }

    /// Records that the driver has lost an unknown number of frames. Driver's thread.
    func lose() {
        xruns.wrappingAdd(1, ordering: .releasing)
        signal()
    }

    /// Records that the device is gone; `code`, not 0, is specific to the backend. Any thread.
    func fail(_ code: Int32) {
        failure.store(code, ordering: .releasing)
        signal()
    }

    /// Returns the next result in order: frames, then the losses after them, then the failure. Capture thread.
    func take(_ destination: UnsafeMutablePointer<Float>, capacity: Int, channels: Int) -> ReadResult {
        // Read before the ring is found empty, so that frames pushed before the failure are delivered before it.
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

    /// Waits for the driver; returns false on a timeout. Capture thread.
    func wait(milliseconds: Int) -> Bool {
        var request = pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0)
        guard let ready = try? systemCall({ poll(&request, 1, Int32(milliseconds)) }), ready > 0 else { return false }
        var count: UInt64 = 0
        _ = Glibc.read(wakeup, &count, MemoryLayout<UInt64>.size)
        return true
    }

    private func signal() {
        var one: UInt64 = 1
        // The write fails only when the counter is full, and the reader is awake then.
        _ = write(wakeup, &one, MemoryLayout<UInt64>.size)
    }
}
