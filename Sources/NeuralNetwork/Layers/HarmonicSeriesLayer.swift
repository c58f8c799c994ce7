// The salience computed by a small network, and the positions of its partials.

extension LayerDescription {
    /// A second plane of bins after the first, with the positions of partials: a salience that `layers` compute from
    /// the frame, each value in 0...1, plus copies of it shifted up by `shifts` bins, divided by their number.
    public static func harmonicSeries(shifts: [Int], layers: [LayerDescription]) -> LayerDescription {
        LayerDescription(HarmonicSeriesPlan(shifts: shifts, layers: layers))
    }
}

package struct HarmonicSeriesPlan: LayerPlan {
    package static let type = "harmonic_series"
    package static let keys: Set<String> = ["shifts", "layers"]
    package let shifts: [Int]
    package let layers: [LayerDescription]

    init(shifts: [Int], layers: [LayerDescription]) { (self.shifts, self.layers) = (shifts, layers) }
    package init(_ fields: LayerFields) throws {
        shifts = try fields.value("shifts")
        layers = try fields.value("layers")
    }
    package var fields: [(key: String, value: any Encodable)] { [("shifts", shifts), ("layers", layers)] }

    /// The salience and its shifted copies follow the input of the layers.
    package func build(_ builder: inout NetworkBuilder) throws(NetworkError) -> [any Stage] {
        let bins = builder.channels
        guard builder.step == 1, (1...64).contains(layers.count), shifts.count <= 64 else {
            throw builder.invalid("a harmonic series needs 1 to 64 layers and no pool before it")
        }
        for shift in shifts { try builder.require(shift, in: 1...NetworkBuilder.mostChannels, "shifts") }
        var salience: [any Stage] = []
        for layer in layers { salience += try layer.plan.build(&builder) }
        guard builder.channels == bins, builder.step == 1, layers.last == .sigmoid else {
            throw builder.invalid(
                "its layers do not turn \(bins) bins into a salience of as many at every frame")
        }
        try builder.require(2 * bins, in: 1...NetworkBuilder.mostChannels, "bins of both planes")
        builder.channels = 2 * bins
        return [HarmonicSumStage(sum: HarmonicSum(bins: bins, shifts: shifts), salience: salience)]
    }
}

/// The input, followed by the harmonic sum of the salience that a chain without pooling computes from it.
struct HarmonicSumStage: Stage {
    let sum: HarmonicSum
    let salience: [any Stage]

    func streaming(step: inout Int, maximumFrames: Int) -> any Layer {
        HarmonicSumLayer(
            sum, salience: salience.layers(step: step, maximumFrames: maximumFrames), maximumFrames: maximumFrames)
    }

    func offline(_ sequence: [Float], padding: Padding) -> [Float] {
        let found = salience.evaluate(sequence, padding: padding)
        return .filled(2 * sequence.count) {
            sum.apply(to: sequence, salience: found, into: $0, frames: sequence.count / sum.bins)
        }
    }
}

/// A chain that computes a salience; its output is the input followed by the harmonic sum of the salience.
final class HarmonicSumLayer: Layer {
    private let sum: HarmonicSum
    private let salience: LayerChain
    private let found: UnsafeMutablePointer<Float>
    var inputSize: Int { sum.bins }
    var outputSize: Int { 2 * sum.bins }

    init(_ sum: HarmonicSum, salience: LayerChain, maximumFrames: Int) {
        self.sum = sum
        self.salience = salience
        found = .allocate(capacity: sum.bins * maximumFrames)
        found.initialize(repeating: 0, count: sum.bins * maximumFrames)
    }

    deinit { found.deallocate() }

    func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ block: Block) {
        salience.process(input, found, block)
        sum.apply(to: input, salience: found, into: output, frames: block.frames)
    }

    func addLane() { salience.addLane() }

    func reset(lane: Int) { salience.reset(lane: lane) }
}
