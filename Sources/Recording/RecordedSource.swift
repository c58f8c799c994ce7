// A source that a recorder records.

import Events

/// One source of a recorder, with the end of its queue. It goes to the recorder's thread.
public final class RecordedSource {
    /// Its name, which its sessions bear.
    let name: String
    /// The first line of its sessions; the streams are added as they appear.
    let hello: Hello
    /// Whether its sounds have a wall time; those of a file have none.
    let hasWall: Bool
    var consumer: RecordConsumer
    private let isSplit: Bool

    /// Describes a source.
    ///
    /// - Parameters:
    ///   - hello: what a client gets that wants this source alone.
    ///   - isSplit: whether each channel is a stream of its own, called `name.1`, `name.2`, ...
    ///   - hasWall: whether its sounds have a wall time.
    ///   - consumer: where they come.
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
