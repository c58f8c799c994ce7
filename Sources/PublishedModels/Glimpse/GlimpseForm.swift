// The glimpse shapes and the recurrent core of a system that processes a window in glimpses.

/// A recurrent attention model of Watcharasupat, Gururani & Lerch, *Visual Attention for Musical Instrument
/// Recognition* (2020).
struct GlimpseForm: Sendable {
    /// The part of a glimpse around its centre.
    struct Shape: Sendable {
        /// Frames of 10 ms; the same number before the centre as after it, or one more.
        let frames: Int
        /// Mel bands, with the same rule.
        let bands: Int
    }

    /// The patches of one glimpse, in order.
    let shapes: [Shape]
    /// Whether the core is a gated recurrent unit; otherwise it is the plain one of Mnih et al. (2014).
    let isGated: Bool

    /// Number of glimpses of a window.
    static let glimpses = 16

    /// Number of values of one glimpse.
    var values: Int { shapes.reduce(0) { $0 + $1.frames * $1.bands } }

    /// Sightreader: the shapes of musicnn, timbral and temporal (Pons & Serra 2019).
    static let sightreader = GlimpseForm(
        shapes: [(7, 44), (7, 25), (128, 1), (64, 1), (32, 1)].map { Shape(frames: $0.0, bands: $0.1) }, isGated: true)

    /// RAM16: one square patch.
    static func square(isGated: Bool) -> GlimpseForm {
        GlimpseForm(shapes: [Shape(frames: 12, bands: 12)], isGated: isGated)
    }
}
