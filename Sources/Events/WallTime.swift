// Wall time in RFC 3339 format.

import Glibc
import System

/// A wall time (UTC), formatted as RFC 3339 with milliseconds: `2026-11-21T06:00:00.123Z`.
public struct WallTime: Equatable, Comparable, Sendable, CustomStringConvertible {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public var nanoseconds: Int64

    /// Creates a time from nanoseconds since 1970.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Returns the time of the system's real-time clock.
    public static func now() -> WallTime {
        WallTime(nanoseconds: SystemClock.wall)
    }

    /// Compares the nanoseconds.
    public static func < (a: WallTime, b: WallTime) -> Bool { a.nanoseconds < b.nanoseconds }

    /// The RFC 3339 text.
    public var description: String {
        var bytes: [UInt8] = []
        appendText(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the 24 bytes of the RFC 3339 text.
    func appendText(to bytes: inout [UInt8]) {
        let milliseconds = nanoseconds.flooredDivision(by: 1_000_000)
        var seconds = time_t(milliseconds.flooredDivision(by: 1000))
        var date = tm()
        gmtime_r(&seconds, &date)
        func digits(_ value: Int64, _ count: Int) {
            var scale: Int64 = 1
            for _ in 1..<count { scale *= 10 }
            while scale > 0 {
                bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / scale % 10))
                scale /= 10
            }
        }
        digits(Int64(date.tm_year) + 1900, 4)
        bytes.append(UInt8(ascii: "-"))
        digits(Int64(date.tm_mon) + 1, 2)
        bytes.append(UInt8(ascii: "-"))
        digits(Int64(date.tm_mday), 2)
        bytes.append(UInt8(ascii: "T"))
        digits(Int64(date.tm_hour), 2)
        bytes.append(UInt8(ascii: ":"))
        digits(Int64(date.tm_min), 2)
        bytes.append(UInt8(ascii: ":"))
        digits(Int64(date.tm_sec), 2)
        bytes.append(UInt8(ascii: "."))
        digits(milliseconds - Int64(seconds) * 1000, 3)
        bytes.append(UInt8(ascii: "Z"))
    }

    /// Parses the form that ``description`` writes, and no other, from 1685 to 2255; returns `nil` for any other text.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 24 else { return nil }
        let pattern = Array("dddd-dd-ddTdd:dd:dd.dddZ".utf8)
        var fields: [Int64] = [0]
        for (byte, expected) in zip(bytes, pattern) {
            if expected == UInt8(ascii: "d") {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                fields[fields.count - 1] = fields[fields.count - 1] * 10 + Int64(byte - UInt8(ascii: "0"))
            } else {
                guard byte == expected else { return nil }
                fields.append(0)
            }
        }
        var date = tm()
        (date.tm_year, date.tm_mon, date.tm_mday) = (Int32(fields[0] - 1900), Int32(fields[1] - 1), Int32(fields[2]))
        (date.tm_hour, date.tm_min, date.tm_sec) = (Int32(fields[3]), Int32(fields[4]), Int32(fields[5]))
        let seconds = Int64(timegm(&date))
        guard seconds.magnitude < 9_000_000_000 else { return nil }  // the range of 64-bit nanoseconds, 1685 to 2255
        self.init(nanoseconds: seconds * 1_000_000_000 + fields[6] * 1_000_000)
        guard description == text else { return nil }  // rejects month 13, 30 February, hour 25
    }
}

extension Int64 {
    /// Division that rounds towards minus infinity, for a positive divisor.
    fileprivate func flooredDivision(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
