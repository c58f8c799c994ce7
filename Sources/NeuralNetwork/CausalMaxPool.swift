// Max pooling in a stream, without losing the rate.

import CVector

/// The maximum of the newest frame and of those 1, 2, ... `size - 1` dilations before it, channel by channel.
///
/// With stride 1 instead of `size` and every later kernel dilated `size` times more ("a trous"), the same weights give
/// at every frame what the strided network gives on its own grid. Before the first frame there is nothing, not zeros.
final class CausalMaxPool: Layer {
    private let size: Int
    private let dilation: Int
    private let history: History
    let inputSize: Int
    var outputSize: Int { inputSize }

    init(size: Int, dilation: Int, channels: Int, maximumFrames: Int) {
        self.size = size
        self.dilation = dilation
        inputSize = channels
        history = History(
            frameSize: channels, past: (size - 1) * dilation, maximumFrames: maximumFrames, fill: -.infinity)
    }

    func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, frames: Int) {
        let count = frames * inputSize
        let newest = history.append(frames)
        newest.update(from: input, count: count)
        output.update(from: input, count: count)
        for tap in 1..<size { timbre_maximum(output, newest - tap * dilation * inputSize, output, count) }
    }

    func reset() { history.reset() }
}
