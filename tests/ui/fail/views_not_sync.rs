//! What several threads read must be `Sync`, and what is written on another thread `Send`.
use phalanx::prelude::*;
use std::cell::Cell;
use std::rc::Rc;

fn rows_between_neighbours(g: &mut Grid2<Cell<f64>>) {
    parallel_for(Static, g.red_black(0), |(_, up, me, _)| me[0].set(up[0].get()));
}

fn columns(g: &mut Grid2<Rc<f64>>) {
    parallel_for(Static, g.cols_mut(), |mut col| col[0] = Rc::new(1.0));
}

fn tiles(g: &mut Grid2<Cell<f64>>) {
    wavefront(Static, g, (8, 8), |_, _, _| ());
}

fn main() {}
