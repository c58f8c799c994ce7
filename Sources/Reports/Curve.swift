// A measured value over time, reduced to a number of points that a picture can show.

/// Points in order of time.
public struct Curve: Equatable, Sendable {
    /// One value at one time.
    public struct Point: Equatable, Sendable {
        /// The time in seconds.
        public var time: Double
        /// The value.
        public var value: Double

        /// Creates a point.
        public init(time: Double, value: Double) {
            self.time = time
            self.value = value
        }
    }

    /// The points.
    public private(set) var points: [Point]

    /// Keeps at most `limit` points: the highest point of each equal part of their time span, so that no peak is lost.
    public init(_ points: [Point], limit: Int = 1500) {
        guard points.count > limit, let first = points.first, let last = points.last, last.time > first.time else {
            self.points = points
            return
        }
        var kept: [Point] = []
        var part = -1
        for point in points {
            let index = min(limit - 1, Int((point.time - first.time) / (last.time - first.time) * Double(limit)))
            if index > part {
                kept.append(point)
                part = index
            } else if let highest = kept.last, point.value > highest.value {
                kept[kept.count - 1].value = point.value
            }
        }
        self.points = kept
    }

    /// Returns the part between two times, with interpolated values at both ends.
    func cut(from start: Double, to end: Double) -> [Point] {
        let inner = points.filter { $0.time > start && $0.time < end }
        return [Point(time: start, value: value(at: start))] + inner + [Point(time: end, value: value(at: end))]
    }

    /// Returns the value interpolated between the nearest points; outside the range, the value of the first or last
    /// point.
    func value(at time: Double) -> Double {
        guard let first = points.first, let last = points.last else { return 0 }
        if time <= first.time { return first.value }
        if time >= last.time { return last.value }
        var (low, high) = (0, points.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if points[middle].time <= time { low = middle } else { high = middle }
        }
        let (a, b) = (points[low], points[high])
        guard b.time > a.time else { return b.value }
        return a.value + (b.value - a.value) * (time - a.time) / (b.time - a.time)
    }
}
