//! Views of one loop cannot be kept for the next, in which others write what they show.
use phalanx::prelude::*;
use phalanx::{ColumnMut, OffDiagonal, Tile};
use std::sync::Mutex;

fn a_column(g: &mut Grid2<f64>) {
    region(Static, g, |cx, mut g| {
        let mut kept: Vec<ColumnMut<'_, f64>> = vec![];
        cx.for_each(Static, g.cols_mut(), (), |col, ()| kept.push(col));
    });
}

fn a_neighbour(g: &mut Grid2<f64>) {
    region(Static, g, |cx, mut g| {
        let mut kept: &[f64] = &[];
        cx.for_each(Static, g.red_black(1), (), |(_, up, _, _), ()| kept = up);
    });
}

fn other_antidiagonals(g: &mut Grid2<f64>) {
    region(Static, g, |cx, mut g| {
        let mut kept: Vec<OffDiagonal<'_, f64>> = vec![];
        for d in 0..g.antidiagonals() {
            cx.for_each(Static, g.antidiagonal(d), (), |(_, _, others), ()| kept.push(others));
        }
    });
}

fn a_tile_of_a_wavefront(g: &mut Grid2<f64>) {
    let kept: Mutex<Vec<Tile<'_, f64, 2>>> = Mutex::new(vec![]);
    wavefront(Static, g, (8, 8), |_, up, _| kept.lock().unwrap().push(up));
}

fn a_column_past_its_loop(g: &mut Grid2<f64>) {
    let kept = Mutex::new(vec![]);
    parallel_for(Static, g.cols_mut(), |col| kept.lock().unwrap().push(col));
    parallel_for(Static, g.rows_mut(), |row| row[0] = 1.0);
    kept.lock().unwrap()[0][0] = 2.0;
}

fn main() {}
