// Completion scripts for bash, zsh and fish, generated from the program's declaration.

/// A shell with completion scripts.
public enum Shell: String, CaseIterable, Sendable {
    case bash, zsh, fish
}

extension Program {
    /// Returns the script with which `shell` completes this program's verbs, options and values.
    public func completions(for shell: Shell) -> String {
        switch shell {
        case .bash: bash
        case .zsh: zsh
        case .fish: fish
        }
    }

    /// The verbs of the program; the program itself where it has none.
    private var parts: [Verb] { verbs.isEmpty ? [itself] : shownVerbs }

    private var bash: String {
        var text = """
            # bash completion for \(name); written by '\(name) completions bash'
            _\(name)() {
                local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} verb=\(verbs.isEmpty ? name : "${COMP_WORDS[1]}")
                # bash splits --name=value into three words
                if [[ $cur == "=" ]]; then cur=""; elif [[ $prev == "=" ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi
                local head=""; [[ $cur == *,* ]] && head=${cur%,*},
                COMPREPLY=()

            """
        if !verbs.isEmpty {
            let words = (shownVerbs.map(\.name) + itself.allOptions.map { "--\($0.name)" }).joined(separator: " ")
            text +=
                "    if [[ $COMP_CWORD == 1 ]]; then COMPREPLY=($(compgen -W \"\(words)\" -- \"$cur\")); return; fi\n"
        }
        text += "    case $verb,$prev in\n"
        for verb in parts {
            for option in verb.options {
                guard let value = option.value else { continue }
                let spellings = ["--\(option.name)"] + (option.short.map { ["-\($0)"] } ?? [])
                let pattern = spellings.map { "\(verb.name),\($0)" }.joined(separator: "|")
                text += "        \(pattern)) \(value.bash); return ;;\n"
            }
        }
        text += "    esac\n    case $verb in\n"
        for verb in parts {
            let options = verb.allOptions.map { "--\($0.name)" }.joined(separator: " ")
            text +=
                "        \(verb.name)) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W \"\(options)\" -- \"$cur\"))"
            if let operand = verb.operands.first { text += "; else \(operand.value.bash)" }
            text += "; fi ;;\n"
        }
        return text + "    esac\n}\ncomplete -F _\(name) \(name)\n"
    }

    private var zsh: String {
        var text = "#compdef \(name)\n# zsh completion for \(name); written by '\(name) completions zsh'\n"
        if verbs.isEmpty {
            text += "_arguments -s" + zshSpecifications(of: itself) + "\n"
            return text
        }
        let listed = shownVerbs.map { "'\($0.name):\(quoted($0.summary))'" }.joined(separator: "\n        ")
        text += """
            _\(name)() {
                local context state state_descr line
                typeset -A opt_args
                local -a verbs=(
                    \(listed)
                )
                _arguments -C \(itself.allOptions.map { "'--\($0.name)[\(quoted($0.help))]'" }.joined(separator: " ")) \\
                    '1: :->verb' '*:: :->rest'
                case $state in
                    verb) _describe verb verbs ;;
                    rest)
                        case $words[1] in

            """
        for verb in shownVerbs {
            text += "                \(verb.name)) _arguments -s" + zshSpecifications(of: verb) + " ;;\n"
        }
        return text + "            esac ;;\n    esac\n}\n_\(name) \"$@\"\n"
    }

    private func zshSpecifications(of verb: Verb) -> String {
        var text = ""
        for option in verb.allOptions {
            let value = option.value.map { ":\($0.placeholder):\($0.zsh)" } ?? ""
            let equals = option.value == nil ? "" : "="
            let body = "[\(quoted(option.help))]\(value)'"
            if let short = option.short {
                text += " \\\n            '(-\(short) --\(option.name))'{-\(short),--\(option.name)\(equals)}'\(body)"
            } else {
                text += " \\\n            '--\(option.name)\(equals)\(body)"
            }
        }
        for operand in verb.operands {
            let prefix = operand.repeats ? "*:" : operand.isOptional ? "::" : ":"
            text += " \\\n            '\(prefix)\(operand.name):\(operand.value.zsh)'"
        }
        return text
    }

    private var fish: String {
        var text = "# fish completion for \(name); written by '\(name) completions fish'\ncomplete -c \(name) -f\n"
        for option in itself.allOptions where !verbs.isEmpty {
            text += "complete -c \(name) -n __fish_use_subcommand -l \(option.name) -d '\(quoted(option.help))'\n"
        }
        for verb in parts {
            var condition = ""
            if !verbs.isEmpty {
                text += "complete -c \(name) -n __fish_use_subcommand -a \(verb.name) -d '\(quoted(verb.summary))'\n"
                condition = "-n '__fish_seen_subcommand_from \(verb.name)' "
            }
            for option in verb.allOptions {
                let short = option.short.map { "-s \($0) " } ?? ""
                let value = option.value.map { " -x -a \($0.fish)" } ?? ""
                text +=
                    "complete -c \(name) \(condition)\(short)-l \(option.name) -d '\(quoted(option.help))'\(value)\n"
            }
            if let operand = verb.operands.first {
                text += "complete -c \(name) \(condition)-a \(operand.value.fish)\n"
            }
        }
        return text
    }
}

extension ValueKind {
    fileprivate var bash: String {
        switch self {
        case .file: "compopt -o filenames; COMPREPLY=($(compgen -f -- \"$cur\"))"
        case .choice(let words): "COMPREPLY=($(compgen -W \"\(words.joined(separator: " "))\" -- \"$cur\"))"
        case .list(_, let words), .openList(_, let words):
            "compopt -o nospace; COMPREPLY=($(compgen -P \"$head\" -W \"\(words.joined(separator: " "))\" -- \"${cur##*,}\"))"
        case .text, .number, .integer: ":"
        }
    }

    fileprivate var zsh: String {
        switch self {
        case .file: "_files"
        case .choice(let words): "(\(words.joined(separator: " ")))"
        case .list(_, let words), .openList(_, let words): "_sequence compadd - \(words.joined(separator: " "))"
        case .text, .number, .integer: " "
        }
    }

    fileprivate var fish: String {
        switch self {
        case .file: "'(__fish_complete_path)'"
        case .choice(let words): "'\(words.joined(separator: " "))'"
        case .list(_, let words), .openList(_, let words): "'(__fish_append , \(words.joined(separator: " ")))'"
        case .text, .number, .integer: "''"
        }
    }
}

/// Escapes `text` for use inside single quotes and brackets of all three shells.
private func quoted(_ text: String) -> String {
    text.reduce(into: "") { result, character in
        switch character {
        case "'": result += "’"
        case "[": result += "("
        case "]": result += ")"
        case ":": result += ";"
        default: result.append(character)
        }
    }
}
