// That the sanitizers of scripts/asan-test reach the C code of this build.

import CTestProcess
import Foundation
import Testing

@Suite("Sanitizers") struct SanitizerTests {
    /// Set by the script, which builds with both sanitizers.
    private static let areLinked = ProcessInfo.processInfo.environment["TIMBRE_SANITIZED"] == "address"

    @Test(
        "An int that overflows in C ends the process, and so does a read beyond an array",
        .enabled(if: areLinked, "the sanitizers are not in this build: run scripts/asan-test"))
    func planted() async {
        await #expect(processExitsWith: .failure) { print(timbre_add(.max, Int32(CommandLine.arguments.count))) }
        await #expect(processExitsWith: .failure) {
            print([Float](repeating: 1, count: 7).withUnsafeBufferPointer { timbre_element($0.baseAddress, 8) })
        }
    }
}
