// A folder of recordings made for a test, with their references.

import Foundation
import Models
import SceneFixtures

/// Tones that light one instrument each, in the recordings of a set.
final class SoundSet {
    let scene: Scene
    /// The folder.
    let path: String

    /// An empty set.
    init() throws {
        scene = try Scene()
        path = scene.folder.appending(path: "set").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    /// Three recordings: one where all is heard, one whose reference says another instrument, one without music.
    static func ordinary() throws -> SoundSet {
        let set = try SoundSet()
        try set.record("a", [(.cello, 0.5, 1.5), (.horn, 1.8, 2.8)], seconds: 3)
        try set.write("a.csv", "start,end,class\n0.5,1.5,cello\n1.8,2.8,horn\n")
        try set.record("b", [(.flute, 0.4, 1.6)], seconds: 2)
        try set.write("b.csv", "start,end,class\n0.4,1.6,oboe\n")
        try set.record("c", [(.drums, 1, 1.5)], seconds: 2)
        try set.write("c.csv", "start,end,class\n")
        return set
    }

    /// Adds a recording.
    func record(_ name: String, _ notes: [(InstrumentClass, Double, Double)], seconds: Double) throws {
        _ = try scene.wave("set/\(name).wav", Scene.tones(notes, seconds: seconds))
    }

    /// Adds a file.
    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
    }

    /// A path beside the set.
    func beside(_ name: String) -> String { scene.folder.appending(path: name).path }

    /// Runs a verb with the model of the scene.
    func run(_ verb: String, _ arguments: String...) throws -> (status: Int32, text: String) {
        try ToolTests.run(RunningDaemon.program("timbre").path, [verb, "-m", scene.model] + arguments)
    }

    /// Runs a verb whose output nobody reads, and returns its exit status.
    func runUnread(_ verb: String, _ arguments: String...) throws -> Int32 {
        let words = [RunningDaemon.program("timbre").path, verb, "-m", scene.model] + arguments
        let command = words.map { "'\($0)'" }.joined(separator: " ")
        return try ToolTests.run("bash", ["-c", "\(command) | true; exit ${PIPESTATUS[0]}"]).status
    }
}
