// A lock-free single-producer single-consumer ring, created as a pair of ends that cannot be copied.

import Synchronization

/// The two ends of a new ring. The owner takes each end out once and passes it to its thread.
///
/// Memory order: an end loads its own index relaxed (it is the only writer), loads the other's index acquiring, and
/// publishes its own by a releasing store.
///
/// The type is frozen because only then another module may take the ends out.
@frozen
public struct Ring<Element: BitwiseCopyable>: ~Copyable, Sendable {
    /// The writing end.
    public var producer: RingProducer<Element>
    /// The reading end.
    public var consumer: RingConsumer<Element>

    /// Allocates a ring for at least `minimumCapacity` elements, rounded up to a power of two.
    public init(minimumCapacity: Int) {
        var capacity = 2
        while capacity < minimumCapacity { capacity *= 2 }
        let storage = RingStorage<Element>(capacity: capacity)
        producer = RingProducer(storage: storage)
        consumer = RingConsumer(storage: storage)
    }
}

/// The storage that a `RingProducer` and a `RingConsumer` share.
///
/// The indices count elements since the ring was created and never wrap: at 32 channels of 192 kHz a 64-bit count
/// lasts forty thousand years. The slot of an index is `index & mask`.
///
/// `@unchecked Sendable`, the proof: one producer and one consumer exist, because both are non-copyable and only
/// `Ring.init` makes them. The producer writes only slots in `read ..< read + capacity` that it has not published;
/// its releasing store of `written` orders those writes before the consumer's acquiring load of it. The consumer reads
/// only slots in `read ..< written`; its releasing store of `read` orders those reads before the producer's acquiring
/// load, hence before any reuse of the slot. So no slot is touched by both sides without a happens-before edge.
/// `scripts/model-check/ring.pml` checks the same argument exhaustively.
@usableFromInline
final class RingStorage<Element: BitwiseCopyable>: @unchecked Sendable {
    @usableFromInline let slots: UnsafeMutablePointer<Element>
    @usableFromInline let mask: Int
    @usableFromInline let written = Atomic<Int>(0)
    @usableFromInline let dropped = Atomic<Int>(0)
    /// Keeps the two indices on different cache lines, so that the ends do not slow each other down.
    private let apart: (Int, Int, Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0, 0, 0)
    @usableFromInline let read = Atomic<Int>(0)

    init(capacity: Int) {
        slots = .allocate(capacity: capacity)
        mask = capacity - 1
    }

    deinit {
        slots.deallocate()
    }

    @inlinable var capacity: Int { mask + 1 }
}
