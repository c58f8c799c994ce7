// The text of --help.

extension Program {
    /// `timbre --help`.
    public var help: String {
        guard !verbs.isEmpty else { return help(for: itself) }
        var text = "\(name): \(summary).\n\nUsage: \(name) VERB [OPTION...] [ARGUMENT...]\n\nVerbs:\n"
        text += columns(shownVerbs.map { ($0.name, $0.summary) })
        text += "\nOptions:\n" + columns(itself.allOptions.map { ($0.shown, $0.help) })
        text += "\n'\(name) VERB --help' shows the help of a verb.\n"
        return text
    }

    /// `timbre replay --help`.
    public func help(for verb: Verb) -> String {
        var text = "\(verb.name == name ? name : "\(name) \(verb.name)"): \(verb.summary).\n\n"
        text += "Usage: \(synopsis(of: verb))\n"
        for paragraph in verb.discussion { text += "\n" + wrapped(paragraph, width: 78, indent: 0) + "\n" }
        if !verb.operands.isEmpty {
            text += "\nArguments:\n" + columns(verb.operands.map { ($0.name, $0.help) })
        }
        text += "\nOptions:\n" + columns(verb.allOptions.map { ($0.shown, $0.help) })
        return text
    }

    func synopsis(of verb: Verb) -> String {
        var words = verb.name == name ? [name] : [name, verb.name]
        if !verb.options.isEmpty { words.append("[OPTION...]") }
        return (words + verb.operands.map(\.synopsis)).joined(separator: " ")
    }
}

extension Option {
    /// For example "-m, --model FILE"; long names are aligned in one column.
    var shown: String {
        let long = "--\(name)" + (value.map { " \($0.placeholder)" } ?? "")
        return short.map { "-\($0), \(long)" } ?? "    " + long
    }
}

/// Formats two columns, the second wrapped; a long first entry has a separate line.
private func columns(_ rows: [(String, String)]) -> String {
    let width = min(26, rows.map(\.0.count).max() ?? 0)
    return rows.map { term, text in
        let body = wrapped(text, width: 78, indent: width + 4)
        let head = "  " + term
        return term.count > width
            ? head + "\n" + String(repeating: " ", count: width + 4) + body + "\n"
            : head + String(repeating: " ", count: width + 2 - term.count) + body + "\n"
    }.joined()
}

/// Breaks `text` at spaces so that no line exceeds `width`; lines after the first start with `indent` spaces.
private func wrapped(_ text: String, width: Int, indent: Int) -> String {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
        if !line.isEmpty, indent + line.count + 1 + word.count > width {
            lines.append(line)
            line = ""
        }
        line += (line.isEmpty ? "" : " ") + word
    }
    lines.append(line)
    return lines.joined(separator: "\n" + String(repeating: " ", count: indent))
}
