// Admitting clients, or telling them why not.

import CLinux
import Events
import Glibc

extension EventServer {
    /// Accepts everybody who waits.
    func acceptClients() {
        while true {
            let accepted = timbre_accept(listeningDescriptor)
            if accepted >= 0 {
                admit(accepted)
                continue
            }
            switch errno {
            case EINTR, ECONNABORTED: continue
            case EMFILE, ENFILE:
                // Left in the backlog, the connection would wake poll for ever.
                guard spare >= 0 else { return }
                Glibc.close(spare)
                let doomed = timbre_accept(listeningDescriptor)
                if doomed >= 0 { refuse(doomed, "the daemon has no descriptor left") }
                spare = open("/dev/null", O_RDONLY | O_CLOEXEC)
                return
            default: return
            }
        }
    }

    private func admit(_ descriptor: Int32) {
        guard let peer = PeerCredentials(of: descriptor), let role = policy.role(of: peer) else {
            return refuse(descriptor, "only root, the daemon's user and members of the socket's group may connect")
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
        client.enqueue(encoder.encode(Event(.snapshot(snapshot))), .event, now: clock())
    }
}
