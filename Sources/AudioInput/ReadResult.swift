// The outcomes of one read from a source.

/// What one `AudioSource.read` brought.
public enum ReadResult: Equatable, Sendable {
    /// This many frames were written; at least one.
    case frames(Int)
    /// Nothing came within the timeout; the device may still be well.
    case nothing
    /// The device lost about this many frames (an xrun) and goes on; 0 when it cannot say.
    case lost(Int)
    /// The end of a file or pipe.
    case end
    /// The device is gone or broken, or the file is damaged from here on. The code is the backend's own;
    /// `SourceSpecification.explain` puts it into words, on another thread.
    case failed(code: Int32)
}
