//! Fibonacci numbers by tasks that do next to nothing: what a task costs.
//!
//! `cargo run --release --example fib -- 30`

#![forbid(unsafe_code)]

use phalanx::prelude::*;
use std::time::Instant;

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

fn sequential(n: u64) -> u64 {
    if n < 2 {
        return n;
    }
    sequential(n - 1) + sequential(n - 2)
}

type Way = fn(&Task<'_>, u64) -> u64;

fn main() {
    let n = match std::env::args().nth(1).map(|n| n.parse()) {
        None => 27,
        Some(Ok(n)) if n <= 45 => n,
        Some(_) => {
            eprintln!("usage: fib [n], n from 0 to 45");
            std::process::exit(2);
        }
    };
    let expected = sequential(n);
    let ways: [(&str, Way); 2] = [("join", by_join), ("groups", by_groups)];
    for (name, way) in ways {
        let start = Instant::now();
        let result = taskgroup(|tg| way(tg, n));
        let time = start.elapsed();
        assert_eq!(result, expected, "{name}");
        println!("fib({n}) by {name}: {result} in {time:.2?}");
    }
}
