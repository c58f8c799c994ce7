// A health line that repeats the state of its stream has news; one that changes it has none besides the state.

import AudioCore
import Testing

@testable import Events

@Suite("Health notices") struct HealthNoticesTests {
    @Test("Messages of an unchanged state are kept with their times, each once, and states are those of a stream")
    func repeated() {
        var notices = HealthNotices()
        func take(_ state: SourceState, _ message: String, stream: String = "main", at seconds: Double) {
            let health = Health(state: state, source: "file:a", message: message)
            notices.take(.health(health), stream: stream, at: seconds)
        }
        take(.opening, "open", at: 0)
        take(.running, "audio arrives", at: 0)
        take(.running, "audio arrives", stream: "other", at: 0)
        #expect(notices.texts.isEmpty)
        take(.running, "cancelled", at: 0.54)
        take(.running, "mixed again", at: 2)
        take(.running, "cancelled", at: 3)
        #expect(notices.texts == ["at 0.5 s: cancelled", "at 2.0 s: mixed again"])
        take(.silent, "silence", at: 4)
        take(.running, "sound again", at: 5)
        notices.reconnect()
        take(.running, "audio arrives from elsewhere", at: 6)
        #expect(notices.texts.count == 2)
    }
}
