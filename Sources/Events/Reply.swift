// The answer to a command.

import JSON

/// The reply to one command; replies are sent in the order of the commands.
public struct Reply: Equatable, Sendable {
    /// The result of the command.
    public enum Outcome: Equatable, Sendable {
        /// The command succeeded; the members are written in the line after `ok`.
        case done([JSONValue.Member])
        /// The command was refused; the message contains the reason and what would be accepted.
        case refused(String)
    }

    /// The command's name as received; empty when the line was not a command.
    public var command: String
    /// The result of the command.
    public var outcome: Outcome

    /// Creates a reply.
    public init(command: String, outcome: Outcome) {
        self.command = command
        self.outcome = outcome
    }
}
