// The weights of Sightreader and of the recurrent attention models beside it, shared by all streams.

import Models
import NeuralNetwork

// Watcharasupat, Gururani & Lerch, Visual Attention for Musical Instrument Recognition (2020).
extension ClipArchitecture {
    /// Sightreader: sixteen glimpses in musically motivated shapes, a gated recurrent core.
    public static let sightreader = glimpses("sightreader", .sightreader)
    /// RAM16-RNN: sixteen square glimpses, a plain recurrent core.
    public static let squareRecurrent = glimpses("ram_rnn", .square(isGated: false))
    /// RAM16-GRU: sixteen square glimpses, a gated recurrent core.
    public static let squareGated = glimpses("ram_gru", .square(isGated: true))

    private static func glimpses(_ name: String, _ form: GlimpseForm) -> ClipArchitecture {
        ClipArchitecture(name, hasFixedWindow: true, needsEvenWidth: true) {
            (description, tensors) throws(NetworkError) in
            WindowClipNetwork(
                try GlimpseWeights(
                    form, width: description.width ?? 0,
                    frames: description.windowPatches * ClipArchitecture.patchFrames,
                    classes: description.classes.count, tensors: tensors))
        }
    }
}

/// Processes patches of log-mel around one point, updates a state, and computes from it the next point and the
/// classes.
///
/// A glimpse and its position each pass a dense layer and a ReLU, and their sum passes another (equations 6 and 7 of
/// the paper); the result is the input of the recurrent core. From its state a dense layer and tanh compute the next
/// point, and another dense layer the probabilities.
struct GlimpseWeights: WindowWeights {
    let form: GlimpseForm
    /// Number of units of the core; 256 as published. The dense layers before it depend on this value.
    let width: Int
    /// Number of frames of the window.
    let frames: Int
    let sensor: Convolution
    let location: Convolution
    let glimpse: Convolution
    private let core: RecurrentWeights
    let next: Convolution
    let classifier: Convolution

    /// Reads the tensors of a file; the width is even.
    init(
        _ form: GlimpseForm, width: Int, frames: Int, classes: Int, tensors: [String: Tensor]
    ) throws(NetworkError) {
        self.form = form
        self.width = width
        self.frames = frames
        let seen = width / 2
        sensor = try Convolution(dense: "sensor", inputs: form.values, outputs: seen, tensors: tensors)
        location = try Convolution(dense: "location", inputs: 2, outputs: seen, tensors: tensors)
        glimpse = try Convolution(dense: "glimpse", inputs: seen, outputs: width, tensors: tensors)
        core = try RecurrentWeights(
            "core", "l0", inputs: width, units: width,
            gates: form.isGated ? GatedRecurrentUnit.gates : RecurrentUnit.gates,
            tensors: tensors)
        next = try Convolution(dense: "next", inputs: width, outputs: 2, tensors: tensors)
        classifier = try Convolution(dense: "classifier", inputs: width, outputs: classes, tensors: tensors)
    }

    /// Creates a core with its own state.
    func makeCore() -> any Layer { form.isGated ? GatedRecurrentUnit(core) : RecurrentUnit(core) }

    func network() -> any WindowNetwork { GlimpseNetwork(self) }

    /// The number does not depend on the length of the window.
    var multiplyAdds: Int {
        let gates = form.isGated ? 3 : 1
        let layers = [sensor, location, glimpse, next].reduce(2 * gates * width * width) { $0 + $1.inputs * $1.outputs }
        return GlimpseForm.glimpses * layers + width * classifier.outputs
    }
}
