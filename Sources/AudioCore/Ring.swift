// A lock-free single-producer single-consumer ring, born as a pair of ends that cannot be copied.

/// The two ends of a new ring; take each out once and give it to its thread.
///
/// Memory order, as in every correct ring of this kind: an end loads its own index relaxed (nobody else writes it),
/// loads the other's index acquiring, and publishes its own by a releasing store.
///
/// Frozen, because only then may another module take the ends apart.
@frozen
public struct Ring<Element: BitwiseCopyable>: ~Copyable, Sendable {
    /// The end that writes.
    public var producer: RingProducer<Element>
    /// The end that reads.
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
