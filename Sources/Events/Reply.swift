// The answer to a command.

import JSON

/// The answer to one command, in the order in which the commands came.
public struct Reply: Equatable, Sendable {
    /// How it went.
    public enum Outcome: Equatable, Sendable {
        /// Done; the members stand in the line after `ok`.
        case done([JSONValue.Member])
        /// Refused; a sentence that says why and what would be right.
        case refused(String)
    }

    /// The command's name as it was given; empty when the line was no command at all.
    public var command: String
    /// How it went.
    public var outcome: Outcome

    /// Creates an answer.
    public init(command: String, outcome: Outcome) {
        self.command = command
        self.outcome = outcome
    }
}
