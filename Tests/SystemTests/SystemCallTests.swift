// Calls of the kernel that are interrupted, that fail and that succeed.

import Glibc
import Testing

@testable import System

@Suite("System calls")
struct SystemCallTests {
    @Test("an interrupted call runs again, and its first result is returned")
    func interrupted() throws {
        var calls = 0
        let result = try systemCall { () -> Int in
            calls += 1
            errno = EINTR
            return calls < 3 ? -1 : 42
        }
        #expect(result == 42 && calls == 3)
    }

    @Test("a call that fails runs once, and its errno is thrown", arguments: [EIO, ENOSPC, EAGAIN, EBADF])
    func failed(code: Int32) {
        var calls = 0
        #expect(throws: SystemError(code: code)) {
            try systemCall { () -> Int32 in
                calls += 1
                errno = code
                return -1
            }
        }
        #expect(calls == 1)
    }

    @Test("an errno that an earlier call left does not make a success fail")
    func stale() throws {
        errno = EIO
        #expect(try systemCall { Int32(0) } == 0)
    }

    @Test("a failure reads as the system puts it")
    func text() {
        #expect(SystemError(code: ENOENT).description == "No such file or directory")
    }
}
