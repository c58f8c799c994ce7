// Options of the verbs that process a whole set.

import CommandLine
import Evaluation
import FoundationEssentials

extension Option {
    static let jobs = Option(
        "jobs", short: "j", .integer("N", 1...256), help: "recordings at once; all cores without it")
    static let resume = Option(
        "resume", .file, help: "keep what was heard in this folder, and take from it what is there already")
    static let thresholds = Option("thresholds", .file, help: "take thresholds from this file of 'timbre tune'")
    static let collar = Option(
        "collar", .number("SECONDS", 0...60), help: "how far an onset or offset may be off; 0.2 without it")
    static let gap = Option(
        "gap", .number("SECONDS", 0...60), help: "shorter pauses of a reference belong to one event; 0.15 without it")
    static let quiet = Option("quiet", short: "q", help: "show no progress")
}

extension Operand {
    static let set = Operand(
        "SET", .file, help: "a manifest (a table audio,reference,labels) or a folder of recordings and references")
}

extension EvaluationSettings {
    /// Creates the settings from the options.
    init(_ arguments: Arguments) {
        self.init()
        if let collar = arguments.number("collar") {
            matching.onset = collar
            matching.offset?.minimum = collar
        }
        if let gap = arguments.number("gap") { self.gap = gap }
    }
}

extension Arguments {
    /// Number of recordings that are processed at once.
    var jobs: Int { integer("jobs") ?? max(1, ProcessInfo.processInfo.activeProcessorCount) }
}
