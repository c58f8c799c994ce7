// The non-linearities of the published networks.

import CVector

/// A function of every single number.
package enum Activation: Sendable {
    /// max(x, 0).
    case relu
    /// x where that is above zero, else 0.01 x.
    case leakyRelu
    /// 1 / (1 + exp(-x)).
    case sigmoid

    /// Applies it to `count` numbers; `input` may be `output`.
    package func apply(to input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, count: Int) {
        switch self {
        case .relu: timbre_rectify(input, output, count)
        case .leakyRelu: timbre_rectify_leaky(input, output, count, 0.01)
        case .sigmoid: timbre_sigmoid(input, output, count)
        }
    }
}
