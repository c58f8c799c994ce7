// Options of the verbs that process a whole set.

import CommandLine
import Evaluation
import FoundationEssentials

extension Option {
    static let jobs = Option(
        "jobs", short: "j", .integer("N", 1...256), help: "recordings to process in parallel (default: all cores)")
    static let resume = Option(
        "resume", .file, help: "store the transcripts in this folder, and reuse those that it contains")
    static let thresholds = Option("thresholds", .file, help: "read thresholds from this file of 'timbre tune'")
    static let collar = Option(
        "collar", .number("SECONDS", 0...60), help: "tolerance for onsets and offsets (default: 0.2)")
    static let gap = Option(
        "gap", .number("SECONDS", 0...60), help: "merge events of a reference across shorter pauses (default: 0.15)")
    static let quiet = Option("quiet", short: "q", help: "do not show progress")
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
