// Everything that can be heard on this machine now.

import AudioCore

/// The devices of all sound systems.
public struct DeviceList: Sendable {
    /// ALSA PCMs that can capture, by stable card names.
    public var alsa: [Device]
    /// Sources of the PulseAudio (or PipeWire) server, monitors included.
    public var pulse: [Device]
    /// Why there are no PulseAudio sources; nil when the server answered.
    public var pulseError: AudioInputError?

    /// Asks every sound system. Allocates and blocks, for two seconds at most; not for real-time threads.
    public init() {
        alsa = ALSADevices.list()
        do throws(AudioInputError) {
            pulse = try PulseDevices.list()
        } catch {
            pulse = []
            pulseError = error
        }
    }
}
