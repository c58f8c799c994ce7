// Random forests, one for each class (Breiman 2001), in flat arrays of nodes.

/// Binary relevance: every class has its own trees, and its probability is the mean of the values of their leaves.
///
/// At an inner node the walk continues to the left child when the feature is at most the threshold. Children are
/// stored after their parent, so every walk terminates.
public struct RandomForest: Sendable {
    private struct Node: BitwiseCopyable {
        /// The threshold of an inner node, or the value of a leaf.
        var number: Float
        var feature: Int32
        /// The left child; -1 at a leaf.
        var left: Int32
        var right: Int32
    }

    /// Number of classes.
    public let classes: Int
    /// Number of trees of each class.
    public let trees: Int
    /// Number of features.
    public let inputs: Int
    private let nodes: [Node]
    private let roots: [Int32]

    /// Single precision represents node numbers exactly up to this value.
    private static let mostNodes = 1 << 24
    /// Upper limit of the number of trees, above any forest in use.
    private static let mostTrees = 10_000

    /// Reads `NAME.roots [classes, trees]`, and `.features`, `.thresholds`, `.left`, `.right` and `.values` of shape
    /// `[nodes]`, where a leaf has no children (-1) and a value from 0 to 1.
    public init(_ name: String, inputs: Int, classes: Int, tensors: [String: Tensor]) throws(NetworkError) {
        let (count, trees) = try Self.extent(name, classes: classes, tensors: tensors)
        func numbers(_ part: String) throws(NetworkError) -> [Float] {
            try tensors.require("\(name).\(part)", shape: [count]).floats
        }
        func whole(_ part: String, _ value: Float, in range: Range<Int>) throws(NetworkError) -> Int32 {
            guard let number = Int32(exactly: value), range.contains(Int(number)) else {
                throw .unusableValues(
                    tensor: "\(name).\(part)",
                    reason: "\(value) is not a whole number from \(range.lowerBound) to \(range.upperBound - 1)")
            }
            return number
        }
        let (features, thresholds) = (try numbers("features"), try numbers("thresholds"))
        let (left, right, values) = (try numbers("left"), try numbers("right"), try numbers("values"))
        var nodes: [Node] = []
        nodes.reserveCapacity(count)
        for index in 0..<count {
            if left[index] == -1, right[index] == -1 {
                guard (0...1).contains(values[index]) else {
                    throw .unusableValues(tensor: "\(name).values", reason: "\(values[index]) is outside 0 to 1")
                }
                nodes.append(Node(number: values[index], feature: 0, left: -1, right: -1))
            } else {
                nodes.append(
                    Node(
                        number: thresholds[index], feature: try whole("features", features[index], in: 0..<inputs),
                        left: try whole("left", left[index], in: index + 1..<count),
                        right: try whole("right", right[index], in: index + 1..<count)))
            }
        }
        var roots: [Int32] = []
        for root in try tensors.require("\(name).roots", shape: [classes, trees]).floats {
            roots.append(try whole("roots", root, in: 0..<count))
        }
        (self.nodes, self.roots, self.classes, self.trees, self.inputs) = (nodes, roots, classes, trees, inputs)
    }

    /// Returns the numbers of nodes and trees from the tensors.
    private static func extent(
        _ name: String, classes: Int, tensors: [String: Tensor]
    ) throws(NetworkError) -> (nodes: Int, trees: Int) {
        guard let nodes = tensors["\(name).features"]?.count, (1...mostNodes).contains(nodes) else {
            throw .missingTensor("\(name).features", expected: [1])
        }
        guard let trees = tensors["\(name).roots"]?.shape.last, (1...mostTrees).contains(trees) else {
            throw .missingTensor("\(name).roots", expected: [classes, 1])
        }
        return (nodes, trees)
    }

    /// Writes one probability per class for a vector of `inputs` features; allocates nothing.
    public func evaluate(_ features: UnsafePointer<Float>, into probabilities: UnsafeMutablePointer<Float>) {
        for name in 0..<classes {
            var sum = 0.0
            for tree in 0..<trees {
                var node = nodes[Int(roots[name * trees + tree])]
                while node.left >= 0 {
                    node = nodes[Int(features[Int(node.feature)] <= node.number ? node.left : node.right)]
                }
                sum += Double(node.number)
            }
            probabilities[name] = Float(sum / Double(trees))
        }
    }
}
