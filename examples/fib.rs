//! Fibonacci numbers by tasks that do next to nothing: what a task costs.
//!
//! `cargo run --release --example fib -- 30`

#![forbid(unsafe_code)]

mod common;

use common::{Arguments, compare, start_team};
use phalanx::prelude::*;
use std::time::Instant;

const HELP: &str = "\
Fibonacci numbers by a task for each of the sums, and once more by one thread, compared.

    cargo run --release --example fib -- [N]        from 0 to 45 (default: 32)";

/// Two closures, the second of which another thread may run.
fn by_join(task: &Task<'_>, n: u64) -> u64 {
    if n < 2 {
        return n;
    }
    let (a, b) = task.join(|task| by_join(task, n - 1), |task| by_join(task, n - 2));
    a + b
}

/// A group in each call: its task writes a variable that the call reads after the group.
fn by_groups(task: &Task<'_>, n: u64) -> u64 {
    if n < 2 {
        return n;
    }
    let (mut a, mut b) = (0, 0);
    task.group(|tg| {
        tg.task(|task| a = by_groups(task, n - 1));
        b = by_groups(tg, n - 2);
    });
    a + b
}

/// The same by attributes.
#[omp]
fn annotated(n: u64) -> u64 {
    if n < 2 {
        return n;
    }
    let (mut a, mut b) = (0, 0);
    #[taskgroup]
    {
        #[task]
        {
            a = annotated(n - 1);
        }
        b = annotated(n - 2);
    }
    a + b
}

fn sequential(n: u64) -> u64 {
    if n < 2 {
        return n;
    }
    sequential(n - 1) + sequential(n - 2)
}

type Way = fn(&Task<'_>, u64) -> u64;

fn main() {
    let mut arguments = Arguments::new(HELP);
    let n = arguments.next_number("N", 0..=45).unwrap_or(32);
    arguments.end();
    let start = Instant::now();
    let expected = sequential(n);
    let alone = start.elapsed();
    start_team();
    let ways: [(&str, Way); 3] = [
        ("join", by_join),
        ("groups", by_groups),
        ("attributes", |_, n| annotated(n)),
    ];
    for (name, way) in ways {
        let start = Instant::now();
        let result = taskgroup(|tg| way(tg, n));
        let together = start.elapsed();
        assert_eq!(result, expected, "{name}");
        println!("fib({n}) by {name}: {result}");
        compare(alone, together);
    }
}
