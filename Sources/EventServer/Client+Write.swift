// Sends numbered lines as far as the socket accepts them, without blocking.

import Events
import Glibc
import System

extension Client {
    /// Approximate number of bytes passed to the kernel at a time.
    private static let chunk = 16_384

    /// Queues a line; ``reasonToClose(now:)`` reports a client that falls too far behind. Returns the number of lines
    /// dropped.
    @discardableResult
    func enqueue(_ bytes: [UInt8], _ kind: LineQueue.Line.Kind, now: UInt64) -> Int64 {
        queue.append(.init(kind: kind, bytes: bytes), blocked: isBlocked, now: now)
    }

    /// True when there is output to send.
    var hasOutput: Bool { sent < output.bytes.count || !queue.isEmpty }
    /// True until all output has left the program.
    var isUnfinished: Bool { hasOutput || thread?.isIdle == false }

    /// The reason why this client must be closed now, or `nil`.
    func reasonToClose(now: UInt64) -> String? {
        if queue.isOverHardLimit {
            return "the send queue exceeds its limit: read faster, or subscribe to fewer lines"
        }
        // Standard output has no client to close: it resumes when its reader does.
        guard thread == nil else { return nil }
        let limit = UInt64(limits.lagMilliseconds)
        if let blockedSince, now >= blockedSince + limit {
            return
                "the client has read nothing for \(limits.lagMilliseconds / 1000) s and \(queue.skipped) lines were lost"
        }
        if queue.skipped > 0, now >= queue.behindSince + limit {
            return
                "the client has read too slowly for \(limits.lagMilliseconds / 1000) s and \(queue.skipped) lines were lost"
        }
        return nil
    }

    /// Sends the pending output until the socket accepts no more. `snapshot` returns the current state when the client
    /// fell behind and reads again. Returns the number of lines that were started.
    func flush(now: UInt64, encoder: inout EventEncoder, snapshot: () -> Snapshot) -> Int64 {
        let before = sequence
        var skipped: Int64 = 0
        repeat {
            if sendOutput() { blockedSince = nil }
            if isBlocked, blockedSince == nil { blockedSince = now }
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
        return sequence - before - skipped
    }

    private func number(_ bytes: [UInt8]) {
        sequence += 1
        EventEncoder.lineStart(sequence, into: &output)
        output.bytes += bytes
    }

    /// Passes `output` to the kernel, or to the thread, as far as it is accepted; returns true when some of it was
    /// accepted or when there was none.
    @discardableResult
    func sendOutput() -> Bool {
        let before = sent
        isBlocked = false
        if let thread {
            guard thread.failureCode == 0 else {
                isDead = true
                return false
            }
            guard sent < output.bytes.count else { return true }
            isBlocked = !thread.offer(output.bytes[sent...])
            if !isBlocked { sent = output.bytes.count }
            return !isBlocked
        }
        while sent < output.bytes.count {
            do throws(SystemError) {
                sent += try systemCall {
                    output.bytes.withUnsafeBytes { bytes in
                        send(descriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
                    }
                }
            } catch {
                isBlocked = error.wouldBlock
                isDead = !isBlocked
                return isBlocked && sent > before
            }
        }
        return true
    }
}
