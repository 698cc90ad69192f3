//! Arrays that threads touch first.

use phalanx::prelude::*;

#[test]
fn arrays_hold_what_was_put_in() {
    for n in [1, 2, 5] {
        for len in [0, 1, 1000, 100_000] {
            let v = NumaVec::from_fn(Static.num_threads(n), len, |i| i as u64);
            assert!(v.iter().enumerate().all(|(i, &x)| x == i as u64));
            assert_eq!((v.len(), v.clone() == v), (len, true));
        }
    }
    let v = NumaVec::filled(Dynamic(3), 100, String::from("x"));
    assert_eq!(v.concat().len(), 100);
    let units = NumaVec::filled(Static, 10_000, ());
    assert_eq!(units.len(), 10_000);
}

#[test]
fn grids_are_rows_of_columns() {
    let g = Grid2::from_fn(Static, 30, 20, |i, j| 100 * i + j);
    assert_eq!(
        (g.shape(), g[29][19], g.clone() == g),
        ((30, 20), 2919, true)
    );
    for (rows, cols) in [(0, 0), (0, 5), (5, 0)] {
        let e = Grid2::filled(rows, cols, 1.0);
        assert_eq!((e.shape(), e.as_slice().len()), ((rows, cols), 0));
    }
    let r = std::panic::catch_unwind(|| Grid2::filled(3, 3, 0)[3][0]);
    let message = *r.unwrap_err().downcast::<String>().unwrap();
    assert_eq!(message, "row 3 of a grid of 3 rows");
}

#[test]
#[should_panic(expected = "too large")]
fn a_grid_beyond_all_memory_is_refused() {
    let _ = Grid2::filled(usize::MAX, 2, 0u8);
}

#[test]
#[should_panic(expected = "too large")]
fn a_grid_without_columns_has_a_shape_all_the_same() {
    Grid3::filled([1 << 40, 1 << 40, 0], 0u8);
}
