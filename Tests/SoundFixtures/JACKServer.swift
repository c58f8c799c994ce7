// A real JACK server of the test's own, on the driver that needs no hardware.

import Foundation
import System

/// Starts and ends a `jackd -d dummy` of a name that no other server has.
public final class JACKServer {
    /// Whether the program is installed.
    public static let isInstalled = FileManager.default.isExecutableFile(atPath: "/usr/bin/jackd")
    /// Why tests are skipped without.
    public static let reason = "jackd2 is not installed"

    /// The name that clients connect to.
    public let name = "timbre-\(getpid())-\(UInt16.random(in: 0 ... .max))"
    private var process: ChildProcess?

    /// Nothing runs yet.
    public init() {}

    /// JACK has room for eight servers, and one that was killed keeps its place until the machine starts anew.
    deinit { stop() }

    /// Starts the server and returns when it serves. A client that comes before is not refused: libjack waits for an answer
    /// for most of a minute.
    public func start(sampleRate: Int = 48_000, period: Int = 2_048) throws {
        process = try ChildProcess(
            "jackd",
            [
                "-n", name, "--no-realtime", "-d", "dummy", "-r", "\(sampleRate)", "-p",
                "\(period)",
            ],
            environment: ["JACK_NO_AUDIO_RESERVATION": "1"])
        for _ in 0..<400 where !FileManager.default.fileExists(atPath: "/dev/shm/jack_sem.0_\(name)_freewheel") {
            SystemClock.sleep(nanoseconds: 25_000_000)
        }
        // Its drivers are there now, and its threads are about to start, of which no file tells.
        SystemClock.sleep(nanoseconds: 1_000_000_000)
    }

    /// Ends it in order, so that its clients are told. Close them before: closing a client of a server that was killed
    /// takes libjack most of a minute.
    public func stop() {
        process?.signal(SIGTERM)
        process?.wait()
        process = nil
    }
}
