// Parses the words of a command line according to a verb's declaration.

import Spelling

/// An invalid command line, as a message that refers to the help.
public struct UsageError: Error, Equatable, CustomStringConvertible, Sendable {
    /// The message.
    public let description: String

    init(program: String, _ problem: String) {
        description = "\(program): \(problem)\nTry '\(program) --help'."
    }
}

/// The options and operands of a command line, each value already checked against its kind.
public struct Arguments: Equatable, Sendable {
    private var values: [String: String] = [:]
    /// The positional arguments in order.
    public private(set) var operands: [String] = []

    /// Whether the flag was given.
    public func flag(_ name: String) -> Bool { values[name] != nil }

    /// The value of an option; the last one where it was given several times.
    public func text(_ name: String) -> String? { values[name] }

    /// The value of a `.number` option.
    public func number(_ name: String) -> Double? { values[name].flatMap(Double.init) }

    /// The value of an `.integer` option.
    public func integer(_ name: String) -> Int? { values[name].flatMap(Int.init) }

    /// The words of a `.list` or `.openList` option.
    public func list(_ name: String) -> [String]? { values[name].map(commaSeparated) }

    /// - Parameter path: program and verb, for messages: "timbre replay".
    init(_ words: ArraySlice<String>, of verb: Verb, path: String) throws(UsageError) {
        var rest = words
        while let word = rest.popFirst() {
            if word == "--" {
                operands += rest
                break
            } else if word.hasPrefix("--") {
                try takeLong(word.dropFirst(2), &rest, verb, path)
            } else if word.hasPrefix("-"), word != "-" {
                try takeShort(word.dropFirst(), &rest, verb, path)
            } else {
                operands.append(word)
            }
        }
    }

    private mutating func takeLong(
        _ word: Substring, _ rest: inout ArraySlice<String>, _ verb: Verb, _ path: String
    ) throws(UsageError) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard let option = verb.allOptions.first(where: { $0.name == name }) else {
            let hint =
                NearestName.nearest(to: name, among: verb.allOptions.map(\.name)).map { "; did you mean '--\($0)'?" }
                ?? ""
            throw UsageError(program: path, "unknown option '--\(name)'\(hint)")
        }
        try set(option, inline: parts.count == 2 ? String(parts[1]) : nil, &rest, path)
    }

    private mutating func takeShort(
        _ letters: Substring, _ rest: inout ArraySlice<String>, _ verb: Verb, _ path: String
    ) throws(UsageError) {
        var letters = letters
        while let letter = letters.popFirst() {
            guard let option = verb.allOptions.first(where: { $0.short == letter }) else {
                throw UsageError(program: path, "unknown option '-\(letter)'")
            }
            let inline = option.value != nil && !letters.isEmpty ? String(letters) : nil
            try set(option, inline: inline, &rest, path)
            if inline != nil { return }
        }
    }

    /// - Parameter inline: the part of the same word after "=" or the letter.
    private mutating func set(
        _ option: Option, inline: String?, _ rest: inout ArraySlice<String>, _ path: String
    ) throws(UsageError) {
        guard let kind = option.value else {
            if inline != nil { throw UsageError(program: path, "--\(option.name) takes no value") }
            values[option.name] = ""
            return
        }
        // A word with two dashes is the next option, which means that the value is missing; with "=" it can be a
        // value.
        let following = rest.first.flatMap { $0.hasPrefix("--") ? nil : $0 }
        guard let value = inline ?? following else {
            throw UsageError(program: path, "--\(option.name) requires a value: \(kind.placeholder)")
        }
        if inline == nil { rest.removeFirst() }
        if let wanted = kind.objection(to: value) {
            throw UsageError(program: path, "--\(option.name) requires \(wanted), not '\(value)'")
        }
        values[option.name] = value
    }

    func checkOperands(of verb: Verb, path: String) throws(UsageError) {
        if let missing = verb.operands.dropFirst(operands.count).first(where: { !$0.isOptional }) {
            throw UsageError(program: path, "\(missing.name) is missing: \(missing.help)")
        }
        for (index, given) in operands.enumerated() {
            let last = verb.operands.last.flatMap { $0.repeats ? $0 : nil }
            guard let operand = index < verb.operands.count ? verb.operands[index] : last else {
                throw UsageError(program: path, "unexpected argument '\(given)'")
            }
            if let wanted = operand.value.objection(to: given) {
                throw UsageError(program: path, "\(operand.name) requires \(wanted), not '\(given)'")
            }
        }
    }
}
