//! Trees of tasks.

use kernels::trees::{
    self, Board, CHILDREN, CUTOFF, FIB, QUEENS, ROOT, TASK_ROWS, TREE, children, descend, safe,
};
use kernels::{Row, op};
use phalanx::prelude::*;
use std::hint::black_box;

fn fib(task: &Task<'_>, n: u64) -> u64 {
    if n < 2 {
        return n;
    }
    let (a, b) = task.join(|task| fib(task, n - 1), |task| fib(task, n - 2));
    a + b
}

fn fib_cut(task: &Task<'_>, n: u64) -> u64 {
    if n <= CUTOFF {
        return trees::fib(n);
    }
    let (a, b) = task.join(|task| fib_cut(task, n - 1), |task| fib_cut(task, n - 2));
    a + b
}

/// A task for each placement.
fn queens(task: &Task<'_>, board: Board, row: usize) -> u64 {
    if row == TASK_ROWS {
        return trees::queens(board, row);
    }
    let mut ways = [0; QUEENS.0];
    task.group(|tg| {
        for (c, ways) in ways.iter_mut().enumerate() {
            if safe(&board, row, c) {
                let mut board = board;
                board[row] = c as u8;
                tg.task(move |task| *ways = queens(task, board, row + 1));
            }
        }
    });
    ways.iter().sum()
}

/// The ways with this row's queen in column `from` or later: the first placement, and the rest.
fn queens_from(task: &Task<'_>, board: Board, row: usize, from: usize) -> u64 {
    if row == TASK_ROWS {
        return trees::queens(board, row);
    }
    let Some(c) = (from..QUEENS.0).find(|&c| safe(&board, row, c)) else {
        return 0;
    };
    let mut next = board;
    next[row] = c as u8;
    let (a, b) = task.join(
        |task| queens_from(task, next, row + 1, 0),
        |task| queens_from(task, board, row, c + 1),
    );
    a + b
}

/// A task for each child.
fn tree(task: &Task<'_>, parent: u64, k: u64) -> u64 {
    let node = descend(parent, k);
    if children(node) == 0 {
        return 1;
    }
    let mut counts = [0; CHILDREN as usize];
    task.group(|tg| {
        for (c, count) in counts.iter_mut().enumerate() {
            tg.task(move |task| *count = tree(task, node, c as u64));
        }
    });
    1 + counts.iter().sum::<u64>()
}

fn root(task: &Task<'_>) -> u64 {
    let mut counts = [0; ROOT as usize];
    task.group(|tg| {
        for (k, count) in counts.iter_mut().enumerate() {
            tg.task(move |task| *count = tree(task, TREE.0, k as u64));
        }
    });
    1 + counts.iter().sum::<u64>()
}

/// Halves the children `from..to` until there is one.
fn halves(task: &Task<'_>, parent: u64, from: u64, to: u64) -> u64 {
    if to - from > 1 {
        let middle = from.midpoint(to);
        let (a, b) = task.join(
            |task| halves(task, parent, from, middle),
            |task| halves(task, parent, middle, to),
        );
        return a + b;
    }
    let node = descend(parent, from);
    match children(node) {
        0 => 1,
        n => 1 + halves(task, node, 0, n),
    }
}

pub fn row(name: &str) -> Option<Row> {
    match name {
        "fib30_nocutoff" => op(|| assert_eq!(taskgroup(|tg| fib(tg, black_box(FIB.0))), FIB.1)),
        "fib30_cutoff20" => op(|| assert_eq!(taskgroup(|tg| fib_cut(tg, black_box(FIB.0))), FIB.1)),
        "nqueens13/tasks" => op(|| {
            let ways = taskgroup(|tg| queens(tg, Board::default(), 0));
            assert_eq!(ways, QUEENS.1);
        }),
        "nqueens13/join" => op(|| {
            let ways = taskgroup(|tg| queens_from(tg, Board::default(), 0, 0));
            assert_eq!(ways, QUEENS.1);
        }),
        "uts/tasks" => op(|| assert_eq!(taskgroup(|tg| root(tg)), TREE.1)),
        "uts/join" => op(|| assert_eq!(1 + taskgroup(|tg| halves(tg, TREE.0, 0, ROOT)), TREE.1)),
        _ => None,
    }
}
