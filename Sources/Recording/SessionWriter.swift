// Writes one session: audio, lines and facts, in step.

import AudioCore
import Events
import Glibc
import System
import WholeFiles

/// A session that is being recorded. It appears under its name only when its beginning is complete and on the disk.
/// From then on, `flush` passes its audio and lines to the kernel, so that the death of the program loses no more than
/// one block of the encoder. `sync` writes them to the disk, so that a power failure loses no more than the data since
/// the last `sync`. Only one thread at a time may use it; all methods may wait for the disk.
final class SessionWriter {
    /// The largest number of gaps in a session; the facts are written again for each gap.
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
    /// Bytes of complete lines in the file of lines.
    private var lineBytes: Int64 = 0
    private var isManifestStale = false
    private let hidden: SessionFolder
    /// Whether the session has its final name.
    private(set) var hasAppeared = false

    /// Creates a session in `store`, hidden until it appears; its name is `name`, with a number appended where that
    /// name exists already.
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

    /// Gives the session its name after all data written so far is on the disk. If the disk fails, the session gets
    /// the name all the same, so that the data written is kept, and the error is thrown.
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

    /// Number of frames of audio so far.
    var frames: Int64 { audio.frames }
    /// Whether its files are still in a folder: writing does not detect that they were removed.
    var isInPlace: Bool {
        var own = stat()
        var named = stat()
        return fstat(lock.descriptor, &own) == 0 && stat(current.events, &named) == 0 && own.st_ino == named.st_ino
            && own.st_dev == named.st_dev
    }
    /// Bytes written so far, as reported by the kernel.
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

    /// Records that frames are missing here and writes silence in their place.
    func gap(_ frames: Int, reason: String) throws(RecordingError) {
        manifest.gaps.append(.init(audioFrame: audio.frames, frames: Int64(frames), reason: reason))
        isManifestStale = true
        try audio.writeSilence(frames)
    }

    /// Records gaps in the audio that is written next, which already contains the silence.
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

    /// Appends a line; `position` is the position of its event, for events that belong to a stream.
    func line(_ event: Event, position: Int64?) {
        sequence += 1
        lines += encoder.line(event, sequence: sequence)
        if case .mark(let text) = event.body, let position, let stream = event.position?.stream {
            manifest.marks.append(.init(stream: stream, audioFrame: position - base, text: text))
        }
    }

    /// Passes all data to the kernel.
    func flush() throws(RecordingError) {
        if !lines.isEmpty {
            do throws(SystemError) {
                try WholeFile.writeAll(lines, to: lock.descriptor)
            } catch {
                // A part of the lines may be in the file; the next attempt writes all of them, so the file is
                // truncated first.
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

    /// Waits until the flushed data is on the disk.
    func sync() throws(RecordingError) {
        try audio.sync()
        try Recording.sync(lock.descriptor, path: folder.events)
    }

    /// Ends the session properly, also after an error: the data on the disk is kept and the session is closed. Throws
    /// when not even that could be written; the session is then like one whose recorder died.
    func close(reason: String) throws(RecordingError) {
        if !hasAppeared { try? appear() }
        line(Event(.closing(reason: reason)), position: nil)
        try? flush()
        manifest.clipped = audio.clipped
        manifest.frames = try audio.finish()
        manifest.state = .closed
        manifest.end = reason
        // Audio and lines are written first: the manifest contains their lengths.
        try? sync()
        try replaceFile(current.manifest, with: manifest.json)
    }
}
