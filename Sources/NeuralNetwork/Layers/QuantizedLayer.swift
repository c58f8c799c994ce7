// Convolutions over time, or bins and time, in a stream, with 8-bit weights and inputs.

import CVector

/// A causal convolution whose frames are rounded to bytes once, when they arrive, each with a scale of its own.
///
/// A frame gives `positions` output rows: one for a convolution over time, and one at every `stride`-th bin for a
/// convolution over bins and time, whose window moves by `step` bytes. Frames before the first are zeros.
final class QuantizedLayer: Layer {
    /// The shape of the windows.
    struct Windows {
        /// Floats of an input frame, and zeros before and behind them.
        let frameSize: Int
        var margin = 0
        /// Windows in a frame, and bytes from one to the next.
        var positions = 1
        var step = 0
    }

    private let convolution: QuantizedConvolution
    private let windows: Windows
    private let dilation: Int
    private let accumulates: Bool
    /// A stored frame is its scale, zeros, its bytes, zeros, and what the kernel may read behind them.
    private let storedSize: Int
    private var histories: Histories<UInt8>
    private static let scaleSize = MemoryLayout<Float>.size
    /// The windows and scales of the rows that are computed together, `[taps][rows]`.
    private let places: UnsafeMutablePointer<UnsafePointer<UInt8>?>
    private let scales: UnsafeMutablePointer<Float>
    var inputSize: Int { windows.frameSize }
    var outputSize: Int { windows.positions * convolution.outputs }

    /// - Parameter accumulates: whether the results are added to what the output holds.
    init(
        _ convolution: QuantizedConvolution, _ windows: Windows, dilation: Int, maximumFrames: Int,
        accumulates: Bool = false
    ) {
        self.convolution = convolution
        self.windows = windows
        self.dilation = dilation
        self.accumulates = accumulates
        storedSize = Self.scaleSize + windows.frameSize + 2 * windows.margin + QuantizedConvolution.overread
        // The scale of a frame before the first is some number too: it multiplies zeros.
        histories = Histories(
            frameSize: storedSize, past: (convolution.taps - 1) * dilation, maximumFrames: maximumFrames,
            fill: QuantizedConvolution.zero)
        let rows = convolution.taps * max(maximumFrames, windows.positions)
        places = .allocate(capacity: rows)
        places.initialize(repeating: nil, count: rows)
        scales = .allocate(capacity: rows)
        scales.initialize(repeating: 0, count: rows)
    }

    deinit {
        places.deallocate()
        scales.deallocate()
    }

    func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ block: Block) {
        histories.append(block) { newest, index, frames in
            for frame in 0..<frames {
                let stored = newest + frame * storedSize
                let scale = timbre_quantize(
                    input + (index + frame) * inputSize, inputSize, stored + Self.scaleSize + windows.margin)
                UnsafeMutableRawPointer(stored).storeBytes(of: scale, as: Float.self)
                point(at: stored, frame: index + frame, of: block.frames)
                if windows.positions > 1 {
                    compute(into: output + (index + frame) * outputSize, rows: windows.positions)
                }
            }
        }
        if windows.positions == 1 { compute(into: output, rows: block.frames) }
    }

    /// Notes the windows and scales of a frame and of the earlier ones that its taps see.
    private func point(at newest: UnsafePointer<UInt8>, frame: Int, of frames: Int) {
        for tap in 0..<convolution.taps {
            let stored = newest - (convolution.taps - 1 - tap) * dilation * storedSize
            let scale = UnsafeRawPointer(stored).loadUnaligned(as: Float.self)
            let window = stored + Self.scaleSize
            guard windows.positions > 1 else {
                places[tap * frames + frame] = window
                scales[tap * frames + frame] = scale
                continue
            }
            for position in 0..<windows.positions {
                places[tap * windows.positions + position] = window + position * windows.step
                scales[tap * windows.positions + position] = scale
            }
        }
    }

    private func compute(into output: UnsafeMutablePointer<Float>, rows: Int) {
        convolution.apply(to: places, scales: scales, into: output, rows: rows, accumulate: accumulates)
    }

    func addLane() { histories.addLane() }

    func reset(lane: Int) { histories.reset(lane: lane) }
}
