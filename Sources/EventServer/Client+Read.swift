// Receives lines: limited in length, and in number per turn.

import Glibc
import System

extension Client {
    /// Commands of one client that are answered in one turn; further commands wait for the next turn.
    static let commandsPerTurn = 16

    /// True when a complete line is waiting.
    var hasLine: Bool { lineEnd != nil }

    /// The end of the input also ends the line.
    private var lineEnd: Int? {
        input[taken...].firstIndex(of: 0x0A) ?? (inputEnded && taken < input.count ? input.count : nil)
    }

    /// Reads the available input, unless a complete line is already waiting. `scratch` is shared by all clients.
    func receive(_ scratch: inout [UInt8]) {
        guard !hasLine, !inputEnded, !isDead else { return }
        input.removeFirst(taken)
        taken = 0
        do throws(SystemError) {
            let count = try systemCall { recv(descriptor, &scratch, scratch.count, 0) }
            inputEnded = count == 0
            input += scratch[..<count]
        } catch {
            isDead = !error.wouldBlock
        }
    }

    /// True when the current line exceeds the length limit.
    var isLineTooLong: Bool {
        (lineEnd ?? input.count) - taken > limits.lineBytes
    }

    /// Removes and returns the first complete line, without its line feed and a carriage return before it.
    func takeLine() -> ArraySlice<UInt8>? {
        guard let end = lineEnd else { return nil }
        let line = input[taken..<end]
        taken = min(end + 1, input.count)
        return line.last == 0x0D ? line.dropLast() : line
    }
}
