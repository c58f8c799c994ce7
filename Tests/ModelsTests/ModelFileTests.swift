// A good model file is read as it is; everything else is refused with its reason.

import Digests
import Features
import FoundationEssentials
import Glibc
import JSON
import NeuralNetwork
import TestSupport
import Testing

@testable import Models

@Suite struct ModelFileTests {
    @Test("A model file says what was written into it")
    func good() throws {
        let fixture = ModelFixture()
        let model = try ModelFile(fixture.bytes(), file: "fixture")
        #expect(model.description == fixture.description)
        #expect(model.network.outputs == 3)
        #expect(model.network.receptiveField == 1 + 2 + 4 + 2 + 6)
    }

    @Test("The keys of the description are those of the format")
    func keys() throws {
        let text = """
            {"name":"n","task":"frame","network":{"inputs":88,"layers":[{"type":"sigmoid"}]},
             "front_end":{"sample_rate":44100,"hop":512,"minimum_frequency":27.5,"bins":88,"bins_per_octave":12},
             "classes":["mallet_percussion"],"thresholds":{"on":[0.5],"off":[0.4]},"smoothing_ms":0,
             "minimum_on_ms":80,"minimum_off_ms":120.5,"gate_dbfs":-70,"provenance":{}}
            """
        let read = try JSONParser.parse(text, depth: 8).decode(as: ModelDescription.self)
        #expect(read.classes == [.malletPercussion])
        #expect(read.frontEnd == .published)
        #expect(read.minimumOffMilliseconds == 120.5)
        #expect(read.contradiction == nil)
    }

    @Test("Times, temperatures and delays are one number for all classes, or one a class")
    func perClass() throws {
        var fixture = ModelFixture()
        fixture.description.minimumOnMilliseconds = [80, 40, 0]
        fixture.description.minimumOffMilliseconds = [100, 250.5, 700]
        fixture.description.temperature = [1, 1.5, 0.5]
        fixture.description.delayMilliseconds = [120, 60, -5]
        let text = try fixture.text()
        #expect(text.contains(#""minimum_on_ms":[80,40,0]"#) && text.contains(#""delay_ms":[120,60,-5]"#))
        let read = try ModelFile(fixture.bytes(), file: "each").description
        #expect(read == fixture.description)
        #expect(read.minimumOffMilliseconds[1] == 250.5 && read.minimumOnMilliseconds.median == 40)
        let old = try ModelFile(ModelFixture().bytes(), file: "old").description
        #expect(old.minimumOnMilliseconds[2] == 80 && old.minimumOnMilliseconds.median == 80)
        #expect(old.temperature == nil && old.delayMilliseconds == nil)
        let words = try fixture.text().replacing(#""minimum_on_ms":[80,40,0]"#, with: #""minimum_on_ms":"long""#)
        let error = try #require(throws: ModelError.self) { try ModelFile(fixture.bytes(text: words), file: "bad") }
        #expect(error.description.contains("minimum_on_ms: it is neither a number nor an array of numbers"), "\(error)")
    }

    @Test("A temperature divides the log odds of its class, and 1 changes no bit")
    func temperature() throws {
        func activities(_ temperature: PerClass?) throws -> [Float] {
            var fixture = ModelFixture()
            fixture.description.temperature = temperature
            let model = FrameModel(try ModelFile(fixture.bytes(), file: "fixture"))
            var generator = SeededGenerator(9)
            let features = (0..<20 * 24).map { _ in Float.random(in: -1...1, using: &generator) }
            var result = [Float](repeating: 0, count: 20 * 3)
            model.process(features, frames: 20, into: &result)
            return result
        }
        let plain = try activities(nil)
        #expect(try activities(1) == plain)
        let tempered = try activities([1, 2, 0.5])
        #expect(Set(plain).count > 50)
        for (index, (before, after)) in zip(plain, tempered).enumerated() {
            let odds = log(Double(before) / (1 - Double(before))) / [1, 2, 0.5][index % 3]
            #expect(abs(Double(after) - 1 / (1 + exp(-odds))) < 1e-5, "\(index): \(before) \(after)")
        }
    }

    @Test("SHA-256 gives the examples of FIPS 180-4")
    func hash() {
        #expect(Digest.sha256([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            Digest.sha256(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    /// A change that makes the description of the fixture wrong, and what is said about it.
    struct Contradiction: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout ModelDescription) -> Void

        init(_ reason: String, _ change: @escaping @Sendable (inout ModelDescription) -> Void) {
            testDescription = reason
            self.change = change
        }
    }

    private static let contradictions = [
        Contradiction("the task 'beat' is unknown; expected 'frame' or 'clip'") { $0.task = "beat" },
        Contradiction("'classes' is empty") { $0.classes = [] },
        Contradiction("duplicate class 'cello'") { $0.classes[1] = .cello },
        Contradiction("3 classes have 2 thresholds 'on' and 3 'off'") { $0.thresholds.on.removeLast() },
        Contradiction("the thresholds of 'flute' are 1.0 and 0.6, outside 0 to 1") { $0.thresholds.on[1] = 1 },
        Contradiction("the thresholds of 'cello' are 0.5 and 0.0, outside 0 to 1") { $0.thresholds.off[0] = 0 },
        Contradiction("the threshold of 'cello' to start, 0.5, is below the one to stop, 0.9") {
            $0.thresholds.off[0] = 0.9
        },
        Contradiction("the last layer is not a sigmoid") { $0.network.layers.removeLast() },
        Contradiction("the network takes 24 numbers and the front end produces 26") { $0.frontEnd.bins = 13 },
        Contradiction("'smoothing_ms' is -1.0, outside 0.0...2000.0") { $0.smoothingMilliseconds = -1 },
        Contradiction("'minimum_on_ms' is 1000000000.0, outside 0.0...10000.0") { $0.minimumOnMilliseconds = 1e9 },
        Contradiction("'minimum_on_ms' has 2 numbers for 3 classes; expected one per class, or one number for all") {
            $0.minimumOnMilliseconds = [1, 2]
        },
        Contradiction("'minimum_off_ms' of 'flute' is -1.0, outside 0.0...10000.0") {
            $0.minimumOffMilliseconds = [0, -1, 0]
        },
        Contradiction("'temperature' of 'mallet_percussion' is 0.0, outside 0.05...20.0") {
            $0.temperature = [1, 1, 0]
        },
        Contradiction("'temperature' has 4 numbers for 3 classes") { $0.temperature = [1, 1, 1, 1] },
        Contradiction("'delay_ms' is 6000.0, outside -1000.0...5000.0") { $0.delayMilliseconds = 6000 },
        Contradiction("'gate_dbfs' is 3.0, outside -120.0...0.0") { $0.gateDecibels = 3 },
        Contradiction("the front end's 'hop' is 0, outside 16...16384") { $0.frontEnd.hop = 0 },
        Contradiction("the front end's 'harmonics' is 6, outside 0...5") { $0.frontEnd.harmonics = 6 },
        Contradiction("are not between 10 Hz and half the sample rate") { $0.frontEnd.minimumFrequency = 20_000 },
        Contradiction("are not between 10 Hz and half the sample rate") { $0.frontEnd.minimumFrequency = 0 },
        Contradiction("the network has 3 outputs for 2 classes") {
            $0.classes.removeLast()
            $0.thresholds.on.removeLast()
            $0.thresholds.off.removeLast()
        },
    ]

    @Test("A description that contradicts itself is refused with the reason", arguments: contradictions)
    func contradiction(_ wrong: Contradiction) throws {
        var fixture = ModelFixture()
        wrong.change(&fixture.description)
        let error = try #require(throws: ModelError.self) { try ModelFile(fixture.bytes(), file: "bad") }
        guard case .description("bad", let reason) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(reason.contains(wrong.testDescription), "\(reason)")
    }

    @Test(
        "A model of another kind is named as what it is, whatever else its description contains",
        arguments: [
            ("clip", "bad is a clip model: name it under [tags]."),
            ("frame-offline", "bad is an offline system, which needs frames to come, and cannot run live."),
            ("pitch", "bad is a pitch estimator, which names no instruments."),
        ])
    func kinds(task: String, sentence: String) throws {
        let bytes = try ModelFixture().bytes(text: "{\"task\":\"\(task)\",\"classes\":[\"key 21\"]}")
        let error = try #require(throws: ModelError.self) { try ModelFile(bytes, file: "bad") }
        #expect(error.description == sentence)
    }

    @Test("An unknown instrument, a foreign format and foreign weights are refused")
    func foreign() throws {
        let fixture = ModelFixture()
        func refusal(_ bytes: [UInt8]) throws -> String {
            try #require(throws: ModelError.self) { try ModelFile(bytes, file: "bad") }.description
        }
        let theremin = try fixture.text().replacing("\"cello\"", with: "\"theremin\"")
        #expect(try refusal(fixture.bytes(text: theremin)).contains("classes[0]: "))
        #expect(try refusal(fixture.bytes(format: "timbred-model-9")).contains("its format is 'timbred-model-9'"))
        #expect(
            try refusal(encodeSafetensors([:]))
                == "bad is not a timbred model: its metadata lacks 'format' or 'description'.")
        var other = fixture
        other.description.network.layers[2] = .convolution(name: "head.1", outputs: 17, kernel: 3, dilation: 1)
        #expect(
            try refusal(other.bytes())
                == "bad: The tensor 'head.1.weight' has shape [16, 24, 3] and the description requires [17, 24, 3].")
        #expect(try refusal([1, 2, 3]).hasPrefix("bad, byte 3: "))
        #expect(throws: ModelError.file(.unreadable(file: "/nonexistent", reason: "No such file or directory"))) {
            try ModelFile(contentsOf: "/nonexistent")
        }
    }

    @Test("A file with a checksum of its tensors is refused when one of their bits has flipped")
    func flipped() throws {
        let fixture = ModelFixture()
        let plain = try fixture.bytes()
        #expect(try !ModelFile(plain, file: "plain").isSealed)
        let sealed = try Sealed.bytes(plain)
        #expect(try ModelFile(sealed, file: "sealed").isSealed)
        var generator = SeededGenerator(5)
        for _ in 0..<50 {
            var bytes = sealed
            let place = Int.random(in: Sealed.start(sealed)..<bytes.count, using: &generator)
            bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            guard
                case .damaged("flipped", _) = try #require(
                    throws: ModelError.self,
                    performing: {
                        try ModelFile(bytes, file: "flipped")
                    })
            else {
                Issue.record("byte \(place) was not noticed as damage")
                return
            }
        }
    }

    /// What `python -m timbre_training.seal` does.
    private enum Sealed {
        static func start(_ bytes: [UInt8]) -> Int { 8 + bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) } }

        static func bytes(_ bytes: [UInt8]) throws -> [UInt8] {
            let start = start(bytes)
            let sum = Digest.sha256(Array(bytes[start...]))
            let header = String(decoding: bytes[8..<start], as: UTF8.self)
                .replacing("\"__metadata__\":{", with: "\"__metadata__\":{\"tensors_sha256\":\"\(sum)\",")
            return withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8)
                + bytes[start...]
        }
    }

    @Test("Two thousand mutations of a description are read or refused, never crashed upon")
    func mutations() throws {
        let fixture = ModelFixture()
        let good = Array(try fixture.text().utf8)
        var generator = SeededGenerator(2)
        var refused = 0
        for _ in 0..<2000 {
            let text = String(decoding: mutated(good, using: &generator), as: UTF8.self)
            do {
                let model = try ModelFile(fixture.bytes(text: text), file: "mutated")
                #expect(model.network.outputs == model.description.classes.count)
            } catch let error as ModelError {
                refused += 1
                #expect(error.description.hasPrefix("mutated"))
            }
        }
        #expect(refused > 500)
    }
}
