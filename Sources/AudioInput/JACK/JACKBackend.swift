// JACK: the output ports of a client.

import Glibc
import System

extension Backend {
    /// "jack:CLIENT" captures the audio outputs of a client, one per channel; "jack:CLIENT:PORT" captures one of them;
    /// "jack:" captures the inputs of the sound card.
    static let jack = Backend(
        scheme: "jack", usage: "jack:CLIENT",
        parse: { detail throws(Problem) in
            guard detail.utf8.count < 256 else { throw Problem(detail: "a JACK name has at most 255 bytes") }
            return Recipe(detail: detail) { _ in CallbackSource(JACKDriver(ports: detail)) }
        },
        list: { () throws(AudioInputError) in
            try JACKDriver.clients().map {
                Device(name: "jack:\($0.name)", label: "\($0.ports) channel\($0.ports == 1 ? "" : "s")")
            }
        },
        explain: { $0 == JACKDriver.gone ? "the JACK server shut down" : SystemError(code: $0).description })
}
