// A good model file is read as it is; everything else is refused with its reason.

import Features
import FoundationEssentials
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
        let read = try BoundedJSON.decode(ModelDescription.self, from: text.utf8, depth: 8)
        #expect(read.classes == [.malletPercussion])
        #expect(read.frontEnd == .published)
        #expect(read.minimumOffMilliseconds == 120.5)
        #expect(read.contradiction == nil)
    }

    @Test("SHA-256 gives the examples of FIPS 180-4")
    func hash() {
        #expect(ModelFile.sha256([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            ModelFile.sha256(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
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
        Contradiction("the task 'clip' is unknown") { $0.task = "clip" },
        Contradiction("'classes' is empty") { $0.classes = [] },
        Contradiction("the class 'cello' stands there more than once") { $0.classes[1] = .cello },
        Contradiction("3 classes have 2 thresholds 'on' and 3 'off'") { $0.thresholds.on.removeLast() },
        Contradiction("the thresholds of 'flute' are 1.0 and 0.6, outside 0 to 1") { $0.thresholds.on[1] = 1 },
        Contradiction("the thresholds of 'cello' are 0.5 and 0.0, outside 0 to 1") { $0.thresholds.off[0] = 0 },
        Contradiction("the threshold of 'cello' to start, 0.5, is below the one to stop, 0.9") {
            $0.thresholds.off[0] = 0.9
        },
        Contradiction("the last layer is not a sigmoid") { $0.network.layers.removeLast() },
        Contradiction("the network takes 24 numbers and the front end makes 26") { $0.frontEnd.bins = 13 },
        Contradiction("'smoothing_ms' is -1.0, outside 0.0...2000.0") { $0.smoothingMilliseconds = -1 },
        Contradiction("'minimum_on_ms' is 1000000000.0, outside 0.0...10000.0") { $0.minimumOnMilliseconds = 1e9 },
        Contradiction("'gate_dbfs' is 3.0, outside -120.0...0.0") { $0.gateDecibels = 3 },
        Contradiction("the front end's 'hop' is 0, outside 16...16384") { $0.frontEnd.hop = 0 },
        Contradiction("the front end's 'harmonics' is 6, outside 0...5") { $0.frontEnd.harmonics = 6 },
        Contradiction("do not lie between 10 Hz and half the sample rate") { $0.frontEnd.minimumFrequency = 20_000 },
        Contradiction("do not lie between 10 Hz and half the sample rate") { $0.frontEnd.minimumFrequency = 0 },
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
                == "bad: The tensor 'head.1.weight' has shape [16, 24, 3] where the description needs [17, 24, 3].")
        #expect(try refusal([1, 2, 3]).hasPrefix("bad, byte 3: "))
        #expect(throws: ModelError.file(.unreadable(file: "/nonexistent", reason: "No such file or directory"))) {
            try ModelFile(contentsOf: "/nonexistent")
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
