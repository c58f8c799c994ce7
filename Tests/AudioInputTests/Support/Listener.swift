// The analysis side of a test: runs a capture thread and collects what arrives.

import AudioCore
import System

@testable import AudioInput

/// Starts a capture thread on a source and reads its queue.
final class Listener {
    private(set) var marks: [StreamMark] = []
    private(set) var samples: [Float] = []
    /// Counts samples without keeping them, for long runs.
    private(set) var count = 0
    let thread: CaptureThread
    private var consumer: CaptureConsumer
    private let keeps: Bool
    private var buffer = [Float](repeating: 0, count: 4_096)

    init(
        _ source: sending any AudioSource, selection: ChannelSelection = .mix,
        settings: SupervisorSettings = SupervisorSettings(), samples: Int = 1 << 18, marks: Int = 256,
        keeps: Bool = true, name: String = "capture"
    ) throws {
        let queue = CaptureQueue(samples: samples, marks: marks)
        let supervisor = SourceSupervisor(
            source: source, selection: selection, output: queue.producer, settings: settings)
        consumer = queue.consumer
        self.keeps = keeps
        thread = try CaptureThread(supervisor, name: name)
    }

    deinit {
        thread.stop()
    }

    /// Reads until `isEnough`, or for at most `seconds`; true when it was enough.
    @discardableResult
    func listen(seconds: Double = 20, until isEnough: (Listener) -> Bool = { $0.isOver }) -> Bool {
        let end = SystemClock.monotonic + Int64(seconds * 1e9)
        while !isEnough(self) {
            guard SystemClock.monotonic < end else { return false }
            if !take() { SystemClock.sleep(nanoseconds: 200_000) }
        }
        return true
    }

    /// Takes what is there now; false when there was nothing.
    func take() -> Bool {
        var any = false
        while let mark = consumer.nextMark() {
            marks.append(mark)
            any = true
        }
        let got = buffer.withUnsafeMutableBufferPointer { consumer.read($0) }
        count += got
        if keeps { samples += buffer.prefix(got) }
        return any || got > 0
    }

    /// Whether the last mark said that nothing follows.
    var isOver: Bool { states.last?.isFinal == true }

    /// The states, in the order they were marked.
    var states: [SourceState] {
        marks.compactMap { if case .state(let state, _) = $0.kind { state } else { nil } }
    }

    /// The gaps, in order.
    var gaps: [(frames: Int, cause: GapCause)] {
        marks.compactMap { if case .gap(let frames, let cause) = $0.kind { (frames, cause) } else { nil } }
    }

    /// The formats, in order.
    var formats: [AudioFormat] {
        marks.compactMap { mark in
            switch mark.kind {
            case .opened(let format), .continued(let format): format
            case .gap, .state: nil
            }
        }
    }
}
