// Who holds a session.

import Foundation
import TestSupport
import Testing

@testable import Recording

@Suite("Session lock")
struct SessionLockTests {
    @Test("a lock that is held is refused, and the refusal closes its own descriptor once and nobody else's")
    func refusal() async {
        await #expect(processExitsWith: .success) {
            let path = NSTemporaryDirectory() + "timbre-lock-" + UUID().uuidString
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            defer { try? FileManager.default.removeItem(atPath: path) }
            let folder = SessionFolder(path: path)
            let held = try SessionLock(folder, creates: true)
            guard SessionLock.isHeld(folder) else { exit(1) }
            let losses = DescriptorWitness.losses(during: 100_000) { _ = try? SessionLock(folder) }
            guard losses == 0 else { exit(2) }
            _ = consume held
            guard !SessionLock.isHeld(folder) else { exit(3) }
            exit(0)
        }
    }
}
