//! Indices cannot change while a scatter borrows them, nor be used up by it and kept.
use phalanx::prelude::*;

fn main() {
    let mut index = vec![2, 0, 1];
    let mut y = [0; 3];
    let s = Scatter::new(&index, 0, 3).unwrap();
    index[0] = 1;
    parallel_for(Static, y.scatter(&s), |y| *y = 1);

    let mut s = Scatter::from_vec(index, 0, 3).unwrap();
    s.indices()[0] = 1;
    s = Scatter::new(&[1], 0, 3).unwrap();
    parallel_for(Static, y.scatter(&s), |y| *y = 2);
}
