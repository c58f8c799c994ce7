// The confusion matrix: which class was detected instead of another.

/// For every class that was present: the amounts that were detected, detected as another class, and not detected. The
/// unit is that of the additions: frames or recordings.
public struct Confusion: Equatable, Sendable {
    /// The classes, for rows and columns.
    public let classes: [String]
    /// The amount for which each class was present.
    public private(set) var present: [Double]
    /// `taken[r][c]`: the amount for which r was present and missed while c was detected that is known to be absent;
    /// divided among several such c. The diagonal contains the amount for which r was detected.
    public private(set) var taken: [[Double]]

    /// Creates an empty matrix.
    public init(classes: [String]) {
        self.classes = classes
        present = [Double](repeating: 0, count: classes.count)
        taken = [[Double]](repeating: present, count: classes.count)
    }

    /// Adds one frame or recording: the truth for each class (nil for unknown), and the detections.
    public mutating func add(present truth: [Bool?], heard: [Bool]) {
        let wrong = truth.indices.filter { truth[$0] == false && heard[$0] }
        for row in truth.indices where truth[row] == true {
            present[row] += 1
            if heard[row] {
                taken[row][row] += 1
            } else {
                for column in wrong { taken[row][column] += 1 / Double(wrong.count) }
            }
        }
    }

    /// Adds another matrix, multiplied by `weight`.
    public mutating func add(_ other: Confusion, weight: Double = 1) {
        for row in present.indices {
            present[row] += weight * other.present[row]
            for column in present.indices { taken[row][column] += weight * other.taken[row][column] }
        }
    }

    /// Returns the fraction of `row` that was detected as `column`, 0...1.
    public func share(_ row: Int, _ column: Int) -> Double {
        present[row] > 0 ? taken[row][column] / present[row] : 0
    }

    /// Returns the fraction of `row` that was missed without a false detection in its place.
    public func missed(_ row: Int) -> Double {
        present[row] > 0 ? max(0, 1 - taken[row].reduce(0, +) / present[row]) : 0
    }
}
