// Rebuilds a lost `session.json` from the other files of the session.

import AudioCore
import AudioFiles
import Events
import Glibc

extension SessionManifest {
    /// Creates the facts of a session whose `session.json` is empty, damaged or missing, from its lines and its audio.
    ///
    /// The first event of each stream is assumed to be at the beginning of the audio, which is accurate to the
    /// interval of the `activity` lines, usually a tenth of a second; after that, gaps are counted from the
    /// `discontinuity` lines. The session is open, as its recorder left it.
    init(rebuiltFrom events: SessionEvents, in folder: SessionFolder) throws(RecordingError) {
        guard case .hello(let hello)? = events.lines.first?.event.body else {
            throw .manifest(
                path: folder.manifest,
                problem: "is lost, and \(folder.events) does not begin with a hello line from which it could be rebuilt"
            )
        }
        self.init()
        software = hello.software
        build = hello.build
        source = hello.source
        streams = hello.streams
        streamRate = hello.rate
        hop = hello.hop
        model = hello.model
        recording = folder.name
        trigger = "unknown: session.json was lost"
        try takeFiles(of: folder)
        placeEvents(events.lines.map(\.event))
    }

    private mutating func takeFiles(of folder: SessionFolder) throws(RecordingError) {
        while channels < 64 {
            let name = channels == 0 ? "audio.flac" : "audio-\(channels + 1).flac"
            guard let format = FLACTail.format(path: "\(folder.path)/\(name)") else { break }
            rate = format.sampleRate
            files.append(.init(name: name, firstChannel: channels + 1, channels: format.channels))
            channels += format.channels
            // Only a file of eight channels is followed by another.
            guard format.channels == 8 else { break }
        }
        guard channels > 0 else {
            throw .manifest(
                path: folder.manifest, problem: "is lost, and \(folder.audio) has no header that specifies its format")
        }
    }

    private mutating func placeEvents(_ events: [Event]) {
        for event in events {
            guard let position = event.position else { continue }
            if !streams.contains(position.stream) { streams.append(position.stream) }
            guard let audioFrame = audioFrame(of: position.time.frame, stream: position.stream) else {
                anchors.append(.init(stream: position.stream, frame: position.time.frame, audioFrame: 0))
                if start == nil { start = position.time.wall }
                continue
            }
            guard case .discontinuity(let gap) = event.body, gap.lostSeconds > 0,
                gap.lostSeconds <= SourceRecorder.longestSilence
            else { continue }
            let missing = Int64(saturating: (gap.lostSeconds * Double(rate)).rounded())
            // Every stream of the source tells of it; what the analysis skipped is in the sound.
            if position.stream == streams.first, gap.reason != .overload {
                gaps.append(.init(audioFrame: audioFrame, frames: missing, reason: gap.reason.rawValue))
            }
            anchors.append(.init(stream: position.stream, frame: position.time.frame, audioFrame: audioFrame + missing))
        }
    }
}
