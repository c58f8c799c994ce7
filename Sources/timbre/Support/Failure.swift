// The reason why a verb failed, and the exit status of the program.

import CommandLine

/// The failure of a verb: a message for the user and an exit status for scripts.
struct Failure: Error, Equatable {
    /// A message with the remedy; empty where there is none.
    let sentence: String
    let code: ExitCode

    init(_ sentence: String, _ code: ExitCode) {
        self.sentence = sentence
        self.code = code
    }

    /// The reader closed standard output, as `head` does.
    static let readerGone = Failure("", .success)
}
