// ALSA: sound cards and all other PCMs of its configuration.

import CALSA

extension Backend {
    /// "alsa:hw:CARD=PCH,DEV=0"; "alsa:" is the PCM called "default".
    static let alsa = Backend(
        scheme: "alsa", usage: "alsa:PCM",
        parse: { detail throws(Problem) in
            let pcm = detail.isEmpty ? "default" : detail
            return Recipe(detail: pcm) { ALSASource(name: pcm, options: $0) }
        },
        list: { () throws(AudioInputError) in ALSADevices.list() },
        explain: { String(cString: snd_strerror(-$0)) })
}
