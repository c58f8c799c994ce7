// A source of a recorder.

import Events

/// One source of a recorder, with its end of the queue. The recorder's thread owns it after the start.
public final class RecordedSource {
    /// Its name, which is part of the names of its sessions.
    let name: String
    /// The first line of its sessions; the streams are added as they appear.
    let hello: Hello
    /// Whether its audio has a wall time; the audio of a file has none.
    let hasWall: Bool
    var consumer: RecordConsumer
    private let isSplit: Bool

    /// Creates the description of a source.
    ///
    /// - Parameters:
    ///   - hello: the `hello` for a client that subscribes to this source only.
    ///   - isSplit: whether each channel is its own stream, named `name.1`, `name.2`, ...
    ///   - hasWall: whether its audio has a wall time.
    ///   - consumer: the recorder's end of the source's queue.
    public init(name: String, hello: Hello, isSplit: Bool, hasWall: Bool, consumer: consuming RecordConsumer) {
        self.name = name
        self.hello = hello
        self.isSplit = isSplit
        self.hasWall = hasWall
        self.consumer = consumer
    }

    func streamName(_ index: Int) -> String {
        isSplit ? "\(name).\(index + 1)" : name
    }
}
