// The declaration of a program and its verbs: plain data that the parser, help, completions and manual read.

import Spelling

/// One verb of a program, or the whole program where it has no verbs.
public struct Verb: Sendable {
    /// The word a person types.
    public let name: String
    /// What it does in one line, without the full stop.
    public let summary: String
    /// Whether help, manual and completions leave it out; it has a `--help` of its own.
    public let isHidden: Bool
    /// More, for `--help` and the manual page; each element is a paragraph.
    public let discussion: [String]
    /// Its options, `--help` excepted, which every verb has.
    public let options: [Option]
    /// Its positional arguments in order.
    public let operands: [Operand]

    /// Declares a verb.
    public init(
        _ name: String, summary: String, isHidden: Bool = false, discussion: [String] = [], options: [Option] = [],
        operands: [Operand] = []
    ) {
        self.name = name
        self.summary = summary
        self.isHidden = isHidden
        self.discussion = discussion
        self.options = options
        self.operands = operands
    }

    var allOptions: [Option] { options + [.help] }
}

/// A program as its user sees it.
public struct Program: Sendable {
    /// What a manual page shows besides the verbs: a title and its entries.
    public struct Section: Sendable {
        let title: String
        let entries: [(term: String, text: String)]

        /// Declares a section of terms and what they mean.
        public init(_ title: String, _ entries: [(term: String, text: String)]) {
            self.title = title
            self.entries = entries
        }
    }

    /// The name of the executable.
    public let name: String
    /// Its version.
    public let version: String
    /// Which build of that version it is, computed when `--version` asks; empty for none.
    let build: @Sendable () -> String
    /// What it is, in one line without the full stop.
    public let summary: String
    /// Paragraphs for the manual page.
    public let discussion: [String]
    /// Its verbs in the order help shows them; empty for a program without verbs.
    public let verbs: [Verb]
    /// Options and operands of a program without verbs.
    public let options: [Option]
    /// FILES, ENVIRONMENT, EXAMPLES and the like.
    public let sections: [Section]
    /// Other manual pages, as "timbred 8".
    public let seeAlso: [String]

    /// Declares a program.
    public init(
        name: String, version: String, build: @escaping @Sendable () -> String = { "" }, summary: String,
        discussion: [String] = [], verbs: [Verb] = [],
        options: [Option] = [], sections: [Section] = [], seeAlso: [String] = []
    ) {
        self.name = name
        self.version = version
        self.build = build
        self.summary = summary
        self.discussion = discussion
        self.verbs = verbs
        self.options = options
        self.sections = sections
        self.seeAlso = seeAlso
    }

    /// What a command line asks for.
    public enum Request: Sendable {
        /// Run this verb (for a program without verbs, the one named like the program).
        case run(Verb, Arguments)
        /// Print this on standard output and end well.
        case show(String)
    }

    /// The verbs that help, manual and completions show.
    var shownVerbs: [Verb] { verbs.filter { !$0.isHidden } }

    /// The program itself seen as a verb, for what stands before the first verb.
    var itself: Verb {
        Verb(name, summary: summary, discussion: discussion, options: options + [.version])
    }

    /// Reads a command line, the program's own name excluded.
    public func parse(_ words: [String]) throws(UsageError) -> Request {
        guard !verbs.isEmpty else { return try parse(words[...], as: itself, path: name) }
        guard let first = words.first else {
            throw UsageError(program: name, "say what to do: \(shownVerbs.map(\.name).joined(separator: ", "))")
        }
        if first.hasPrefix("-") { return try parse(words[...], as: itself, path: name) }
        guard let verb = verbs.first(where: { $0.name == first }) else {
            let hint =
                NearestName.nearest(to: first, among: shownVerbs.map(\.name)).map { "; did you mean '\($0)'?" } ?? ""
            throw UsageError(program: name, "there is no verb '\(first)'\(hint)")
        }
        return try parse(words.dropFirst(), as: verb, path: "\(name) \(verb.name)")
    }

    private func parse(_ words: ArraySlice<String>, as verb: Verb, path: String) throws(UsageError) -> Request {
        let arguments = try Arguments(words, of: verb, path: path)
        if arguments.flag("help") { return .show(verb.name == name ? help : help(for: verb)) }
        if arguments.flag("version") { return .show("\(name) \(version)\(build().isEmpty ? "" : " (\(build()))")\n") }
        if verb.name == name, !verbs.isEmpty { return .show(help) }
        try arguments.checkOperands(of: verb, path: path)
        return .run(verb, arguments)
    }
}
