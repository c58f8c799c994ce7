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

    @Test("A sink that opens and fails again and again fills no log")
    func quiet() throws {
        let settings = try SinkSettings("osc:127.0.0.1:\(Peer.freePort()),protocol=tcp")
        let log = Mutex<[String]>([])
        let context = SinkContext(metrics: { "" }) { line in log.withLock { $0.append(line) } }
        let runner = try SinkRunner(settings, context) { queue in
            queue.clear()
            return [SinkEvent(Say.mark("first"))]
        }
        let thread = Thread { runner.run() }
        thread.start()
        #expect(eventually { runner.present.failures >= 3 })
        runner.stop()
        #expect(eventually { thread.isFinished })
        let lines = log.withLock { $0 }
        #expect(lines.count == 2 && lines[0].hasSuffix("open") && lines[1].hasSuffix("retrying"), "\(lines)")
    }
}
