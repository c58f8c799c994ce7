// The sessions that a program under test records, and what a kill takes from them.

import EventServer
import Events
import Foundation
import Recording

/// A folder of sessions within a scene.
public struct RecordedSessions {
    /// Where they are made.
    public let folder: String

    /// Makes the folder.
    public init(_ scene: Scene) throws {
        let url = scene.folder.appendingPathComponent("sessions")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        folder = url.path
    }

    /// The `[record]` table of a configuration that records here.
    public func table(_ more: String = "always = yes\n") -> String {
        "[record]\nfolder = \"\(folder)\"\nminimum_free_megabytes = 0\n" + more
    }

    /// All of them, read.
    public func read() throws -> [SessionReader] {
        try SessionStore(path: folder).sessions().map { try SessionReader(folder: $0) }
    }

    /// What one kill took.
    public struct Loss {
        /// Seconds of sound that were heard and are not in the session.
        public let sound: Double
        /// Seconds between the last line that was sent and the last in the session.
        public let lines: Double
    }

    /// Lets a daemon record a tone, kills it when its stream has come to a moment, mends the session, and says what is lost.
    /// Throws when the session cannot be mended or read.
    public static func kill(at seconds: Double) throws -> Loss {
        let scene = try Scene()
        let sessions = try RecordedSessions(scene)
        let daemon = try RunningDaemon(
            "[[stream]]\nname = \"main\"\nsource = \"tone:440\"\n" + sessions.table(), scene: scene)
        let client = try daemon.connect()
        let events = try daemon.read(client, timeout: 20_000) { ($0.position?.time.seconds ?? 0) >= seconds }
        Glibc.kill(daemon.process.processIdentifier, SIGKILL)
        daemon.process.waitUntilExit()
        let heard = events.last?.event.position?.time.seconds ?? 0
        SessionStore(path: sessions.folder).removeUnfinished()
        // A session that is not there yet lacks everything that was heard.
        guard let folder = try SessionStore(path: sessions.folder).sessions().first else {
            return Loss(sound: heard, lines: heard)
        }
        _ = try SessionRepair(mending: folder)
        let session = try SessionReader(folder: folder)
        let last = session.events.compactMap { $0.event.position?.time.seconds }.max() ?? 0
        guard let frames = session.manifest.frames, session.manifest.state == .repaired else {
            throw RecordingError.manifest(path: folder.manifest, problem: "was not mended")
        }
        // Nothing is missing at the beginning, so its length says what is missing at the end.
        return Loss(sound: heard - Double(frames) / Double(session.manifest.rate), lines: heard - last)
    }
}
