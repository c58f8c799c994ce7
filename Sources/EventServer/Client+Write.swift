// Sending lines: numbered, never blocking, as far as the socket takes them.

import Events
import Glibc

extension Client {
    /// About how much is handed to the kernel at a time.
    private static let chunk = 16_384

    /// Queues a line; whoever falls too far behind is dealt with by ``reasonToClose(now:)``.
    func enqueue(_ bytes: [UInt8], _ kind: LineQueue.Line.Kind, now: UInt64) {
        queue.append(.init(kind: kind, bytes: bytes), blocked: isBlocked, now: now)
    }

    /// True when something waits to be sent.
    var hasOutput: Bool { sent < output.bytes.count || !queue.isEmpty }

    /// Why this client must be closed now, or `nil`.
    func reasonToClose(now: UInt64) -> String? {
        if queue.isOverHardLimit {
            return "too much waits for you: read what you are sent, or ask for less"
        }
        if queue.skipped > 0, now - queue.behindSince >= UInt64(limits.lagMilliseconds) {
            return "you have read nothing for \(limits.lagMilliseconds / 1000) s and \(queue.skipped) lines were lost"
        }
        return nil
    }

    /// Sends what waits until the socket takes no more. `snapshot` gives the present state when the client fell
    /// behind and reads again. Returns how many lines were begun and skipped.
    func flush(encoder: inout EventEncoder, snapshot: () -> Snapshot) -> (lines: Int64, skipped: Int64) {
        let before = sequence
        var skipped: Int64 = 0
        repeat {
            sendOutput()
            guard !isDead, !isBlocked else { break }
            output.bytes.removeAll(keepingCapacity: true)
            sent = 0
            while output.bytes.count < Self.chunk, let next = queue.next() {
                switch next {
                case .line(let bytes): number(bytes)
                case .lagged(let count):
                    skipped += count
                    sequence += count
                    number(
                        encoder.encode(
                            Event(.lagged(.init(skipped: count, from: sequence - count + 1, to: sequence)))))
                    number(encoder.encode(Event(.snapshot(filter.take(snapshot())))))
                }
            }
        } while !output.bytes.isEmpty
        return (sequence - before - skipped, skipped)
    }

    private func number(_ bytes: [UInt8]) {
        sequence += 1
        EventEncoder.lineStart(sequence, into: &output)
        output.bytes += bytes
    }

    /// Hands `output` to the kernel as far as it takes it.
    func sendOutput() {
        isBlocked = false
        while sent < output.bytes.count {
            let count = output.bytes.withUnsafeBytes { bytes in
                send(
                    descriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                sent += count
            } else if errno == EAGAIN || errno == EWOULDBLOCK {
                isBlocked = true
                return
            } else if errno != EINTR {
                isDead = true
                return
            }
        }
    }
}
