// Max pooling over time; in a stream at the full frame rate.

import CVector

extension LayerDescription {
    /// The maximum over `size` frames; the frame rate after it is divided by `size`.
    public static func maxPool(size: Int) -> LayerDescription { LayerDescription(MaxPoolPlan(size: size)) }
}

package struct MaxPoolPlan: LayerPlan {
    package static let type = "max_pool"
    package static let keys: Set<String> = ["size"]
    package let size: Int

    init(size: Int) { self.size = size }
    package init(_ fields: LayerFields) throws { size = try fields.value("size") }
    package var fields: [(key: String, value: any Encodable)] { [("size", size)] }

    package func build(_ builder: inout NetworkBuilder) throws(NetworkError) -> [any Stage] {
        try builder.require(size, in: 1...1024, "size")
        try builder.reachBack((size - 1) * builder.step)
        builder.step *= size
        return [MaxPoolStage(size: size, channels: builder.channels)]
    }
}

struct MaxPoolStage: Stage {
    let size: Int
    let channels: Int

    func streaming(step: inout Int, maximumFrames: Int) -> any Layer {
        defer { step *= size }
        return CausalMaxPool(size: size, dilation: step, channels: channels, maximumFrames: maximumFrames)
    }

    func offline(_ sequence: [Float], padding: Padding) -> [Float] {
        let frames = sequence.count / channels / size
        return .filled(frames * channels) { target in
            for frame in 0..<frames {
                for channel in 0..<channels {
                    let taps = (0..<size).lazy.map { sequence[(frame * size + $0) * channels + channel] }
                    target[frame * channels + channel] = taps.reduce(-.infinity, max)
                }
            }
        }
    }
}

/// The maximum of the newest frame and of those 1, 2, ... `size - 1` dilations before it, channel by channel.
///
/// With stride 1 instead of `size` and all later kernels dilated `size` times more ("a trous"), the same weights give,
/// at every frame, the value that the strided network has on its own grid. The frames before the first are ignored,
/// not zero.
final class CausalMaxPool: Layer {
    private let size: Int
    private let dilation: Int
    private var histories: Histories<Float>
    let inputSize: Int
    var outputSize: Int { inputSize }

    init(size: Int, dilation: Int, channels: Int, maximumFrames: Int) {
        self.size = size
        self.dilation = dilation
        inputSize = channels
        histories = Histories(
            frameSize: channels, past: (size - 1) * dilation, maximumFrames: maximumFrames, fill: -.infinity)
    }

    func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ block: Block) {
        output.update(from: input, count: block.frames * inputSize)
        histories.append(block) { newest, index, frames in
            let (place, count) = (index * inputSize, frames * inputSize)
            newest.update(from: input + place, count: count)
            for tap in 1..<size {
                timbre_maximum(output + place, newest - tap * dilation * inputSize, output + place, count)
            }
        }
    }

    func addLane() { histories.addLane() }

    func reset(lane: Int) { histories.reset(lane: lane) }
}
