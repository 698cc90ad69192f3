//! How alike two texts are: the score of their best local alignment, tile by tile on a wavefront, checked
//! against one thread.    cargo run --release --example wavefront [-- LENGTH]

#![forbid(unsafe_code)]

use phalanx::prelude::*;
use phalanx::{Tile, TileMut};
use std::time::Instant;

const EQUAL: i32 = 3;
const DIFFERENT: i32 = -2;
const GAP: i32 = -2;

/// A text of four letters, the same for the same seed.
fn text(seed: u32, len: usize) -> Vec<u8> {
    let mut state = seed;
    let mut letter = || {
        // A linear congruential generator (Numerical Recipes).
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        b"ACGT"[(state >> 30) as usize]
    };
    (0..len).map(|_| letter()).collect()
}

/// The score of an alignment that ends in these two letters.
#[inline(always)]
fn score(equal: bool, corner: i32, up: i32, left: i32) -> i32 {
    let both = corner + if equal { EQUAL } else { DIFFERENT };
    both.max(up + GAP).max(left + GAP).max(0)
}

/// One tile, from the row above it and the column to its left.
fn tile(
    a: &[u8],
    b: &[u8],
    own: &mut TileMut<'_, i32, 2>,
    up: Tile<'_, i32, 2>,
    left: Tile<'_, i32, 2>,
) {
    let ([i0, j0], [rows, cols]) = (own.origin(), own.shape());
    // What lies outside the grid counts 0.
    let mut above = vec![0; cols + 1];
    if i0 > 0 {
        above[1..].copy_from_slice(&up[i0 - 1][j0..]);
        above[0] = if j0 > 0 { up[i0 - 1][j0 - 1] } else { 0 };
    }
    for i in 0..rows {
        let (a, row) = (a[i0 + i], &mut own[i]);
        let (mut corner, mut before) = (above[0], if j0 > 0 { left[i][j0 - 1] } else { 0 });
        above[0] = before;
        for (j, cell) in row.iter_mut().enumerate() {
            let up = above[j + 1];
            before = score(a == b[j0 + j], corner, up, before);
            *cell = before;
            corner = up;
            above[j + 1] = before;
        }
    }
}

/// The same without tiles and threads.
fn sequential(a: &[u8], b: &[u8]) -> i32 {
    let mut above = vec![0; b.len() + 1];
    let mut best = 0;
    for a in a {
        let (mut corner, mut before) = (0, 0);
        for (b, up) in b.iter().zip(&mut above[1..]) {
            before = score(a == b, corner, *up, before);
            corner = std::mem::replace(up, before);
            best = best.max(before);
        }
    }
    best
}

fn main() {
    let len = std::env::args().nth(1).map_or(Ok(3000), |n| n.parse());
    let len: usize = match len {
        Ok(len) => len,
        Err(e) => {
            eprintln!("LENGTH is a number of letters: {e}");
            std::process::exit(2);
        }
    };
    let (a, b) = (text(1, len), text(2, len + len / 3));
    let mut scores = Grid2::filled(a.len(), b.len(), 0);
    let start = Instant::now();
    wavefront(Dynamic(1), &mut scores, (128, 512), |mut own, up, left| {
        tile(&a, &b, &mut own, up, left)
    });
    let best = parallel_reduce(Static, scores.rows(), ops::Max, 0, |best, row| {
        *best = row.iter().copied().fold(*best, i32::max);
    });
    let time = start.elapsed();
    let start = Instant::now();
    let alone = sequential(&a, &b);
    println!("{} x {} letters: score {best}", a.len(), b.len());
    println!(
        "{} threads {time:.1?}, one thread {:.1?}",
        phalanx::max_threads(),
        start.elapsed()
    );
    assert_eq!(best, alone, "one thread finds another score");
}
