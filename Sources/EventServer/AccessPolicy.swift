// Access rules for connections and commands: a pure function of credentials.

import CLinux
import Glibc

/// The rule by which peers are admitted.
struct AccessPolicy: Equatable {
    /// The permissions of a peer.
    enum Role: String {
        /// May read events and request status and metrics.
        case listener
        /// May also set marks and control recording.
        case controller
    }

    /// The user of the daemon.
    var user: UInt32
    /// The group of the socket.
    var group: UInt32

    /// Returns `controller` for root and the daemon's user, `listener` for members of the group, and `nil` (refused)
    /// for others.
    func role(of peer: PeerCredentials) -> Role? {
        if peer.user == 0 || peer.user == user { return .controller }
        return peer.group == group || peer.groups.contains(group) ? .listener : nil
    }
}

/// Credentials of a peer, recorded by the kernel when it connected.
struct PeerCredentials: Equatable {
    var process: Int32
    var user: UInt32
    var group: UInt32
    /// Supplementary groups; empty when the kernel does not provide them.
    var groups: [UInt32]

    init(process: Int32, user: UInt32, group: UInt32, groups: [UInt32]) {
        self.process = process
        self.user = user
        self.group = group
        self.groups = groups
    }

    /// Reads the credentials of a connected socket; `nil` when the kernel does not provide them.
    init?(of descriptor: Int32) {
        var process: pid_t = 0
        var user: uid_t = 0
        var group: gid_t = 0
        guard timbre_peer_credentials(descriptor, &process, &user, &group) == 0 else { return nil }
        var groups = [gid_t](repeating: 0, count: 1024)
        let count = timbre_peer_groups(descriptor, &groups, Int32(groups.count))
        self.init(process: process, user: user, group: group, groups: Array(groups.prefix(Int(max(0, count)))))
    }
}
