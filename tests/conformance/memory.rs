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
fn arrays_are_walked_by_plain_loops() {
    let mut v = NumaVec::from_fn(Static.num_threads(2), 1000, |i| i as u64);
    for x in &mut v {
        *x += 1;
    }
    let mut sum = 0;
    for x in &v {
        sum += x;
    }
    assert_eq!(sum, 500_500);
    let ends: Vec<u64> = v.into_iter().rev().take(2).collect();
    assert_eq!(ends, [1000, 999]);
    assert_eq!(NumaVec::filled(Static, 0, 1).into_iter().next(), None);
    assert_eq!(
        NumaVec::filled(Static, 100_000, ()).into_iter().len(),
        100_000
    );
}

#[test]
fn what_is_not_taken_out_of_an_array_is_dropped_once() {
    use std::sync::Arc;
    let one = Arc::new(());
    for (front, back) in [(0, 0), (3, 0), (0, 4), (20, 30), (100, 0)] {
        let mut all = NumaVec::filled(Static.num_threads(2), 100, one.clone()).into_iter();
        let kept: Vec<_> = all.by_ref().take(front).collect();
        let more: Vec<_> = all.by_ref().rev().take(back).collect();
        assert_eq!((kept.len(), more.len()), (front, back));
        assert_eq!(all.len(), 100 - front - back);
        assert_eq!(Arc::strong_count(&one), 101);
        drop(all);
        assert_eq!(Arc::strong_count(&one), 1 + front + back);
        drop((kept, more));
        assert_eq!(Arc::strong_count(&one), 1);
    }
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
