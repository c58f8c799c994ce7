// Processes a recording through the same path as live audio, as fast as possible or in real time.

import AudioCore
import AudioInput
import Configuration
import Events
import System

/// Plays files (or standard input) through an engine and emits the events.
///
/// Everything except the sources is the same as in the daemon: ring, blocks, features, model and event code. Events
/// have no wall times, neither for files nor for standard input, because a recording has none. Two replays of the same
/// samples therefore give identical events, bit for bit.
public final class Replay {
    /// The reason why a source could not be played to its end.
    public struct Failure: Error, CustomStringConvertible {
        /// The message.
        public let description: String
    }

    private let engine: Engine

    /// Prepares a replay of the streams in `settings`; see `Engine`.
    public convenience init(_ settings: Settings, modelPath: String, realtime: Bool = false) throws(EngineError) {
        try self.init(settings, try EngineModels(settings, path: modelPath), realtime: realtime)
    }

    /// Prepares a replay with models that are already loaded.
    public init(_ settings: Settings, _ models: EngineModels, realtime: Bool = false) throws(EngineError) {
        engine = try Engine(settings, models, realtime: realtime, hasWall: false)
    }

    /// The first line of the replay.
    public var hello: Hello { engine.hello }

    /// Plays to the end, or until `isCancelled` returns true. Blocks the caller and calls `emit` on its thread.
    ///
    /// - Parameters:
    ///   - isCancelled: called every few milliseconds.
    ///   - progress: receives the seconds of audio analysed so far, in the stream that has advanced most.
    ///   - emit: receives `hello`, a snapshot, and then every event.
    public func run(
        isCancelled: () -> Bool = { false }, progress: (Double) -> Void = { _ in }, emit: (Event) -> Void
    ) throws {
        for event in engine.greeting { emit(event) }
        try engine.start()
        while !engine.isFinished && !isCancelled() {
            if !engine.drain(emit) { SystemClock.sleep(nanoseconds: 1_000_000) }
            progress(engine.seconds)
        }
        engine.stop(emit)
        progress(engine.seconds)
        if let failure = engine.failure { throw Failure(description: failure) }
    }
}
