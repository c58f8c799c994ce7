// Admits or refuses clients.

import CLinux
import Events
import Glibc
import System

extension EventServer {
    /// Number of connections accepted in one turn: the others wait, so that events are sent first.
    static let acceptsPerTurn = 16
    /// Time for which the listening socket is not polled after a failed accept, in milliseconds. The cause of such a
    /// failure lasts, and a backlog that cannot be emptied would wake `poll` continuously.
    static let pauseAfterFault: UInt64 = 100

    /// Accepts waiting connections, up to the limits of the turn and the connection budget.
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

    /// Closes the spare descriptor to refuse one client with a reason, and opens another.
    private func refuseWithSpare() {
        // Another thread may have taken the freed descriptor in the meantime.
        if spare >= 0 { Glibc.close(spare) }
        if let doomed = try? systemCall({ timbre_accept(listeningDescriptor) }) {
            refuse(doomed, "the daemon has no free file descriptor")
        }
        spare = open("/dev/null", O_RDONLY | O_CLOEXEC)
        counters.descriptorFaults += 1
    }

    private func admit(_ descriptor: Int32) {
        guard let peer = PeerCredentials(of: descriptor), let role = policy.role(of: peer) else {
            return refuse(descriptor, "only root, the daemon's user and members of the socket's group may connect")
        }
        guard budget.admits(user: peer.user, now: clock()) else {
            return refuse(descriptor, "too many connections: keep one open, or wait a second")
        }
        guard clients.count < limits.clients else {
            return refuse(descriptor, "the limit of \(limits.clients) clients is reached")
        }
        let client = Client(descriptor: descriptor, peer: peer, role: role, limits: limits)
        clients.append(client)
        counters.accepted += 1
        greet(client)
    }

    /// Creates a temporary client to send the reason.
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

    /// Queues a snapshot of the part that the client's filter admits.
    func sendSnapshot(to client: Client, streams: [String]) {
        let snapshot = client.filter.take(board.snapshot(streams: streams))
        counters.skipped += client.enqueue(encoder.encode(Event(.snapshot(snapshot))), .event, now: clock())
    }
}
