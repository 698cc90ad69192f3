//! What a loop writes through a view, nobody reads or writes by another name meanwhile.
use phalanx::prelude::*;

fn reads_while_columns_are_written(g: &mut Grid2<f64>) {
    parallel_for(Static, g.cols_mut(), |mut col| col[0] = g[0][1]);
}

fn two_antidiagonals(g: &mut Grid2<f64>) {
    parallel_for(Static, (g.antidiagonal(3), g.antidiagonal(3)), |_| ());
}

fn both_colours(g: &mut Grid2<f64>) {
    let (red, black) = (g.red_black(0), g.red_black(1));
    parallel_for(Static, (red, black), |_| ());
}

fn the_row_above_is_only_read(g: &mut Grid2<f64>) {
    parallel_for(Static, g.red_black(0), |(_, up, me, _)| up[0] = me[0]);
}

fn the_other_rows_are_only_read(g: &mut Grid2<f64>) {
    let (row, others) = g.split_row_mut(1);
    others[0][0] = row[0];
}

fn the_grid_while_a_row_is_split_off(g: &mut Grid2<f64>) {
    let (row, _) = g.split_row_mut(1);
    parallel_for(Static, enumerate(row), |(j, x)| *x = g[1][j]);
}

fn other_antidiagonals_are_only_read(g: &mut Grid2<f64>) {
    parallel_for(Static, g.antidiagonal(2), |(_, me, others)| others[[0, 0]] = *me);
}

fn tiles_before_are_only_read(g: &mut Grid2<f64>) {
    wavefront(Static, g, (8, 8), |own, up, _| up[0][0] = own[0][0]);
}

fn halves_and_the_whole(g: &mut Grid2<f64>) {
    let (top, mut bottom) = g.split_rows_mut(5);
    parallel_for(Static, bottom.rows_mut(), |row| row[0] = top[0][0] + g[9][0]);
}

fn main() {}
