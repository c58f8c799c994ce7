// Writes one session: sound, lines and facts, in step.

import AudioCore
import Events
import Glibc
import System
import WholeFiles

/// A session that is being recorded. It appears under its name only when its beginning is whole and on the disk; from then
/// on its sound and lines are with the kernel as soon as `flush` returns, so that the death of the program costs no more
/// than a block of the encoder, and with the disk as soon as `sync` returns, so that a power cut costs no more than what
/// came since. One thread at a time; all of it may wait for the disk.
final class SessionWriter {
    /// More gaps than these belong into another session: its facts are written anew with each.
    static let gapLimit = 1000

    let folder: SessionFolder
    /// Position of the first frame on the recorder's clock.
    let base: Int64
    private(set) var manifest: SessionManifest
    private let audio: SessionAudio
    private let lock: SessionLock
    private var encoder = EventEncoder()
    private var sequence: Int64 = 0
    private var lines: [UInt8] = []
    /// Bytes of the lines' file that are whole lines.
    private var lineBytes: Int64 = 0
    private var isManifestStale = false
    private let hidden: SessionFolder
    /// Whether it stands under its name.
    private(set) var hasAppeared = false

    /// Makes a session in `store`, hidden until it appears; its name is `name`, or that with a number where there is one
    /// already.
    init(in store: SessionStore, name: String, base: Int64, _ facts: SessionManifest) throws(RecordingError) {
        hidden = SessionFolder(path: "\(store.path)/.\(name).new")
        guard mkdir(hidden.path, 0o750) == 0 else {
            throw .unwritable(path: hidden.path, detail: SystemError.last.description)
        }
        do throws(RecordingError) {
            var free = name
            var number = 1
            while access("\(store.path)/\(free)", F_OK) == 0 {
                number += 1
                free = "\(name)-\(number)"
            }
            manifest = facts
            manifest.files = SessionFolder.audioFiles(channels: facts.channels)
            if manifest.recording.isEmpty { manifest.recording = free }
            lock = try SessionLock(hidden, creates: true)
            audio = try SessionAudio(
                folder: hidden, files: manifest.files, rate: facts.rate, channels: facts.channels)
            try replaceFile(hidden.manifest, with: manifest.json)
            folder = SessionFolder(path: "\(store.path)/\(free)")
            self.base = base
        } catch {
            try? store.remove(".\(name).new")
            throw error
        }
    }

    /// Gives the session its name, with everything that was written so far on the disk. On a disk that fails it gets the
    /// name all the same, so that what was written is kept, and the fault is thrown.
    func appear() throws(RecordingError) {
        guard !hasAppeared else { return }
        var fault: RecordingError?
        do throws(RecordingError) {
            try flush()
            try sync()
            try Recording.sync(folder: hidden.path)
        } catch {
            fault = error
        }
        guard rename(hidden.path, folder.path) == 0 else {
            throw fault ?? .unwritable(path: folder.path, detail: SystemError.last.description)
        }
        hasAppeared = true
        audio.moved(to: folder, manifest.files)
        if let fault { throw fault }
        try syncFolder(of: folder.path)
    }

    /// Frames of sound so far.
    var frames: Int64 { audio.frames }
    /// Whether its files are still in a folder: they may be removed, which writing does not notice.
    var isInPlace: Bool {
        var own = stat()
        var named = stat()
        return fstat(lock.descriptor, &own) == 0 && stat(current.events, &named) == 0 && own.st_ino == named.st_ino
            && own.st_dev == named.st_dev
    }
    /// Bytes written so far, as far as the kernel knows.
    var bytes: Int64 {
        let paths = manifest.files.map { "\(current.path)/\($0.name)" } + [current.events]
        return paths.reduce(0) { sum, path in
            var facts = stat()
            return stat(path, &facts) == 0 ? sum + Int64(facts.st_size) : sum
        }
    }
    var hasManyGaps: Bool { manifest.gaps.count >= Self.gapLimit }

    func write(_ samples: UnsafeBufferPointer<Float>) throws(RecordingError) {
        try audio.write(samples)
    }

    /// Frames are missing here; silence stands for them.
    func gap(_ frames: Int, reason: String) throws(RecordingError) {
        manifest.gaps.append(.init(audioFrame: audio.frames, frames: Int64(frames), reason: reason))
        isManifestStale = true
        try audio.writeSilence(frames)
    }

    /// Gaps in what is written next, in which silence stands already.
    func note(gaps: [(position: Int64, frames: Int, reason: String)]) {
        for gap in gaps {
            manifest.gaps.append(
                .init(audioFrame: gap.position - base, frames: Int64(gap.frames), reason: gap.reason))
        }
    }

    func anchor(_ anchor: StreamTimeline.Anchor, stream: String) {
        let new = SessionManifest.Anchor(
            stream: stream, frame: anchor.frame, audioFrame: anchor.position - base)
        guard manifest.anchors.last(where: { $0.stream == stream }) != new else { return }
        manifest.anchors.append(new)
        if !manifest.streams.contains(stream) { manifest.streams.append(stream) }
        isManifestStale = true
    }

    /// Appends a line; `position` is where its event stands, for those that belong to a stream.
    func line(_ event: Event, position: Int64?) {
        sequence += 1
        lines += encoder.line(event, sequence: sequence)
        if case .mark(let text) = event.body, let position, let stream = event.position?.stream {
            manifest.marks.append(.init(stream: stream, audioFrame: position - base, text: text))
        }
    }

    /// Hands everything to the kernel.
    func flush() throws(RecordingError) {
        if !lines.isEmpty {
            do throws(SystemError) {
                try WholeFile.writeAll(lines, to: lock.descriptor)
            } catch {
                // Half of the lines may be there; the next attempt writes all of them, so none may stand there twice.
                ftruncate(lock.descriptor, off_t(lineBytes))
                throw .unwritable(path: folder.events, detail: error.description)
            }
            lineBytes += Int64(lines.count)
            lines.removeAll(keepingCapacity: true)
        }
        if isManifestStale {
            try replaceFile(current.manifest, with: manifest.json)
            isManifestStale = false
        }
    }

    private var current: SessionFolder { hasAppeared ? folder : hidden }

    /// Waits until what was flushed is with the disk.
    func sync() throws(RecordingError) {
        try audio.sync()
        try Recording.sync(lock.descriptor, path: folder.events)
    }

    /// Ends the session in order, also after a fault: whatever the disk took is kept and stands as closed. Throws when not
    /// even that could be written; then it is like one whose recorder died.
    func close(reason: String) throws(RecordingError) {
        if !hasAppeared { try? appear() }
        line(Event(.closing(reason: reason)), position: nil)
        try? flush()
        manifest.clipped = audio.clipped
        manifest.frames = try audio.finish()
        manifest.state = .closed
        manifest.end = reason
        // Sound and lines first: the manifest says how long they are.
        try? sync()
        try replaceFile(current.manifest, with: manifest.json)
    }
}
