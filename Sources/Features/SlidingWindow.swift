// The newest samples of a signal, always contiguous in memory.

/// A ring that stores every sample twice, so that its newest `capacity` samples are contiguous at a constant cost per
/// sample.
struct SlidingWindow: ~Copyable {
    /// Number of the newest samples that can be read.
    let capacity: Int
    private let storage: UnsafeMutablePointer<Float>
    private var next = 0

    init(capacity: Int) {
        self.capacity = capacity
        storage = .allocate(capacity: 2 * capacity)
        storage.initialize(repeating: 0, count: 2 * capacity)
    }

    deinit { storage.deallocate() }

    /// One past the newest sample; `end - n` is the first of the newest `n`, for `n` up to `capacity`.
    var end: UnsafePointer<Float> { UnsafePointer(storage + next + capacity) }

    /// Appends up to `capacity` samples.
    mutating func append(_ samples: UnsafePointer<Float>, count: Int) {
        let head = min(count, capacity - next)
        write(samples, count: head)
        if head < count { write(samples + head, count: count - head) }
    }

    mutating func reset() {
        storage.update(repeating: 0, count: 2 * capacity)
        next = 0
    }

    private mutating func write(_ samples: UnsafePointer<Float>, count: Int) {
        (storage + next).update(from: samples, count: count)
        (storage + next + capacity).update(from: samples, count: count)
        next += count
        if next == capacity { next = 0 }
    }
}
