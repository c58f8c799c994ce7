// The writing end of a ring.

import Synchronization

/// The end of a ring that one thread writes to. No operation waits, allocates or makes a system call.
public struct RingProducer<Element: BitwiseCopyable>: ~Copyable, Sendable {
    @usableFromInline let storage: RingStorage<Element>

    init(storage: RingStorage<Element>) {
        self.storage = storage
    }

    /// Capacity in elements.
    @inlinable public var capacity: Int { storage.capacity }

    /// Number of elements pushed since the ring was created.
    @inlinable public var position: Int { storage.written.load(ordering: .relaxed) }

    /// Number of elements rejected because the ring was full, since it was created.
    @inlinable public var dropped: Int { storage.dropped.load(ordering: .relaxed) }

    /// Number of elements that fit now; it can only grow until the next push.
    @inlinable public var vacancy: Int {
        capacity - (storage.written.load(ordering: .relaxed) - storage.read.load(ordering: .acquiring))
    }

    /// Pushes as many leading groups of `stride` elements as fit and counts the rest as dropped.
    ///
    /// - Parameters:
    ///   - source: interleaved frames; a whole number of groups.
    ///   - stride: number of elements that must stay together: the channels of a frame.
    /// - Returns: the number of elements pushed, a multiple of `stride`.
    @inlinable
    public mutating func push(_ source: UnsafeBufferPointer<Element>, stride: Int = 1) -> Int {
        let room = min(source.count, vacancy)
        let count = room - room % stride
        if count < source.count { drop(source.count - count) }
        guard count > 0, let base = source.baseAddress else { return 0 }
        let written = storage.written.load(ordering: .relaxed)
        let slot = written & storage.mask
        let first = min(count, capacity - slot)
        (storage.slots + slot).update(from: base, count: first)
        storage.slots.update(from: base + first, count: count - first)
        storage.written.store(written + count, ordering: .releasing)
        return count
    }

    /// Pushes one element; when the ring is full it returns false and counts the element as dropped.
    @inlinable
    public mutating func push(_ element: Element) -> Bool {
        guard vacancy > 0 else {
            drop(1)
            return false
        }
        let written = storage.written.load(ordering: .relaxed)
        storage.slots[written & storage.mask] = element
        storage.written.store(written + 1, ordering: .releasing)
        return true
    }

    /// Only the producer writes this count, so load and store need not be one atomic step.
    @usableFromInline
    func drop(_ count: Int) {
        storage.dropped.store(storage.dropped.load(ordering: .relaxed) + count, ordering: .relaxed)
    }
}
