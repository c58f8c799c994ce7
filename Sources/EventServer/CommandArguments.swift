// The validated arguments of a command.

import Events
import JSON

/// The members of a command besides its name.
struct CommandArguments {
    let name: String
    let members: [JSONValue.Member]

    private func refusal(_ problem: String) -> Command.Refusal { .init(command: name, problem: problem) }

    /// Throws for arguments that the command does not have.
    func allow(_ known: [String]) throws(Command.Refusal) {
        for member in members where !known.contains(member.name) {
            throw refusal(
                "\"\(member.name)\" is not an argument of \(name): expected one of \(known.joined(separator: ", "))")
        }
    }

    func subscription(_ hello: Hello?) throws(Command.Refusal) -> Subscription {
        try allow(["types", "instruments", "streams", "minimum_confidence", "activity_rate"])
        var subscription = Subscription()
        if let names = try names("types", among: EventKind.allCases.filter(\.isSubscribable).map(\.rawValue)) {
            subscription.kinds = Set(names.compactMap(EventKind.init(rawValue:)))
        }
        subscription.instruments = try names("instruments", among: hello?.instruments.map(\.name))
        subscription.streams = try names("streams", among: hello?.streams)
        if let value = try number("minimum_confidence", 0...1) { subscription.minimumConfidence = Float(value) }
        if let value = try number("activity_rate", 0...1000) { subscription.activityRate = value }
        return subscription
    }

    func mark(_ hello: Hello?) throws(Command.Refusal) -> Command {
        guard let text = value("text")?.text, text.utf8.count <= Command.longestMark else {
            throw refusal("\"text\" must be a string of at most \(Command.longestMark) bytes")
        }
        guard let stream = value("stream") else { return .mark(text: text, stream: nil) }
        let known = hello?.streams ?? []
        guard let name = stream.text, known.contains(name) else {
            throw refusal("\"stream\" must be one of \(known.joined(separator: ", "))")
        }
        return .mark(text: text, stream: name)
    }

    private func value(_ name: String) -> JSONValue? {
        members.first { $0.name == name }?.value
    }

    /// - Parameter known: the names that there are; nil when nobody knows.
    private func names(_ argument: String, among known: [String]?) throws(Command.Refusal) -> Set<String>? {
        guard let value = value(argument) else { return nil }
        guard let names = value.elements?.map(\.text) else {
            throw refusal("\"\(argument)\" must be a list of strings")
        }
        var set: Set<String> = []
        for name in names {
            guard let name, known?.contains(name) ?? true else {
                throw refusal(
                    "\"\(argument)\" has \(name.map { "\"\($0)\"" } ?? "a value that is not a string"): "
                        + "expected one of \(known?.joined(separator: ", ") ?? "the daemon's")")
            }
            set.insert(name)
        }
        return set
    }

    private func number(_ argument: String, _ range: ClosedRange<Double>) throws(Command.Refusal) -> Double? {
        guard let value = value(argument) else { return nil }
        guard let number = value.double, range.contains(number) else {
            throw refusal("\"\(argument)\" must be a number from \(Int(range.lowerBound)) to \(Int(range.upperBound))")
        }
        return number
    }
}
