//! The LU factors of a sparse matrix of blocks, most of which are not there: blocks appear where the elimination fills
//! them in. A task waits for just the blocks that it names.
//!
//! `cargo run --release --example sparse_lu -- --blocks 40 --size 32`

#![forbid(unsafe_code)]

mod common;

use common::{Arguments, Random, compare, start_team};
use phalanx::prelude::*;
use std::time::Instant;

const HELP: &str = "\
A = L U by tasks over the blocks of a sparse matrix, and once more by one thread, compared.

    cargo run --release --example sparse_lu -- [OPTIONS]

    --blocks N      along each side of the matrix (default: 40)
    --size B        rows and columns of a block (default: 32)
    --filled P      the chance of a block to be there, beside the diagonal and its neighbours (default: 0.05)";

/// A block that is not there is all 0.
type Block = Option<Box<[f64]>>;

#[derive(Clone, PartialEq)]
struct Matrix {
    blocks: usize,
    size: usize,
    cells: Vec<Block>,
}

impl Matrix {
    /// Each diagonal element is larger than all others of its row and column, so no pivoting is needed.
    fn random(blocks: usize, size: usize, filled: f64) -> Matrix {
        let mut random = Random(7);
        let block = |at: usize| {
            let (i, j) = (at / blocks, at % blocks);
            let there = i.abs_diff(j) <= 1 || random.unit() < filled;
            there.then(|| {
                let mut block: Box<[f64]> = (0..size * size).map(|_| random.unit() - 0.5).collect();
                if i == j {
                    let diagonal = block.iter_mut().step_by(size + 1);
                    diagonal.for_each(|x| *x += (blocks * size) as f64);
                }
                block
            })
        };
        let cells = (0..blocks * blocks).map(block).collect();
        Matrix {
            blocks,
            size,
            cells,
        }
    }

    fn count(&self) -> usize {
        self.cells.iter().flatten().count()
    }

    /// The largest difference between `L U` and `A`, divided by the largest element of `A`.
    fn error(&self, a: &Matrix) -> f64 {
        let (n, size) = (self.blocks, self.size);
        let largest = |block: &[f64]| block.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
        let differences = parallel_map(Dynamic(1), 0..n * n, |at| {
            let (i, j) = (at / n, at % n);
            let mut rest = a.cells[at].clone().unwrap_or_else(|| zeros(size));
            for k in 0..=i.min(j) {
                if let (Some(l), Some(u)) = (&self.cells[i * n + k], &self.cells[k * n + j]) {
                    let l = if k == i { lower(l, size) } else { l.clone() };
                    let u = if k == j { upper(u, size) } else { u.clone() };
                    update(&l, &u, &mut rest, size);
                }
            }
            largest(&rest)
        });
        largest(&differences)
            / a.cells
                .iter()
                .flatten()
                .map(|b| largest(b))
                .fold(0.0, f64::max)
    }
}

fn zeros(size: usize) -> Box<[f64]> {
    vec![0.0; size * size].into()
}

/// The lower triangle of a factored block, with ones on the diagonal.
fn lower(block: &[f64], size: usize) -> Box<[f64]> {
    let at = |(k, x): (usize, &f64)| match (k / size).cmp(&(k % size)) {
        std::cmp::Ordering::Greater => *x,
        std::cmp::Ordering::Equal => 1.0,
        std::cmp::Ordering::Less => 0.0,
    };
    block.iter().enumerate().map(at).collect()
}

/// The upper triangle of a factored block.
fn upper(block: &[f64], size: usize) -> Box<[f64]> {
    let at = |(k, x): (usize, &f64)| if k / size <= k % size { *x } else { 0.0 };
    block.iter().enumerate().map(at).collect()
}

/// `to -= by * from`, for rows of numbers.
#[inline]
fn subtract(to: &mut [f64], by: f64, from: &[f64]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to -= by * from;
    }
}

/// A block on the diagonal becomes its factors, `L` below the diagonal.
fn factor(a: &mut [f64], size: usize) {
    for k in 0..size {
        let (row, below) = a[k * size..].split_at_mut(size);
        for to in below.chunks_exact_mut(size) {
            to[k] /= row[k];
            let by = to[k];
            subtract(&mut to[k + 1..], by, &row[k + 1..]);
        }
    }
}

/// A block to the right of a factored one, `lu`.
fn right_of(lu: &[f64], a: &mut [f64], size: usize) {
    for k in 0..size {
        let (row, below) = a[k * size..].split_at_mut(size);
        for (i, to) in (k + 1..).zip(below.chunks_exact_mut(size)) {
            subtract(to, lu[i * size + k], row);
        }
    }
}

/// A block below a factored one, `lu`.
fn below(lu: &[f64], a: &mut [f64], size: usize) {
    for row in a.chunks_exact_mut(size) {
        for (k, u) in lu.chunks_exact(size).enumerate() {
            row[k] /= u[k];
            let by = row[k];
            subtract(&mut row[k + 1..], by, &u[k + 1..]);
        }
    }
}

/// `c -= a b`
fn update(a: &[f64], b: &[f64], c: &mut [f64], size: usize) {
    for (a, c) in a.chunks_exact(size).zip(c.chunks_exact_mut(size)) {
        for (a, b) in a.iter().zip(b.chunks_exact(size)) {
            subtract(c, *a, b);
        }
    }
}

fn sequential(m: &mut Matrix) {
    let (n, size) = (m.blocks, m.size);
    for k in 0..n {
        let (done, rest) = m.cells.split_at_mut((k + 1) * n);
        let row = &mut done[k * n..];
        let (left, right) = row.split_at_mut(k + 1);
        let Some(diagonal) = &mut left[k] else {
            continue;
        };
        factor(diagonal, size);
        for a in right.iter_mut().flatten() {
            right_of(diagonal, a, size);
        }
        for row in rest.chunks_exact_mut(n) {
            let (left, under) = row.split_at_mut(k + 1);
            let Some(a) = &mut left[k] else { continue };
            below(diagonal, a, size);
            for (b, c) in right.iter().zip(under) {
                if let Some(b) = b {
                    update(a, b, c.get_or_insert_with(|| zeros(size)), size);
                }
            }
        }
    }
}

/// A task waits for those before it that write what it reads, and no others. Which blocks there will be is known before any
/// number is: the submitter keeps count of them.
fn by_dependences(m: &mut Matrix) {
    let (n, size) = (m.blocks, m.size);
    let mut there: Vec<bool> = m.cells.iter().map(Option::is_some).collect();
    taskgroup(|tg| {
        let blocks = tg.deps(&mut m.cells);
        let at = |i: usize, j: usize| blocks[i * n + j];
        for k in 0..n {
            tg.task_depend(at(k, k).inout(), move |_, a| {
                a.iter_mut().for_each(|a| factor(a, size));
            });
            for j in (k + 1..n).filter(|j| there[k * n + j]) {
                let accesses = (at(k, k).input(), at(k, j).inout());
                tg.task_depend(accesses, move |_, (lu, a)| on_both(lu, a, size, right_of));
            }
            for i in (k + 1..n).filter(|i| there[i * n + k]) {
                let accesses = (at(k, k).input(), at(i, k).inout());
                tg.task_depend(accesses, move |_, (lu, a)| on_both(lu, a, size, below));
            }
            for i in k + 1..n {
                for j in k + 1..n {
                    if !there[i * n + k] || !there[k * n + j] {
                        continue;
                    }
                    there[i * n + j] = true;
                    let accesses = (at(i, k).input(), at(k, j).input(), at(i, j).inout());
                    tg.task_depend(accesses, move |_, (a, b, c)| {
                        if let (Some(a), Some(b)) = (a, b) {
                            update(a, b, c.get_or_insert_with(|| zeros(size)), size);
                        }
                    });
                }
            }
        }
    });
}

/// `f` on two blocks, if both are there.
fn on_both(lu: &Block, a: &mut Block, size: usize, f: fn(&[f64], &mut [f64], usize)) {
    if let (Some(lu), Some(a)) = (lu, a) {
        f(lu, a, size);
    }
}

fn main() {
    let mut arguments = Arguments::new(HELP);
    let blocks = arguments.number("--blocks", 1..=400).unwrap_or(40);
    let size = arguments.number("--size", 1..=200).unwrap_or(32);
    let filled = arguments.number("--filled", 0.0..=1.0).unwrap_or(0.05);
    arguments.end();
    let matrix = Matrix::random(blocks, size, filled);

    let mut expected = matrix.clone();
    let start = Instant::now();
    sequential(&mut expected);
    let alone = start.elapsed();
    let (before, after) = (matrix.count(), expected.count());
    println!("{before} blocks of {size} x {size}, {after} after the elimination");

    start_team();
    let mut result = matrix.clone();
    let start = Instant::now();
    by_dependences(&mut result);
    compare(alone, start.elapsed());
    assert!(result == expected, "one thread finds other factors");
    let error = expected.error(&matrix);
    println!("verified: identical to one thread's; L U = A up to {error:.1e}");
    assert!(error < 1e-13, "that is too much");
}
