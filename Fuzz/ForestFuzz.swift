// Fuzzes the arrays of a random forest: whatever was accepted must answer within 0 to 1, and at once.

import NeuralNetwork

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count)
    // Six bytes a node, as whole numbers around zero; thresholds and values as quarters.
    let nodes = max(1, count / 6)
    func numbers(_ part: Int, _ scale: Float) -> [Float] {
        (0..<nodes).map { node in
            let place = 6 * node + part
            return place < input.count ? scale * Float(Int8(bitPattern: input[place])) : 0
        }
    }
    var tensors: [String: Tensor] = [:]
    func add(_ name: String, _ values: [Float], shape: [Int]) {
        tensors["forest." + name] = Tensor(name: "forest." + name, shape: shape, elements: .single(values))
    }
    for (part, (name, scale)) in [("features", 1), ("thresholds", 0.25), ("left", 1), ("right", 1), ("values", 0.25)]
        .enumerated()
    {
        add(name, numbers(part, Float(scale)), shape: [nodes])
    }
    add("roots", Array(numbers(5, 1).prefix(2)) + (nodes < 2 ? [0] : []), shape: [2, 1])
    guard let forest = try? RandomForest("forest", inputs: 8, classes: 2, tensors: tensors) else { return 0 }
    var answers: [Float] = [-1, -1]
    forest.evaluate([0, 1, -1, 2, -2, 3, -3, 4], into: &answers)
    precondition(answers.allSatisfy { (0...1).contains($0) })
    return 0
}
