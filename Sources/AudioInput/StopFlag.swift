// How one thread asks another to come to an end.

import Synchronization

/// A flag that is raised once and seen by every thread.
public final class StopFlag: Sendable {
    private let flag = Atomic<Bool>(false)

    /// Creates a lowered flag.
    public init() {}

    /// True from `raise` on.
    public var isRaised: Bool { flag.load(ordering: .acquiring) }

    /// Asks to stop.
    public func raise() {
        flag.store(true, ordering: .releasing)
    }
}
