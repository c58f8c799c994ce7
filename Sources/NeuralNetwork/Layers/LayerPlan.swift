// A kind of layer, and the table of all of them.

import JSON

/// The description of a layer and its construction.
///
/// A kind of layer has one file: a plan, the stage that it builds, and the layer that the stage creates for a stream.
/// Its entry in `LayerDescription.kinds` permits it in model files; `docs/adding.md` describes the steps.
///
/// A plan is a value that any thread may use: plans are decoded and built while a model is loaded, and no call blocks.
package protocol LayerPlan: Equatable, Sendable {
    /// The value of `type` in the description.
    static var type: String { get }
    /// The other permitted keys; any other key is an error, because ignoring it would run a different network.
    static var keys: Set<String> { get }
    /// Decodes the values of the keys.
    init(_ fields: LayerFields) throws
    /// The keys with their values, in the order of encoding.
    var fields: [(key: String, value: any Encodable)] { get }
    /// Reads the tensors and validates them; updates the shape of the data in the builder.
    func build(_ builder: inout NetworkBuilder) throws(NetworkError) -> [any Stage]
}

extension LayerPlan {
    fileprivate func isEqual(to other: any LayerPlan) -> Bool { (other as? Self) == self }
}

/// The values of a layer's keys in a description.
package struct LayerFields {
    private let values: KeyedDecodingContainer<TextKey>

    fileprivate init(_ values: KeyedDecodingContainer<TextKey>) { self.values = values }

    /// Returns the value of a required key.
    package func value<Value: Decodable>(_ key: String, as type: Value.Type = Value.self) throws -> Value {
        try values.decode(type, forKey: TextKey(stringValue: key))
    }

    /// Returns the value of an optional key.
    package func value<Value: Decodable>(_ key: String, or standard: Value) throws -> Value {
        try values.decodeIfPresent(Value.self, forKey: TextKey(stringValue: key)) ?? standard
    }
}

/// The kind of a layer and the names of its tensors.
///
/// Each kind has a function of its name in the file of its plan: `.convolution(name:outputs:kernel:dilation:)`,
/// `.relu`.
public struct LayerDescription: Equatable, Sendable {
    package let plan: any LayerPlan

    package init(_ plan: some LayerPlan) { self.plan = plan }

    /// Every kind of layer that is permitted in a model file.
    package static let kinds: [any LayerPlan.Type] = [
        StandardizePlan.self, BatchNormPlan.self, ConvolutionPlan.self, InterleavePlan.self,
        SpectralConvolutionPlan.self, HarmonicSeriesPlan.self, ResidualPlan.self, MaxPoolPlan.self, ReluPlan.self,
        LeakyReluPlan.self, SigmoidPlan.self,
    ]

    /// Equal when kind and all values are equal.
    public static func == (left: LayerDescription, right: LayerDescription) -> Bool {
        left.plan.isEqual(to: right.plan)
    }
}

extension LayerDescription: Codable {
    /// Decodes a layer; an unknown type or key is an error.
    public init(from decoder: any Decoder) throws { try self.init(from: decoder, among: Self.kinds) }

    package init(from decoder: any Decoder, among kinds: [any LayerPlan.Type]) throws {
        let values = try decoder.container(keyedBy: TextKey.self)
        let typeKey = TextKey(stringValue: "type")
        let type = try values.decode(String.self, forKey: typeKey)
        guard let kind = kinds.first(where: { $0.type == type }) else {
            let known = kinds.map { $0.type }.sorted().joined(separator: ", ")
            throw DecodingError.dataCorruptedError(
                forKey: typeKey, in: values, debugDescription: "unknown layer type '\(type)'; expected one of \(known)")
        }
        if let stranger = values.allKeys.first(where: {
            $0.stringValue != "type" && !kind.keys.contains($0.stringValue)
        }) {
            throw DecodingError.dataCorruptedError(
                forKey: stranger, in: values, debugDescription: "a layer of type '\(type)' has no such key")
        }
        plan = try kind.init(LayerFields(values))
    }

    /// Encodes the layer with all its keys.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: TextKey.self)
        try values.encode(Swift.type(of: plan).type, forKey: TextKey(stringValue: "type"))
        for (key, value) in plan.fields { try values.encode(value, forKey: TextKey(stringValue: key)) }
    }
}
