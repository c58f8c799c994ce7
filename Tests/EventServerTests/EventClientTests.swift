// The other end of the socket, on its own.

import Glibc
import TestSupport
import Testing

@testable import EventServer

@Suite("Event client") struct EventClientTests {
    @Test("a refused connection closes its own descriptor once and nobody else's") func refusal() async {
        await #expect(processExitsWith: .success) {
            let losses = DescriptorWitness.losses(during: 100_000) {
                _ = try? EventClient(path: "/nowhere/timbred.sock")
            }
            exit(losses == 0 ? 0 : 1)
        }
    }
}
