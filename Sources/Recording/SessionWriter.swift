// Writes one session: sound, lines and facts, in step.

import AudioCore
import Events
import Glibc
import WholeFiles

/// A session that is being recorded. It appears under its name only when it is whole; from then on its sound and lines
/// are with the kernel as soon as `flush` returns, so that the death of the program costs no more than a block of the
/// encoder. One thread at a time.
final class SessionWriter {
    /// More gaps than these belong into another session: its facts are written anew with each.
    static let gapLimit = 1000

    let folder: SessionFolder
    /// Place of the first frame on the recorder's clock.
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

    /// Makes a session in `store`; its name is `name`, or that with a number where there is one already.
    init(in store: SessionStore, name: String, base: Int64, _ facts: SessionManifest) throws(RecordingError) {
        let hidden = SessionFolder(path: "\(store.path)/.\(name).new")
        guard mkdir(hidden.path, 0o750) == 0 else {
            throw .unwritable(path: hidden.path, detail: String(cString: strerror(errno)))
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
            guard rename(hidden.path, folder.path) == 0 else {
                throw .unwritable(path: folder.path, detail: String(cString: strerror(errno)))
            }
            audio.moved(to: folder, manifest.files)
        } catch {
            try? store.remove(".\(name).new")
            throw error
        }
    }

    /// Frames of sound so far.
    var frames: Int64 { audio.frames }
    /// Whether its files are still in a folder: somebody may remove them, which writing does not notice.
    var isInPlace: Bool {
        var own = stat()
        var named = stat()
        return fstat(lock.descriptor, &own) == 0 && stat(folder.events, &named) == 0 && own.st_ino == named.st_ino
            && own.st_dev == named.st_dev
    }
    /// Bytes written so far, as far as the kernel knows.
    var bytes: Int64 {
        let paths = manifest.files.map { "\(folder.path)/\($0.name)" } + [folder.events]
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
    func note(gaps: [(place: Int64, frames: Int, reason: String)]) {
        for gap in gaps {
            manifest.gaps.append(
                .init(audioFrame: gap.place - base, frames: Int64(gap.frames), reason: gap.reason))
        }
    }

    func anchor(_ anchor: StreamTimeline.Anchor, stream: String) {
        let new = SessionManifest.Anchor(
            stream: stream, frame: anchor.frame, audioFrame: anchor.place - base)
        guard manifest.anchors.last(where: { $0.stream == stream }) != new else { return }
        manifest.anchors.append(new)
        if !manifest.streams.contains(stream) { manifest.streams.append(stream) }
        isManifestStale = true
    }

    /// Appends a line; `place` is where its event stands, for those that belong to a stream.
    func line(_ event: Event, place: Int64?) {
        sequence += 1
        lines += encoder.line(event, sequence: sequence)
        if case .mark(let text) = event.body, let place, let stream = event.place?.stream {
            manifest.marks.append(.init(stream: stream, audioFrame: place - base, text: text))
        }
    }

    /// Hands everything to the kernel.
    func flush() throws(RecordingError) {
        if !lines.isEmpty {
            guard WholeFile.writeAll(lines, to: lock.descriptor) else {
                throw .unwritable(path: folder.events, detail: String(cString: strerror(errno)))
            }
            lineBytes += Int64(lines.count)
            lines.removeAll(keepingCapacity: true)
        }
        if isManifestStale {
            try replaceFile(folder.manifest, with: manifest.json)
            isManifestStale = false
        }
    }

    /// Ends the session in order, also after a fault: whatever the disk took is kept and stands as closed. Throws when not
    /// even that could be written; then it is like one whose recorder died.
    func close(reason: String) throws(RecordingError) {
        line(Event(.closing(reason: reason)), place: nil)
        if (try? flush()) == nil { ftruncate(lock.descriptor, off_t(lineBytes)) }
        manifest.clipped = audio.clipped
        manifest.frames = try audio.finish()
        manifest.state = .closed
        manifest.end = reason
        try replaceFile(folder.manifest, with: manifest.json)
    }
}
