//! What a hot fork must not do: allocate, call the kernel, or keep an idle program busy.
//!
//! A harness of its own: nothing else may run beside these measurements.

#[cfg(target_os = "linux")]
mod syscalls;

use phalanx::prelude::*;
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts every allocation of every thread.
struct Counting;
static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

// SAFETY: passes everything on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, p: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(p, layout) }
    }
}
#[global_allocator]
static COUNTING: Counting = Counting;

/// One of everything that a hot program does between two looks at the clock.
fn hot_round(x: &[f64], y: &mut [f64], threads: usize) -> f64 {
    parallel_for(Static.num_threads(threads), (x, &mut *y), |(x, y)| {
        *y += 0.5 * x
    });
    parallel_for(Dynamic(16).num_threads(threads), &mut *y, |y| *y *= 0.5);
    parallel_for(Guided(4).num_threads(threads), 0..y.len(), |i| {
        std::hint::black_box(i);
    });
    parallel_reduce(Static.num_threads(threads), &*y, ops::Add, 0.0, |s, y| {
        *s += y
    })
}

fn hot_fork_allocates_nothing() {
    let (x, mut y) = (vec![1.0; 1000], vec![0.0; 1000]);
    for threads in [2, 4] {
        (0..50).for_each(|_| _ = std::hint::black_box(hot_round(&x, &mut y, threads)));
        let before = ALLOCATIONS.load(Ordering::SeqCst);
        for _ in 0..500 {
            std::hint::black_box(hot_round(&x, &mut y, threads));
        }
        let n = ALLOCATIONS.load(Ordering::SeqCst) - before;
        assert_eq!(n, 0, "allocations in 2000 hot loops on {threads} threads");
    }
}

/// Tasks of a group, joins, and a graph that is replayed.
fn hot_tasks_allocate_nothing() {
    let mut cells = vec![1u64; 64];
    let (mut graph, ()) = TaskGraph::record(|g| {
        let cell = g.deps(&mut cells);
        for k in 1..64 {
            let pair = [cell[k - 1].inout(), cell[k].mutexinoutset()];
            g.task(pair, |_, [a, b]| std::mem::swap(a, b));
        }
    });
    fn tree(tg: &Task<'_>, depth: u32) -> u32 {
        match depth {
            0 => 1,
            _ => {
                let (a, b) = tg.join(|tg| tree(tg, depth - 1), |tg| tree(tg, depth - 1));
                a + b
            }
        }
    }
    let mut round = || {
        graph.replay();
        taskgroup(|tg| {
            (0..300).for_each(|k| tg.task(move |_| _ = std::hint::black_box(k)));
            tg.wait();
            assert_eq!(tree(tg, 8), 256);
        });
    };
    (0..200).for_each(|_| round());
    let before = ALLOCATIONS.load(Ordering::SeqCst);
    (0..300).for_each(|_| round());
    let n = ALLOCATIONS.load(Ordering::SeqCst) - before;
    assert_eq!(n, 0, "allocations in 300 rounds of hot tasks");
}

#[cfg(unix)]
fn idle_program_burns_nothing() {
    let cpu = || {
        // SAFETY: writes one rusage, which is all zeros to begin with, a valid value.
        let r = unsafe {
            let mut r: libc::rusage = std::mem::zeroed();
            libc::getrusage(libc::RUSAGE_SELF, &mut r);
            r
        };
        let us = |t: libc::timeval| t.tv_sec * 1_000_000 + t.tv_usec;
        us(r.ru_utime) + us(r.ru_stime)
    };
    let (x, mut y) = (vec![1.0; 1000], vec![0.0; 1000]);
    (0..100).for_each(|_| _ = std::hint::black_box(hot_round(&x, &mut y, phalanx::max_threads())));
    std::thread::sleep(std::time::Duration::from_secs(1));
    let before = cpu();
    std::thread::sleep(std::time::Duration::from_secs(1));
    let used = cpu() - before;
    // A spinning worker would have used a million microseconds.
    assert!(
        used < 20_000,
        "{used} us of processor time in an idle second"
    );
}

fn main() {
    // Run by name from `syscalls`, as a process of its own.
    #[cfg(target_os = "linux")]
    if std::env::var_os(syscalls::CHILD).is_some() {
        syscalls::child();
    }
    let mut tests: Vec<(&str, fn())> = vec![
        ("hot_fork_allocates_nothing", hot_fork_allocates_nothing),
        ("hot_tasks_allocate_nothing", hot_tasks_allocate_nothing),
    ];
    #[cfg(unix)]
    tests.push(("idle_program_burns_nothing", idle_program_burns_nothing));
    #[cfg(target_os = "linux")]
    tests.push((
        "hot_fork_calls_no_kernel",
        syscalls::hot_fork_calls_no_kernel,
    ));
    println!("\nrunning {} tests", tests.len());
    for (name, test) in &tests {
        test();
        println!("test {name} ... ok");
    }
    println!(
        "\ntest result: ok. {} passed; 0 failed; 0 ignored; 0 measured; 0 filtered out",
        tests.len()
    );
}
