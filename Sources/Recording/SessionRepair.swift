// Mends a session whose recorder died, or whose machine lost its power.

import AudioFiles
import Events
import Glibc
import JSON
import System

/// What `SessionRepair` found and did.
public struct SessionRepair: Equatable, Sendable {
    /// Where the session lies.
    public let folder: SessionFolder
    /// Its facts as they stand now.
    public let manifest: SessionManifest
    /// What was done, in words; empty when the session was in order.
    public private(set) var changes: [String] = []

    /// Puts a session in order: half a block of sound and half a line go, the sound's header gets its length, and
    /// `session.json` its end and the marks; a `session.json` that is lost is rebuilt. A session that is in order stays as
    /// it is. Throws, and leaves what it has done so far, when the session is being recorded or damaged in a way that
    /// neither the death of a recorder nor a power cut explains.
    ///
    /// - Parameter force: cut off what is damaged even when that is more than the last seconds.
    public init(mending folder: SessionFolder, force: Bool = false) throws(RecordingError) {
        self.folder = folder
        // Without lines nothing can be rebuilt, so what is wrong with the manifest is the better answer.
        if access(folder.events, F_OK) != 0 { _ = try SessionReader.manifest(of: folder) }
        // Before anything is read: a recorder that is about to close the session must not find its work undone.
        let lock = try SessionLock(folder)
        let bytes = try contents(of: folder.events, limit: SessionReader.eventsLimit)
        let events = try SessionEvents(mending: bytes, path: folder.events, force: force)
        if events.wholeBytes < bytes.count {
            guard ftruncate(lock.descriptor, off_t(events.wholeBytes)) == 0 else {
                throw .unwritable(path: folder.events, detail: SystemError.last.description)
            }
            changes.append("cut \(bytes.count - events.wholeBytes) bytes of a line that was not whole")
        }
        let (found, isRebuilt) = try Self.manifest(of: folder, events)
        var manifest = found
        if isRebuilt {
            changes.append(
                "rebuilt session.json from the lines and the sound: times may be wrong by a tenth of a second")
        }
        var frames = Int64.max
        for file in manifest.files {
            let path = "\(folder.path)/\(file.name)"
            let before = Self.size(of: path)
            do throws(AudioFileError) {
                frames = min(frames, try FLACTail.mend(path: path, force: force))
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
                guard case .mark(let text) = line.event.body, let position = line.event.position,
                    let frame = manifest.audioFrame(of: position.time.frame, stream: position.stream)
                else { return nil }
                return .init(stream: position.stream, audioFrame: frame, text: text)
            }
            changes.append("closed it after \(frames) frames")
        }
        if !changes.isEmpty {
            try sync(lock.descriptor, path: folder.events)
            try replaceFile(folder.manifest, with: manifest.json)
        }
        unlink(SessionFolder.draft(of: folder.manifest))
        self.manifest = manifest
    }

    /// What `session.json` says, or what can be found out without it. One of a later version is not rebuilt but refused.
    private static func manifest(
        of folder: SessionFolder, _ events: SessionEvents
    ) throws(RecordingError) -> (SessionManifest, isRebuilt: Bool) {
        do throws(RecordingError) {
            return (try SessionReader.manifest(of: folder), false)
        } catch {
            let bytes = (try? contents(of: folder.manifest, limit: SessionReader.manifestLimit)) ?? []
            // A file that holds JSON was not lost, and one that could not be read may be whole.
            guard size(of: folder.manifest) == bytes.count, (try? JSONParser.parse(bytes[...])) == nil else {
                throw error
            }
            return (try SessionManifest(rebuiltFrom: events, in: folder), true)
        }
    }

    private static func size(of path: String) -> Int {
        var facts = stat()
        return stat(path, &facts) == 0 ? Int(facts.st_size) : 0
    }
}
