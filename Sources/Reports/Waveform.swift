// The waveform of a recording: extent and energy in equal parts of time.

import AudioFiles

/// The lowest and highest sample and the root mean square of each part, over all channels, 0...1 and more where it
/// clips.
public struct Waveform: Equatable, Sendable {
    /// One part of time.
    public struct Column: Equatable, Sendable {
        /// The lowest sample, 0 or less.
        public var low: Float = 0
        /// The highest sample, 0 or more.
        public var high: Float = 0
        /// The root mean square.
        public var rms: Float = 0
    }

    /// The parts in order of time.
    public let columns: [Column]
    /// Duration of all parts, in seconds.
    public let duration: Double

    /// The largest magnitude of a sample.
    public var peak: Float { columns.reduce(0) { max($0, $1.high, -$1.low) } }

    /// Reads a file whose header states its length; nil where the length is missing or 0.
    public init?(path: String, columns count: Int = 1200) throws(AudioFileError) {
        let file = try AudioFileReader(path: path)
        guard let frames = file.frames, frames > 0 else { return nil }
        duration = Double(frames) / Double(file.format.sampleRate)
        var channels = file.format.channels
        let rate = file.format.sampleRate
        var columns = [Column](repeating: Column(), count: min(count, frames))
        var squares = [Double](repeating: 0, count: columns.count)
        var counts = [Int](repeating: 0, count: columns.count)
        let capacity = 8192
        var block = [Float](repeating: 0, count: capacity * channels)
        var position = 0
        var scale = rate
        reading: while true {
            let result = block.withUnsafeMutableBufferPointer { buffer in
                buffer.baseAddress.map { file.read($0, capacity: capacity) } ?? .end
            }
            switch result {
            case .end: break reading
            case .failed: throw .unusable(path: path, detail: file.failure)
            case .reformatted:
                // Frames of another rate are counted at the rate of the first.
                position = position * file.format.sampleRate / scale
                scale = file.format.sampleRate
                channels = file.format.channels
                block = [Float](repeating: 0, count: capacity * channels)
            case .frames(let got):
                for frame in 0..<got {
                    let time = scale == rate ? position + frame : (position + frame) * rate / scale
                    let column = min(columns.count - 1, time * columns.count / frames)
                    for sample in block[frame * channels..<(frame + 1) * channels] where sample.isFinite {
                        columns[column].low = min(columns[column].low, sample)
                        columns[column].high = max(columns[column].high, sample)
                        squares[column] += Double(sample * sample)
                        counts[column] += 1
                    }
                }
                position += got
            }
        }
        for index in columns.indices where counts[index] > 0 {
            columns[index].rms = Float((squares[index] / Double(counts[index])).squareRoot())
        }
        self.columns = columns
    }
}
