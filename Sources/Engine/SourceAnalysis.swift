// One source on the analysis thread: takes its samples and marks in order and feeds the streams that come of it.

import AudioCore
import AudioInput
import Events
import Features
import Models
import Recording

/// Follows the capture lane of one source. Analysis thread only.
final class SourceAnalysis {
    /// A live source whose backlog grows beyond this many seconds is taken to the live edge: half of it would be heard
    /// so late that lights are better off with what sounds now.
    static let longestBacklog = 0.5
    /// A live source this many seconds behind does without its tags: the clip model is what is shed first.
    static let sheddingBacklog = 0.15
    /// Frames taken at once. Small, so that streams of one source advance together and a hop is not waited for.
    static let block = 128

    /// Frames that one turn may report at most, a mark or a block for every channel that a source can have: with this
    /// much room no report is ever refused.
    static let margin = 8 * ChannelSelection.limit

    private let isLive: Bool
    private let selection: ChannelSelection
    private var lane: CaptureConsumer
    /// Where the sound goes to be recorded, as the device gave it.
    private var tap: RecordTap?
    private let index: Int
    private let file: ModelFile
    private let clip: ClipSettings?
    /// The streams of this source; how many `each` has is known when it is opened.
    private var streams: [StreamAnalysis] = []
    private var format: AudioFormat?
    private var wall: Int64 = 0
    private let interleaved: UnsafeMutableBufferPointer<Float>
    private let mono: UnsafeMutableBufferPointer<Float>

    init(
        index: Int, isLive: Bool, selection: ChannelSelection, lane: consuming CaptureConsumer, file: ModelFile,
        clip: ClipSettings? = nil, tap: consuming RecordTap? = nil
    ) {
        self.index = index
        self.isLive = isLive
        self.selection = selection
        self.lane = lane
        self.tap = tap
        self.file = file
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

    /// Does what can be done now without waiting; false when there was nothing.
    func turn(_ output: inout AnalysisProducer) -> Bool {
        // A lane without room halts a file here; a live source falls behind until `catchUp` drops what nobody takes.
        guard output.hasRoom(frames: Self.margin) else { return catchUp(&output) }
        if let mark = lane.nextMark() {
            handle(mark, &output)
            return true
        }
        guard let format else { return false }
        if catchUp(&output) { return true }
        // A source that can wait loses nothing on its way to a slow disk either.
        guard isLive || tap?.hasRoom(samples: interleaved.count) != false else { return false }
        let wanted = UnsafeMutableBufferPointer(rebasing: interleaved.prefix(Self.block * format.channels))
        let count = lane.read(wanted)
        guard count > 0 else { return false }
        analyse(UnsafeBufferPointer(rebasing: wanted.prefix(count)), channels: format.channels, &output)
        return true
    }

    /// Whether the analysis falls behind its device.
    private var isShedding: Bool {
        guard isLive, let format else { return false }
        return Double(lane.backlog) > Self.sheddingBacklog * Double(format.sampleRate * format.channels)
    }

    private func analyse(_ samples: UnsafeBufferPointer<Float>, channels: Int, _ output: inout AnalysisProducer) {
        tap?.push(samples)
        let frames = UnsafeMutableBufferPointer(rebasing: mono.prefix(samples.count / channels))
        let isShedding = isShedding
        for (channel, stream) in streams.enumerated() where channel < selection.streams(channels: channels) {
            selection.extract(stream: channel, from: samples, channels: channels, into: frames)
            stream.process(UnsafeBufferPointer(frames), shedding: isShedding) { finding in
                report(finding, channel, &output)
            }
        }
    }

    private func handle(_ mark: StreamMark, _ output: inout AnalysisProducer) {
        wall = mark.wall
        switch mark.kind {
        case .opened(let new):
            open(new, &output)
        case .gap(let frames, let cause):
            tap?.gap(frames: frames, Discontinuity.Reason(cause), wall: wall)
            gap(frames: frames, cause, &output)
        case .state(let state, let code):
            if state.isFinal {
                finish(&output)
                tap?.end()
            }
            for channel in 0..<max(1, streams.count) { say(.state(state, code: code), channel, &output) }
        }
    }

    private func open(_ new: AudioFormat, _ output: inout AnalysisProducer) {
        let changed = format.map { $0.sampleRate != new.sampleRate } ?? false
        format = new
        while streams.count < selection.streams(channels: new.channels) {
            streams.append(StreamAnalysis(file, clip: clip))
        }
        tap?.open(new, wall: wall)
        for (channel, stream) in streams.enumerated() {
            stream.open(sampleRate: new.sampleRate)
            tap?.anchor(stream: channel, frame: stream.frame)
            if changed { say(.rateChanged, channel, &output) }
            say(.anchor, channel, &output)
        }
    }

    /// Skips to the live edge when the backlog of a device has grown too long; true when it did.
    private func catchUp(_ output: inout AnalysisProducer) -> Bool {
        guard isLive, let format else { return false }
        let second = format.sampleRate * format.channels
        guard Double(lane.backlog) > Self.longestBacklog * Double(second) else { return false }
        let frames = skip(lane.readable / format.channels * format.channels, format) / format.channels
        guard frames > 0 else { return false }
        wall = SystemClock.wall
        gap(frames: frames, .overload, &output)
        return true
    }

    /// Passes over samples that are not analysed; whoever records gets them all the same. Returns how many.
    private func skip(_ count: Int, _ format: AudioFormat) -> Int {
        guard tap != nil else { return lane.discard(count) }
        var left = count
        while left > 0 {
            let wanted = UnsafeMutableBufferPointer(
                rebasing: interleaved.prefix(min(left, Self.block * format.channels)))
            let got = lane.read(wanted)
            guard got > 0 else { break }
            tap?.push(UnsafeBufferPointer(rebasing: wanted.prefix(got)))
            left -= got
        }
        return count - left
    }

    private func gap(frames: Int, _ cause: GapCause, _ output: inout AnalysisProducer) {
        guard let format else { return }
        for (channel, stream) in streams.enumerated() {
            if cause != .clockJump {
                stream.reset()
                tap?.anchor(stream: channel, frame: stream.frame)
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
