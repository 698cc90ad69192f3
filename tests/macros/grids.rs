//! Loops over grids in three dimensions, tiles and cells, against their sequential twins.

use phalanx::prelude::*;

const SHAPE: [usize; 3] = [6, 7, 13];

fn value(i: usize, j: usize, k: usize) -> f64 {
    ((i * 31 + j * 17 + k * 7) % 101) as f64
}

/// The 7-point mean, as plain loops.
fn expected() -> Vec<f64> {
    let a = |i: usize, j: usize, k: usize| value(i, j, k);
    let [planes, rows, cols] = SHAPE;
    let mut b = vec![0.0; planes * rows * cols];
    for i in 1..planes - 1 {
        for j in 1..rows - 1 {
            for k in 1..cols - 1 {
                b[(i * rows + j) * cols + k] = a(i - 1, j, k)
                    + a(i + 1, j, k)
                    + a(i, j - 1, k)
                    + a(i, j + 1, k)
                    + a(i, j, k - 1)
                    + a(i, j, k + 1);
            }
        }
    }
    b
}

macro_rules! stencil {
    ($name:ident: $($clause:tt)*) => {
        #[omp]
        fn $name(a: &Grid3<f64>, b: &mut Grid3<f64>, threads: usize) {
            let [planes, rows, cols] = a.shape();
            #[parallel_for(disjoint(b), num_threads(threads) $($clause)*)]
            for i in 1..planes - 1 {
                for j in 1..rows - 1 {
                    for k in 1..cols - 1 {
                        b[[i, j, k]] = a[[i - 1, j, k]] + a[[i + 1, j, k]] + a[[i, j - 1, k]]
                            + a[[i, j + 1, k]] + a[[i, j, k - 1]] + a[[i, j, k + 1]];
                    }
                }
            }
        }
    };
}
stencil! { planes: }
stencil! { rows: , collapse(2), schedule(dynamic, 3) }
stencil! { cells: , collapse(3), schedule(guided) }

#[test]
fn planes_rows_and_cells_of_a_grid_are_owned() {
    let a = Grid3::from_fn(Static, SHAPE, value);
    for run in [planes, rows, cells] {
        for threads in [1, 2, 3, 8] {
            let mut b = Grid3::filled(SHAPE, 0.0);
            run(&a, &mut b, threads);
            assert_eq!(b.as_slice(), expected());
        }
    }
}

/// The last cell's value, and all cells written, under `collapse(3)`.
#[test]
fn collapse_keeps_lastprivate_and_cells_together() {
    #[omp]
    fn run(b: &mut Grid3<usize>) -> usize {
        let [planes, rows, cols] = b.shape();
        let mut last = 0;
        #[parallel_for(disjoint(b), collapse(3), lastprivate(last), schedule(dynamic))]
        for i in 0..planes {
            for j in 0..rows {
                for k in 0..cols {
                    last = 100 * i + 10 * j + k;
                    b[[i, j, k]] = last;
                }
            }
        }
        last
    }
    let mut b = Grid3::filled([3, 4, 5], 0);
    assert_eq!(run(&mut b), 234);
    assert!((0..60).all(|c| b.as_slice()[c] == 100 * (c / 20) + 10 * (c / 5 % 4) + c % 5));
}

#[test]
fn heads_may_be_tiles_cells_and_rows() {
    #[omp]
    fn run(g: &mut Grid2<usize>, h: &mut Grid3<usize>) -> usize {
        #[parallel_for(schedule(dynamic))]
        for mut tile in g.tiles_mut(3, 4) {
            let ([i0, j0], [rows, cols]) = (tile.origin(), tile.shape());
            for i in 0..rows {
                for j in 0..cols {
                    tile[i][j] = 100 * (i0 + i) + j0 + j;
                }
            }
        }
        #[parallel_for]
        for ((i, j, k), x) in h.cells_mut() {
            *x += 100 * i + 10 * j + k;
        }
        #[parallel_for]
        for row in h.rows_mut() {
            row[0] += 1;
        }
        let mut sum = 0;
        #[parallel_for(reduction(+: sum))]
        for ((i, j), x) in g.cells() {
            assert_eq!(*x, 100 * i + j);
            sum += x;
        }
        let mut count = 0;
        #[parallel_for(reduction(+: count))]
        for (_, tile) in h.tiles([2, 2, 2]).enumerate() {
            count += tile.shape().iter().product::<usize>();
        }
        assert_eq!(count, h.as_slice().len());
        sum
    }
    let mut g = Grid2::filled(10, 11, 0);
    let mut h = Grid3::filled([3, 4, 5], 0);
    let want: usize = (0..10usize)
        .map(|i| (0..11).map(|j| 100 * i + j).sum::<usize>())
        .sum();
    assert_eq!(run(&mut g, &mut h), want);
    assert_eq!((h[[2, 3, 4]], h[[2, 3, 0]]), (234, 231));
}

#[test]
#[should_panic(
    expected = "iteration [1, 2] owns only row [1, 2] of a `disjoint` array, and touched row [1, 0]"
)]
fn another_row_is_refused() {
    #[omp]
    fn run(b: &mut Grid3<usize>, at: &[usize]) {
        #[parallel_for(disjoint(b), collapse(2), num_threads(1))]
        for i in 1..3 {
            for j in 2..4 {
                b[[i, at[j], 0]] = 1;
            }
        }
    }
    run(&mut Grid3::filled([3, 4, 5], 0), &[0; 4]);
}

#[test]
#[should_panic(expected = "tiles of [0, 4] elements")]
fn empty_tiles_are_refused() {
    Grid2::filled(3, 3, 0).tiles_mut(0, 4);
}

#[test]
fn grids_without_elements_have_no_tiles_and_no_cells() {
    for (rows, cols) in [(0, 0), (0, 5), (5, 0)] {
        let mut g = Grid2::filled(rows, cols, 0);
        parallel_for(Static, g.tiles_mut(2, 2), |_| panic!("a tile of nothing"));
        parallel_for(Static, g.cells_mut(), |_| panic!("a cell of nothing"));
    }
    let mut g = Grid3::filled([usize::MAX, 0, 1], 0u8);
    parallel_for(Static, g.tiles_mut([1, 1, 1]), |_| {
        panic!("a tile of nothing")
    });
    parallel_for(Static, g.cells_mut(), |_| panic!("a cell of nothing"));
    assert_eq!(g.shape()[0], usize::MAX);
}
