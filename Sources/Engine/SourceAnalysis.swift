// One source on the analysis thread: reads its samples and marks in order and feeds its streams.

import AudioCore
import AudioInput
import Events
import Features
import Models
import Recording
import System

/// Processes the capture queue of one source. Analysis thread only.
final class SourceAnalysis {
    /// When the backlog of a live source exceeds this many seconds, the source skips to the live edge: with such a
    /// delay, current audio is more useful than complete audio.
    static let longestBacklog = 0.5
    /// When a live source is this many seconds behind, its tags are not computed: the clip model is the first work
    /// that is shed.
    static let sheddingBacklog = 0.15
    /// While it skips, a live source continues to skip until its backlog has stayed below `calmBacklog` seconds for
    /// `calm` nanoseconds: one long gap is better than many short ones.
    static let calmBacklog = 0.1
    static let calm: Int64 = 50_000_000
    /// A wall time that goes back by less than this is late, not set back, in nanoseconds.
    static let lateness: Int64 = 1_000_000_000
    /// Frames read at once. The number is small, so that the streams of one source advance together and a complete hop
    /// is analysed without delay.
    static let block = 128

    /// Largest number of frames that one turn may report, a mark or a block for every channel that a source can have:
    /// with this much room no report is rejected.
    static let margin = 2 * together * ChannelSelection.limit

    /// Hops of a stream that pass through the network together while more samples are available; hops do not wait for
    /// a source that has no more samples.
    static let together = 12

    /// Whether the source is a device, which does not wait.
    let isLive: Bool
    private let status: SourceStatus
    private let now: () -> Int64
    private let selection: ChannelSelection
    private var input: CaptureConsumer
    /// Receives the samples for recording, as the device delivered them.
    private var recorder: RecordProducer?
    private let index: Int
    private let model: FrameModel
    private let clip: ClipSettings?
    /// The streams of this source; with `each`, their number is known when the source is opened.
    private(set) var streams: [StreamAnalysis] = []
    /// Whether a hop waits that was read while the analysis fell behind the device.
    private var waitsLate = false
    private var state = SourceState.waiting
    private var format: AudioFormat?
    private var mixer: ChannelMixer?
    private var wall: Int64 = 0
    /// Frames that were skipped, or that the device lost right after them, and that are not yet reported to the
    /// streams.
    private var untold = 0
    /// Whether the source skips, and when that ends unless the backlog grows again.
    private var isSkipping = false
    private var calmAt: Int64 = 0
    private let interleaved: UnsafeMutableBufferPointer<Float>
    private let mono: UnsafeMutableBufferPointer<Float>

    /// - Parameters:
    ///   - model: the model, which other sources of the same thread may share.
    ///   - now: nanoseconds of the monotonic clock.
    init(
        index: Int, isLive: Bool, selection: ChannelSelection, input: consuming CaptureConsumer, model: FrameModel,
        clip: ClipSettings? = nil, recorder: consuming RecordProducer? = nil, status: SourceStatus = SourceStatus(),
        now: @escaping () -> Int64 = { SystemClock.monotonic }
    ) {
        self.index = index
        self.isLive = isLive
        self.status = status
        self.now = now
        self.selection = selection
        self.input = input
        self.recorder = recorder
        self.model = model
        self.clip = clip
        interleaved = .allocate(capacity: Self.block * ChannelSelection.limit)
        interleaved.initialize(repeating: 0)
        mono = .allocate(capacity: Self.block)
        mono.initialize(repeating: 0)
    }

    deinit {
        interleaved.deallocate()
        mono.deallocate()
    }

    /// Does the work that is possible without waiting; returns false when there was none. The hops of a device that
    /// are complete then wait for ``SourceGroup`` to analyse them, those of other sources do not.
    func turn(_ output: inout AnalysisProducer) -> Bool {
        // When the queue has no room, a file pauses here; a live source falls behind until `catchUp` skips samples.
        guard output.hasRoom(frames: Self.margin) else { return catchUp() }
        if isSkipping { return skipOn(&output) }
        if let mark = input.nextMark() {
            handle(mark, &output)
            return true
        }
        guard let format else { return false }
        if catchUp() { return true }
        // A non-live source loses nothing when the recorder's disk is slow.
        guard isLive || recorder?.hasRoom(samples: interleaved.count) != false else { return false }
        let wanted = UnsafeMutableBufferPointer(rebasing: interleaved.prefix(Self.block * format.channels))
        let count = input.read(wanted)
        guard count > 0 else { return isLive ? false : settle(&output) }
        analyse(UnsafeBufferPointer(rebasing: wanted.prefix(count)), channels: format.channels, &output)
        return true
    }

    /// The time at which the device delivers the end of the next hop, if it goes on as before: nanoseconds of the
    /// monotonic clock; `nil` when nothing is expected. With a resampler it is the time of the next delivery.
    var due: Int64? {
        guard isLive, let format, let arrival = status.arrival else { return nil }
        // The arrival was read before the backlog, so its frames are counted.
        let missing = max(0, (streams.first?.missing ?? 1) - input.backlog / format.channels)
        let deliveries = (missing + arrival.frames - 1) / arrival.frames
        return arrival.time + FrameTime.nanoseconds(of: Int64(deliveries * arrival.frames), rate: format.sampleRate)
    }

    /// Whether samples may come at any time: from a file or a pipe that is open, or a running device whose deliveries
    /// have no period.
    var isUnpredictable: Bool {
        guard format != nil else { return false }
        guard isLive else { return !state.isFinal }
        return status.arrival == nil && (state == .opening || state == .running || state == .silent)
    }

    /// Whether the analysis falls behind the device.
    private var isShedding: Bool {
        guard isLive, let format else { return false }
        return Double(input.backlog) > Self.sheddingBacklog * Double(format.sampleRate * format.channels)
    }

    private func analyse(_ samples: UnsafeBufferPointer<Float>, channels: Int, _ output: inout AnalysisProducer) {
        recorder?.push(samples)
        if isShedding { waitsLate = true }
        let frames = UnsafeMutableBufferPointer(rebasing: mono.prefix(samples.count / channels))
        if let changed = mixer?.process(samples, into: frames) {
            streams[0].process(UnsafeBufferPointer(frames), shedding: waitsLate) { finding in
                report(finding, 0, &output)
            }
            // The hops before the change are reported before it.
            if changed {
                _ = settle(&output)
                say(.alone(channel: Int32(mixer?.alone ?? -1)), 0, &output)
            }
            return
        }
        let present = selection.streams(channels: channels)
        for (channel, stream) in streams.enumerated() {
            // A channel that the source no longer has is silent, so that the streams keep one clock.
            if channel < present {
                selection.extract(stream: channel, from: samples, channels: channels, into: frames)
            } else {
                frames.update(repeating: 0)
            }
            stream.process(UnsafeBufferPointer(frames), shedding: waitsLate) { finding in
                report(finding, channel, &output)
            }
        }
    }

    /// Number of hops of all streams that wait for the network.
    var waiting: Int { streams.reduce(0) { $0 + $1.waiting } }

    /// Analyses the hops that wait; returns false when there were none.
    private func settle(_ output: inout AnalysisProducer) -> Bool {
        var isNews = false
        for channel in streams.indices where settle(channel, &output) { isNews = true }
        waitsLate = false
        return isNews
    }

    /// Analyses the hops of one stream that wait; returns false when there were none.
    func settle(_ channel: Int, _ output: inout AnalysisProducer) -> Bool {
        streams[channel].settle(shedding: waitsLate) { finding in report(finding, channel, &output) }
    }

    /// Reports the one hop of a stream that waits, whose activities were computed.
    func complete(_ channel: Int, _ activities: UnsafePointer<Float>, _ output: inout AnalysisProducer) {
        streams[channel].complete(activities, shedding: waitsLate) { finding in report(finding, channel, &output) }
    }

    /// Records that no hop waits any more.
    func noteSettled() { waitsLate = false }

    private func handle(_ mark: StreamMark, _ output: inout AnalysisProducer) {
        _ = settle(&output)
        note(mark)
        switch mark.kind {
        case .opened(let new):
            open(new, isContinued: false, &output)
        case .continued(let new):
            open(new, isContinued: format != nil, &output)
        case .gap(let frames, let cause):
            recorder?.gap(frames: frames, cause, wall: wall)
            gap(frames: frames, cause, &output)
        case .state(let state, let code):
            self.state = state
            if state.isFinal {
                finish(&output)
                recorder?.end()
            }
            for channel in 0..<max(1, streams.count) { say(.state(state, code: code), channel, &output) }
        }
    }

    private func open(_ new: AudioFormat, isContinued: Bool, _ output: inout AnalysisProducer) {
        let changed = !isContinued && format.map { $0.sampleRate != new.sampleRate } ?? false
        if selection == .mix { mixer = ChannelMixer(new) }
        let known = streams.count
        format = new
        while streams.count < selection.streams(channels: new.channels) {
            streams.append(StreamAnalysis(model, clip: clip, together: Self.together))
        }
        recorder?.open(new, wall: wall)
        for (channel, stream) in streams.enumerated() {
            if isContinued, channel < known {
                stream.continues(sampleRate: new.sampleRate) { finding in report(finding, channel, &output) }
                _ = settle(channel, &output)
            } else {
                stream.open(sampleRate: new.sampleRate)
            }
            recorder?.anchor(stream: channel, frame: stream.end)
            if changed { say(.rateChanged, channel, &output) }
            say(.anchor, channel, &output)
        }
    }

    /// Updates the wall time. It does not go back, unless the clock was set.
    private func note(_ mark: StreamMark) {
        if case .gap(_, .clockJump) = mark.kind { wall = mark.wall }
        note(wall: mark.wall)
    }

    private func note(wall new: Int64) {
        if new > wall || wall - new > Self.lateness { wall = new }
    }

    /// Starts to skip to the live edge when the backlog of a device is too long; returns true when it skipped samples.
    private func catchUp() -> Bool {
        guard isLive, let format else { return false }
        let second = format.sampleRate * format.channels
        guard Double(input.backlog) > Self.longestBacklog * Double(second) else { return false }
        isSkipping = true
        calmAt = now() + Self.calm
        return passOver(format)
    }

    /// Skips until the backlog stays short, then reports the missing frames; returns false when there is nothing to
    /// do.
    private func skipOn(_ output: inout AnalysisProducer) -> Bool {
        guard let format else { return false }
        let second = Double(format.sampleRate * format.channels)
        let now = now()
        if Double(input.backlog) > Self.calmBacklog * second { calmAt = now + Self.calm }
        if let mark = input.nextMark() {
            if case .gap(let frames, let cause) = mark.kind, cause != .clockJump {
                // The device lost the audio that follows the skipped audio: both are reported to the streams at once.
                note(mark)
                recorder?.gap(frames: frames, cause, wall: wall)
                untold += frames
                return true
            }
            tellSkipped(format, &output)
            handle(mark, &output)
            return true
        }
        if passOver(format) { return true }
        guard now >= calmAt else { return false }
        tellSkipped(format, &output)
        return true
    }

    /// Skips the samples that can be read now; returns true when there were any.
    private func passOver(_ format: AudioFormat) -> Bool {
        let frames = skip(input.readable / format.channels * format.channels, format) / format.channels
        status.count(lost: frames, .overload)
        untold += frames
        return frames > 0
    }

    private func tellSkipped(_ format: AudioFormat, _ output: inout AnalysisProducer) {
        isSkipping = false
        guard untold > 0 else { return }
        note(wall: SystemClock.wall)
        gap(frames: untold, .overload, &output)
        untold = 0
    }

    /// Reads samples without analysing them; passes them to the recorder where there is one. Returns their number.
    private func skip(_ count: Int, _ format: AudioFormat) -> Int {
        guard recorder != nil else { return input.discard(count) }
        var left = count
        while left > 0 {
            let wanted = UnsafeMutableBufferPointer(
                rebasing: interleaved.prefix(min(left, Self.block * format.channels)))
            let got = input.read(wanted)
            guard got > 0 else { break }
            recorder?.push(UnsafeBufferPointer(rebasing: wanted.prefix(got)))
            left -= got
        }
        return count - left
    }

    private func gap(frames: Int, _ cause: GapCause, _ output: inout AnalysisProducer) {
        guard let format else { return }
        _ = settle(&output)
        for (channel, stream) in streams.enumerated() {
            if cause != .clockJump {
                stream.reset()
                recorder?.anchor(stream: channel, frame: stream.frame)
            }
            say(.gap(cause, lostSeconds: Double(frames) / Double(format.sampleRate)), channel, &output)
        }
    }

    private func finish(_ output: inout AnalysisProducer) {
        for (channel, stream) in streams.enumerated() {
            stream.finish { finding in report(finding, channel, &output) }
        }
    }

    private func report(_ finding: StreamAnalysis.Finding, _ channel: Int, _ output: inout AnalysisProducer) {
        func report(_ kind: AnalysisReport.Kind) -> AnalysisReport {
            AnalysisReport(
                source: Int32(index), channel: Int32(channel), kind: kind, frame: streams[channel].frame, wall: 0)
        }
        switch finding {
        case .hop(let hop):
            let kind = AnalysisReport.Kind.frame(
                peak: hop.level.peak, rms: hop.level.rms, silentSamples: hop.silentSamples)
            _ = output.push(report(kind), activities: hop.activities)
        case .tags(let found):
            let kind = AnalysisReport.Kind.tags(start: found.start, end: found.end, origin: found.origin)
            _ = output.push(report(kind), tags: found.tags)
        }
    }

    private func say(_ kind: AnalysisReport.Kind, _ channel: Int, _ output: inout AnalysisProducer) {
        let frame = channel < streams.count ? streams[channel].frame : 0
        _ = output.push(
            AnalysisReport(source: Int32(index), channel: Int32(channel), kind: kind, frame: frame, wall: wall))
    }
}
