//! How a thread waits: spin, yield, sleep; and how long it spins.

use super::park::yield_now;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Threads of teams that are awake. A hint for [`crowded`], hence `Relaxed` everywhere.
static AWAKE: AtomicUsize = AtomicUsize::new(0);
/// Processors that this process may use; 0 until known.
static PROCESSORS: AtomicUsize = AtomicUsize::new(0);

/// Says how many processors the process may use at once.
pub fn set_processors(n: usize) {
    PROCESSORS.store(n, Ordering::Relaxed);
}

/// After a fork of the process: the child has none of the parent's workers.
pub fn nobody_awake() {
    AWAKE.store(0, Ordering::Relaxed);
}

/// Counts threads that are awake, while it lives.
pub struct Awake(usize);

impl Awake {
    pub fn new(threads: usize) -> Self {
        AWAKE.fetch_add(threads, Ordering::Relaxed);
        Awake(threads)
    }
}
impl Drop for Awake {
    fn drop(&mut self) {
        AWAKE.fetch_sub(self.0, Ordering::Relaxed);
    }
}

/// Whether more threads are awake than there are processors, so that spinning takes a core from
/// somebody who has work.
#[inline(always)]
fn crowded() -> bool {
    AWAKE.load(Ordering::Relaxed) > PROCESSORS.load(Ordering::Relaxed)
}

/// How long to spin at least and at most, in polls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitPolicy {
    min: u32,
    max: u32,
}

/// No limit: spin until it comes.
const FOREVER: u32 = u32::MAX;
/// Looks at a crowded machine each so many polls.
const GLANCE: u32 = 64;
/// How often a thread that is done spinning yields before it sleeps.
const YIELDS: usize = 4;
/// The same where more threads are awake than there are processors: another one runs meanwhile, so a
/// yield is no waste, and costs less than a sleep and a wake-up.
const CROWDED_YIELDS: usize = 32;

impl WaitPolicy {
    /// Adapts between a few microseconds and `longest`. (What is shorter than a sleep and a wake-up
    /// is never worth sleeping through.)
    pub fn adaptive(longest: Duration) -> Self {
        let max = polls(longest);
        WaitPolicy {
            min: polls(Duration::from_micros(10)).min(max),
            max,
        }
    }
    /// Spins for as long as `blocktime` says, or until what it waits for comes.
    pub fn active(blocktime: Option<Duration>) -> Self {
        let n = blocktime.map_or(FOREVER, polls);
        WaitPolicy { min: n, max: n }
    }
    /// Never spins.
    pub fn passive() -> Self {
        WaitPolicy { min: 0, max: 0 }
    }
}

/// Converts a time into polls of one `pause` each.
fn polls(time: Duration) -> u32 {
    static PAUSE: OnceLock<f64> = OnceLock::new();
    let ns = *PAUSE.get_or_init(|| {
        let round = || {
            let t = Instant::now();
            (0..256).for_each(|_| std::hint::spin_loop());
            t.elapsed().as_nanos() as f64 / 256.0
        };
        // The smallest of a few: the others were interrupted. A poll also loads a word.
        (0..4).map(|_| round()).fold(f64::MAX, f64::min).max(0.5) + 1.0
    });
    (time.as_nanos() as f64 / ns).min(f64::from(FOREVER - 1)) as u32
}

/// One thread's waiting at one kind of place.
#[derive(Debug)]
pub struct Patience {
    policy: WaitPolicy,
    /// Polls to spin before giving up the core.
    limit: u32,
    /// Threads that count as asleep while this one sleeps.
    weight: usize,
}

impl Patience {
    pub fn new(policy: WaitPolicy, weight: usize) -> Self {
        Patience {
            policy,
            limit: policy.max,
            weight,
        }
    }

    /// Returns once `ready()` holds. `sleep()` may sleep and may return early.
    #[inline(always)]
    pub fn wait(&mut self, ready: impl Fn() -> bool, sleep: impl Fn()) {
        // Under the model checker every poll is a branch of the search, and the sleep is what has
        // to be right.
        #[cfg(loom)]
        while !ready() {
            sleep();
        }
        // Ready at once, or soon: the hot case, kept small.
        let mut polled = 0;
        while polled < GLANCE.min(self.limit) {
            if ready() {
                return self.learn(polled);
            }
            std::hint::spin_loop();
            polled += 1;
        }
        self.wait_longer(polled, &ready, &sleep);
    }

    #[cold]
    #[inline(never)]
    fn wait_longer(&mut self, mut polled: u32, ready: &dyn Fn() -> bool, sleep: &dyn Fn()) {
        while polled < self.limit && !(polled.is_multiple_of(GLANCE) && crowded()) {
            if ready() {
                return self.learn(polled);
            }
            std::hint::spin_loop();
            // Without a limit the count must not reach it.
            polled = (polled + 1).min(FOREVER - 1);
        }
        if self.policy.max > 0 {
            let yields = if crowded() { CROWDED_YIELDS } else { YIELDS };
            for _ in 0..yields {
                if ready() {
                    // Not much later than the limit: the next spin should have met it.
                    return self.learn(polled.saturating_mul(2));
                }
                yield_now();
            }
        }
        let start = Instant::now();
        self.sleep_until(ready, sleep);
        self.learn(polls(start.elapsed()).saturating_add(polled));
    }

    /// As [`wait`](Self::wait), for someone who has just been woken: that takes as long as to sleep and
    /// be woken in turn, and spinning could keep the very processor that the other one needs.
    #[cold]
    pub fn wait_for_sleeper(&mut self, ready: &dyn Fn() -> bool, sleep: &dyn Fn()) {
        let WaitPolicy { min, max } = self.policy;
        if min == max && max > 0 {
            // The user insists on spinning.
            return self.wait(ready, sleep);
        }
        self.sleep_until(ready, sleep);
    }

    fn sleep_until(&mut self, ready: &dyn Fn() -> bool, sleep: &dyn Fn()) {
        AWAKE.fetch_sub(self.weight, Ordering::Relaxed);
        while !ready() {
            sleep();
        }
        AWAKE.fetch_add(self.weight, Ordering::Relaxed);
    }

    /// Moves the limit towards what would have met this gap.
    #[inline(always)]
    fn learn(&mut self, gap: u32) {
        let WaitPolicy { min, max } = self.policy;
        if min == max {
            return;
        }
        if gap > max {
            // Spinning could not have met it: half way to the minimum.
            self.limit = min + self.limit.saturating_sub(min) / 2;
            return;
        }
        let aim = gap.saturating_mul(2).clamp(min, max);
        // An eighth of the way, in whichever direction, and at least one step.
        self.limit = if aim > self.limit {
            self.limit + (aim - self.limit).div_ceil(8)
        } else {
            self.limit - (self.limit - aim).div_ceil(8)
        };
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn the_limit_follows_the_gaps() {
        let mut p = Patience::new(
            WaitPolicy {
                min: 100,
                max: 100_000,
            },
            0,
        );
        for _ in 0..100 {
            p.learn(1_000);
        }
        assert_eq!(p.limit, 2_000, "twice the usual gap");
        for _ in 0..100 {
            p.learn(1_000_000);
        }
        assert_eq!(
            p.limit, 100,
            "gaps beyond the longest spin are slept through"
        );
        for _ in 0..100 {
            p.learn(90_000);
        }
        assert_eq!(p.limit, 100_000);
    }

    #[test]
    fn active_and_passive_do_not_adapt() {
        for (w, limit) in [
            (WaitPolicy::active(None), FOREVER),
            (WaitPolicy::passive(), 0),
        ] {
            let mut p = Patience::new(w, 0);
            p.learn(5);
            p.learn(u32::MAX);
            assert_eq!(p.limit, limit);
        }
    }
}
