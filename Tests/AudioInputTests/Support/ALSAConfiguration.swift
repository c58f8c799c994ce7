// A private configuration for the real ALSA library: PCMs over files, missing cards, broken PCMs.

import Foundation
import Testing

/// The one configuration of this test process. The library looks at the file's time and reads it again when a test
/// writes a new one, just as it would notice a new card.
enum ALSAConfiguration {
    private static let directory: URL = {
        let directory = FileManager.default.temporaryDirectory.appending(path: "timbre-alsa-\(UUID().uuidString)")
        try? FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        // The only setenv of the process: the library has no other way to be told.
        setenv("ALSA_CONFIG_PATH", directory.path + "/asound.conf", 1)
        return directory
    }()

    /// Whether ALSA's plugin for PulseAudio is installed.
    static let hasPulsePlugin: Bool = {
        let root = "/usr/lib"
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return folders.contains {
            FileManager.default.fileExists(atPath: "\(root)/\($0)/alsa-lib/libasound_module_pcm_pulse.so")
        }
    }()

    private static let common = """
        pcm.null { type null }
        pcm.broken { type hw card 77 }
        pcm.hw {
            @args [ CARD DEV ]
            @args.CARD { type string }
            @args.DEV { type integer default 0 }
            type hw card $CARD device $DEV
        }
        ctl.hw { @args [ CARD ] @args.CARD { type string } type hw card $CARD }

        """

    /// Writes the configuration with these PCMs added.
    static func write(_ additions: String = "") throws {
        try (common + additions).write(to: directory.appending(path: "asound.conf"), atomically: true, encoding: .utf8)
    }

    /// The definition of a PCM that plays raw bytes round and round, over `slave`.
    static func file(_ name: String, bytes: Data, slave: String = "null") throws -> String {
        let path = directory.appending(path: "\(name).raw")
        try bytes.write(to: path)
        return """
            pcm.\(name) {
                type file
                file /dev/null
                infile "\(path.path)"
                slave.pcm \(slave)
                format raw
                hint { show on description "\(name) from a file" }
            }

            """
    }
}
