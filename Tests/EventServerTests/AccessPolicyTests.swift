// Who may connect and command.

import Glibc
import Testing

@testable import EventServer

@Suite("The access policy") struct AccessPolicyTests {
    private let policy = AccessPolicy(user: 500, group: 60)

    private func role(user: UInt32, group: UInt32, groups: [UInt32] = []) -> AccessPolicy.Role? {
        policy.role(of: PeerCredentials(process: 1, user: user, group: group, groups: groups))
    }

    @Test("lets root and the daemon's own user control") func controllers() {
        #expect(role(user: 0, group: 0) == .controller)
        #expect(role(user: 500, group: 500) == .controller)
    }

    @Test("lets members of the group listen, by their first or another group") func listeners() {
        #expect(role(user: 1000, group: 60) == .listener)
        #expect(role(user: 1000, group: 1000, groups: [4, 60]) == .listener)
    }

    @Test("refuses everybody else") func strangers() {
        #expect(role(user: 1000, group: 1000, groups: [4, 24]) == nil)
    }

    @Test("reads the credentials of a real peer, supplementary groups included") func credentials() throws {
        let fixture = try ServerFixture()
        let client = try fixture.listener()
        let peer = try #require(PeerCredentials(of: client.descriptor))
        #expect(peer.user == geteuid() && peer.group == getegid() && peer.process == getpid())
        var own = [gid_t](repeating: 0, count: 1024)
        let count = getgroups(Int32(own.count), &own)
        #expect(Set(peer.groups) == Set(own.prefix(Int(count))))
    }
}
