// The non-linearities of the published networks.

import CVector

/// An element-wise function.
package enum Activation: Sendable {
    /// max(x, 0).
    case relu
    /// x for x above zero, otherwise 0.01 x.
    case leakyRelu
    /// 1 / (1 + exp(-x)).
    case sigmoid

    /// Applies the function to `count` numbers; `input` may be `output`.
    package func apply(to input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, count: Int) {
        switch self {
        case .relu: timbre_rectify(input, output, count)
        case .leakyRelu: timbre_rectify_leaky(input, output, count, 0.01)
        case .sigmoid: timbre_sigmoid(input, output, count)
        }
    }
}
