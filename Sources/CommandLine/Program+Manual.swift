// The manual page in mdoc(7), generated from the program's declaration.

extension Program {
    /// Returns the complete page for section 1.
    /// - Parameter date: the date in the footer, as "November 21, 2026".
    public func manual(date: String) -> String {
        var page = ".\\\" Written by '\(name) help --man'; change the declarations instead.\n"
        page += ".Dd \(date)\n.Dt \(name.uppercased()) 1\n.Os\n.Sh NAME\n.Nm \(name)\n.Nd \(escaped(summary))\n"
        page += ".Sh SYNOPSIS\n"
        for verb in shownVerbs { page += ".Nm \(name) \(verb.name)\n" + synopsisArguments(of: verb) }
        page += ".Sh DESCRIPTION\n" + paragraphs(discussion)
        for verb in shownVerbs {
            page += ".Ss \(verb.name)\n" + paragraphs([verb.summary.firstUppercased + "."] + verb.discussion)
            page += list(
                verb.operands.map { (".Ar \($0.name)", $0.help) }
                    + verb.options.map { (flagMacro($0), $0.help) })
        }
        // mdoc's order of sections: files and environment, exit status, then examples.
        page += pageSections { $0 != "EXAMPLES" }
        page += ".Sh EXIT STATUS\nThe values of\n.Xr sysexits 3 :\n"
        page += list(ExitCode.allCases.map { (".Li \($0.rawValue)", $0.meaning) })
        page += pageSections { $0 == "EXAMPLES" }
        page += ".Sh SEE ALSO\n" + seeAlso.map { ".Xr \($0)" }.joined(separator: " ,\n") + "\n"
        return page
    }

    private func pageSections(_ isWanted: (String) -> Bool) -> String {
        sections.filter { isWanted($0.title) }.map { section in
            ".Sh \(section.title)\n" + list(section.entries.map { (".Li \(escaped($0.term))", $0.text) })
        }.joined()
    }

    private func synopsisArguments(of verb: Verb) -> String {
        let options = verb.options.map { ".Op " + flagMacro($0).dropFirst() + "\n" }
        let operands = verb.operands.map { operand in
            (operand.isOptional ? ".Op Ar " : ".Ar ") + operand.name + (operand.repeats ? " ...\n" : "\n")
        }
        return (options + operands).joined()
    }
}

/// For example ".Fl -model Ar FILE".
private func flagMacro(_ option: Option) -> String {
    ".Fl -\(option.name)" + (option.value.map { " Ar \($0.placeholder)" } ?? "")
}

private func list(_ entries: [(term: String, text: String)]) -> String {
    guard !entries.isEmpty else { return "" }
    let items = entries.map { ".It \($0.term.dropFirst())\n\(escaped($0.text.firstUppercased))\n" }
    return ".Bl -tag -width Ds\n" + items.joined() + ".El\n"
}

private func paragraphs(_ texts: [String]) -> String {
    texts.map(escaped).joined(separator: "\n.Pp\n") + "\n"
}

/// Writes one sentence per line. roff interprets a backslash anywhere and a leading dot or apostrophe.
private func escaped(_ text: String) -> String {
    let lines = text.replacing(". ", with: ".\n").split(separator: "\n").map { line in
        let body = line.reduce(into: "") { $0 += $1 == "\\" ? "\\e" : $1 == "-" ? "\\-" : String($1) }
        return body.hasPrefix(".") || body.hasPrefix("'") ? "\\&" + body : body
    }
    return lines.joined(separator: "\n")
}

extension String {
    fileprivate var firstUppercased: String { prefix(1).uppercased() + dropFirst() }
}
