// The declaration of a program and its verbs: plain data for the parser, help, completions and manual.

import Spelling

/// One verb of a program, or the whole program where it has no verbs.
public struct Verb: Sendable {
    /// The word on the command line.
    public let name: String
    /// Its description in one line, without the full stop.
    public let summary: String
    /// Whether help, manual and completions omit it; it still has its own `--help`.
    public let isHidden: Bool
    /// Further paragraphs for `--help` and the manual page.
    public let discussion: [String]
    /// Its options, except `--help`, which every verb has.
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

/// A program with its verbs.
public struct Program: Sendable {
    /// A further section of a manual page: a title and its entries.
    public struct Section: Sendable {
        let title: String
        let entries: [(term: String, text: String)]

        /// Declares a section of terms and their meanings.
        public init(_ title: String, _ entries: [(term: String, text: String)]) {
            self.title = title
            self.entries = entries
        }
    }

    /// The name of the executable.
    public let name: String
    /// Its version.
    public let version: String
    /// The build of that version, computed for `--version`; empty for none.
    let build: @Sendable () -> String
    /// Its description in one line, without the full stop.
    public let summary: String
    /// Paragraphs for the manual page.
    public let discussion: [String]
    /// Its verbs in the order of the help; empty for a program without verbs.
    public let verbs: [Verb]
    /// Options and operands of a program without verbs.
    public let options: [Option]
    /// FILES, ENVIRONMENT, EXAMPLES and similar sections.
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

    /// The result of parsing a command line.
    public enum Request: Sendable {
        /// Run this verb (for a program without verbs, the one named like the program).
        case run(Verb, Arguments)
        /// Print this text on standard output and exit with success.
        case show(String)
    }

    /// The verbs that help, manual and completions show.
    var shownVerbs: [Verb] { verbs.filter { !$0.isHidden } }

    /// The program itself as a verb, for options before the first verb.
    var itself: Verb {
        Verb(name, summary: summary, discussion: discussion, options: options + [.version])
    }

    /// Parses a command line, without the program's own name.
    public func parse(_ words: [String]) throws(UsageError) -> Request {
        guard !verbs.isEmpty else { return try parse(words[...], as: itself, path: name) }
        guard let first = words.first else {
            throw UsageError(
                program: name, "a verb is missing; the verbs are \(shownVerbs.map(\.name).joined(separator: ", "))")
        }
        if first.hasPrefix("-") { return try parse(words[...], as: itself, path: name) }
        guard let verb = verbs.first(where: { $0.name == first }) else {
            let hint =
                NearestName.nearest(to: first, among: shownVerbs.map(\.name)).map { "; did you mean '\($0)'?" } ?? ""
            throw UsageError(program: name, "unknown verb '\(first)'\(hint)")
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
