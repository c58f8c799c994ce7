// Who may connect and who may command: a pure function of credentials.

/// The rule by which peers are admitted.
struct AccessPolicy: Equatable {
    /// What a peer may do.
    enum Role: String {
        /// Reads events, asks for status and metrics.
        case listener
        /// All of that, and sets marks and records.
        case controller
    }

    /// The daemon's own user.
    var user: UInt32
    /// The group of the socket.
    var group: UInt32

    /// Root and the daemon's own user control; members of the group listen; others are refused (`nil`).
    func role(of peer: PeerCredentials) -> Role? {
        if peer.user == 0 || peer.user == user { return .controller }
        return peer.group == group || peer.groups.contains(group) ? .listener : nil
    }
}
