// Detects a suspend of the machine and a step of the wall clock.

import AudioCore

/// Compares readings of the three clocks. A pure value: the caller passes the readings.
struct ClockWatch {
    /// Differences below this are ordinary slewing of the clock: half a second, in nanoseconds.
    static let tolerance: Int64 = 500_000_000

    private var sleep: Int64
    private var offset: Int64

    /// Starts from readings in nanoseconds of the monotonic, the boot and the wall clock.
    init(monotonic: Int64, boot: Int64, wall: Int64) {
        sleep = boot - monotonic
        offset = wall - boot
    }

    /// Returns `suspend` or `clockJump` when one of them occurred since the last observation, otherwise nil.
    mutating func observe(monotonic: Int64, boot: Int64, wall: Int64) -> GapCause? {
        let slept = boot - monotonic - sleep
        let jumped = wall - boot - offset
        guard max(slept, abs(jumped)) > Self.tolerance else { return nil }
        self = ClockWatch(monotonic: monotonic, boot: boot, wall: wall)
        return slept > Self.tolerance ? .suspend : .clockJump
    }
}
