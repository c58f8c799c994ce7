// The last seconds of audio, kept in memory for a recording that begins before its cause.

/// A ring of interleaved frames that holds the newest frames. Only `reset` and `resize` allocate.
struct PreRoll {
    private var samples: [Float] = []
    private var channels = 1
    /// Capacity in frames.
    private(set) var capacity = 0
    /// Position of the first frame after the newest.
    private(set) var end: Int64 = 0
    private var count = 0

    /// Position of the oldest frame.
    var start: Int64 { end - Int64(count) }

    /// Empties the ring and sets its capacity; the next frame has position `position`.
    mutating func reset(frames: Int, channels: Int, position: Int64) {
        if frames * channels != samples.count {
            // Freed first: two rings at once may be more memory than there is.
            samples = []
            samples = [Float](repeating: 0, count: frames * channels)
        }
        self.channels = channels
        capacity = frames
        end = position
        count = 0
    }

    /// Changes the capacity; the newest frames stay.
    mutating func resize(frames: Int) {
        guard frames != capacity else { return }
        var other = PreRoll()
        other.reset(frames: frames, channels: channels, position: start)
        read(from: start) { other.append($0) }
        self = other
    }

    mutating func append(_ frames: UnsafeBufferPointer<Float>) {
        append(frames.count / channels, from: frames.baseAddress)
    }

    mutating func appendSilence(_ frames: Int) {
        append(frames, from: nil)
    }

    /// Appends frames from a source, or silence.
    private mutating func append(_ frames: Int, from source: UnsafePointer<Float>?) {
        // Of more frames than the capacity, only the last ones are kept.
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

    /// Calls `body` with all frames from `position`, in one or two pieces.
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
