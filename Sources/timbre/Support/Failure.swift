// Why a verb could not do what was asked, and how the program ends then.

import CommandLine

/// A verb's end that is not success: what a person reads, and what a script reads.
struct Failure: Error, Equatable {
    /// A sentence with the remedy; empty where there is nothing to say.
    let sentence: String
    let code: ExitCode

    init(_ sentence: String, _ code: ExitCode) {
        self.sentence = sentence
        self.code = code
    }

    /// The reader of standard output closed it, as `head` does.
    static let readerGone = Failure("", .success)
}
