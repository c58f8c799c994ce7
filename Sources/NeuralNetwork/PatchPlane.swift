// The activations between two layers of a patch network.

/// Rows of columns of channels with a border of zeros around them, where the next layer needs one.
///
/// Plain memory that its owner deallocates, so that its use needs no reference counting.
struct PatchPlane {
    let rows: Int
    let columns: Int
    let channels: Int
    /// Number of rows and columns of zeros on each side.
    let border: Int
    /// The first float, including the border.
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

    /// Floats between the starts of two rows.
    var rowStride: Int { (columns + 2 * border) * channels }

    /// Returns the address of the first channel of a row's first column.
    func row(_ index: Int) -> UnsafeMutablePointer<Float> {
        start + (index + border) * rowStride + border * channels
    }

    func deallocate() { start.deallocate() }
}
