// The thread of one sink.

import Events
import Foundation
import Synchronization
import Testing

@testable import Bridges

@Suite struct SinkRunnerTests {
    @Test("An event that arrives as soon as the status is open is passed on")
    func firstEvent() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "runner-\(UUID().uuidString.prefix(8))")
        defer { try? FileManager.default.removeItem(at: path) }
        let settings = try SinkSettings("jsonl:\(path.path)")
        let queue = Mutex<SinkQueue?>(nil)
        // The runner logs "open" right after it has set the status.
        let context = SinkContext(metrics: { "" }) { _ in
            queue.withLock { $0 }?.append(SinkEvent(Say.mark("first")))
        }
        let runner = try SinkRunner(settings, context) { queue in
            queue.clear()
            return []
        }
        queue.withLock { $0 = runner.queue }
        let thread = Thread { runner.run() }
        thread.start()
        #expect(eventually { (try? String(contentsOf: path, encoding: .utf8))?.contains("\"first\"") == true })
        runner.stop()
        #expect(eventually { thread.isFinished })
        #expect(runner.present.missed == 0)
    }
}
