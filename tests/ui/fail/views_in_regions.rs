//! The same inside a region.
use phalanx::prelude::*;

fn reads_while_columns_are_written(g: &mut Grid2<f64>) {
    region(Static, g, |cx, mut g| {
        cx.for_each(Static, g.cols_mut(), g.reading(), |mut col, g| col[0] = g[0][1]);
    });
}

fn red_black_while_rows_are_written(g: &mut Grid2<f64>) {
    region(Static, g, |cx, mut g| {
        cx.nowait(|scope| {
            scope.for_each(Static, g.rows_mut(), (), |row, ()| row[0] = 1.0);
            scope.for_each(Static, g.red_black(0), (), |(_, up, me, _), ()| me[0] = up[0]);
        });
    });
}

fn both_colours_without_waiting(g: &mut Grid2<f64>) {
    region(Static, g, |cx, mut g| {
        cx.nowait(|scope| {
            for colour in [0, 1] {
                scope.for_each(Static, g.red_black_cells(colour), (), |_, ()| ());
            }
        });
    });
}

fn every_second_and_all(v: &mut [f64]) {
    region(Static, v, |cx, mut v| {
        cx.for_each(Static, v.strided_mut(0, 2), v.reading(), |x, v| *x = v[1]);
    });
}

fn a_split_row_and_the_grid(g: &mut Grid2<f64>) {
    region(Static, g, |cx, mut g| {
        let (mut row, _others) = g.split_row_mut(1);
        cx.for_each(Static, row.items_mut(), g.reading(), |x, g| *x = g[1][0]);
    });
}

fn a_wavefront_that_reads_its_grid(g: &mut Grid2<f64>) {
    region(Static, g, |cx, mut g| {
        cx.wavefront(Static, &mut g, (4, 4), g.reading(), |mut own, _, _, g| own[0][0] = g[9][9]);
    });
}

fn main() {}
