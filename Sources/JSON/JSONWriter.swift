// Appends JSON to a reused byte buffer.

/// Writes JSON text to the end of a reused buffer. The caller writes the punctuation; the writer escapes and formats
/// values.
public struct JSONWriter {
    /// The output so far.
    public var bytes: [UInt8] = []

    /// Creates a writer with capacity for one ordinary line.
    public init() {
        bytes.reserveCapacity(1024)
    }

    /// Appends text unchanged.
    public mutating func raw(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends a string with its quotes. Control characters, quotes and backslashes are escaped; all other characters
    /// are UTF-8.
    public mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): raw("\\\"")
            case UInt8(ascii: "\\"): raw("\\\\")
            case 0x0A: raw("\\n")
            case 0x0D: raw("\\r")
            case 0x09: raw("\\t")
            case 0..<0x20, 0x7F:
                raw("\\u00")
                hexadecimal(byte >> 4)
                hexadecimal(byte & 15)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func hexadecimal(_ digit: UInt8) {
        bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }

    /// Appends an integer.
    public mutating func integer(_ value: Int64) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        var scale: UInt64 = 1
        let magnitude = value.magnitude
        while magnitude / scale >= 10 { scale *= 10 }
        while scale > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude / scale % 10))
            scale /= 10
        }
    }

    /// Appends a number with exactly `decimals` (0...9) decimals, with halves rounded away from zero. JSON has no
    /// representation of a number that is not finite, so 0 is written for it. Magnitudes are limited to 9 * 10^(18 -
    /// decimals).
    public mutating func fixed(_ value: Double, decimals: Int) {
        var scale: Int64 = 1
        for _ in 0..<decimals { scale *= 10 }
        let limit = 9e18
        let scaled = value.isFinite ? Int64(min(limit, max(-limit, (value * Double(scale)).rounded()))) : 0
        if scaled < 0 { bytes.append(UInt8(ascii: "-")) }
        let (whole, rest) = Int64(scaled.magnitude).quotientAndRemainder(dividingBy: scale)
        integer(whole)
        guard decimals > 0 else { return }
        bytes.append(UInt8(ascii: "."))
        var digit = scale / 10
        while digit > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / digit % 10))
            digit /= 10
        }
    }

    /// Appends any value. Integers are written without decimals, other numbers in the shortest form that parses to the
    /// same value.
    public mutating func value(_ value: JSONValue) {
        switch value {
        case .null: raw("null")
        case .bool(let boolean): boolean ? raw("true") : raw("false")
        case .number(let number):
            if let integer = value.integer {
                self.integer(integer)
            } else if number.isFinite {
                bytes.append(contentsOf: number.description.utf8)
            } else {
                raw("null")
            }
        case .string(let text): string(text)
        case .array(let elements):
            raw("[")
            for (index, element) in elements.enumerated() {
                if index > 0 { raw(",") }
                self.value(element)
            }
            raw("]")
        case .object(let members):
            raw("{")
            for (index, member) in members.enumerated() {
                if index > 0 { raw(",") }
                string(member.name)
                raw(":")
                self.value(member.value)
            }
            raw("}")
        }
    }
}
