// What a reader refuses, by name.

import Foundation
import Testing

@testable import AudioFiles

@Suite("Audio file reader")
struct AudioFileReaderTests {
    @Test("a missing file, a folder and an empty file are each named with what is wrong")
    func refused() throws {
        let empty = FileManager.default.temporaryDirectory.appending(path: "timbre-\(UUID().uuidString).wav").path
        try Data().write(to: URL(filePath: empty))
        defer { unlink(empty) }
        for (path, words) in [
            ("/nonesuch.wav", "does not exist"), ("/tmp", "it is a folder"), ("/dev/null", "not a regular file"),
            (empty, "it is empty"),
        ] {
            #expect {
                try AudioFileReader(path: path)
            } throws: { error in
                let text = (error as? AudioFileError)?.description ?? ""
                return text.hasPrefix(path) && text.contains(words)
            }
        }
    }
}
