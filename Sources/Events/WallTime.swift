// Wall time, as RFC 3339 writes it.

import Glibc

/// A moment of wall time (UTC), shown as RFC 3339 with milliseconds: `2026-11-21T06:00:00.123Z`.
public struct WallTime: Equatable, Comparable, Sendable, CustomStringConvertible {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public var nanoseconds: Int64

    /// Creates a moment from nanoseconds since 1970.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// What the machine's real-time clock shows now.
    public static func now() -> WallTime {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return WallTime(nanoseconds: Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec))
    }

    /// Earlier is smaller.
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
        let day = milliseconds.flooredDivision(by: 86_400_000)
        let time = milliseconds - day * 86_400_000
        let date = Self.date(ofDay: day)
        func digits(_ value: Int64, _ count: Int) {
            var scale: Int64 = 1
            for _ in 1..<count { scale *= 10 }
            while scale > 0 {
                bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / scale % 10))
                scale /= 10
            }
        }
        digits(date.year, 4)
        bytes.append(UInt8(ascii: "-"))
        digits(date.month, 2)
        bytes.append(UInt8(ascii: "-"))
        digits(date.day, 2)
        bytes.append(UInt8(ascii: "T"))
        digits(time / 3_600_000, 2)
        bytes.append(UInt8(ascii: ":"))
        digits(time / 60_000 % 60, 2)
        bytes.append(UInt8(ascii: ":"))
        digits(time / 1000 % 60, 2)
        bytes.append(UInt8(ascii: "."))
        digits(time % 1000, 3)
        bytes.append(UInt8(ascii: "Z"))
    }

    /// Reads the form that ``description`` writes, and no other, from 1685 to 2255; `nil` when `text` is not of it.
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
        let day = Self.day(year: fields[0], month: fields[1], day: fields[2])
        let seconds = ((day * 24 + fields[3]) * 60 + fields[4]) * 60 + fields[5]
        guard seconds.magnitude < 9_000_000_000 else { return nil }  // what 64 bits of nanoseconds hold, 1685 to 2255
        self.init(nanoseconds: seconds * 1_000_000_000 + fields[6] * 1_000_000)
        guard description == text else { return nil }  // refuses month 13, 30 February, hour 25
    }

    /// Days since 1970 to a Gregorian date, counted in 400-year eras that begin on 1 March (Howard Hinnant,
    /// "chrono-compatible low-level date algorithms").
    private static func date(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = day + 719_468
        let era = shifted.flooredDivision(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    /// The inverse of `date(ofDay:)`.
    private static func day(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear.flooredDivision(by: 400)
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension Int64 {
    /// Division that rounds towards minus infinity, for a positive divisor.
    fileprivate func flooredDivision(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
