// Notices a descriptor that is closed twice.

import Foundation
import Synchronization

/// Opens and closes descriptors of its own while something else is tried many times: whoever closes a number a second
/// time closes, sooner or later, one of these. To be used in a process without other tests.
public enum DescriptorWitness {
    private static let isDone = Atomic<Bool>(false)
    private static let losses = Atomic<Int>(0)

    /// How many descriptors were taken from the witness during `attempts` calls.
    public static func losses(during attempts: Int, _ attempt: () -> Void) -> Int {
        let ended = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            while !isDone.load(ordering: .relaxed) {
                let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
                if close(descriptor) != 0 { losses.add(1, ordering: .relaxed) }
            }
            ended.signal()
        }
        for _ in 0..<attempts { attempt() }
        isDone.store(true, ordering: .relaxed)
        ended.wait()
        return losses.load(ordering: .relaxed)
    }
}
