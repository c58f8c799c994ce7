// A JSON text as a value, with its members in order.

/// A JSON value. Objects keep the order of their members, so that the output is deterministic.
public enum JSONValue: Equatable, Sendable {
    /// A name and its value.
    public struct Member: Equatable, Sendable {
        /// The name.
        public var name: String
        /// The value.
        public var value: JSONValue

        /// Creates a member.
        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// `null`
    case null
    /// `true` or `false`
    case bool(Bool)
    /// A number; integers are exact up to 2^53.
    case number(Double)
    /// A text.
    case string(String)
    /// A list.
    case array([JSONValue])
    /// Members in order, with unique names.
    case object([Member])

    /// The member of this name; `nil` when there is none or the value is not an object.
    public subscript(name: String) -> JSONValue? {
        members?.first { $0.name == name }?.value
    }

    /// The members of an object; `nil` for other values.
    public var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }

    /// The elements of a list; `nil` for other values.
    public var elements: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The text of a string; `nil` for other values.
    public var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The value of a number; `nil` for other values.
    public var double: Double? {
        if case .number(let number) = self { number } else { nil }
    }

    /// The value of an integer within ±2^53; `nil` for other values.
    public var integer: Int64? {
        guard case .number(let number) = self, number == number.rounded(), abs(number) <= 9_007_199_254_740_992 else {
            return nil
        }
        return Int64(number)
    }

    /// The value of `true` and `false`; `nil` for other values.
    public var boolean: Bool? {
        if case .bool(let boolean) = self { boolean } else { nil }
    }
}
