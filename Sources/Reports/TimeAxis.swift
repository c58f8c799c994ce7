// Where times lie on a picture, and which of them are named.

/// A span of time laid over a width.
struct TimeAxis: Equatable {
    /// The span of the axis in seconds.
    let start: Double
    let end: Double
    /// In the unit of the picture.
    let width: Double

    /// The position of a time, within the picture.
    func x(_ time: Double) -> Double { min(max((time - start) / (end - start), 0), 1) * width }

    /// Times to name: about `count` of them, at round steps.
    func ticks(count: Int = 10) -> [Double] {
        let steps: [Double] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400]
        let wanted = (end - start) / Double(count)
        let step = steps.first { $0 >= wanted } ?? (wanted / 86_400).rounded(.up) * 86_400
        return Array(stride(from: (start / step).rounded(.up) * step, through: end, by: step))
    }
}
