// The contents of `session.json`: source, times and model of a recording, and the positions of its streams in the
// audio.

import Events

/// The facts of one session. `docs/recording.md` describes the file.
public struct SessionManifest: Equatable, Sendable {
    /// Version of the format of the file.
    public static let version = 1

    /// The state of a session.
    public enum State: String, Sendable, CaseIterable {
        /// It is being recorded, or its recorder died.
        case open
        /// It was ended properly.
        case closed
        /// It was left open and repaired later.
        case repaired
    }

    /// A file with some of the channels. FLAC holds eight, so a source with more has several files with identical
    /// frame positions.
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

    /// From this anchor to the next one of the same stream, an event at frame f is at position `audioFrame + (f -
    /// frame) * rate / streamRate` of the audio.
    public struct Anchor: Equatable, Sendable {
        /// The stream.
        public var stream: String
        /// A frame of the stream, as in events.
        public var frame: Int64
        /// The frame of the audio that corresponds to `frame`; negative when it lies before the session's beginning.
        public var audioFrame: Int64

        /// Creates an anchor.
        public init(stream: String, frame: Int64, audioFrame: Int64) {
            self.stream = stream
            self.frame = frame
            self.audioFrame = audioFrame
        }
    }

    /// Missing audio, replaced by silence of `frames`.
    public struct Gap: Equatable, Sendable {
        /// The position at which the silence begins.
        public var audioFrame: Int64
        /// Its length; 0 when it is not known how much is missing.
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

    /// A user's mark.
    public struct Mark: Equatable, Sendable {
        /// The stream of the mark.
        public var stream: String
        /// Its position in the audio.
        public var audioFrame: Int64
        /// Its text.
        public var text: String

        /// Creates a mark.
        public init(stream: String, audioFrame: Int64, text: String) {
            self.stream = stream
            self.audioFrame = audioFrame
            self.text = text
        }
    }

    /// The state of the session.
    public var state = State.open
    /// Program and version: "timbred 0.2.0".
    public var software = ""
    /// Build of the program; empty in sessions of programs that did not record it.
    public var build = ""
    /// The specification of the source: "alsa:hw:1".
    public var source = ""
    /// The streams of the source.
    public var streams: [String] = []
    /// Frames per second of the audio: the device's own rate.
    public var rate = 0
    /// Channels of the source: all channels that the device delivered.
    public var channels = 0
    /// Frames of the audio; `nil` while the session is open.
    public var frames: Int64?
    /// The audio files.
    public var files: [AudioFile] = []
    /// Wall time of the first frame; `nil` for a file, which has no wall time.
    public var start: WallTime?
    /// Folder name of the first part of the recording to which this session belongs: its own name where it is the
    /// first part.
    public var recording = ""
    /// The number of this part, counted from 1.
    public var part = 1
    /// Frames per second of `frame` in events, the model's rate.
    public var streamRate = 0
    /// Frames from one activity to the next.
    public var hop = 0
    /// The model, with the hash of its file.
    public var model: Hello.Model?
    /// The cause of the recording: "asked", "always", "instrument violin", "level", "schedule".
    public var trigger = ""
    /// The reason for the end; `nil` while the session is open.
    public var end: String?
    /// The positions of the streams in the audio, in order for each stream.
    public var anchors: [Anchor] = []
    /// The missing parts of the audio.
    public var gaps: [Gap] = []
    /// The users' marks.
    public var marks: [Mark] = []
    /// Number of samples that exceeded full scale and were clipped.
    public var clipped: Int64 = 0

    /// Creates an empty manifest.
    public init() {}

    /// Seconds of the audio; `nil` while the session is open.
    public var duration: Double? { frames.map { Double($0) / Double(max(1, rate)) } }

    /// Returns the frame of the audio at which an event lies: the end of the audio to which it refers.
    ///
    /// An event at the frame of an anchor refers to the audio before it, because frames count the ends of hops; `off`
    /// lines at a gap are therefore at the beginning of the gap. Returns `nil` for a stream without an anchor.
    public func audioFrame(of frame: Int64, stream: String) -> Int64? {
        var found: Anchor?
        for anchor in anchors where anchor.stream == stream {
            if found != nil, anchor.frame >= frame { break }
            found = anchor
        }
        guard let found, rate > 0, streamRate > 0 else { return nil }
        // Rounded to the nearest frame. The arithmetic uses the full width, because frames come from files and may
        // have any value.
        let passed = (Double(frame) - Double(found.frame)) * Double(rate) / Double(streamRate)
        let position = (Double(found.audioFrame) + passed).rounded()
        return Int64(max(-9e15, min(9e15, position)))
    }

    /// Returns the position of an event in seconds of the audio; `nil` for lines that belong to no stream of the
    /// session.
    public func seconds(of event: Event) -> Double? {
        guard let position = event.position else { return nil }
        return audioFrame(of: position.time.frame, stream: position.stream).map { Double($0) / Double(rate) }
    }
}
