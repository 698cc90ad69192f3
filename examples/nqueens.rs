//! How many ways there are to put `n` queens on a board of `n` times `n`: an irregular tree, a task a branch.
//!
//! `cargo run --release --example nqueens -- 12`

#![forbid(unsafe_code)]

mod common;

use common::{Arguments, compare, start_team};
use phalanx::prelude::*;
use std::time::Instant;

const HELP: &str = "\
The ways to put N queens on a board of N times N, by tasks, and once more by one thread, compared.

    cargo run --release --example nqueens -- [N]        from 1 to 16 (default: 12)";

/// The squares of the next row that are attacked: straight, and along both diagonals.
#[derive(Clone, Copy, Default)]
struct Board {
    row: u32,
    straight: u32,
    left: u32,
    right: u32,
}

impl Board {
    /// The boards with one more queen.
    fn next(self, n: u32) -> impl Iterator<Item = Board> {
        let mut free = ((1 << n) - 1) & !(self.straight | self.left | self.right);
        std::iter::from_fn(move || {
            let queen = free & free.wrapping_neg();
            free ^= queen;
            (queen != 0).then(|| Board {
                row: self.row + 1,
                straight: self.straight | queen,
                left: (self.left | queen) << 1,
                right: (self.right | queen) >> 1,
            })
        })
    }
}

fn sequential(board: Board, n: u32) -> u64 {
    if board.row == n {
        return 1;
    }
    board.next(n).map(|b| sequential(b, n)).sum()
}

/// A task for each branch of the first rows; all belong to one group, and count into one number.
fn branches<'s>(task: &Task<'s>, board: Board, n: u32, count: &'s Atomic<u64>) {
    if board.row >= n.min(4) {
        count.add(sequential(board, n));
        return;
    }
    for b in board.next(n) {
        task.task(move |task| branches(task, b, n, count));
    }
}

fn main() {
    let mut arguments = Arguments::new(HELP);
    let n = arguments.next_number("N", 1..=16).unwrap_or(12);
    arguments.end();
    let start = Instant::now();
    let expected = sequential(Board::default(), n);
    let alone = start.elapsed();
    start_team();
    let count = Atomic::new(0);
    let start = Instant::now();
    taskgroup(|tg| branches(tg, Board::default(), n, &count));
    let together = start.elapsed();
    println!("{n} queens: {} ways", count.load());
    compare(alone, together);
    assert_eq!(count.into_inner(), expected, "one thread finds other ways");
}
