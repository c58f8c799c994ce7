// The tag of one instrument: its probability in a window.

/// An instrument's probability in a window and where the attention for it was highest.
public struct ClipTag: BitwiseCopyable, Equatable, Sendable {
    /// The position of the largest weight.
    public struct Focus: BitwiseCopyable, Equatable, Sendable {
        /// Column of time, 0.16 s each, counted from the beginning of the stream.
        public var column: Int
        /// Row of timbre, lowest first; nil when the model has attention over time only.
        public var row: Int?

        /// Creates a position.
        public init(column: Int, row: Int?) {
            self.column = column
            self.row = row
        }
    }

    /// Probability, 0 to 1.
    public var probability: Float
    /// nil when the model has no attention.
    public var focus: Focus?

    /// Creates a tag.
    public init(probability: Float, focus: Focus?) {
        self.probability = probability
        self.focus = focus
    }
}
