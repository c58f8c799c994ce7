// What `session.json` says: what was recorded, when, with what, and where its times lie in the sound.

import Events

/// The facts of one session. `docs/recording.md` describes the file.
public struct SessionManifest: Equatable, Sendable {
    /// Version of the format of the file.
    public static let version = 1

    /// How far the session has come.
    public enum State: String, Sendable, CaseIterable {
        /// It is being recorded, or its recorder died.
        case open
        /// It was ended in order.
        case closed
        /// It was left open and mended later.
        case repaired
    }

    /// A file with some of the channels. FLAC holds eight, so a source with more has several, in step to the frame.
    public struct AudioFile: Equatable, Sendable {
        /// Name in the session's folder.
        public var name: String
        /// The source's channel that is the file's first, counted from 1.
        public var firstChannel: Int
        /// Channels in the file, 1...8.
        public var channels: Int

        /// Creates an entry.
        public init(name: String, firstChannel: Int, channels: Int) {
            self.name = name
            self.firstChannel = firstChannel
            self.channels = channels
        }
    }

    /// From here to the next anchor of the same stream, `audioFrame + (f - frame) * rate / streamRate` is the position in
    /// the sound of an event at frame f.
    public struct Anchor: Equatable, Sendable {
        /// The stream.
        public var stream: String
        /// A frame of the stream, as in events.
        public var frame: Int64
        /// The frame of the sound at which it was heard; negative when that was before the session began.
        public var audioFrame: Int64

        /// Creates an anchor.
        public init(stream: String, frame: Int64, audioFrame: Int64) {
            self.stream = stream
            self.frame = frame
            self.audioFrame = audioFrame
        }
    }

    /// Sound that is missing; silence of `frames` stands in its place.
    public struct Gap: Equatable, Sendable {
        /// Where the silence begins.
        public var audioFrame: Int64
        /// How long it is; 0 when it is not known how much is missing.
        public var frames: Int64
        /// A reason of `discontinuity` lines, or `disk` when the disk was too slow.
        public var reason: String

        /// Creates a gap.
        public init(audioFrame: Int64, frames: Int64, reason: String) {
            self.audioFrame = audioFrame
            self.frames = frames
            self.reason = reason
        }
    }

    /// A person's mark.
    public struct Mark: Equatable, Sendable {
        /// The stream it was put into.
        public var stream: String
        /// Its position in the sound.
        public var audioFrame: Int64
        /// What it says.
        public var text: String

        /// Creates a mark.
        public init(stream: String, audioFrame: Int64, text: String) {
            self.stream = stream
            self.audioFrame = audioFrame
            self.text = text
        }
    }

    /// How far it has come.
    public var state = State.open
    /// Program and version: "timbred 0.2.0".
    public var software = ""
    /// Which build of it; empty in sessions of programs that did not say.
    public var build = ""
    /// What a person calls the source: "alsa:hw:1".
    public var source = ""
    /// The streams that come of the source.
    public var streams: [String] = []
    /// Frames per second of the sound: the device's own rate.
    public var rate = 0
    /// Channels of the source: all that the device gave.
    public var channels = 0
    /// Frames of the sound; `nil` while the session is open.
    public var frames: Int64?
    /// The files that hold it.
    public var files: [AudioFile] = []
    /// When the first frame was heard; `nil` for a file, whose sounds have no wall time.
    public var start: WallTime?
    /// Folder name of the first part of the recording that this session belongs to: its own where it is the first.
    public var recording = ""
    /// The number of this part, from 1.
    public var part = 1
    /// Frames per second of `frame` in events, the model's rate.
    public var streamRate = 0
    /// Frames from one activity to the next.
    public var hop = 0
    /// The model, with the hash of its file.
    public var model: Hello.Model?
    /// Why it was begun: "asked", "always", "instrument violin", "level", "schedule".
    public var trigger = ""
    /// Why it was ended; `nil` while it is open.
    public var end: String?
    /// Where the streams' times lie in the sound, in order for each stream.
    public var anchors: [Anchor] = []
    /// What is missing.
    public var gaps: [Gap] = []
    /// What people noted.
    public var marks: [Mark] = []
    /// Samples that went beyond full scale and were clipped.
    public var clipped: Int64 = 0

    /// A manifest that says nothing yet.
    public init() {}

    /// Seconds of the sound; `nil` while the session is open.
    public var duration: Double? { frames.map { Double($0) / Double(max(1, rate)) } }

    /// The frame of the sound at which an event stands: the end of the audio that it is about.
    ///
    /// An event at the very frame of an anchor is about what was heard before it, for frames count the ends of hops; so
    /// `off` lines at a gap stand where the gap begins. `nil` for a stream without an anchor.
    public func audioFrame(of frame: Int64, stream: String) -> Int64? {
        var found: Anchor?
        for anchor in anchors where anchor.stream == stream {
            if found != nil, anchor.frame >= frame { break }
            found = anchor
        }
        guard let found, rate > 0, streamRate > 0 else { return nil }
        // Rounded to the nearest frame. Full width, because frames come from files and may be anything.
        let passed = (Double(frame) - Double(found.frame)) * Double(rate) / Double(streamRate)
        let position = (Double(found.audioFrame) + passed).rounded()
        return Int64(max(-9e15, min(9e15, position)))
    }

    /// The seconds of the sound at which an event stands; `nil` for lines that belong to no stream of the session.
    public func seconds(of event: Event) -> Double? {
        guard let position = event.position else { return nil }
        return audioFrame(of: position.time.frame, stream: position.stream).map { Double($0) / Double(rate) }
    }
}
