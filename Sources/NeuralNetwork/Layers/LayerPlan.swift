// A kind of layer, and the one table of all of them.

import JSON

/// How a description names a layer, and how it is built.
///
/// A kind of layer is one file: a plan, the stage that it builds, and the layer that the stage makes for a stream. Its
/// line in `LayerDescription.kinds` makes model files able to hold it; `docs/adding.md` walks through it.
///
/// A value, for any thread: plans are read and built while a model is loaded, and no call blocks.
package protocol LayerPlan: Equatable, Sendable {
    /// What `type` says in the description.
    static var type: String { get }
    /// The other keys that it may have; any other is an error, because to ignore it would be to run another network.
    static var keys: Set<String> { get }
    /// Reads the values of the keys.
    init(_ fields: LayerFields) throws
    /// The keys with their values, in order, as they are written.
    var fields: [(key: String, value: any Encodable)] { get }
    /// Takes the tensors and checks that everything fits; the builder follows the shape of the data.
    func build(_ builder: inout NetworkBuilder) throws(NetworkError) -> [any Stage]
}

extension LayerPlan {
    fileprivate func isEqual(to other: any LayerPlan) -> Bool { (other as? Self) == self }
}

/// The values of a layer's keys in a description.
package struct LayerFields {
    private let values: KeyedDecodingContainer<TextKey>

    fileprivate init(_ values: KeyedDecodingContainer<TextKey>) { self.values = values }

    /// The value of a key that must be there.
    package func value<Value: Decodable>(_ key: String, as type: Value.Type = Value.self) throws -> Value {
        try values.decode(type, forKey: TextKey(stringValue: key))
    }

    /// The value of a key that may be missing.
    package func value<Value: Decodable>(_ key: String, or standard: Value) throws -> Value {
        try values.decodeIfPresent(Value.self, forKey: TextKey(stringValue: key)) ?? standard
    }
}

/// What a layer is and under which names its tensors lie.
///
/// Each kind has a function of its name beside its plan: `.convolution(name:outputs:kernel:dilation:)`, `.relu`.
public struct LayerDescription: Equatable, Sendable {
    package let plan: any LayerPlan

    package init(_ plan: some LayerPlan) { self.plan = plan }

    /// Every kind of layer that a model file may hold.
    package static let kinds: [any LayerPlan.Type] = [
        StandardizePlan.self, BatchNormPlan.self, ConvolutionPlan.self, InterleavePlan.self,
        SpectralConvolutionPlan.self, HarmonicSeriesPlan.self, ResidualPlan.self, MaxPoolPlan.self, ReluPlan.self,
        LeakyReluPlan.self, SigmoidPlan.self,
    ]

    /// Equal when they are of the same kind and all their values are.
    public static func == (left: LayerDescription, right: LayerDescription) -> Bool {
        left.plan.isEqual(to: right.plan)
    }
}

extension LayerDescription: Codable {
    /// Reads a layer; an unknown type or key is an error.
    public init(from decoder: any Decoder) throws { try self.init(from: decoder, among: Self.kinds) }

    package init(from decoder: any Decoder, among kinds: [any LayerPlan.Type]) throws {
        let values = try decoder.container(keyedBy: TextKey.self)
        let typeKey = TextKey(stringValue: "type")
        let type = try values.decode(String.self, forKey: typeKey)
        guard let kind = kinds.first(where: { $0.type == type }) else {
            let known = kinds.map { $0.type }.sorted().joined(separator: ", ")
            throw DecodingError.dataCorruptedError(
                forKey: typeKey, in: values, debugDescription: "unknown layer type '\(type)'; known are \(known)")
        }
        if let stranger = values.allKeys.first(where: {
            $0.stringValue != "type" && !kind.keys.contains($0.stringValue)
        }) {
            throw DecodingError.dataCorruptedError(
                forKey: stranger, in: values, debugDescription: "a layer of type '\(type)' has no such key")
        }
        plan = try kind.init(LayerFields(values))
    }

    /// Writes the layer with all its keys.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: TextKey.self)
        try values.encode(Swift.type(of: plan).type, forKey: TextKey(stringValue: "type"))
        for (key, value) in plan.fields { try values.encode(value, forKey: TextKey(stringValue: key)) }
    }
}
