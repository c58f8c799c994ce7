// Maps times to positions in a picture and selects the labelled times.

/// A time span mapped to a width.
struct TimeAxis: Equatable {
    /// The span of the axis in seconds.
    let start: Double
    let end: Double
    /// The width in the unit of the picture.
    let width: Double

    /// Returns the position of a time, limited to the picture.
    func x(_ time: Double) -> Double { min(max((time - start) / (end - start), 0), 1) * width }

    /// Returns the times to label: about `count` of them, at round steps.
    func ticks(count: Int = 10) -> [Double] {
        let steps: [Double] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400]
        let wanted = (end - start) / Double(count)
        let step = steps.first { $0 >= wanted } ?? (wanted / 86_400).rounded(.up) * 86_400
        return Array(stride(from: (start / step).rounded(.up) * step, through: end, by: step))
    }
}
