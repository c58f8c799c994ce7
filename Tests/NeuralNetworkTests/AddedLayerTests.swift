// What docs/adding.md says of layers, done: a gain.

import Foundation
import JSON
import TestSupport
import Testing

@testable import NeuralNetwork

/// Multiplies every channel by `NAME.gain [channels]`.
private struct GainPlan: LayerPlan {
    static let type = "gain"
    static let keys: Set<String> = ["name", "boost"]
    let name: String
    let boost: Int

    init(_ fields: LayerFields) throws {
        name = try fields.value("name")
        boost = try fields.value("boost", or: 1)
    }
    var fields: [(key: String, value: any Encodable)] { [("name", name), ("boost", boost)] }

    func build(_ builder: inout NetworkBuilder) throws(NetworkError) -> [any Stage] {
        try builder.require(boost, in: 1...100, "boost")
        let gain = try builder.tensors.require("\(name).gain", shape: [builder.channels]).floats
        builder.parameterCount += gain.count
        return [GainStage(gain: gain.map { $0 * Float(boost) })]
    }
}

private struct GainStage: Stage {
    let gain: [Float]

    func streaming(step: inout Int, maximumFrames: Int) -> any Layer { GainLayer(gain) }

    func offline(_ sequence: [Float], padding: Padding) -> [Float] {
        sequence.enumerated().map { $1 * gain[$0 % gain.count] }
    }
}

private final class GainLayer: StatelessLayer {
    private let gain: [Float]
    var inputSize: Int { gain.count }
    var outputSize: Int { gain.count }

    init(_ gain: [Float]) { self.gain = gain }

    func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ block: Block) {
        for index in 0..<block.frames * gain.count { output[index] = input[index] * gain[index % gain.count] }
    }
}

/// A description that may hold the added layer too.
private struct Layers: Decodable {
    let layers: [LayerDescription]

    private struct One: Decodable {
        let layer: LayerDescription

        init(from decoder: any Decoder) throws {
            layer = try LayerDescription(from: decoder, among: LayerDescription.kinds + [GainPlan.self])
        }
    }

    init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        var layers: [LayerDescription] = []
        while !list.isAtEnd { layers.append(try list.decode(One.self).layer) }
        self.layers = layers
    }
}

@Suite("A layer that was added") struct AddedLayerTests {
    private static let text = #"[{"type":"gain","name":"g","boost":2},{"type":"max_pool","size":2},{"type":"relu"}]"#

    @Test("is read, built, streamed and evaluated whole like all others") func gain() throws {
        let layers = try JSONParser.parse(Self.text).decode(as: Layers.self).layers
        let tensor = Tensor(name: "g.gain", shape: [2], elements: .single([0.5, -1]))
        let network = try SequentialNetwork(
            NetworkDescription(inputs: 2, layers: layers), tensors: ["g.gain": tensor])
        #expect(network.parameterCount == 2)
        #expect(network.offline([1, 1, 3, -4], padding: .causal) == [3, 8])
        var output = [Float](repeating: 0, count: 4)
        network.streaming(maximumFrames: 2).process([1, 1, 3, -4], &output, frames: 2)
        #expect(output == [1, 0, 3, 8])
        let written = String(decoding: try JSONEncoder().encode(layers[0]), as: UTF8.self)
        #expect(try JSONParser.parse("[\(written)]").decode(as: Layers.self).layers == [layers[0]])
    }

    @Test("refuses what it does not know, and what it cannot be") func refusals() throws {
        let strange = try JSONParser.parse(#"[{"type":"gain","name":"g","loudness":2}]"#)
        let error = try #require(throws: JSONError.self) { try strange.decode(as: Layers.self) }
        #expect(error.description == "[0].loudness: a layer of type 'gain' has no such key")
        let loud = try JSONParser.parse(#"[{"type":"gain","name":"g","boost":101}]"#).decode(as: Layers.self)
        #expect(throws: NetworkError.invalidLayer(index: 0, reason: "'boost' is 101, outside 1...100")) {
            try SequentialNetwork(NetworkDescription(inputs: 2, layers: loud.layers), tensors: [:])
        }
    }

    @Test("no two kinds have one name") func table() {
        let types = LayerDescription.kinds.map { $0.type }
        #expect(Set(types).count == types.count)
    }
}
