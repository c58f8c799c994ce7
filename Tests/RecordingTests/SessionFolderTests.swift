// The names of a session's files.

import Testing

@testable import Recording

@Suite("Session folder")
struct SessionFolderTests {
    @Test("the files lie inside the folder under their documented names")
    func names() {
        let folder = SessionFolder(path: "/tmp/one")
        #expect(
            [folder.audio, folder.events, folder.manifest]
                == ["/tmp/one/audio.flac", "/tmp/one/events.jsonl", "/tmp/one/session.json"])
    }
}
