// What docs/adding.md says of backends, done: one that is read, and one whose driver calls us.

import AudioCore
import Foundation
import Synchronization
import Testing

@testable import AudioInput

extension Backend {
    /// "ramp:LENGTH": counts up, a thousandth a frame.
    fileprivate static let ramp = Backend(
        scheme: "ramp", usage: "ramp:LENGTH", isReplay: true,
        parse: { detail throws(Problem) in
            guard let length = Int(detail), length > 0 else { throw Problem(detail: "write the number of frames") }
            return Recipe(detail: "\(length)") { _ in RampSource(length: length) }
        },
        list: { () throws(AudioInputError) in [Device(name: "ramp:1000", label: "a ramp")] },
        explain: { "ramp error \($0)" })

    /// "metronome:": a driver with a thread of its own.
    fileprivate static let metronome = Backend(
        scheme: "metronome", usage: "metronome:",
        parse: { _ throws(Problem) in Recipe(detail: "") { _ in CallbackSource(Metronome()) } },
        explain: { "metronome error \($0)" })
}

private final class RampSource: AudioSource {
    let isLive = false
    private let length: Int
    private var next = 0

    init(length: Int) { self.length = length }

    func open(stop: StopFlag) throws(AudioInputError) -> AudioFormat { AudioFormat(sampleRate: 8_000, channels: 1) }

    func read(_ destination: UnsafeMutablePointer<Float>, capacity: Int, timeout: Int) -> ReadResult {
        let count = min(capacity, length - next)
        guard count > 0 else { return .end }
        for index in 0..<count { destination[index] = Float(next + index) / 1_000 }
        next += count
        return .frames(count)
    }

    func close() {}
}

/// Pushes a hundred blocks of ten stereo frames and fails then.
private final class Metronome: CallbackDriver {
    private final class Done: Sendable {
        let flag = Atomic<Bool>(false)
    }

    private var done: Done?

    func start(_ queue: CallbackQueue, stop: StopFlag) throws(AudioInputError) -> AudioFormat {
        let done = Done()
        let thread = Thread {
            for block in 0..<100 {
                let frames = (0..<20).map { Float(20 * block + $0) / 2_000 }
                frames.withUnsafeBufferPointer { queue.push($0, channels: 2) }
            }
            queue.fail(7)
            done.flag.store(true, ordering: .releasing)
        }
        self.done = done
        thread.start()
        return AudioFormat(sampleRate: 8_000, channels: 2)
    }

    func stop() {
        while let done, !done.flag.load(ordering: .acquiring) { usleep(1_000) }
        done = nil
    }
}

@Suite("A backend that was added") struct AddedBackendTests {
    private static let backends = Backend.all + [.ramp, .metronome]

    @Test("is named, listed, made, heard and explained like all others") func pull() throws {
        let source = try SourceSpecification("ramp:5000", among: Self.backends)
        #expect(source.description == "ramp:5000")
        #expect(source.explain(3) == "ramp error 3")
        #expect(throws: AudioInputError.malformed(text: "ramp:x", detail: "write the number of frames")) {
            try SourceSpecification("ramp:x", among: Self.backends)
        }
        #expect {
            try SourceSpecification("rump:x", among: Self.backends)
        } throws: { "\($0)".contains("ramp:LENGTH") }
        #expect(DeviceList([.tone, .ramp]).devices == [Device(name: "ramp:1000", label: "a ramp")])
        let listener = try Listener(source.make())
        #expect(listener.listen())
        #expect(listener.samples == (0..<5_000).map { Float($0) / 1_000 })
    }

    @Test("may call us back from a thread of its own") func push() throws {
        let listener = try Listener(try SourceSpecification("metronome:", among: Self.backends).make())
        #expect(listener.listen { $0.states.contains(.lost) })
        #expect(Array(listener.samples.prefix(2_000)) == (0..<2_000).map { Float($0) / 2_000 })
        #expect(listener.formats.first == AudioFormat(sampleRate: 8_000, channels: 2))
    }

    @Test("no two backends have one scheme, and every scheme is lower-case letters") func table() {
        let schemes = Backend.all.map(\.scheme)
        #expect(Set(schemes).count == schemes.count)
        #expect(schemes.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x61...0x7A).contains($0) } })
        #expect(Backend.all.allSatisfy { $0.usage.hasPrefix($0.scheme + ":") })
    }
}
