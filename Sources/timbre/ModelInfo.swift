// `timbre model info`: what a model file says about itself.

import CommandLine
import Engine
import Features
import Models

extension Command {
    static let model = Command(
        Verb(
            "model", summary: "show what a model can hear, how it is built and where it comes from",
            options: [.model],
            operands: [Operand("WHAT", .choice(["info"]), help: "what to do with it", isOptional: true)])
    ) { arguments throws(Failure) in
        let path = try BundledFile.model.replaced(by: arguments.text("model"))
        switch try ModelTask(at: path) {
        case .frame:
            let file = try ModelFile(at: path)
            let thresholds = file.description.thresholds
            try show(
                facts(file, path: path), instruments: file.description.classes,
                thresholds: zip(thresholds.on, thresholds.off).map { on, off in
                    "on \(fixed(Double(on), decimals: 3))  off \(fixed(Double(off), decimals: 3))"
                }, provenance: file.description.provenance)
        case .clip:
            let file = try ClipModelFile(at: path)
            try show(
                facts(file, path: path), instruments: file.description.classes,
                thresholds: file.description.thresholds.map { "reported from \(fixed(Double($0), decimals: 3))" },
                provenance: file.description.provenance)
        }
    }

    private static func show(
        _ facts: [(String, String)], instruments: [InstrumentClass], thresholds: [String],
        provenance: [String: Models.JSONValue]
    ) throws(Failure) {
        for (term, text) in facts { try Output.line(fitted(term, 14) + text) }
        try Output.line("")
        let width = instruments.map(\.rawValue.count).max() ?? 0
        for (instrument, threshold) in zip(instruments, thresholds) {
            try Output.line(
                "  \(fitted(instrument.rawValue, width))  \(fitted(instrument.family.rawValue, 11)) \(threshold)")
        }
        try Output.line("")
        for line in outline("provenance", .object(provenance)) { try Output.line(line) }
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

    private static func facts(_ file: ClipModelFile, path: String) -> [(String, String)] {
        let description = file.description
        let patch = Double(ClipArchitecture.patchFrames * LogMel.hop) / Double(LogMel.sampleRate)
        return [
            ("name", description.name),
            ("file", path),
            ("sha256", file.sha256),
            ("network", description.architecture.rawValue + (description.width.map { " of width \($0)" } ?? "")),
            ("hears", "\(LogMel.bands) log-mel bands from 125 to 7500 Hz every 10 ms"),
            ("window", "\(fixed(Double(description.windowPatches) * patch, decimals: 2)) s"),
            ("work", "\(file.multiplyAdds) multiplications every \(fixed(patch, decimals: 2)) s"),
        ]
    }
}
