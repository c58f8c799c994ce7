// The promises about capture: replugging for ever, and never spinning.

import AudioCore
import Foundation
import System
import Testing

@testable import AudioInput

@Suite("Capture promises", .serialized)
struct CapturePromiseTests {
    @Test("promise 1: a thousand unplug and replug cycles leave descriptors and threads as they were")
    func replugging() throws {
        // A real descriptor per opening, so that a missing close would show.
        let device = PluggedDevice(cycles: 1_000)
        let listener = try Listener(device, settings: .quick, keeps: false)
        #expect(listener.listen { $0.thread.status.opens >= 20 })
        let (descriptors, threads) = (ProcessFacts.descriptors, ProcessFacts.threads)
        #expect(listener.listen(seconds: 60))
        #expect(listener.thread.status.opens == 1_000)
        #expect(listener.states.count { $0 == .running } == 1_000)
        #expect(listener.states.count { $0 == .waiting } >= 999)
        #expect(listener.gaps.count == 999 && listener.gaps.allSatisfy { $0.cause == .reopened })
        // Few others open the device's file.
        #expect(ProcessFacts.descriptors(of: "/dev/zero") < 5)
        // Other suites run beside this one and come and go.
        #expect(ProcessFacts.descriptors < descriptors + 100 && ProcessFacts.threads < threads + 50)
    }

    @Test("promise 2: at most 200 wake-ups a second while waiting, and while a device answers at once with nothing")
    func neverSpins() throws {
        let settings = SupervisorSettings(startWithin: 100_000, stallAfter: 100_000, firstRetry: 20, longestRetry: 100)
        for kind in ["waiting", "silent", "zero", "xruns"] {
            let source = ScriptedSource(
                onOpen: { _ throws(AudioInputError) in
                    if kind == "waiting" { throw .missing(source: "x", detail: "not plugged in") }
                    return .mono
                },
                onRead: { _, _, _ in
                    switch kind {
                    case "silent": .nothing
                    case "zero": .frames(0)
                    default: .lost(0)
                    }
                })
            let listener = try Listener(source, settings: settings, name: "t-\(kind)")
            #expect(listener.listen { !$0.states.isEmpty })
            let (began, before) = (SystemClock.monotonic, ProcessFacts.wakeups(ofThread: "t-\(kind)"))
            SystemClock.sleep(nanoseconds: 2_000_000_000)
            let wall = Double(SystemClock.monotonic - began) * 1e-9
            let wakeups = ProcessFacts.wakeups(ofThread: "t-\(kind)") - before
            #expect(wakeups > 0, "the thread was not found")
            // A wake-up takes some 10 us, so these are far under 1 % of a core.
            #expect(Double(wakeups) / wall < 200, "\(kind): \(Double(wakeups) / wall) a second")
        }
    }
}

/// A device that can be opened every second time and breaks after a few reads.
private final class PluggedDevice: AudioSource {
    let isLive = true
    private let cycles: Int
    private var attempts = 0
    private var reads = 0
    private var descriptor: Int32 = -1

    init(cycles: Int) {
        self.cycles = cycles
    }

    func open(stop: StopFlag) throws(AudioInputError) -> AudioFormat {
        attempts += 1
        if attempts % 2 == 0 { throw .missing(source: "device", detail: "unplugged") }
        descriptor = Glibc.open("/dev/zero", O_RDONLY | O_CLOEXEC)
        reads = 0
        return .mono
    }

    func read(_ destination: UnsafeMutablePointer<Float>, capacity: Int, timeout: Int) -> ReadResult {
        reads += 1
        guard reads > 3 else {
            return .frames(Glibc.read(descriptor, destination, 64 * MemoryLayout<Float>.size) / 4)
        }
        return attempts >= 2 * cycles - 1 ? .end : .failed(code: ENODEV)
    }

    func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }
}
