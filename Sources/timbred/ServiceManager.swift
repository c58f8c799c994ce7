// Notifications to systemd.

import CSystemd
import System

/// Messages to the service manager (sd_notify(3)); without a service manager they have no effect.
struct ServiceManager {
    /// Interval of the watchdog notifications in nanoseconds: half of the manager's timeout; nil without a watchdog.
    let feedingInterval: Int64?

    init() {
        var microseconds: UInt64 = 0
        feedingInterval = sd_watchdog_enabled(0, &microseconds) > 0 ? Int64(microseconds) * 500 : nil
    }

    func ready(_ status: String) { say("READY=1\nSTATUS=\(status)") }
    func status(_ status: String) { say("STATUS=\(status)") }
    func stopping() { say("STOPPING=1") }
    func feedWatchdog() { say("WATCHDOG=1") }

    /// Sends state and time in one message, which managers from before and after `Type=notify-reload` understand.
    func reloading() {
        say("RELOADING=1\nMONOTONIC_USEC=\(SystemClock.monotonic / 1000)")
    }

    private func say(_ message: String) { sd_notify(0, message) }
}
