// The JSON parser and writer by themselves.

import Foundation
import JSON
import TestSupport
import Testing

@Suite("JSON") struct JSONTests {
    private func written(_ value: JSONValue) -> String {
        var writer = JSONWriter()
        writer.value(value)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test("reads every kind of value and writes it again") func roundTrip() throws {
        let text = #"{"a":[1,-2.5,1e-07,true,false,null],"b":{"c":"d\n\"é"},"":[],"e":{}}"#
        let value = try JSONParser.parse(text)
        #expect(value["a"]?.elements?[1].double == -2.5)
        #expect(value["b"]?["c"]?.text == "d\n\"é")
        #expect(written(value) == text)
        #expect(try JSONParser.parse(" \t\r\n[ 1 , { \"x\" : 2 } ] ") == JSONParser.parse(#"[1,{"x":2}]"#))
    }

    @Test("reads escapes and surrogate pairs") func escapes() throws {
        #expect(try JSONParser.parse(#""\u00e9\ud83c\udfbb\/\b\f\r\t\\""#).text == "é\u{1F3BB}/\u{8}\u{C}\r\t\\")
    }

    @Test(
        "refuses what RFC 8259 refuses and what it leaves open, with the byte",
        arguments: [
            ("01", 1), ("1.", 2), (".5", 0), ("+1", 0), ("1e", 2), ("-", 1), ("1e999", 5), ("tru", 0), ("nul", 0),
            ("[1,]", 3), ("[1 2]", 3), (#"{"a":1,}"#, 7), (#"{"a" 1}"#, 5), (#"{"a":1,"a":2}"#, 10), (#"{a:1}"#, 1),
            (#""a"#, 2), ("\"a\nb\"", 2), (#""\x""#, 3), (#""\u12G4""#, 5), (#""\u0000""#, 7), (#""\ud800""#, 7),
            (#""\ud800\u0041""#, 13), ("1 2", 2), ("", 0), ("NaN", 0), ("[", 1), ("]", 0), ("\u{FEFF}1", 0),
            ("'a'", 0), ("/*x*/1", 0),
        ] as [(String, Int)])
    func refused(_ text: String, _ byte: Int) {
        do {
            let value = try JSONParser.parse(text)
            Issue.record("\(text) was read as \(value)")
        } catch {
            guard case .syntax(byte, _) = error else {
                Issue.record("\(text): \(error), expected byte \(byte)")
                return
            }
        }
    }

    @Test("refuses invalid UTF-8 inside strings") func utf8() {
        for bytes: [UInt8] in [[0xC3], [0x80], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF5, 0x80, 0x80, 0x80]] {
            #expect(throws: JSONError.self) { try JSONParser.parse([0x22] + bytes[...] + [0x22]) }
        }
    }

    @Test("nests 16 deep and not 17") func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(throws: Never.self) { try JSONParser.parse(nested(16)) }
        #expect(throws: JSONError.syntax(byte: 16, problem: "nested deeper than 16")) {
            try JSONParser.parse(nested(17))
        }
    }

    @Test("agrees with Foundation about damaged texts, but for what it refuses on purpose") func foundation() throws {
        var generator = SeededGenerator(3)
        let seed = Array(#"{"a":[1,-2.5e3,true,null,"x\u00e9"],"b":{"c":"d\n"}}"#.utf8)
        var read = 0
        for _ in 0..<5000 {
            let damaged = mutated(seed, using: &generator)
            guard let value = try? JSONParser.parse(damaged[...]) else { continue }
            read += 1
            let theirs = try JSONSerialization.jsonObject(with: Data(damaged), options: .fragmentsAllowed)
            let ours = try JSONSerialization.jsonObject(with: Data(written(value).utf8), options: .fragmentsAllowed)
            let options: JSONSerialization.WritingOptions = [.sortedKeys, .fragmentsAllowed]
            #expect(
                try JSONSerialization.data(withJSONObject: ours, options: options)
                    == JSONSerialization.data(withJSONObject: theirs, options: options))
        }
        #expect(read > 100)
    }

    @Test(
        "writes numbers with fixed decimals, rounded, never an exponent",
        arguments: [
            (0.0005, 3, "0.001"), (0.0004999, 3, "0.000"), (-0.0001, 3, "0.000"), (-1.5, 0, "-2"),
            (1e300, 1, "900000000000000000.0"),
            (.nan, 3, "0.000"), (-.infinity, 1, "0.0"), (123_456.789, 6, "123456.789000"), (-0.25, 1, "-0.3"),
        ] as [(Double, Int, String)])
    func fixed(_ value: Double, _ decimals: Int, _ expected: String) {
        var writer = JSONWriter()
        writer.fixed(value, decimals: decimals)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
    }

    @Test("writes whole numbers to the ends of 64 bits") func integers() {
        for value in [0, 9, 10, -1, 1_000_000, Int64.max, Int64.min] {
            var writer = JSONWriter()
            writer.integer(value)
            #expect(String(decoding: writer.bytes, as: UTF8.self) == String(value))
        }
    }
}
