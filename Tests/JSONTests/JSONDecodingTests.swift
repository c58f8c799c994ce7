// JSON values as Decodable types.

import Foundation
import JSON
import Testing

@Suite("JSON as a Decodable type") struct JSONDecodingTests {
    private struct Part: Codable, Equatable {
        enum Kind: String, Codable { case round, square }
        var kind: Kind
        var sizes: [Float]
        var count: Int
        var note: String?
        var extra: [String: JSONValue]
    }

    private static let text = #"""
        {"kind":"round","sizes":[0.1,2],"count":3,"extra":{"b":[1,null],"a":{"z":true,"y":"x"}},"unknown":[[]]}
        """#

    @Test("reads what Foundation reads") func agreement() throws {
        let found = try JSONParser.parse(Self.text).decode(as: Part.self)
        #expect(found.kind == .round)
        #expect(found.sizes == [0.1, 2])
        #expect(found.count == 3)
        #expect(found.note == nil)
        #expect(found.extra["b"] == .array([.number(1), .null]))
        #expect(found.extra["a"] == .object([.init("z", .bool(true)), .init("y", .string("x"))]))
        struct Plain: Decodable, Equatable {
            var sizes: [Float]
            var count: Int
        }
        #expect(
            try JSONParser.parse(Self.text).decode(as: Plain.self)
                == JSONDecoder().decode(Plain.self, from: Data(Self.text.utf8)))
    }

    @Test("a value that is carried along is written as it was read") func carried() throws {
        let value = try JSONParser.parse(Self.text)
        let written = try JSONEncoder().encode(value)
        func sorted(_ data: Data) throws -> Data {
            try JSONSerialization.data(withJSONObject: JSONSerialization.jsonObject(with: data), options: .sortedKeys)
        }
        #expect(try sorted(written) == sorted(Data(Self.text.utf8)))
        // Which is read with JSONParser and not with Foundation, whose decoder does not keep the order of names.
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(JSONValue.self, from: written) }
    }

    @Test(
        "names the place of what does not fit",
        arguments: [
            ("\"count\":3", "\"count\":3.5", "count: it is not a whole number that fits"),
            ("\"count\":3", "\"count\":1e30", "count: it is not a whole number that fits"),
            ("\"count\":3", "\"count\":true", "count: it is not a whole number that fits"),
            ("\"count\":3,", "", "the key 'count' is missing"),
            ("[0.1,2]", "[0.1,\"2\"]", "sizes[1]: it is not a number"),
            ("[0.1,2]", "{}", "sizes: it is not a list"),
            ("\"round\"", "\"oval\"", "kind: "),
            ("\"round\"", "null", "kind: it is not a string"),
        ])
    func misfits(_ old: String, _ new: String, _ sentence: String) throws {
        let value = try JSONParser.parse(Self.text.replacing(old, with: new))
        let error = try #require(throws: JSONError.self) { try value.decode(as: Part.self) }
        #expect(error.description.hasPrefix(sentence), "\(error)")
    }

    @Test("is nested as deep as its reader asks for") func depth() throws {
        #expect(try JSONParser.parse("[[[]]]", depth: 3).elements?.count == 1)
        #expect(throws: JSONError.syntax(byte: 2, problem: "nested deeper than 2")) {
            try JSONParser.parse("[[[]]]", depth: 2)
        }
    }
}
