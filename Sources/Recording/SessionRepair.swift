// Repairs a session after the death of its recorder or a power failure.

import AudioFiles
import Events
import Glibc
import JSON
import System

/// The result of a repair.
public struct SessionRepair: Equatable, Sendable {
    /// The folder of the session.
    public let folder: SessionFolder
    /// Its facts after the repair.
    public let manifest: SessionManifest
    /// The changes, as text; empty when the session was in order.
    public private(set) var changes: [String] = []

    /// Repairs a session: removes an incomplete block of audio and an incomplete line, writes the length into the
    /// audio file's header, and completes `session.json` with the end and the marks; rebuilds a `session.json` that is
    /// lost. Does not change a session that is in order. Throws, and keeps the changes made so far, when the session
    /// is being recorded or has damage that neither the death of a recorder nor a power failure explains.
    ///
    /// - Parameter force: remove damaged data even when that is more than the last seconds.
    public init(mending folder: SessionFolder, force: Bool = false) throws(RecordingError) {
        self.folder = folder
        // Without lines nothing can be rebuilt, so the error of the manifest is more useful.
        if access(folder.events, F_OK) != 0 { _ = try SessionReader.manifest(of: folder) }
        // The lock is taken before anything is read: a recorder that is about to close the session must not have its
        // work undone.
        let lock = try SessionLock(folder)
        let bytes = try contents(of: folder.events, limit: SessionReader.eventsLimit)
        let events = try SessionEvents(mending: bytes, path: folder.events, force: force)
        if events.wholeBytes < bytes.count {
            guard ftruncate(lock.descriptor, off_t(events.wholeBytes)) == 0 else {
                throw .unwritable(path: folder.events, detail: SystemError.last.description)
            }
            changes.append("cut \(bytes.count - events.wholeBytes) bytes of an incomplete line")
        }
        let (found, isRebuilt) = try Self.manifest(of: folder, events)
        var manifest = found
        if isRebuilt {
            changes.append(
                "rebuilt session.json from the lines and the audio: times may be wrong by a tenth of a second")
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
            if cut > 0 { changes.append("cut \(cut) bytes of an incomplete block from \(file.name)") }
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

    /// Reads `session.json`, or rebuilds it. Throws for a file of a later version instead of rebuilding it.
    private static func manifest(
        of folder: SessionFolder, _ events: SessionEvents
    ) throws(RecordingError) -> (SessionManifest, isRebuilt: Bool) {
        do throws(RecordingError) {
            return (try SessionReader.manifest(of: folder), false)
        } catch {
            let bytes = (try? contents(of: folder.manifest, limit: SessionReader.manifestLimit)) ?? []
            // A file that contains JSON was not lost, one that could not be read may be intact, and a FIFO is none.
            guard isFile(folder.manifest), size(of: folder.manifest) == bytes.count,
                (try? JSONParser.parse(bytes[...])) == nil
            else {
                throw error
            }
            return (try SessionManifest(rebuiltFrom: events, in: folder), true)
        }
    }

    /// Whether a regular file, or nothing, has this path.
    private static func isFile(_ path: String) -> Bool {
        var facts = stat()
        return stat(path, &facts) != 0 || facts.st_mode & S_IFMT == S_IFREG
    }

    private static func size(of path: String) -> Int {
        var facts = stat()
        return stat(path, &facts) == 0 ? Int(facts.st_size) : 0
    }
}
