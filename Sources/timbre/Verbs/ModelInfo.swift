// `timbre model info`: prints the description of a model file.

import CommandLine
import Engine
import Features
import JSON
import Models

extension Command {
    static let model = Command(
        Verb(
            "model", summary: "show the classes, the structure and the origin of a model",
            options: [.model],
            operands: [Operand("WHAT", .choice(["info"]), help: "the action (default: info)", isOptional: true)])
    ) { arguments throws(Failure) in
        let path = try BundledFile.model.replaced(by: arguments.text("model"))
        switch try ModelTask(at: path) {
        case .frame:
            let file = try ModelFile(at: path)
            try show(
                facts(file, path: path), instruments: file.description.classes,
                thresholds: file.description.classes.indices.map { decision(file.description, $0) },
                provenance: file.description.provenance)
        case .clip:
            let file = try ClipModelFile(at: path)
            try show(
                facts(file, path: path), instruments: file.description.classes,
                thresholds: file.description.thresholds.map { "reported from \(fixed(Double($0), decimals: 3))" },
                provenance: file.description.provenance)
        }
    }

    /// Returns the decision parameters of one class: thresholds, and the other parameters that the model has per
    /// class.
    private static func decision(_ model: ModelDescription, _ index: Int) -> String {
        let on = fixed(Double(model.thresholds.on[index]), decimals: 3)
        let off = fixed(Double(model.thresholds.off[index]), decimals: 3)
        var text = "on \(on)  off \(off)"
        func add(_ name: String, _ setting: PerClass?, decimals: Int, unit: String = "") {
            guard let setting, case .each = setting else { return }
            text += "  \(name) \(fixed(setting[index], decimals: decimals))\(unit)"
        }
        add("minimum on", model.minimumOnMilliseconds, decimals: 0, unit: " ms")
        add("minimum off", model.minimumOffMilliseconds, decimals: 0, unit: " ms")
        add("temperature", model.temperature, decimals: 2)
        add("delay", model.delayMilliseconds, decimals: 0, unit: " ms")
        return text
    }

    private static func show(
        _ facts: [(String, String)], instruments: [InstrumentClass], thresholds: [String],
        provenance: [String: JSONValue]
    ) throws(Failure) {
        for (term, text) in facts { try Output.line(fitted(term, 14) + text) }
        try Output.line("")
        let width = instruments.map(\.rawValue.count).max() ?? 0
        for (instrument, threshold) in zip(instruments, thresholds) {
            try Output.line(
                "  \(fitted(instrument.rawValue, width))  \(fitted(instrument.family.rawValue, 11)) \(threshold)")
        }
        try Output.line("")
        for line in outline("provenance", .object(provenance.map { JSONValue.Member($0.key, $0.value) })) {
            try Output.line(line)
        }
    }

    /// Returns a value of the provenance as indented lines, sorted by name.
    private static func outline(_ name: String, _ value: JSONValue, indent: String = "") -> [String] {
        switch value {
        case .object(let members):
            let inner = members.sorted { $0.name < $1.name }.flatMap {
                outline($0.name, $0.value, indent: indent + "  ")
            }
            return inner.isEmpty ? [] : ["\(indent)\(name)"] + inner
        case .array(let elements):
            return ["\(indent)\(name)"] + elements.flatMap { outline("-", $0, indent: indent + "  ") }
        case .string(let text): return ["\(indent)\(name): \(text)"]
        case .number(let number): return ["\(indent)\(name): \(Int(exactly: number).map { "\($0)" } ?? "\(number)")"]
        case .bool(let flag): return ["\(indent)\(name): \(flag ? "yes" : "no")"]
        case .null: return ["\(indent)\(name): -"]
        }
    }

    private static func checksum(_ isSealed: Bool) -> String {
        isSealed ? "of the weights: valid" : "none: bit errors are not detected"
    }

    private static func facts(_ file: ModelFile, path: String) -> [(String, String)] {
        let description = file.description
        let front = description.frontEnd
        let model = FrameModel(file)
        let hop = Double(front.hop) / Double(front.sampleRate)
        return [
            ("name", description.name),
            ("file", path),
            ("sha256", file.sha256),
            ("checksum", checksum(file.isSealed)),
            (
                "input",
                "\(front.bins) bins from \(fixed(front.minimumFrequency, decimals: 2)) Hz, \(front.binsPerOctave) per "
                    + "octave" + (front.harmonics.map { ", \($0) harmonics" } ?? "")
            ),
            ("hop", "\(front.hop) samples at \(front.sampleRate) Hz, \(fixed(hop * 1000, decimals: 1)) ms"),
            ("context", "\(model.receptiveField) hops, \(fixed(Double(model.receptiveField) * hop, decimals: 2)) s"),
            ("parameters", "\(model.parameterCount), \(model.multiplyAdds) multiplications per hop"),
            ("smoothing", "\(fixed(description.smoothingMilliseconds, decimals: 0)) ms"),
            ("gate", "\(fixed(description.gateDecibels, decimals: 0)) dBFS"),
        ]
    }

    private static func facts(_ file: ClipModelFile, path: String) -> [(String, String)] {
        let description = file.description
        let patch = Double(ClipArchitecture.patchFrames * LogMel.hop) / Double(LogMel.sampleRate)
        return [
            ("name", description.name),
            ("file", path),
            ("sha256", file.sha256),
            ("checksum", checksum(file.isSealed)),
            ("network", description.architecture + (description.width.map { " of width \($0)" } ?? "")),
            ("input", "\(LogMel.bands) log-mel bands from 125 to 7500 Hz every 10 ms"),
            ("window", "\(fixed(Double(description.windowPatches) * patch, decimals: 2)) s"),
            ("work", "\(file.multiplyAdds) multiplications every \(fixed(patch, decimals: 2)) s"),
        ]
    }
}
