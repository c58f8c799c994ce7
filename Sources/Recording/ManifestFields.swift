// Typed access to the members of `session.json`.

import Events
import JSON

/// The members of one object of the file, read by name and type; errors name the wrong member.
struct ManifestFields {
    private let value: JSONValue
    private let path: String

    init(_ value: JSONValue, path: String) {
        self.value = value
        self.path = path
    }

    /// Returns the error for a member with a wrong type or value.
    func wrong(_ name: String, _ wanted: String) -> RecordingError {
        .manifest(path: path, problem: "its member \"\(name)\" must be \(wanted)")
    }

    private func read<Value>(
        _ name: String, _ wanted: String, _ convert: (JSONValue) -> Value?
    ) throws(RecordingError) -> Value {
        guard let member = value[name], let converted = convert(member) else { throw wrong(name, wanted) }
        return converted
    }

    func text(_ name: String) throws(RecordingError) -> String { try read(name, "a string", \.text) }
    func frame(_ name: String) throws(RecordingError) -> Int64 { try read(name, "a whole number", \.integer) }

    func whole(_ name: String, _ range: ClosedRange<Int>) throws(RecordingError) -> Int {
        try read(name, "a whole number from \(range.lowerBound) to \(range.upperBound)") { member in
            member.integer.flatMap { range.contains(Int($0)) ? Int($0) : nil }
        }
    }

    func texts(_ name: String) throws(RecordingError) -> [String] {
        try read(name, "a list of strings") { member in
            member.elements.flatMap { elements in
                let texts = elements.compactMap(\.text)
                return texts.count == elements.count ? texts : nil
            }
        }
    }

    func object(_ name: String) throws(RecordingError) -> ManifestFields {
        ManifestFields(try read(name, "an object") { $0.members == nil ? nil : $0 }, path: path)
    }

    func has(_ name: String) -> Bool { value[name] != nil }
    func isNull(_ name: String) -> Bool { value[name] == .null }

    func list<Element>(
        _ name: String, _ convert: (ManifestFields) throws(RecordingError) -> Element
    ) throws(RecordingError) -> [Element] {
        var list: [Element] = []
        for element in try read(name, "a list", \.elements) { list.append(try convert(.init(element, path: path))) }
        return list
    }
}
