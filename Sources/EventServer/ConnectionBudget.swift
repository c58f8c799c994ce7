// Limits the rate of connections per user: a pure value.

/// Counts connections by user, so that a user who connects and disconnects in a loop costs little and delays no other
/// user.
///
/// There is a token bucket for each user and one for all users: `burst` connections at once, then a number per second.
/// A connection of a user without tokens is closed at once; when the common bucket is empty, the server does not poll
/// its backlog until ``nextAt(now:)``.
struct ConnectionBudget {
    /// Connections of one user that are admitted at once, and per second after that.
    static let userBurst = 512.0
    static let userRate = 64.0
    /// Connections of all users that are accepted, admitted or not, at once and per second after that.
    static let burst = 1024.0
    static let rate = 512.0

    private struct Bucket {
        var tokens: Double
        var filled: UInt64
        let size: Double
        let rate: Double

        init(size: Double, rate: Double, now: UInt64) {
            tokens = size
            filled = now
            self.size = size
            self.rate = rate
        }

        mutating func fill(now: UInt64) {
            tokens = min(size, tokens + Double(now - min(now, filled)) / 1000 * rate)
            filled = now
        }

        mutating func take(now: UInt64) -> Bool {
            fill(now: now)
            guard tokens >= 1 else { return false }
            tokens -= 1
            return true
        }
    }

    private var all: Bucket?
    private var users: [UInt32: Bucket] = [:]

    /// Number of users in the table.
    var knownUsers: Int { users.count }

    /// Returns whether one more connection may be accepted from the backlog at time `now`, in milliseconds.
    mutating func mayLook(now: UInt64) -> Bool {
        var bucket = all ?? Bucket(size: Self.burst, rate: Self.rate, now: now)
        bucket.fill(now: now)
        all = bucket
        return bucket.tokens >= 1
    }

    /// Records that one connection was accepted.
    mutating func looked(now: UInt64) {
        _ = all?.take(now: now)
    }

    /// Returns the time at which the next connection may be accepted, in milliseconds.
    func nextAt(now: UInt64) -> UInt64 {
        guard let all, all.tokens < 1 else { return now }
        return now + UInt64((1 - all.tokens) / Self.rate * 1000) + 1
    }

    /// Returns whether this user may open one more connection.
    mutating func admits(user: UInt32, now: UInt64) -> Bool {
        // Users whose bucket is full are removed, so the table never grows beyond the burst of all users.
        if users.count >= Int(Self.burst) {
            for (user, var bucket) in users {
                bucket.fill(now: now)
                if bucket.tokens >= bucket.size { users[user] = nil }
            }
        }
        return users[user, default: Bucket(size: Self.userBurst, rate: Self.userRate, now: now)].take(now: now)
    }
}
