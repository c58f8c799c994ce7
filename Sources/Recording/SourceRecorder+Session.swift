// Starts, splits and ends the sessions of one source, and handles errors of the disk.

import AudioCore
import Events
import Glibc
import System

extension SourceRecorder {
    /// Time after which a failed recording is tried again, in nanoseconds.
    static let pause: Int64 = 30_000_000_000
    /// Interval at which recorded data is written to the disk, in nanoseconds: together with the time for that, less
    /// than the two seconds that a power failure may lose.
    static let syncInterval: Int64 = 1_000_000_000
    /// The reason when recording ended permanently.
    static let givenUp = "the disk did not respond for too long: recording is disabled until a restart"

    /// Starts, splits or ends a session where that is due.
    func decide() {
        guard format != nil, !hasEnded, !isGivenUp else { return }
        let step = plan.step(
            at: position, cause: trigger.cause, isForbidden: trigger.isForbidden, after: frames(settings.after),
            part: frames(settings.part))
        switch step {
        case .begin(let cause):
            guard SystemClock.monotonic >= retryAt else { return }
            begin(cause, continuing: nil)
        case .split:
            let (before, since) = (session?.manifest, plan.quietSince)
            end("the part has reached its configured length")
            if let before { goOn(from: before, quietSince: since) }
        case .end:
            end(trigger.isForbidden ? "stopped by hand" : "its trigger ended")
        case nil: break
        }
    }

    /// Starts the session after one that ended before its time: while there is a cause, or for what is left of the time
    /// after the last one, which ended at `quietSince`.
    func goOn(from before: SessionManifest, quietSince: Int64?) {
        if let cause = trigger.cause {
            begin(cause, continuing: before)
        } else if let quietSince, !trigger.isForbidden, position < quietSince + frames(settings.after) {
            begin(status.cause, continuing: before, quietSince: quietSince)
        }
    }

    /// Starts a session. Its audio starts before the cause by the configured time, as far as that audio is available.
    func begin(_ cause: String, continuing before: SessionManifest?, quietSince: Int64? = nil) {
        guard let format else { return }
        let base = max(preRoll.start, position - frames(min(settings.before, settings.part)), lastEnd)
        var facts = SessionManifest()
        facts.software = source.hello.software
        facts.build = source.hello.build
        facts.source = source.hello.source
        facts.rate = format.sampleRate
        facts.channels = format.channels
        facts.start = wall(at: base)
        facts.recording = before?.recording ?? ""
        facts.part = (before?.part ?? 0) + 1
        facts.streamRate = source.hello.rate
        facts.hop = source.hello.hop
        facts.model = source.hello.model
        facts.trigger = cause
        do throws(RecordingError) {
            guard let free = store.free else {
                throw .unwritable(path: folder, detail: SystemError.last.description)
            }
            let problem = try room.make(
                within: retention, free: free, at: SystemClock.monotonic, isBeginning: true)
            if let problem { throw .unwritable(path: folder, detail: problem) }
            let name = Self.name(of: facts.start ?? WallTime.now(), source.name)
            let session = try SessionWriter(in: store, name: name, base: base, facts)
            self.session = session
            plan.begun(at: base, quietSince: quietSince)
            status.session = session.folder.path
            status.cause = cause
            status.sessions += 1
            status.message = room.takeComplaints().joined(separator: "; ")
            tellStory(to: session, from: base)
            try tellSound(to: session, from: base)
            try session.appear()
            syncedAt = SystemClock.monotonic
            news.append(.init(state: .started, session: session.folder.path, message: cause + boundedPreRoll))
        } catch {
            fail(error)
        }
    }

    /// The message when the memory does not hold the configured pre-roll.
    private var boundedPreRoll: String {
        guard let format, Int64(preRoll.capacity) < frames(settings.before) else { return "" }
        let held = preRoll.capacity / max(1, format.sampleRate)
        return "; the buffer holds \(held) s of the \(Int(saturating: settings.before)) s before it"
    }

    /// Writes the lines of the pre-roll, after the lines that a new client receives at its beginning.
    private func tellStory(to session: SessionWriter, from base: Int64) {
        var hello = source.hello
        if !timeline.streams.isEmpty { hello.streams = timeline.streams }
        hello.stream = hello.streams.first ?? hello.stream
        var known = board
        let new = lines.drop { line in
            guard line.position <= base else { return false }
            known.note(line.event)
            return true
        }
        session.line(Event(.hello(hello)), position: nil)
        session.line(Event(.snapshot(known.snapshot(streams: hello.streams))), position: nil)
        for line in new { session.line(line.event, position: line.position) }
        for stream in timeline.streams {
            for anchor in timeline.anchors(of: stream, from: base, to: position) {
                session.anchor(anchor, stream: stream)
            }
        }
    }

    private func tellSound(to session: SessionWriter, from base: Int64) throws(RecordingError) {
        // Of a gap into which the session's beginning falls, the rest is part of it.
        session.note(
            gaps: gaps.compactMap { gap in
                let start = max(gap.position, base)
                let frames = gap.position + Int64(gap.frames) - start
                return frames > 0 ? (start, Int(frames), gap.reason) : nil
            })
        try preRoll.read(from: base) { (frames) throws(RecordingError) in try session.write(frames) }
    }

    /// Ends the session properly, if there is one.
    func end(_ reason: String) {
        plan.ended()
        guard let session else { return }
        self.session = nil
        lastEnd = position
        status.session = ""
        do throws(RecordingError) {
            try session.close(reason: reason)
            if session.frames == 0 { try store.remove(session.folder.name) }
            news.append(.init(state: .stopped, session: session.folder.path, message: reason))
        } catch {
            news.append(.init(state: .failed, session: session.folder.path, message: "\(error)"))
        }
    }

    /// Runs an operation on the session; an error ends the session and is reported.
    func attempt(_ body: () throws(RecordingError) -> Void) {
        do throws(RecordingError) {
            try body()
        } catch {
            fail(error)
        }
    }

    private func fail(_ error: RecordingError) {
        let sentence = "\(error)"
        let folder = session?.folder.path ?? ""
        plan.ended()
        retryAt = SystemClock.monotonic + Self.pause
        if let session {
            self.session = nil
            lastEnd = position
            // The session is closed as far as the disk allows; a further error is ignored, because the first one is
            // reported.
            try? session.close(reason: sentence)
        }
        status.session = ""
        // A lasting error is reported once.
        if sentence != status.message || !folder.isEmpty {
            news.append(.init(state: .failed, session: folder, message: sentence))
        }
        status.message = sentence
    }

    /// Abandons recording: the delivery thread has stopped passing events because this thread hung for too long.
    func giveUp() {
        guard !isGivenUp else { return }
        isGivenUp = true
        if session != nil { end(Self.givenUp) }
        status.message = Self.givenUp
        settle()
    }

    /// Handles changes that occur without audio or events: the time of day, the disk, the folder. It may be called at
    /// any rate.
    func look(at now: Int64) {
        guard now >= nextLook else { return }
        nextLook = now + 1_000_000_000
        trigger.note(minute: Self.minuteOfDay)
        guard let session else {
            status.free = store.free
            room.tidy(within: retention, at: now)
            return
        }
        endWithoutAudio(at: now)
        guard self.session != nil else { return }
        attempt { () throws(RecordingError) in
            guard session.isInPlace else {
                throw .unwritable(path: session.folder.path, detail: "the folder has vanished")
            }
            status.free = store.free
            guard let free = status.free else {
                throw .unwritable(path: folder, detail: SystemError.last.description)
            }
            if let problem = try room.make(within: retention, free: free, at: now, isBeginning: false) {
                throw .unwritable(path: folder, detail: problem)
            }
            if let complaint = room.takeComplaints().first { status.message = complaint }
        }
    }

    /// Ends a session without a cause when no more audio arrives, as from a device that was switched off: the time after the
    /// last cause does not go on without it. What was loud is not loud any more.
    private func endWithoutAudio(at now: Int64) {
        // While the disk held this thread up, audio arrived that is not read yet.
        let known = arrived
        arrived = source.consumer.available
        guard arrived == known else { return }
        let silence = Double(now - heardAt) / 1e9
        guard heardAt > 0, silence > 1 else { return }
        trigger.note(level: -.infinity)
        decide()
        guard plan.quietSince != nil, silence > max(settings.after, Self.longestSilence) else { return }
        end("no more audio arrives, and its trigger ended")
    }

    /// Returns a name like "2026-11-21T065851Z-main", which sorts by time and is valid on every file system.
    static func name(of start: WallTime, _ source: String) -> String {
        let text = start.description
        return text.prefix(19).filter { $0 != ":" } + "Z-\(source)"
    }

    private static var minuteOfDay: Int {
        var now = time(nil)
        var local = tm()
        localtime_r(&now, &local)
        return Int(local.tm_hour) * 60 + Int(local.tm_min)
    }

    /// Passes the written data to the kernel, writes it to the disk when that is due, and updates the status.
    func settle() {
        if let session {
            attempt { () throws(RecordingError) in
                try session.flush()
                guard SystemClock.monotonic - syncedAt >= Self.syncInterval else { return }
                try session.sync()
                syncedAt = SystemClock.monotonic
            }
        }
        if let session, let format { status.seconds = Double(session.frames) / Double(format.sampleRate) }
        guard !isGivenUp else {
            status.state = .failed
            return
        }
        status.state =
            session != nil
            ? .recording : trigger.isForbidden ? .stopped : status.message.isEmpty ? .waiting : .failed
        if trigger.cause == nil, session == nil { status.message = "" }
    }
}
