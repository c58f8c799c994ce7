// Mends a session whose recorder died.

import AudioFiles
import Events
import Glibc

/// What `SessionRepair` found and did.
public struct SessionRepair: Equatable, Sendable {
    /// Where the session lies.
    public let folder: SessionFolder
    /// Its facts as they stand now.
    public let manifest: SessionManifest
    /// What was done, in words; empty when the session was in order.
    public private(set) var changes: [String] = []

    /// Puts a session in order: half a block of sound and half a line go, the sound's header gets its length, and
    /// `session.json` its end and the marks. A session that is in order stays as it is. Throws, and leaves what it has done
    /// so far, when the session is being recorded or damaged in a way that no death of a recorder explains.
    public init(mending folder: SessionFolder) throws(RecordingError) {
        self.folder = folder
        var manifest = try SessionReader.manifest(of: folder)
        let lock = try SessionLock(folder)
        let bytes = try contents(of: folder.events, limit: SessionReader.eventsLimit)
        let events = try SessionEvents(bytes: bytes, path: folder.events)
        if events.wholeBytes < bytes.count {
            guard ftruncate(lock.descriptor, off_t(events.wholeBytes)) == 0 else {
                throw .unwritable(path: folder.events, detail: String(cString: strerror(errno)))
            }
            changes.append("cut \(bytes.count - events.wholeBytes) bytes of a line that was not whole")
        }
        var frames = Int64.max
        for file in manifest.files {
            let path = "\(folder.path)/\(file.name)"
            let before = Self.size(of: path)
            do throws(AudioFileError) {
                frames = min(frames, try FLACTail.mend(path: path))
            } catch {
                throw RecordingError(error)
            }
            let cut = before - Self.size(of: path)
            if cut > 0 { changes.append("cut \(cut) bytes of a block that was not whole from \(file.name)") }
        }
        if manifest.files.isEmpty { frames = 0 }
        if manifest.state == .open || manifest.frames != frames {
            manifest.state = .repaired
            manifest.frames = frames
            manifest.end = manifest.end ?? "the program that recorded it was killed"
            manifest.marks = events.lines.compactMap { line in
                guard case .mark(let text) = line.event.body, let place = line.event.place,
                    let frame = manifest.audioFrame(of: place.time.frame, stream: place.stream)
                else { return nil }
                return .init(stream: place.stream, audioFrame: frame, text: text)
            }
            try replaceFile(folder.manifest, with: manifest.json)
            changes.append("closed it after \(frames) frames")
        }
        unlink(folder.manifest + ".new")
        self.manifest = manifest
    }

    private static func size(of path: String) -> Int {
        var facts = stat()
        return stat(path, &facts) == 0 ? Int(facts.st_size) : 0
    }
}
