// Named arrays of numbers with a shape, in the precision of the file.

import CVector

/// A named, dense, row-major array of numbers.
public struct Tensor: Sendable {
    /// The numbers: half precision is kept (the kernels read it directly), all other types are converted to single
    /// precision.
    public enum Elements: Equatable, Sendable {
        /// IEEE 754 half precision, as bit patterns.
        case half([UInt16])
        /// Single precision.
        case single([Float])
    }

    /// The name by which layers find it.
    public let name: String
    /// Extent of every axis, outermost first; empty for a single number.
    public let shape: [Int]
    /// The numbers, last axis fastest.
    public let elements: Elements

    /// Creates a tensor; the number of elements must be the product of `shape`.
    public init(name: String, shape: [Int], elements: Elements) {
        self.name = name
        self.shape = shape
        self.elements = elements
        precondition(count == shape.reduce(1, *), "\(count) elements do not fill the shape \(shape)")
    }

    /// Number of elements.
    public var count: Int {
        switch elements {
        case .half(let halves): halves.count
        case .single(let floats): floats.count
        }
    }

    /// The numbers in single precision, which is exact for both kinds.
    public var floats: [Float] {
        switch elements {
        case .single(let floats): floats
        case .half(let halves):
            [Float](unsafeUninitializedCapacity: halves.count) { buffer, count in
                if let start = buffer.baseAddress { timbre_widen_half(halves, start, halves.count) }
                count = halves.count
            }
        }
    }

    /// Whether all elements are finite numbers.
    public var isFinite: Bool {
        switch elements {
        case .half(let halves):
            halves.withUnsafeBufferPointer { halves in halves.allSatisfy { $0 & 0x7C00 != 0x7C00 } }
        case .single(let floats):
            floats.withUnsafeBufferPointer { floats in floats.allSatisfy(\.isFinite) }
        }
    }

    /// Returns the part of the tensor with these indices on its first axis.
    public func part(_ range: Range<Int>) -> Tensor {
        let size = shape.dropFirst().reduce(1, *)
        let slice = range.lowerBound * size..<range.upperBound * size
        let elements: Elements =
            switch self.elements {
            case .half(let halves): .half(Array(halves[slice]))
            case .single(let floats): .single(Array(floats[slice]))
            }
        return Tensor(name: name, shape: [range.count] + shape.dropFirst(), elements: elements)
    }

    /// Returns the same numbers under another name, with the axes in another order and then another shape.
    ///
    /// - Parameters:
    ///   - axes: The original axis for every axis of the result before reshaping; nil keeps the order.
    ///   - shape: The final shape, with the same number of elements; nil keeps the shape.
    public func rearranged(as name: String, axes: [Int]? = nil, shape: [Int]? = nil) -> Tensor {
        let axes = axes ?? Array(self.shape.indices)
        let permuted = axes.map { self.shape[$0] }
        let elements: Elements =
            switch self.elements {
            case .half(let halves): .half(permute(halves, axes))
            case .single(let floats): .single(permute(floats, axes))
            }
        return Tensor(name: name, shape: shape ?? permuted, elements: elements)
    }

    /// Returns the tensor at one index of the first axis.
    public subscript(index: Int) -> Tensor {
        let rest = Array(shape.dropFirst())
        let count = rest.reduce(1, *)
        let elements: Elements =
            switch self.elements {
            case .half(let halves): .half(Array(halves[index * count..<(index + 1) * count]))
            case .single(let floats): .single(Array(floats[index * count..<(index + 1) * count]))
            }
        return Tensor(name: name, shape: rest, elements: elements)
    }

    private func permute<Element>(_ source: [Element], _ axes: [Int]) -> [Element] {
        if axes == Array(axes.indices) { return source }
        var strides = [Int](repeating: 1, count: shape.count)
        for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
        return (0..<source.count).map { position in
            var rest = position
            var origin = 0
            for axis in axes.reversed() {
                origin += rest % shape[axis] * strides[axis]
                rest /= shape[axis]
            }
            return source[origin]
        }
    }
}

extension [String: Tensor] {
    /// Returns the tensor `name`; throws unless it has this shape and finite values.
    package func require(_ name: String, shape: [Int]) throws(NetworkError) -> Tensor {
        guard let tensor = self[name] else { throw .missingTensor(name, expected: shape) }
        guard tensor.shape == shape else { throw .wrongShape(tensor: name, expected: shape, found: tensor.shape) }
        guard tensor.isFinite else {
            throw .unusableValues(tensor: name, reason: "it holds an infinity or something that is not a number")
        }
        return tensor
    }
}
