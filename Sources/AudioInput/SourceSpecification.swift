// The name of a source as it is written in a configuration or on a command line.

import AudioCore

/// A source by name. `init(_:)` reads it, `description` writes it, `make` builds it.
public enum SourceSpecification: Equatable, Sendable {
    /// An ALSA PCM: "alsa:hw:CARD=PCH,DEV=0"; "alsa:" is the PCM called "default".
    case alsa(pcm: String)
    /// A PulseAudio source: "pulse:NAME"; nil ("pulse:") is the server's default source.
    case pulse(source: String?)
    /// An audio file: "file:PATH", or a bare path.
    case file(path: String)
    /// Raw PCM on standard input: "stdin:s16le:44100:2"; "-" stands for that.
    case stdin(RawEncoding, AudioFormat)
    /// A test tone: "tone:440", "tone:440:-20" (peak in dBFS) or "tone:noise".
    case tone(ToneSignal, level: Double)

    /// Peak of a test tone that does not say, in dBFS.
    public static let toneLevel = -12.0

    private static let schemes = "alsa:PCM, pulse:SOURCE, file:PATH, stdin:ENCODING:RATE:CHANNELS, tone:HERTZ"

    /// Reads a name.
    public init(_ text: String) throws(AudioInputError) {
        guard !text.utf8.isEmpty else { throw .malformed(text: text, detail: "name a source: \(Self.schemes)") }
        guard !text.utf8.contains(0) else { throw .malformed(text: "?", detail: "a name cannot contain a NUL byte") }
        if text == "-" {
            self = .stdin(.s16le, AudioFormat(sampleRate: 44_100, channels: 2))
            return
        }
        // Bytes, not characters: a colon with an accent on top is one character.
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else {
            self = .file(path: text)
            return
        }
        let rest = String(text[text.utf8.index(after: colon)...])
        switch String(text[..<colon]) {
        case "alsa": self = .alsa(pcm: rest.isEmpty ? "default" : rest)
        case "pulse": self = .pulse(source: rest.isEmpty ? nil : rest)
        case "file" where rest.isEmpty: throw .malformed(text: text, detail: "a path must follow file:")
        case "file": self = .file(path: rest)
        case "stdin": self = try Self.stdin(rest, in: text)
        case "tone": self = try Self.tone(rest, in: text)
        case let scheme where !scheme.isEmpty && scheme.utf8.allSatisfy { (0x61...0x7A).contains($0) }:
            throw .malformed(
                text: text, detail: "there is no kind of source called \(scheme); the kinds are \(Self.schemes)")
        default: self = .file(path: text)
        }
    }

    private static func stdin(_ rest: String, in text: String) throws(AudioInputError) -> SourceSpecification {
        let fields = rest.split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count == 3 else {
            throw .malformed(text: text, detail: "write stdin:ENCODING:RATE:CHANNELS, for example stdin:s16le:44100:2")
        }
        guard let encoding = RawEncoding(rawValue: String(fields[0])) else {
            let known = RawEncoding.allCases.map(\.rawValue).joined(separator: " ")
            throw .malformed(text: text, detail: "the encoding \"\(fields[0])\" is none of \(known)")
        }
        guard let rate = Int(fields[1]), (1_000...1_000_000).contains(rate) else {
            throw .malformed(text: text, detail: "the rate must be from 1000 to 1000000 Hz")
        }
        guard let channels = Int(fields[2]), (1...ChannelSelection.limit).contains(channels) else {
            throw .malformed(text: text, detail: "the channels must be from 1 to \(ChannelSelection.limit)")
        }
        return .stdin(encoding, AudioFormat(sampleRate: rate, channels: channels))
    }

    private static func tone(_ rest: String, in text: String) throws(AudioInputError) -> SourceSpecification {
        let fields = rest.split(separator: ":", omittingEmptySubsequences: false)
        let signal: ToneSignal
        if fields[0] == "noise" {
            signal = .noise
        } else if let frequency = Double(fields[0]), frequency > 0, frequency < 500_000 {
            signal = .sine(frequency)
        } else {
            throw .malformed(text: text, detail: "write a frequency in hertz or \"noise\", for example tone:440")
        }
        if fields.count == 1 { return .tone(signal, level: toneLevel) }
        guard fields.count == 2, let level = Double(fields[1]), (-120...0).contains(level) else {
            throw .malformed(text: text, detail: "the peak level must be from -120 to 0 dBFS, for example tone:440:-20")
        }
        return .tone(signal, level: level)
    }
}

extension SourceSpecification: CustomStringConvertible {
    /// The name that `init` reads back as this source.
    public var description: String {
        switch self {
        case .alsa(let pcm): "alsa:\(pcm)"
        case .pulse(let source): "pulse:\(source ?? "")"
        case .file(let path): "file:\(path)"
        case .stdin(let encoding, let format): "stdin:\(encoding.rawValue):\(format.sampleRate):\(format.channels)"
        case .tone(.sine(let frequency), let level): "tone:\(frequency):\(level)"
        case .tone(.noise, let level): "tone:noise:\(level)"
        }
    }
}
