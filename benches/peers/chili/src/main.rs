//! chili in the contest: what is written with `join`. It queues the first closure and runs the second, so the larger
//! part comes first.

use chili::{Config, Scope, ThreadPool};
use kernels::trees::{
    self, Board, CUTOFF, FIB, QUEENS, ROOT, TASK_ROWS, TREE, children, descend, safe,
};
use kernels::{Row, op, serve};
use std::hint::black_box;
use std::num::NonZero;

fn fib(s: &mut Scope<'_>, n: u64) -> u64 {
    if n < 2 {
        return n;
    }
    let (a, b) = s.join(|s| fib(s, n - 1), |s| fib(s, n - 2));
    a + b
}

fn fib_cut(s: &mut Scope<'_>, n: u64) -> u64 {
    if n <= CUTOFF {
        return trees::fib(n);
    }
    let (a, b) = s.join(|s| fib_cut(s, n - 1), |s| fib_cut(s, n - 2));
    a + b
}

fn queens_from(s: &mut Scope<'_>, board: Board, row: usize, from: usize) -> u64 {
    if row == TASK_ROWS {
        return trees::queens(board, row);
    }
    let Some(c) = (from..QUEENS.0).find(|&c| safe(&board, row, c)) else {
        return 0;
    };
    let mut next = board;
    next[row] = c as u8;
    let (a, b) = s.join(
        |s| queens_from(s, board, row, c + 1),
        |s| queens_from(s, next, row + 1, 0),
    );
    a + b
}

fn halves(s: &mut Scope<'_>, parent: u64, from: u64, to: u64) -> u64 {
    if to - from > 1 {
        let middle = from.midpoint(to);
        let (a, b) = s.join(
            |s| halves(s, parent, from, middle),
            |s| halves(s, parent, middle, to),
        );
        return a + b;
    }
    let node = descend(parent, from);
    match children(node) {
        0 => 1,
        n => 1 + halves(s, node, 0, n),
    }
}

/// A row of what `f` computes.
fn computes(
    pool: &'static ThreadPool,
    f: impl Fn(&mut Scope<'_>) -> u64 + 'static,
    expected: u64,
) -> Option<Row> {
    op(move || assert_eq!(f(&mut pool.scope()), expected))
}

fn row(pool: &'static ThreadPool, name: &str) -> Option<Row> {
    match name {
        "fib30_nocutoff" => computes(pool, |s| fib(s, black_box(FIB.0)), FIB.1),
        "fib30_cutoff20" => computes(pool, |s| fib_cut(s, black_box(FIB.0)), FIB.1),
        "nqueens13/join" => computes(pool, |s| queens_from(s, Board::default(), 0, 0), QUEENS.1),
        "uts/join" => computes(pool, |s| 1 + halves(s, TREE.0, 0, ROOT), TREE.1),
        _ => None,
    }
}

fn main() {
    let config = Config {
        thread_count: NonZero::new(2),
        ..Config::default()
    };
    let pool: &'static ThreadPool = Box::leak(Box::new(ThreadPool::with_config(config)));
    serve(|name| row(pool, name));
}
