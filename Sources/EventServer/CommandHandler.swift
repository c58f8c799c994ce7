// What the owner of a server answers to its clients.

import Events

/// Answers the commands the server cannot answer itself. Called on the thread that runs `turn`, and must not block.
public protocol CommandHandler: AnyObject {
    /// Members of the `status` object: what a person wants to know about the daemon right now.
    func status() -> [JSONValue.Member]
    /// The daemon's own metrics in Prometheus text format, each line ended by a line feed.
    func metrics() -> String
    /// Sets a mark now in the stream, or in the first one. It publishes the `mark` event itself.
    func mark(text: String, stream: String?) -> Reply.Outcome
    /// Starts or stops a recording; `arguments` are the members of the command besides its name.
    func record(_ arguments: [JSONValue.Member]) -> Reply.Outcome
}
