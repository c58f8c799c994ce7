// The supervisor against everything that drivers do.

import AudioCore
import Glibc
import Synchronization
import System
import Testing

@testable import AudioInput

@Suite("Source supervisor")
struct SourceSupervisorTests {
    /// A quarter of a buffer of a rising count, so that a missing or repeated sample shows.
    private static func ramp(_ next: inout Float, _ buffer: UnsafeMutableBufferPointer<Float>) -> ReadResult {
        let count = buffer.count / 4
        for index in 0..<count {
            buffer[index] = next
            next += 1
        }
        return .frames(count)
    }

    @Test("a file is heard to its last frame at full speed, though the queue is small and the reader slow")
    func fileLosesNothing() throws {
        let total: Float = 100_000
        var next: Float = 0
        let source = ScriptedSource(isLive: false) { _, _, buffer in
            next >= total ? .end : Self.ramp(&next, buffer)
        }
        let listener = try Listener(source, samples: 1_024)
        #expect(listener.listen())
        #expect(listener.states == [.opening, .running, .ended])
        #expect(listener.gaps.isEmpty && listener.thread.status.lost == 0)
        #expect(listener.samples == (0..<Int(listener.count)).map { Float($0) })
        #expect(listener.count == 391 * 256)
    }

    @Test("a live source that meets a full queue loses frames in one counted gap at an exact place")
    func overloadIsMarked() throws {
        var next: Float = 0
        let source = ScriptedSource { _, read, buffer in
            read <= 200 ? Self.ramp(&next, buffer) : .end
        }
        let listener = try Listener(source, samples: 4_096)
        // Nobody reads until the source is through.
        #expect(listener.thread.join(withinMilliseconds: 5_000))
        #expect(listener.listen())
        #expect(listener.count == 4_096)
        #expect(listener.count + listener.thread.status.lost == 200 * 256)
        #expect(listener.samples == (0..<4_096).map { Float($0) })
        // The frames missing at the very end are told as well.
        #expect(listener.gaps.map(\.frames) == [200 * 256 - 4_096] && listener.gaps.map(\.cause) == [.overload])
    }

    @Test("after an overload the stream goes on at the live edge behind the mark")
    func overloadRecovers() throws {
        var next: Float = 0
        let gate = StopFlag()
        let source = ScriptedSource { _, read, buffer in
            if read > 40 && !gate.isRaised { return .nothing }
            return next < 50 * 256 ? Self.ramp(&next, buffer) : .end
        }
        let listener = try Listener(source, samples: 4_096)
        while listener.thread.status.frames < 40 * 256 { SystemClock.sleep(nanoseconds: 100_000) }
        listener.listen { $0.count == 4_096 }
        gate.raise()
        #expect(listener.listen())
        #expect(listener.gaps.map(\.cause) == [.overload])
        let missing = listener.gaps.first?.frames ?? 0
        #expect(missing == 40 * 256 - 4_096 && listener.thread.status.lost == missing)
        let place = listener.marks.first { if case .gap = $0.kind { true } else { false } }?.position
        #expect(place == 4_096)
        #expect(listener.samples[4_096] == Float(4_096 + missing))
    }

    @Test("an xrun is marked where it happened and the source goes on running")
    func xrun() throws {
        var next: Float = 0
        let source = ScriptedSource { _, read, buffer in
            switch read {
            case 5: .lost(77)
            case 10: .end
            default: Self.ramp(&next, buffer)
            }
        }
        let listener = try Listener(source)
        #expect(listener.listen())
        #expect(listener.states == [.opening, .running, .ended])
        #expect(listener.gaps.map(\.frames) == [77] && listener.gaps.map(\.cause) == [.xrun])
        #expect(listener.thread.status.lost == 77)
    }

    @Test(
        "a device that fails is opened again, whatever the error",
        arguments: [ENODEV, EIO, EBADFD, EPIPE, ESTRPIPE, ENOTTY])
    func failureReopens(code: Int32) throws {
        var next: Float = 0
        let source = ScriptedSource { opening, read, buffer in
            if opening == 3 && read > 3 { return .end }
            return read <= 3 ? Self.ramp(&next, buffer) : .failed(code: code)
        }
        let listener = try Listener(source, settings: .quick)
        #expect(listener.listen())
        #expect(listener.states == [.opening, .running, .lost, .running, .lost, .running, .ended])
        #expect(listener.marks.contains { $0.kind == .state(.lost, code: code) })
        #expect(listener.gaps.map(\.cause) == [.reopened, .reopened])
        #expect(listener.thread.status.opens == 3)
    }

    @Test("a device that answers EAGAIN for ever, reads zero frames or only xruns is stalled, and opened again")
    func stallReopens() throws {
        for fault in [ReadResult.nothing, .frames(0), .lost(0)] {
            var next: Float = 0
            let source = ScriptedSource { opening, read, buffer in
                if read <= 2 { return Self.ramp(&next, buffer) }
                return opening == 1 ? fault : .end
            }
            let listener = try Listener(source, settings: .quick)
            #expect(listener.listen())
            #expect(listener.states == [.opening, .running, .stalled, .running, .ended])
        }
    }

    @Test("a device that opens and never delivers is stalled, said once, and tried for ever")
    func neverDelivers() throws {
        let source = ScriptedSource { opening, _, _ in opening < 4 ? .nothing : .end }
        let listener = try Listener(source, settings: .quick)
        #expect(listener.listen())
        #expect(listener.states == [.opening, .stalled, .ended])
        #expect(listener.formats.isEmpty)
    }

    @Test("a pipe that falls silent is stalled, stays open, and runs on")
    func pipeStalls() throws {
        var next: Float = 0
        let gate = StopFlag()
        let source = ScriptedSource(isLive: false) { _, read, buffer in
            if read > 2 && !gate.isRaised { return .nothing }
            return next < 2_000 ? Self.ramp(&next, buffer) : .end
        }
        let listener = try Listener(source, settings: .quick)
        #expect(listener.listen { $0.states.last == .stalled })
        gate.raise()
        #expect(listener.listen())
        #expect(listener.states == [.opening, .running, .stalled, .running, .ended])
        #expect(listener.gaps.isEmpty && listener.thread.status.opens == 1)
    }

    @Test("a device that comes back with another rate and more channels says so before its first sample")
    func formatChange() throws {
        let source = ScriptedSource(
            onOpen: { AudioFormat(sampleRate: 44_100 * $0, channels: $0) },
            onRead: { opening, read, buffer in
                guard read <= 2 else { return opening == 1 ? .failed(code: ENODEV) : .end }
                buffer.update(repeating: Float(opening))
                return .frames(buffer.count / opening)
            })
        let listener = try Listener(source, settings: .quick)
        #expect(listener.listen())
        #expect(
            listener.formats == [.mono, AudioFormat(sampleRate: 88_200, channels: 2)])
        let place = listener.marks.last { if case .opened = $0.kind { true } else { false } }?.position
        #expect(place == 2_048)
        #expect(listener.samples == [Float](repeating: 1, count: 2_048) + [Float](repeating: 2, count: 4_096))
    }

    @Test("a source with too few channels is refused with a sentence")
    func tooFewChannels() throws {
        let source = ScriptedSource(isLive: false) { _, _, _ in .end }
        let listener = try Listener(source, selection: .channel(4))
        #expect(listener.listen())
        #expect(listener.states == [.failed])
        #expect(listener.thread.status.message.contains("only 1 channels"))
    }

    @Test("a source with more channels than can be heard is refused, not torn", arguments: [65, 72, 194])
    func tooManyChannels(count: Int) throws {
        let source = ScriptedSource(
            isLive: false, onOpen: { _ in AudioFormat(sampleRate: 48_000, channels: count) },
            onRead: { _, _, _ in .frames(16) })
        let listener = try Listener(source)
        #expect(listener.listen())
        #expect(listener.states == [.failed])
        #expect(listener.thread.status.message.contains("\(count) channels, and at most 64"))
    }

    private final class Counter: Sendable { let value = Atomic<Int>(0) }

    @Test("sixteen sources that hang are stopped as fast as one: all are asked before any is waited for")
    func hangTogether() throws {
        let release = StopFlag()
        let hanging = Counter()
        let listeners = try (0..<16).map { _ in
            try Listener(
                ScriptedSource(
                    onOpen: { _ in
                        hanging.value.add(1, ordering: .relaxed)
                        while !release.isRaised { SystemClock.sleep(nanoseconds: 1_000_000) }
                        return .mono
                    }, onRead: { _, _, _ in .nothing }))
        }
        while hanging.value.load(ordering: .relaxed) < 16 { SystemClock.sleep(nanoseconds: 1_000_000) }
        let begun = SystemClock.monotonic
        for listener in listeners { listener.thread.askToStop() }
        for listener in listeners { #expect(!listener.thread.join(until: begun + 50_000_000)) }
        release.raise()
        for listener in listeners { #expect(listener.thread.join(withinMilliseconds: 5_000)) }
    }

    @Test("a thread's name is cut to what the kernel keeps, not lost") func names() throws {
        let release = StopFlag()
        let source = ScriptedSource { _, _, _ in
            while !release.isRaised { SystemClock.sleep(nanoseconds: 1_000_000) }
            return .end
        }
        let queue = CaptureQueue(samples: 4096)
        let thread = try CaptureThread(
            SourceSupervisor(source: source, selection: .mix, output: queue.producer), name: "capture a-long-name")
        defer { release.raise() }
        let end = SystemClock.monotonic + 5_000_000_000
        var names: [String] = []
        while !names.contains("capture a-long-"), SystemClock.monotonic < end {
            names = ProcessFacts.threadNames
            SystemClock.sleep(nanoseconds: 1_000_000)
        }
        #expect(names.contains("capture a-long-"))
        release.raise()
        #expect(thread.join(withinMilliseconds: 5_000))
    }

    @Test("a stop is honoured while waiting, stalled and running, and the source is closed")
    func stops() throws {
        for kind in 0..<3 {
            var next: Float = 0
            let source = ScriptedSource(
                onOpen: { _ throws(AudioInputError) in
                    if kind == 0 { throw .missing(source: "x", detail: "y") }
                    return .mono
                },
                onRead: { _, _, buffer in kind == 1 ? .nothing : Self.ramp(&next, buffer) })
            let listener = try Listener(source)
            listener.listen { $0.states.last == [.waiting, .opening, .running][kind] }
            #expect(listener.thread.stop())
            #expect(listener.listen())
            #expect(listener.states.last == .ended)
        }
    }

    @Test("a driver that hangs in a read is left behind, and the status shows that it gives no sign")
    func hangs() throws {
        let release = StopFlag()
        let source = ScriptedSource { _, _, _ in
            while !release.isRaised { SystemClock.sleep(nanoseconds: 1_000_000) }
            return .end
        }
        let listener = try Listener(source)
        listener.listen { $0.states.last == .opening }
        #expect(!listener.thread.stop(withinMilliseconds: 20))
        #expect(listener.thread.status.sinceSign > 15_000_000)
        release.raise()
        #expect(listener.thread.join(withinMilliseconds: 5_000))
    }
}
