// `timbre model info`: what a model file says about itself.

import CommandLine
import Engine
import Models

extension Command {
    static let model = Command(
        Verb(
            "model", summary: "show what a model can hear, how it is built and where it comes from",
            options: [.model],
            operands: [Operand("WHAT", .choice(["info"]), help: "what to do with it", isOptional: true)])
    ) { arguments throws(Failure) in
        let path = try BundledFile.model.replaced(by: arguments.text("model"))
        let file = try ModelFile(at: path)
        for (term, text) in facts(file, path: path) { try Output.line(fitted(term, 14) + text) }
        try Output.line("")
        let description = file.description
        let width = description.classes.map(\.rawValue.count).max() ?? 0
        for (index, instrument) in description.classes.enumerated() {
            let on = fixed(Double(description.thresholds.on[index]), decimals: 3)
            let off = fixed(Double(description.thresholds.off[index]), decimals: 3)
            try Output.line(
                "  \(fitted(instrument.rawValue, width))  \(fitted(instrument.family.rawValue, 11)) on \(on)  off \(off)"
            )
        }
        try Output.line("")
        for line in outline("provenance", .object(description.provenance)) { try Output.line(line) }
    }

    /// A value of the provenance as indented lines, names in order.
    private static func outline(_ name: String, _ value: Models.JSONValue, indent: String = "") -> [String] {
        switch value {
        case .object(let members):
            let inner = members.sorted { $0.key < $1.key }.flatMap { outline($0.key, $0.value, indent: indent + "  ") }
            return inner.isEmpty ? [] : ["\(indent)\(name)"] + inner
        case .array(let elements):
            return ["\(indent)\(name)"] + elements.flatMap { outline("-", $0, indent: indent + "  ") }
        case .string(let text): return ["\(indent)\(name): \(text)"]
        case .number(let number): return ["\(indent)\(name): \(Int(exactly: number).map { "\($0)" } ?? "\(number)")"]
        case .bool(let flag): return ["\(indent)\(name): \(flag ? "yes" : "no")"]
        case .null: return ["\(indent)\(name): -"]
        }
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
            (
                "hears",
                "\(front.bins) bins from \(fixed(front.minimumFrequency, decimals: 2)) Hz, \(front.binsPerOctave) an "
                    + "octave" + (front.harmonics.map { ", \($0) harmonics" } ?? "")
            ),
            ("hop", "\(front.hop) samples at \(front.sampleRate) Hz, \(fixed(hop * 1000, decimals: 1)) ms"),
            ("looks back", "\(model.receptiveField) hops, \(fixed(Double(model.receptiveField) * hop, decimals: 2)) s"),
            ("parameters", "\(model.parameterCount), \(model.multiplyAdds) multiplications a hop"),
            ("smoothing", "\(fixed(description.smoothingMilliseconds, decimals: 0)) ms"),
            ("gate", "\(fixed(description.gateDecibels, decimals: 0)) dBFS"),
        ]
    }
}
