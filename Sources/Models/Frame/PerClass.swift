// A setting that a model gives once for all classes, or for each class by itself.

/// One number for all classes, or one for each: in JSON a number, or an array in the order of the classes.
public enum PerClass: Equatable, Sendable {
    /// The same for every class.
    case all(Double)
    /// One a class.
    case each([Double])

    /// The number of the class at `index`, which must be one of the model's.
    public subscript(index: Int) -> Double {
        switch self {
        case .all(let value): value
        case .each(let values): values[index]
        }
    }

    /// The numbers as they stand in the file.
    public var values: [Double] {
        switch self {
        case .all(let value): [value]
        case .each(let values): values
        }
    }

    /// The median over the classes, the upper of two; 0 for no class.
    public var median: Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }
}

extension PerClass: Codable {
    /// Reads a number or an array of numbers.
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

    /// Writes it in the form in which it was read.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .all(let value): try container.encode(value)
        case .each(let values): try container.encode(values)
        }
    }
}

extension PerClass: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
    /// The same for every class.
    public init(floatLiteral value: Double) { self = .all(value) }
    /// The same for every class.
    public init(integerLiteral value: Int) { self = .all(Double(value)) }
    /// One a class.
    public init(arrayLiteral values: Double...) { self = .each(values) }
}
