// The activations between two layers of a patch network.

/// Rows of columns of channels with a border of zeros around them, where the layer behind wants one.
///
/// Plain memory that its owner deallocates, so that using it costs no reference counting.
struct PatchPlane {
    let rows: Int
    let columns: Int
    let channels: Int
    /// Rows and columns of zeros on each side.
    let border: Int
    /// The first float, border included.
    let start: UnsafeMutablePointer<Float>

    init(rows: Int, columns: Int, channels: Int, border: Int) {
        self.rows = rows
        self.columns = columns
        self.channels = channels
        self.border = border
        let count = (rows + 2 * border) * (columns + 2 * border) * channels
        start = .allocate(capacity: count)
        start.initialize(repeating: 0, count: count)
    }

    /// Floats from one row to the next.
    var rowStride: Int { (columns + 2 * border) * channels }

    /// The first channel of a row's first column.
    func row(_ index: Int) -> UnsafeMutablePointer<Float> {
        start + (index + border) * rowStride + border * channels
    }

    func deallocate() { start.deallocate() }
}
