// A parameter with one value for all classes, or one value per class.

/// One number for all classes, or one for each: in JSON a number, or an array in the order of the classes.
public enum PerClass: Equatable, Sendable {
    /// One value for all classes.
    case all(Double)
    /// One value per class.
    case each([Double])

    /// Returns the number of the class at `index`, which must be a valid index of the model.
    public subscript(index: Int) -> Double {
        switch self {
        case .all(let value): value
        case .each(let values): values[index]
        }
    }

    /// The numbers in the order of the file.
    public var values: [Double] {
        switch self {
        case .all(let value): [value]
        case .each(let values): values
        }
    }

    /// The median over the classes, the upper of two middle values; 0 without classes.
    public var median: Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }
}

extension PerClass: Codable {
    /// Decodes a number or an array of numbers.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Double.self) {
            self = .all(value)
        } else if let values = try? container.decode([Double].self) {
            self = .each(values)
        } else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "it is neither a number nor an array of numbers")
        }
    }

    /// Encodes the same form that was decoded.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .all(let value): try container.encode(value)
        case .each(let values): try container.encode(values)
        }
    }
}

extension PerClass: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
    /// Creates one value for all classes.
    public init(floatLiteral value: Double) { self = .all(value) }
    /// Creates one value for all classes.
    public init(integerLiteral value: Int) { self = .all(Double(value)) }
    /// Creates one value per class.
    public init(arrayLiteral values: Double...) { self = .each(values) }
}
