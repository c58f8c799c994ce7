// A recording through the very path that live audio takes, as fast as it can or at its own speed.

import AudioCore
import AudioInput
import Configuration
import Events
import System

/// Plays files (or standard input) through an engine and hands out the events.
///
/// Everything but the sources is as in the daemon: the same ring, blocks, features, model and event code. Only wall
/// times are missing, for a recording's sounds have none, whether they come from a file or from standard input; so two
/// replays of the same samples give the same events, bit for bit.
public final class Replay {
    /// Why a source could not be played to its end.
    public struct Failure: Error, CustomStringConvertible {
        /// The sentence.
        public let description: String
    }

    private let engine: Engine

    /// Prepares a replay of the streams in `settings`; see `Engine`.
    public convenience init(_ settings: Settings, modelPath: String, realtime: Bool = false) throws(EngineError) {
        try self.init(settings, try EngineModels(settings, path: modelPath), realtime: realtime)
    }

    /// Prepares a replay through models that were loaded before.
    public init(_ settings: Settings, _ models: EngineModels, realtime: Bool = false) throws(EngineError) {
        engine = try Engine(settings, models, realtime: realtime, hasWall: false)
    }

    /// The first line of the replay.
    public var hello: Hello { engine.hello }

    /// Plays to the end, or until `isCancelled` says so. Blocks the caller, on whose thread the events come.
    ///
    /// - Parameters:
    ///   - isCancelled: asked every few milliseconds.
    ///   - progress: seconds of audio analysed so far, in the stream that is farthest.
    ///   - emit: gets hello, a snapshot, and then every event.
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
