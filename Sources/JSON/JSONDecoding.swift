// Decodes JSON values as `Decodable` types, like the library's own decoder, with errors that contain the position.

extension JSONValue {
    /// Decodes a `Decodable` type.
    ///
    /// Integers are those that a `Double` represents exactly. The type determines the handling of unknown names.
    ///
    /// - Throws: `JSONError.content` with the path of the value that cannot be decoded.
    public func decode<Value: Decodable>(as type: Value.Type) throws(JSONError) -> Value {
        do {
            return try Value(from: ValueDecoder(self, []))
        } catch let error as DecodingError {
            throw error.asJSONError
        } catch {
            throw .content(path: "", problem: "the JSON cannot be decoded")
        }
    }
}

extension JSONValue: Codable {
    /// Decodes any value.
    public init(from decoder: any Decoder) throws {
        guard let decoder = decoder as? ValueDecoder else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "only JSONValue.decode reads a JSONValue"))
        }
        self = decoder.value
    }

    /// Encodes the same value.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .bool(let bool): try bool.encode(to: encoder)
        case .number(let number): try number.encode(to: encoder)
        case .string(let string): try string.encode(to: encoder)
        case .array(let array): try array.encode(to: encoder)
        case .object(let members):
            var container = encoder.container(keyedBy: TextKey.self)
            for member in members { try container.encode(member.value, forKey: TextKey(stringValue: member.name)) }
        }
    }
}

/// Decodes one value; `path` is its position.
private struct ValueDecoder: Decoder, SingleValueDecodingContainer {
    let value: JSONValue
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(_ value: JSONValue, _ path: [any CodingKey]) {
        self.value = value
        codingPath = path
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard let members = value.members else { throw mismatch(type, "it is not an object") }
        return KeyedDecodingContainer(ObjectContainer(members, codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard let elements = value.elements else { throw mismatch([JSONValue].self, "it is not a list") }
        return ListContainer(elements, codingPath)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    func decodeNil() -> Bool { value == .null }
    func decode(_ type: Bool.Type) throws -> Bool { try take(value.boolean, "it is neither true nor false") }
    func decode(_ type: String.Type) throws -> String { try take(value.text, "it is not a string") }
    func decode(_ type: Double.Type) throws -> Double { try take(value.double, "it is not a number") }
    func decode(_ type: Float.Type) throws -> Float { Float(try decode(Double.self)) }
    func decode(_ type: Int.Type) throws -> Int { try whole() }
    func decode(_ type: Int8.Type) throws -> Int8 { try whole() }
    func decode(_ type: Int16.Type) throws -> Int16 { try whole() }
    func decode(_ type: Int32.Type) throws -> Int32 { try whole() }
    func decode(_ type: Int64.Type) throws -> Int64 { try whole() }
    func decode(_ type: UInt.Type) throws -> UInt { try whole() }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try whole() }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try whole() }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try whole() }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try whole() }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try Value(from: self) }

    private func whole<Number: FixedWidthInteger>() throws -> Number {
        try take(value.double.flatMap(Number.init(exactly:)), "it is not a whole number that fits")
    }

    private func take<Value>(_ found: Value?, _ problem: String) throws -> Value {
        guard let found else { throw mismatch(Value.self, problem) }
        return found
    }

    private func mismatch(_ type: any Any.Type, _ problem: String) -> DecodingError {
        .typeMismatch(type, .init(codingPath: codingPath, debugDescription: problem))
    }
}

/// The members of an object by their names.
private struct ObjectContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let codingPath: [any CodingKey]
    private let members: [String: JSONValue]
    private let names: [String]

    init(_ members: [JSONValue.Member], _ path: [any CodingKey]) {
        self.members = Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first }
        names = members.map(\.name)
        codingPath = path
    }

    var allKeys: [Key] { names.compactMap(Key.init(stringValue:)) }
    func contains(_ key: Key) -> Bool { members[key.stringValue] != nil }
    func decodeNil(forKey key: Key) throws -> Bool { try decoder(key).decodeNil() }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value { try Value(from: decoder(key)) }

    func nestedContainer<Inner: CodingKey>(
        keyedBy type: Inner.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Inner> { try decoder(key).container(keyedBy: type) }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoder(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { try decoder(named: "super") }
    func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }

    private func decoder(_ key: Key) throws -> ValueDecoder { try decoder(named: key.stringValue) }

    private func decoder(named name: String) throws -> ValueDecoder {
        let key = TextKey(stringValue: name)
        guard let value = members[name] else {
            throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: "it is missing"))
        }
        return ValueDecoder(value, codingPath + [key])
    }
}

/// The elements of a list, in order.
private struct ListContainer: UnkeyedDecodingContainer {
    let codingPath: [any CodingKey]
    private let elements: [JSONValue]
    private(set) var currentIndex = 0

    init(_ elements: [JSONValue], _ path: [any CodingKey]) {
        self.elements = elements
        codingPath = path
    }

    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex == elements.count }

    mutating func decodeNil() throws -> Bool {
        guard try decoder().decodeNil() else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let value = try Value(from: decoder())
        currentIndex += 1
        return value
    }

    mutating func nestedContainer<Inner: CodingKey>(
        keyedBy type: Inner.Type
    ) throws -> KeyedDecodingContainer<Inner> { try superDecoder().container(keyedBy: type) }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try superDecoder().unkeyedContainer()
    }

    mutating func superDecoder() throws -> any Decoder {
        let decoder = try decoder()
        currentIndex += 1
        return decoder
    }

    private func decoder() throws -> ValueDecoder {
        let path = codingPath + [IndexKey(intValue: currentIndex)]
        guard !isAtEnd else {
            throw DecodingError.valueNotFound(
                JSONValue.self, .init(codingPath: path, debugDescription: "the list ends before it"))
        }
        return ValueDecoder(elements[currentIndex], path)
    }
}

/// The position of an element in a list.
private struct IndexKey: CodingKey {
    let index: Int
    var stringValue: String { "[\(index)]" }
    var intValue: Int? { index }

    init(intValue: Int) { index = intValue }
    init?(stringValue: String) { nil }
}

extension DecodingError {
    fileprivate var asJSONError: JSONError {
        switch self {
        case .keyNotFound(let key, let context):
            .content(path: Self.text(context.codingPath), problem: "the key '\(key.stringValue)' is missing")
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            .content(path: Self.text(context.codingPath), problem: Self.unstopped(context.debugDescription))
        @unknown default: .content(path: "", problem: "the JSON cannot be decoded")
        }
    }

    private static func unstopped(_ sentence: String) -> String {
        var sentence = sentence
        while sentence.hasSuffix(".") { sentence.removeLast() }
        return sentence
    }

    /// Formats a path: `front_end.bins`, `layers[2].name`.
    private static func text(_ path: [any CodingKey]) -> String {
        path.reduce(into: "") { text, key in
            text += key.intValue != nil || text.isEmpty ? key.stringValue : "." + key.stringValue
        }
    }
}

/// Any key of a JSON object.
package struct TextKey: CodingKey {
    package let stringValue: String
    package var intValue: Int? { nil }

    package init(stringValue: String) { self.stringValue = stringValue }
    package init?(intValue: Int) { nil }
}
