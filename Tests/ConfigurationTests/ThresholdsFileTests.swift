// The thresholds file that a configuration names: what it may hold, and what goes before it.

import Configuration
import Foundation
import TestSupport
import Testing

@Suite("The thresholds file") struct ThresholdsFileTests {
    /// Reads a configuration beside a thresholds file, and puts the folder's name out of every message.
    private func settings(_ configuration: String, _ thresholds: String?) throws -> Settings {
        let folder = FileManager.default.temporaryDirectory.appending(path: "thresholds-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(configuration.utf8).write(to: folder.appending(path: "t.conf"))
        if let thresholds { try Data(thresholds.utf8).write(to: folder.appending(path: "tuned.conf")) }
        return try Settings(file: folder.appending(path: "t.conf").path)
    }

    private func objection(_ thresholds: String?) -> String? {
        do {
            try settings("[events]\nthresholds = tuned.conf\n", thresholds).check(classes: ["violin"], file: "t.conf")
            return nil
        } catch {
            return "\(error)".split(separator: "/").last.map(String.init)
        }
    }

    @Test("may name the recordings of a large set, where a configuration is refused") func large() throws {
        let names = (0..<20_000).map { "# tuned on \(String(repeating: "a", count: 64)) recording-\($0)\n" }.joined()
        let read = try settings("[events]\nthresholds = tuned.conf\n", names + "[instrument.violin]\non = 0.4\n")
        #expect(read.events.overrides.first?.on == 0.4)
        #expect(throws: ConfigurationError.self) { try settings(names, nil) }
    }

    @Test("is found beside the configuration, and the configuration's own tables go before it") func merged() throws {
        let read = try settings(
            "[events]\nthresholds = tuned.conf\n[instrument.cello]\noff = 0.3\n[instrument.viola]\nminimum_on_ms = 50\n",
            "[instrument.violin]\non = 0.4\noff = 0.2\n[instrument.cello]\non = 0.25\noff = 0.1\n[instrument.viola]\non = 0.6\n"
        )
        #expect(read.events.thresholdsPath == "tuned.conf")
        let overrides = Dictionary(uniqueKeysWithValues: read.events.overrides.map { ($0.instrument, $0) })
        #expect(overrides["violin"]?.on == 0.4 && overrides["violin"]?.off == 0.2)
        // A threshold of its own is not mixed with one from elsewhere: 0.25 beside 0.3 would be upside down.
        #expect(overrides["cello"]?.on == nil && overrides["cello"]?.off == 0.3)
        #expect(overrides["viola"]?.on == 0.6 && overrides["viola"]?.minimumOn == 50)
    }

    @Test("is refused with its own name and line when it is missing, broken or holds anything else") func refused() {
        #expect(objection("[instrument.violin]\non = 0.4\n") == nil)
        #expect(objection(nil) == "tuned.conf: cannot be read: No such file or directory")
        #expect(objection("[instrument.violin]\non = 4\n")?.hasPrefix("tuned.conf:2: on is \"4\"") == true)
        #expect(
            objection("[events]\ngate_dbfs = -3\n")
                == "tuned.conf:1: a thresholds file may contain only [instrument.NAME] tables")
        #expect(
            objection("\n[instrument.cello]\non = 0.4\n")?.hasPrefix("tuned.conf:2: the model has no instrument")
                == true)
    }

    @Test("damaged is refused or holds thresholds in order") func damaged() {
        let text = Array(
            "# tuned on ab\n[instrument.violin]\non = 0.4\noff = 0.2\n[instrument.cello]\non = 0.25\n".utf8)
        var generator = SeededGenerator(9)
        for _ in 0..<2000 {
            guard let read = try? Settings.thresholds(bytes: mutated(text, using: &generator), file: "t") else {
                continue
            }
            for one in read { #expect(one.off ?? 0 <= one.on ?? 1) }
        }
    }
}
