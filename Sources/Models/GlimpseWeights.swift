// The weights of Sightreader and of the recurrent attention models beside it, shared by all streams.

import NeuralNetwork

/// Sees patches of log-mel around one place, keeps a state, and says where to look next and what it heard.
///
/// A glimpse and its place each pass a dense layer and a ReLU, their sum one more (equations 6 and 7 of the paper); the
/// recurrent core takes the result. From its state a dense layer and tanh make the next place, another the opinion.
struct GlimpseWeights: WindowWeights {
    let form: GlimpseForm
    /// Units of the core; 256 as published. The dense layers before it follow.
    let width: Int
    /// Frames of the window.
    let frames: Int
    let sensor: Convolution
    let location: Convolution
    let glimpse: Convolution
    private let core: RecurrentWeights
    let next: Convolution
    let classifier: Convolution

    /// Takes the tensors of a file; the width is even.
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

    /// The core with a state of its own.
    func makeCore() -> any Layer { form.isGated ? GatedRecurrentUnit(core) : RecurrentUnit(core) }

    func network() -> any WindowNetwork { GlimpseNetwork(self) }

    /// However long the window is.
    var multiplyAdds: Int {
        let gates = form.isGated ? 3 : 1
        let layers = [sensor, location, glimpse, next].reduce(2 * gates * width * width) { $0 + $1.inputs * $1.outputs }
        return GlimpseForm.glimpses * layers + width * classifier.outputs
    }
}
