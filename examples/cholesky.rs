//! Cholesky's factor of a dense symmetric matrix, by tiles: a task waits for just the tiles that it names.
//!
//! `cargo run --release --example cholesky -- 24 64`

#![forbid(unsafe_code)]

mod common;

use common::{Arguments, Random, compare, refuse, start_team};
use phalanx::prelude::*;
use std::time::Instant;

const HELP: &str = "\
A = U' U by tasks over the tiles of a symmetric positive definite matrix, and once more by one thread, compared.

    cargo run --release --example cholesky -- [TILES] [SIZE]

    TILES           along each side of the matrix (default: 16)
    SIZE            rows and columns of a tile (default: 64)";

/// A symmetric matrix of `tiles` times `tiles` tiles, each of `size` times `size` numbers, row after row. What lies below
/// the diagonal is not looked at.
#[derive(Clone, PartialEq)]
struct Matrix {
    tiles: usize,
    size: usize,
    cells: Vec<f64>,
}

impl Matrix {
    /// Each diagonal element is larger than the others of its row together, so the matrix is positive definite.
    fn random(tiles: usize, size: usize) -> Matrix {
        let (mut random, n) = (Random(4), tiles * size);
        let mut cells = vec![0.0; n * n];
        cells.fill_with(|| random.unit() - 0.5);
        for i in 0..n {
            let (tile, within) = (i / size, i % size);
            cells[(tile * tiles + tile) * size * size + within * size + within] += n as f64;
        }
        Matrix { tiles, size, cells }
    }

    fn at(&self, i: usize, j: usize) -> f64 {
        let s = self.size;
        self.cells[(i / s * self.tiles + j / s) * s * s + i % s * s + j % s]
    }

    /// The largest difference between `U' U` and `A`, divided by the largest element of `A`.
    fn error(&self, a: &Matrix) -> f64 {
        let n = self.tiles * self.size;
        let rows = parallel_map(Dynamic(8), 0..n, |i| {
            let product = |j| (0..=i).map(|k| self.at(k, i) * self.at(k, j)).sum::<f64>();
            (i..n)
                .map(|j| (product(j) - a.at(i, j)).abs())
                .fold(0.0, f64::max)
        });
        rows.iter().fold(0.0, |m, x| x.max(m)) / a.cells.iter().fold(0.0, |m, x| x.abs().max(m))
    }
}

/// `to -= by * from`, for rows of numbers.
#[inline]
fn subtract(to: &mut [f64], by: f64, from: &[f64]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to -= by * from;
    }
}

/// A tile on the diagonal becomes its factor.
fn factor(a: &mut [f64], size: usize) {
    for k in 0..size {
        let (row, below) = a[k * size..].split_at_mut(size);
        assert!(row[k] > 0.0, "the matrix is not positive definite");
        let root = row[k].sqrt();
        row[k..].iter_mut().for_each(|x| *x /= root);
        for (i, to) in (k + 1..).zip(below.chunks_exact_mut(size)) {
            subtract(&mut to[i..], row[i], &row[i..]);
        }
    }
}

/// A tile to the right of the factor `u`.
fn solve(u: &[f64], a: &mut [f64], size: usize) {
    for k in 0..size {
        let (row, below) = a[k * size..].split_at_mut(size);
        row.iter_mut().for_each(|x| *x /= u[k * size + k]);
        for (i, to) in (k + 1..).zip(below.chunks_exact_mut(size)) {
            subtract(to, u[k * size + i], row);
        }
    }
}

/// A tile `c`, from the tiles of a row above it: `a` above the diagonal of `c`'s row, `b` above `c`.
fn update(a: &[f64], b: &[f64], c: &mut [f64], size: usize) {
    for (a, b) in a.chunks_exact(size).zip(b.chunks_exact(size)) {
        for (a, c) in a.iter().zip(c.chunks_exact_mut(size)) {
            subtract(c, *a, b);
        }
    }
}

fn sequential(m: &mut Matrix) {
    let (n, size) = (m.tiles, m.size);
    let mut tiles: Vec<&mut [f64]> = m.cells.chunks_exact_mut(size * size).collect();
    for k in 0..n {
        factor(tiles[k * n + k], size);
        for j in k + 1..n {
            let [u, a] = tiles
                .get_disjoint_mut([k * n + k, k * n + j])
                .expect("two tiles");
            solve(u, a, size);
        }
        for i in k + 1..n {
            for j in i..n {
                let (above, below) = tiles.split_at_mut(i * n);
                update(above[k * n + i], above[k * n + j], below[j], size);
            }
        }
    }
}

/// In steps: a group for the tiles beside the diagonal, then one for those below.
fn by_steps(m: &mut Matrix) {
    let (n, size) = (m.tiles, m.size);
    let mut tiles: Vec<&mut [f64]> = m.cells.chunks_exact_mut(size * size).collect();
    taskgroup(|tg| {
        for k in 0..n {
            let (done, below) = tiles.split_at_mut((k + 1) * n);
            let (left, right) = done[k * n..].split_at_mut(k + 1);
            factor(left[k], size);
            let u = &*left[k];
            tg.group(|tg| {
                for a in right.iter_mut() {
                    tg.task(move |_| solve(u, a, size));
                }
            });
            let right = &*right;
            tg.group(|tg| {
                for (i, row) in below.chunks_exact_mut(n).enumerate() {
                    for (j, c) in row[k + 1..].iter_mut().enumerate().skip(i) {
                        tg.task(move |_| update(right[i], right[j], c, size));
                    }
                }
            });
        }
    });
}

/// A task waits for those before it that write what it reads, and no others: the next step begins while this one ends.
fn by_dependences(m: &mut Matrix) {
    let (n, size) = (m.tiles, m.size);
    taskgroup(|tg| {
        let tiles = tg.deps(m.cells.chunks_exact_mut(size * size));
        let at = |i: usize, j: usize| tiles[i * n + j];
        for k in 0..n {
            tg.task_depend(at(k, k).inout(), move |_, a| factor(a, size));
            for j in k + 1..n {
                let accesses = (at(k, k).input(), at(k, j).inout());
                tg.task_depend(accesses, move |_, (u, a)| solve(u, a, size));
            }
            for i in k + 1..n {
                for j in i..n {
                    let accesses = (at(k, i).input(), at(k, j).input(), at(i, j).inout());
                    tg.task_depend(accesses, move |_, (a, b, c)| update(a, b, c, size));
                }
            }
        }
    });
}

type Way = fn(&mut Matrix);

fn main() {
    let mut arguments = Arguments::new(HELP);
    let tiles = arguments.next_number("TILES", 1..=1000).unwrap_or(16);
    let size = arguments.next_number("SIZE", 1..=1000).unwrap_or(64);
    arguments.end();
    if tiles * size > 20_000 {
        refuse(format!("{tiles} tiles of {size}: more than 20000 rows"));
    }
    let matrix = Matrix::random(tiles, size);

    let mut expected = matrix.clone();
    let start = Instant::now();
    sequential(&mut expected);
    let alone = start.elapsed();

    start_team();
    let ways: [(&str, Way); 2] = [
        ("a group a step", by_steps),
        ("dependences", by_dependences),
    ];
    for (name, way) in ways {
        let mut result = matrix.clone();
        let start = Instant::now();
        way(&mut result);
        let together = start.elapsed();
        print!("{name}: ");
        compare(alone, together);
        assert!(result == expected, "one thread finds another factor");
    }
    let error = expected.error(&matrix);
    println!("verified: identical to one thread's; U' U = A up to {error:.1e}");
    assert!(error < 1e-13, "that is too much");
}
