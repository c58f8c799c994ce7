// The ports of the ALSA sequencer, for "timbre devices --midi".

import CALSA

/// The ports that can be connected with the port of `midi:`.
public enum MIDIPorts {
    /// A port of the ALSA sequencer.
    public struct Port: Equatable, Sendable {
        /// The address in the form of `aconnect`: client and port, "128:0".
        public let address: String
        /// The names of the client and the port.
        public let client: String, name: String
        /// Whether the port receives notes, and whether it sends them.
        public let takes: Bool, gives: Bool
    }

    /// Returns the ports that others may connect to, in the order of their addresses. Any thread may call it; it
    /// blocks only in system calls.
    /// - Throws: a message when the kernel has no sequencer.
    public static func list() throws(SinkProblem) -> [Port] {
        var opened: OpaquePointer?
        let error = snd_seq_open(&opened, "default", SND_SEQ_OPEN_OUTPUT, SND_SEQ_NONBLOCK)
        guard error >= 0, let sequencer = opened else { throw SinkProblem(MIDISink.unopened(error)) }
        defer { snd_seq_close(sequencer) }
        var clientInfo: OpaquePointer?
        var portInfo: OpaquePointer?
        guard snd_seq_client_info_malloc(&clientInfo) >= 0, snd_seq_port_info_malloc(&portInfo) >= 0 else {
            throw SinkProblem("out of memory for the list of MIDI ports")
        }
        defer {
            snd_seq_client_info_free(clientInfo)
            snd_seq_port_info_free(portInfo)
        }
        let own = snd_seq_client_id(sequencer)
        var ports: [Port] = []
        snd_seq_client_info_set_client(clientInfo, -1)
        while snd_seq_query_next_client(sequencer, clientInfo) >= 0 {
            let client = snd_seq_client_info_get_client(clientInfo)
            // Client 0 is the sequencer itself, with its clock and announcements.
            guard client != own, client != 0 else { continue }
            snd_seq_port_info_set_client(portInfo, client)
            snd_seq_port_info_set_port(portInfo, -1)
            while snd_seq_query_next_port(sequencer, portInfo) >= 0 {
                let can = snd_seq_port_info_get_capability(portInfo)
                let takes = can & UInt32(SND_SEQ_PORT_CAP_SUBS_WRITE) != 0
                let gives = can & UInt32(SND_SEQ_PORT_CAP_SUBS_READ) != 0
                guard takes || gives, can & UInt32(SND_SEQ_PORT_CAP_NO_EXPORT) == 0 else { continue }
                ports.append(
                    Port(
                        address: "\(client):\(snd_seq_port_info_get_port(portInfo))",
                        client: text(snd_seq_client_info_get_name(clientInfo)),
                        name: text(snd_seq_port_info_get_name(portInfo)), takes: takes, gives: gives))
            }
        }
        return ports
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }
}
