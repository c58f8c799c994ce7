// How often a user may connect: a pure value.

/// Counts connections by user, so that a user who connects and leaves in a loop costs little and delays no other.
///
/// A token bucket for each user and one for all: `burst` connections at once, then so many a second. Who has none left is
/// closed at once; when no user has, the server looks away from its backlog until ``nextAt(now:)``.
struct ConnectionBudget {
    /// Connections of one user that are greeted at once, and in each second after that.
    static let userBurst = 512.0
    static let userRate = 64.0
    /// Connections of all that are looked at, greeted or not, at once and in each second after that.
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

    /// Users that are remembered.
    var knownUsers: Int { users.count }

    /// Whether one more connection may be taken out of the backlog at time `now`, in milliseconds.
    mutating func mayLook(now: UInt64) -> Bool {
        var bucket = all ?? Bucket(size: Self.burst, rate: Self.rate, now: now)
        bucket.fill(now: now)
        all = bucket
        return bucket.tokens >= 1
    }

    /// One was taken out.
    mutating func looked(now: UInt64) {
        _ = all?.take(now: now)
    }

    /// When the next may be taken out, in milliseconds.
    func nextAt(now: UInt64) -> UInt64 {
        guard let all, all.tokens < 1 else { return now }
        return now + UInt64((1 - all.tokens) / Self.rate * 1000) + 1
    }

    /// Whether this user may have one more connection.
    mutating func admits(user: UInt32, now: UInt64) -> Bool {
        // Users whose bucket is full again are forgotten, so the list stays as short as the burst of all.
        if users.count >= Int(Self.burst) {
            for (user, var bucket) in users {
                bucket.fill(now: now)
                if bucket.tokens >= bucket.size { users[user] = nil }
            }
        }
        return users[user, default: Bucket(size: Self.userBurst, rate: Self.userRate, now: now)].take(now: now)
    }
}
