//! How far apart the two processors are at this moment: a cache line goes there and back.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Round trips of one probe.
const TRIPS: u64 = 1000;

/// The longest round trip, in nanoseconds, that counts as near.
pub const NEAR: f64 = 200.0;

/// A line of its own.
#[repr(align(128))]
struct Line(AtomicU64);

/// Processors that this process may use.
pub fn processors() -> Vec<usize> {
    // SAFETY: a zeroed cpu_set_t is the empty set, to be written.
    let set = unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        libc::sched_getaffinity(0, size_of_val(&set), &mut set);
        set
    };
    let all = 0..libc::CPU_SETSIZE as usize;
    // SAFETY: numbers below CPU_SETSIZE.
    all.filter(|&c| unsafe { libc::CPU_ISSET(c, &set) })
        .collect()
}

fn pin(cpu: usize) {
    // SAFETY: `cpu` is one of `processors`.
    unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        libc::CPU_SET(cpu, &mut set);
        libc::sched_setaffinity(0, size_of_val(&set), &set);
    }
}

/// Nanoseconds of one round trip between two processors, the median of ten tenths of a probe.
pub fn round_trip(a: usize, b: usize) -> f64 {
    let line = Line(AtomicU64::new(0));
    let total = TRIPS + TRIPS / 10;
    // The even numbers are one side's to answer, the odd ones the other's.
    let wait = |value: u64| {
        while line.0.load(Ordering::Acquire) != value {
            std::hint::spin_loop();
        }
    };
    std::thread::scope(|s| {
        s.spawn(|| {
            pin(b);
            for k in 0..total {
                wait(2 * k + 1);
                line.0.store(2 * k + 2, Ordering::Release);
            }
        });
        let probe = s.spawn(|| {
            pin(a);
            let mut tenths = Vec::new();
            let mut start = Instant::now();
            for k in 0..total {
                line.0.store(2 * k + 1, Ordering::Release);
                wait(2 * k + 2);
                if (k + 1) % (TRIPS / 10) == 0 {
                    tenths.push(start.elapsed().as_nanos() as f64 / (TRIPS / 10) as f64);
                    start = Instant::now();
                }
            }
            // The first tenth is to get warm.
            tenths.remove(0);
            tenths.sort_by(f64::total_cmp);
            tenths[tenths.len() / 2]
        });
        probe.join().unwrap_or(f64::INFINITY)
    })
}
