//! Tasks: `join` and `scope`, and rayon's own sorts.

use crate::matrices;
use kernels::keys::keys;
use kernels::trees::{
    self, Board, CHILDREN, CUTOFF, FIB, FLAT, QUEENS, ROOT, TASK_ROWS, TREE, children, descend,
    safe,
};
use kernels::{DELAY, LOOP, Row, beyond_work, op, timed, work};
use rayon::prelude::*;
use std::hint::black_box;
use std::time::Instant;

fn fib(n: u64) -> u64 {
    if n < 2 {
        return n;
    }
    let (a, b) = rayon::join(|| fib(n - 1), || fib(n - 2));
    a + b
}

fn fib_cut(n: u64) -> u64 {
    if n <= CUTOFF {
        return trees::fib(n);
    }
    let (a, b) = rayon::join(|| fib_cut(n - 1), || fib_cut(n - 2));
    a + b
}

fn queens(board: Board, row: usize) -> u64 {
    if row == TASK_ROWS {
        return trees::queens(board, row);
    }
    let mut ways = [0; QUEENS.0];
    rayon::scope(|s| {
        for (c, ways) in ways.iter_mut().enumerate() {
            if safe(&board, row, c) {
                let mut board = board;
                board[row] = c as u8;
                s.spawn(move |_| *ways = queens(board, row + 1));
            }
        }
    });
    ways.iter().sum()
}

fn queens_from(board: Board, row: usize, from: usize) -> u64 {
    if row == TASK_ROWS {
        return trees::queens(board, row);
    }
    let Some(c) = (from..QUEENS.0).find(|&c| safe(&board, row, c)) else {
        return 0;
    };
    let mut next = board;
    next[row] = c as u8;
    let (a, b) = rayon::join(
        || queens_from(next, row + 1, 0),
        || queens_from(board, row, c + 1),
    );
    a + b
}

fn tree(parent: u64, k: u64) -> u64 {
    let node = descend(parent, k);
    if children(node) == 0 {
        return 1;
    }
    let mut counts = [0; CHILDREN as usize];
    rayon::scope(|s| {
        for (c, count) in counts.iter_mut().enumerate() {
            s.spawn(move |_| *count = tree(node, c as u64));
        }
    });
    1 + counts.iter().sum::<u64>()
}

fn root() -> u64 {
    let mut counts = [0; ROOT as usize];
    rayon::scope(|s| {
        for (k, count) in counts.iter_mut().enumerate() {
            s.spawn(move |_| *count = tree(TREE.0, k as u64));
        }
    });
    1 + counts.iter().sum::<u64>()
}

fn halves(parent: u64, from: u64, to: u64) -> u64 {
    if to - from > 1 {
        let middle = from.midpoint(to);
        let (a, b) = rayon::join(
            || halves(parent, from, middle),
            || halves(parent, middle, to),
        );
        return a + b;
    }
    let node = descend(parent, from);
    match children(node) {
        0 => 1,
        n => 1 + halves(node, 0, n),
    }
}

fn flat(numbers: &mut [u32]) {
    rayon::scope(|s| {
        for x in numbers {
            s.spawn(move |_| *x += 1);
        }
    });
}

fn flat_row() -> Option<Row> {
    let mut numbers = vec![0; FLAT];
    flat(&mut numbers);
    assert!(numbers.iter().all(|x| *x == 1));
    op(move || flat(&mut numbers))
}

fn taskloop(grain: usize) -> Option<Row> {
    let mut seen = vec![0; LOOP as usize];
    let all = seen.par_iter_mut().with_min_len(grain).with_max_len(grain);
    all.for_each(|x| *x += 1);
    assert!(seen.iter().all(|x| *x == 1));
    Some(Row::Timed(Box::new(move |n| {
        beyond_work(n, |n| {
            let start = Instant::now();
            for _ in 0..n {
                let all = (0..LOOP as usize).into_par_iter();
                let all = all.with_min_len(grain).with_max_len(grain);
                all.for_each(|i| work(i as u64, DELAY));
            }
            start.elapsed()
        })
    })))
}

fn sort_row(sort: fn(&mut [u32])) -> Option<Row> {
    let keys = keys();
    let mut v = keys.clone();
    let mut expected = keys.clone();
    expected.sort_unstable();
    timed(move || {
        v.copy_from_slice(&keys);
        let start = Instant::now();
        sort(&mut v);
        let took = start.elapsed();
        assert!(v == expected);
        took
    })
}

pub fn row(name: &str) -> Option<Row> {
    match name {
        "fib30_nocutoff" => op(|| assert_eq!(fib(black_box(FIB.0)), FIB.1)),
        "fib30_cutoff20" => op(|| assert_eq!(fib_cut(black_box(FIB.0)), FIB.1)),
        "nqueens13/tasks" => op(|| assert_eq!(queens(Board::default(), 0), QUEENS.1)),
        "nqueens13/join" => op(|| assert_eq!(queens_from(Board::default(), 0, 0), QUEENS.1)),
        "uts/tasks" => op(|| assert_eq!(root(), TREE.1)),
        "uts/join" => op(|| assert_eq!(1 + halves(TREE.0, 0, ROOT), TREE.1)),
        "flat_tasks_100k" => flat_row(),
        "taskloop_1" => taskloop(1),
        "taskloop_64" => taskloop(64),
        // Each of the two threads submits and waits.
        "taskwait" => Some(Row::Timed(Box::new(|n| {
            let took = rayon::broadcast(|_| {
                let start = Instant::now();
                for _ in 0..n {
                    rayon::scope(|s| s.spawn(|_| _ = black_box(1)));
                }
                start.elapsed()
            });
            took[0]
        }))),
        "sort_8m/stable" => sort_row(|v| v.par_sort()),
        "sort_8m/unstable" => sort_row(|v| v.par_sort_unstable()),
        _ => matrices::row(name),
    }
}
