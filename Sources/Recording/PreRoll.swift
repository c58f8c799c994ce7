// The last seconds of sound, kept in memory for a recording that begins before its cause.

/// A ring of interleaved frames that always holds the newest. `reset` allocates; nothing else does.
struct PreRoll {
    private var samples: [Float] = []
    private var channels = 1
    /// Frames that it can hold.
    private(set) var capacity = 0
    /// Position of the first frame after the newest.
    private(set) var end: Int64 = 0
    private var count = 0

    /// Position of the oldest frame.
    var start: Int64 { end - Int64(count) }

    /// Room for so many frames; holds nothing, and what comes next stands at `position`.
    mutating func reset(frames: Int, channels: Int, position: Int64) {
        if frames * channels != samples.count { samples = [Float](repeating: 0, count: frames * channels) }
        self.channels = channels
        capacity = frames
        end = position
        count = 0
    }

    mutating func append(_ frames: UnsafeBufferPointer<Float>) {
        append(frames.count / channels, from: frames.baseAddress)
    }

    mutating func appendSilence(_ frames: Int) {
        append(frames, from: nil)
    }

    /// Frames from a source, or silence.
    private mutating func append(_ frames: Int, from source: UnsafePointer<Float>?) {
        // Of more than fits only the end stays.
        var frame = max(0, frames - capacity)
        end += Int64(frame)
        while frame < frames {
            let slot = Int(end % Int64(capacity))
            let run = min(frames - frame, capacity - slot)
            for index in 0..<run * channels {
                samples[slot * channels + index] = source.map { $0[frame * channels + index] } ?? 0
            }
            frame += run
            end += Int64(run)
        }
        count = min(capacity, count + frames)
    }

    /// Calls `body` with all frames from `position` on, in one or two pieces.
    func read<Failure: Error>(
        from position: Int64, _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Void
    ) throws(Failure) {
        var position = max(position, start)
        while position < end {
            let slot = Int(position % Int64(capacity))
            let run = min(Int(end - position), capacity - slot)
            let piece = samples[slot * channels..<(slot + run) * channels]
            try piece.withUnsafeBufferPointer { (frames) throws(Failure) in try body(frames) }
            position += Int64(run)
        }
    }
}
