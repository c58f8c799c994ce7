// Admitting clients, or telling them why not.

import CLinux
import Events
import Glibc
import System

extension EventServer {
    /// How many are accepted in one turn: the others wait, and events go out first.
    static let acceptsPerTurn = 16
    /// The listening socket is not looked at for so long after an accept that failed, in milliseconds: what is wrong then
    /// lasts, and a backlog that cannot be emptied would wake `poll` for ever.
    static let pauseAfterFault: UInt64 = 100

    /// Accepts those who wait, as many as a turn and their users' budgets allow.
    func acceptClients() {
        let now = clock()
        for _ in 0..<Self.acceptsPerTurn {
            guard budget.mayLook(now: now) else {
                listensAgainAt = budget.nextAt(now: now)
                return
            }
            do throws(SystemError) {
                let accepted = try systemCall { timbre_accept(listeningDescriptor) }
                budget.looked(now: now)
                admit(accepted)
            } catch {
                if error.code == ECONNABORTED { continue }
                if error.wouldBlock { return }
                if error.code == EMFILE || error.code == ENFILE { refuseWithSpare() }
                listensAgainAt = now + Self.pauseAfterFault
                return
            }
        }
    }

    /// Gives up the spare descriptor to tell one client why it is turned away, and takes another.
    private func refuseWithSpare() {
        // Another thread may have had the spare one in the meantime.
        if spare >= 0 { Glibc.close(spare) }
        if let doomed = try? systemCall({ timbre_accept(listeningDescriptor) }) {
            refuse(doomed, "the daemon has no descriptor left")
        }
        spare = open("/dev/null", O_RDONLY | O_CLOEXEC)
        counters.descriptorFaults += 1
    }

    private func admit(_ descriptor: Int32) {
        guard let peer = PeerCredentials(of: descriptor), let role = policy.role(of: peer) else {
            return refuse(descriptor, "only root, the daemon's user and members of the socket's group may connect")
        }
        guard budget.admits(user: peer.user, now: clock()) else {
            return refuse(descriptor, "you connect too often: keep one connection, or wait a second")
        }
        guard clients.count < limits.clients else {
            return refuse(descriptor, "\(limits.clients) clients are connected and no more may be")
        }
        let client = Client(descriptor: descriptor, peer: peer, role: role, limits: limits)
        clients.append(client)
        counters.accepted += 1
        greet(client)
    }

    /// A client that lives just long enough to be told.
    private func refuse(_ descriptor: Int32, _ reason: String) {
        let peer = PeerCredentials(process: 0, user: .max, group: .max, groups: [])
        let client = Client(descriptor: descriptor, peer: peer, role: .listener, limits: limits)
        client.close(reason: reason, encoder: &encoder)
        counters.refused += 1
    }

    /// Queues `hello` and `snapshot`.
    func greet(_ client: Client) {
        let hello = hello()
        client.enqueue(encoder.encode(Event(.hello(hello))), .reply, now: clock())
        sendSnapshot(to: client, streams: hello.streams)
    }

    /// Queues a snapshot of what the client's filter lets through.
    func sendSnapshot(to client: Client, streams: [String]) {
        let snapshot = client.filter.take(board.snapshot(streams: streams))
        counters.skipped += client.enqueue(encoder.encode(Event(.snapshot(snapshot))), .event, now: clock())
    }
}
