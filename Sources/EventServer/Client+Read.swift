// Receiving lines: bounded in length, and in number per turn.

import Glibc
import System

extension Client {
    /// Commands of one client that are answered in one turn; a flood waits for the next.
    static let commandsPerTurn = 16

    /// True when a whole line waits to be understood.
    var hasLine: Bool { lineEnd != nil }

    /// The end of the input ends the line as well.
    private var lineEnd: Int? {
        input[taken...].firstIndex(of: 0x0A) ?? (inputEnded && taken < input.count ? input.count : nil)
    }

    /// Reads what has come, unless a whole line waits already. `scratch` is shared by all clients.
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

    /// True when the line that is coming is longer than a line may be.
    var isLineTooLong: Bool {
        (lineEnd ?? input.count) - taken > limits.lineBytes
    }

    /// Takes the first whole line out, without its line feed and a carriage return before it.
    func takeLine() -> ArraySlice<UInt8>? {
        guard let end = lineEnd else { return nil }
        let line = input[taken..<end]
        taken = min(end + 1, input.count)
        return line.last == 0x0D ? line.dropLast() : line
    }
}
