// Good files are read, bad ones refused with the tensor and the byte; none crashes the reader.

import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import NeuralNetwork

@Suite struct SafetensorsTests {
    /// A file from a header and data.
    private static func file(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
        withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8) + data
    }

    private static let good: [String: Tensor] = [
        "a": Tensor(name: "a", shape: [2, 2], elements: .single([1, -2.5, 0, 3e-8])),
        "b": Tensor(name: "b", shape: [3], elements: .half([0x3C00, 0xC100, 0x0001])),
        "none": Tensor(name: "none", shape: [0, 4], elements: .single([])),
        "one": Tensor(name: "one", shape: [], elements: .single([7])),
    ]

    @Test("All element types and the metadata come back as they were written")
    func roundTrip() throws {
        let bytes = try encodeSafetensors(Self.good, metadata: ["format": "test", "note": "a \"quoted\" {[ word"])
        let read = try Safetensors(bytes, file: "good")
        #expect(read.metadata == ["format": "test", "note": "a \"quoted\" {[ word"])
        #expect(read.tensors.count == 4)
        for (name, tensor) in Self.good {
            #expect(read.tensors[name]?.shape == tensor.shape)
            #expect(read.tensors[name]?.elements == tensor.elements)
        }
        #expect(read.tensors["b"]?.floats == [1, -2.5, 0x1p-24])

        let brain = try Safetensors(
            Self.file(#"{"x":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}"#, [0x80, 0x3F, 0x20, 0xC0]), file: "")
        #expect(brain.tensors["x"]?.floats == [1, -2.5])
    }

    @Test(
        "A bad file is refused with the reason and the place",
        arguments: [
            ([1, 2, 3], "byte 3: it ends before the 8 bytes"),
            ([255, 255, 255, 255, 255, 255, 255, 255], "byte 0: a header of 18446744073709551615 bytes"),
            ([9, 0, 0, 0, 0, 0, 0, 0, 0x7B], "byte 9: it ends inside the header, which ends at byte 17"),
            (file("{]"), "byte 8: in the header, "),
            (file("[]"), "byte 8: in the header, "),
            (file(#"{"x":[[[[[]]]]]}"#), "at byte 8: nested deeper than 4"),
            (file(#"{"x":{"shape":[1],"data_offsets":[0,4]}}"#), "x: the key 'dtype' is missing"),
            (
                file(#"{"x":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}"#),
                "x.shape[0]: it is not a whole number that fits"
            ),
            (
                file(#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, [0, 0, 0, 0]),
                "x.data_offsets: [4, 0] is not a range of bytes"
            ),
            (
                file(#"{"x":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}"#, [0, 0, 0, 0, 0, 0, 0, 0]),
                "byte 62, tensor 'x': I64 with shape [1] is not supported"
            ),
            (
                file(#"{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, [0, 0, 0, 0]),
                "tensor 'x': F32 with shape [-1] is not supported"
            ),
            (
                file(#"{"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#),
                "tensor 'x': F32 with shape [4611686018427387904, 4] is not supported"
            ),
            (
                file(#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, [0, 0, 0, 0]),
                "tensor 'x': F32 with shape [2] needs 8 bytes, not 0..<4"
            ),
            (
                file(#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, [0, 0, 0]),
                "tensor 'x': the file ends at byte 65, inside the tensor, which ends at byte 66"
            ),
            (
                file(#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, [0, 0, 0, 0, 0, 0, 0, 0]),
                "byte 66, tensor 'x': there is a hole before it, which begins at byte 62"
            ),
            (
                file(
                    #"{"x":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"#
                        + #""y":{"dtype":"F16","shape":[2],"data_offsets":[2,6]}}"#, [0, 0, 0, 0, 0, 0]),
                "tensor 'y': it overlaps the tensor before it"
            ),
            (
                file(#"{"x":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}"#, [0, 0, 0, 0]),
                "byte 64: 2 bytes follow the last tensor"
            ),
        ] as [([UInt8], String)])
    func refusal(bytes: [UInt8], expected: String) throws {
        let error = try #require(throws: NetworkError.self) { try Safetensors(bytes, file: "bad.safetensors") }
        #expect(error.description.hasPrefix("bad.safetensors, byte "))
        #expect(error.description.contains(expected), "\(error)")
    }

    @Test("What is not a readable regular file is refused without waiting for it")
    func unreadable() throws {
        let directory = FileManager.default.temporaryDirectory.path
        let fifo = "\(directory)/safetensors-tests-\(UInt64.random(in: 0 ... .max))"
        #expect(mkfifo(fifo, 0o600) == 0)
        defer { unlink(fifo) }
        for (path, reason) in [
            ("/nonexistent/model", "No such file or directory"), (directory, "it is not a regular file"),
            (fifo, "it is not a regular file"), ("/dev/zero", "it is not a regular file"),
        ] {
            let error = try #require(throws: NetworkError.self) { try Safetensors(contentsOf: path) }
            #expect(error == .unreadable(file: path, reason: reason))
        }
    }

    @Test("Four thousand mutations of a good file are read or refused, never crashed upon")
    func mutations() throws {
        let good = try encodeSafetensors(Self.good, metadata: ["format": "test"])
        var generator = SeededGenerator(4)
        var refused = 0
        for _ in 0..<4000 {
            let bad = mutated(good, using: &generator)
            do {
                let read = try Safetensors(bad, file: "mutated")
                for tensor in read.tensors.values { #expect(tensor.floats.count == tensor.count) }
            } catch {
                refused += 1
                #expect(error.description.hasPrefix("mutated, byte "))
            }
        }
        #expect(refused > 1000)
    }
}
