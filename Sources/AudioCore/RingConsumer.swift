// The reading end of a ring.

import Synchronization

/// The end of a ring that one thread reads from. No operation waits, allocates or makes a system call.
public struct RingConsumer<Element: BitwiseCopyable>: ~Copyable, Sendable {
    @usableFromInline let storage: RingStorage<Element>

    init(storage: RingStorage<Element>) {
        self.storage = storage
    }

    /// Capacity in elements.
    @inlinable public var capacity: Int { storage.capacity }

    /// Number of elements popped or discarded since the ring was created.
    @inlinable public var position: Int { storage.read.load(ordering: .relaxed) }

    /// Number of elements rejected because the ring was full, since it was created.
    @inlinable public var dropped: Int { storage.dropped.load(ordering: .relaxed) }

    /// Number of elements that can be read now; it can only grow until the next pop.
    @inlinable public var count: Int {
        storage.written.load(ordering: .acquiring) - storage.read.load(ordering: .relaxed)
    }

    /// Returns the oldest element without removing it; nil when the ring is empty.
    @inlinable public func peek() -> Element? {
        count > 0 ? storage.slots[position & storage.mask] : nil
    }

    /// Removes and returns the oldest element; nil when the ring is empty.
    @inlinable
    public mutating func pop() -> Element? {
        guard let element = peek() else { return nil }
        storage.read.store(position + 1, ordering: .releasing)
        return element
    }

    /// Removes as many elements as are available and fit into `destination`; returns their number.
    @inlinable
    public mutating func pop(into destination: UnsafeMutableBufferPointer<Element>) -> Int {
        let count = min(destination.count, count)
        guard count > 0, let base = destination.baseAddress else { return 0 }
        let read = position
        let slot = read & storage.mask
        let first = min(count, capacity - slot)
        base.update(from: storage.slots + slot, count: first)
        (base + first).update(from: storage.slots, count: count - first)
        storage.read.store(read + count, ordering: .releasing)
        return count
    }

    /// Discards at most `limit` of the oldest elements; returns their number.
    @inlinable
    public mutating func discard(_ limit: Int) -> Int {
        let count = min(limit, count)
        storage.read.store(position + count, ordering: .releasing)
        return count
    }
}
