// Places of peers and listeners, as people write them.

import Testing

@testable import Bridges

@Suite struct HostPortTests {
    @Test("Names, addresses and bracketed IPv6 addresses are read")
    func right() throws {
        #expect(try HostPort("127.0.0.1:7700").port == 7700)
        #expect(try HostPort("[::1]:80").host == "::1")
        #expect(try HostPort("stage.local", usual: 1883).port == 1883)
        #expect(try HostPort("127.0.0.1:0", lowest: 0).port == 0)
        #expect(try HostPort("localhost:1").isLoopback && HostPort("127.9.0.1:1").isLoopback)
        #expect(try !HostPort("127.example.org:1").isLoopback && !HostPort("10.0.0.1:1").isLoopback)
    }

    @Test(
        "What is no place is refused with a sentence",
        arguments: [
            "", "host", "host:", "host:0", "host:65536", "host:x", "::1:80", "[::1", "[::1]x", "a b:1", "u@h:1",
        ])
    func wrong(text: String) {
        #expect(throws: SinkProblem.self) { try HostPort(text[...]) }
    }
}
