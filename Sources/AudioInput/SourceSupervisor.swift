// Keeps one source running: opens it, reads it, detects that it stalled or failed, and opens it again.

import AudioCore
import System

/// The state machine of a source. It runs on the capture thread and owns the source.
///
/// Only frames count as progress, whatever a driver reports: a device without frames for `stallAfter` is stalled and
/// is opened again. The supervisor never spins: it sleeps after a read that returns at once without frames. While
/// frames arrive, `run` allocates nothing, takes no lock and makes no system calls except the source's own.
///
/// When the queue is full, a live source loses frames, which are counted and marked as one gap; a file waits for room
/// and loses nothing.
public final class SourceSupervisor {
    /// The published status; any thread may read it.
    public let status: SourceStatus
    /// Raising it ends `run` within 100 ms, unless the driver hangs.
    public let stop: StopFlag

    /// Largest number of frames of one read.
    static let block = 1_024
    /// Longest single wait, in milliseconds: the supervisor checks `stop` and gives a sign of life at this interval.
    static let timeout = 50
    /// A read that blocked for longer than this begins another delivery of the device, in nanoseconds.
    static let blocked: Int64 = 200_000
    /// Sleep after a read without frames, in nanoseconds.
    static let nap: Int64 = 10_000_000

    private struct Gap {
        var frames: Int
        var cause: GapCause
    }

    private let source: any AudioSource
    private let selection: ChannelSelection
    private let settings: SupervisorSettings
    private var output: CaptureProducer
    private var backoff: Backoff
    private var state: SourceState?
    private var format = AudioFormat(sampleRate: 1, channels: 1)
    private var gap: Gap?
    private var overloaded = false
    /// Whether the format to be marked is that of another recording in the same file.
    private var isContinued = false
    /// Time of the last frames, on the boot clock, which includes the time while the machine was suspended.
    private var lastHeard: Int64?

    /// Creates a supervisor for a source that is not open, with the capture end of a queue.
    public init(
        source: sending any AudioSource, selection: ChannelSelection, output: consuming CaptureProducer,
        settings: SupervisorSettings = SupervisorSettings(), status: SourceStatus = SourceStatus(),
        stop: StopFlag = StopFlag()
    ) {
        self.source = source
        self.selection = selection
        self.output = output
        self.settings = settings
        self.status = status
        self.stop = stop
        backoff = Backoff(
            initial: settings.firstRetry, maximum: settings.longestRetry,
            seed: UInt64(truncatingIfNeeded: SystemClock.monotonic))
    }

    /// Runs until the source ends, fails permanently, or `stop` is raised.
    public func run() {
        while !stop.isRaised && state?.isFinal != true {
            if openSource() { while listen() {} }
            source.close()
            if state?.isFinal != true { rest(milliseconds: backoff.delay()) }
        }
        if state?.isFinal != true { leave(.ended) }
    }

    private func openSource() -> Bool {
        do throws(AudioInputError) {
            format = try source.open(stop: stop)
            guard format.channels >= selection.channelsNeeded else {
                throw .unusable(
                    source: "channel \(selection)", detail: "the source has only \(format.channels) channels")
            }
            guard format.channels <= ChannelSelection.limit else {
                throw .unusable(
                    source: "the source",
                    detail: "it has \(format.channels) channels, and at most \(ChannelSelection.limit) are supported")
            }
            status.name(source.device ?? "")
            status.countOpening(message: "")
            if state == nil || state == .waiting { enter(.opening) }
            return true
        } catch {
            status.countOpening(message: error.description)
            if !stop.isRaised { enter(source.isLive ? .waiting : .failed) }
            return false
        }
    }

    /// Reads until an event ends the loop; returns true when the source continues with another format.
    private func listen() -> Bool {
        // The queue can hold two blocks, however small it is.
        let block = max(1, min(Self.block, output.capacity / (2 * format.channels)))
        let buffer = UnsafeMutablePointer<Float>.allocate(capacity: block * format.channels)
        defer { buffer.deallocate() }
        let began = SystemClock.monotonic
        var progress = began
        var isFirst = true
        var burst = 0
        /// Whether a read without frames lies between the last frames and the next.
        var isApart = false
        status.noteBurst(frames: 0)
        var clocks = ClockWatch(monotonic: began, boot: SystemClock.boot, wall: SystemClock.wall)

        while !stop.isRaised {
            let asked = SystemClock.monotonic
            let result = source.read(buffer, capacity: block, timeout: Self.timeout)
            let now = SystemClock.monotonic
            status.sign(at: now)
            switch result {
            case .frames(let count) where count > 0:
                progress = now
                if source.isLive { look(&clocks, at: now, count: count) }
                begin(isFirst: isFirst, count: count, at: now)
                isFirst = false
                if now - asked > Self.blocked || isApart {
                    // A device that never blocks for so long has no period that could be predicted.
                    status.noteBurst(frames: burst < format.sampleRate / 10 ? burst : 0)
                    burst = 0
                }
                isApart = false
                burst += count
                deliver(UnsafeBufferPointer(start: buffer, count: count * format.channels), at: now)
                status.noteArrival(at: now)
                if now - began > Int64(settings.settledAfter) * 1_000_000 { backoff.reset() }
                continue
            case .end:
                leave(.ended)
                return false
            case .failed(let code):
                if let failure = source.failure { status.explain(failure) }
                leave(source.isLive ? .lost : .failed, code: code)
                return false
            case .reformatted(let new):
                format = new
                isContinued = true
                guard new.channels < selection.channelsNeeded else { return true }
                status.explain("channel \(selection): a part of the source has only \(new.channels) channels")
                leave(.failed)
                return false
            case .lost(let frames):
                miss(frames, .xrun)
            case .frames, .nothing:
                break
            }
            isApart = true
            let timeout = isFirst ? settings.startWithin : settings.stallAfter
            if now - progress > Int64(timeout) * 1_000_000 {
                if source.isLive {
                    leave(.stalled)
                    return false
                }
                enter(.stalled)
            }
            // A driver that returns at once without frames would make the loop spin.
            if now - asked < Self.nap { SystemClock.sleep(nanoseconds: Self.nap) }
        }
        return false
    }

    /// Marks the new facts about the stream before the frames are delivered.
    private func begin(isFirst: Bool, count: Int, at now: Int64) {
        let age = nanoseconds(count)
        if isFirst {
            say(isContinued ? .continued(format) : .opened(format), age: age, at: now)
            isContinued = false
            if source.isLive && lastHeard != nil { miss(0, .reopened) }
        }
        if state != .running { enter(.running, age: age) }
    }

    private func deliver(_ samples: UnsafeBufferPointer<Float>, at now: Int64) {
        let count = samples.count / format.channels
        status.count(frames: count)
        defer { lastHeard = SystemClock.boot }
        if !source.isLive {
            while output.vacancy < samples.count && !stop.isRaised { pause(nanoseconds: 1_000_000) }
        } else if overloaded {
            // One long gap is better than many short ones: frames are dropped until half of the queue is free.
            guard output.vacancy >= output.capacity / 2 else { return miss(count, .overload) }
            overloaded = false
        }
        guard markGap(before: count, at: now) else { return miss(count, .overload) }
        let pushed = output.push(samples, channels: format.channels)
        if pushed < count {
            overloaded = true
            miss(count - pushed, .overload)
        }
    }

    /// Records missing frames (0: the clock determines the number), to be marked before the next frames.
    private func miss(_ frames: Int, _ cause: GapCause) {
        status.count(lost: frames, cause)
        gap = Gap(frames: (gap?.frames ?? 0) + frames, cause: gap?.cause ?? cause)
    }

    /// Marks the recorded gap; returns false when there is no room.
    private func markGap(before count: Int, at now: Int64) -> Bool {
        guard var gap else { return true }
        if gap.frames == 0 {
            gap.frames = away(but: count)
            status.count(lost: gap.frames, gap.cause)
        }
        let age = nanoseconds(count)
        guard output.mark(.gap(frames: gap.frames, gap.cause), wall: SystemClock.wall - age, monotonic: now - age)
        else {
            self.gap = gap
            return false
        }
        self.gap = nil
        return true
    }

    /// Returns the number of frames since the last frames according to the clock, without the `count` that arrived
    /// now.
    private func away(but count: Int) -> Int {
        guard let lastHeard else { return 0 }
        return max(
            0, Int(clamping: FrameTime.frames(in: SystemClock.boot - lastHeard, rate: format.sampleRate)) - count)
    }

    private func look(_ clocks: inout ClockWatch, at now: Int64, count: Int) {
        guard let cause = clocks.observe(monotonic: now, boot: SystemClock.boot, wall: SystemClock.wall) else { return }
        switch cause {
        case .suspend:
            // The frames already known to be missing remain counted.
            let known = gap?.frames ?? 0
            let slept = known > 0 ? away(but: count) : 0
            status.count(lost: slept, .suspend)
            gap = Gap(frames: known + slept, cause: .suspend)
        default: say(.gap(frames: 0, cause), age: 0, at: now)
        }
    }

    /// Ends a run of reads. The frames known to be missing belong to the old format and are marked now; an unknown
    /// number is determined when the source is open again.
    private func leave(_ state: SourceState, code: Int32 = 0) {
        if let gap, gap.frames > 0 { say(.gap(frames: gap.frames, gap.cause), age: 0, at: SystemClock.monotonic) }
        gap = nil
        status.noteBurst(frames: 0)
        enter(state, code: code)
    }

    private func enter(_ new: SourceState, code: Int32 = 0, age: Int64 = 0) {
        guard new != state else { return }
        state = new
        status.publish(new, code: code)
        say(.state(new, code: code), age: age, at: SystemClock.monotonic)
    }

    /// Marks are rare and their ring is long; when it is full the analysis has stopped, and the capture thread may
    /// wait.
    private func say(_ kind: StreamMark.Kind, age: Int64, at now: Int64) {
        while !output.mark(kind, wall: SystemClock.wall - age, monotonic: now - age) && !stop.isRaised {
            pause(nanoseconds: Self.nap)
        }
    }

    private func rest(milliseconds: Int) {
        let end = SystemClock.monotonic + Int64(milliseconds) * 1_000_000
        while !stop.isRaised {
            let left = end - SystemClock.monotonic
            guard left > 0 else { return }
            pause(nanoseconds: min(left, Int64(Self.timeout) * 1_000_000))
        }
    }

    private func pause(nanoseconds: Int64) {
        SystemClock.sleep(nanoseconds: nanoseconds)
        status.sign(at: SystemClock.monotonic)
    }

    private func nanoseconds(_ frames: Int) -> Int64 {
        FrameTime.nanoseconds(of: Int64(frames), rate: format.sampleRate)
    }
}
