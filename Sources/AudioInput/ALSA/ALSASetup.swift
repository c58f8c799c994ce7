// Negotiates sample format, channels, rate and buffers with an ALSA PCM.

import AudioCore
import CALSA

/// The negotiated parameters of a PCM.
struct ALSASetup {
    /// Frames between two wake-ups: 5.8 ms at 44.1 kHz.
    static let period = 256
    /// A larger number of channels means that the PCM accepts any requested number.
    private static let plausibleChannels: UInt32 = 64
    /// In order of preference: encodings that need no rounding come first.
    private static let encodings: [(snd_pcm_format_t, RawEncoding)] = [
        (SND_PCM_FORMAT_FLOAT_LE, .f32le), (SND_PCM_FORMAT_S32_LE, .s32le), (SND_PCM_FORMAT_S24_LE, .s24in32le),
        (SND_PCM_FORMAT_S24_3LE, .s24le), (SND_PCM_FORMAT_S16_LE, .s16le),
    ]

    let format: AudioFormat
    let encoding: RawEncoding

    /// Configures and prepares `pcm`; `fail` turns a step and ALSA's code into an error.
    init(pcm: OpaquePointer, options: SourceOptions, fail: (String, Int32) -> AudioInputError) throws(AudioInputError) {
        func check(_ step: String, _ code: Int32) throws(AudioInputError) {
            if code < 0 { throw fail(step, code) }
        }
        var hardware: OpaquePointer?
        try check("allocating", snd_pcm_hw_params_malloc(&hardware))
        defer { snd_pcm_hw_params_free(hardware) }
        try check("querying the hardware parameters", snd_pcm_hw_params_any(pcm, hardware))
        // ALSA's own rate conversion is linear interpolation on most systems; the program's own is better.
        try check("disabling the resampler", snd_pcm_hw_params_set_rate_resample(pcm, hardware, 0))
        try check(
            "setting interleaved access", snd_pcm_hw_params_set_access(pcm, hardware, SND_PCM_ACCESS_RW_INTERLEAVED))

        guard
            let (alsaFormat, encoding) = Self.encodings.first(where: {
                snd_pcm_hw_params_test_format(pcm, hardware, $0.0) == 0
            })
        else { throw fail("selecting a sample format from float, 32, 24 and 16 bits", -EINVAL) }
        try check("setting the sample format", snd_pcm_hw_params_set_format(pcm, hardware, alsaFormat))

        var channels: UInt32 = 0
        try check("querying the channels", snd_pcm_hw_params_get_channels_max(hardware, &channels))
        if channels > Self.plausibleChannels { channels = 2 }
        try check("setting the channels", snd_pcm_hw_params_set_channels_near(pcm, hardware, &channels))

        var rate = UInt32(options.sampleRate)
        try check("setting the rate", snd_pcm_hw_params_set_rate_near(pcm, hardware, &rate, nil))

        // A buffer of 0.2 s tolerates a delayed thread and adds no latency, because every period is read as it
        // arrives.
        var period = snd_pcm_uframes_t(Self.period)
        var buffer = snd_pcm_uframes_t(max(rate / 5, UInt32(4 * Self.period)))
        try check("setting the period", snd_pcm_hw_params_set_period_size_near(pcm, hardware, &period, nil))
        try check("setting the buffer", snd_pcm_hw_params_set_buffer_size_near(pcm, hardware, &buffer))
        try check("applying the hardware parameters", snd_pcm_hw_params(pcm, hardware))
        try check("preparing", snd_pcm_prepare(pcm))

        format = AudioFormat(sampleRate: Int(rate), channels: Int(channels))
        self.encoding = encoding
    }
}
